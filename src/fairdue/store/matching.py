"""Whose money it is: gathers what the matching kernel is asked about one payment."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256

import numpy as np
from django.db.models import Q, Sum

from fairdue.core.matching import SCORES, Debts, How, Lines, match
from fairdue.store import names
from fairdue.store.models import (
    Account,
    Instalment,
    KnownPayer,
    Organisation,
    PaymentMatch,
    Posting,
    Promise,
    VirtualAccount,
)
from fairdue.store.names import TOKEN
from fairdue.store.seal import sealer

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
    """Designation by whoever passed the money on, else what the matching kernel finds among those it may be."""
    designated = _designated(lender, told)
    if designated is not None:
        return designated
    accounts = _may_be(lender, told)
    if not accounts:
        return Found()
    matched = match(_line(lender, told), _debts(accounts))
    if (at := int(matched.debt[0])) >= 0:
        how = How(int(matched.how[0]))
        named = {accounts[at].pk: told.amount} if how != How.LEARNED else {}
        return Found(accounts[at], how.name, int(SCORES[how]), named)
    rows = zip(matched.pair_debt.tolist(), matched.pair_score.tolist(), strict=True)
    return _for_a_person([(accounts[debt], score) for debt, score in rows])


def _designated(lender: Organisation, told: Incoming) -> Found | None:
    wanted = [number for number, _ in told.to]
    rows = Account.objects.filter(lender=lender, account_no__in=wanted, currency=told.currency).select_related("lender")
    accounts = {one.account_no: one for one in rows}
    if not accounts:
        return None
    if len({one.customer_id for one in accounts.values()}) > 1:
        return _for_a_person([(one, 80) for one in accounts.values()])
    amounts = {accounts[number].pk: amount for number, amount in told.to if number in accounts}
    return Found(next(iter(accounts.values())), "DESIGNATED", 100, amounts)


def _for_a_person(rows: list[tuple[Account, int]]) -> Found:
    best = sorted(rows, key=lambda row: -row[1])[:MOST]
    return Found(candidates=tuple((account, score, "SCORE") for account, score in best),
                 reason="SEVERAL" if len(best) > 1 else "DOUBT" if best else "NOBODY")  # fmt: skip


def _may_be(lender: Organisation, told: Incoming) -> list[Account]:
    """Debts that anything the payment says points to."""
    wanted = Q(account_no__in=TOKEN.findall(told.said))
    if told.virtual_account:
        wanted |= Q(virtual_accounts__number=told.virtual_account.strip())
    if told.payer_key:
        wanted |= Q(customer__payers__payer_index=told.payer_key)
    if told.payer:
        wanted |= Q(customer__name_index=sealer().index(told.payer))
    rows = Account.objects.filter(wanted, lender=lender, currency=told.currency).select_related("lender", "customer")
    return list(rows.distinct().order_by("pk")[: MOST * 5])


def _line(lender: Organisation, told: Incoming) -> Lines:
    known = (
        KnownPayer.objects.filter(lender=lender, payer_index=told.payer_key)
        if told.payer_key
        else KnownPayer.objects.none()
    )
    people = list(known.values_list("customer", flat=True)[:2])
    words = names.tokens(told.said)
    return Lines(
        amount=np.array([told.amount]), virtual=np.array([names.key(told.virtual_account)]),
        name=np.array([names.key(told.payer)]),
        folded=np.array([names.fold(told.payer)]), tail=np.array([names.tail(told.payer_account)]),
        payer=np.array([people[0] if len(people) == 1 else -1]), token_of=np.zeros(len(words), np.int64),
        token=np.array(words, np.int64),
    )  # fmt: skip


def _debts(accounts: list[Account]) -> Debts:
    ids = [account.pk for account in accounts]
    virtual = dict(VirtualAccount.objects.filter(account__in=ids).values_list("account", "number"))
    paid = PaymentMatch.objects.filter(account__in=ids, amount__gt=0, undone_by=None).exclude(line__account_tail="")
    tails = dict(paid.order_by("pk").values_list("account", "line__account_tail"))
    payers = [sealer().open(bytes(a.customer.name_sealed)) if a.customer.name_sealed else "" for a in accounts]
    of, amount = _amounts(ids)
    return Debts(
        customer=np.array([a.customer_id for a in accounts]), number=np.array([names.key(a.account_no) for a in accounts]),
        virtual=np.array([names.key(virtual.get(pk, "")) for pk in ids]), name=np.array([names.key(n) for n in payers]),
        folded=np.array([names.fold(n) for n in payers]), tail=np.array([names.tail(tails.get(pk, "")) for pk in ids]),
        amount_of=np.array([ids.index(pk) for pk in of], np.int64), amount=np.array(amount, np.int64),
    )  # fmt: skip


def _amounts(ids: list[int]) -> tuple[list[int], list[int]]:
    """What somebody would pay on a debt: all of it, an instalment, what was promised."""
    owed = Posting.objects.filter(account__in=ids).values("account").annotate(total=Sum("amount"))
    rows = list(owed.values_list("account", "total"))
    rows += Instalment.objects.filter(account__in=ids).values_list("account", "amount")
    promised = Promise.objects.filter(status="OPEN", case__customer__accounts__in=ids)
    rows += promised.values_list("case__customer__accounts", "amount")
    kept = [(pk, amount) for pk, amount in rows if pk in ids]
    return [pk for pk, _ in kept], [amount for _, amount in kept]
