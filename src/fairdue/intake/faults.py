"""What can be wrong with a file, a mapping or a row, each with its sentence and its remedy in both languages."""

from __future__ import annotations

from collections.abc import Sequence

from fairdue.core.errors import Fault, Lang


class FileFault(Fault):
    """The file as a whole cannot be loaded; nothing of it is."""


class Several(FileFault):
    """More than one thing is wrong with one file; all are said at once."""

    code = "intake.several"

    def __init__(self, faults: Sequence[Fault]) -> None:
        """Take the faults in the order in which they are to be said."""
        self.faults = tuple(faults)
        super().__init__(faults=[fault.as_dict() for fault in self.faults])

    def what(self, lang: Lang) -> str:
        """Every sentence on its own line."""
        return "\n".join(fault.sentence(lang) for fault in self.faults)


def raise_all(faults: Sequence[Fault]) -> None:
    """Raise what was collected: the one fault itself, or `Several`; nothing when there is none."""
    if len(faults) == 1:
        raise faults[0]
    if faults:
        raise Several(faults)


class NoFile(FileFault):
    """Nothing can be read at the path."""

    code = "intake.no-file"
    en, en_remedy = "There is no file {path}.", "Check the path."
    zh, zh_remedy = "找不到文件 {path}。", "请核对路径。"


class UnknownKind(FileFault):
    """The name of the file does not say a kind that can be read."""

    code = "intake.unknown-extension"
    en = "{file} is not a kind of file that can be read: its name ends with {extension}."
    en_remedy = "Send CSV (.csv, .tsv, .txt, also compressed as .gz), Excel (.xlsx) or Parquet (.parquet)."
    zh = "无法识别文件 {file}：扩展名为 {extension}。"
    zh_remedy = "请提供 CSV（.csv、.tsv、.txt，可为 .gz 压缩）、Excel（.xlsx）或 Parquet（.parquet）文件。"


class Empty(FileFault):
    """There is nothing in the file."""

    code = "intake.empty"
    en, en_remedy = "{file} is empty.", "Ask the sender for the file again."
    zh, zh_remedy = "文件 {file} 为空。", "请联系发送方重新提供。"


class NoRows(FileFault):
    """There is a header and nothing below it."""

    code = "intake.no-rows"
    en, en_remedy = "{file} has a header and no rows below it.", "Check the export; an empty book is not loaded."
    zh, zh_remedy = "文件 {file} 只有表头，没有数据行。", "请检查导出结果；空账册不予导入。"


class Damaged(FileFault):
    """The container does not open or breaks off."""

    code = "intake.damaged"
    en = "{file} cannot be read as {kind}: it is damaged or was not sent whole."
    en_remedy = "Transfer it again and compare its size with the sender's."
    zh = "无法按 {kind} 格式读取文件 {file}：文件已损坏或传输不完整。"
    zh_remedy = "请重新传输，并与发送方核对文件大小。"


class BadEncoding(FileFault):
    """The text is in none of the encodings that are read."""

    code = "intake.encoding"
    en = "{file} is neither UTF-8 (line {utf8_line}) nor GB18030 (line {gb_line}): some bytes are damaged."
    en_remedy = "Export it again, as UTF-8."
    zh = "文件 {file} 既不是 UTF-8 编码（第 {utf8_line} 行）也不是 GB18030 编码（第 {gb_line} 行），部分字节已损坏。"
    zh_remedy = "请以 UTF-8 编码重新导出。"


class BrokenEncoding(FileFault):
    """The file says by its first bytes what it is, and is not."""

    code = "intake.encoding-broken"
    en = "{file} says it is {encoding}, but line {line} is not."
    en_remedy = "Export it again; do not join files of different encodings."
    zh = "文件 {file} 声明为 {encoding} 编码，但第 {line} 行不符。"
    zh_remedy = "请重新导出，勿将不同编码的文件拼接在一起。"


class MixedEncodings(FileFault):
    """Some lines are UTF-8 and others are not: any reading would garble some names."""

    code = "intake.encoding-mixed"
    en = "{file} is not in one encoding: line {utf8_line} is UTF-8, line {other_line} is not."
    en_remedy = "Export it again as UTF-8; where files were joined, bring each part to UTF-8 first."
    zh = "文件 {file} 编码不一致：第 {utf8_line} 行为 UTF-8，第 {other_line} 行不是。"
    zh_remedy = "请以 UTF-8 编码重新导出；如由多个文件拼接而成，请先将各部分统一为 UTF-8。"


