"""On both databases: a link used twice at once lets one in, a plan accepted twice runs once, money told twice is booked once;
and whatever dies in between has either done all of it or nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta

import pytest

import cast
import planning
import site_lives as lives
from books import AS_OF
from dying import killed
from fairdue.core.plan_state import PlanState
from fairdue.store import chain, clock, vault
from fairdue.store.actions import invitations, ledger, site_entry, site_pay
from fairdue.store.actions.site_entry import Facts
from fairdue.store.actions.site_pay import Told
from fairdue.store.models import (
    Account,
    AuditRow,
    Case,
    Invitation,
    KeptFile,
    PaymentLine,
    PlanEvent,
    Posting,
    SiteTry,
    Stop,
    Suspense,
    Track,
    TrackEvidence,
    Transfer,
)
from visiting import facts, known
from worlds import BOTH, World, Worlds, opened


@pytest.fixture(params=BOTH)
def world(request: pytest.FixtureRequest, worlds: Worlds) -> Iterator[World]:
    """The standing cast's book on either database."""
    with opened(worlds, request.param, cast.engage) as made:
        yield made


@pytest.fixture
def case(world: World) -> Case:
    """A case whose person has been on the site."""
    found = cast.case_of(cast.COLLECTOR)
    known(found)
    return found


def invited(case: Case) -> tuple[str, Facts]:
    made = invitations.invite(cast.user(cast.COLLECTOR), case.pk)
    return made.link, Facts(**facts(case))


def test_one_link_used_by_four_at_once_lets_one_in(world: World, case: Case) -> None:
    link, said = invited(case)
    assert sum(lives.side_by_side(4, lives.enter, world, link, said)) == 1
    assert Invitation.objects.get(ended_why="").used_at >= 0
    assert AuditRow.objects.filter(verb="site.enter").count() == 1
    assert chain.verify() is None


def test_a_plan_accepted_by_four_at_once_runs_once(world: World) -> None:
    plan = planning.proposed(approved=True)
    known(plan.case)
    invited(plan.case)
    assert sum(lives.side_by_side(4, lives.accept, world, plan.case.customer_id, plan.pk)) == 1
    plan.refresh_from_db()
    assert plan.state == PlanState.PERFORMING
    assert PlanEvent.objects.filter(plan=plan, state_to=PlanState.PERFORMING).count() == 1
    waived = -sum(p.amount for p in Posting.objects.filter(account=plan.account, ref=f"plan {plan.pk}"))
    assert waived == (0 if plan.at_end else sum(plan.waived))


def begun(case: Case, amount: int = 0) -> Told:
    """A payment that was begun, as the provider will tell of it."""
    account = next(a for a in case.customer.accounts.order_by("pk") if owed(a) > 0)
    invited(case)
    made = site_pay.begin(lives.person_of(case.customer_id), account.pk, amount or owed(account))
    return Told(made.reference, f"D{made.reference}", made.amount, made.currency, paid=True)


def owed(account: Account) -> int:
    return int(ledger.balances(account, AS_OF).sum())


def account_of(told: Told) -> Account:
    return Transfer.objects.get(reference=told.reference).account


def test_a_payment_told_four_times_at_once_is_booked_once(world: World, case: Case) -> None:
    told = begun(case, 10_050)
    before = owed(account_of(told))
    assert all(lives.side_by_side(4, lives.settle, world, told))
    assert before - owed(account_of(told)) == 10_050
    assert PaymentLine.objects.filter(bank_ref=told.reference).count() == 1


def test_who_pays_a_debt_twice_at_once_loses_nothing(world: World, case: Case) -> None:
    first, second = begun(case), begun(case)
    before = sum(owed(account) for account in case.customer.accounts.all())
    assert lives.side_by_side(2, lives.settle_each, world, (first, second)) == [True, True]
    after = sum(owed(account) for account in case.customer.accounts.all())
    assert owed(account_of(first)) == 0
    assert PaymentLine.objects.count() == 2
    # What the first debt no longer needed went to the person's other debts, and the rest waits to be sent back.
    assert before - after + sum(row.amount for row in Suspense.objects.all()) == first.amount + second.amount


@pytest.mark.parametrize("moment", ["sealed", "audited"])
def test_killed_between_an_upload_and_its_fact_nothing_is_half_there(world: World, case: Case, moment: str) -> None:
    invited(case)
    times = 1
    while killed(lives.bring, world, case.customer_id, moment, times):
        for table in (Track, TrackEvidence, KeptFile, Stop):
            assert not table.objects.exists()
        times += 1
    assert times > 2
    assert TrackEvidence.objects.filter(track=Track.objects.get()).exclude(file=None).count() == 2
    left = _bytes(world) - set(KeptFile.objects.values_list("handle", flat=True))
    assert left
    _grow_old(world)
    assert vault.sweep() == len(left)  # what the dead left on disk is removed, what is known stays
    assert all(vault.read(kept) == lives.PNG for kept in KeptFile.objects.all())
    assert chain.verify() is None


def _bytes(world: World) -> set[str]:
    return {path.name for path in (world.home / "vault").glob("??/*")}


def _grow_old(world: World) -> None:
    old = clock.wall() - timedelta(days=2)
    for path in (world.home / "vault").glob("??/*"):
        os.utime(path, (old.timestamp(), old.timestamp()))


@pytest.mark.parametrize("moment", ["audited", "received", "decided"])
def test_killed_between_payment_and_posting_it_is_booked_when_told_again(world: World, case: Case, moment: str) -> None:
    told = begun(case, 10_050)
    account, times = account_of(told), 1
    before = owed(account)
    while killed(lives.book, world, told, moment, times):
        assert Transfer.objects.get(reference=told.reference).state == Transfer.BEGUN
        assert (owed(account), PaymentLine.objects.count()) == (before, 0)
        times += 1
    assert times > 1
    assert owed(account) == before - 10_050
    site_pay.settle(told)  # who died after the end is told once more, too
    assert owed(account) == before - 10_050
    assert chain.verify() is None


@pytest.mark.slow
def test_a_wrong_answer_is_counted_though_many_are_given_at_once(world: World, case: Case) -> None:
    link, _ = invited(case)
    lives.side_by_side(4, lives.enter, world, link, Facts("000000", "0000"))
    row = SiteTry.objects.get(key=invitations.hashed_code(f"link {invitations.hashed_code(link)}"))
    assert row.failures == site_entry.FREE["link"] + 1  # the rest were told to wait
    assert Invitation.objects.get(ended_why="").used_at < 0
