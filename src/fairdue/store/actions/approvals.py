"""Asking a second person, and deciding: nobody decides what they asked for themselves."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from fairdue.core.codes import Role
from fairdue.core.errors import Fault
from fairdue.store import access, audit, clock
from fairdue.store.access import NotYours
from fairdue.store.approving import kinds
from fairdue.store.models import Approval, Case, Organisation, User


class OwnRequest(Fault):
    """Maker and checker are two people."""

    code = "approval.own"
    en, en_remedy = "You asked for this yourself.", "Somebody else must decide it."
    zh, zh_remedy = "这是您本人提交的申请。", "须由他人审批。"


class MayNotApprove(Fault):
    """The authority matrix does not cover it."""

    code = "approval.not-covered"
    en, en_remedy = "You may not decide this: {why}", "Leave it to somebody whose authority covers it."
    zh, zh_remedy = "您不能审批该申请：{why_zh}", "请由具有相应权限的人员审批。"


class ApprovalDecided(Fault):
    """It was decided already."""

    code = "approval.decided"
    en, en_remedy = "This request has been decided already.", "Nothing needs to be done."
    zh, zh_remedy = "该申请已处理。", "无需再次操作。"


class RefusalReason(Fault):
    """Every refusal has a reason."""

    code = "approval.reason-needed"
    en, en_remedy = "A refusal needs a reason.", "Say in a few words why."
    zh, zh_remedy = "不予批准须填写原因。", "请简要说明原因。"


def ask(
    kind: str, subject_id: int, case: Case | Organisation, roles: Sequence[Role], asked_by: User, reason: str
) -> Approval:
    """A new request about a case, or about something of a lender's, inside the caller's transaction."""
    lender, about = (case.lender, case) if isinstance(case, Case) else (case, None)
    made = Approval.objects.create(
        organisation=lender, kind=kind, subject_id=subject_id, case=about, reason=reason.strip()[:300],
        roles=",".join(role.name for role in roles), asked_by=asked_by, asked_at=clock.now_minute(),
    )  # fmt: skip
    audit.write(asked_by.username, "approval.ask", "approval", made.pk, reason=reason, kind=kind, about=subject_id)
    return made


@transaction.atomic
def decide(user: User, approval_id: int, *, grant: bool, reason: str = "", counts: bool = True) -> Approval:
    """Grant or refuse. `counts` False: granted, but not counted for anybody's performance.

    Raises `NotYours`, `ApprovalDecided`, `OwnRequest`, `MayNotApprove`, `RefusalReason`.
    """
    found = access.approvals_for(user).select_for_update().filter(pk=approval_id).first()
    if found is None:
        raise NotYours
    if found.state != Approval.PENDING:
        raise ApprovalDecided
    if found.asked_by_id == user.pk:
        raise OwnRequest
    kind = kinds()[found.kind]
    if grant and (why := kind.may(found, user)):
        raise MayNotApprove(why=why["en"], why_zh=why["zh"])
    if not grant and not reason.strip():
        raise RefusalReason
    found.state = Approval.GRANTED if grant else Approval.REFUSED
    found.decided_by, found.decided_at = user, clock.now_minute()
    found.decision_reason = reason.strip()[:300]
    found.save(update_fields=["state", "decided_by", "decided_at", "decision_reason"])
    if grant:
        kind.granted(found, user, counts)
    else:
        kind.refused(found, user, reason.strip())
    audit.write(user.username, f"approval.{found.state.lower()}", "approval", found.pk, reason=reason, kind=found.kind,
                about=found.subject_id, counts=counts)  # fmt: skip
    return found


def withdraw(kind: str, subject_id: int, by: str) -> None:
    """What it was about is gone, inside the caller's transaction."""
    for found in Approval.objects.filter(kind=kind, subject_id=subject_id, state=Approval.PENDING):
        found.state, found.decided_at = Approval.WITHDRAWN, clock.now_minute()
        found.save(update_fields=["state", "decided_at"])
        audit.write(by, "approval.withdrawn", "approval", found.pk)
