"""What the general ledger is told of a period: one entry a day, kind and component, as beancount text or CSV.

Money that came by a line passes through suspense, so that what waits for a person stands there to the cent.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Sum

from fairdue.core.codes import Component
from fairdue.core.ledger import PostingKind
from fairdue.store.models import Organisation, PaymentLine, PaymentMatch, Posting

BANK, SUSPENSE, OPENING = "Assets:Bank", "Liabilities:Suspense", "Equity:Opening"
AGAINST = {
    PostingKind.OPENING: OPENING, PostingKind.ACCRUAL: "Income:Interest", PostingKind.FEE: "Income:Fees",
    PostingKind.COST: "Income:CostsRecharged", PostingKind.PAYMENT: BANK, PostingKind.WAIVER: "Expenses:Waivers",
    PostingKind.LENDER_UPDATE: "Equity:LenderUpdates", PostingKind.REVERSAL: BANK, PostingKind.WRITE_OFF: "Expenses:WriteOffs",
}  # fmt: skip


@dataclass(frozen=True)
class Booking:
    """Debit one account, credit another, minor units; a negative amount the other way round."""

    on: date
    what: str
    debit: str
    credit: str
    amount: int


def bookings(lender: Organisation, first: date, last: date) -> Iterator[Booking]:
    """Everything from `first` to `last`, in the order of days; what stood before comes as one opening."""
    yield from _opening(lender, first)
    found: dict[tuple[date, str, str, str], int] = defaultdict(int)
    for on, kind, component, ref, amount in _postings(lender, first, last):
        against = SUSPENSE if ref else AGAINST[PostingKind(kind)]
        found[on, PostingKind(kind).name, receivable(component), against] += amount
    lines = PaymentLine.objects.filter(lender=lender, paid_on__gte=first, paid_on__lte=last).values("paid_on", "amount")
    for line in lines:
        found[line["paid_on"], "RECEIVED" if line["amount"] > 0 else "TAKEN_BACK", BANK, SUSPENSE] += line["amount"]
    for (on, what, debit, credit), amount in sorted(found.items()):
        if amount:
            yield Booking(on, what, debit, credit, amount)


def receivable(component: int) -> str:
    """The account of a component."""
    return f"Assets:Receivable:{Component(component).name.capitalize()}"


def _matched() -> set[str]:
    return set(PaymentMatch.objects.values_list("posting_ref", flat=True).distinct())


def _postings(lender: Organisation, first: date, last: date) -> Iterator[tuple[date, int, int, bool, int]]:
    refs = _matched()
    rows = Posting.objects.filter(account__lender=lender, value_date__gte=first, value_date__lte=last)
    for on, kind, component, ref, amount in rows.values_list(
        "value_date", "kind", "component", "ref", "amount"
    ).iterator():
        through = ref in refs and kind in {PostingKind.PAYMENT, PostingKind.REVERSAL}
        yield on, kind, component, through, amount


def _opening(lender: Organisation, first: date) -> Iterator[Booking]:
    before = Posting.objects.filter(account__lender=lender, value_date__lt=first).values("component")
    for row in before.annotate(total=Sum("amount")).order_by("component"):
        if row["total"]:
            yield Booking(first, "OPENING", receivable(row["component"]), OPENING, row["total"])
    lines = PaymentLine.objects.filter(lender=lender, paid_on__lt=first).aggregate(total=Sum("amount"))["total"] or 0
    refs = Posting.objects.filter(account__lender=lender, value_date__lt=first, ref__in=_matched())
    waiting = lines + (refs.aggregate(total=Sum("amount"))["total"] or 0)
    if waiting:
        yield Booking(first, "OPENING", OPENING, SUSPENSE, waiting)


def as_csv(lender: Organisation, first: date, last: date) -> str:
    """One row per booking, minor units and currency."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("date", "what", "debit", "credit", "amount_minor", "currency"))
    writer.writerows(
        (b.on, b.what, b.debit, b.credit, b.amount, lender.currency) for b in bookings(lender, first, last)
    )
    return out.getvalue()


def as_beancount(lender: Organisation, first: date, last: date) -> str:
    """A ledger that bean-check accepts; its last lines assert the closing of every component."""
    rows = list(bookings(lender, first, last))
    names = sorted({name for row in rows for name in (row.debit, row.credit)} | {receivable(c) for c in Component})
    text = [f'option "title" "{lender.code}"', f'option "operating_currency" "{lender.currency}"']
    text += [f"{first} open {name} {lender.currency}" for name in names]
    for row in rows:
        text += [f'\n{row.on} * "{row.what}"', f"  {row.debit}  {_money(lender, row.amount)}",
                 f"  {row.credit}  {_money(lender, -row.amount)}"]  # fmt: skip
    closing = Posting.objects.filter(account__lender=lender, value_date__lte=last).values("component")
    stands = {row["component"]: row["total"] for row in closing.annotate(total=Sum("amount"))}
    text += [""] + [
        f"{last + timedelta(days=1)} balance {receivable(c)}  {_money(lender, stands.get(int(c), 0))}"
        for c in Component
    ]
    return "\n".join(text) + "\n"


def _money(lender: Organisation, minor: int) -> str:
    sign, (units, rest) = ("-" if minor < 0 else ""), divmod(abs(minor), 10**lender.exponent)
    decimals = f".{rest:0{lender.exponent}d}" if lender.exponent else ""
    return f"{sign}{units}{decimals} {lender.currency}"
