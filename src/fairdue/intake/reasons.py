"""Why a row is left out: one class per reason. The row goes, with all its reasons, to the file of rejected rows."""

from __future__ import annotations

from fairdue.core.errors import Fault, Lang


class RowFault(Fault):
    """Fields `row` and `field` say where; `value` what stands there, unless it is personal."""

    def what(self, lang: Lang) -> str:
        """Where, then what."""
        row, field = self.fields.get("row"), str(self.fields.get("field") or "")
        if lang == "zh":
            where = f"第 {row} 行" + (f"“{field.replace(', ', '”“')}”列" if field else "") + "："
        else:
            where = f"Row {row}" + (f", column{'s' * (', ' in field)} {field}" if field else "") + ": "
        return where + super().what(lang)


class FieldCount(RowFault):
    """More or fewer fields than columns: which is which cannot be known."""

    code = "row.field-count"
    en, en_remedy = (
        "there are {found} fields, the header has {expected}.",
        "Look for a missing or an unquoted separator.",
    )
    zh, zh_remedy = "有 {found} 个字段，而表头有 {expected} 列。", "请检查是否缺少分隔符，或含分隔符的字段未加引号。"


class Blank(RowFault):
    """A needed cell is empty."""

    code = "row.blank"
    en, en_remedy = "the cell is empty.", "Fill it in."
    zh, zh_remedy = "单元格为空。", "请填写。"


class NotWhole(RowFault):
    """Not a whole number."""

    code = "row.not-a-whole-number"
    en, en_remedy = "“{value}” is not a whole number.", "Write digits only."
    zh, zh_remedy = "“{value}”不是整数。", "请只填写数字。"


class NotAmount(RowFault):
    """Not an amount of money."""

    code = "row.not-an-amount"
    en, en_remedy = "“{value}” is not an amount.", "Write it like 1234.56 or 1,234.56."
    zh, zh_remedy = "“{value}”不是金额。", "请按 1234.56 或 1,234.56 的格式填写。"


class TooFine(RowFault):
    """More decimals than the currency has; rounding is not ours to do."""

    code = "row.too-many-decimals"
    en, en_remedy = "“{value}” has more than {exponent} decimals.", "Send the exact amount; it is not rounded here."
    zh, zh_remedy = "“{value}”的小数超过 {exponent} 位。", "请提供准确金额，系统不作四舍五入。"


class TooLarge(RowFault):
    """Does not fit 64 bits."""

    code = "row.too-large"
    en, en_remedy = "“{value}” is larger than can be stored.", "Check the number of digits."
    zh, zh_remedy = "“{value}”超出可存储的范围。", "请核对位数。"


class OutOfRange(RowFault):
    """A number that this column cannot have."""

    code = "row.out-of-range"
    en, en_remedy = "“{value}” must be between {low} and {high}.", "Correct the number."
    zh, zh_remedy = "“{value}”应介于 {low} 与 {high} 之间。", "请更正。"


class Negative(RowFault):
    """Below zero where that has no meaning."""

    code = "row.negative"
    en, en_remedy = "“{value}” must not be below zero.", "Correct the number or its sign."
    zh, zh_remedy = "“{value}”不得为负数。", "请更正数值或正负号。"


class NotPositive(RowFault):
    """Zero or below where only more makes sense."""

    code = "row.not-positive"
    en, en_remedy = "“{value}” must be more than zero.", "Correct the number, or leave the row out."
    zh, zh_remedy = "“{value}”应大于零。", "请更正数值，或删除该行。"


class NotDate(RowFault):
    """Not a date, or a day that does not exist."""

    code = "row.not-a-date"
    en, en_remedy = "“{value}” is not a date.", "Write it like {formats}."
    zh, zh_remedy = "“{value}”不是有效日期。", "请按 {formats} 的格式填写。"


class SerialDate(RowFault):
    """The number a spreadsheet keeps for a date; two systems of counting exist, so it is not guessed."""

    code = "row.serial-date"
    en = "“{value}” is the number a spreadsheet keeps for a date."
    en_remedy = "Format the column as a date (such as 2026-03-01) and save again."
    zh = "“{value}”是电子表格内部的日期序号。"
    zh_remedy = "请将该列设为日期格式（如 2026-03-01）后重新保存。"


