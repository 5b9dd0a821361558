"""Free days, days made up for, and people away: nobody is given a case, what is due goes to others and comes back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

import books
import cast
from fairdue.jobs import daily, night
from fairdue.store import audit, clock, lenders, staff
from fairdue.store.access import NotYours
from fairdue.store.actions import approvals, dealing, giving, orders, staffing
from fairdue.store.actions.orders import KeptTooLong, Wanted
from fairdue.store.models import Approval, Case, Cover, OwnPromise, Promise, Task, WorkItem
from fairdue.store.pages.board import lead_board
from fairdue.store.pages.floor import special_days
from person import Person
from worlds import World

FRIDAY, SATURDAY, MADE_UP = date(2026, 10, 2), date(2026, 10, 3), date(2026, 10, 10)
DAYS = (books.AS_OF, books.AS_OF + timedelta(days=1))


def hours(username: str) -> None:
    staffing.set_shift(cast.user(cast.LEAD), cast.user(username).pk, [0, 1, 2, 3, 4], 9 * 60, 18 * 60)


def today(username: str, on: date) -> int | None:
    user = cast.user(username)
    return staff.workers(user.organisation, [user], on)[0].today


def test_a_team_keeps_its_countrys_holidays_made_up_days_and_its_own(desk: World) -> None:
    lead = cast.user(cast.LEAD)
    hours(cast.COLLECTOR)
    assert (today(cast.COLLECTOR, FRIDAY), today(cast.COLLECTOR, MADE_UP)) == (480, 0)
    said = {"do": "calendar", "country": "CN"}
    assert Person(cast.LEAD).status("/floor/set/", post=True, **said) == 302
    assert (today(cast.COLLECTOR, FRIDAY), today(cast.COLLECTOR, SATURDAY), today(cast.COLLECTOR, MADE_UP)) == (
        0,
        0,
        480,
    )
    team = cast.user(cast.LEAD).team
    assert team is not None
    desk.fairdue(
        "team", "day", team.name, "--on", FRIDAY, "--state", "works", "--lender", "bank", "--note", "stock-taking"
    )
    staffing.set_day(lead.username, team, MADE_UP, works=False)
    assert (today(cast.COLLECTOR, FRIDAY), today(cast.COLLECTOR, MADE_UP)) == (480, 0)
    shown = {day.on: (day.works, day.own) for day in special_days(team, books.AS_OF)}
    assert (shown[FRIDAY], shown[MADE_UP], shown[date(2026, 10, 1)]) == ((True, True), (False, True), (False, False))
    assert date(2026, 10, 8) not in shown
    assert "2026-10-02" in desk.fairdue("team", "days", team.name, "--on", books.AS_OF, "--lender", "bank")
    with pytest.raises(staffing.StaffingWrong):
        staffing.set_calendar("cli", team, "XX")
    assert audit.verify() is None


def test_on_a_free_day_nobody_of_the_team_has_a_list_or_is_given_a_case(desk: World) -> None:
    hours(cast.COLLECTOR)
    team = cast.user(cast.LEAD).team
    assert team is not None
    staffing.set_calendar("cli", team, "CN")
    night.run_night(lenders.find("bank"), FRIDAY)
    assert not WorkItem.objects.filter(owner__username=cast.COLLECTOR, as_of=FRIDAY).exclude(position=0).exists()
    clock.set_demo(cast.at(10, FRIDAY))
    with pytest.raises(staff.NotAtWork):
        giving.get_next(cast.user(cast.COLLECTOR))
    staffing.set_day("cli", team, FRIDAY, works=True)
    staff.require_at_work(cast.user(cast.COLLECTOR), FRIDAY)


def lent(username: str) -> tuple[Case, OwnPromise, Task]:
    """A case with a call-back, a promise, a word of ours and a task due today."""
    case, user = cast.case_of(username), cast.user(username)
    Promise.objects.create(case=case, made_on=books.AS_OF, due_on=books.AS_OF, amount=1, grace_days=0, threshold_ppm=0)
    word = OwnPromise.objects.create(case=case, owner=user, kind=0, made_at=0, due_at=cast.at(12))
    task = Task.objects.create(organisation=case.lender, case=case, owner=user, kind="CALL_BACK", due_on=books.AS_OF,
                               created_by="test", created_at=0)  # fmt: skip
    return case, word, task


def owners(rows: tuple[Case, OwnPromise, Task]) -> set[str]:
    for row in rows:
        row.refresh_from_db()
    return {row.owner.username for row in rows if row.owner}


def test_what_is_due_goes_to_a_colleague_by_itself_is_seen_on_the_board_and_comes_back(desk: World) -> None:
    lead, away = cast.user(cast.LEAD), cast.user(cast.COLLECTOR)
    rows, lender = lent(cast.COLLECTOR), lenders.find("bank")
    mine = set(Case.objects.filter(owner=away, closed_on=None).values_list("pk", flat=True))
    staffing.add_absence(lead, away.pk, DAYS[0], DAYS[0], "SICK")
    skip = tuple(code for code in daily.CODES if code != "absences")
    first = daily.run(lender, DAYS[0], skip=skip).told[0]
    assert first.figures["covered"] == Cover.objects.count() >= 1
    assert owners(rows) == {cast.COLLEAGUE}
    board = {member.name: member for member in lead_board(lead).members}
    assert board[away.display_name].away == DAYS[0]
    assert (
        board[away.display_name].lent == board[cast.user(cast.COLLEAGUE).display_name].covers == Cover.objects.count()
    )
    with pytest.raises(staff.NotAtWork):
        giving.get_next(away)
    assert dealing.cover_all(lender, DAYS[0]) == 0  # again changes nothing
    assert daily.run(lender, DAYS[1], skip=skip).told[0].figures["back"] == first.figures["covered"]
    assert owners(rows) == {cast.COLLECTOR}
    assert set(Case.objects.filter(owner=away, closed_on=None).values_list("pk", flat=True)) == mine
    assert set(Cover.objects.values_list("ended_why", flat=True)) == {"BACK"}
    assert audit.verify() is None


def test_a_case_that_moved_on_meanwhile_stays_and_a_cancelled_absence_brings_the_rest_back_at_once(desk: World) -> None:
    lead, away = cast.user(cast.LEAD), cast.user(cast.COLLECTOR)
    absence = staffing.add_absence(lead, away.pk, DAYS[0], DAYS[0] + timedelta(days=4), "HOLIDAY")
    dealing.cover(lead, absence.pk, dry_run=False)
    covered = list(Cover.objects.order_by("pk"))
    assert len(covered) > 1  # away for long: all that would be worked
    closed = Case.objects.get(pk=covered[0].case_id)
    Case.objects.filter(pk=closed.pk).update(owner=None)
    staffing.cancel_absence(lead, absence.pk)
    assert [row.ended_why for row in Cover.objects.order_by("pk")] == ["MOVED", *["BACK"] * (len(covered) - 1)]
    closed.refresh_from_db()
    assert closed.owner is None


def test_a_case_is_kept_for_a_time_only_seen_on_the_board_and_goes_back_by_itself(desk: World) -> None:
    lead, case = cast.user(cast.LEAD), cast.case_of(cast.COLLECTOR)
    asker = cast.user(cast.COLLECTOR)
    with pytest.raises(KeptTooLong):
        orders.ask(asker, case.pk, Wanted("KEEP", "talks", books.AS_OF + timedelta(days=orders.KEEP_DAYS + 1)))
    order = orders.ask(asker, case.pk, Wanted("KEEP", "talks", DAYS[1]))
    with pytest.raises((NotYours, approvals.OwnRequest)):
        approvals.decide(asker, Approval.objects.get(kind="order", subject_id=order.pk).pk, grant=True)
    approvals.decide(lead, Approval.objects.get(kind="order", subject_id=order.pk).pk, grant=True)
    assert [(row.case_id, row.on) for row in lead_board(lead).kept] == [(case.pk, DAYS[1])]
    night.run_night(lenders.find("bank"), DAYS[1])
    case.refresh_from_db()
    assert (case.return_on, lead_board(lead).kept) == (None, ())
