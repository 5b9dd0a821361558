"""Whose money it is: gathers what the matching kernel is asked about one payment."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256

from fairdue.store.models import Account, KnownPayer, Organisation, Person, VirtualAccount
from fairdue.store.seal import sealer

TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{4,39}")
MOST = 20  # candidates shown to a person


@dataclass(frozen=True)
class Incoming:
    """A payment as it was told. Amounts in minor units; `to` names debts by account number with what each is to get."""

    source: str
    amount: int
    currency: str
    paid_on: date
    ref: str = ""
    payer: str = ""
    payer_account: str = ""
    virtual_account: str = ""
    said: str = ""
    to: tuple[tuple[str, int], ...] = ()
    row: int = 0
    nth: int = 0  # of several that say the same and carry no reference

    @property
    def identity(self) -> str:
        """The same for the same money: by the bank's reference, else by all it says."""
        if self.ref:
            return fingerprint("ref", self.ref, self.amount, self.currency)
        return fingerprint(self.source, self.amount, self.currency, self.paid_on, self.payer, self.payer_account, self.said,
                     self.virtual_account, self.nth)  # fmt: skip

    @property
    def payer_key(self) -> str:
        """The index of this payer: name and account together; empty where neither is known."""
        return sealer().index(f"{self.payer}|{self.payer_account}") if self.payer and self.payer_account else ""


def fingerprint(*said: object) -> str:
    """One hash over what was said."""
    return sha256("\x1f".join(map(str, said)).encode()).hexdigest()


@dataclass(frozen=True)
class Found:
    """The debt it was matched to, or candidates for a person with score (0 to 100) and what agrees."""

    account: Account | None = None
    how: str = ""
    score: int = 0
    designated: dict[int, int] = field(default_factory=dict)
    candidates: tuple[tuple[Account, int, str], ...] = ()
    reason: str = "NOBODY"

    @property
    def people(self) -> list[int]:
        """Everybody it may concern, to be locked."""
        found = {account.customer_id for account, _, _ in self.candidates}
        return sorted(found | ({self.account.customer_id} if self.account else set()))


def find(lender: Organisation, told: Incoming) -> Found:
    """Designation → reference → virtual account → learned payer → candidates for a person."""
    for look in (_designated, _referenced, _virtual, _learned):
        found = look(lender, told)
        if found is not None:
            return found
    return _by_name(lender, told)


def _accounts(lender: Organisation, numbers: Iterable[str], currency: str) -> list[Account]:
    wanted = {number.strip() for number in numbers}
    return list(
        Account.objects.filter(lender=lender, account_no__in=wanted, currency=currency).select_related("lender")
    )


def _designated(lender: Organisation, told: Incoming) -> Found | None:
    accounts = {one.account_no: one for one in _accounts(lender, (number for number, _ in told.to), told.currency)}
    if not accounts:
        return None
    if len({one.customer_id for one in accounts.values()}) > 1:
        return _several(list(accounts.values()), "REFERENCE")
    amounts = {accounts[number].pk: amount for number, amount in told.to if number in accounts}
    return Found(next(iter(accounts.values())), "DESIGNATED", 100, amounts)


def _referenced(lender: Organisation, told: Incoming) -> Found | None:
    accounts = _accounts(lender, TOKEN.findall(told.said), told.currency)
    if not accounts:
        return None
    if len(accounts) > 1:
        return _several(accounts, "REFERENCE")
    return Found(accounts[0], "REFERENCE", 98, {accounts[0].pk: told.amount})


def _virtual(lender: Organisation, told: Incoming) -> Found | None:
    number = told.virtual_account.strip()
    row = VirtualAccount.objects.filter(lender=lender, number=number).select_related("account__lender").first()
    if not number or row is None or row.account.currency != told.currency:
        return None
    return Found(row.account, "VIRTUAL", 99, {row.account.pk: told.amount})


def _learned(lender: Organisation, told: Incoming) -> Found | None:
    if not told.payer_key:
        return None
    payers = list(KnownPayer.objects.filter(lender=lender, payer_index=told.payer_key)[:2])
    if len(payers) != 1:
        return None
    debts = Account.objects.filter(customer=payers[0].customer_id, currency=told.currency).select_related("lender")
    first = debts.order_by("pk").first()
    return Found(first, "LEARNED", 95) if first else None


def _by_name(lender: Organisation, told: Incoming) -> Found:
    if not told.payer:
        return Found()
    people = Person.objects.filter(lender=lender, name_index=sealer().index(told.payer)).values("pk")
    accounts = Account.objects.filter(customer__in=people, currency=told.currency).select_related("lender")[:MOST]
    return _several(list(accounts), "NAME", 60)


def _several(accounts: list[Account], why: str, score: int = 80) -> Found:
    rows = tuple((account, score // len(accounts) if len(accounts) > 1 else score, why) for account in accounts)
    return Found(candidates=rows, reason="SEVERAL" if len(rows) > 1 else "DOUBT" if rows else "NOBODY")
