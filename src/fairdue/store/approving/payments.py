"""Money moved by hand: booked, assigned, sent back, taken back, each by a second person of finance."""

from __future__ import annotations

from fairdue.core.money import format_minor
from fairdue.store.actions import payment_asks
from fairdue.store.approving import Kind, Shown, Text
from fairdue.store.models import Approval, PaymentAsk, User

TITLES: dict[str, Text] = {
    "ENTER": {"zh": "手工入账", "en": "Book a payment by hand"},
    "ASSIGN": {"zh": "认领待查款项", "en": "Assign money that waits"},
    "REFUND": {"zh": "退还付款人", "en": "Send money back"}, "REVERSE": {"zh": "冲正还款", "en": "Take a booking back"},
}  # fmt: skip


def may(_approval: Approval, _user: User) -> Text:
    """Anybody else of finance: that it is another person is asked for all kinds alike."""
    return {}


def show(approval: Approval, user: User) -> Shown:
    """What is asked, and to which debt."""
    asked = PaymentAsk.objects.select_related("lender", "account", "line").get(pk=approval.subject_id)
    lines: list[tuple[Text, str]] = [
        (
            {"zh": "金额", "en": "Amount"},
            f"{format_minor(asked.amount, asked.lender.exponent)} {asked.lender.currency}",
        ),
        ({"zh": "付款日期", "en": "Paid on"}, asked.paid_on.isoformat()),
    ]
    if asked.account is not None:
        lines.append(({"zh": "账户", "en": "Account"}, asked.account.account_no))
    if asked.line is not None:
        lines.append(({"zh": "付款人", "en": "Payer"}, asked.line.payer_masked or "-"))
    return Shown(TITLES[asked.kind], tuple(lines), may(approval, user))


def granted(approval: Approval, user: User, _counts: bool) -> None:
    """It is done."""
    payment_asks.granted(approval, user)


def refused(approval: Approval, _user: User, _reason: str) -> None:
    """It is not done."""
    payment_asks.refused(approval)


KIND = Kind("payment", {"zh": "资金处理", "en": "Money"}, show, may, granted, refused)
