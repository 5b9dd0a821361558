"""The closed list of parsers a mapping may name, and what each may be told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from zoneinfo import available_timezones

from fairdue.intake.canonical import Column

KEYS = ("from", "parser", "default", "required")
DATE_PARTS = {"%Y", "%m", "%d"}
_LATE = ("oldest_unpaid_due",)


class Expected(NamedTuple):
    """What a value must be, in words."""

    zh: str
    en: str


def one_of(names: tuple[str, ...]) -> Expected:
    """One of some names, which are the same in every language."""
    return Expected(*[" / ".join(names)] * 2)


@dataclass(frozen=True)
class Option:
    """Something a parser may be told: what it must be, and the check of it."""

    expected: Expected
    holds: Callable[[Any, Column], bool]


@dataclass(frozen=True)
class Reads:
    """A parser: the kind of column it makes, the options it knows, those it needs.

    `only`: the columns it makes sense for; empty: all of its kind.
    """

    makes: str
    options: Mapping[str, Option] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    only: tuple[str, ...] = ()


def is_whole(value: Any, low: int, high: int) -> bool:
    """A whole number between two others; yes and no are not numbers."""
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _choice(*names: str) -> Option:
    return Option(one_of(names), lambda value, _column: value in names)


def _words(value: Any, column: Column) -> bool:
    if not isinstance(value, dict) or not all(isinstance(name, str) for name in value.values()):
        return False
    return column.codes is None or set(value.values()) <= set(column.codes.__members__)


def _formats(value: Any, _column: Column) -> bool:
    """03/04 is the third of April or the fourth of March: a mapping says which, not both."""
    if not isinstance(value, list) or not value or not all(_is_format(one) for one in value):
        return False
    shapes = [one.replace("%d", "%m") for one in value]
    return len(set(shapes)) == len(shapes)


def _is_format(value: Any) -> bool:
    """A format with year, month and day once each, and nothing that is not a day."""
    if not isinstance(value, str):
        return False
    parts = [value[at : at + 2] for at in range(len(value)) if value[at] == "%"]
    return sorted(parts) == sorted(DATE_PARTS)


def _is_moment(value: Any) -> bool:
    """A format that says which day, hour and minute it is, once each."""
    if not isinstance(value, str):
        return False
    parts = [value[at : at + 2] for at in range(len(value)) if value[at] == "%"]
    hours = {"%H"} if "%H" in parts else {"%I", "%p"}
    wanted = DATE_PARTS | hours | {"%M"}
    return len(parts) == len(set(parts)) and set(parts) - {"%S"} == wanted


_TEXT = Option(Expected("文本", "text"), lambda value, _column: isinstance(value, str))
_YES_NO = Option(one_of(("true", "false")), lambda value, _column: isinstance(value, bool))
_WIDTH = Option(Expected("1 至 40 的位数", "a width, 1 to 40"), lambda value, _column: is_whole(value, 1, 40))
_DAY = Option(Expected("1 至 31 的日", "a day of the month, 1 to 31"), lambda value, _column: is_whole(value, 1, 31))
_SECONDS = Option(Expected("不小于 0 的秒数", "seconds, 0 or more"), lambda value, _column: is_whole(value, 0, 86_400))
_WHOLE = Option(Expected("整数", "a whole number"), lambda value, _column: is_whole(value, -(2**31), 2**31))
_VALUES = Option(Expected("文件用词与标准名称的对照", "the file's words, each with one of the known names"), _words)
_YES_NO_WORDS = Option(
    Expected("文件用词与 true 或 false 的对照", "the file's words, each with true or false"),
    lambda value, _column: isinstance(value, dict) and all(isinstance(one, bool) for one in value.values()),
)
_MOMENTS = Option(
    Expected(
        "含年月日时分的格式列表，如 %Y-%m-%d %H:%M:%S",
        "a list of formats with year, month, day, hour and minute, such as %Y-%m-%d %H:%M:%S",
    ),
    lambda value, _column: isinstance(value, list) and bool(value) and all(_is_moment(one) for one in value),
)
_ZONE = Option(
    Expected("IANA 时区名称，如 Asia/Shanghai", "an IANA time zone such as Asia/Shanghai"),
    lambda value, _column: value in available_timezones(),
)
_FORMATS = Option(
    Expected(
        "含 %Y、%m、%d 的格式列表（日月顺序唯一），如 %Y-%m-%d",
        "a list of formats with %Y, %m and %d (day and month in one order), such as %Y-%m-%d",
    ),
    _formats,
)

READS: dict[str, Reads] = {
    "text": Reads("text", {"prefix": _TEXT, "pad": _WIDTH}),
    "int": Reads("int", {"floor": _WHOLE}),
    "amount": Reads("amount", {"unit": _choice("major", "minor"), "sum": _YES_NO}),
    "rate": Reads("rate", {"unit": _choice("ppm", "percent", "fraction")}),
    "date": Reads("date", {"formats": _FORMATS}),
    "missed_payments": Reads("date", {"due_day": _DAY}, ("due_day",), _LATE),
    "days_overdue": Reads("date", only=_LATE),
    "code": Reads("code", {"values": _VALUES}),
    "id_type": Reads("id_type", {"values": _VALUES}),
    "yes_no": Reads("yes_no", {"values": _YES_NO_WORDS}),
    "lasted": Reads("yes_no", {"more_than": _SECONDS}, ("more_than",), ("answered", "talked")),
    "moment": Reads("moment", {"formats": _MOMENTS, "clock": _ZONE}),
    "epoch": Reads("moment", {"unit": _choice("s", "ms")}),
    "clock": Reads("clock"),
    "currency": Reads("currency", {"values": _VALUES}),
    "phone": Reads("phone"),
    "id_no": Reads("id_no"),
    "zone": Reads("zone"),
    "language": Reads("language"),
    "order": Reads("order"),
}
