"""The decision table: the first row that fits decides, gaps and dead rows are found, the unknown fits nowhere."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from fairdue.core.strategy import NO_ROW, compile_table

SIZES = (3, 2, 4)
Row = tuple[frozenset[int] | None, ...]


def only(*values: int) -> frozenset[int]:
    return frozenset(values)


def test_the_first_row_that_fits_decides() -> None:
    table = compile_table([(only(1), None, None), (None, None, only(2)), (None, None, None)], SIZES)
    found = table.lookup(np.array([1, 0, 0]), np.array([0, 1, 1]), np.array([2, 2, 3]))
    assert found.tolist() == [0, 1, 2]


def test_a_table_with_a_last_resort_has_no_gaps() -> None:
    assert compile_table([(only(0), None, None), (None, None, None)], SIZES).gaps() == []


def test_every_cell_nobody_decides_is_named() -> None:
    rows = [(only(0, 1), None, None), (only(2), only(0), None), (only(2), only(1), only(0, 1, 3))]
    table = compile_table(rows, SIZES)
    assert table.gaps() == [(2, 1, 2)]


def test_a_row_behind_a_wider_one_never_decides() -> None:
    rows = [(only(0), None, None), (only(0), only(1), None), (None, None, None)]
    assert compile_table(rows, SIZES).shadowed(len(rows)) == [1]


def test_a_row_taken_piece_by_piece_never_decides_either() -> None:
    rows = [(only(0), only(0), None), (only(0), only(1), None), (only(0), None, None), (None, None, None)]
    assert compile_table(rows, SIZES).shadowed(len(rows)) == [2]


def test_an_unknown_value_has_no_row() -> None:
    table = compile_table([(None, None, None)], SIZES)
    assert table.lookup(np.array([-1, 0, 3]), np.array([0, -1, 0]), np.array([0, 0, 0])).tolist() == [NO_ROW] * 3


def test_no_cases_give_no_rows() -> None:
    empty = np.array([], np.int8)
    assert compile_table([(None, None, None)], SIZES).lookup(empty, empty, empty).tolist() == []


def some(size: int) -> st.SearchStrategy[frozenset[int] | None]:
    return st.none() | st.frozensets(st.integers(0, size - 1))


tables = st.lists(st.tuples(*(some(size) for size in SIZES)), max_size=8)
cells = st.lists(st.tuples(*(st.integers(-1, size) for size in SIZES)), min_size=1, max_size=30)


def twin(rows: list[Row], cell: tuple[int, ...]) -> int:
    """Walk the rows from the top."""
    if not all(0 <= value < size for value, size in zip(cell, SIZES, strict=True)):
        return NO_ROW
    fits = (all(some is None or v in some for some, v in zip(row, cell, strict=True)) for row in rows)
    return next((number for number, fit in enumerate(fits) if fit), NO_ROW)


@settings(max_examples=100, deadline=None)
@given(tables, cells)
def test_the_dense_table_agrees_with_walking_the_rows(rows: list[Row], asked: list[tuple[int, ...]]) -> None:
    table = compile_table(rows, SIZES)
    found = table.lookup(*(np.array(column, np.int8) for column in zip(*asked, strict=True)))
    assert found.tolist() == [twin(rows, cell) for cell in asked]
    everything = {twin(rows, cell): cell for cell in np.ndindex(*SIZES)}
    assert table.shadowed(len(rows)) == [n for n in range(len(rows)) if n not in everything]
    assert bool(table.gaps()) == (NO_ROW in everything)
