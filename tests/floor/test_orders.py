"""Orders about a case, absences and many cases at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

import books
import cast
from fairdue.jobs import night
from fairdue.store import audit, lenders
from fairdue.store.access import NotYours
from fairdue.store.actions import approvals, dealing, giving, orders, staffing
from fairdue.store.actions.orders import OrderIncomplete, OrderRuns, Wanted
from fairdue.store.models import Approval, Case, CaseOrder, OwnPromise, WorkItem
from worlds import World


def ask_and_grant(case: Case, kind: str, days: int | None) -> CaseOrder:
    until = books.AS_OF + timedelta(days=days) if days else None
    order = orders.ask(cast.user(cast.COLLECTOR), case.pk, Wanted(kind, "the lender asks", until))
    approvals.decide(cast.user(cast.LEAD), Approval.objects.get(kind="order", subject_id=order.pk).pk, grant=True)
    order.refresh_from_db()
    return order


@pytest.mark.parametrize("kind", ["STOP", "RETURN"])
def test_a_stopped_or_returned_case_leaves_lists_at_once_and_comes_back_when_undone(desk: World, kind: str) -> None:
    case = cast.case_of(cast.COLLECTOR)
    order = ask_and_grant(case, kind, 10)
    assert order.state == "IN_FORCE"
    assert not WorkItem.objects.filter(case=case, done_at__lt=0).exists()
    assert giving.get_next(cast.user(cast.COLLECTOR)) != case
    following = books.AS_OF + timedelta(days=1)
    night.run_night(lenders.find("bank"), following)
    assert not WorkItem.objects.filter(case=case, as_of=following).exists()
    by = cast.user(cast.OFFICER)
    orders.undo(by, order.pk, "the lender takes it back")
    night.run_night(lenders.find("bank"), following + timedelta(days=1))
    assert WorkItem.objects.filter(case=case, as_of=following + timedelta(days=1)).exists()
    assert audit.verify() is None


def test_an_order_that_is_not_granted_changes_nothing_and_runs_once(desk: World) -> None:
    case = cast.case_of(cast.COLLECTOR)
    orders.ask(cast.user(cast.COLLECTOR), case.pk, Wanted("STOP", "asked"))
    with pytest.raises(OrderRuns):
        orders.ask(cast.user(cast.LEAD), case.pk, Wanted("STOP", "asked again"))
    for wrong in (Wanted("KEEP", "no day"), Wanted("STOP", " "), Wanted("SELL", "x"), Wanted("STOP", "x", books.AS_OF)):
        with pytest.raises(OrderIncomplete):
            orders.ask(cast.user(cast.LEAD), case.pk, wrong)
    assert WorkItem.objects.filter(case=case, done_at__lt=0).exists()
    with pytest.raises(NotYours):
        orders.undo(cast.user(cast.COLLECTOR), CaseOrder.objects.get().pk, "x")


def test_a_case_kept_stays_until_its_day_and_then_goes_back(desk: World) -> None:
    case = cast.case_of(cast.COLLECTOR)
    following = books.AS_OF + timedelta(days=1)
    Case.objects.filter(pk=case.pk).update(return_on=following)
    ask_and_grant(case, "KEEP", 2)
    assert orders.expire("night", case.lender, following) == 0
    assert orders.expire("night", case.lender, following + timedelta(days=1)) == 2
    case.refresh_from_db()
    assert (case.owner, case.return_on) == (None, None)


def test_what_is_due_while_somebody_is_away_goes_to_others_with_a_preview(desk: World) -> None:
    lead, away = cast.user(cast.LEAD), cast.user(cast.COLLECTOR)
    case = cast.case_of(cast.COLLECTOR)
    word = OwnPromise.objects.create(case=case, owner=away, kind=0, made_at=0, due_at=cast.at(12))
    absence = staffing.add_absence(lead, away.pk, books.AS_OF, books.AS_OF, "HOLIDAY")
    seen = dealing.cover(lead, absence.pk, dry_run=True)
    case.refresh_from_db()
    assert (case.owner, seen.done) == (away, False)
    dealing.cover(lead, absence.pk, dry_run=False)
    case.refresh_from_db()
    word.refresh_from_db()
    assert case.owner == word.owner == cast.user(cast.COLLEAGUE)
    assert seen.moves == ((case.pk, cast.user(cast.COLLEAGUE).pk),)


def test_who_is_away_gets_no_list_and_no_dealt_case(desk: World) -> None:
    lead, away = cast.user(cast.LEAD), cast.user(cast.COLLECTOR)
    following = books.AS_OF + timedelta(days=1)
    staffing.add_absence(lead, away.pk, books.AS_OF, following, "TRAINING")
    night.run_night(lenders.find("bank"), following)
    assert not WorkItem.objects.filter(owner=away, as_of=following).exists()
    mine = list(Case.objects.filter(owner=cast.user(cast.COLLEAGUE), closed_on=None).values_list("pk", flat=True))
    seen = dealing.reassign_many(lead, mine, None, "even", dry_run=True)
    assert {user for _, user in seen.moves} <= {cast.user(cast.COLLEAGUE).pk}


def test_a_list_is_as_long_as_the_hours_of_the_day(desk: World) -> None:
    lead, who = cast.user(cast.LEAD), cast.user(cast.COLLECTOR)
    following = books.AS_OF + timedelta(days=1)
    staffing.set_shift(lead, who.pk, list(range(7)), 540, 560, 0)
    night.run_night(lenders.find("bank"), following)
    assert 1 <= WorkItem.objects.filter(owner=who, as_of=following).count() <= 5, "twenty minutes"
