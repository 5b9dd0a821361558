"""Promises: every way of keeping and breaking one by example, and the columns against a plain twin."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pytest

from fairdue.core.promises import Paid, Promised, PromiseStatus, judge

TODAY = date(2026, 9, 30)
S = PromiseStatus


@dataclass(frozen=True)
class P:
    """A promise made ten days ago and due five days ago, of 100.00, with three days of grace."""

    person: int = 1
    made: int = -10
    due: int = -5
    grace: int = 3
    amount: int = 100_00
    threshold: int = 950_000
    live: bool = True


Payment = tuple[int, int, int]  # person, day, amount


def day(offset: int) -> date:
    return TODAY + timedelta(offset)


def columns(promises: list[P], payments: list[Payment]) -> tuple[Promised, Paid]:
    def dates(values: list[date]) -> np.ndarray:
        return np.array(values, "datetime64[D]")

    def whole(values: list[int]) -> np.ndarray:
        return np.array(values, np.int64)

    made = Promised(
        whole([p.person for p in promises]), dates([day(p.made) for p in promises]), dates([day(p.due) for p in promises]),
        whole([p.grace for p in promises]), whole([p.amount for p in promises]), whole([p.threshold for p in promises]),
        np.array([p.live for p in promises], bool),
    )  # fmt: skip
    paid = Paid(whole([w for w, _, _ in payments]), dates([day(d) for _, d, _ in payments]),
                whole([a for _, _, a in payments]))  # fmt: skip
    return made, paid


def judged(promises: list[P], payments: list[Payment]) -> list[tuple[PromiseStatus, int]]:
    status, got = judge(*columns(promises, payments), np.datetime64(TODAY))
    return [(PromiseStatus(int(s)), int(g)) for s, g in zip(status, got, strict=True)]


CASES: dict[str, tuple[list[P], list[Payment], list[tuple[PromiseStatus, int]]]] = {
    "nothing paid": ([P()], [], [(S.BROKEN, 0)]),
    "paid on the day": ([P()], [(1, -5, 100_00)], [(S.KEPT, 100_00)]),
    "paid on the last day of grace": ([P()], [(1, -2, 100_00)], [(S.KEPT, 100_00)]),
    "paid a day after grace": ([P()], [(1, -1, 100_00)], [(S.BROKEN, 0)]),
    "paid the day before it was promised": ([P()], [(1, -11, 100_00)], [(S.BROKEN, 0)]),
    "the threshold is enough": ([P()], [(1, -6, 95_00)], [(S.KEPT, 95_00)]),
    "a cent below the threshold": ([P()], [(1, -6, 94_99)], [(S.PARTLY_KEPT, 94_99)]),
    "in two payments": ([P()], [(1, -9, 40_00), (1, -3, 60_00)], [(S.KEPT, 100_00)]),
    "still running": ([P(due=1)], [(1, -1, 10_00)], [(S.OPEN, 10_00)]),
    "on the last day of grace it still runs": ([P(due=-3)], [], [(S.OPEN, 0)]),
    "kept before it is due": ([P(due=5)], [(1, 0, 100_00)], [(S.KEPT, 100_00)]),
    "another person's payment": ([P()], [(2, -5, 100_00)], [(S.BROKEN, 0)]),
    "a superseded one takes nothing": ([P(live=False), P(made=-8)], [(1, -5, 100_00)], [(S.SUPERSEDED, 0), (S.KEPT, 100_00)]),
    "one payment, two promises, the first due first": (
        [P(due=1), P(due=-5)], [(1, -6, 130_00)], [(S.OPEN, 30_00), (S.KEPT, 100_00)]),
    "what is too much stays uncounted": ([P()], [(1, -5, 500_00)], [(S.KEPT, 100_00)]),
    "a payment of tomorrow is not there yet": ([P(due=2)], [(1, 1, 100_00)], [(S.OPEN, 0)]),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_promise_is_judged_as_told(name: str) -> None:
    promises, payments, expected = CASES[name]
    assert judged(promises, payments) == expected


def twin(promises: list[P], payments: list[Payment]) -> list[tuple[PromiseStatus, int]]:
    """The same rule told row by row."""
    left = [[who, on, amount if on <= 0 else 0] for who, on, amount in payments]
    got = [0] * len(promises)
    for i in sorted(range(len(promises)), key=lambda i: (promises[i].due, promises[i].made, i)):
        p = promises[i]
        for payment in sorted(left, key=lambda one: one[1]):
            if p.live and payment[0] == p.person and p.made <= payment[1] <= p.due + p.grace:
                taken = min(payment[2], p.amount - got[i])
                payment[2] -= taken
                got[i] += taken
    return [(told(p, paid), paid) for p, paid in zip(promises, got, strict=True)]


def told(p: P, paid: int) -> PromiseStatus:
    if not p.live:
        return S.SUPERSEDED
    if paid * 1_000_000 >= p.amount * p.threshold:
        return S.KEPT
    if p.due + p.grace >= 0:
        return S.OPEN
    return S.PARTLY_KEPT if paid else S.BROKEN


def test_columns_say_what_the_plain_twin_says() -> None:
    draw = random.Random(20260930)
    for _ in range(400):
        promises = [
            P(draw.randint(1, 4), made := draw.randint(-30, 0), made + draw.randint(0, 20), draw.randint(0, 5),
              draw.randint(1, 500), draw.choice((800_000, 950_000, 1_000_000)), draw.random() < 0.8)
            for _ in range(draw.randint(0, 9))
        ]  # fmt: skip
        payments = [(draw.randint(1, 5), draw.randint(-35, 3), draw.randint(1, 400)) for _ in range(draw.randint(0, 9))]
        assert judged(promises, payments) == twin(promises, payments), (promises, payments)


def test_no_payment_counts_twice() -> None:
    draw = random.Random(7)
    for _ in range(100):
        promises = [P(1, -20, draw.randint(-10, 5), 3, draw.randint(1, 300)) for _ in range(5)]
        payments = [(1, draw.randint(-20, 0), draw.randint(1, 200)) for _ in range(4)]
        assert sum(got for _, got in judged(promises, payments)) <= sum(a for _, _, a in payments)


def test_the_largest_amounts_do_not_overflow() -> None:
    huge = 9 * 10**15
    assert judged([P(amount=huge)], [(1, -5, huge)]) == [(S.KEPT, huge)]
