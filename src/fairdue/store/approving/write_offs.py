"""A debt written off, or put back into the books, by a second person of finance."""

from __future__ import annotations

from fairdue.core.codes import Component
from fairdue.core.money import format_minor
from fairdue.store import clock
from fairdue.store.actions import ledger, write_offs
from fairdue.store.approving import Kind, Shown, Text
from fairdue.store.models import Approval, User, WriteOff


def may(_approval: Approval, _user: User) -> Text:
    """Anybody else of finance: that it is another person is asked for all kinds alike."""
    return {}


def show(approval: Approval, user: User) -> Shown:
    """What leaves the books, or returns, by component."""
    found = WriteOff.objects.select_related("account__lender", "lender").get(pk=approval.subject_id)
    undo = bool(found.undo_reason)
    if undo:
        amounts = write_offs.off_books([found])[found.pk]
    else:
        owed = ledger.balances(found.account, clock.business_date(clock.now_minute(), found.lender.zone))
        amounts = {component: int(owed[component]) for component in Component}
    lines: list[tuple[Text, str]] = [({"zh": "账户", "en": "Account"}, found.account.account_no)]
    lines += [
        ({"zh": component.zh, "en": component.en}, format_minor(amount, found.account.exponent))
        for component, amount in amounts.items() if amount
    ]  # fmt: skip
    lines.append(({"zh": "借款人", "en": "Borrower"}, "债务不变 / still owes it"))
    title: Text = {"zh": "撤销核销", "en": "Put back into the books"} if undo else {"zh": "核销", "en": "Write off"}
    return Shown(title, tuple(lines), may(approval, user))


def granted(approval: Approval, user: User, _counts: bool) -> None:
    """It is booked."""
    write_offs.granted(approval.subject_id, user)


def refused(approval: Approval, _user: User, _reason: str) -> None:
    """It is not."""
    write_offs.refused(approval.subject_id)


KIND = Kind(write_offs.KIND, {"zh": "核销", "en": "Write-off"}, show, may, granted, refused)
