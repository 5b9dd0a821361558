"""From the text of a cell to its value, whole columns at a time. Nothing is guessed and nothing is rounded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any
from zoneinfo import available_timezones

import polars as pl

from fairdue.core.errors import Fault
from fairdue.core.points import PHONE
from fairdue.core.waterfall import NAMED, parse_order
from fairdue.intake import reasons as reason
from fairdue.intake.canonical import INT64
from fairdue.intake.cells import Cells, Complaint, Read
from fairdue.intake.currencies import EXPONENTS
from fairdue.intake.moments import EARLIEST, clock, epoch, lasted, moment

MANY_MONTHS = 999
MANY_DAYS = 36_500
DATE_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日")
DATES_READ_AS = "2026-03-01, 2026/03/01, 2026年3月1日"
_AMOUNT = r"^([+-]?)(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d*))?$"
_PPM_DECIMALS = {"ppm": 0, "percent": 4, "fraction": 6}
_YES = ("1", "y", "yes", "true", "t", "是", "有")
_NO = ("0", "n", "no", "false", "f", "否", "无")


def read(parser: str, cells: Cells) -> Read:
    """Values and complaints of one column; a value with a complaint is null."""
    return _PARSERS[parser](cells)


def _text(cells: Cells) -> Read:
    text, limit = cells.text, cells.column.length
    if pad := cells.options.get("pad"):
        text = text.str.zfill(pad)
    if prefix := cells.options.get("prefix"):
        text = prefix + text
    long = text.str.len_chars() > limit
    return text, [Complaint(reason.TooLong, long, {"found": text.str.len_chars(), "limit": limit})]


def _int(cells: Cells) -> Read:
    text = cells.ascii
    value = text.cast(pl.Int64, strict=False)
    whole = text.str.contains(r"^[+-]?\d+$")
    wrong = [
        Complaint(reason.NotWhole, ~whole),
        Complaint(reason.TooLarge, whole & value.is_null() & text.is_not_null()),
    ]
    if (floor := cells.options.get("floor")) is not None:
        value = value.clip(lower_bound=floor)
    return value, wrong


def _amount(cells: Cells) -> Read:
    """Major units (1234.56) exactly to minor ones by moving the point in the text; or minor units as they are."""
    if cells.options.get("unit") == "minor":
        return _int(cells)
    text = cells.ascii
    plain = text.cast(pl.Int64, strict=False)
    if plain.null_count() == text.null_count() and (cells.exponent == 0).all():
        return plain, []
    return _decimal(text, cells.exponent)


def _decimal(text: pl.Series, decimals: pl.Series) -> Read:
    """`text` × 10^decimals as a whole number."""
    parts = text.str.extract_groups(_AMOUNT).struct.unnest().rename({"1": "sign", "2": "whole", "3": "part"})
    parts = parts.with_columns(pl.col("part").fill_null("").str.strip_chars_end("0"), decimals=decimals)
    whole, part = pl.col("whole").str.replace_all(",", "", literal=True), pl.col("part").str.pad_end("decimals", "0")
    shifted = parts.select(
        pl.concat_str("sign", whole, part).cast(pl.Int64, strict=False).alias("value"),
        wrong=pl.col("whole").is_null(), fine=pl.col("part").str.len_chars() > pl.col("decimals"),
    )  # fmt: skip
    wrong, fine, value = shifted["wrong"] & text.is_not_null(), shifted["fine"] & ~shifted["wrong"], shifted["value"]
    return value.set(fine, None), [
        Complaint(reason.NotAmount, wrong),
        Complaint(reason.TooFine, fine, {"exponent": decimals}),
        Complaint(reason.TooLarge, ~shifted["wrong"] & ~fine & value.is_null()),
    ]


def written(minor: pl.Series, exponent: pl.Series) -> pl.Series:
    """Minor units as a person writes them: 100050 with two decimals is 1000.50."""
    digits = pl.col("minor").abs().cast(pl.String).str.zfill(pl.col("exponent") + 1)
    sign = pl.when(pl.col("minor") < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    whole, part = digits.str.head(-pl.col("exponent")), digits.str.tail("exponent")
    shown = (
        pl.when(pl.col("exponent") == 0).then(sign + digits).otherwise(pl.concat_str(sign, whole, pl.lit("."), part))
    )
    return pl.DataFrame({"minor": minor, "exponent": exponent.cast(pl.Int64)}).select(shown).to_series()


def _rate(cells: Cells) -> Read:
    """A rate or multiplier as exact parts per million."""
    unit = cells.options.get("unit", "ppm")
    text = cells.ascii.str.strip_suffix("%").str.strip_chars() if unit == "percent" else cells.ascii
    value, wrong = _decimal(text, pl.repeat(_PPM_DECIMALS[unit], text.len(), dtype=pl.Int64, eager=True))
    return value, [Complaint(reason.NotRate, one.rows, {"unit": unit}) for one in wrong]


def _date(cells: Cells) -> Read:
    formats = tuple(cells.options.get("formats", DATE_FORMATS))
    text = cells.ascii.str.replace(r"[ T]00:00(:00(\.0+)?)?$", "")
    value = _as_date(text, formats[0])
    for other in formats[1:]:
        if value.null_count() == text.null_count():
            break
        value = value.fill_null(_as_date(text, other))
    value = value.set(value < EARLIEST, None)
    bad = value.is_null() & text.is_not_null()
    serial = bad & text.str.contains(r"^\d{5}(\.\d+)?$")
    said = {"formats": DATES_READ_AS if formats == DATE_FORMATS else ", ".join(formats)}
    return value, [Complaint(reason.SerialDate, serial), Complaint(reason.NotDate, bad & ~serial, said)]


def _as_date(text: pl.Series, layout: str) -> pl.Series:
    """One-digit months and days are read where a separator shows where they end: 2026111 could be two days."""
    if layout == "%Y%m%d":
        text = text.set(text.str.len_chars() != len("20260301"), None)
    return text.str.to_date(layout, strict=False)


def _missed_payments(cells: Cells) -> Read:
    """With k payments missed the oldest fell due k - 1 due days before the last; with 0 or a code below, none did."""
    value, wrong = _int(cells)
    too_many = value > MANY_MONTHS
    wrong = [*wrong, Complaint(reason.OutOfRange, too_many, {"low": INT64[0], "high": MANY_MONTHS})]
    known = value.set((value < 1) | too_many, None)
    found = {k: due_day_back(cells, k - 1) for k in known.unique().drop_nulls().to_list()}
    return known.replace_strict(found, default=None, return_dtype=pl.Date), wrong


def due_day_back(cells: Cells, months: int) -> date:
    """The due day `months` months before the last one that is not after the date of the book."""
    as_of, day = cells.as_of, int(cells.options["due_day"])
    if as_of is None:
        raise AssertionError("a book without its date does not come this far")
    count = as_of.year * 12 + as_of.month - 1
    if _clamped(count, day) > as_of:
        count -= 1
    return _clamped(count - months, day)


def _clamped(count: int, day: int) -> date:
    """The given day of a month counted from year 0, or the last day of a shorter month."""
    next_month = date((count + 1) // 12, (count + 1) % 12 + 1, 1)
    last = (next_month - timedelta(days=1)).day
    return date(count // 12, count % 12 + 1, min(day, last))


def _days_overdue(cells: Cells) -> Read:
    """Overdue n days means due n days before the date of the book; 0: nothing is unpaid."""
    value, wrong = _int(cells)
    bad = (value < 0) | (value > MANY_DAYS)
    late = value.set(bad | (value < 1), None)
    due = pl.DataFrame({"late": late}).select(pl.lit(cells.as_of, pl.Date) - pl.duration(days="late")).to_series()
    return due, [*wrong, Complaint(reason.OutOfRange, bad, {"low": 0, "high": MANY_DAYS})]


def _code(cells: Cells) -> Read:
    names, known = _words(cells)
    value = names.replace_strict({name: int(code) for name, code in known.items()}, default=None, return_dtype=pl.Int64)
    return value, [_unlisted(cells, value, known)]


def _id_type(cells: Cells) -> Read:
    names, known = _words(cells)
    value = names.set(~names.is_in(list(known)), None)
    return value, [_unlisted(cells, value, known)]


def _words(cells: Cells) -> tuple[pl.Series, Mapping[str, Any]]:
    """The file's words as names of the closed list: its own names, its labels, and the words of the mapping."""
    codes = cells.column.codes
    if codes is None:
        raise AssertionError(cells.column.name)
    words = {code.name: code.name for code in codes}
    words |= {code.zh: code.name for code in codes} | {code.en.upper(): code.name for code in codes}
    words |= {str(word).strip().upper(): name for word, name in cells.options.get("values", {}).items()}
    upper = cells.text.str.to_uppercase()
    return upper.replace_strict(words, default=upper, return_dtype=pl.String), codes.__members__


