"""A long statement in batches does what one line after the other does, on both databases; killed anywhere it goes on.

One thing differs and is left out here: in batches a statement is matched against the book as it stood when it came, so an
account tail learned from its own first lines helps from the next statement on.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings

import books
from books import AS_OF, minute
from fairdue.core.statements import Entry, Statement
from fairdue.jobs import night
from fairdue.store import audit, clock, matching_many
from fairdue.store.actions import statements
from fairdue.store.models import (
    Account,
    AuditRow,
    BankStatement,
    Candidate,
    Case,
    Certificate,
    Organisation,
    PaymentKnown,
    PaymentLine,
    PaymentMatch,
    Posting,
    Promise,
    Suspense,
    Task,
)
from worlds import BOTH, KILLED, Worlds, opened

DAY = AS_OF + timedelta(days=1)


@pytest.fixture(params=BOTH)
def vendor(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def fill() -> None:
    """A book, promises by a third of it, ten in the morning of the next day."""
    lender = books.bank(owns_ledger=False)
    books.load(lender, books.write(settings.HOME / "book.csv", books.rows(60)))
    night.run_night(lender, AS_OF)
    for case in list(Case.objects.order_by("pk"))[::3]:
        if case.balance > 500:
            Promise.objects.create(
                case=case, made_on=AS_OF, amount=500, due_on=DAY, grace_days=1, threshold_ppm=900_000
            )
    clock.set_demo(minute(DAY, "10:00"))


def lender() -> Organisation:
    return Organisation.objects.get(is_lender=True)


def told() -> Statement:
    """Of every kind: parts, all of it, too much, twice for one debt, of people with several debts, nobody's, taken back."""
    entries: list[Entry] = []
    owed = dict.fromkeys(Account.objects.values_list("account_no", flat=True), 0)
    for number, amount in Posting.objects.filter(ref="").values_list("account__account_no", "amount"):
        owed[number] += amount
    for at, (number, amount) in enumerate(sorted(owed.items())):
        sums = ([max(1, amount // 3)], [max(1, amount)], [max(1, amount) + 70], [500, 40], [900])[at % 5]
        for nth, one in enumerate(sums):
            said, to = (f"还款{number}", ()) if at % 7 == 6 and len(sums) == 1 else ("", ((number, one),))
            entries.append(
                Entry(len(entries) + 1, DAY, one, f"R{at}-{nth}", "某人", f"62220000{at:04}", said=said, to=to)
            )
        if at % 9 == 3:
            entries.append(Entry(len(entries) + 1, DAY, 333, "", "路人", said="货款"))
            entries.append(Entry(len(entries) + 1, DAY, 333, "", "路人", said="货款"))
        if at % 11 == 5:
            entries.append(Entry(len(entries) + 1, DAY, -sums[0], f"B{at}", undoes=f"R{at}-0", reason="退汇"))
    total = sum(entry.amount for entry in entries)
    return Statement("camt053", "long.xml", currency="CNY", opening=0, closing=total, entries=tuple(entries))


def standing() -> dict[str, list[Any]]:
    """Everything a statement moves, by what it says and not by row numbers."""
    return {
        "lines": sorted(PaymentLine.objects.values_list("identity", "amount", "row", "reverses__identity"), key=str),
        "matches": sorted(PaymentMatch.objects.values_list("line__identity", "account__account_no", "amount", "how", "score")),
        "postings": sorted(Posting.objects.exclude(ref="").values_list("account__account_no", "component", "amount", "kind")),
        "known": sorted(PaymentKnown.objects.values_list("account__account_no", "amount")),
        "suspense": sorted(Suspense.objects.values_list("line__identity", "amount", "reason", "state", "since")),
        "candidates": sorted(Candidate.objects.values_list("suspense__line__identity", "account__account_no", "score")),
        "tasks": sorted(Task.objects.values_list("kind", "role", "due_on", "state", "about"), key=str),
        "promises": sorted(Promise.objects.values_list("case__customer__ref", "status", "paid")),
        "cases": sorted(Case.objects.values_list("customer__ref", "status", "closed_on", "balance"), key=str),
        "certificates": sorted(Certificate.objects.values_list("account__account_no", "paid", "waived", "void_on"), key=str),
        "audit": sorted(AuditRow.objects.filter(actor="bank").values_list("verb", flat=True)),
        "statements": list(BankStatement.objects.values_list("state", "rows_booked", "rows_known", "rows_rejected")),
    }  # fmt: skip


def test_in_batches_it_comes_to_the_same_as_line_by_line(
    vendor: str, worlds: Worlds, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    for many in (10**9, 1):
        with opened(worlds, vendor, fill):
            monkeypatch.setattr(statements, "MANY", many)
            monkeypatch.setattr(statements, "BATCH", 17)
            statements.book("bank", lender(), told(), "0" * 64)
            assert audit.verify() is None
            found.append(standing())
    one, batches = found
    assert len(one["lines"]) > 60
    assert one["certificates"]
    assert one["suspense"]
    for what, rows in one.items():
        assert [row for row in rows if row not in batches[what]] == [row for row in batches[what] if row not in rows], (
            what
        )


def test_killed_in_any_batch_it_goes_on_and_loses_and_doubles_nothing(
    vendor: str, worlds: Worlds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statements, "MANY", 1)
    monkeypatch.setattr(statements, "BATCH", 17)
    with opened(worlds, vendor, fill):
        statements.book("bank", lender(), told(), "0" * 64)
        whole = standing()
    with opened(worlds, vendor, fill) as world:
        for moment in ("booked", "waited", "audited", "received"):
            world.child("batching", moment, code=KILLED)
        world.child("batching", "")
        world.child("batching", "")
        assert audit.verify() is None
        after = standing()
        for what, rows in whole.items():
            assert rows == after[what], what


def test_the_whole_book_is_matched_as_one_payment_is(vendor: str, worlds: Worlds) -> None:
    from fairdue.store import matching

    with opened(worlds, vendor, fill):
        incoming = list(statements._incomings(told()).values())
        hits = matching_many.find(lender(), incoming, matching_many.book_of(lender(), "CNY"))
        for one, hit in zip(incoming, hits, strict=True):
            alone = matching.find(lender(), one)
            assert (alone.account.pk if alone.account else None, alone.how, alone.designated) == (
                hit.account,
                hit.how,
                hit.designated,
            )
            assert alone.reason == hit.reason
