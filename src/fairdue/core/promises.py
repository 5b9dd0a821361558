"""Judges promises to pay by what was paid: kept, partly kept or broken, each promise for itself, never by hand.

A payment counts for the promise that fell due first and still has room, within the days from the promise to the end of
its grace (FIFO); what is left counts for the next. Payments that were reversed are not in what this is given, so that a
reversal undoes a judgement. Amounts are minor units, dates datetime64[D].
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fairdue.core.codes import Code

I8 = npt.NDArray[np.int8]
I64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]
Days = npt.NDArray[np.datetime64]
PPM = 1_000_000


class PromiseStatus(Code):
    """Where a promise stands."""

    OPEN = (0, "待兑现", "Running")
    KEPT = (1, "已兑现", "Kept")
    PARTLY_KEPT = (2, "部分兑现", "Partly kept")
    BROKEN = (3, "未兑现", "Broken")
    SUPERSEDED = (4, "已更新", "Superseded")


@dataclass(frozen=True)
class Promised:
    """Promises, shape (n,). `live` is false where a later promise took its place: such a one takes no payment.

    `person` groups promises and payments; `threshold_ppm` is the share of the amount that counts as kept.
    """

    person: I64
    made_on: Days
    due_on: Days
    grace_days: I64
    amount: I64
    threshold_ppm: I64
    live: Bool

    @property
    def until(self) -> Days:
        """The last day on which a payment still counts."""
        last: Days = self.due_on + self.grace_days.astype("timedelta64[D]")
        return last

    @property
    def needed(self) -> I64:
        """What must have come in for the promise to count as kept, rounded up; split so that it cannot overflow."""
        whole, rest = self.amount // PPM, self.amount % PPM
        needed: I64 = whole * self.threshold_ppm + -(-rest * self.threshold_ppm // PPM)
        return needed


@dataclass(frozen=True)
class Paid:
    """Payments that stand, shape (m,): reversed ones are left out."""

    person: I64
    on: Days
    amount: I64


def judge(p: Promised, paid: Paid, as_of: np.datetime64) -> tuple[I8, I64]:
    """Status (codes of `PromiseStatus`) and what counts as paid on each promise, shape (n,), at the end of `as_of`."""
    got = appropriate(p, paid, as_of)
    matured = p.until < as_of
    policies = (
        (~p.live, PromiseStatus.SUPERSEDED),
        (got >= p.needed, PromiseStatus.KEPT),
        (~matured, PromiseStatus.OPEN),
        (got > 0, PromiseStatus.PARTLY_KEPT),
    )
    found = np.select([mask for mask, _ in policies], [int(s) for _, s in policies], int(PromiseStatus.BROKEN))
    return found.astype(np.int8), got


def appropriate(p: Promised, paid: Paid, as_of: np.datetime64) -> I64:
    """What counts as paid on each promise, shape (n,): earliest due first, each payment once."""
    order = np.lexsort((paid.on, paid.person))
    person, on = paid.person[order], paid.on[order]
    left = np.where(on <= as_of, np.maximum(paid.amount[order], 0), 0)
    got = np.zeros(len(p.amount), np.int64)
    for turn in _turns(p):
        taken = _take(p, turn, person, on, left)
        left -= taken[0]
        got[turn] = taken[1]
    return got


def _turns(p: Promised) -> list[npt.NDArray[np.intp]]:
    """The live promises in rounds: the first due of everybody, the second of everybody, and so on."""
    order = np.lexsort((np.arange(len(p.amount)), p.made_on, p.due_on, p.person))
    order = order[p.live[order]]
    who = p.person[order]
    first = np.r_[True, who[1:] != who[:-1]] if len(who) else np.zeros(0, bool)
    starts = np.maximum.accumulate(np.where(first, np.arange(len(who)), 0)) if len(who) else np.zeros(0, np.int64)
    rank = np.arange(len(who)) - starts
    return [order[rank == turn] for turn in range(int(rank.max()) + 1)] if len(who) else []


def _take(p: Promised, turn: npt.NDArray[np.intp], person: I64, on: Days, left: I64) -> tuple[I64, I64]:
    """What one promise per person takes of each payment, and in all; `person` is sorted, so are dates within it."""
    people = p.person[turn]  # sorted and each once
    at = np.searchsorted(people, person)
    mine = at < len(people)
    mine[mine] = people[at[mine]] == person[mine]
    row = turn[np.where(mine, at, 0)]
    open_to = np.where(mine & (on >= p.made_on[row]) & (on <= p.until[row]), left, 0)
    before = np.cumsum(open_to) - open_to
    start = np.searchsorted(person, people)
    base = np.zeros(len(person), np.int64)
    known = np.flatnonzero(mine)
    base[known] = before[start[at[known]]]
    room = np.maximum(p.amount[row] - (before - base), 0)
    taken = np.minimum(open_to, np.where(mine, room, 0))
    total = np.zeros(len(turn), np.int64)
    np.add.at(total, at[known], taken[known])
    return taken, total
