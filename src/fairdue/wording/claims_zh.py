"""Amounts and deadlines in Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from fractions import Fraction

from fairdue.wording.claims import Claim
from fairdue.wording.finding import Verdict
from fairdue.wording.match import Words

NUMERALS = {**dict(zip("零一二三四五六七八九", range(10), strict=True)), "两": 2, "〇": 0, "俩": 2}
UNITS = {"十": 10, "百": 100, "千": 1000, "k": 1000, "万": 10_000, "w": 10_000, "亿": 100_000_000}
NUMBER = r"(?:\d+(?:点\d+)?|[零一二三四五六七八九两十百千万亿])[零一二三四五六七八九两十百千万亿kw]*"
AMOUNT = re.compile(rf"币({NUMBER})|({NUMBER})(?:块钱|元|块|圆|人民币|rmb|美金)(?!一个月)")
BARE = re.compile(
    rf"(?:欠款?|应还|待还|金额|总额|共计|合计|一共|总共|余额|本金|本息|欠的(?:可)?|连本带息)(?:是|为|了|有|共|您)?({NUMBER})(?![\d零一二三四五六七八九两十百千万亿年月日号天期个次位条笔点%项分])"
)
OWED = re.compile(
    r"欠|应还|待还|未还|要还|该还|需还|逾期|本金|利息|本息|合计|总额|共计|总共|一共|结清|违约金|罚息|余额|账单|应付|最低还款|应归还|所借|代偿|尾款|债务|要结"
)
NO_CLAIM = re.compile(
    r"其中|包含|先还|每月|每期|每个月|月供|减免|收入|工资|不超过|上限|以内|能拿|能还|首付|分摊|手续费|诉讼费|优惠|还了|已还|已经还|存了|到账|当天还|还[一二三四五六七八九两]百"
)
DAY = re.compile(
    r"(?:(?P<year>\d{4})年)?(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]|(?P<iso>20\d{6})(?!\d)"
    r"|(?P<thismonth>本月|这个?月|当月)(?P<mday>\d{1,2})[日号]|(?P<nextmonth>下个?月)(?P<nday>\d{1,2})[日号]"
    r"|(?P<rel>今天|今日|今晚|当天|当日|今早|今儿|明天|明日|明早|明晚|后天|大后天)"
    r"|(?P<week>本周|这周|下周|这个星期|下个?星期|周|星期|礼拜)(?P<wday>[一二三四五六日天末])|(?P<end>月底|本周|本周内|年底|周末|本月底|月末)"
    r"|(?P<span>[一二两三四五六七八九十\d]+)(?P<unit>个?工作日|日|天|个?小时|周)(?=之?内)"
)
LIMIT = re.compile(r"^[^,.?!]{0,9}?(?:之前|以前|前(?!往|台|期|面|天|几|进)|截止|为止|为限|之?内|是最后|为最后)")
LIMIT_BEFORE = re.compile(
    r"(?:最后期限|最后时限|截止(?:日期|时间)?|最晚|最迟|限期|期限|限[您你]?(?:于|在)?|务必在|必须在|不得晚于|到期日|还款日|应还日)(?:是|为|到|在|于|:|,)?[^,.?!]{0,4}$"
)
PAYING = re.compile(r"还|结清|处理|付|存|缴|打款|转|清偿|履行|归还|到账|入账|清掉|期限|时限|截止|联系|回电|补")
ASKING = re.compile(r"吗|可以|能否|能不能|行不行|好不好|怎么样|方便|是否|您看|打算|什么时候")
REPLY = re.compile(
    r"我们(?:会|将)|给您|书面答复|为您|开具|审批|回复|判决|答复|您答应|您承诺|您说|约好|到账一般|上次|已于|我会|核查|就不会|系统更新|更新"
)
AHEAD = {
    **dict.fromkeys(("今天", "今日", "今晚", "当天", "当日", "今早", "今儿"), 0),
    **dict.fromkeys(("明天", "明日", "明早", "明晚"), 1), "后天": 2, "大后天": 3,
}  # fmt: skip
MINOR, WEEK = 100, 7


def found(words: Words) -> Iterator[Claim]:
    """Every amount or deadline that what is known does not bear out."""
    yield from _amounts(words)
    yield from _deadlines(words)


def _amounts(words: Words) -> Iterator[Claim]:
    text, known = words.view.text, _known_amounts(words.said.amounts)
    for match in (*AMOUNT.finditer(text), *BARE.finditer(text)):
        low, high = words.view.sentence(match.start(), match.end())
        clause = words.view.clause(match.start(), match.end())
        value = number(next(group for group in match.groups() if group))
        if value is None or not OWED.search(text, low, high) or NO_CLAIM.search(text, *clause):
            continue
        if known is None or value not in known:
            verdict = Verdict.REVIEW if known is None else Verdict.BLOCK
            yield Claim(match.start(), match.end(), "P08", verdict, "amount")


def _known_amounts(said: tuple[object, ...] | None) -> frozenset[Fraction] | None:
    if said is None:
        return None
    values = {
        value
        for one in said
        if (value := number(str(one).replace(",", "").replace(".", "点").strip("元块¥￥ "))) is not None
    }
    return frozenset(values | {value / MINOR for value in values if value.denominator == 1})


def number(said: str) -> Fraction | None:
    """A number in figures, in Chinese numerals or mixed; None where it is none."""
    head = re.match(r"\d+(?:点\d+)?", said)
    if head:
        value = Fraction(head[0].replace("点", "."))
        for unit in said[head.end() :]:
            if unit not in UNITS:
                return value if unit in NUMERALS else None
            value *= UNITS[unit]
        return value
    return _numerals(said)


def _numerals(said: str) -> Fraction | None:
    total, section, digit, unit = 0, 0, 0, 1
    for char in said:
        if char in NUMERALS:
            digit = NUMERALS[char]
        elif char in UNITS:
            unit = UNITS[char]
            if unit >= UNITS["万"]:
                total, section, digit = (total + section + digit) * unit, 0, 0
            else:
                section, digit = section + (digit or 1) * unit, 0
        else:
            return None
    if digit and unit > 10 and said[-2:-1] in UNITS:  # noqa: PLR2004 - 一万八 is 18000, 二十三 is 23
        digit *= unit // 10
    return Fraction(total + section + digit)


def _deadlines(words: Words) -> Iterator[Claim]:
    text = words.view.text
    for match in DAY.finditer(text):
        low, high = words.view.sentence(match.start(), match.end())
        start, end = words.view.clause(match.start(), match.end())
        limit = LIMIT.search(text[match.end() : end + 1]) or LIMIT_BEFORE.search(text[low : match.start()])
        if not limit or not PAYING.search(text, low, high) or REPLY.search(text, start, end):
            continue
        if (high < len(text) and text[high] == "?") or ASKING.search(text, start, end):
            continue
        if verdict := _deadline(match, words):
            yield Claim(match.start(), match.end(), "P09", verdict, "deadline")


def _deadline(match: re.Match[str], words: Words) -> Verdict:
    known = words.said.deadlines
    if known is None:
        return Verdict.REVIEW
    said = [str(one) for one in known]
    day = _day(match, _iso(words.said.today))
    days = [found for one in said if (found := _iso(one))]
    if any(match[0] in one.replace(" ", "") for one in said):
        return Verdict.PASS
    if day is None:
        return Verdict.REVIEW
    year, month, number_ = day
    same = any(d.month == month and d.day == number_ and year in (0, d.year) for d in days)
    return Verdict.PASS if same else Verdict.BLOCK


def _iso(said: str) -> date | None:
    found_ = re.search(r"(20\d\d)[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})", said)
    with suppress(ValueError):
        return date(int(found_[1]), int(found_[2]), int(found_[3])) if found_ else None
    return None


def _day(match: re.Match[str], today: date | None) -> tuple[int, int, int] | None:
    """Year (0 where it is not said), month and day; None where it cannot be told without today's date."""
    if match["month"]:
        return int(match["year"] or 0), int(match["month"]), int(match["day"])
    if match["iso"]:
        return int(match["iso"][:4]), int(match["iso"][4:6]), int(match["iso"][6:])
    if today is None:
        return None
    return _relative(match, today)


def _relative(match: re.Match[str], today: date) -> tuple[int, int, int] | None:
    day = None
    if match["rel"]:
        day = today + timedelta(days=AHEAD[match["rel"]])
    elif match["span"] and match["unit"] in ("日", "天") and (days := number(match["span"])) is not None:
        day = today + timedelta(days=int(days))
    elif match["mday"] or match["nday"]:
        month = today.month + (1 if match["nday"] else 0)
        return today.year + (month - 1) // 12, (month - 1) % 12 + 1, int(match["mday"] or match["nday"])
    elif match["week"] and match["wday"] in "一二三四五六日天":
        ahead = ("一二三四五六日".index(match["wday"].replace("天", "日")) - today.weekday()) % WEEK
        later = WEEK if match["week"].startswith("下") and ahead + today.weekday() < WEEK else 0
        day = today + timedelta(days=ahead + later)
    return (day.year, day.month, day.day) if day else None