class NulBytes(FileFault):
    """Text files do not contain the byte 0; UTF-16 without its mark and broken transfers do."""

    code = "intake.nul"
    en = "Line {line} of {file} contains NUL bytes: it is not a text file, or UTF-16 without its byte-order mark."
    en_remedy = "Export it again, as CSV in UTF-8."
    zh = "文件 {file} 第 {line} 行含有空字节（NUL）：不是文本文件，或为缺少字节序标记的 UTF-16。"
    zh_remedy = "请以 UTF-8 编码的 CSV 格式重新导出。"


class LineTooLong(FileFault):
    """No honest record is that long; reading on would fill the memory."""

    code = "intake.line-too-long"
    en = "Line {line} of {file} is longer than {limit} bytes."
    en_remedy = "Check whether line ends are missing and export the file again."
    zh = "文件 {file} 第 {line} 行超过 {limit} 字节。"
    zh_remedy = "请检查是否缺少换行符，并重新导出。"


class UnclosedQuote(FileFault):
    """A quotation mark is opened and not closed: where the row ends cannot be known."""

    code = "intake.unclosed-quote"
    en = "Row {row} of {file} opens a quotation mark that is not closed properly."
    en_remedy = 'Close it, or write " inside a quoted field as "".'
    zh = "文件 {file} 第 {row} 行的双引号未正确闭合。"
    zh_remedy = '请补全双引号；字段内的 " 应写作 ""。'


class WorkbookTooBig(FileFault):
    """A workbook is read whole; beyond this it would not fit the memory of an ordinary machine."""

    code = "intake.workbook-too-big"
    en, en_remedy = "{file} unpacks to more than {limit} GB.", "Send it as CSV, which has no limit."
    zh, zh_remedy = "工作簿 {file} 解压后超过 {limit} GB。", "请改用 CSV 格式，该格式不受此限制。"


class NoSheet(FileFault):
    """The workbook has no sheet of that name."""

    code = "intake.no-sheet"
    en, en_remedy = (
        "{file} has no sheet {sheet}; it has {found}.",
        "Rename the sheet or correct `sheet` in the mapping.",
    )
    zh, zh_remedy = "工作簿 {file} 中没有工作表“{sheet}”，现有：{found}。", "请改正工作表名称，或修改映射中的 sheet。"


class BlankHeader(FileFault):
    """There is nothing where the header should be."""

    code = "intake.blank-header"
    en, en_remedy = "Row {row} of {file}, where the header should be, is empty.", "Put the names of the columns there."
    zh, zh_remedy = "文件 {file} 第 {row} 行应为表头，但该行为空。", "请在该行填写列名。"


class NamelessColumns(FileFault):
    """A header cell is empty: merged cells, or a title above the table."""

    code = "intake.nameless-columns"
    en = "The header (row {row}) of {file} has no name in column {columns}: cells are merged, or it is a title."
    en_remedy = "Give every column a name in one row, without merged cells, and nothing above it."
    zh = "文件 {file} 的表头（第 {row} 行）中，{columns} 列没有列名：存在合并单元格，或表格上方另有标题。"
    zh_remedy = "请取消合并单元格，删除表头上方的标题，并确保每列在同一行中都有列名。"


class DuplicateColumns(FileFault):
    """Two columns have one name: which of them is meant cannot be known."""

    code = "intake.duplicate-columns"
    en, en_remedy = "{file} has more than one column {columns}.", "Rename or delete the one that is not meant."
    zh, zh_remedy = "文件 {file} 中列名重复：{columns}。", "请删除或重命名多余的列。"


class MissingColumns(FileFault):
    """Columns the mapping needs are not in the file."""

    code = "intake.missing-columns"
    en = "{file} has no column {columns}, which mapping {mapping} needs; it has {found}."
    en_remedy = "Add the column, or use the mapping made for this file."
    zh = "文件 {file} 缺少映射“{mapping}”所需的列：{columns}。现有列：{found}。"
    zh_remedy = "请补充该列，或改用与此文件对应的映射。"