def _unlisted(cells: Cells, value: pl.Series, known: Mapping[str, Any]) -> Complaint:
    return Complaint(reason.NotListed, value.is_null() & cells.text.is_not_null(), {"known": " / ".join(known)})


def _yes_no(cells: Cells) -> Read:
    lower = cells.ascii.str.to_lowercase()
    words = dict.fromkeys(_YES, True) | dict.fromkeys(_NO, False)
    words |= {str(word).strip().lower(): said for word, said in cells.options.get("values", {}).items()}
    value = lower.replace_strict(words, default=None, return_dtype=pl.Boolean)
    return value, [Complaint(reason.NotYesNo, value.is_null() & lower.is_not_null())]


def _currency(cells: Cells) -> Read:
    words = {str(word).strip().upper(): code for word, code in cells.options.get("values", {}).items()}
    upper = cells.ascii.str.to_uppercase()
    value = upper.replace_strict(words, default=upper, return_dtype=pl.String)
    unknown = ~value.is_in(list(EXPONENTS))
    return value.set(unknown, None), [Complaint(reason.NotCurrency, unknown)]


def _phone(cells: Cells) -> Read:
    """`core.points.phone`, over a column."""
    digits = cells.ascii.str.replace_all(r"[\s()\-]", "").str.replace(r"^(\+|00)86", "").str.replace(r"^00", "+")
    digits = digits.str.replace(r"^86(1\d{10})$", "$1")
    wrong = ~digits.str.contains(PHONE)
    return digits.set(wrong, None), [Complaint(reason.NotPhone, wrong)]


