"""What a loaded file does to the book, on both databases."""

from __future__ import annotations

import csv
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db.models import Sum

import books
from books import AS_OF
from fairdue.core.codes import Component, Party
from fairdue.core.ledger import PostingKind
from fairdue.intake.faults import RowsDiffer, TotalDiffers
from fairdue.jobs import imports
from fairdue.store import audit
from fairdue.store.actions import ledger
from fairdue.store.models import Account, AuditRow, Batch, LenderCheck, Link, Person, Point, Posting
from fairdue.store.seal import sealer
from worlds import BOTH, Worlds, opened

LATER = AS_OF + timedelta(days=30)
both = pytest.mark.parametrize("vendor", BOTH)


@both
def test_the_same_file_twice_changes_nothing(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor):
        lender, path = books.bank(), books.write(settings.HOME / "book.csv", books.rows(60))
        assert not books.load(lender, path).again
        before = books.kept()
        assert books.load(lender, path).again
        assert books.kept() == before


@both
def test_the_same_bytes_under_another_name_change_nothing(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor):
        lender, path = books.bank(), books.write(settings.HOME / "book.csv", books.rows(20))
        books.load(lender, path)
        before = books.kept()
        assert books.load(lender, path.rename(settings.HOME / "copy.csv")).again
        assert books.kept() == before


@both
def test_where_the_lender_is_the_truth_a_newer_book_posts_the_difference(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor):
        lender = books.bank(owns_ledger=False)
        one, two = account(principal="100.00", interest="3.00"), account(principal="80.00", interest="4.50")
        books.load(lender, books.write(settings.HOME / "one.csv", [one]))
        books.load(lender, books.write(settings.HOME / "two.csv", [two]), as_of=LATER)
        assert balance(AS_OF) == [100_00, 3_00, 0, 0, 0]
        assert balance(LATER) == [80_00, 4_50, 0, 0, 0]
        assert kinds() == {
            (AS_OF, PostingKind.OPENING, 100_00), (AS_OF, PostingKind.OPENING, 3_00),
            (LATER, PostingKind.LENDER_UPDATE, -20_00), (LATER, PostingKind.LENDER_UPDATE, 1_50),
        }  # fmt: skip
        assert not LenderCheck.objects.exists()


@both
def test_where_our_ledger_is_the_truth_a_newer_book_posts_nothing_and_is_compared(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor):
        lender = books.bank(owns_ledger=True)
        books.load(lender, books.write(settings.HOME / "one.csv", [account(principal="100.00", interest="3.00")]))
        books.load(
            lender, books.write(settings.HOME / "two.csv", [account(principal="80.00", interest="4.50")]), as_of=LATER
        )
        assert balance(LATER) == [100_00, 3_00, 0, 0, 0]
        check = LenderCheck.objects.get()
        assert (check.on, check.ours, check.lenders) == (LATER, 103_00, 84_50)


@both
def test_a_book_older_than_what_we_hold_changes_no_balance(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor):
        lender = books.bank(owns_ledger=False)
        books.load(lender, books.write(settings.HOME / "new.csv", [account(principal="80.00")]), as_of=LATER)
        before = books.kept("account", "posting")
        books.load(lender, books.write(settings.HOME / "old.csv", [account(principal="100.00")]))
        assert books.kept("account", "posting") == before


@both
def test_control_totals_are_the_file_s_and_the_ledger_s(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor):
        lines = books.rows(80)
        loaded = books.load(books.bank(), books.write(settings.HOME / "book.csv", lines))
        said = sum(round(float(line["balance"]) * 100) for line in lines)
        sums = loaded.batch.control["sums"]["CNY"]
        assert sums == {"read": said, "loaded": said, "left_out": 0, "unreadable": 0}
        assert Posting.objects.aggregate(total=Sum("amount"))["total"] == said
        assert (loaded.batch.rows_read, loaded.batch.rows_loaded, loaded.batch.rows_rejected) == (80, 80, 0)


@both
def test_a_control_total_that_differs_loads_nothing(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor):
        lender, path = books.bank(), books.write(settings.HOME / "book.csv", books.rows(10))
        for expected, fault in ((imports.Expected(rows=11), RowsDiffer), (imports.Expected(total=1), TotalDiffers)):
            with pytest.raises(fault):
                imports.import_file(
                    lender, path, "canonical-book", kind="book", as_of=AS_OF, actor="test", expected=expected
                )
        assert not Account.objects.exists()
        assert not Posting.objects.exists()
        assert Batch.objects.get().state == "LOADING"


