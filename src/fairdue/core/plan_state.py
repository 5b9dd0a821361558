"""Where a plan stands: judged from its schedule and the payments alone, never by hand.

Payments fill the oldest instalment first. A payment that was reversed never happened; one that is booked late counts from
the day it was made. So the answer for a day is a function of what is known, and asking again changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fairdue.core.codes import Code
from fairdue.core.dates import Days
from fairdue.core.money import I64

Mask = npt.NDArray[np.bool_]
_NAT = np.datetime64("NaT", "D")
_FAR = np.datetime64("9999-12-31", "D")


class PlanState(Code):
    """The life of a plan. The first five are steps people take, the others follow from payments."""

    PROPOSED = (0, "已提出", "Proposed")
    AWAITING = (1, "待审批", "Awaiting approval")
    APPROVED = (2, "已批准", "Approved")
    REJECTED = (3, "未批准", "Not approved")
    CANCELLED = (4, "已取消", "Cancelled")
    PERFORMING = (5, "履行中", "Performing")
    MISSED = (6, "有逾期未付", "A payment is missing")
    BROKEN = (7, "已违约", "Broken")
    COMPLETED = (8, "已完成", "Completed")
    SUPERSEDED = (9, "已由新方案替代", "Replaced by a new plan")


RUNNING = (PlanState.PERFORMING, PlanState.MISSED)  # collection rests
OFFERED = (PlanState.PROPOSED, PlanState.AWAITING, PlanState.APPROVED)
JUDGED = (*RUNNING, PlanState.BROKEN, PlanState.COMPLETED)  # what payments may change


@dataclass(frozen=True)
class Agreed:
    """Plans that were accepted, shape (n,), and their instalments, shape (m,), `plan` being an index into the n.

    `started`: the day of acceptance. `grace`, `breaks`: days after a due date on which a payment is still in time, and
    after which the plan is broken. `review`: the end of a deferral, NaT for a plan with instalments. `cleared`: nothing is
    owed any more.
    """

    started: Days
    grace: I64
    breaks: I64
    review: Days
    cleared: Mask
    plan: I64
    due: Days
    amount: I64


@dataclass(frozen=True)
class Receipts:
    """Payments net of reversals, shape (k,): which plan's debt, the day it counts from, the amount."""

    plan: I64
    day: Days
    amount: I64


@dataclass(frozen=True)
class Standing:
    """Where each plan stands, shape (n,).

    `state`: code of `PlanState`. `since`: the day it broke or was missed first, NaT otherwise. `paid`: what was paid on it
    by the day. `behind`: what is due by the day and unpaid. `next_due`: the first instalment not fully paid.
    """

    state: npt.NDArray[np.int8]
    since: Days
    paid: I64
    behind: I64
    next_due: Days


def judge(a: Agreed, r: Receipts, as_of: np.datetime64) -> Standing:
    """Where the plans stand at the end of a day."""
    order = np.lexsort((a.due, a.plan))
    plan, due = a.plan[order], a.due[order]
    needed = _running(plan, a.amount[order])
    n = len(a.started)
    paid = _paid(r, a, np.full(len(plan), as_of), plan)
    breaks_on = due + a.breaks[plan].astype("timedelta64[D]")
    late_on = due + a.grace[plan].astype("timedelta64[D]")
    broken = (breaks_on < as_of) & (_paid(r, a, breaks_on, plan) < needed)
    missing = (late_on < as_of) & (paid < needed)
    total = _per_plan(n, plan, a.amount[order])
    got = _paid(r, a, np.full(n, as_of), np.arange(n))
    done = np.where(np.isnat(a.review), (got >= total) | a.cleared, a.review <= as_of)
    breaks, misses = (_first(n, plan, due, mask) for mask in (broken, missing))
    paid_before_breaking = done & ~_any(n, plan, broken)
    state = np.select(
        [paid_before_breaking, _any(n, plan, broken), _any(n, plan, missing)],
        [PlanState.COMPLETED, PlanState.BROKEN, PlanState.MISSED], PlanState.PERFORMING,
    ).astype(np.int8)  # fmt: skip
    since = np.where(state == PlanState.BROKEN, breaks, np.where(state == PlanState.MISSED, misses, _NAT))
    fallen = _per_plan(n, plan, np.where(due <= as_of, a.amount[order], 0))
    return Standing(state, since, got, np.maximum(fallen - got, 0), _first(n, plan, due, paid < needed))


def _running(plan: I64, amount: I64) -> I64:
    """Sums within each plan up to and including each instalment; rows sorted by plan."""
    running = amount.cumsum()
    begins = np.searchsorted(plan, plan, "left")
    return np.asarray(running - np.where(begins > 0, running[begins - 1], 0), np.int64)


def _paid(r: Receipts, a: Agreed, until: Days, plan: I64) -> I64:
    """What was paid on `plan` from its start to `until`, per row."""
    counts = r.day >= a.started[r.plan] if len(r.plan) else np.zeros(0, bool)
    of, day, amount = r.plan[counts], r.day[counts].astype(np.int64), r.amount[counts]
    order = np.lexsort((day, of))
    of, day, sums = of[order], day[order], np.concatenate(([0], amount[order].cumsum()))
    key = of * _APART + day
    first = np.searchsorted(of, plan, "left")
    last = np.searchsorted(key, plan * _APART + until.astype(np.int64), "right")
    return np.asarray(sums[np.maximum(last, first)] - sums[first], np.int64)


_APART = 2**23  # days: more than there are from year 1 to 9999


def _per_plan(n: int, plan: I64, amount: I64) -> I64:
    total = np.zeros(n, np.int64)
    np.add.at(total, plan, amount)
    return total


def _any(n: int, plan: I64, mask: Mask) -> Mask:
    found = np.zeros(n, bool)
    found[plan[mask]] = True
    return found


def _first(n: int, plan: I64, day: Days, mask: Mask) -> Days:
    found = np.full(n, _FAR, "datetime64[D]")
    np.minimum.at(found, plan[mask], day[mask])
    return np.where(found == _FAR, _NAT, found)