class Future(RowFault):
    """A day after the date of the book."""

    code = "row.future"
    en, en_remedy = (
        "{value} lies after {as_of}, the date of this file.",
        "Correct the date, or the date the file is of.",
    )
    zh, zh_remedy = "{value} 晚于账面日期 {as_of}。", "请更正该日期，或核对账面日期。"


class OtherDay(RowFault):
    """The row is of another day than the file."""

    code = "row.other-day"
    en, en_remedy = (
        "the figures are of {value}, this file is loaded as of {as_of}.",
        "Load each day's figures as a file of its own.",
    )
    zh, zh_remedy = "该行账面日期为 {value}，而本次导入的账面日期为 {as_of}。", "请将不同日期的数据分别成册导入。"


class NotListed(RowFault):
    """A word that is not in the closed list of the column."""

    code = "row.not-listed"
    en, en_remedy = "“{value}” is not known here.", "Use one of {known}, or add the word to the mapping."
    zh, zh_remedy = "无法识别“{value}”。", "请使用 {known} 之一，或在映射中补充对应关系。"


class NotCurrency(RowFault):
    """Not an ISO 4217 code."""

    code = "row.not-a-currency"
    en, en_remedy = "“{value}” is not a currency.", "Use the code of ISO 4217, such as CNY."
    zh, zh_remedy = "“{value}”不是有效币种。", "请使用 ISO 4217 代码，如 CNY。"


class NotYesNo(RowFault):
    """Neither yes nor no."""

    code = "row.not-yes-no"
    en, en_remedy = "“{value}” is neither yes nor no.", "Write 1 or 0, yes or no; leave it empty if it is not known."
    zh, zh_remedy = "“{value}”无法判断是或否。", "请填写“是”或“否”；不清楚时留空。"


class NotRate(RowFault):
    """Not a rate, or one finer than parts per million."""

    code = "row.not-a-rate"
    en, en_remedy = "“{value}” is not a rate ({unit}).", "Give it exactly, with no more than parts per million."
    zh, zh_remedy = "“{value}”不是有效利率（{unit}）。", "请准确填写，精度不超过百万分之一。"


class NotPhone(RowFault):
    """Not a phone number that could be dialled."""

    code = "row.not-a-phone"
    en = "the phone number is not well formed."
    en_remedy = (
        "Write 11 digits, an area code with the number, or +country code and number; leave it empty if it is not known."
    )
    zh = "电话号码格式有误。"
    zh_remedy = "请填写 11 位手机号、带区号的固话，或“+国家代码+号码”；没有则留空。"


class NotResidentId(RowFault):
    """The identity number contradicts itself."""

    code = "row.not-an-id-number"
    en = "the resident identity number is wrong: its length, date of birth or check digit does not fit."
    en_remedy = "Compare it with the document; leave it empty if it is not known."
    zh = "身份证号码有误：位数、出生日期或校验码不符。"
    zh_remedy = "请与证件核对；没有则留空。"


class NotZone(RowFault):
    """Not a time zone."""

    code = "row.not-a-zone"
    en, en_remedy = (
        "“{value}” is not a time zone.",
        "Use an IANA name such as Asia/Shanghai; leave it empty if it is not known.",
    )
    zh, zh_remedy = "“{value}”不是有效时区。", "请使用 IANA 名称，如 Asia/Shanghai；不清楚时留空。"


class NotLanguage(RowFault):
    """Not a language tag."""

    code = "row.not-a-language"
    en, en_remedy = "“{value}” is not a language.", "Use a tag such as zh or en-GB."
    zh, zh_remedy = "“{value}”不是语言代码。", "请使用 zh、en-GB 等代码。"


class NotOrder(RowFault):
    """Not an order of allocation."""

    code = "row.not-an-order"
    en = "“{value}” is not an order of allocation."
    en_remedy = "Name one of {known}, or list the five components with commas."
    zh = "“{value}”不是有效的冲还顺序。"
    zh_remedy = "请填写 {known} 之一，或以英文逗号列出五项。"


