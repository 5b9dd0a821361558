"""Looks for a payment that a customer says was made: in what waits, in what is booked, here and elsewhere, taken or sent back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
from django.db.models import Q, QuerySet, Sum

from fairdue.core.codes import Code
from fairdue.core.errors import Fault
from fairdue.core.found_payment import Rows, of_bits, points
from fairdue.core.money import parse_minor
from fairdue.store import names
from fairdue.store.models import (
    Account,
    BankStatement,
    Instalment,
    KnownPayer,
    PaymentLine,
    PaymentMatch,
    Person,
    PlanPayment,
    Posting,
    Promise,
    SettlementPart,
    Track,
)
from fairdue.store.seal import mask_name, sealer

BACK_DAYS = 60  # a judgement of ours: how long before the day named, or the claim, is looked
MOST_ROWS = 5_000
SHOWN = 10
AMOUNT = re.compile(
    r"(?:[¥￥]|CNY|RMB)\s*([\d,]+(?:\.\d{1,2})?)|([\d,]+(?:\.\d{1,2})?)\s*(?:元|块|yuan|CNY|RMB)", re.IGNORECASE
)
ISO = re.compile(r"(?<!\d)(20\d\d)-(\d{1,2})-(\d{1,2})(?!\d)")
SHORT = re.compile(r"(?<!\d)(\d{1,2})月(\d{1,2})[日号]")


class Place(Code):
    """Where money lies."""

    WAITS = (0, "待认领款项", "Waits to be assigned")
    OWN = (1, "已入该客户账户", "Booked to this customer")
    ELSEWHERE = (2, "已入其他客户账户", "Booked to somebody else")
    RETURNED = (3, "已入账后被退回", "Was taken back")
    SENT_BACK = (4, "已退还付款人", "Was sent back to the payer")


class WhyNot(Code):
    """Why nothing was found."""

    STATEMENT_LACKS = (0, "该日对账单尚未导入", "The statement of that day has not come in yet")
    NOTHING_LIKE_IT = (1, "各处均未见相符款项", "Nothing like it is anywhere")


@dataclass(frozen=True)
class Claim:
    """What the customer said; `amount` 0 and `on` None: not said."""

    amount: int = 0
    on: date | None = None


@dataclass(frozen=True)
class Searched:
    """What was looked at by place, the rows for a person with the best first, and why there is none."""

    claim: Claim
    looked: dict[str, int]
    found: list[dict[str, Any]] = field(default_factory=list)
    why: str = ""


def claim_of(said: str, exponent: int, today: date) -> Claim:
    """Amount and day in a customer's words; what is said twice and differently counts as not said."""
    amounts = {found for a, b in AMOUNT.findall(said) if (found := _minor(a or b, exponent)) > 0}
    days = {day for parts in ISO.findall(said) if (day := _day(*map(int, parts)))}
    for month, number in SHORT.findall(said):  # the newest such day that is not ahead
        tried = [_day(year, int(month), int(number)) for year in (today.year, today.year - 1)]
        days |= set([day for day in tried if day and day <= today][:1])
    return Claim(amounts.pop() if len(amounts) == 1 else 0, days.pop() if len(days) == 1 else None)


def _minor(text: str, exponent: int) -> int:
    try:
        return parse_minor(text.replace(",", ""), exponent)
    except (Fault, ValueError):
        return 0


