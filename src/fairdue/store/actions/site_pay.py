"""Paying on the customer's own site: begun with any amount above zero, booked when the provider says so, signed, once.

What the provider says is checked against what was begun: another amount or currency books nothing and is looked at.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from fairdue.core.codes import Role
from fairdue.core.errors import Fault
from fairdue.store import access, audit, clock
from fairdue.store.access import NotYours
from fairdue.store.actions import payments, site_said
from fairdue.store.actions.tasks import About, Whom, open_task
from fairdue.store.locks import lock_person
from fairdue.store.models import Account, Transfer, User
from fairdue.store.seal import derive_key

DEMO = "demo"  # the provider that ships; its page moves no money
LARGEST = 10**12


class AmountWrong(Fault):
    """Nothing, or more than money."""

    code = "site.amount-wrong"
    en, en_remedy = "This amount cannot be paid.", "Enter an amount above zero."
    zh, zh_remedy = "该金额无法支付。", "请输入大于零的金额。"


class NotSigned(Fault):
    """Anybody can send a message; only the provider can sign it."""

    code = "site.not-signed"
    en, en_remedy = "The message is not signed by the payment provider.", "Check the provider's key."
    zh, zh_remedy = "该通知未经支付机构有效签名。", "请检查支付机构密钥。"


@dataclass(frozen=True)
class Told:
    """What the provider says of a payment."""

    reference: str
    provider_ref: str
    amount: int
    currency: str
    paid: bool


@transaction.atomic
def begin(user: User, account_id: int, amount: int | None) -> Transfer:
    """Begin a payment on one of the person's own accounts. Raises `NotYours`, `AmountWrong`."""
    case = site_said.current_case(user)
    account = Account.objects.filter(customer_id=user.speaks_for, pk=account_id).first()
    if account is None:
        raise NotYours
    if amount is None or not 0 < amount <= LARGEST:
        raise AmountWrong
    made = Transfer.objects.create(
        case=case, account=account, reference=secrets.token_hex(8).upper(), amount=amount, currency=account.currency,
        exponent=account.exponent, provider=DEMO, begun_at=clock.now_minute(),
    )  # fmt: skip
    audit.write(user.username, "transfer.begin", "transfer", made.pk, account=account.pk, amount=amount)
    return made


def transfer_of(user: User, reference: str) -> Transfer:
    """One of the person's own. Raises `NotYours`."""
    own = Transfer.objects.filter(case__in=access.cases_for(user), account__customer_id=user.speaks_for)
    found = own.select_related("account", "case__lender").filter(reference=reference).first()
    if found is None:
        raise NotYours
    return found


def signature(provider: str, body: bytes) -> str:
    """HMAC-SHA-256 with the provider's key; the demo's key follows from the installation's secret."""
    key = derive_key(os.environ.get("FAIRDUE_SECRET", ""), f"provider {provider}")
    return hmac.new(key, body, hashlib.sha256).hexdigest()


def told_of(provider: str, body: bytes, signed: str, said: dict[str, Any]) -> Told:
    """The message, if the provider signed it. Raises `NotSigned`."""
    if not hmac.compare_digest(signature(provider, body), signed):
        raise NotSigned
    return Told(
        str(said["reference"]), str(said["id"])[:60], int(said["amount"]), str(said["currency"]), bool(said["paid"])
    )


@transaction.atomic
def settle(told: Told) -> Transfer:
    """Book what was paid, once however often it is told. Raises `NotYours` where no such payment was begun."""
    found = Transfer.objects.select_related("account__lender", "case__lender", "case__customer").filter(
        reference=told.reference
    )
    transfer = found.first()
    if transfer is None:
        raise NotYours
    lock_person(transfer.account.customer_id)
    transfer.refresh_from_db()
    if transfer.state != Transfer.BEGUN:
        return transfer
    if told.paid and (told.amount, told.currency) != (transfer.amount, transfer.currency):
        return _look(transfer, told)
    transfer.state = Transfer.PAID if told.paid else Transfer.FAILED
    transfer.provider_ref, transfer.ended_at = told.provider_ref, clock.now_minute()
    transfer.save()
    audit.write(f"provider:{transfer.provider}", f"transfer.{transfer.state.lower()}", "transfer", transfer.pk)
    if told.paid:
        _book(transfer)
    return transfer


def _book(transfer: Transfer) -> None:
    actor = f"borrower:{transfer.account.customer_id}"
    account = transfer.account
    told = payments.Incoming(
        "PORTAL", transfer.amount, transfer.currency, site_said.today_of(transfer.case), transfer.reference,
        to=((account.account_no, transfer.amount),),
    )  # fmt: skip
    payments.receive(actor, account.lender, told)
    case = transfer.case
    case.refresh_from_db()
    if case.closed_on is None:
        user = access.for_borrower(case.customer)
        site_said.decided(case, user, "transfer", transfer.pk)


def _look(transfer: Transfer, told: Told) -> Transfer:
    transfer.state, transfer.provider_ref, transfer.ended_at = Transfer.FAILED, told.provider_ref, clock.now_minute()
    transfer.save()
    audit.write(f"provider:{transfer.provider}", "transfer.differs", "transfer", transfer.pk, amount=told.amount,
                currency=told.currency)  # fmt: skip
    open_task(f"provider:{transfer.provider}", transfer.case.lender, "FIND_PAYMENT", Whom(role=Role.FINANCE),
              about=About(transfer.case, "transfer", transfer.pk),
              detail={"zh": f"支付机构通知的金额与发起的不一致，未入账：{transfer.reference}",
                      "en": f"Another amount than was begun; nothing is booked: {transfer.reference}"})  # fmt: skip
    return transfer