def _id_no(cells: Cells) -> Read:
    text = cells.ascii.str.replace_all(r"\s", "").str.to_uppercase()
    long = text.str.len_chars() > cells.column.length
    return text, [Complaint(reason.TooLong, long, {"found": text.str.len_chars(), "limit": cells.column.length})]


def _zone(cells: Cells) -> Read:
    unknown = ~cells.text.is_in(_zones())
    return cells.text.set(unknown, None), [Complaint(reason.NotZone, unknown)]


@cache
def _zones() -> list[str]:
    return sorted(available_timezones())


def _language(cells: Cells) -> Read:
    wrong = ~cells.text.str.contains(r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$") | (
        cells.text.str.len_chars() > cells.column.length
    )
    return cells.text.set(wrong, None), [Complaint(reason.NotLanguage, wrong)]


def _order(cells: Cells) -> Read:
    upper = cells.text.str.to_uppercase()
    bad = [one for one in upper.unique().drop_nulls().to_list() if not _is_order(one)]
    wrong = upper.is_in(bad)
    return upper.set(wrong, None), [Complaint(reason.NotOrder, wrong, {"known": " / ".join(NAMED)})]


def _is_order(text: str) -> bool:
    try:
        parse_order(text)
    except Fault:
        return False
    return True


_PARSERS: dict[str, Callable[[Cells], Read]] = {
    "text": _text,
    "int": _int,
    "amount": _amount,
    "rate": _rate,
    "date": _date,
    "missed_payments": _missed_payments,
    "days_overdue": _days_overdue,
    "code": _code,
    "id_type": _id_type,
    "yes_no": _yes_no,
    "lasted": lasted,
    "moment": moment,
    "epoch": epoch,
    "clock": clock,
    "currency": _currency,
    "phone": _phone,
    "id_no": _id_no,
    "zone": _zone,
    "language": _language,
    "order": _order,
}
