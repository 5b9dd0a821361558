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

from django.db.models import Q, Sum

from fairdue.core.codes import Component
from fairdue.core.ledger import PostingKind
from fairdue.store.actions import write_offs
from fairdue.store.models import Organisation, PaymentLine, PaymentMatch, Posting, WriteOff, WriteOffEntry

BANK, SUSPENSE, OPENING = "Assets:Bank", "Liabilities:Suspense", "Equity:Opening"
LOSSES, RECOVERIES, CLAIMS = "Expenses:WriteOffs", "Income:Recoveries", "Equity:WrittenOffClaims"
AGAINST = {
    PostingKind.OPENING: OPENING, PostingKind.ACCRUAL: "Income:Interest", PostingKind.FEE: "Income:Fees",
    PostingKind.COST: "Income:CostsRecharged", PostingKind.PAYMENT: BANK, PostingKind.WAIVER: "Expenses:Waivers",
    PostingKind.LENDER_UPDATE: "Equity:LenderUpdates", PostingKind.REVERSAL: BANK, PostingKind.WRITE_OFF: LOSSES,
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
    for on, what, debit, credit, amount in (*_postings(lender, first, last), *_entries(lender, first, last)):
        found[on, what, debit, credit] += amount
    lines = PaymentLine.objects.filter(lender=lender, paid_on__gte=first, paid_on__lte=last).values("paid_on", "amount")
    for line in lines:
        found[line["paid_on"], "RECEIVED" if line["amount"] > 0 else "TAKEN_BACK", BANK, SUSPENSE] += line["amount"]
    for (on, what, debit, credit), amount in sorted(found.items()):
        if amount:
            yield Booking(on, what, debit, credit, amount)


def receivable(component: int) -> str:
    """The account of a component."""
    return f"Assets:Receivable:{Component(component).name.capitalize()}"


def written_off(component: int) -> str:
    """The memorandum account of a component that is written off and still owed (账销案存)."""
    return f"Assets:WrittenOff:{Component(component).name.capitalize()}"


def _matched() -> set[str]:
    return set(PaymentMatch.objects.values_list("posting_ref", flat=True).distinct())


Row = tuple[date, str, str, str, int]  # day, what, debit, credit, minor units


def _postings(lender: Organisation, first: date, last: date) -> Iterator[Row]:
    refs, off = _matched(), _windows(lender)
    rows = Posting.objects.filter(account__lender=lender, value_date__gte=first, value_date__lte=last)
    fields = ("value_date", "kind", "component", "ref", "amount", "account_id", "pk", "reverses__kind", "reverses__pk")
    for on, kind, component, ref, amount, account, pk, undone, undone_pk in rows.values_list(*fields).iterator():
        meant = PostingKind(kind if undone is None else undone)
        through = ref in refs and meant == PostingKind.PAYMENT
        against = SUSPENSE if through else AGAINST[meant]
        since = next((start for start, end in off.get(account, ()) if start < pk <= end), None)
        if since is None:
            yield on, PostingKind(kind).name, receivable(component), against, amount
            continue
        yield on, PostingKind(kind).name, written_off(component), CLAIMS, amount
        if (
            meant == PostingKind.PAYMENT
        ):  # money moved: a recovery, or a loss more where it had come before the write-off
            earlier = undone_pk is not None and undone_pk <= since
            yield on, "LOSS" if earlier else "RECOVERY", LOSSES if earlier else RECOVERIES, against, amount


def _windows(lender: Organisation) -> dict[int, list[tuple[int, int]]]:
    """By debt: the postings after which it stood off the books, and until which."""
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    rows = WriteOff.objects.filter(lender=lender, after_posting__gte=0)
    for account, start, end in rows.values_list("account_id", "after_posting", "until_posting"):
        found[account].append((start, end if end >= 0 else 2**62))
    return found


def _entries(lender: Organisation, first: date, last: date) -> Iterator[Row]:
    """What was written off, or put back: out of the receivables, and beside the books as what is still owed."""
    rows = WriteOffEntry.objects.filter(write_off__lender=lender, on__gte=first, on__lte=last)
    for on, component, amount in rows.values_list("on", "component", "amount"):
        what = "WRITE_OFF" if amount > 0 else "WRITE_OFF_UNDONE"
        yield on, what, LOSSES, receivable(component), amount
        yield on, what, written_off(component), CLAIMS, amount


def standing(lender: Organisation, until: date) -> tuple[dict[int, int], dict[int, int]]:
    """At the end of a day, by component: what stands in the books, and what is written off and still owed."""
    owed = Posting.objects.filter(account__lender=lender, value_date__lte=until).values_list("component")
    off: dict[int, int] = defaultdict(int)
    rows = WriteOff.objects.filter(lender=lender, after_posting__gte=0)
    for amounts in write_offs.off_books(rows, until).values():
        for component, amount in amounts.items():
            off[int(component)] += amount
    sums = dict(owed.annotate(total=Sum("amount")))
    return {int(c): sums.get(int(c), 0) - off[int(c)] for c in Component}, dict(off)


def _opening(lender: Organisation, first: date) -> Iterator[Booking]:
    inside, off = standing(lender, first - timedelta(days=1))
    for amounts, name, against in ((inside, receivable, OPENING), (off, written_off, CLAIMS)):
        for component, total in sorted(amounts.items()):
            if total:
                yield Booking(first, "OPENING", name(component), against, total)
    lines = PaymentLine.objects.filter(lender=lender, paid_on__lt=first).aggregate(total=Sum("amount"))["total"] or 0
    paid = Q(kind=PostingKind.PAYMENT) | Q(reverses__kind=PostingKind.PAYMENT)
    refs = Posting.objects.filter(paid, account__lender=lender, value_date__lt=first, ref__in=_matched())
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
    """A ledger that bean-check accepts; its last lines assert the closing of every component, in the books and beside them."""
    rows = list(bookings(lender, first, last))
    names = sorted({name for row in rows for name in (row.debit, row.credit)} | {receivable(c) for c in Component})
    text = [f'option "title" "{lender.code}"', f'option "operating_currency" "{lender.currency}"']
    text += [f"{first} open {name} {lender.currency}" for name in names]
    for row in rows:
        text += [f'\n{row.on} * "{row.what}"', f"  {row.debit}  {_money(lender, row.amount)}",
                 f"  {row.credit}  {_money(lender, -row.amount)}"]  # fmt: skip
    inside, off = standing(lender, last)
    stands = [(receivable(c), inside[int(c)]) for c in Component]
    stands += [(name, off[int(c)]) for c in Component if (name := written_off(c)) in names]
    text += [""] + [f"{last + timedelta(days=1)} balance {name}  {_money(lender, total)}" for name, total in stands]
    return "\n".join(text) + "\n"


def _money(lender: Organisation, minor: int) -> str:
    sign, (units, rest) = ("-" if minor < 0 else ""), divmod(abs(minor), 10**lender.exponent)
    decimals = f".{rest:0{lender.exponent}d}" if lender.exponent else ""
    return f"{sign}{units}{decimals} {lender.currency}"
