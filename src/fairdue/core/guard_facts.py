"""What the guard may be told about a proposed act: a closed catalogue of facts, and columns of them.

Every fact has a value for "not known" (-1; `UNKNOWN_MONEY` for amounts and days), and a rule that needs it then refuses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from fairdue.core.codes import UNKNOWN, Code
from fairdue.core.errors import Fault
from fairdue.core.guard_catalogue import FACTS, UNKNOWN_MONEY, Fact, Form, YesNo

Ints = npt.NDArray[np.integer[Any]]
I64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.intp]
_EPOCH = date(1970, 1, 1).toordinal()

__all__ = [
    "FACTS", "I64", "UNKNOWN_MONEY", "Bool", "Fact", "Facts", "Form", "Ints", "Rows", "UnknownFact", "YesNo", "code_of",
    "day_of", "number_of",
]  # fmt: skip


class UnknownFact(Fault):
    """A name or value that is not in the catalogue."""

    code = "guard.unknown-fact"
    en = "'{value}' is no value of the fact '{name}'."
    en_remedy = "Use a name and a value of the catalogue of facts; leave out what is not known."
    zh = "“{value}”不是事实“{name}”的有效取值。"
    zh_remedy = "请使用事实目录中的名称和取值；不了解的事实请留空。"


@dataclass(frozen=True)
class Facts:
    """Proposed acts as columns of shape (n,) by fact; one that is not there is unknown. Zones are indices into `zones`.

    A column may have one element that stands for all rows: what is the same everywhere is worked out once.
    """

    n: int
    columns: Mapping[str, Ints]
    zones: tuple[str, ...] = ()

    @classmethod
    def of(cls, n: int, zones: tuple[str, ...] = (), **given: npt.ArrayLike) -> Self:
        """Columns given by name; those not given are unknown. A single value stands for all rows.

        Raises `UnknownFact` for a name outside the catalogue and for a code outside its list: an impossible code would
        otherwise pass as "some other value" and switch rules off.
        """
        for name in given.keys() - FACTS.keys():
            raise UnknownFact(name=name, value=given[name])
        return cls(n, {name: _column(name, column, len(zones)) for name, column in given.items()}, zones)

    def __getitem__(self, name: str) -> Ints:
        """The column of a fact, shape (n,)."""
        return np.broadcast_to(self.narrow(name), self.n)

    def narrow(self, name: str) -> Ints:
        """The column of a fact, shape (n,), or (1,) where one value stands for all rows."""
        column = self.columns.get(name)
        return _ABSENT[name] if column is None else column

    def __len__(self) -> int:
        """How many proposals."""
        return self.n

    def known(self, name: str) -> Bool:
        """Where the fact is known, shape (n,) or (1,)."""
        return np.not_equal(self.narrow(name), FACTS[name].unknown)

    def is_in(self, name: str, values: frozenset[int]) -> Bool:
        """Where the fact has one of some values, shape (n,) or (1,); False where it is unknown."""
        column = self.narrow(name)
        found = np.zeros(len(column), bool)
        for value in values:  # few: comparing each is faster than a lookup
            found |= column == value
        return found

    def at(self, utc_minute: Ints) -> Self:
        """The same proposals at other instants."""
        return replace(self, columns={**self.columns, "at": utc_minute})

    def take(self, rows: Rows | slice) -> Self:
        """Some of the proposals."""
        n = len(range(self.n)[rows]) if isinstance(rows, slice) else len(rows)
        return replace(
            self, n=n, columns={name: c if len(c) == 1 < self.n else c[rows] for name, c in self.columns.items()}
        )

    def row(self, i: int) -> dict[str, Any]:
        """One proposal in names instead of numbers, without what is unknown: for the record, and to judge again."""
        found = {name: int(column[i if len(column) > 1 else 0]) for name, column in self.columns.items()}
        return {
            name: _said(name, found[name], self.zones)
            for name, fact in FACTS.items()
            if found.get(name, fact.unknown) != fact.unknown
        }

    @classmethod
    def from_rows(cls, rows: Sequence[Mapping[str, Any]]) -> Self:
        """Proposals written in names, as `row` writes them. Raises `UnknownFact`."""
        for row in rows:
            for name in row.keys() - FACTS.keys():
                raise UnknownFact(name=name, value=row[name])
        zones = tuple(sorted({row["zone"] for row in rows if row.get("zone")}))
        told = sorted({name for row in rows for name in row})
        return cls.of(len(rows), zones, **{n: [number_of(n, row.get(n), zones) for row in rows] for n in told})


def _column(name: str, given: npt.ArrayLike, zones: int) -> Ints:
    column = np.atleast_1d(np.asarray(given))
    values = FACTS[name].values
    top = zones if name == "zone" else len(values) if values else None
    if not np.issubdtype(column.dtype, np.signedinteger):
        column = column.astype(np.int64, casting="safe" if column.size else "unsafe")
    if top is None:
        return column.astype(np.int64, copy=False)
    if column.size and (column.min() < UNKNOWN or column.max() >= top):
        raise UnknownFact(name=name, value=int(column.max() if column.max() >= top else column.min()))
    return column.astype(
        np.int8 if top <= np.iinfo(np.int8).max else np.int16, copy=False
    )  # narrow: comparing bytes is the whole work


_ABSENT: Mapping[str, Ints] = {
    name: np.array([fact.absent], np.int8 if fact.values else np.int64) for name, fact in FACTS.items()
}


def _said(name: str, value: int, zones: tuple[str, ...]) -> str | int:
    fact = FACTS[name]
    if name == "zone":
        return zones[value]
    if fact.form == Form.DAY:
        return date.fromordinal(_EPOCH + value).isoformat()
    return fact.values(value).name if fact.values else value


def number_of(name: str, value: Any, zones: tuple[str, ...] = ()) -> int:
    """The number of a fact written in names. Raises `UnknownFact`."""
    fact = FACTS[name]
    if value is None:
        return fact.absent
    if name == "zone":
        return zones.index(value)
    if fact.values is not None:
        return code_of(name, fact.values, value)
    if fact.form == Form.DAY:
        return day_of(name, value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise UnknownFact(name=name, value=value)
    return value


def day_of(name: str, value: Any) -> int:
    """Days since 1970 of a date or its ISO form. Raises `UnknownFact`."""
    try:
        on = value if isinstance(value, date) else date.fromisoformat(value)
    except (TypeError, ValueError):
        raise UnknownFact(name=name, value=value) from None
    return on.toordinal() - _EPOCH


def code_of(name: str, values: type[Code], said: Any) -> int:
    """The number of a code written by name; `True` and `False` are YES and NO. Raises `UnknownFact`."""
    word = str(said) if not isinstance(said, bool) else "YES" if said else "NO"
    if word not in values.__members__:
        raise UnknownFact(name=name, value=said)
    return int(values[word])
