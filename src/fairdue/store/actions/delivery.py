"""That somebody agreed to have letters by e-mail is recorded with its basis, and taken back when they say so."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from fairdue.core.codes import Channel, Role
from fairdue.core.errors import Fault
from fairdue.store import access, audit, clock
from fairdue.store.access import NotYours
from fairdue.store.locks import lock_person
from fairdue.store.models import DeliveryConsent, Point, User

RECORDERS = frozenset({Role.COLLECTOR, Role.LEAD, Role.COMPLIANCE})
SHORTEST = 4


class BasisNeeded(Fault):
    """Nothing is agreed that nobody can prove."""

    code = "delivery.basis-needed"
    en, en_remedy = (
        "Say by what delivery by e-mail was agreed.",
        "Name the clause of the contract, the form or the recorded call.",
    )
    zh, zh_remedy = "请注明约定电子送达的依据。", "请填写合同条款、确认书或通话录音编号。"


class NotYet(Fault):
    """The day has not come."""

    code = "delivery.not-yet"
    en, en_remedy = "{on} has not come yet.", "Enter the day on which it was agreed."
    zh, zh_remedy = "{on} 尚未到来。", "请填写约定的日期。"


@transaction.atomic
def agree(user: User, case_id: int, point_id: int, on: date, basis: str) -> DeliveryConsent:
    """Record that letters may be delivered at an address by e-mail. Raises `NotYours`, `BasisNeeded`, `NotYet`."""
    point, today = _point(user, case_id, point_id)
    if len(basis.strip()) < SHORTEST:
        raise BasisNeeded
    if on > today:
        raise NotYet(on=on)
    made, new = DeliveryConsent.objects.get_or_create(
        point=point, ended_on=None,
        defaults={"basis": basis.strip()[:200], "agreed_on": on, "recorded_by": user.username, "at": clock.now_minute()},
    )  # fmt: skip
    if new:
        audit.write(user.username, "delivery.agree", "point", point.pk, case=case_id, on=on)
    return made


@transaction.atomic
def end(user: User, case_id: int, point_id: int) -> None:
    """It was taken back: from today a receipt of arrival proves no delivery any more. Raises `NotYours`."""
    point, today = _point(user, case_id, point_id)
    if DeliveryConsent.objects.filter(point=point, ended_on=None).update(ended_on=today):
        audit.write(user.username, "delivery.end", "point", point.pk, case=case_id, on=today)


def _point(user: User, case_id: int, point_id: int) -> tuple[Point, date]:
    case = access.get_case(user, case_id)
    point = Point.objects.filter(pk=point_id, channel=Channel.EMAIL).select_related("person").first()
    theirs = point is not None and (
        point.person_id == case.customer_id or point.person.linked_to.filter(customer=case.customer_id).exists()
    )
    if point is None or not theirs or Role(user.role) not in RECORDERS:
        raise NotYours
    lock_person(point.person_id)
    return point, clock.business_date(clock.now_minute(), case.lender.zone)