class NoHeader(FileFault):
    """Nothing in the header's row is the name of a column. What stands there may be personal, so it is not repeated."""

    code = "intake.no-header"
    en = "Row {row} of {file} is not a header: none of its {count} cells names a column that mapping {mapping} reads."
    en_remedy = "Put the names of the columns in that row, or use the mapping made for this file."
    zh = "文件 {file} 第 {row} 行不是表头：其 {count} 个单元格均不是映射“{mapping}”所用的列名。"
    zh_remedy = "请在该行填写列名，或改用与此文件对应的映射。"


class OneColumn(FileFault):
    """The columns are separated by something else than comma, tab or semicolon."""

    code = "intake.one-column"
    en = "The header of {file} is one single column: columns must be separated by comma, tab or semicolon."
    en_remedy = "Export it again with commas."
    zh = "文件 {file} 的表头只有一列：列之间应以逗号、制表符或分号分隔。"
    zh_remedy = "请以逗号分隔的格式重新导出。"


class NestedColumn(FileFault):
    """A Parquet column holds lists, structures or bytes."""

    code = "intake.nested-column"
    en, en_remedy = "Column {column} of {file} is {dtype}, not a plain value.", "Flatten or remove the column."
    zh, zh_remedy = "文件 {file} 的“{column}”列为 {dtype} 类型，不是单一数值或文本。", "请展开或删除该列。"


class ForbiddenColumns(FileFault):
    """Data that collections may not hold: the whole file is refused, so that it is deleted where it came from."""

    code = "intake.forbidden-columns"
    en = "{file} holds data that must not be used to collect: {en}. Forbidden by {law_en}."
    en_remedy = "Delete it from the file at its source and send the file again; nothing of it was loaded."
    zh = "文件 {file} 含有不得用于催收的信息：{zh}。依据：{law_zh}。"
    zh_remedy = "请在源头删除后重新提供；本文件未导入任何内容。"


class AsOfMissing(FileFault):
    """A book is the state of a day; without the day it says nothing."""

    code = "intake.as-of-missing"
    en, en_remedy = "The date the figures of {file} are of is not given.", "Give it with --as-of YYYY-MM-DD."
    zh, zh_remedy = "未指明文件 {file} 的账面日期。", "请以 --as-of YYYY-MM-DD 指定。"


class CurrencyMissing(FileFault):
    """Amounts without a currency are not money."""

    code = "intake.currency-missing"
    en, en_remedy = "Neither the mapping nor the lender says the currency.", "Add `currency` to the mapping."
    zh, zh_remedy = "映射与委托方资料均未指明币种。", "请在映射中补充 currency。"


class ClockMissing(FileFault):
    """A time of day without a place is no instant."""

    code = "intake.clock-missing"
    en = "Nothing says by which clock the times in {column} are written."
    en_remedy = "Name the zone of the log's clock, such as Asia/Shanghai: --clock, or `clock` in the mapping."
    zh = "“{column}”列的时间未注明按哪个时区记录。"
    zh_remedy = "请以 --clock 或映射中的 clock 注明日志所用时区，如 Asia/Shanghai。"


class RowsDiffer(FileFault):
    """The control total of rows is not met."""

    code = "intake.rows-differ"
    en = "The sender announced {expected} rows; {read} were read."
    en_remedy = "Ask for the whole file. Nothing was loaded."
    zh = "发送方声明共 {expected} 行，实际读取 {read} 行。"
    zh_remedy = "请要求对方提供完整文件。本次未导入任何内容。"


class TotalDiffers(FileFault):
    """The control total of money is not met."""

    code = "intake.total-differs"
    en = "The sender announced a total of {expected} (minor units); the file adds up to {read}."
    en_remedy = "Ask for the right file. Nothing was loaded."
    zh = "发送方声明的合计为 {expected}（最小货币单位），文件合计为 {read}。"
    zh_remedy = "请要求对方提供正确的文件。本次未导入任何内容。"


class TotalUnproven(FileFault):
    """Rows without a readable amount: the announced total can be neither confirmed nor denied."""

    code = "intake.total-unproven"
    en = "{rows} rows have no readable amount, so the announced total of {expected} (minor units) cannot be confirmed."
    en_remedy = "Have those rows mended and send the whole file again, or load without a total. Nothing was loaded."
    zh = "有 {rows} 行金额无法读取，无法核实声明的合计 {expected}（最小货币单位）。"
    zh_remedy = "请修正后重新提供完整文件，或不按合计核对。本次未导入任何内容。"


