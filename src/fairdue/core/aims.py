"""What the next contact is for: the first row of a table whose conditions hold on what is known, over columns.

A condition names a column of codes and the values that fit (UNKNOWN = -1 is a value like any other: most rows ask for what
is *not* known). Where no row fits, the aim that was proposed stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

I8 = npt.NDArray[np.int8]
I16 = npt.NDArray[np.int16]
I64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]
NO_ROW = -1


@dataclass(frozen=True)
class Condition:
    """A column has one of the values or, `other`, none of them."""

    column: str
    values: frozenset[int]
    other: bool = False

    def holds(self, columns: Mapping[str, I64]) -> Bool:
        """Where it holds, shape (n,)."""
        found = np.isin(columns[self.column], sorted(self.values))
        return ~found if self.other else found

    def fits(self, value: int) -> bool:
        """The same for one value."""
        return (value in self.values) != self.other


@dataclass(frozen=True)
class AimRow:
    """One row: all its conditions, and the aim they lead to (a code of `Aim`)."""

    when: tuple[Condition, ...]
    aim: int


def choose(rows: Sequence[AimRow], columns: Mapping[str, I64], proposed: I8) -> tuple[I8, I16]:
    """The aim per case and the number of the row that set it (NO_ROW: the proposed aim stands), both shape (n,)."""
    masks = [np.logical_and.reduce([c.holds(columns) for c in row.when]) for row in rows]
    if not masks:
        return proposed.astype(np.int8), np.full(len(proposed), NO_ROW, np.int16)
    aim = np.select(masks, [row.aim for row in rows], proposed)
    number = np.select(masks, list(range(len(rows))), NO_ROW)
    return aim.astype(np.int8), number.astype(np.int16)


def shadowed(rows: Sequence[AimRow]) -> list[tuple[int, int]]:
    """Pairs (row, the earlier row that always fits where it does): such a row never decides."""
    return [
        (late, early)
        for late in range(len(rows))
        for early in range(late)
        if all(_implied(one, rows[late].when) for one in rows[early].when)
    ]


def _implied(wanted: Condition, by: Sequence[Condition]) -> bool:
    """Whether some condition on the same column never holds where `wanted` does not."""
    same = [one for one in by if one.column == wanted.column]
    return any(_within(one, wanted) for one in same)


def _within(inner: Condition, outer: Condition) -> bool:
    if inner.other and outer.other:
        return inner.values >= outer.values
    if inner.other:
        return False
    return all(outer.fits(value) for value in inner.values)
