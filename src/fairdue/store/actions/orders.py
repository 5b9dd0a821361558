"""Keep a case beyond its return date (留案), stop collecting (停催), return it (退案): asked, approved, undone, expired.

What is granted takes hold at once: the case leaves lists and queues in the same transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from fairdue.core.codes import Role
from fairdue.core.errors import Fault
from fairdue.store import access, audit, clock, decide
from fairdue.store.access import NotYours
from fairdue.store.actions import approvals
from fairdue.store.models import Case, CaseOrder, Organisation, QueuePlace, Stop, User, WorkItem

APPROVERS = (Role.LEAD, Role.COMPLIANCE)
ENDS = frozenset(APPROVERS)
KEEP_DAYS = 90  # a judgement of ours, as agencies' usual batches are
RUNNING = (CaseOrder.ASKED, CaseOrder.IN_FORCE)


class OrderIncomplete(Fault):
    """An order has a kind, a reason and, for keeping, a day."""

    code = "order.incomplete"
    en, en_remedy = "Say which order, why, and until when.", "Keeping a case needs a day after today."
    zh, zh_remedy = "请选择申请类型、填写原因和截止日。", "留案须填写晚于今日的日期。"


class KeptTooLong(Fault):
    """Nobody keeps a case for ever."""

    code = "order.kept-too-long"
    en, en_remedy = (
        "A case is kept for {days} days at most, until {last}.",
        "Choose an earlier day; ask again when it has come.",
    )
    zh, zh_remedy = "留案最长 {days} 天，至 {last}。", "请选择更早的日期；到期可再次申请。"


class OrderRuns(Fault):
    """One order of a kind at a time."""

    code = "order.runs"
    en, en_remedy = "Such an order is asked for or in force already.", "Wait for the answer, or have it undone."
    zh, zh_remedy = "该案件已有同类申请或生效事项。", "请等待审批，或先撤销。"


class OrderEnded(Fault):
    """It no longer holds."""

    code = "order.ended"
    en, en_remedy = "This order is not in force.", "Nothing needs to be done."
    zh, zh_remedy = "该事项未生效或已结束。", "无需再次操作。"


@dataclass(frozen=True)
class Wanted:
    """What is asked for. `until`: the first day on which it no longer holds."""

    kind: str
    reason: str
    until: date | None = None


def _today(case: Case) -> date:
    return clock.business_date(clock.now_minute(), case.lender.zone)


@transaction.atomic
def ask(user: User, case_id: int, wanted: Wanted) -> CaseOrder:
    """Ask for an order about a case. Raises `NotYours`, `OrderIncomplete`, `OrderRuns`."""
    case = access.get_case(user, case_id)
    today = _today(case)
    kinds = (CaseOrder.KEEP, CaseOrder.STOP, CaseOrder.RETURN)
    late = wanted.until is not None and wanted.until <= today
    if wanted.kind == CaseOrder.KEEP and wanted.until is not None and wanted.until > today + timedelta(days=KEEP_DAYS):
        raise KeptTooLong(days=KEEP_DAYS, last=today + timedelta(days=KEEP_DAYS))
    if wanted.kind not in kinds or not wanted.reason.strip() or late:
        raise OrderIncomplete
    if wanted.kind == CaseOrder.KEEP and wanted.until is None:
        raise OrderIncomplete
    if case.closed_on is not None or case.orders.filter(kind=wanted.kind, state__in=RUNNING).exists():
        raise OrderRuns
    order = CaseOrder.objects.create(
        case=case, kind=wanted.kind, reason=wanted.reason.strip()[:300], until=wanted.until, asked_by=user, asked_on=today
    )  # fmt: skip
    approvals.ask("order", order.pk, case, APPROVERS, user, wanted.reason)
    return order


def granted(order: CaseOrder, user: User) -> None:
    """It takes hold at once, inside the transaction of the approval."""
    case = Case.objects.select_for_update(of=("self",)).select_related("lender", "customer").get(pk=order.case_id)
    order.before = _before(case)
    order.state, order.decided_by, order.decided_on = CaseOrder.IN_FORCE, user, _today(case)
    if order.kind == CaseOrder.KEEP:
        case.return_on = order.until
        case.save(update_fields=["return_on"])
    else:
        _leave(case)
    if order.kind == CaseOrder.STOP:
        order.stop = Stop.objects.create(
            case=case, kind="PAUSE", since=_today(case), until=order.until, reason=order.reason[:200]
        )
        decide.after_order(case, order, "granted", user)
    if order.kind == CaseOrder.RETURN:
        _to_lender(case, returned_on=_today(case))
    order.save()


def refused(order: CaseOrder, user: User) -> None:
    """It was not granted."""
    order.state, order.decided_by, order.decided_on = CaseOrder.REFUSED, user, _today(order.case)
    order.save(update_fields=["state", "decided_by", "decided_on"])


@transaction.atomic
def undo(user: User, order_id: int, reason: str) -> CaseOrder:
    """End an order that is in force; what it changed is as before. Raises `NotYours`, `OrderEnded`, `OrderIncomplete`."""
    found = CaseOrder.objects.select_for_update(of=("self",)).select_related("case__lender", "stop").filter(pk=order_id)
    order = found.filter(case__in=access.cases_for(user)).first()
    if order is None or Role(user.role) not in ENDS:
        raise NotYours
    if order.state != CaseOrder.IN_FORCE:
        raise OrderEnded
    if not reason.strip():
        raise OrderIncomplete
    _restore(order, user)
    _end(order, CaseOrder.UNDONE, user.username, reason)
    return order


def expire(actor: str, lender: Organisation, on: date) -> int:
    """Orders whose time is over end, and cases whose return day has come go back to the pool; how many there were."""
    done = 0
    over = CaseOrder.objects.filter(case__lender=lender, state=CaseOrder.IN_FORCE, until__lte=on)
    for order in over.order_by("pk"):
        with transaction.atomic():
            if order.kind == CaseOrder.RETURN:
                Case.objects.filter(pk=order.case_id).update(returned_on=None)
            _end(order, CaseOrder.EXPIRED, actor, "")
            done += 1
    for case in Case.objects.filter(lender=lender, closed_on=None, return_on__lte=on).order_by("pk"):
        with transaction.atomic():
            _leave(case)
            audit.write(actor, "case.return", "case", case.pk, reason="return day", **_before(case))
            _to_lender(case, returned_on=None)
            done += 1
    return done


def _before(case: Case) -> dict[str, Any]:
    return {"owner": case.owner_id, "team": case.team_id, "agency": case.placed_with_id,
            "return_on": case.return_on.isoformat() if case.return_on else None}  # fmt: skip


def _leave(case: Case) -> None:
    """Off every list and out of every queue."""
    QueuePlace.objects.filter(case=case).delete()
    WorkItem.objects.filter(case=case, done_at__lt=0).delete()


def _to_lender(case: Case, *, returned_on: date | None) -> None:
    case.owner = case.team = case.placed_with = case.locked_by = case.return_on = None
    case.returned_on, case.locked_until = returned_on, -1
    case.save(update_fields=["owner", "team", "placed_with", "locked_by", "return_on", "returned_on", "locked_until"])


def _restore(order: CaseOrder, user: User) -> None:
    case, before = order.case, order.before
    back = date.fromisoformat(before["return_on"]) if before.get("return_on") else None
    if order.kind == CaseOrder.KEEP:
        Case.objects.filter(pk=case.pk).update(return_on=back)
    elif order.kind == CaseOrder.STOP and order.stop is not None:
        order.stop.until = _today(case)
        order.stop.save(update_fields=["until"])
        decide.after_order(case, order, "undone", user)
    elif order.kind == CaseOrder.RETURN:
        still = User.objects.filter(pk=before.get("owner"), is_active=True).exists()
        Case.objects.filter(pk=case.pk).update(
            returned_on=None, return_on=back, placed_with=before.get("agency"),
            owner=before.get("owner") if still else None, team=before.get("team") if still else None,
        )  # fmt: skip


def _end(order: CaseOrder, state: str, by: str, why: str) -> None:
    today = _today(order.case)
    order.state, order.ended_by, order.ended_on, order.ended_why = state, by, today, why.strip()[:300]
    order.save(update_fields=["state", "ended_by", "ended_on", "ended_why"])
    audit.write(by, f"order.{state.lower()}", "case_order", order.pk, reason=why, case=order.case_id, kind=order.kind)