@both
def test_rejected_rows_are_mended_and_loaded_again(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor):
        lender, lines = books.bank(), books.rows(30)
        good = list(lines)
        lines[3] = lines[3] | {"balance": "nothing"}
        lines[8] = lines[8] | {"oldest_unpaid_due": (AS_OF + timedelta(days=1)).isoformat()}
        loaded = books.load(lender, books.write(settings.HOME / "book.csv", lines))
        assert (loaded.batch.rows_loaded, loaded.batch.rows_rejected) == (28, 2)
        assert Account.objects.count() == 28
        with Path(loaded.batch.rejects_file).open(encoding="utf-8-sig", newline="") as file:
            rejects = list(csv.DictReader(file))
        assert [row["account_no"] for row in rejects] == [lines[3]["account_no"], lines[8]["account_no"]]
        mended = [row | dict(good[int(row["account_no"][1:])]) for row in rejects]
        again = books.load(lender, books.write(settings.HOME / "mended.csv", mended))
        assert (again.batch.rows_loaded, again.batch.rows_rejected) == (2, 0)
        assert Account.objects.count() == 30


@both
def test_every_load_leaves_one_opening_and_one_closing_audit_row(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor):
        books.load(books.bank(), books.write(settings.HOME / "book.csv", books.rows(10)))
        assert list(AuditRow.objects.values_list("verb", flat=True)) == ["batch.open", "batch.load"]
        assert audit.verify() is None


@both
def test_a_name_is_sealed_before_it_is_kept(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor):
        books.load(
            books.bank(), books.write(settings.HOME / "book.csv", [account(name="欧阳修远", phone="13912345678")])
        )
        person, point = Person.objects.get(), Point.objects.get()
        assert sealer().open(bytes(person.name_sealed or b"")) == "欧阳修远"
        assert (person.name_masked, point.value_masked) == ("欧***", "139****5678")
        assert sealer().open(bytes(point.value_sealed)) == "13912345678"
        assert point.value_index == sealer().index("13912345678")


@both
def test_people_of_a_later_file_are_added_and_a_refusal_stays(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor):
        lender = books.bank()
        books.load(lender, books.write(settings.HOME / "book.csv", [account()]))
        contact = {
            "customer_ref": "C1",
            "party": "CONTACT",
            "name": "李四",
            "phone": "13800000001",
            "phone_source": "CONTRACT",
        }
        books.load(lender, books.write(settings.HOME / "people.csv", [contact]), "people", None)
        Link.objects.update(refused_on=AS_OF)
        books.load(lender, books.write(settings.HOME / "again.csv", [contact | {"place": "北京"}]), "people", None)
        link = Link.objects.get()
        assert (link.party, link.refused_on) == (Party.CONTACT, AS_OF)
        assert (link.customer.ref, link.person.place) == ("C1", "北京")


@both
def test_payments_of_a_file_are_allocated_like_one_entered_by_hand(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor):
        lender = books.bank()
        books.load(lender, books.write(settings.HOME / "book.csv", [account(principal="100.00", interest="3.00")]))
        paid = {"account_no": "L1", "paid_on": "2026-09-30", "amount": "10.00", "reference": "R1"}
        path = books.write(settings.HOME / "payments.csv", [paid])
        books.load(lender, path, "payments", AS_OF)
        assert balance(AS_OF) == [93_00, 0, 0, 0, 0]
        same = books.write(settings.HOME / "same.csv", [paid | {"note": "sent twice"}])
        books.load(lender, same, "payments", AS_OF)
        assert balance(AS_OF) == [93_00, 0, 0, 0, 0]


def account(**said: str) -> dict[str, str]:
    """One account of one customer; the balance follows from its parts."""
    line = {"account_no": "L1", "customer_ref": "C1", "product": "CONSUMER", "principal": "50.00", "interest": "0",
            "penalty": "0", "fees": "0", "costs": "0"} | said  # fmt: skip
    total = sum(round(float(line[c.name.lower()]) * 100) for c in Component)
    return line | {"balance": books.cents(total)}


def balance(on: object) -> list[int]:
    return ledger.balances(Account.objects.get(), on).tolist()  # type: ignore[arg-type]  # a date


def kinds() -> set[tuple[object, int, int]]:
    return set(Posting.objects.values_list("value_date", "kind", "amount"))