def _day(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None


def look(track: Track, claim: Claim) -> Searched:
    """Everything that may be the payment. A handful of queries, whatever there is."""
    person, lender = track.case.customer, track.lender
    accounts = list(Account.objects.filter(customer=person))
    wanted = _wanted(person, accounts)
    since = (claim.on or track.since) - timedelta(days=BACK_DAYS)
    lines = PaymentLine.objects.filter(wanted.rows(claim), lender=lender, paid_on__gte=since, amount__gt=0)
    kept = list(lines.distinct().select_related("suspense", "reversed_by").order_by("-paid_on", "-pk")[:MOST_ROWS])
    places = _places(kept, {account.pk for account in accounts})
    looked = {place.name: sum(1 for one in places if one == place) for place in Place}
    score, bits = points(
        wanted.columns(kept, places), claim.amount, np.datetime64(claim.on or "NaT", "D"), wanted.usual
    )
    best = [at for at in np.argsort(-score, kind="stable")[:SHOWN].tolist() if score[at] > 0]
    found = [_row(kept[at], places[at], int(score[at]), int(bits[at])) for at in best]
    return Searched(claim, looked, found, "" if found else _why(lender.pk, claim.on or track.since).name)


@dataclass(frozen=True)
class _Wanted:
    """What would point to this customer."""

    numbers: tuple[str, ...]
    names: tuple[str, ...]
    tails: tuple[str, ...]
    payers: tuple[str, ...]
    usual: np.ndarray[tuple[int], np.dtype[np.int64]]
    people: int

    def rows(self, claim: Claim) -> Q:
        """Lines worth looking at."""
        masks = [mask_name(name) for name in self.names]
        found = Q(suspense__state="OPEN") | Q(matches__account__customer=self.people)
        found |= Q(payer_index__in=self.payers) if self.payers else Q()
        found |= Q(payer_masked__in=masks) | Q(account_tail__in=self.tails)
        return found | Q(amount=claim.amount) if claim.amount else found

    def columns(self, lines: list[PaymentLine], places: list[Place]) -> Rows:
        """What agrees of every line."""
        folds = {names.fold(name) for name in self.names if name}
        words = [names.TOKEN.findall(one.said) for one in lines]
        return Rows(
            np.array([one.amount for one in lines], np.int64), np.array([one.paid_on for one in lines], "datetime64[D]"),
            _flags(any(number in one.said for number in self.numbers) for one in lines),
            _flags(any(_slip(word, number) for word in said for number in self.numbers) for said in words),
            _flags(names.fold(_payer(one)) in folds for one in lines),
            _flags(bool(one.account_tail) and one.account_tail in self.tails for one in lines),
            _flags(bool(one.payer_index) and one.payer_index in self.payers for one in lines),
            _flags(place == Place.OWN for place in places),
        )  # fmt: skip


def _flags(found: Iterable[bool]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.array(list(found), np.bool_)


def _payer(line: PaymentLine) -> str:
    return sealer().open(bytes(line.payer_sealed)).partition("\n")[0] if line.payer_sealed else ""


def _slip(word: str, number: str) -> bool:
    """One character wrong, lacking or too many, or two neighbours turned round."""
    if word == number or abs(len(word) - len(number)) > 1:
        return False
    head = next(
        (at for at, (a, b) in enumerate(zip(word, number, strict=False)) if a != b), min(len(word), len(number))
    )
    rest = (
        word[head + 1 :] == number[head + 1 :],
        word[head:] == number[head + 1 :],
        word[head + 1 :] == number[head:],
    )
    turned = word[head : head + 2] == number[head : head + 2][::-1] and word[head + 2 :] == number[head + 2 :]
    return any(rest) or turned


def _wanted(person: Person, accounts: list[Account]) -> _Wanted:
    ids = [account.pk for account in accounts]
    own = PaymentMatch.objects.filter(account__in=ids, amount__gt=0, undone_by=None)
    tails = own.exclude(line__account_tail="").values_list("line__account_tail", flat=True).distinct()
    learned = KnownPayer.objects.filter(customer=person).values_list("payer_index", flat=True)
    paid_by = own.exclude(line__payer_index="").values_list("line__payer_index", flat=True).distinct()
    said = sealer().open(bytes(person.name_sealed)) if person.name_sealed else ""
    return _Wanted(tuple(a.account_no for a in accounts), (said,) if said else (), tuple(tails),
                   tuple({*learned, *paid_by}), np.array(sorted(_usual(person, ids)), np.int64), person.pk)  # fmt: skip


def _usual(person: Person, ids: list[int]) -> set[int]:
    owed = Posting.objects.filter(account__in=ids).values("account").annotate(total=Sum("amount"))
    sums: list[QuerySet[Any, int]] = [
        owed.values_list("total", flat=True),
        Instalment.objects.filter(account__in=ids).values_list("amount", flat=True),
        Promise.objects.filter(case__customer=person).values_list("amount", flat=True),
        PlanPayment.objects.filter(plan__account__in=ids).values_list("amount", flat=True),
        SettlementPart.objects.filter(settlement__account__in=ids).values_list("amount", flat=True),
    ]
    return {amount for one in sums for amount in one if amount > 0}


def _places(lines: list[PaymentLine], own: set[int]) -> list[Place]:
    booked: dict[int, set[int]] = {}
    for line, account in PaymentMatch.objects.filter(line__in=lines).values_list("line", "account"):
        booked.setdefault(line, set()).add(account)
    return [_place(line, booked.get(line.pk, set()), own) for line in lines]


def _place(line: PaymentLine, booked: set[int], own: set[int]) -> Place:
    if getattr(line, "reversed_by", None) is not None:
        return Place.RETURNED
    if booked & own:
        return Place.OWN
    if booked:
        return Place.ELSEWHERE
    waits = getattr(line, "suspense", None)
    return Place.WAITS if waits is not None and waits.state == "OPEN" else Place.SENT_BACK


def _row(line: PaymentLine, place: Place, score: int, bits: int) -> dict[str, Any]:
    return {"line": line.pk, "place": place.name, "score": score, "agrees": [one.name for one in of_bits(bits)]}


def _why(lender: int, on: date) -> WhyNot:
    """Whether a statement reaches the day at all."""
    reaches = BankStatement.objects.filter(lender=lender, state="LOADED", to_on__gte=on).exists()
    return WhyNot.NOTHING_LIKE_IT if reaches else WhyNot.STATEMENT_LACKS
