"""Settlements beyond the authority of whoever proposes them."""

from __future__ import annotations

from fairdue.core.money import format_minor
from fairdue.store.actions import settlements
from fairdue.store.approving import Kind, Shown, Text
from fairdue.store.models import Approval, Settlement, User


def may(approval: Approval, user: User) -> Text:
    """Whether the user's own row of the matrix covers it, with today's figures."""
    if settlements.may(approval, user):
        return {}
    return {"zh": "超出您的权限，或首期还款日已过", "en": "it is beyond your authority, or its first day has passed"}


def show(approval: Approval, user: User) -> Shown:
    """What is asked and the difference it makes."""
    found = Settlement.objects.select_related("account").get(pk=approval.subject_id)
    money, owed, off = found.account.exponent, sum(found.balances), sum(found.waived)
    parts = found.parts.order_by("due_on")
    lines: list[tuple[Text, str]] = [
        ({"zh": "账户", "en": "Account"}, found.account.account_no),
        ({"zh": "欠款", "en": "Owed"}, format_minor(owed, money)),
        ({"zh": "应还合计", "en": "To be paid"}, format_minor(found.total, money)),
        (
            {"zh": "还清后免除", "en": "Let off once paid"},
            f"{format_minor(off, money)} ({off * 100 / max(owed, 1):.1f} %)",
        ),
        ({"zh": "其中本金", "en": "Of it principal"}, format_minor(found.waived[0], money)),
        ({"zh": "还款日", "en": "Days"}, " · ".join(f"{p.due_on} {format_minor(p.amount, money)}" for p in parts)),
    ]
    return Shown(
        {"zh": "减免结清", "en": "Settlement at a discount"}, tuple(lines), may(approval, user), asks_counting=True
    )


def granted(approval: Approval, user: User, counts: bool) -> None:
    """It stands."""
    settlements.granted(approval.subject_id, user, counts=counts)


def refused(approval: Approval, user: User, reason: str) -> None:
    """It ends."""
    settlements.refused(approval.subject_id, user, reason)


KIND = Kind(settlements.KIND, {"zh": "减免结清", "en": "Settlement"}, show, may, granted, refused)
