"""The table of aims: the first row that fits decides, over columns as one by one, and no row stands for nothing."""

from __future__ import annotations

import random
from collections.abc import Mapping

import numpy as np

from fairdue.core.aims import NO_ROW, AimRow, Condition, choose, shadowed
from fairdue.core.codes import UNKNOWN, Aim
from fairdue.rules.talk.aims import load_aims, vocabulary

COLUMNS = ("a", "b", "c")


def condition(draw: random.Random, column: str) -> Condition:
    values = frozenset(draw.sample([UNKNOWN, 0, 1, 2], draw.randint(1, 3)))
    return Condition(column, values, other=draw.random() < 0.3)


def twin(rows: list[AimRow], case: Mapping[str, int], proposed: int) -> tuple[int, int]:
    for number, row in enumerate(rows):
        if all((case[c.column] in c.values) != c.other for c in row.when):
            return row.aim, number
    return proposed, NO_ROW


def test_columns_say_what_the_plain_twin_says() -> None:
    draw = random.Random(5)
    for _ in range(200):
        rows = [
            AimRow(tuple(condition(draw, c) for c in draw.sample(COLUMNS, draw.randint(1, 3))), draw.randint(0, 14))
            for _ in range(draw.randint(0, 6))
        ]
        cases = [{c: draw.choice([UNKNOWN, 0, 1, 2]) for c in COLUMNS} for _ in range(draw.randint(1, 12))]
        columns = {c: np.array([case[c] for case in cases], np.int64) for c in COLUMNS}
        aim, row = choose(rows, columns, np.full(len(cases), 7, np.int8))
        assert list(zip(aim.tolist(), row.tolist(), strict=True)) == [twin(rows, case, 7) for case in cases]


def test_a_row_that_is_called_shadowed_never_decides() -> None:
    draw = random.Random(8)
    every = [{"a": a, "b": b, "c": c} for a in range(-1, 3) for b in range(-1, 3) for c in range(-1, 3)]
    for _ in range(200):
        rows = [
            AimRow(tuple(condition(draw, c) for c in draw.sample(COLUMNS, draw.randint(1, 2))), n) for n in range(4)
        ]
        late = {pair[0] for pair in shadowed(rows)}
        assert not late & {twin(rows, case, 7)[1] for case in every}


def test_every_row_of_the_shipped_table_decides_some_case() -> None:
    table, known, draw = load_aims(), vocabulary(), random.Random(2)
    for number, row in enumerate(table.rows):
        wanted = {c.column: c for c in row.when}
        columns = {}
        for name in table.columns:
            values = [UNKNOWN, *known[name].values()]
            fits = [v for v in values if name not in wanted or wanted[name].fits(v)]
            columns[name] = np.array([draw.choice(fits) for _ in range(3_000)], np.int64)
        aim, found = choose(table.rows, columns, np.full(3_000, int(Aim.REST), np.int8))
        assert (found == number).any(), table.why(number)
        assert (aim[found == number] == row.aim).all()


def test_nothing_known_leaves_the_aim_that_was_proposed() -> None:
    table = load_aims()
    columns = {name: np.full(1, UNKNOWN, np.int64) for name in table.columns}
    for name in ("promise", "broken", "own_word", "unanswered", "talks", "has_point"):
        columns[name] = np.zeros(1, np.int64)
    aim, row = choose(table.rows, columns, np.array([int(Aim.WIN_PROMISE)], np.int8))
    assert (int(aim[0]), int(row[0])) == (Aim.WIN_PROMISE, NO_ROW)
