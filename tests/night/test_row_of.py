"""Rows found in NumPy are those a plain loop finds."""

from __future__ import annotations

import random

import numpy as np

from fairdue.core.reach import last_in_a_row
from fairdue.steps.rows import NONE, counted, row_of, taken


def test_a_row_is_found_where_the_id_stands_and_nowhere_else() -> None:
    rng = random.Random(7)
    for _ in range(300):
        ids = rng.sample(range(-5, 60), rng.randrange(0, 20))
        wanted = [rng.randrange(-8, 65) for _ in range(rng.randrange(0, 30))]
        found = row_of(np.array(ids, np.int64), np.array(wanted, np.int64)).tolist()
        assert found == [ids.index(one) if one in ids else NONE for one in wanted]
        values = [rng.randrange(1000) for _ in ids]
        at = taken(np.array(values, np.int64), np.array(found, np.int64), -7).tolist()
        assert at == [values[row] if row >= 0 else -7 for row in found]
        assert counted(np.array(ids, np.int64), np.array(wanted, np.int64)).tolist() == [wanted.count(i) for i in ids]


def test_who_missed_the_last_tries_in_a_row() -> None:
    rng = random.Random(8)
    for _ in range(300):
        many, tries = rng.randrange(1, 4), [(rng.randrange(5), rng.random() < 0.6) for _ in range(rng.randrange(0, 25))]
        tries.sort(key=lambda one: one[0])
        mine = {who: [missed for whom, missed in tries if whom == who] for who, _ in tries}
        plain = sorted(who for who, missed in mine.items() if len(missed) >= many and all(missed[-many:]))
        whom, missed = np.array([w for w, _ in tries], np.int64), np.array([m for _, m in tries], bool)
        assert last_in_a_row(whom, missed, many).tolist() == plain
