"""A decision table compiled to a dense lookup: the first row that fits each cell, found once and not per case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.int8]
NO_ROW = -1


@dataclass(frozen=True)
class Table:
    """`cells[a, b, c]` is the number of the row that decides; `sizes` are the numbers of values per dimension."""

    cells: npt.NDArray[np.int32]
    sizes: tuple[int, ...]

    def lookup(self, *dimensions: Codes) -> npt.NDArray[np.int32]:
        """The deciding row per case; dimensions of shape (n,)."""
        return self.cells[tuple(np.asarray(d, np.intp) for d in dimensions)]

    def gaps(self) -> list[tuple[int, ...]]:
        """Cells that no row decides: empty when the table is complete."""
        return [tuple(int(i) for i in cell) for cell in np.argwhere(self.cells == NO_ROW)]

    def shadowed(self, rows: int) -> list[int]:
        """Rows that never decide because others stand before them."""
        return sorted(set(range(rows)) - set(np.unique(self.cells).tolist()))


def compile_table(rows: Sequence[Sequence[frozenset[int] | None]], sizes: tuple[int, ...]) -> Table:
    """The dense form of first-match rows. Each row has, per dimension, the values it takes (None: any)."""
    cells = np.full(sizes, NO_ROW, np.int32)
    for number, row in enumerate(rows):
        picked = [np.array(sorted(range(size) if some is None else some)) for some, size in zip(row, sizes, strict=True)]
        here = np.ix_(*picked)
        cells[here] = np.where(cells[here] == NO_ROW, number, cells[here])
    return Table(cells, sizes)
