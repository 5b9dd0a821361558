"""A payment is kept once, booked where it belongs, and nobody asks for it from that moment on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction

import books
from books import AS_OF, minute, owner_of
from fairdue.core.codes import Channel, Party, Role
from fairdue.core.statements import Entry, Statement, Unbalanced
from fairdue.jobs import night
from fairdue.store import clock, quiet
from fairdue.store.actions import contacts, ledger, payments, statements, suspense, work
from fairdue.store.actions.contacts import Proposed
from fairdue.store.actions.payments import Incoming
from fairdue.store.models import (
    Account,
    Case,
    Certificate,
    Link,
    Organisation,
    PaymentLine,
    Person,
    Point,
    Posting,
    Suspense,
    Task,
    WorkItem,
)  # fmt: skip
from fairdue.store.pages import worklist
from worlds import BOTH, World, Worlds, opened


def book(count: int = 12) -> Organisation:
    lender = books.bank(owns_ledger=False)
    books.load(lender, books.write(settings.HOME / "book.csv", books.rows(count)))
    night.run_night(lender, AS_OF)
    clock.set_demo(minute(AS_OF, "10:00"))
    return lender


@pytest.fixture(params=BOTH)
def world(request: pytest.FixtureRequest, worlds: Worlds) -> Iterator[World]:
    with opened(worlds, request.param) as made:
        yield made


def late(number: int = 0) -> Case:
    return list(Case.objects.filter(closed_on=None, action=0).order_by("pk"))[number]


def debt(case: Case) -> Account:
    return max(case.customer.accounts.all(), key=owed)


def owed(account: Account) -> int:
    return int(ledger.balances(account, AS_OF).sum())


def incoming(account: Account, amount: int, ref: str = "B1", **more: Any) -> Incoming:
    more.setdefault("payer", settled_name(late_of(account)))
    return Incoming("STATEMENT", amount, "CNY", AS_OF, ref, said=f"还款{account.account_no}谢谢", **more)


def late_of(account: Account) -> Case:
    case = Case.objects.filter(customer=account.customer_id).first()
    assert case
    return case


def test_a_payment_books_once_and_the_same_again_changes_nothing(world: World) -> None:
    lender = book()
    account = debt(late())
    before = owed(account)
    first = payments.receive("bank", lender, incoming(account, 5_000))
    again = payments.receive("bank", lender, incoming(account, 5_000))
    assert (first.new, first.booked, first.left) == (True, 5_000, 0)
    assert (again.new, again.line.pk) == (False, first.line.pk)
    assert owed(account) == before - 5_000


def test_it_goes_quiet_at_once_and_comes_back_with_the_next_night(world: World) -> None:
    lender = book()
    case = late()
    user = owner_of(case)
    account = debt(case)
    assert quiet.why_quiet(case) is None
    payments.receive("bank", lender, incoming(account, 5_000))
    assert quiet.why_quiet(case) is quiet.PAID
    assert case.pk not in {row.case_id for row in worklist(user).rows}
    assert case.pk != getattr(work.get_next(user), "pk", None)
    point = Point.objects.get(person=case.customer)
    with pytest.raises(contacts.QuietNow, match="payment is known"):
        contacts.reserve(user, case.pk, Proposed(Channel.CALL, point.pk))
    tomorrow = AS_OF + timedelta(days=1)
    clock.set_demo(minute(tomorrow, "10:00"))
    night.run_night(lender, tomorrow)
    assert quiet.why_quiet(case) is None


def test_get_next_skips_a_quiet_case_whose_place_is_still_open(world: World) -> None:
    lender = book()
    case = late()
    user = owner_of(case)
    before = work.get_next(user)
    assert before
    account = debt(before)
    payments.receive("bank", lender, incoming(account, 5_000))
    WorkItem.objects.filter(case=before).update(done_at=-1)
    assert getattr(work.get_next(user), "pk", None) != before.pk


def test_what_nobody_can_book_waits_with_candidates_and_nags(world: World) -> None:
    lender = book()
    case = late()
    name = settled_name(case)
    got = payments.receive("bank", lender, Incoming("STATEMENT", 7_777, "CNY", AS_OF, "B9", payer=name, said="还钱"))
    waiting = Suspense.objects.get(line=got.line)
    assert (got.booked, waiting.amount, waiting.state) == (0, 7_777, "OPEN")
    assert case.customer_id in set(waiting.candidates.values_list("account__customer", flat=True))
    assert quiet.why_quiet(case) is quiet.MAYBE
    assert Task.objects.filter(
        about="suspense", about_id=waiting.pk, state="OPEN", due_on=AS_OF + timedelta(days=3)
    ).exists()


def settled_name(case: Case) -> str:
    from fairdue.store.seal import sealer

    assert case.customer.name_sealed
    return sealer().open(bytes(case.customer.name_sealed))


def test_full_settlement_closes_releases_and_certifies_and_a_chargeback_undoes_it(world: World) -> None:
    lender = book()
    case = late()
    accounts = list(case.customer.accounts.all())
    other = Person.objects.exclude(pk=case.customer_id).first()
    assert other
    link = Link.objects.create(customer=case.customer, person=other, party=Party.GUARANTOR, liable=True)
    total = sum(max(0, owed(one)) for one in accounts)
    got = payments.receive("bank", lender, incoming(accounts[0], total + 300))
    case.refresh_from_db()
    link.refresh_from_db()
    assert (got.booked, got.left) == (total, 300)
    assert (case.close_reason, link.liable) == ("SETTLED", False)
    assert Suspense.objects.get(line=got.line).reason == "OVERPAID"
    certificate = Certificate.objects.filter(account__in=accounts, void_on=None).first()
    assert certificate
    assert len(certificate.code) >= 24
    payments.take_back("bank", got.line, AS_OF, "returned by the paying bank")
    payments.take_back("bank", got.line, AS_OF, "returned by the paying bank")
    case.refresh_from_db()
    link.refresh_from_db()
    assert case.closed_on is None
    assert link.liable is None
    assert sum(max(0, owed(one)) for one in accounts) == total
    assert not Certificate.objects.filter(account__in=accounts, void_on=None).exists()
    assert PaymentLine.objects.filter(reverses=got.line).count() == 1
    assert not Suspense.objects.filter(line=got.line, state="OPEN").exists()
    assert quiet.why_quiet(case) is None


def test_an_amount_of_nothing_is_refused(world: World) -> None:
    lender = book(4)
    with pytest.raises(payments.NotMoney):
        payments.receive("bank", lender, Incoming("STATEMENT", 0, "CNY", AS_OF, "B1"))
    assert not PaymentLine.objects.exists()


def test_matches_cannot_be_rewritten(world: World) -> None:
    lender = book()
    account = debt(late())
    payments.receive("bank", lender, incoming(account, 5_000))
    with pytest.raises(Exception, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE payment_match SET amount = 1")
    assert Posting.objects.filter(ref__startswith="P", amount__lt=0).exists()


def test_a_reference_that_name_and_amount_contradict_is_left_to_a_person(world: World) -> None:
    lender = book()
    account = debt(late())
    got = payments.receive("bank", lender, incoming(account, 777, payer="某某某"))
    waiting = Suspense.objects.get(line=got.line)
    assert (got.booked, waiting.reason, waiting.candidates.get().account_id) == (0, "DOUBT", account.pk)
    whole = payments.receive("bank", lender, incoming(account, owed(account), ref="B2", payer="某某某"))
    assert whole.booked == owed(account) + whole.booked


def test_a_name_in_letters_and_turned_round_is_the_same_name(world: World) -> None:
    from fairdue.store.names import fold

    assert fold("张三") == fold("三张") == fold("Zhang San") == fold("SAN,ZHANG") == fold("zhangsan")
    assert fold("张三") != fold("张四")
    assert fold("") == 0


def test_money_that_waits_nags_more_and_higher_as_it_ages(world: World) -> None:
    lender = book()
    got = payments.receive("bank", lender, Incoming("STATEMENT", 777, "CNY", AS_OF, "N1", payer="无名氏"))
    found = [suspense.nag("daily", lender, AS_OF + timedelta(days=day)) for day in (2, 3, 3, 6, 7, 14, 20, 21)]
    assert [(one["owner"], one["lead"]) for one in found] == [
        (0, 0), (1, 0), (0, 0), (0, 0), (1, 0), (0, 1), (0, 0), (0, 1),
    ]  # fmt: skip
    tasks = Task.objects.filter(kind="SUSPENSE_AGES").order_by("pk")
    assert [Role(task.role) for task in tasks] == [Role.FINANCE, Role.FINANCE, Role.LEAD, Role.LEAD]
    assert [task.state for task in tasks] == ["CANCELLED", "CANCELLED", "CANCELLED", "OPEN"]
    assert Suspense.objects.get(line=got.line).nags == 4
    payments.take_back("bank", got.line, AS_OF, "returned")
    assert not Task.objects.filter(kind="SUSPENSE_AGES", state="OPEN").exists()


def test_settled_and_taken_back_what_the_bureau_was_told_is_put_right_by_a_day(world: World) -> None:
    lender = book()
    account = next(
        a for a in map(debt, Case.objects.filter(closed_on=None, action=0)) if a.customer.accounts.count() == 1
    )
    told = Incoming("AGENCY", owed(account), "CNY", AS_OF, "C1", to=((account.account_no, owed(account)),))
    got = payments.receive("bank", lender, told)
    first = Task.objects.get(kind="CORRECT_CREDIT_RECORD")
    assert (first.state, first.due_on, Role(first.role)) == ("OPEN", AS_OF + timedelta(days=5), Role.FINANCE)
    payments.take_back("bank", got.line, AS_OF, "returned")
    first.refresh_from_db()
    again = Task.objects.get(kind="CORRECT_CREDIT_RECORD", state="OPEN")
    assert first.state == "CANCELLED"
    assert "taken back" in again.detail["en"]


def test_a_statement_without_an_opening_follows_the_one_before(world: World) -> None:
    lender = book()
    told = Statement("ofx", "1.ofx", currency="CNY", account="622200001234", from_on=AS_OF, to_on=AS_OF, closing=900,
                     entries=(Entry(1, AS_OF, 100, "F1"),))  # fmt: skip
    statements.book("bank", lender, told, "0" * 64)
    day = AS_OF + timedelta(days=1)
    then = replace(told, from_on=day, to_on=day, entries=(Entry(1, day, 50, "F2"),))
    with pytest.raises(Unbalanced):
        statements.book("bank", lender, replace(then, closing=951), "0" * 64)
    assert not PaymentLine.objects.filter(bank_ref="F2").exists()
    statements.book("bank", lender, replace(then, closing=950), "0" * 64)
    assert PaymentLine.objects.filter(bank_ref="F2").exists()
