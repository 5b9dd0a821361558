"""Whether a settlement was kept: paid in the agreed parts by their days, or it lapses; a column of one is one offer.

Only what counts from the day of the offer on is looked at, so the same postings give the same answer on any later day, in
whatever order they became known: a payment told late but made in time keeps the offer, one taken back breaks it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fairdue.core.codes import Code
from fairdue.core.dates import Days

I8 = npt.NDArray[np.int8]
I64 = npt.NDArray[np.int64]
SPAN = 10_000_000  # days; more than any calendar of ours holds


class SettlementState(Code):
    """Where an offer to settle stands."""

    AWAITING = (0, "待审批", "Waits for approval")
    OFFERED = (1, "有效", "Open")
    MET = (2, "已履行", "Kept")
    LAPSED = (3, "已失效", "Lapsed")
    REFUSED = (4, "未批准", "Refused")
    WITHDRAWN = (5, "已撤回", "Withdrawn")


JUDGED = (SettlementState.OFFERED, SettlementState.MET, SettlementState.LAPSED)


@dataclass(frozen=True)
class Agreed:
    """Offers, shape (n,): first day that counts and what had been paid on it before; parts, shape (p,), by offer and day."""

    since: Days
    before: I64
    of: I64
    due: Days
    amount: I64


@dataclass(frozen=True)
class Received:
    """Payments net of what was taken back, shape (r,): offer, day they count from, minor units."""

    of: I64
    on: Days
    amount: I64


@dataclass(frozen=True)
class Judged:
    """Per offer: OFFERED, MET or LAPSED, the day it became so (not a time while open), and what was paid in time."""

    state: I8
    since: Days
    paid: I64


def judge(agreed: Agreed, received: Received, on: np.datetime64) -> Judged:
    """What became of each offer by the end of the day `on`, shape (n,)."""
    size = len(agreed.since)
    ledger = _ledger(agreed, received, on)
    total = np.bincount(agreed.of, agreed.amount, size).astype(np.int64)
    last = np.full(size, np.datetime64(0, "D"))
    np.maximum.at(last, agreed.of, agreed.due)
    lapsed = _lapsed(agreed, ledger, on, size)
    met = _met(agreed, ledger, total, last)
    kept = ~np.isnat(met) & (np.isnat(lapsed) | (met < lapsed))
    broken = ~kept & ~np.isnat(lapsed)
    state = np.select(
        [kept, broken], [int(SettlementState.MET), int(SettlementState.LAPSED)], int(SettlementState.OFFERED)
    )
    since = np.where(kept, met, np.where(broken, lapsed, np.datetime64("NaT", "D")))
    paid = _until(ledger, np.arange(size), np.minimum(last, on)) - agreed.before
    return Judged(state.astype(np.int8), since, paid)


@dataclass(frozen=True)
class _Ledger:
    """Payments in order of offer and day: keys, their running sum from zero."""

    key: I64
    running: I64


def _key(of: I64, on: Days) -> I64:
    return of * SPAN + on.astype("datetime64[D]").astype(np.int64) + SPAN // 2


def _ledger(agreed: Agreed, received: Received, on: np.datetime64) -> _Ledger:
    counts = (received.on >= agreed.since[received.of]) & (received.on <= on)
    key = _key(received.of[counts], received.on[counts])
    order = np.argsort(key, kind="stable")
    return _Ledger(key[order], np.r_[0, np.cumsum(received.amount[counts][order])].astype(np.int64))


def _until(ledger: _Ledger, of: I64, day: Days) -> I64:
    """What was paid on an offer up to the end of a day."""
    first = np.searchsorted(ledger.key, of * SPAN, "left")
    found: I64 = ledger.running[np.searchsorted(ledger.key, _key(of, day), "right")] - ledger.running[first]
    return found


def _lapsed(agreed: Agreed, ledger: _Ledger, on: np.datetime64, size: int) -> Days:
    """The first day after a part that was short on its day; not a time where none is."""
    order = np.lexsort((agreed.due, agreed.of))
    of, due, amount = agreed.of[order], agreed.due[order], agreed.amount[order]
    needed = np.r_[0, np.cumsum(amount)].astype(np.int64)
    first = np.searchsorted(of, of, "left")
    short = (_until(ledger, of, due) - agreed.before[of] < needed[1:] - needed[first]) & (due < on)
    far = np.datetime64(SPAN // 2, "D")
    found = np.full(size, far)
    np.minimum.at(found, of[short], due[short] + 1)
    return np.where(found == far, np.datetime64("NaT", "D"), found)


def _met(agreed: Agreed, ledger: _Ledger, total: I64, last: Days) -> Days:
    """The first day on which all of it was there; not a time where it never was by the last day."""
    of = ledger.key // SPAN
    day = (ledger.key - of * SPAN - SPAN // 2).astype("datetime64[D]")
    start = ledger.running[np.searchsorted(ledger.key, of * SPAN, "left")]
    there = (ledger.running[1:] - start - agreed.before[of] >= total[of]) & (day <= last[of])
    far = np.datetime64(SPAN // 2, "D")
    found = np.full(len(total), far)
    np.minimum.at(found, of[there], day[there])
    return np.where(found == far, np.datetime64("NaT", "D"), found)
