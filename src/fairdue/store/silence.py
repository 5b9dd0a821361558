"""Why a message may not go to somebody now, whatever the guard says: quiet, opted out, a dead number."""

from __future__ import annotations

from fairdue.core.codes import UNKNOWN, PointStatus, Purpose
from fairdue.store.models import Case, OptOut, Person, Point
from fairdue.store.quiet import CLAIMED, CLOSED, MAYBE, PAID, Quiet, among, why_quiet

ASKS_FOR_MONEY = frozenset({Purpose.COLLECT, Purpose.REMIND, Purpose.RESTORE_CONTACT, Purpose.REACH_SUCCESSOR})
DEAD = frozenset({PointStatus.INVALID, PointStatus.WRONG, PointStatus.BLOCKED})


NOTHING_DUE = Quiet("NOTHING_DUE", "没有逾期欠款", "Nothing is overdue")
OPTED_OUT = Quiet("OPTED_OUT", "对方已退订该渠道", "The person wants no more messages by this channel")
DEAD_POINT = Quiet(
    "DEAD_POINT", "该号码或地址已失效、非本人或停止联系", "The number or address is dead, wrong or blocked"
)
ERASED = Quiet("ERASED", "该人员的个人信息已删除", "The data of this person was erased")
AMOUNT_PAID = Quiet("AMOUNT_PAID", "提醒的款项已付清", "What would be reminded of has been paid")
DAY_OVER = Quiet("DAY_OVER", "应还日已过", "The day it was about has passed")
ARREARS = Quiet("ARREARS", "已有逾期，不属到期提醒", "There are arrears now: no matter for a reminder")
PROMISE_OVER = Quiet("PROMISE_OVER", "该承诺已了结或被取代", "The promise has ended or was replaced")
REASONS = {
    one.code: one for one in (
        CLOSED, CLAIMED, MAYBE, PAID, NOTHING_DUE, OPTED_OUT, DEAD_POINT, ERASED, AMOUNT_PAID, DAY_OVER, ARREARS, PROMISE_OVER
    )
}  # fmt: skip


def why_silent(case: Case, person: Person, point: Point | None, channel: int, purpose: int) -> Quiet | None:
    """The first reason to send nothing; None where there is none."""
    if person.erased_on is not None:
        return ERASED
    if opted_out(person, channel):
        return OPTED_OUT
    if point is not None and PointStatus(point.status) in DEAD:
        return DEAD_POINT
    if purpose not in ASKS_FOR_MONEY:
        return None
    if case.status == Case.FILE:  # good standing: nothing is overdue, and nothing is asked that may have been paid
        return among([(case.customer_id, case.lender_id)]).get(case.customer_id)
    return why_quiet(case) or (NOTHING_DUE if case.balance <= 0 else None)


def opted_out(person: Person, channel: int) -> bool:
    """Whether the human has opted out, under whichever customer number."""
    people = Person.objects.filter(lender=person.lender_id, human=person.human) if person.human else None
    same = [person.pk] if people is None else list(people.values_list("pk", flat=True))
    return OptOut.objects.filter(person__in=same, channel=channel, ended_at=UNKNOWN).exists()
