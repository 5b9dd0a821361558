"""The closed list of parsers a mapping may name, and what each may be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fairdue.intake.canonical import Column

KEYS = ("from", "parser", "default", "required")
MAX_DUE_DAY = 31
DATE_PARTS = {"%Y", "%m", "%d"}

_LATE = ("oldest_unpaid_due",)


@dataclass(frozen=True)
class Reads:
    """A parser: the kind of column it makes, the options it knows (with what they must be), those it needs.

    `only`: the columns it makes sense for; empty: all of its kind.
    """

    makes: str
    options: Mapping[str, str] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    only: tuple[str, ...] = ()


READS: dict[str, Reads] = {
    "text": Reads("text", {"prefix": "text", "pad": "a width, 1 to 40"}),
    "int": Reads("int", {"floor": "a whole number"}),
    "amount": Reads("amount", {"unit": "major / minor", "sum": "true / false"}),
    "rate": Reads("rate", {"unit": "ppm / percent / fraction"}),
    "date": Reads("date", {"formats": "a list of formats with %Y, %m and %d (day and month in one order), such as %Y-%m-%d"}),
    "missed_payments": Reads("date", {"due_day": "a day of the month, 1 to 31"}, ("due_day",), _LATE),
    "days_overdue": Reads("date", only=_LATE),
    "code": Reads("code", {"values": "the file's words, each with one of the known names"}),
    "id_type": Reads("id_type", {"values": "the file's words, each with one of the known names"}),
    "yes_no": Reads("yes_no"),
    "currency": Reads("currency", {"values": "the file's words, each with a currency code"}),
    "phone": Reads("phone"),
    "id_no": Reads("id_no"),
    "zone": Reads("zone"),
    "language": Reads("language"),
    "order": Reads("order"),
}


def check_option(key: str, value: Any, column: Column) -> bool:
    """Whether an option has a value it may have."""
    match key:
        case "prefix":
            return isinstance(value, str)
        case "pad":
            return isinstance(value, int) and 1 <= value <= 40  # noqa: PLR2004 - as the sentence says
        case "floor":
            return isinstance(value, int)
        case "sum":
            return isinstance(value, bool)
        case "unit":
            return value in ({"major", "minor"} if column.parser == "amount" else {"ppm", "percent", "fraction"})
        case "formats":
            return isinstance(value, list) and bool(value) and all(_is_format(one) for one in value) and _unlike(value)
        case "due_day":
            return isinstance(value, int) and 1 <= value <= MAX_DUE_DAY
        case "values":
            return isinstance(value, dict) and (column.codes is None or set(value.values()) <= set(column.codes.__members__))
    return False


def _is_format(value: Any) -> bool:
    """A format with year, month and day once each, and nothing that is not a day."""
    if not isinstance(value, str):
        return False
    parts = [value[at : at + 2] for at in range(len(value)) if value[at] == "%"]
    return sorted(parts) == sorted(DATE_PARTS)


def _unlike(formats: list[str]) -> bool:
    """03/04 is either the third of April or the fourth of March: a mapping says which, not both."""
    shapes = [one.replace("%d", "%m") for one in formats]
    return len(set(shapes)) == len(shapes)
