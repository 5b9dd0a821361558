"""The next case: the best one that may be worked now, given once, and lost by nobody's death."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

import books
import cast
import dying
import flooring
from fairdue.core.codes import Channel
from fairdue.jobs import night
from fairdue.store import audit, clock, lenders
from fairdue.store.access import NotYours
from fairdue.store.actions import contacts, giving, ledger
from fairdue.store.actions.contacts import Proposed, Reservation
from fairdue.store.models import Attempt, Case, CaseQueue, QueuePlace, SkillNeed, StaffSkill, User, WorkItem
from fairdue.store.skills import MayNotWork
from worlds import BOTH, World, Worlds, opened

ONE, TWO = cast.COLLECTOR, cast.COLLEAGUE


def user(name: str) -> User:
    return User.objects.get(username=name)


def given(name: str) -> Case:
    case = giving.get_next(user(name))
    assert case is not None
    return case


def reserve(name: str, case: Case) -> Reservation:
    held = contacts.reserve(user(name), case.pk, Proposed(Channel.CALL, case.customer.points.get().pk))
    assert isinstance(held, Reservation)
    return held


def later(monkeypatch: pytest.MonkeyPatch, minutes: int) -> None:
    """The wall clock, by which holds lapse, moves on."""
    wall = clock.wall
    monkeypatch.setattr(clock, "wall", lambda: wall() + timedelta(minutes=minutes))


@pytest.mark.parametrize("vendor", BOTH)
def test_no_case_is_given_twice_to_collectors_who_ask_at_once(worlds: Worlds, vendor: str, tmp_path: Path) -> None:
    with opened(worlds, vendor, flooring.shared_floor) as world:
        names = [f"collector{number}" for number in range(1, flooring.COLLECTORS + 1)]
        got = flooring.all_at_once(world, names, 3, tmp_path)
        cases = [case for one in got for case in one]
        assert len(cases) == len(set(cases)), "a case went to two"
        assert len(cases) == 3 * len(names), "somebody went away empty"
        assert Attempt.objects.filter(state=Attempt.CONFIRMED).count() == len(cases)
        for name, one in zip(names, got, strict=True):
            assert set(one) == set(Case.objects.filter(owner__username=name).values_list("pk", flat=True))
        assert not QueuePlace.objects.exclude(held_by=None).exists()
        assert audit.verify() is None


@pytest.mark.parametrize("vendor", BOTH)
def test_a_collector_who_dies_loses_nothing(worlds: Worlds, vendor: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(worlds, vendor, flooring.shared_floor) as world:
        free = QueuePlace.objects.count()
        for death in (flooring.dies_while_taking, flooring.takes_and_dies):
            run = dying.FORKS.Process(target=death, args=(world, ONE))
            run.start()
            run.join(120)
            assert run.exitcode == -9
        held = QueuePlace.objects.get(held_by__username=ONE)
        assert given(TWO).pk != held.case_id, "held by the dead, for a while"
        later(monkeypatch, giving.LOCK_MINUTES + 1)
        assert {given("collector3").pk, given("collector4").pk} >= {held.case_id}
        assert QueuePlace.objects.count() == free
        assert audit.verify() is None


@pytest.fixture
def floor(worlds: Worlds) -> Iterator[World]:
    with opened(worlds, "sqlite", flooring.shared_floor) as world:
        yield world


def test_the_best_case_is_given_first_and_a_reload_gives_it_again(floor: World) -> None:
    best = QueuePlace.objects.order_by("-rank", "pk").first()
    case = given(ONE)
    assert best is not None
    assert case.pk == best.case_id == given(ONE).pk
    assert (case.owner, case.locked_by) == (user(ONE), user(ONE))
    assert given(TWO).pk != case.pk


def test_a_contact_under_way_keeps_the_hold(floor: World, monkeypatch: pytest.MonkeyPatch) -> None:
    case = given(ONE)
    reserve(ONE, case)
    QueuePlace.objects.filter(case=case).update(held_until=0)
    assert giving.give_back_lapsed() == 0
    clock.set_demo(clock.now_minute() + 31)
    assert giving.give_back_lapsed() == 1


def test_a_hold_that_lapsed_cannot_be_used(floor: World) -> None:
    case = given(ONE)
    QueuePlace.objects.filter(case=case).update(held_until=0)
    assert given(TWO).pk == case.pk
    with pytest.raises(NotYours):
        reserve(ONE, case)
    assert not Attempt.objects.exists()


@pytest.mark.parametrize("keeps", [True, False])
def test_after_an_outcome_the_case_is_whose_the_queue_says(floor: World, keeps: bool) -> None:
    CaseQueue.objects.update(keeps=keeps)
    case = given(ONE)
    contacts.record(user(ONE), reserve(ONE, case).attempt_id, "RPC_WILLING")
    case.refresh_from_db()
    assert case.owner == (user(ONE) if keeps else None)
    assert not QueuePlace.objects.filter(case=case).exists()


def test_a_case_is_put_back_with_a_reason(floor: World) -> None:
    case = given(ONE)
    with pytest.raises(giving.PutBackReason):
        giving.put_back(user(ONE), case.pk, " ")
    with pytest.raises(NotYours):
        giving.put_back(user(TWO), case.pk, "x")
    giving.put_back(user(ONE), case.pk, "speaks a language I do not")
    assert given(TWO).pk == case.pk


def test_who_was_paid_since_the_night_is_passed_over(floor: World) -> None:
    first = QueuePlace.objects.select_related("case__customer").order_by("-rank", "pk")[0].case
    for account in first.customer.accounts.all():
        owed = sum(account.postings.values_list("amount", flat=True))
        ledger.record_payment("bank", account, owed, books.AS_OF, f"paid {account.pk}")
    assert given(ONE).pk != first.pk


def test_nobody_is_given_a_case_in_the_night(floor: World) -> None:
    clock.set_demo(books.minute(books.AS_OF, "23:00"))
    assert giving.get_next(user(ONE)) is None


def test_a_lapsed_exam_gives_no_case_by_day_and_none_by_night(floor: World) -> None:
    CaseQueue.objects.update(active=False)
    User.objects.filter(username=ONE).update(exam_on=books.AS_OF.replace(year=books.AS_OF.year - 1))
    following = books.AS_OF + timedelta(days=1)
    night.run_night(lenders.find(None), following)
    assert not WorkItem.objects.filter(owner__username=ONE, as_of=following).exists()
    assert WorkItem.objects.filter(owner__username=TWO, as_of=following).exists()
    clock.set_demo(books.minute(following, "10:00"))
    with pytest.raises(MayNotWork, match="lapsed"):
        giving.get_next(user(ONE))


def test_a_stage_that_asks_for_a_skill_goes_to_who_has_it(floor: World) -> None:
    lender = lenders.find(None)
    best = QueuePlace.objects.select_related("case").order_by("-rank", "pk")[0].case
    SkillNeed.objects.create(lender=lender, kind="STAGE", code=best.stage, skill="LATE")
    StaffSkill.objects.create(user=user(TWO), skill="LATE", since=books.AS_OF, until=books.AS_OF, given_by="lead1")
    assert given(ONE).stage != best.stage
    assert given(TWO).pk == best.pk
    CaseQueue.objects.update(active=False)
    following = books.AS_OF + timedelta(days=1)
    QueuePlace.objects.all().delete()
    night.run_night(lender, following)
    assert not WorkItem.objects.filter(as_of=following, case__stage=best.stage).exclude(owner=user(TWO)).exists()


def test_a_queue_takes_the_stages_it_names_and_the_rest_goes_to_lists(floor: World) -> None:
    lender = lenders.find(None)
    queue = CaseQueue.objects.get()
    queue.stages = ["M1"]
    queue.save()
    following = books.AS_OF + timedelta(days=1)
    night.run_night(lender, following)
    assert set(QueuePlace.objects.values_list("case__stage", flat=True)) == {"M1"}
    assert not WorkItem.objects.filter(as_of=following, case__stage="M1").exists()
    assert WorkItem.objects.filter(as_of=following).exists()
