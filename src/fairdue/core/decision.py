"""What to do with each case now: the best step among those that are lawful, or the reason for none.

Ordered policies, the first that fits decides: what stops the work, what is left alone on purpose, what cannot be reached
or may not be, what rests, what the law puts off, why to act. Rest goes before a lawful hour that is still to come, so
that waiting for the hour never cuts a rest short.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from fairdue.core.codes import Aim, Code
from fairdue.core.dates import MINUTES

I8 = npt.NDArray[np.int8]
I64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]
Days = npt.NDArray[np.datetime64]
NEVER = -1

_ONE_DAY = np.timedelta64(1, "D")
_NAT = np.datetime64("NaT", "D")


class Action(Code):
    """What happens next."""

    CONTACT = (0, "联系", "Contact")
    WAIT = (1, "稍后联系", "Wait")
    REST = (2, "暂不联系", "Let rest")
    STOP = (3, "停止催收", "Stopped")
    REPAIR = (4, "补充联系方式", "Find a point")


class DecisionReason(Code):
    """Why: one sentence each."""

    DUE_NOW = (0, "今日应联系", "Due for contact today")
    CALLBACK_DUE = (1, "已到约定的再联系时间", "The agreed call-back is due")
    PROMISE_BROKEN = (2, "承诺未兑现，今日跟进", "A promise was broken; follow up today")
    NOTHING_OWED = (3, "没有欠款，不联系", "Nothing is owed; nobody is contacted about nothing")
    PAUSED = (4, "停催中", "Work is paused")
    CEASED = (5, "对方要求停止联系", "The person asked to cease contact")
    CHECK_PAYMENT = (6, "对方称已还款，先查账", "The person says it is paid; find the money first")
    DISPUTED = (7, "异议核查中", "A dispute is being looked into")
    PROMISE_RUNNING = (8, "承诺期内，不催收", "A promise is running; leave it alone")
    CALLBACK_LATER = (9, "已约定稍后联系", "A later call-back is agreed")
    SELF_CURE = (10, "预计自行还款，有意不打扰", "Likely to pay by itself; left alone on purpose")
    CADENCE = (11, "刚联系过，按节奏休息", "Contacted recently; resting by the cadence")
    NO_POINT = (12, "没有可用的联系方式", "No contact point that works")
    LAW_LATER = (13, "当前时间不可联系，稍后可以", "Not allowed at this time; allowed later")
    LAW_REFUSES = (14, "规则不允许联系", "The rules do not allow a contact")
    REMIND = (15, "对方要求提前提醒，约定日将至", "The person asked to be reminded; the promised day is near")
    WORN_OUT = (
        16,
        "近日已多次联系，此时再联系不如先歇",
        "Tried often these days: another try is worth less than a rest",
    )
    PLAN_RUNNING = (20, "还款方案履行中，不催收", "A repayment plan is being kept; leave it alone")


@dataclass(frozen=True)
class Situation:
    """What a decision follows from, per case, shape (n,); instants are utc_minute (-1: none), days NaT where none.

    `cadence_days` is the treatment's: days between contacts or, where its aim is to let rest, days from `oldest_due` to
    the review. `promise_until` is the last day of grace of the newest promise, running or broken.
    `next_lawful` is the guard's: -1 where no passage of time helps. `remind_on` is the day of a reminder the person asked for,
    `worn_until` the day until which a rest is worth more than another try, `after_breaking` the aim after a broken promise,
    `plan_runs` whether every overdue debt is under a plan that performs, `better_at` a later minute of today at which the
    person is more likely to answer; each of the five may be left out.
    """

    as_of: np.datetime64
    at: I64
    owed: I64
    oldest_due: Days
    planned_aim: I64
    cadence_days: I64
    last_contact_on: Days
    callback_at: I64
    promise_until: Days
    promise_broken: Bool
    paused: Bool
    disputed: Bool
    claims_paid: Bool
    ceased: Bool
    has_point: Bool
    allowed: Bool
    next_lawful: I64
    remind_on: Days = field(default_factory=lambda: np.full(1, _NAT))
    better_at: I64 = field(default_factory=lambda: np.full(1, NEVER))
    worn_until: Days = field(default_factory=lambda: np.full(1, _NAT))
    after_breaking: I64 = field(default_factory=lambda: np.full(1, int(Aim.LEARN_CAUSE)))
    plan_runs: Bool = field(default_factory=lambda: np.zeros(1, bool))

    @property
    def reminding(self) -> Bool:
        """A promise runs, its reminder is due, nobody has been in touch since, and it may be sent now or later."""
        due = (self.remind_on <= self.as_of) & (self.promise_until >= self.as_of) & ~self.promise_broken
        return (
            due & ~(self.last_contact_on >= self.remind_on) & self.has_point & (self.allowed | (self.next_lawful >= 0))
        )

    @property
    def rested_on(self) -> Days:
        """The first day after the last contact on which the cadence lets the next one be; NaT before the first."""
        rested: Days = self.last_contact_on + self.cadence_days.astype("timedelta64[D]")
        return rested

    @property
    def reviewed_on(self) -> Days:
        """The day on which a case that is left alone is looked at again: tomorrow at the earliest."""
        since = np.where(np.isnat(self.oldest_due), self.as_of, self.oldest_due)
        review: Days = np.maximum(since + self.cadence_days.astype("timedelta64[D]"), self.as_of + _ONE_DAY)
        return review


@dataclass(frozen=True)
class Decisions:
    """What was decided, per case, shape (n,): codes of `Action`, `Aim` and `DecisionReason`.

    `not_before` is the first minute of the next contact (utc_minute, NEVER where none is planned); `review_on` the day
    a case that rests or waits is looked at again, NaT where a person must decide first.
    """

    action: I8
    aim: I8
    reason: I8
    not_before: I64
    review_on: Days


def decide(s: Situation) -> Decisions:
    """Decide each case once. A comparison with a day there is none of (NaT) never holds."""
    policies = _policies(s)
    masks = [mask for mask, _, _ in policies]
    reason = np.select(masks, [int(why) for _, why, _ in policies], int(DecisionReason.DUE_NOW)).astype(np.int8)
    action = np.select(masks, [int(what) for _, _, what in policies], int(Action.CONTACT)).astype(np.int8)
    review = _review(s, reason)
    return Decisions(action, _aim(s, action, reason), reason, _not_before(s, action, reason, review), review)


def _policies(s: Situation) -> tuple[tuple[Bool, DecisionReason, Action], ...]:
    """First match wins; a case that none fits is due now."""
    r, a = DecisionReason, Action
    agreed = s.callback_at >= 0
    called_back = agreed & (s.callback_at <= s.at)
    broken = s.promise_broken & ~(s.last_contact_on > s.promise_until)  # followed up once; then the cadence holds again
    remind = s.reminding
    resting = (s.rested_on > s.as_of) & ~called_back & ~broken & ~remind
    worn = (s.worn_until > s.as_of) & ~called_back & ~broken & ~remind
    left_alone = (s.planned_aim == Aim.REST) & ~agreed & ~broken & ~remind
    return (
        (s.owed <= 0, r.NOTHING_OWED, a.STOP),
        (s.ceased, r.CEASED, a.STOP),
        (s.claims_paid, r.CHECK_PAYMENT, a.STOP),
        (s.disputed, r.DISPUTED, a.STOP),
        (s.paused, r.PAUSED, a.STOP),
        (s.plan_runs, r.PLAN_RUNNING, a.REST),
        ((s.promise_until >= s.as_of) & ~remind, r.PROMISE_RUNNING, a.REST),
        (left_alone, r.SELF_CURE, a.REST),
        (~s.has_point, r.NO_POINT, a.REPAIR),
        (~s.allowed & (s.next_lawful < 0), r.LAW_REFUSES, a.STOP),
        (agreed & ~called_back, r.CALLBACK_LATER, a.WAIT),
        (resting, r.CADENCE, a.REST),
        (worn, r.WORN_OUT, a.REST),
        (~s.allowed, r.LAW_LATER, a.WAIT),
        (called_back, r.CALLBACK_DUE, a.CONTACT),
        (broken, r.PROMISE_BROKEN, a.CONTACT),
        (remind, r.REMIND, a.CONTACT),
    )


def _aim(s: Situation, action: I8, reason: I8) -> I8:
    """Keep the treatment's aim unless the reason sets another; whoever is contacted after all is told what is owed."""
    r = DecisionReason
    set_by_reason = (
        (r.CHECK_PAYMENT, Aim.CHECK_PAYMENT),
        (r.DISPUTED, Aim.SETTLE_DISPUTE),
        (r.CEASED, Aim.HAND_OVER),
        (r.PROMISE_RUNNING, Aim.CONFIRM_PROMISE),
        (r.NO_POINT, Aim.RESTORE_CONTACT),
        (r.NOTHING_OWED, Aim.REST),
        (r.PLAN_RUNNING, Aim.REST),
        (r.REMIND, Aim.CONFIRM_PROMISE),
    )
    found = [reason == why for why, _ in set_by_reason]
    contacted = (action == Action.CONTACT) | (action == Action.WAIT)
    planned = np.where(contacted & (s.planned_aim == Aim.REST), Aim.TELL, s.planned_aim)
    broken = (reason == r.PROMISE_BROKEN) & (s.after_breaking != Aim.REST)
    planned = np.where(broken, s.after_breaking, planned)
    return np.select(found, [int(aim) for _, aim in set_by_reason], planned).astype(np.int8)


