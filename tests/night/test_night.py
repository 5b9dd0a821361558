"""What a night finds and does, on both databases."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db.models import Count

import books
from books import AS_OF
from fairdue.core.codes import Role
from fairdue.core.decision import Action
from fairdue.demo import book
from fairdue.jobs import imports, night
from fairdue.store import audit, lenders
from fairdue.store.actions import ledger
from fairdue.store.models import Account, Case, Decision, NightRun, Organisation, User, WorkItem
from worlds import BOTH, Worlds, opened

NEXT = AS_OF + timedelta(days=1)
both = pytest.mark.parametrize("vendor", BOTH)
CARD_BOOK = {"accounts": 30_000, "cases": 5_129, "balance": 297_721_892}
CARD_STAGES = {"M1": 1_999, "M2": 2_667, "M3": 322, "M4": 76, "M5": 26, "M6": 11, "M6+": 28}


def loaded_book() -> None:
    """A book of ours, loaded and not yet worked."""
    books.load(books.bank(), books.write(settings.HOME / "book.csv", books.rows(300)))


def card_book() -> None:
    """The card book, as the demo loads it, with two collectors."""
    lender = Organisation.objects.create(
        code="demo-bank", name_zh="示范银行", name_en="Demo Bank", association_member=True, currency="TWD", exponent=0,
        pack="demo", policy="steady", records_calls=True,
    )  # fmt: skip
    for username in ("lin", "chen"):
        books.hire(username, Role.COLLECTOR, lender)
    imports.import_file(lender, book.path(), book.MAPPING, kind="book", as_of=AS_OF, actor="test")


def run(as_of: Any = AS_OF, **how: Any) -> night.Night:
    return night.run_night(lenders.find(None), as_of, **how)


@pytest.mark.slow
@both
def test_the_command_prints_what_the_card_book_holds(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, card_book) as world:
        said = json.loads(world.fairdue("night", "--as-of", "2026-09-30", "--json"))
        assert {name: said[name] for name in CARD_BOOK} == CARD_BOOK
        assert {row["stage"]: row["cases"] for row in said["stages"]} == CARD_STAGES
        assert sum(row["balance"] for row in said["stages"]) == CARD_BOOK["balance"]
        assert (said["as_of"], said["state"], said["currency"], said["exponent"]) == (
            "2026-09-30",
            "PUBLISHED",
            "TWD",
            0,
        )
        assert Case.objects.filter(closed_on=None).count() == Decision.objects.count() == CARD_BOOK["cases"]
        assert json.loads(world.fairdue("audit", "verify", "--json"))["holds"] is True


@both
def test_a_night_run_twice_changes_nothing(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, loaded_book):
        assert not run().again
        before = books.kept()
        assert run().again
        assert books.kept() == before


@both
def test_a_dry_run_goes_the_whole_way_and_changes_nothing(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, loaded_book):
        before = books.kept()
        dry = run(dry_run=True)
        after = books.kept()
        assert {**after, "night": [], "audit": []} == {**before, "night": [], "audit": []}
        assert books.stages_left() == []
        wet = run()
        assert dry.summary == wet.summary
        assert wet.run.state == "PUBLISHED"


@both
def test_the_size_of_the_parts_changes_nothing(worlds: Worlds, vendor: str) -> None:
    ends = []
    for size in (17, 100, 100_000):
        with opened(worlds, vendor, loaded_book):
            run(partition=size)
            run(NEXT, partition=size)
            ends.append(books.kept())
    assert ends[0] == ends[1] == ends[2]


def test_every_customer_in_arrears_has_one_open_case(worlds: Worlds) -> None:
    with opened(worlds, "sqlite", loaded_book):
        run()
        run(NEXT)
        late = {a.customer_id for a in Account.objects.all() if owed(a, NEXT) > 0 and ledger.dpd_of(a, NEXT) > 0}
        cases = Case.objects.filter(closed_on=None).values("customer").annotate(open=Count("pk"))
        assert {row["customer"] for row in cases} == late
        assert {row["open"] for row in cases} == {1}
        assert any(
            row["n"] > 1 for row in Account.objects.filter(customer__in=late).values("customer").annotate(n=Count("pk"))
        )


def test_nobody_with_nothing_owed_has_a_case(worlds: Worlds) -> None:
    with opened(worlds, "sqlite", loaded_book):
        run()
        for case in Case.objects.all():
            assert sum(owed(a, AS_OF) for a in case.customer.accounts.all()) > 0
            assert case.balance > 0


@both
def test_a_case_that_is_paid_closes_and_a_new_one_opens_when_late_again(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, loaded_book):
        run()
        case = Case.objects.filter(overdue_accounts=1, customer__in=alone()).order_by("pk")[0]
        account = case.customer.accounts.get()
        ledger.record_payment("test", account, owed(account, AS_OF), AS_OF, "all of it")
        run(NEXT)
        case.refresh_from_db()
        assert (case.closed_on, case.close_reason, case.status, case.balance, case.dpd) == (
            NEXT,
            "CURED",
            "CURED",
            0,
            0,
        )
        assert not WorkItem.objects.filter(case=case, as_of=NEXT).exists()
        ledger.reverse_payment("test", account, "all of it", "returned by the bank", NEXT)
        run(NEXT + timedelta(days=1))
        again = Case.objects.get(customer=case.customer, closed_on=None)
        assert again.pk != case.pk
        assert again.opened_on == NEXT + timedelta(days=1)


def alone() -> list[int]:
    """Customers with one account."""
    counted = Account.objects.values("customer").annotate(n=Count("pk")).filter(n=1)
    return [row["customer"] for row in counted]


def owed(account: Account, on: Any) -> int:
    return int(ledger.balances(account, on).sum())


def test_every_place_on_a_list_is_a_contact_of_that_day_with_an_owner(worlds: Worlds) -> None:
    with opened(worlds, "sqlite", loaded_book):
        run()
        assert WorkItem.objects.exists()
        for item in WorkItem.objects.select_related("case", "decision"):
            assert item.case.owner_id == item.owner_id
            assert item.decision_id == item.case.decision_id
            assert item.case.action in {Action.CONTACT, Action.WAIT}
        for user in User.objects.filter(role=Role.COLLECTOR):
            places = list(user.work.order_by("position").values_list("position", "value"))
            assert [place for place, _ in places] == list(range(1, len(places) + 1))
            assert [value for _, value in places] == sorted((value for _, value in places), reverse=True)


def test_an_uncertified_collector_gets_no_case(worlds: Worlds) -> None:
    with opened(worlds, "sqlite", loaded_book):
        User.objects.filter(role=Role.COLLECTOR).exclude(username="collector1").update(certified=None)
        run()
        assert set(Case.objects.values_list("owner__username", flat=True)) == {"collector1"}


def test_without_a_certified_collector_cases_stay_unowned_and_off_the_lists(worlds: Worlds) -> None:
    with opened(worlds, "sqlite", loaded_book):
        User.objects.update(certified=False)
        run()
        assert not Case.objects.exclude(owner=None).exists()
        assert not WorkItem.objects.exists()


def test_an_owner_keeps_the_case_through_the_nights(worlds: Worlds) -> None:
    with opened(worlds, "sqlite", loaded_book):
        run()
        before = dict(Case.objects.values_list("pk", "owner"))
        run(NEXT)
        after = dict(Case.objects.filter(pk__in=before, closed_on=None).values_list("pk", "owner"))
        assert {pk: before[pk] for pk in after} == after


def test_every_case_has_a_decision_of_the_night_and_every_change_of_stage_is_kept(worlds: Worlds) -> None:
    with opened(worlds, "sqlite", loaded_book):
        done = run()
        cases = Case.objects.filter(closed_on=None)
        assert Decision.objects.filter(run=done.run).count() == cases.count() == done.summary["cases"]
        for case in cases:
            change = case.stage_changes.get()
            assert (change.stage_from, change.stage_to, change.on) == ("M0", case.stage, AS_OF)


def test_a_night_of_another_date_abandons_what_an_unfinished_one_staged(worlds: Worlds) -> None:
    import dying

    with opened(worlds, "sqlite", loaded_book) as world:
        assert dying.killed(dying.run_night, world, AS_OF, 50, "assign", 1)
        assert books.stages_left()
        run(NEXT)
        assert books.stages_left() == []
        assert sorted(NightRun.objects.values_list("as_of", "state")) == [(AS_OF, "ABANDONED"), (NEXT, "PUBLISHED")]
        assert audit.verify() is None
