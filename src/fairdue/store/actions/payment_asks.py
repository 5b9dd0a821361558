"""What finance does with money by hand, always by two people: one asks with a reason, another one grants it."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from fairdue.core.codes import Role
from fairdue.core.errors import Fault
from fairdue.store import access, audit, clock
from fairdue.store.access import NotYours
from fairdue.store.actions import approvals, payments, suspense, suspense_again
from fairdue.store.matching import Found, Incoming
from fairdue.store.models import Account, Approval, Organisation, PaymentAsk, PaymentLine, User

KIND = "payment"


class ReasonLacks(Fault):
    """Every step with money has a reason."""

    code = "payments.reason-needed"
    en, en_remedy = "This needs a reason.", "Say in a few words why; a second person reads it."
    zh, zh_remedy = "须填写原因。", "请简要说明，复核人员将据此审核。"


class NoSuchAccount(Fault):
    """The debt is not in the book."""

    code = "payments.no-such-account"
    en, en_remedy = "There is no account '{number}'.", "Check the number on the case."
    zh, zh_remedy = "没有账户“{number}”。", "请在案件中核对账号。"


class AskedAlready(Fault):
    """One request about a line at a time."""

    code = "payments.asked-already"
    en, en_remedy = "Somebody asked for this already.", "Wait for the second person to decide."
    zh, zh_remedy = "该款项已有待复核的申请。", "请等待复核。"


@transaction.atomic
def enter(user: User, number: str, amount: int, paid_on: date, ref: str, reason: str) -> PaymentAsk:
    """Ask to book a payment that came on no statement. Raises `NotYours`, `NotMoney`, `NoSuchAccount`, `ReasonLacks`."""
    lender = _lender(user)
    if amount <= 0:
        raise payments.NotMoney(amount=amount)
    account = _account(lender, number)
    return _ask(user, lender, "ENTER", reason, account=account, amount=amount, paid_on=paid_on, bank_ref=ref[:120])


@transaction.atomic
def assign(user: User, suspense_id: int, number: str, reason: str) -> PaymentAsk:
    """Ask to book money that waits to a debt. Raises `NotYours`, `NoSuchAccount`, `ReasonLacks`, `AskedAlready`."""
    lender, line = _lender(user), _waiting(user, suspense_id)
    return _ask(user, lender, "ASSIGN", reason, line=line, account=_account(lender, number), amount=line.suspense.amount,
                paid_on=line.paid_on)  # fmt: skip


@transaction.atomic
def refund(user: User, suspense_id: int, reason: str) -> PaymentAsk:
    """Ask to send money that waits back to its payer. Raises like `assign`."""
    lender, line = _lender(user), _waiting(user, suspense_id)
    return _ask(user, lender, "REFUND", reason, line=line, amount=line.suspense.amount, paid_on=line.paid_on)


@transaction.atomic
def reverse(user: User, line_id: int, reason: str) -> PaymentAsk:
    """Ask to take a booking back. Raises like `assign`."""
    lender = _lender(user)
    line = access.lines_for(user).filter(pk=line_id, amount__gt=0, reversed_by=None).first()
    if line is None:
        raise NotYours
    return _ask(user, lender, "REVERSE", reason, line=line, amount=line.amount, paid_on=line.paid_on)


def _lender(user: User) -> Organisation:
    lender = access.money_of(user)
    if lender is None:
        raise NotYours
    return lender


def _waiting(user: User, suspense_id: int) -> PaymentLine:
    found = access.suspense_for(user).filter(pk=suspense_id, state="OPEN").select_related("line__suspense").first()
    if found is None:
        raise NotYours
    return found.line


def _account(lender: Organisation, number: str) -> Account:
    account = Account.objects.filter(lender=lender, account_no=number.strip()).first()
    if account is None:
        raise NoSuchAccount(number=number)
    return account


def _ask(
    user: User, lender: Organisation, kind: str, reason: str, *, amount: int, paid_on: date, line: PaymentLine | None = None,
    account: Account | None = None, bank_ref: str = "",
) -> PaymentAsk:  # fmt: skip
    if not reason.strip():
        raise ReasonLacks
    if line is not None and line.asks.filter(state="ASKED").exists():
        raise AskedAlready
    made = PaymentAsk.objects.create(lender=lender, kind=kind, line=line, account=account, amount=amount, paid_on=paid_on,
                                     bank_ref=bank_ref, asked_by=user, reason=reason.strip()[:300])  # fmt: skip
    approvals.ask(KIND, made.pk, lender, [Role.FINANCE], user, reason)
    audit.write(user.username, "payment.ask", "payment_ask", made.pk, kind=kind, amount=amount)
    return made


def granted(approval: Approval, user: User) -> None:
    """A second person granted it, inside the caller's transaction."""
    asked = PaymentAsk.objects.select_related("lender", "account", "line").get(pk=approval.subject_id)
    {"ENTER": _enter, "ASSIGN": _assign, "REFUND": _refund, "REVERSE": _reverse}[asked.kind](user, asked)
    PaymentAsk.objects.filter(pk=asked.pk).update(state="DONE")


def refused(approval: Approval) -> None:
    """A second person refused it, inside the caller's transaction."""
    PaymentAsk.objects.filter(pk=approval.subject_id).update(state="REFUSED")


def _enter(user: User, asked: PaymentAsk) -> None:
    assert asked.account is not None  # noqa: S101 - what `enter` stores
    told = Incoming("MANUAL", asked.amount, asked.account.currency, asked.paid_on, ref=asked.bank_ref or f"ask-{asked.pk}",
                    to=((asked.account.account_no, asked.amount),))  # fmt: skip
    payments.receive(user.username, asked.lender, told)


def _assign(user: User, asked: PaymentAsk) -> None:
    assert asked.account is not None  # noqa: S101 - what `assign` stores
    assert asked.line is not None  # noqa: S101 - the same
    found = Found(asked.account, "PERSON", 100, {asked.account.pk: asked.amount})
    if suspense_again.assign(user.username, asked.line.suspense, found):
        suspense_again.learn(asked.lender, asked.line, asked.account)


def _refund(user: User, asked: PaymentAsk) -> None:
    assert asked.line is not None  # noqa: S101 - what `refund` stores
    today = clock.business_date(clock.now_minute(), asked.lender.zone)
    suspense.send_back(user.username, asked.line, asked.amount, today)


def _reverse(user: User, asked: PaymentAsk) -> None:
    assert asked.line is not None  # noqa: S101 - what `reverse` stores
    today = clock.business_date(clock.now_minute(), asked.lender.zone)
    payments.take_back(user.username, asked.line, today, asked.reason)
