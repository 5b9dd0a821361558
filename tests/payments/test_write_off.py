"""Written off in the lender's books, still owed and still paid: recoveries stand apart, to the cent, and it can be undone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection

import books
from books import AS_OF, minute
from fairdue.core.codes import Component, Role
from fairdue.jobs import night
from fairdue.store import audit, clock, general_ledger
from fairdue.store.access import NotYours
from fairdue.store.actions import approvals, control, ledger, payment_asks, payments, write_offs
from fairdue.store.models import Account, Approval, Case, Organisation, User, WriteOff, WriteOffEntry
from worlds import BOTH, World, Worlds, opened

END = AS_OF + timedelta(days=3)


@pytest.fixture(params=BOTH)
def world(request: pytest.FixtureRequest, worlds: Worlds) -> Iterator[World]:
    with opened(worlds, request.param) as made:
        books.load(books.bank(owns_ledger=False), books.write(settings.HOME / "book.csv", books.rows(12)))
        night.run_night(lender(), AS_OF)
        clock.set_demo(minute(AS_OF, "10:00"))
        for name in ("fin1", "fin2"):
            books.hire(name, Role.FINANCE, lender())
        yield made


def lender() -> Organisation:
    return Organisation.objects.get(is_lender=True)


def fin(number: int) -> User:
    return User.objects.get(username=f"fin{number}")


def debt() -> Account:
    return max(Account.objects.all(), key=owed)


def owed(account: Account) -> int:
    return int(ledger.balances(account, END).sum())


def decided(by: int = 2, *, grant: bool = True) -> None:
    asked = Approval.objects.filter(kind="write-off").latest("pk")
    approvals.decide(fin(by), asked.pk, grant=grant, reason="no")


def pays(account: Account, amount: int, ref: str) -> payments.Received:
    told = payments.Incoming("AGENCY", amount, "CNY", AS_OF, ref, to=((account.account_no, amount),))
    return payments.receive("bank", lender(), told)


def books_of() -> dict[str, int]:
    """The general ledger as it is exported, summed by account; every balance it asserts is checked on the way."""
    text = general_ledger.as_beancount(lender(), AS_OF, END)
    sums: dict[str, int] = {}
    for name, units, cents in re.findall(r"^  (\S+)  (-?\d+)\.(\d\d) CNY$", text, re.MULTILINE):
        sums[name] = sums.get(name, 0) + int(units) * 100 + (-1 if units.startswith("-") else 1) * int(cents)
    assert sum(sums.values()) == 0
    for name, units, cents in re.findall(r" balance (\S+)  (-?\d+)\.(\d\d) CNY$", text, re.MULTILINE):
        told = int(units) * 100 + (-1 if units.startswith("-") else 1) * int(cents)
        assert sums.get(name, 0) == told, name
    return sums


def kinds(sums: dict[str, int], start: str) -> int:
    return sum(amount for name, amount in sums.items() if name.startswith(start))


def test_a_debt_leaves_the_books_and_is_owed_all_the_same(world: World) -> None:
    account, before = debt(), owed(debt())
    early = pays(account, 5_000, "E1")
    write_offs.ask(fin(1), account.account_no, "over three years, no assets found")
    with pytest.raises(approvals.OwnRequest):
        decided(by=1)
    decided()
    row = WriteOff.objects.get()
    assert (row.state, owed(account)) == ("STANDS", before - 5_000)
    assert Case.objects.filter(
        customer=account.customer_id, closed_on=None
    ).exists()  # collection goes on by the same rules
    sums = books_of()
    assert (sums["Expenses:WriteOffs"], kinds(sums, "Assets:WrittenOff")) == (before - 5_000, before - 5_000)
    got = pays(account, 3_000, "R1")
    sums = books_of()
    assert (sums["Income:Recoveries"], kinds(sums, "Assets:WrittenOff")) == (-3_000, before - 8_000)
    assert sums["Liabilities:Suspense"] == 0
    found = write_offs.recovered([row], AS_OF, END)[0]
    assert (found.written_off, found.in_period, found.in_all, found.left) == (
        before - 5_000,
        3_000,
        3_000,
        before - 8_000,
    )
    payments.take_back("bank", got.line, AS_OF, "chargeback")
    payments.take_back("bank", early.line, AS_OF, "chargeback")
    sums = books_of()
    assert (sums.get("Income:Recoveries", 0), sums["Expenses:WriteOffs"]) == (
        0,
        before,
    )  # the old chargeback is a loss more
    assert kinds(sums, "Assets:WrittenOff") == owed(account) == before
    assert write_offs.recovered([row], AS_OF, END)[0].in_all == 0


def test_put_back_it_stands_in_the_books_with_what_is_left(world: World) -> None:
    account, before = debt(), owed(debt())
    write_offs.ask(fin(1), account.account_no, "by mistake")
    decided()
    pays(account, 3_000, "R1")
    row = WriteOff.objects.get()
    write_offs.ask_undo(fin(2), row.pk, "the wrong debt")
    decided(by=1, grant=False)
    row.refresh_from_db()
    assert row.state == "STANDS"
    write_offs.ask_undo(fin(2), row.pk, "the wrong debt")
    decided(by=1)
    sums = books_of()
    assert kinds(sums, "Assets:WrittenOff") == 0
    assert sums["Expenses:WriteOffs"] + sums["Income:Recoveries"] == 0  # nothing was lost in the end
    pays(account, 1_000, "N1")
    assert books_of()["Income:Recoveries"] == -3_000
    write_offs.ask(fin(1), account.account_no, "again")
    decided()
    assert owed(account) == before - 4_000
    assert audit.verify() is None


def test_the_lender_whose_books_let_it_go_is_not_asked_why(world: World) -> None:
    account = debt()
    write_offs.ask(fin(1), account.account_no, "no assets")
    decided()
    theirs = {
        a.account_no: dict(zip(Component, map(int, ledger.balances(a, END)), strict=True))
        for a in Account.objects.all()
    }
    del theirs[account.account_no]
    assert control.control("test", lender(), END, theirs).differences == ()


def test_asked_wrongly_it_is_refused(world: World) -> None:
    account = debt()
    with pytest.raises(payment_asks.NoSuchAccount):
        write_offs.ask(fin(1), "nobody", "x")
    with pytest.raises(payment_asks.ReasonLacks):
        write_offs.ask(fin(1), account.account_no, " ")
    with pytest.raises(NotYours):
        write_offs.ask(User.objects.get(username="collector1"), account.account_no, "x")
    write_offs.ask(fin(1), account.account_no, "no assets")
    with pytest.raises(write_offs.OffAlready):
        write_offs.ask(fin(1), account.account_no, "again")
    decided(grant=False)
    assert WriteOff.objects.get().state == "REFUSED"
    assert not WriteOffEntry.objects.exists()


def test_an_entry_cannot_be_changed(world: World) -> None:
    write_offs.ask(fin(1), debt().account_no, "no assets")
    decided()
    with pytest.raises(Exception, match=r"append-only|cannot"), connection.cursor() as cursor:
        cursor.execute("UPDATE write_off_entry SET amount = 1")
