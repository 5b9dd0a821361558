"""Who works what: cases that change hands; the next case under lock is `giving`'s."""

from __future__ import annotations

from django.db import transaction

from fairdue.core.errors import Fault
from fairdue.store import access, audit
from fairdue.store.actions.giving import get_next
from fairdue.store.models import Case, QueuePlace, User, WorkItem

__all__ = ["NotAColleague", "ReasonNeeded", "get_next", "reassign"]


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


@transaction.atomic
def reassign(actor: User, case_id: int, to_user_id: int, reason: str) -> Case:
    """Give a case to another collector of the lead's team. Raises `NotYours`, `NotAColleague`, `ReasonNeeded`."""
    case = access.get_case(actor, case_id)
    to = access.colleagues_for(actor).filter(pk=to_user_id).first()
    if to is None:
        raise NotAColleague
    if not reason.strip():
        raise ReasonNeeded
    return give(actor.username, case, to, reason)


def give(actor: str, case: Case, to: User, reason: str) -> Case:
    """The case is with somebody else now, its place on today's list too, inside the caller's transaction."""
    before = case.owner.username if case.owner else ""
    case.owner, case.team, case.locked_by, case.locked_until = to, to.team, None, -1
    case.save(update_fields=["owner", "team", "locked_by", "locked_until"])
    QueuePlace.objects.filter(case=case).delete()  # it is somebody's now
    _move_place(case, to)
    audit.write(actor, "case.reassign", "case", case.pk, reason=reason, to=to.username, before=before)
    return case


def _move_place(case: Case, to: User) -> None:
    """The place on today's list goes along, behind what the new owner already has."""
    item = WorkItem.objects.filter(case=case, done_at__lt=0).order_by("-as_of").first()
    if item is None:
        return
    last = WorkItem.objects.filter(owner=to, as_of=item.as_of).order_by("-position").first()
    item.owner, item.position = to, (last.position if last else 0) + 1
    item.save(update_fields=["owner", "position"])
