"""What the API gives and takes, in common: money, pages, kinds of numbers and texts."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

from ninja import Path, Query, Schema
from pydantic import ConfigDict, Field, GetCoreSchemaHandler, StringConstraints
from pydantic_core import core_schema

from fairdue.core.codes import Code
from fairdue.store import clock

LARGEST = 2**53 - 1  # every JSON reader counts this far without loss
T = TypeVar("T")

Id = Annotated[int, Path(ge=1, le=LARGEST, description="The row's number.")]
Limit = Annotated[int, Query(ge=1, le=200, description="Rows a page.")]
Cursor = Annotated[str | None, Query(min_length=1, max_length=400, description="`next` of the page before.")]
Word = Annotated[str, StringConstraints(min_length=1, max_length=60)]
Text = Annotated[str, StringConstraints(max_length=2000)]


class Shape(Schema):
    """An object whose fields are all said: an unknown one is refused."""

    model_config = ConfigDict(extra="forbid")


class Money(Shape):
    """An amount in whole minor units of a currency: 12345 with exponent 2 is 123.45."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [
        {"minor": 12345, "currency": "CNY", "exponent": 2},
    ]})  # fmt: skip
    minor: int = Field(ge=-LARGEST, le=LARGEST)
    currency: str = Field(pattern="^[A-Z]{3}$", description="ISO 4217.")
    exponent: int = Field(ge=0, le=4, description="Decimal places of the currency.")


class Both(Shape):
    """A sentence in both languages."""

    zh: str
    en: str


class Page(Shape, Generic[T]):
    """Some rows of a list, by number."""

    items: list[T]
    next: str | None = Field(description="The cursor of the next page; null on the last.")


def money(minor: int, currency: str, exponent: int) -> Money:
    """An amount."""
    return Money(minor=minor, currency=currency, exponent=exponent)


class OneOf:
    """A word of a closed list, and nothing else."""

    def __init__(self, *names: str) -> None:
        self.names = list(names)

    def __get_pydantic_core_schema__(self, _source: Any, _handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        """One of the names."""
        return core_schema.literal_schema(self.names)


class Named(OneOf):
    """A code as the API writes it: the name of a member of its list."""

    def __init__(self, kind: type[Code]) -> None:
        super().__init__(*kind.__members__)


def name_of(kind: type[Code], value: int) -> str | None:
    """The name of a code; None where it is unknown."""
    return kind(value).name if value in kind._value2member_map_ else None


def moment(minute: int | None, zone: str) -> datetime | None:
    """A minute as a moment with the offset of a place; None where there is none."""
    return None if minute is None or minute < 0 else clock.from_minute(minute, zone)
