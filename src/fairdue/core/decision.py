"""What to do with each case now: the best step among those that are lawful, or the reason for none.

Ordered policies, the first that fits decides: what stops work goes before what the law refuses, that before what is wise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fairdue.core.codes import Aim, Code
from fairdue.core.dates import MINUTES

I64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]
Days = npt.NDArray[np.datetime64]
NEVER = -1


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
    CALLBACK_DUE = (1, "约定今日再联系", "A call-back is due today")
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


@dataclass(frozen=True)
class Situation:
    """What a decision follows from, per case, shape (n,). Instants are utc_minute (-1: none), days NaT where there is none."""

    as_of: np.datetime64
    at: I64
    owed: I64
    planned_aim: I64
    cadence_days: I64
    last_contact: I64
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


@dataclass(frozen=True)
class Decisions:
    """What was decided, per case, shape (n,)."""

    action: npt.NDArray[np.int8]
    aim: npt.NDArray[np.int8]
    reason: npt.NDArray[np.int8]
    not_before: I64
    review_on: Days


def decide(s: Situation) -> Decisions:
    """One decision per case."""
    rested = s.last_contact + s.cadence_days * MINUTES
    resting = (s.last_contact >= 0) & (rested > s.at)
    called_back = (s.callback_at >= 0) & (s.callback_at <= s.at)
    later = (s.next_lawful > s.at) & ~s.allowed
    r, a = DecisionReason, Action
    policies: tuple[tuple[Bool, DecisionReason, Action], ...] = (
        (s.owed <= 0, r.NOTHING_OWED, a.STOP),
        (s.ceased, r.CEASED, a.STOP),
        (s.claims_paid, r.CHECK_PAYMENT, a.STOP),
        (s.disputed, r.DISPUTED, a.STOP),
        (s.paused, r.PAUSED, a.STOP),
        (~np.isnat(s.promise_until), r.PROMISE_RUNNING, a.REST),
        ((s.callback_at >= 0) & ~called_back, r.CALLBACK_LATER, a.WAIT),
        (~s.has_point, r.NO_POINT, a.REPAIR),
        (later, r.LAW_LATER, a.WAIT),
        (~s.allowed, r.LAW_REFUSES, a.STOP),
        (called_back, r.CALLBACK_DUE, a.CONTACT),
        (resting, r.CADENCE, a.REST),
        (s.promise_broken, r.PROMISE_BROKEN, a.CONTACT),
        (s.planned_aim == Aim.REST, r.SELF_CURE, a.REST),
    )
    masks = [mask for mask, _, _ in policies]
    reason = np.select(masks, [int(why) for _, why, _ in policies], int(r.DUE_NOW)).astype(np.int8)
    action = np.select(masks, [int(what) for _, _, what in policies], int(a.CONTACT)).astype(np.int8)
    not_before = np.select(
        [reason == r.CALLBACK_LATER, reason == r.CADENCE, action == a.WAIT, action == a.CONTACT],
        [s.callback_at, rested, s.next_lawful, s.at],
        NEVER,
    )
    return Decisions(action, _aim(s, reason), reason, not_before, _review(s, reason, not_before))


def _aim(s: Situation, reason: npt.NDArray[np.int8]) -> npt.NDArray[np.int8]:
    """The treatment's aim, unless what happened sets another."""
    r = DecisionReason
    return np.select(
        [reason == r.CHECK_PAYMENT, reason == r.DISPUTED, reason == r.CEASED, reason == r.PROMISE_RUNNING, reason == r.NO_POINT],
        [Aim.CHECK_PAYMENT, Aim.SETTLE_DISPUTE, Aim.HAND_OVER, Aim.CONFIRM_PROMISE, Aim.RESTORE_CONTACT],
        s.planned_aim,
    ).astype(np.int8)


def _review(s: Situation, reason: npt.NDArray[np.int8], not_before: I64) -> Days:
    """The day on which a case that rests is looked at again; NaT where it does not rest."""
    never = np.full(len(reason), np.datetime64("NaT", "D"))
    waits = s.as_of + (np.maximum(not_before - s.at, 0) // MINUTES).astype("timedelta64[D]")
    promised = s.promise_until.astype("datetime64[D]") + np.timedelta64(1, "D")
    r = DecisionReason
    return np.select(
        [reason == r.SELF_CURE, reason == r.PROMISE_RUNNING, (reason == r.CADENCE) | (reason == r.CALLBACK_LATER)],
        [s.as_of + s.cadence_days.astype("timedelta64[D]"), promised, waits],
        never,
    )