class TotalOfSeveralCurrencies(FileFault):
    """One total cannot be compared with amounts in several currencies."""

    code = "intake.total-of-several-currencies"
    en = "One total was announced, but the file has {currencies}."
    en_remedy = "Send one file for each currency, or announce no total."
    zh = "发送方只声明了一个合计，但文件包含多个币种：{currencies}。"
    zh_remedy = "请按币种分别提供文件，或不声明合计。"


class MappingFault(FileFault):
    """Something is wrong in a mapping; subclasses say what. Fields `file` and `line` say where."""

    def what(self, lang: Lang) -> str:
        """Where, then what."""
        return f"{self.fields.get('file')}:{self.fields.get('line')} {super().what(lang)}"


class NoMapping(FileFault):
    """Neither a shipped mapping nor a file."""

    code = "mapping.none"
    en, en_remedy = "There is no mapping {name}.", "Name one of {shipped}, or the path of a YAML file."
    zh, zh_remedy = "没有名为“{name}”的映射。", "请使用 {shipped} 之一，或给出 YAML 文件路径。"


class BadYaml(MappingFault):
    """Not YAML."""

    code = "mapping.yaml"
    en, en_remedy = "This is not YAML: {problem}.", "Correct the line."
    zh, zh_remedy = "此处不是有效的 YAML：{problem}。", "请改正该行。"


class UnknownKey(MappingFault):
    """A key that means nothing: most often a typing error that would be passed over in silence."""

    code = "mapping.unknown-key"
    en, en_remedy = "`{key}` is not known here.", "Known are {known}."
    zh, zh_remedy = "此处不识别“{key}”。", "可用的有：{known}。"


class BadValue(MappingFault):
    """A value of the wrong kind."""

    code = "mapping.bad-value"
    en, en_remedy = "`{key}` cannot be “{value}”.", "Write {expected_en}."
    zh, zh_remedy = "“{key}”的值不能是“{value}”。", "应填写：{expected_zh}。"


class MissingKey(MappingFault):
    """Something the mapping must say is not said."""

    code = "mapping.missing-key"
    en, en_remedy = "`{key}` is missing.", "Add it."
    zh, zh_remedy = "缺少“{key}”。", "请补充。"


class TwoForOne(MappingFault):
    """One key, or one canonical column, is given twice."""

    code = "mapping.two-for-one"
    en, en_remedy = "`{key}` stands here a second time (first in line {first}).", "Keep one of the two."
    zh, zh_remedy = "“{key}”重复出现（首次见第 {first} 行）。", "请保留其中一处。"


class MappedAndIgnored(MappingFault):
    """A source column is both read and ignored."""

    code = "mapping.mapped-and-ignored"
    en, en_remedy = "Column {column} is ignored here, but {target} is read from it.", "Remove one of the two."
    zh, zh_remedy = "“{column}”列在此处被忽略，但又用于“{target}”。", "请删除其中一处。"


class Notice(Fault):
    """Worth knowing, and no reason to stop."""


class UnusedColumns(Notice):
    """Columns the mapping neither reads nor ignores on purpose."""

    code = "intake.unused-columns"
    en = "Not read, because the mapping does not name them: {columns}."
    en_remedy = "Add them to `columns`, or to `ignored` with the reason."
    zh = "以下列未在映射中列出，未予读取：{columns}。"
    zh_remedy = "请将其加入 columns，或在 ignored 中说明理由。"


class UnreadSheets(Notice):
    """A workbook has more sheets than the one that is read."""

    code = "intake.unread-sheets"
    en, en_remedy = "Not read: sheets {sheets}.", "If one of them is meant, name it as `sheet` in the mapping."
    zh, zh_remedy = "以下工作表未读取：{sheets}。", "如需读取，请在映射的 sheet 中指定。"


class NothingSaysHowLate(Notice):
    """No column of the book leads to a due date."""

    code = "intake.nothing-says-how-late"
    en = "No column says since when an account is unpaid: none counts as overdue until a schedule is loaded."
    en_remedy = "Add the oldest unpaid due date, or load the schedule."
    zh = "文件中没有列能说明账户自何时起未还：在导入还款计划之前，所有账户均不视为逾期。"
    zh_remedy = "请补充最早未还应还日，或导入还款计划。"
