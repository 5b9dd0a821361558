"""Why a message may not go to somebody now, whatever the guard says: quiet, opted out, a dead number."""

from __future__ import annotations

from dataclasses import dataclass

from fairdue.core.codes import UNKNOWN, PointStatus, Purpose
from fairdue.core.errors import Lang
from fairdue.store.models import Case, OptOut, Person, Point, Stop

ASKS_FOR_MONEY = frozenset({Purpose.COLLECT, Purpose.REMIND, Purpose.RESTORE_CONTACT, Purpose.REACH_SUCCESSOR})
DEAD = frozenset({PointStatus.INVALID, PointStatus.WRONG, PointStatus.BLOCKED})


@dataclass(frozen=True)
class Silence:
    """A reason to send nothing."""

    code: str
    zh: str
    en: str

    def text(self, lang: Lang) -> str:
        """The sentence in one language."""
        return self.zh if lang == "zh" else self.en


CLOSED = Silence("CASE_CLOSED", "案件已结：不再催收", "The case is closed: nobody collects")
CLAIMED = Silence("CLAIMS_PAID", "客户称已还款，正在查账", "The customer says it is paid, and it is being checked")
NOTHING_DUE = Silence("NOTHING_DUE", "没有逾期欠款", "Nothing is overdue")
OPTED_OUT = Silence("OPTED_OUT", "对方已退订该渠道", "The person wants no more messages by this channel")
DEAD_POINT = Silence(
    "DEAD_POINT", "该号码或地址已失效、非本人或停止联系", "The number or address is dead, wrong or blocked"
)
ERASED = Silence("ERASED", "该人员的个人信息已删除", "The data of this person was erased")
REASONS = {one.code: one for one in (CLOSED, CLAIMED, NOTHING_DUE, OPTED_OUT, DEAD_POINT, ERASED)}


def why_silent(case: Case, person: Person, point: Point | None, channel: int, purpose: int) -> Silence | None:
    """The first reason to send nothing; None where there is none."""
    if person.erased_on is not None:
        return ERASED
    if opted_out(person, channel):
        return OPTED_OUT
    if point is not None and PointStatus(point.status) in DEAD:
        return DEAD_POINT
    return quiet(case) if purpose in ASKS_FOR_MONEY else None


def opted_out(person: Person, channel: int) -> bool:
    """Whether the human has opted out, under whichever customer number."""
    people = Person.objects.filter(lender=person.lender_id, human=person.human) if person.human else None
    same = [person.pk] if people is None else list(people.values_list("pk", flat=True))
    return OptOut.objects.filter(person__in=same, channel=channel, ended_at=UNKNOWN).exists()


def quiet(case: Case) -> Silence | None:
    """Why nobody asks for money: what is known of payments now, not when the message was written."""
    if case.closed_on is not None:
        return CLOSED
    if Stop.objects.filter(case__customer=case.customer_id, kind="CLAIMS_PAID", until=None).exists():
        return CLAIMED
    return NOTHING_DUE if case.balance <= 0 else None
