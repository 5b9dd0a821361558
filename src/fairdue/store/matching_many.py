"""Whose money a whole statement is: the lender's debts gathered once as columns, all lines matched by one run of the kernel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from django.db.models import Sum

from fairdue.core.matching import SCORES, Debts, How, Lines, match
from fairdue.store import names
from fairdue.store.matching import MOST, Found, Incoming
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
from fairdue.store.seal import sealer


@dataclass(frozen=True)
class Hit:
    """What `matching.Found` says, by number of the row: the debt and its customer, or candidates for a person."""

    account: int | None = None
    customer: int | None = None
    how: str = ""
    score: int = 0
    designated: dict[int, int] = field(default_factory=dict)
    candidates: tuple[tuple[int, int, int], ...] = ()  # account, customer, score
    reason: str = "NOBODY"

    @property
    def people(self) -> set[int]:
        """Everybody it may concern."""
        found = {customer for _, customer, _ in self.candidates}
        return found | ({self.customer} if self.customer is not None else set())

    def found(self) -> Found:
        """The same with the rows themselves, for the door that takes one payment at a time."""
        wanted = [self.account] if self.account is not None else [account for account, _, _ in self.candidates]
        rows = Account.objects.select_related("lender", "customer").in_bulk(wanted)
        candidates = tuple((rows[account], score, "SCORE") for account, _, score in self.candidates)
        account = rows[self.account] if self.account is not None else None
        return Found(account, self.how, self.score, self.designated, candidates, self.reason)


@dataclass(frozen=True)
class Book:
    """The debts of a lender in one currency: rows in the order of the columns, and the columns the kernel wants."""

    accounts: tuple[int, ...]
    customers: tuple[int, ...]
    at: dict[str, int]
    debts: Debts


def book_of(lender: Organisation, currency: str) -> Book:
    """Gathered once per statement. Six queries."""
    fields = ("pk", "customer_id", "account_no", "customer__name_sealed")
    rows = list(Account.objects.filter(lender=lender, currency=currency).order_by("pk").values_list(*fields))
    place = {row[0]: at for at, row in enumerate(rows)}
    said = [sealer().open(bytes(row[3])) if row[3] else "" for row in rows]
    virtual, tails = _by_account(lender, place)
    of, amount = _amounts(lender, place)
    debts = Debts(
        customer=np.array([row[1] for row in rows], np.int64), number=_keys([row[2] for row in rows]),
        virtual=_keys([virtual.get(row[0], "") for row in rows]), name=_keys(said),
        folded=np.array([names.fold(one) for one in said], np.int64),
        tail=np.array([names.tail(tails.get(row[0], "")) for row in rows], np.int64),
        amount_of=np.array(of, np.int64), amount=np.array(amount, np.int64),
    )  # fmt: skip
    return Book(
        tuple(row[0] for row in rows), tuple(row[1] for row in rows), {row[2]: at for at, row in enumerate(rows)}, debts
    )


def _keys(texts: list[str]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array([names.key(text) for text in texts], np.int64)


def _by_account(lender: Organisation, place: dict[int, int]) -> tuple[dict[int, str], dict[int, str]]:
    virtual = dict(VirtualAccount.objects.filter(lender=lender).values_list("account", "number"))
    paid = PaymentMatch.objects.filter(account__lender=lender, amount__gt=0, undone_by=None).exclude(
        line__account_tail=""
    )
    tails = dict(paid.order_by("pk").values_list("account", "line__account_tail"))
    return virtual, {account: tail for account, tail in tails.items() if account in place}


def _amounts(lender: Organisation, place: dict[int, int]) -> tuple[list[int], list[int]]:
    """What somebody would pay on a debt: all of it, an instalment, what was promised."""
    owed = Posting.objects.filter(account__lender=lender).values("account").annotate(total=Sum("amount"))
    rows = list(owed.values_list("account", "total"))
    rows += Instalment.objects.filter(account__lender=lender).values_list("account", "amount")
    promised = Promise.objects.filter(status="OPEN", case__lender=lender)
    rows += promised.values_list("case__customer__accounts", "amount")
    kept = [(place[account], amount) for account, amount in rows if account in place]
    return [at for at, _ in kept], [amount for _, amount in kept]


def find(lender: Organisation, told: Sequence[Incoming], book: Book) -> list[Hit]:
    """One hit per payment, in their order; designation by whoever passed the money on goes first."""
    designated = [_designated(one, book) for one in told]
    free = [at for at, hit in enumerate(designated) if hit is None]
    lines = [told[at] for at in free]
    matched = match(_lines(lender, lines), book.debts)
    first, last = (np.searchsorted(matched.pair_line, np.arange(len(lines)), side) for side in ("left", "right"))
    hits = list(designated)
    for at, line in enumerate(free):
        debt, how = int(matched.debt[at]), How(int(matched.how[at]))
        if debt >= 0:
            named = {book.accounts[debt]: told[line].amount} if how != How.LEARNED else {}
            hits[line] = Hit(book.accounts[debt], book.customers[debt], how.name, int(SCORES[how]), named)
            continue
        pairs = slice(int(first[at]), int(last[at]))
        rows = zip(matched.pair_debt[pairs].tolist(), matched.pair_score[pairs].tolist(), strict=True)
        hits[line] = _for_a_person([(book.accounts[d], book.customers[d], score) for d, score in rows])
    return [hit for hit in hits if hit is not None]


def _designated(told: Incoming, book: Book) -> Hit | None:
    places = {book.at[number]: amount for number, amount in told.to if number in book.at}
    if not places:
        return None
    if len({book.customers[at] for at in places}) > 1:
        return _for_a_person([(book.accounts[at], book.customers[at], 80) for at in places])
    first = next(iter(places))
    amounts = {book.accounts[at]: amount for at, amount in places.items()}
    return Hit(book.accounts[first], book.customers[first], "DESIGNATED", 100, amounts)


def _for_a_person(rows: list[tuple[int, int, int]]) -> Hit:
    best = sorted(rows, key=lambda row: -row[2])[:MOST]
    return Hit(candidates=tuple(best), reason="SEVERAL" if len(best) > 1 else "DOUBT" if best else "NOBODY")


def _lines(lender: Organisation, told: Sequence[Incoming]) -> Lines:
    known: dict[str, set[int]] = {}
    for index, customer in KnownPayer.objects.filter(lender=lender).values_list("payer_index", "customer"):
        known.setdefault(index, set()).add(customer)
    payers = [known.get(one.payer_key, set()) if known else set() for one in told]
    words = [(at, key) for at, one in enumerate(told) for key in names.tokens(one.said)]
    return Lines(
        amount=np.array([one.amount for one in told], np.int64), virtual=_keys([one.virtual_account for one in told]),
        name=_keys([one.payer for one in told]), folded=np.array([names.fold(one.payer) for one in told], np.int64),
        tail=np.array([names.tail(one.payer_account) for one in told], np.int64),
        payer=np.array([min(one) if len(one) == 1 else -1 for one in payers], np.int64),
        token_of=np.array([at for at, _ in words], np.int64), token=np.array([key for _, key in words], np.int64),
    )  # fmt: skip
