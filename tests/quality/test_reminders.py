"""Customers in good standing are reminded of the exact amount and day, by a way they consented to, or not, with a reason."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

import books
import cast
from fairdue.core.codes import Channel
from fairdue.jobs import night
from fairdue.jobs.sending import Worker
from fairdue.store import audit, clock, lenders
from fairdue.store.actions import heard_back, ledger, outbox, reminders
from fairdue.store.models import Account, Case, Message, Reminder
from worlds import BOTH, World, Worlds, opened

DAY, DUE = books.AS_OF, books.AS_OF + timedelta(days=3)
ALL = tuple(f"L{number}" for number in range(8))


def in_good_standing() -> None:
    """Eight loans of 1,200.00 in twelve instalments of 100.00; one falls due in three days, L7 missed the last one."""
    lender = books.bank()
    line = books.rows(3)[0] | {"principal": "1200.00", "interest": "0", "fees": "0", "balance": "1200.00",
                              "oldest_unpaid_due": "", "zone": "Asia/Shanghai"}  # fmt: skip
    loans = [line | {"account_no": no, "customer_ref": no, "phone": f"1540000000{no[1]}"} for no in ALL]
    books.load(lender, books.write(settings.HOME / "book.csv", loans))
    plan = [
        {"account_no": no, "due_on": (DUE + timedelta(days=30 * month)).isoformat(), "amount": "100.00"}
        for no in ALL for month in range(12)
    ]  # fmt: skip
    plan.append({"account_no": "L7", "due_on": (DUE - timedelta(days=30)).isoformat(), "amount": "100.00"})
    books.load(lender, books.write(settings.HOME / "plan.csv", plan), "schedule", None)
    clock.set_demo(cast.at(10))


@pytest.fixture(params=BOTH)
def world(worlds: Worlds, request: pytest.FixtureRequest) -> Iterator[World]:
    with opened(worlds, request.param, in_good_standing) as made:
        yield made


def habits(folder: Path) -> Path:
    rows = [
        ("L0", "no", "0", "", "SMS"), ("L1", "yes", "9", "", "SMS"), ("L2", "yes", "9", "yes", "SMS"),
        ("L3", "yes", "2", "", "SMS"), ("L4", "no", "0", "no", "SMS"), ("L6", "no", "0", "", "EMAIL"),
        ("L7", "no", "0", "", "SMS"), ("L9", "no", "0", "", "SMS"), ("L0", "perhaps", "0", "", "SMS"),
    ]  # fmt: skip
    path = folder / "habits.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerows([("account_no", "direct_debit", "debits_ok", "wanted", "channels"), *rows])
    return path


def test_each_due_date_is_reminded_of_exactly_or_left_alone_with_its_reason(world: World, tmp_path: Path) -> None:
    loaded = json.loads(
        world.fairdue("reminders", "habits", habits(tmp_path), "--on", DAY, "--lender", "bank", "--json", code=1)
    )
    assert (loaded["loaded"], loaded["rejected"]) == (7, 2)
    lender = lenders.find("bank")
    ledger.record_payment("bank", Account.objects.get(account_no="L0"), 40_00, DAY, "in advance")
    ledger.record_payment("bank", Account.objects.get(account_no="L3"), 100_00, DAY, "early")
    said = json.loads(world.fairdue("reminders", "make", "--lender", "bank", "--json"))
    found = {row.account.account_no: row for row in Reminder.objects.select_related("account")}
    assert {no: row.why for no, row in found.items() if row.why} == {
        "L1": "DEBIT", "L3": "AMOUNT_PAID", "L4": "UNWANTED", "L5": "CONSENT_UNKNOWN", "L6": "NO_POINT", "L7": "OVERDUE",
    }  # fmt: skip
    planned = {no: (row.amount, row.due_on, row.channel) for no, row in found.items() if not row.why}
    assert planned == {"L0": (60_00, DUE, Channel.SMS), "L2": (100_00, DUE, Channel.SMS)}
    assert all(row.not_before >= cast.at(9) and row.frame == "due-soon" for row in found.values() if not row.why)
    assert (said["planned"], said["again"]) == (2, 0)
    assert reminders.make("test", lender, DAY).again == len(ALL)
    assert Reminder.objects.count() == len(ALL)
    assert audit.verify() is None


def test_other_days_remind_of_nothing(world: World) -> None:
    lender = lenders.find("bank")
    assert reminders.make("test", lender, DAY + timedelta(days=1)) == reminders.Made(0, {}, 0)


def sent() -> list[tuple[str, str, str]]:
    rows = Message.objects.order_by("pk")
    return [(row.person.ref, row.state, row.why) for row in rows]


def test_a_reminder_leaves_with_the_exact_amount_and_day_and_nothing_leaves_once_paid(
    world: World, tmp_path: Path
) -> None:
    world.fairdue("reminders", "habits", habits(tmp_path), "--on", DAY, "--lender", "bank", "--json", code=1)
    lender, paid = lenders.find("bank"), Account.objects.get(account_no="L2")
    night.run_night(lender, DAY)
    assert reminders.make("test", lender, DAY).planned == len(("L0", "L2", "L3"))
    assert reminders.queue(lender, DAY) == reminders.Queued(3, 0, 0)
    assert reminders.queue(lender, DAY) == reminders.Queued(0, 0, 0)
    assert not Case.objects.filter(customer__ref__in=("L0", "L2"), closed_on=None).exists()
    ledger.record_payment("bank", paid, 100_00, DAY, "early")
    Worker().run(once=True)
    assert sent() == [("L0", "DELIVERED", ""), ("L2", "STOPPED", "PAYMENT_KNOWN"), ("L3", "DELIVERED", "")]
    first = Message.objects.get(person__ref="L0")
    said = outbox.text_of(first)
    assert ("100.00元" in said, "2026年10月3日" in said, "L0" in said) == (True, True, True)
    assert (first.attempt and first.attempt.state) == "CONFIRMED"
    assert Worker().run(once=True).states == {}
    assert audit.verify() is None


def test_the_amount_is_the_one_of_the_moment_it_leaves(world: World, tmp_path: Path) -> None:
    world.fairdue("reminders", "habits", habits(tmp_path), "--on", DAY, "--lender", "bank", "--json", code=1)
    lender, account = lenders.find("bank"), Account.objects.get(account_no="L0")
    reminders.make("test", lender, DAY)
    reminders.queue(lender, DAY)
    ledger.record_payment("bank", account, 40_00, DAY, "a part")
    night.run_night(lender, DAY)  # the night has seen the payment: nobody needs to be quiet about it any more
    Worker().run(once=True)
    assert "60.00元" in outbox.text_of(Message.objects.get(person__ref="L0"))


def test_a_reminder_that_became_needless_ends_with_its_reason(world: World, tmp_path: Path) -> None:
    world.fairdue("reminders", "habits", habits(tmp_path), "--on", DAY, "--lender", "bank", "--json", code=1)
    lender = lenders.find("bank")
    reminders.make("test", lender, DAY)
    ledger.record_payment("bank", Account.objects.get(account_no="L0"), 100_00, DAY, "all")
    heard_back.opt_out(Account.objects.get(account_no="L2").customer, Channel.SMS, "desk", "test")
    assert reminders.queue(lender, DAY) == reminders.Queued(1, 1, 1)
    why = dict(Reminder.objects.filter(account__account_no__in=("L0", "L2")).values_list("account__account_no", "why"))
    assert why == {"L0": "AMOUNT_PAID", "L2": "OPTED_OUT"}
