"""Matching and designation over columns are what a plain reading of the rules gives, row by row."""

from __future__ import annotations

import random
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from fairdue.core.designation import Owed, split
from fairdue.core.matching import SCORES, Debts, How, Lines, match


@dataclass(frozen=True)
class Debt:
    """One debt in plain numbers; 0 is nothing known."""

    customer: int
    number: int
    virtual: int
    name: int
    folded: int
    tail: int
    amounts: tuple[int, ...]


@dataclass(frozen=True)
class Line:
    """One payment in plain numbers."""

    amount: int
    virtual: int
    name: int
    folded: int
    tail: int
    payer: int
    tokens: tuple[int, ...]


def agrees(line: Line, debt: Debt) -> tuple[bool, bool, bool]:
    name = (line.name == debt.name and line.name != 0) or (line.folded == debt.folded and line.folded != 0)
    return line.amount in debt.amounts, name, line.tail == debt.tail and line.tail != 0


def pairs(line: Line, debts: list[Debt]) -> dict[How, list[int]]:
    """What each rule looks at, with repetitions as often as a text names a number."""
    return {
        How.REFERENCE: [at for token in line.tokens if token for at, d in enumerate(debts) if d.number == token],
        How.VIRTUAL: [at for at, d in enumerate(debts) if line.virtual and d.virtual == line.virtual],
        How.NAME: [at for at, d in enumerate(debts) if line.folded and d.folded == line.folded],
        How.LEARNED: [at for at, d in enumerate(debts) if line.payer >= 0 and d.customer == line.payer],
    }


def plain(line: Line, debts: list[Debt]) -> tuple[int, How, dict[int, int]]:
    """The debt or -1, the rule, and candidates with their points."""
    looked = pairs(line, debts)
    for rule, rows in looked.items():
        sure = set()
        for at in rows:
            amount, name, tail = agrees(line, debts[at])
            yes = {
                How.REFERENCE: amount or name or tail, How.VIRTUAL: True, How.NAME: amount and name and tail,
                How.LEARNED: amount or len(rows) == 1,
            }[rule]  # fmt: skip
            sure |= {at} if yes else set()
        if len(sure) == 1:
            return sure.pop(), rule, {}
    weights = {How.REFERENCE: 50, How.VIRTUAL: 60, How.LEARNED: 30, How.NAME: 0}
    points = {}
    for at in {at for rows in looked.values() for at in rows}:
        got = sum(weights[rule] for rule, rows in looked.items() if at in rows)
        points[at] = min(94, got + sum(w for w, yes in zip((25, 20, 20), agrees(line, debts[at]), strict=True) if yes))
    return -1, How.NONE, points


def drawn(draw: random.Random) -> tuple[list[Line], list[Debt]]:
    some = draw.randrange  # small worlds, so that everything meets
    debts = [Debt(some(6), draw.choice((0, 1 + at)) if draw.random() < 0.9 else 1, some(5), some(5), some(4), some(4),
                  tuple(draw.sample(range(1, 8), draw.randint(0, 3)))) for at in range(draw.randint(1, 9))]  # fmt: skip
    lines = [Line(1 + some(8), some(5), some(5), some(4), some(4), some(7) - 1, tuple(some(9) for _ in range(some(4))))
             for _ in range(draw.randint(1, 9))]  # fmt: skip
    return lines, debts


def columns(lines: list[Line], debts: list[Debt]) -> tuple[Lines, Debts]:
    def one(of: list[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return np.array(of, np.int64)

    tokens = [(at, token) for at, line in enumerate(lines) for token in line.tokens]
    amounts = [(at, amount) for at, debt in enumerate(debts) for amount in debt.amounts]
    return (
        Lines(one([x.amount for x in lines]), one([x.virtual for x in lines]), one([x.name for x in lines]),
              one([x.folded for x in lines]), one([x.tail for x in lines]), one([x.payer for x in lines]),
              one([at for at, _ in tokens]), one([token for _, token in tokens])),
        Debts(one([d.customer for d in debts]), one([d.number for d in debts]), one([d.virtual for d in debts]),
              one([d.name for d in debts]), one([d.folded for d in debts]), one([d.tail for d in debts]),
              one([at for at, _ in amounts]), one([amount for _, amount in amounts])),
    )  # fmt: skip


def test_matching_over_columns_is_the_plain_reading_of_the_rules() -> None:
    draw, rules = random.Random(41), set()
    for _ in range(600):
        lines, debts = drawn(draw)
        found = match(*columns(lines, debts))
        for at, line in enumerate(lines):
            debt, how, points = plain(line, debts)
            rules.add(how)
            assert (int(found.debt[at]), How(int(found.how[at]))) == (debt, how), (line, debts)
            mine = found.pair_line == at
            told = dict(zip(found.pair_debt[mine].tolist(), found.pair_score[mine].tolist(), strict=True))
            assert told == points, (line, debts)
    assert rules == set(How)
    assert len(SCORES) == len(How)


def plain_split(
    amount: int, owed: list[tuple[int, bool, int, int, int | None]], said: list[int]
) -> tuple[list[int], int]:
    """Art. 560 read aloud: what was designated, then place by place; what a place shares stays open to a cent each."""
    given, left = [], amount
    for (balance, *_), want in zip(owed, said, strict=True):
        got = min(want, max(balance, 0), left)
        given.append(got)
        left -= got
    key = [
        (not due, security if due else 0, -rate, 10**9 if day is None else day) for _, due, security, rate, day in owed
    ]
    for place in sorted(set(key)):
        here = [at for at, one in enumerate(key) if one == place]
        room = {at: max(owed[at][0], 0) - given[at] for at in here}
        total = sum(room.values())
        if total <= left:
            shares = room
        else:
            exact = {at: Fraction(left * room[at], total) for at in here}
            shares = {at: int(one) for at, one in exact.items()}
            spare = left - sum(shares.values())
            for at in [at for at in here if room[at] > shares[at]][:spare]:
                shares[at] += 1
        for at, one in shares.items():
            given[at] += one
        left -= sum(shares.values())
    return given, left


def test_a_payment_over_several_debts_goes_as_the_law_reads() -> None:
    draw = random.Random(560)
    for _ in range(1_500):
        size = draw.randint(1, 6)
        owed = [(draw.randrange(-3, 40), draw.random() < 0.6, draw.randrange(2), draw.choice((0, 100, 200)),
                 draw.choice((None, 1, 2))) for _ in range(size)]  # fmt: skip
        said = [draw.choice((0, 0, draw.randrange(30))) for _ in range(size)]
        amount = draw.randrange(1, 90)
        days = np.array(["NaT" if day is None else f"2026-01-0{day}" for *_, day in owed], "datetime64[D]")
        kernel = Owed(np.array([one[0] for one in owed]), np.array([one[1] for one in owed]),
                      np.array([one[2] for one in owed]), np.array([one[3] for one in owed]), days)  # fmt: skip
        given, left = split(amount, kernel, np.array(said, np.int64))
        assert (given.tolist(), left) == plain_split(amount, owed, said), (amount, owed, said)
        assert int(given.sum()) + left == amount
