"""Whose money it is, over columns: reference → virtual account → amount, name and account tail → learned payer.

Texts come as 64-bit keys (0: nothing was said). A rule books by itself only where two things agree and one debt is left; all
else is a candidate for a person. A reference that the payer's name and the amount both contradict may be a slip of the
pen that hits somebody else's number, so it is not booked.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fairdue.core.codes import Code

I8 = npt.NDArray[np.int8]
I64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]


class How(Code):
    """The rule that matched."""

    NONE = (0, "未匹配", "Not matched")
    REFERENCE = (1, "附言中的账号", "Reference")
    VIRTUAL = (2, "虚拟账号", "Virtual account")
    NAME = (3, "金额、户名与尾号", "Amount, name and account tail")
    LEARNED = (4, "已知付款人", "Known payer")


SCORES = np.array([0, 98, 99, 96, 95], np.int8)


@dataclass(frozen=True)
class Debts:
    """Debts, shape (n,): keys, and amounts somebody would pay, shape (m,) with the debt each belongs to."""

    customer: I64
    number: I64
    virtual: I64
    name: I64
    folded: I64
    tail: I64
    amount_of: I64
    amount: I64


@dataclass(frozen=True)
class Lines:
    """Payments, shape (k,); the words in what the payer wrote as keys, shape (t,) with the line each belongs to."""

    amount: I64
    virtual: I64
    name: I64
    folded: I64
    tail: I64
    payer: I64  # the customer this payer paid for before; -1: none
    token_of: I64
    token: I64


@dataclass(frozen=True)
class Matched:
    """Per line the debt (-1: none) and the rule; and pairs (line, debt, score) for a person."""

    debt: I64
    how: I8
    pair_line: I64
    pair_debt: I64
    pair_score: I8


def match(lines: Lines, debts: Debts) -> Matched:
    """One debt per line or none, shape (k,), each by the first rule that is sure; candidates where none is."""
    pairs = {
        How.REFERENCE: _join(lines.token, lines.token_of, debts.number),
        How.VIRTUAL: _join(lines.virtual, np.arange(len(lines.amount)), debts.virtual),
        How.NAME: _join(lines.folded, np.arange(len(lines.amount)), debts.folded),
        How.LEARNED: _join(lines.payer + 1, np.arange(len(lines.amount)), debts.customer + 1),
    }
    found, how = np.full(len(lines.amount), -1, np.int64), np.zeros(len(lines.amount), np.int8)
    for rule, (line, debt) in pairs.items():
        sure = _sure(rule, line, debt, lines, debts)
        alone = _only(line[sure], debt[sure], len(found))
        take = (found < 0) & (alone >= 0)
        found[take], how[take] = alone[take], int(rule)
    return Matched(found, how, *_candidates(pairs, found, lines, debts))


def _join(key: I64, of: I64, other: I64) -> tuple[I64, I64]:
    """Every pair of equal keys that say something: index of the line, index of the debt."""
    order = np.argsort(other, kind="stable")
    ordered = other[order]
    first, last = np.searchsorted(ordered, key, "left"), np.searchsorted(ordered, key, "right")
    count = np.where(key != 0, last - first, 0)
    place = (
        np.repeat(first - np.r_[0, np.cumsum(count)[:-1]], count) + np.arange(int(count.sum())) if len(key) else first
    )
    return np.repeat(of, count), order[place.astype(np.int64)]


def _amount_agrees(line: I64, debt: I64, lines: Lines, debts: Debts) -> Bool:
    """Whether the payment is one of the sums somebody would pay on that debt."""
    low = int(min(debts.amount.min(initial=0), lines.amount.min(initial=0)))
    span = int(max(debts.amount.max(initial=0), lines.amount.max(initial=0))) - low + 1
    if span * max(1, len(debts.customer)) >= 2**62:  # amounts so large that the two do not fit one key: one by one
        known = set(zip(debts.amount_of.tolist(), debts.amount.tolist(), strict=True))
        return np.array(
            [pair in known for pair in zip(debt.tolist(), lines.amount[line].tolist(), strict=True)], np.bool_
        )
    known_keys = np.sort(debts.amount_of * span + (debts.amount - low))
    asked = debt * span + (lines.amount[line] - low)
    at = np.minimum(np.searchsorted(known_keys, asked), max(0, len(known_keys) - 1))
    found: Bool = known_keys[at] == asked if len(known_keys) else np.zeros(len(asked), np.bool_)
    return found


def _same(mine: I64, theirs: I64) -> Bool:
    same: Bool = (mine == theirs) & (mine != 0)
    return same


def _agreement(line: I64, debt: I64, lines: Lines, debts: Debts) -> tuple[Bool, Bool, Bool]:
    name = _same(lines.name[line], debts.name[debt]) | _same(lines.folded[line], debts.folded[debt])
    return _amount_agrees(line, debt, lines, debts), name, _same(lines.tail[line], debts.tail[debt])


def _sure(rule: How, line: I64, debt: I64, lines: Lines, debts: Debts) -> Bool:
    """Which pairs a rule books by itself."""
    amount, name, tail = _agreement(line, debt, lines, debts)
    if rule == How.VIRTUAL:
        return np.ones(len(line), np.bool_)
    if rule == How.REFERENCE:
        return amount | name | tail
    if rule == How.NAME:
        return amount & name & tail
    one_debt: Bool = np.bincount(line, minlength=len(lines.amount))[line] == 1
    return amount | one_debt


def _only(line: I64, debt: I64, size: int) -> I64:
    """The one debt a line was paired with; -1 where it was none or several."""
    pairs = np.unique(np.stack([line, debt], axis=1), axis=0) if len(line) else np.zeros((0, 2), np.int64)
    count = np.bincount(pairs[:, 0], minlength=size)
    found = np.full(size, -1, np.int64)
    found[pairs[:, 0]] = pairs[:, 1]
    return np.where(count == 1, found, -1)


def _candidates(pairs: dict[How, tuple[I64, I64]], found: I64, lines: Lines, debts: Debts) -> tuple[I64, I64, I8]:
    """What is left to a person: reference 50, amount 25, name 20, tail 20, known payer 30, at most 94."""
    line = np.concatenate([pair[0] for pair in pairs.values()])
    debt = np.concatenate([pair[1] for pair in pairs.values()])
    rule = np.concatenate([np.full(len(pair[0]), int(how)) for how, pair in pairs.items()])
    left = found[line] < 0
    both, at = np.unique(np.stack([line[left], debt[left]], axis=1), axis=0, return_inverse=True)
    score = np.zeros(len(both), np.int64)
    for how, weight in ((How.REFERENCE, 50), (How.VIRTUAL, 60), (How.LEARNED, 30)):
        has = np.zeros(len(both), np.bool_)
        has[at.reshape(-1)[rule[left] == how]] = True
        score += has * weight
    for agrees, weight in zip(_agreement(both[:, 0], both[:, 1], lines, debts), (25, 20, 20), strict=True):
        score += agrees * weight
    return both[:, 0], both[:, 1], np.minimum(score, 94).astype(np.int8)
