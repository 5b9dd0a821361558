"""Settlements judged over columns give what a plain reading of the words gives, for one offer and for many at once."""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np

from fairdue.core.settlement import Agreed, Received, SettlementState, judge

DAY = np.timedelta64(1, "D")
START = np.datetime64("2026-10-01")


@dataclass(frozen=True)
class Drawn:
    """One offer in plain words: parts as (day, amount), payments as (day, amount), all days counted from the start."""

    before: int
    parts: tuple[tuple[int, int], ...]
    paid: tuple[tuple[int, int], ...]


def plain(one: Drawn, on: int) -> tuple[SettlementState, int | None, int]:
    """The twin: walk through the days."""
    total, last, sum_paid = sum(a for _, a in one.parts), max(d for d, _ in one.parts), -one.before
    state: SettlementState = SettlementState.OFFERED
    since = None
    for day in range(on + 1):
        if state == SettlementState.OFFERED:
            due = sum(a for d, a in one.parts if d < day)
            if sum_paid < due and any(d == day - 1 for d, _ in one.parts):
                state, since = SettlementState.LAPSED, day
        if day <= last:
            sum_paid += sum(a for d, a in one.paid if d == day)
        if (
            state == SettlementState.OFFERED
            and sum_paid >= total
            and day <= last
            and any(d == day for d, _ in one.paid)
        ):
            state, since = SettlementState.MET, day
    return state, since, sum_paid


def drawn(draw: random.Random) -> Drawn:
    days = sorted(draw.sample(range(12), draw.randint(1, 4)))
    parts = tuple((day, draw.randint(1, 5)) for day in days)
    paid: dict[int, int] = {}
    for _ in range(draw.randint(0, 6)):
        paid[draw.randrange(14)] = draw.randint(1, 6)
    before = draw.choice((0, 0, draw.randint(0, 2)))
    if before:
        paid[0] = paid.get(0, 0) + before
    return Drawn(before, parts, tuple(paid.items()))


def columns(rows: list[Drawn]) -> tuple[Agreed, Received]:
    parts = [(number, day, amount) for number, row in enumerate(rows) for day, amount in row.parts]
    paid = [(number, day, amount) for number, row in enumerate(rows) for day, amount in row.paid]

    def column(of: list[tuple[int, int, int]], at: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return np.array([one[at] for one in of], np.int64)

    agreed = Agreed(np.full(len(rows), START), np.array([row.before for row in rows], np.int64), column(parts, 0),
                    START + column(parts, 1) * DAY, column(parts, 2))  # fmt: skip
    return agreed, Received(column(paid, 0), START + column(paid, 1) * DAY, column(paid, 2))


def test_columns_and_plain_words_agree_on_every_day() -> None:
    draw = random.Random(23)
    seen = set()
    for _ in range(40):
        rows = [drawn(draw) for _ in range(25)]
        for on in range(0, 15, 2):
            found = judge(*columns(rows), START + on * DAY)
            for number, row in enumerate(rows):
                state, since, paid = plain(row, on)
                said = (SettlementState(int(found.state[number])), found.since[number], int(found.paid[number]))
                day = np.datetime64("NaT") if since is None else START + since * DAY
                assert said[0] == state, (row, on)
                assert (np.isnat(said[1]) and np.isnat(day)) or said[1] == day, (row, on)
                assert said[2] == paid, (row, on)
                seen.add(state)
    assert seen == {SettlementState.OFFERED, SettlementState.MET, SettlementState.LAPSED}


def test_one_alone_is_judged_as_among_many() -> None:
    draw = random.Random(7)
    rows = [drawn(draw) for _ in range(60)]
    together = judge(*columns(rows), START + 9 * DAY)
    for number, row in enumerate(rows):
        alone = judge(*columns([row]), START + 9 * DAY)
        assert (alone.state[0], alone.paid[0]) == (together.state[number], together.paid[number])
