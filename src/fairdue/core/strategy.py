"""A decision table compiled to a dense lookup: the first row that fits each cell, found once and not per case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Sequence

Codes = npt.NDArray[np.integer]
Rows = npt.NDArray[np.int32]
NO_ROW = -1


@dataclass(frozen=True)
class Table:
    """`cells[a, b, c]` is the number of the row that decides that cell, NO_ROW where none does."""

    cells: Rows

    def lookup(self, *dimensions: Codes) -> Rows:
        """Find the deciding row per case, shape (n,) like each dimension; NO_ROW where a value is not in the table."""
        known = np.logical_and.reduce(
            [(d >= 0) & (d < size) for d, size in zip(dimensions, self.cells.shape, strict=True)]
        )
        return np.where(known, self.cells[tuple(np.where(known, d, 0) for d in dimensions)], NO_ROW).astype(np.int32)

    def gaps(self) -> list[tuple[int, ...]]:
        """List the cells that no row decides: none where the table is complete."""
        return [tuple(int(i) for i in cell) for cell in np.argwhere(self.cells == NO_ROW)]

    def shadowed(self, rows: int) -> list[int]:
        """List those of the first `rows` rows that never decide because others stand before them."""
        return sorted(set(range(rows)) - set(self.cells.ravel().tolist()))


def compile_table(rows: Sequence[Sequence[frozenset[int] | None]], sizes: tuple[int, ...]) -> Table:
    """Compile first-match rows: per dimension the values a row takes (None: any), of `sizes` values each."""
    cells = np.full(sizes, NO_ROW, np.int32)
    for number, row in reversed(list(enumerate(rows))):  # the first match is written last
        picked = (sorted(range(size) if some is None else some) for some, size in zip(row, sizes, strict=True))
        cells[np.ix_(*(np.array(values, np.intp) for values in picked))] = number
    return Table(cells)
