"""A month through every format comes out to zero; killed anywhere, or done twice at once, nothing is lost or doubled."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db.models import Sum

import books
import month
from books import AS_OF, minute
from fairdue.core.codes import Component
from fairdue.jobs import night
from fairdue.store import audit, clock, general_ledger
from fairdue.store.actions import control, ledger
from fairdue.store.models import (
    Account,
    BankStatement,
    ControlDifference,
    Organisation,
    PaymentLine,
    PaymentMatch,
    Posting,
    Suspense,
    Task,
)
from worlds import BOTH, KILLED, World, Worlds, opened

END = date(2026, 10, 31)


@pytest.fixture(params=BOTH)
def world(request: pytest.FixtureRequest, worlds: Worlds) -> Iterator[World]:
    with opened(worlds, request.param) as made:
        yield made


def book(count: int) -> tuple[Path, dict[str, int], dict[str, int]]:
    """A book of one debt per person, and a month of payments for it; what was owed, and what is paid in the end."""
    lender = books.bank(owns_ledger=False)
    rows = [row | {"customer_ref": f"P{row['account_no']}"} for row in books.rows(count)]
    books.load(lender, books.write(settings.HOME / "book.csv", rows))
    night.run_night(lender, AS_OF)
    clock.set_demo(minute(END, "10:00"))
    sums = Posting.objects.values("account__account_no").annotate(total=Sum("amount"))
    owed = {row["account__account_no"]: row["total"] for row in sums if row["total"] > 300}
    names = {row["account_no"]: row["name"] for row in rows}
    folder = settings.HOME / "statements"
    _, paid = month.write(folder, [(number, owed[number], names[number]) for number in sorted(owed)])
    return folder, owed, paid


def agrees(owed: dict[str, int], paid: dict[str, int]) -> None:
    """Every debt stands where the movements put it, every line is booked once, every statement is whole."""
    for number, before in owed.items():
        account = Account.objects.get(account_no=number)
        assert int(ledger.balances(account, END).sum()) == before - paid[number], number
    assert PaymentLine.objects.aggregate(s=Sum("amount"))["s"] == sum(paid.values())
    assert PaymentMatch.objects.aggregate(s=Sum("amount"))["s"] == sum(paid.values())
    assert not Suspense.objects.filter(state="OPEN").exists()
    assert set(BankStatement.objects.values_list("state", flat=True)) == {"LOADED"}
    assert audit.verify() is None


def theirs(owed: dict[str, int]) -> dict[str, dict[Component, int]]:
    """The lender's balances: ours by component, as they kept the same books."""
    found: dict[str, dict[Component, int]] = {}
    for account in Account.objects.all():
        found[account.account_no] = dict(zip(Component, map(int, ledger.balances(account, END)), strict=True))
    return found


def lender() -> Organisation:
    return Organisation.objects.get(is_lender=True)


def reconcile(count: int) -> None:
    folder, owed, paid = book(count)
    month.book(folder)
    agrees(owed, paid)
    month.book(folder)
    agrees(owed, paid)
    for day in (END - timedelta(days=d) for d in range(30, -1, -1)):
        done = control.control("test", lender(), day)
        assert all(map(control.agrees, done.rows))
    done = control.control("test", lender(), END, theirs(owed))
    assert (done.differences, done.unknown) == ((), ())


def test_a_month_through_every_format_comes_out_to_zero(world: World) -> None:
    reconcile(60)


@pytest.mark.slow
def test_a_month_of_five_thousand_cases_comes_out_to_zero(worlds: Worlds) -> None:
    with opened(worlds, "sqlite"):
        reconcile(5_000)


MOMENTS = {"kept": 3, "booked": 4, "received": 5, "audited": 9, "known": 3, "back": 1, "opened": 3, "closed": 1}


def test_killed_at_any_step_it_goes_on_and_loses_and_doubles_nothing(world: World) -> None:
    folder, owed, paid = book(40)
    for moment, times in MOMENTS.items():
        world.child("month", str(folder), moment, str(times), code=KILLED)
    world.child("month", str(folder))
    agrees(owed, paid)


def test_two_workers_on_the_same_files_book_them_once(world: World) -> None:
    folder, owed, paid = book(40)
    command = [sys.executable, "-m", "month", str(folder)]
    both = [subprocess.Popen(command, env=world.environment, cwd=world.home) for _ in range(2)]
    assert [one.wait(timeout=120) for one in both] == [0, 0]
    agrees(owed, paid)


def test_a_difference_is_somebodys_until_the_books_agree(world: World) -> None:
    _, owed, _ = book(10)
    told = theirs(owed)
    number = next(iter(owed))
    right = told[number][Component.PRINCIPAL]
    told[number][Component.PRINCIPAL] += 1
    told["STRANGER"] = {Component.PRINCIPAL: 5}
    done = control.control("test", lender(), END, told)
    assert [(d.account.account_no, d.ours + 1 == d.lenders) for d in done.differences] == [(number, True)]
    assert done.unknown == ("STRANGER",)
    assert Task.objects.filter(kind="CLEAR_DIFFERENCE", state="OPEN").count() == 1
    told[number][Component.PRINCIPAL] = right
    control.control("test", lender(), END, told)
    assert not Task.objects.filter(kind="CLEAR_DIFFERENCE", state="OPEN").exists()
    assert ControlDifference.objects.get().cleared_on == END


def test_a_posting_dated_back_shows_and_the_opening_stays_yesterdays_closing(world: World) -> None:
    _, owed, _ = book(10)
    control.control("test", lender(), END - timedelta(days=1))
    account = Account.objects.get(account_no=next(iter(owed)))
    ledger.record_payment("test", account, 100, END - timedelta(days=5), "late")
    done = control.control("test", lender(), END)
    assert sum(row.postings.get(control.BACKDATED, 0) for row in done.rows) == -100
    assert all(map(control.agrees, done.rows))


def test_the_general_ledger_balances_and_closes_where_the_book_does(world: World) -> None:
    folder, _, _ = book(20)
    month.book(folder)
    for first in (AS_OF, date(2026, 10, 15)):
        text = general_ledger.as_beancount(lender(), first, END)
        stands: dict[str, int] = {}
        for name, units, cents in re.findall(r"^  (\S+)  (-?\d+)\.(\d\d) CNY$", text, re.MULTILINE):
            sign = -1 if units.startswith("-") else 1
            stands[name] = stands.get(name, 0) + int(units) * 100 + sign * int(cents)
        assert sum(stands.values()) == 0
        asserted = re.findall(r"^2026-11-01 balance (\S+)  (-?\d+)\.(\d\d) CNY$", text, re.MULTILINE)
        assert len(asserted) == len(Component)
        for name, units, cents in asserted:
            assert stands.get(name, 0) == int(units) * 100 + int(cents)
        assert stands.get("Liabilities:Suspense", 0) == 0
    rows = general_ledger.as_csv(lender(), AS_OF, END).splitlines()
    assert rows[0].startswith("date,what")
