"""What the readers of statements share: amounts, days, currencies, and the faults of a whole file."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from fairdue.core.errors import Fault
from fairdue.core.money import parse_minor
from fairdue.core.statements import RowFault, StatementFault

LARGEST = 200 * 2**20  # bytes of one statement file
EXPONENTS = {
    "JPY": 0,
    "KRW": 0,
    "VND": 0,
    "CLP": 0,
    "ISK": 0,
    "KWD": 3,
    "BHD": 3,
    "TND": 3,
    "OMR": 3,
    "JOD": 3,
}  # ISO 4217


class UnknownFormat(StatementFault):
    """No reader fits."""

    code = "statement.unknown-format"
    en, en_remedy = "{file} is no statement of a known format.", "Name the format: one of {formats}."
    zh, zh_remedy = "无法识别 {file} 的对账单格式。", "请指定格式：{formats}。"


class TooLarge(StatementFault):
    """More than one statement has."""

    code = "statement.too-large"
    en, en_remedy = "{file} is larger than {limit} MB.", "Ask the bank for shorter periods."
    zh, zh_remedy = "{file} 超过 {limit} MB。", "请按较短期间分次导出。"


class Dangerous(StatementFault):
    """XML with a document type of its own: no bank sends one."""

    code = "statement.dangerous-xml"
    en = "{file} declares a document type or entities, which no bank's statement does."
    en_remedy = "Nothing was read. Ask where the file comes from."
    zh = "{file} 含有 DTD 或实体声明，银行对账单不会出现此类内容。"
    zh_remedy = "未读取任何内容，请核实文件来源。"


class Damaged(StatementFault):
    """It ends in the middle, or is not what its beginning says."""

    code = "statement.damaged"
    en, en_remedy = "{file} cannot be read: {why}.", "Nothing was booked. Get the file again."
    zh, zh_remedy = "{file} 无法读取：{why_zh}。", "未入账任何款项，请重新获取文件。"


def minor(text: str, currency: str) -> int:
    """Minor units of an amount with `.` for decimals. Raises a `Fault` where it is no amount."""
    return parse_minor(text.strip().replace(",", "").replace(" ", ""), EXPONENTS.get(currency, 2))


def day(text: str) -> date:
    """A day written 2026-03-02, 2026/3/2, 20260302 or 2026年3月2日, with or without a time. Raises `ValueError`."""
    found = re.match(r"\s*(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})|(\d{2})(\d{2}))", text)
    if found is None:
        raise ValueError(text)
    year, month, of_month = found[1], found[2] or found[4], found[3] or found[5]
    return date(int(year), int(month), int(of_month))


def unreadable(row: int, field: str, raw: str, error: Exception, amount: int | None) -> RowFault:
    """A row that is left out, with why in both languages."""
    zh, en = (error.sentence("zh"), error.sentence("en")) if isinstance(error, Fault) else (str(error), str(error))
    return RowFault(
        row, field, " ".join(raw.split())[:200], f"该笔无法读取：{zh}", f"The entry cannot be read: {en}", amount
    )


def attempt(read: Callable[[], int]) -> int | None:
    """The amount, where it can be read."""
    try:
        return read()
    except (Fault, ValueError, KeyError):
        return None
