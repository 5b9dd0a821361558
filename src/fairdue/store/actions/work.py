"""Who works what: the next case under lock, and cases that change hands."""

from __future__ import annotations

from datetime import date

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from fairdue.core.decision import Action
from fairdue.core.errors import Fault
from fairdue.store import access, audit, clock, quiet
from fairdue.store.models import Case, User, WorkItem

LOCK_MINUTES = 30


class NotAColleague(Fault):
    """Cases are given to collectors of the lead's own team only."""

    code = "work.not-a-colleague"
    en, en_remedy = "The case can only be given to a collector of your team.", "Choose one of the names on the board."
    zh, zh_remedy = "案件只能转给本组催收员。", "请从看板的名单中选择。"


class ReasonNeeded(Fault):
    """Every step has a reason."""

    code = "work.reason-needed"
    en, en_remedy = "A reassignment needs a reason.", "Say in a few words why."
    zh, zh_remedy = "转案须填写原因。", "请简要说明原因。"


def get_next(user: User) -> Case | None:
    """The next case on the user's list, locked to them; None when the list is done.

    The case the user already holds comes first, so that a reload does not skip anybody.
    """
    wall = clock.to_minute(clock.wall())
    with transaction.atomic():
        items = (
            WorkItem.objects.filter(owner=user, done_at__lt=0, case__closed_on=None, case__owner=user)
            .filter(as_of__in=_newest_day(user), case__action=Action.CONTACT)
            .filter(Q(case__locked_by=None) | Q(case__locked_by=user) | Q(case__locked_until__lte=wall))
            .filter(case__not_before__lte=clock.now_minute())
            .order_by("position")
        )
        item = _first_loud(items.select_related("case"))
        if item is None:
            return None
        Case.objects.filter(locked_by=user).exclude(pk=item.case_id).update(locked_by=None, locked_until=-1)
        case = item.case
        if case.locked_by_id != user.pk:
            audit.write(user.username, "case.open", "case", case.pk, reason="next on the list")
        case.locked_by, case.locked_until = user, wall + LOCK_MINUTES
        case.save(update_fields=["locked_by", "locked_until"])
    return case


AHEAD = 25  # places looked at together


def _first_loud(items: QuerySet[WorkItem]) -> WorkItem | None:
    """The first place whose case is not quiet, locked; others' locks are passed over where the database can."""
    past: set[int] = set()
    while True:
        ahead = list(items.exclude(pk__in=past)[:AHEAD])
        silent = quiet.among((item.case.customer_id, item.case.lender_id) for item in ahead)
        for item in ahead:
            past.add(item.pk)
            if item.case.customer_id not in silent:
                held = items.filter(pk=item.pk).select_for_update(skip_locked=_can_skip(), of=_of()).first()
                if held is not None:
                    return held
        if len(ahead) < AHEAD:
            return None


def _newest_day(user: User) -> list[date]:
    """The day of the user's newest list; empty when there is none."""
    return list(access.work_for(user).order_by("-as_of").values_list("as_of", flat=True)[:1])


def _can_skip() -> bool:
    return connection.features.has_select_for_update_skip_locked


def _of() -> tuple[str, ...]:
    return ("self",) if connection.features.has_select_for_update_of else ()


@transaction.atomic
def reassign(actor: User, case_id: int, to_user_id: int, reason: str) -> Case:
    """Give a case to another collector of the lead's team. Raises `NotYours`, `NotAColleague`, `ReasonNeeded`."""
    case = access.get_case(actor, case_id)
    to = access.colleagues_for(actor).filter(pk=to_user_id).first()
    if to is None:
        raise NotAColleague
    if not reason.strip():
        raise ReasonNeeded
    before = case.owner.username if case.owner else ""
    case.owner, case.team, case.locked_by, case.locked_until = to, to.team, None, -1
    case.save(update_fields=["owner", "team", "locked_by", "locked_until"])
    _move_place(case, to)
    audit.write(actor.username, "case.reassign", "case", case.pk, reason=reason, to=to.username, before=before)
    return case


def _move_place(case: Case, to: User) -> None:
    """The place on today's list goes along, behind what the new owner already has."""
    item = WorkItem.objects.filter(case=case, done_at__lt=0).order_by("-as_of").first()
    if item is None:
        return
    last = WorkItem.objects.filter(owner=to, as_of=item.as_of).order_by("-position").first()
    item.owner, item.position = to, (last.position if last else 0) + 1
    item.save(update_fields=["owner", "position"])