def _review(s: Situation, reason: I8) -> Days:
    """Name the day on which a case that rests or waits is looked at again."""
    r = DecisionReason
    days = {
        r.SELF_CURE: s.reviewed_on,
        r.PROMISE_RUNNING: s.promise_until + _ONE_DAY,
        r.PLAN_RUNNING: np.broadcast_to(s.as_of + _ONE_DAY, reason.shape),  # the night judges it every day
        r.CADENCE: s.rested_on,
        r.WORN_OUT: np.broadcast_to(s.worn_until, reason.shape),
        r.CALLBACK_LATER: _day(s, s.callback_at),
        r.LAW_LATER: _day(s, s.next_lawful),
    }
    return np.select([reason == why for why in days], list(days.values()), np.full(len(reason), _NAT))


def _day(s: Situation, instant: I64) -> Days:
    """Count whole days from now, rounded up: a review is never before what it waits for."""
    return s.as_of + (-((s.at - instant) // MINUTES)).astype("timedelta64[D]")


def _not_before(s: Situation, action: I8, reason: I8, review: Days) -> I64:
    """End a rest at this hour of its review day; the guard is asked again before anybody is contacted then."""
    rested = s.at + np.where(np.isnat(review), 0, (review - s.as_of).astype(np.int64)) * MINUTES
    waits = np.where(reason == DecisionReason.CALLBACK_LATER, s.callback_at, s.next_lawful)
    found = [action == Action.CONTACT, action == Action.WAIT, action == Action.REST]
    return np.select(found, [np.maximum(s.at, s.better_at), waits, rested], NEVER)
