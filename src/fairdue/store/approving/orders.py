"""Keeping, stopping or returning a case: what a second person decides."""

from __future__ import annotations

from fairdue.core.money import format_minor
from fairdue.store.actions import orders
from fairdue.store.approving import Kind, Shown, Text
from fairdue.store.models import Approval, CaseOrder, User

TITLES: dict[str, Text] = {
    CaseOrder.KEEP: {"zh": "留案", "en": "Keep the case"},
    CaseOrder.STOP: {"zh": "停催", "en": "Stop collecting"},
    CaseOrder.RETURN: {"zh": "退案", "en": "Return to the lender"},
}
EFFECTS: dict[str, Text] = {
    CaseOrder.KEEP: {"zh": "由现承办方继续办理至所填日期", "en": "stays with whoever has it until the day"},
    CaseOrder.STOP: {"zh": "立即退出名单和队列，停止一切催收联系", "en": "leaves lists and queues at once; nobody may collect"},
    CaseOrder.RETURN: {"zh": "立即退出名单和队列，无人承办", "en": "leaves lists and queues at once; nobody works it"},
}  # fmt: skip


def _order(approval: Approval) -> CaseOrder:
    return CaseOrder.objects.select_related("case__lender", "case__customer", "case__owner").get(pk=approval.subject_id)


def show(approval: Approval, user: User) -> Shown:  # noqa: ARG001 - every kind is asked the same way
    """What is asked and what it changes."""
    order = _order(approval)
    case = order.case
    lines: tuple[tuple[Text, str], ...] = (
        ({"zh": "客户", "en": "Customer"}, case.customer.name_masked or case.customer.ref),
        ({"zh": "阶段", "en": "Stage"}, case.stage),
        ({"zh": "欠款", "en": "Owed"}, format_minor(case.balance, case.lender.exponent)),
        ({"zh": "现承办人", "en": "With"}, case.owner.display_name if case.owner else "–"),
        ({"zh": "截止日", "en": "Until"}, order.until.isoformat() if order.until else "–"),
    )
    title, effect = TITLES[order.kind], EFFECTS[order.kind]
    named: Text = {"zh": f"{title['zh']}：{effect['zh']}", "en": f"{title['en']}: {effect['en']}"}
    return Shown(named, lines, page=("case", case.pk))


def may(approval: Approval, user: User) -> Text:  # noqa: ARG001 - the roles of the request say it all
    """Whoever has the role."""
    return {}


def granted(approval: Approval, user: User, counts: bool) -> None:  # noqa: ARG001 - as the registry calls it
    """It takes hold at once."""
    orders.granted(_order(approval), user)


def refused(approval: Approval, user: User, reason: str) -> None:  # noqa: ARG001 - the approval keeps the reason
    """It ends."""
    orders.refused(_order(approval), user)


KIND = Kind("order", {"zh": "留案、停催、退案", "en": "Keep, stop or return a case"}, show, may, granted, refused)