class TooLong(RowFault):
    """More characters than are kept; cutting would make two things one."""

    code = "row.too-long"
    en, en_remedy = "the text has {found} characters; {limit} are kept.", "Shorten it."
    zh, zh_remedy = "内容共 {found} 个字符，最多可保留 {limit} 个。", "请缩短。"


class DoesNotAddUp(RowFault):
    """The parts are not the whole."""

    code = "row.does-not-add-up"
    en = "principal, interest, penalty interest, fees and costs add up to {sum}, the balance is {balance}."
    en_remedy = "Correct the parts or the balance; send the balance alone if the split is not known."
    zh = "本金、利息、罚息与各项费用合计为 {sum}，与欠款总额 {balance} 不符。"
    zh_remedy = "请更正分项或总额；如无法分列，可只提供总额。"


class SinceWhen(RowFault):
    """Late, but nobody says since when."""

    code = "row.since-when"
    en, en_remedy = "{value} payments are missed, but no unpaid due date is given.", "Add the oldest unpaid due date."
    zh, zh_remedy = "逾期 {value} 期，但没有最早未还应还日。", "请补充最早未还应还日。"


class Twice(RowFault):
    """The same key twice in one file."""

    code = "row.twice"
    en, en_remedy = "row {first} has the same.", "Keep the right one of the two rows."
    zh, zh_remedy = "与第 {first} 行重复。", "请只保留正确的一行。"


class NoSource(RowFault):
    """A number nobody can say the origin of (CN-PARTY-08, PIPL art. 13)."""

    code = "row.no-source"
    en = "a phone number stands here without a lawful source."
    en_remedy = "Say where it came from, such as CONTRACT or RESERVED, or delete the number."
    zh = "电话号码未注明合法来源。"
    zh_remedy = "请注明来源（如合同、预留信息），或删除该号码。"


class CellError(RowFault):
    """A formula that failed: the spreadsheet shows an error where a value should stand."""

    code = "row.cell-error"
    en, en_remedy = "the spreadsheet shows the error {value}.", "Correct the formula, or replace it by its value."
    zh, zh_remedy = "单元格为公式错误 {value}。", "请修正公式，或改填数值。"


class NotMoment(RowFault):
    """Not a date with a time of day."""

    code = "row.not-a-moment"
    en, en_remedy = "“{value}” is not a date with a time of day.", "Write it like {formats}."
    zh, zh_remedy = "“{value}”不是完整的日期和时间。", "请按以下格式填写：{formats}。"


class NoSuchHour(RowFault):
    """The clock skipped this hour."""

    code = "row.no-such-hour"
    en = "“{value}” never was: the clock of {clock} was set forward over it."
    en_remedy = "Find out by which clock the log is written, or give the time with its offset from UTC."
    zh = "“{value}”并不存在：{clock} 的时钟在该时刻拨快，跳过了这一段。"
    zh_remedy = "请核实日志所用的时区，或写明与 UTC 的时差。"


class NotClock(RowFault):
    """Not a time of day."""

    code = "row.not-a-time-of-day"
    en, en_remedy = "“{value}” is not a time of day.", "Write it like 08:30."
    zh, zh_remedy = "“{value}”不是时刻。", "请按 08:30 的格式填写。"


class NotDuration(RowFault):
    """Not a length of time."""

    code = "row.not-a-duration"
    en, en_remedy = (
        "“{value}” is not a length of time.",
        "Write seconds, or hours, minutes and seconds such as 00:01:15.",
    )
    zh, zh_remedy = "“{value}”不是时长。", "请填写秒数，或 00:01:15 格式的时长。"


class TalkedUnanswered(RowFault):
    """A talk on a call that nobody answered."""

    code = "row.talked-unanswered"
    en = "the call was not answered and yet was a talk."
    en_remedy = "Correct one of the two; leave empty what is not known."
    zh = "标为未接通，却又标为有效通话。"
    zh_remedy = "请更正其中一项；不清楚的留空。"
