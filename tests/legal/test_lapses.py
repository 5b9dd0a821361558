"""Nothing lapses silently: what ran out stays red until two people have decided, and the guard knows it."""

from __future__ import annotations

import json
from datetime import date

import pytest

import books
import cast
from fairdue.core.happened import Happened
from fairdue.rules.periods.cases import load_cases
from fairdue.store import access, clock, decide
from fairdue.store.actions import approvals, lapses, legal_clocks, legal_events
from fairdue.store.actions.contacts import Proposed
from fairdue.store.actions.legal_events import Proof
from fairdue.store.models import Account, Approval, Case, Link, Person, Task
from fairdue.store.pages import legal as pages
from worlds import World

AFTER = date(2026, 10, 13)


def lapsed() -> Case:
    case = next(c for c in map(cast.case_of, [cast.COLLECTOR] * 9, range(9)) if c.customer.accounts.count() == 1)
    Account.objects.filter(customer=case.customer).update(oldest_unpaid_due=date(2023, 10, 12))
    clock.set_demo(cast.at(10, AFTER))
    legal_clocks.of_lender("test", case.lender, AFTER)
    return case


def told(case: Case) -> int:
    asked = decide.ask(case, clock.now_minute())
    point = case.customer.points.order_by("pk")[0]
    judged = decide.judge_all(asked, [Proposed(point.channel, point.pk)], books.owner_of(case))
    return int(judged.facts["time_barred"][0])


def test_every_worked_example_comes_out_and_there_are_at_least_sixty() -> None:
    assert len(load_cases()) >= 60
    assert {case.period.pack for case in load_cases()} == {"cn", "eu", "uk", "us"}


def test_a_lapse_stays_red_until_a_second_person_agrees(both: World) -> None:
    case = lapsed()
    board = pages.lapse_board(cast.user(cast.LEAD))
    assert (board.undecided, board.undecided_worth > 0, board.rows[0].red) == (1, True, True)
    clock_id = board.rows[0].clock.pk
    with pytest.raises(lapses.LapseReason):
        lapses.ask(books.owner_of(case), clock_id, "WRITE_OFF", " ")
    with pytest.raises(lapses.UnknownChoice):
        lapses.ask(books.owner_of(case), clock_id, "FORGET", "why not")
    lapses.ask(books.owner_of(case), clock_id, "WRITE_OFF", "no property was found in three searches")
    assert pages.undecided(cast.user(cast.LEAD))[0] == 1, "asking is not deciding"
    with pytest.raises(lapses.AlreadyAsked):
        lapses.ask(cast.user(cast.LEAD), clock_id, "WRITE_OFF", "again")
    approvals.decide(cast.user(cast.LEAD), Approval.objects.get(kind="lapse").pk, grant=True)
    assert pages.undecided(cast.user(cast.LEAD)) == (0, 0)
    assert not Task.objects.filter(kind="DECIDE_LAPSE", state=Task.OPEN).exists()
    legal_clocks.of_lender("test", case.lender, AFTER)
    assert pages.undecided(cast.user(cast.LEAD)) == (0, 0), "a night does not undo it"


def test_a_refusal_leaves_it_red(both: World) -> None:
    case = lapsed()
    clock_id = pages.lapse_board(cast.user(cast.LEAD)).rows[0].clock.pk
    lapses.ask(books.owner_of(case), clock_id, "LET_LAPSE", "too small")
    approvals.decide(
        cast.user(cast.LEAD), Approval.objects.get(kind="lapse").pk, grant=False, reason="ask the heirs first"
    )
    assert pages.undecided(cast.user(cast.LEAD))[0] == 1
    assert Task.objects.filter(kind="DECIDE_LAPSE", state=Task.OPEN).count() == 1


def test_the_guard_is_told_what_lapsed(both: World) -> None:
    case = lapsed()
    assert told(case) == 1
    other = cast.case_of(cast.COLLEAGUE)
    assert told(other) == 0


def test_a_guarantor_whose_period_ran_out_is_marked_and_one_who_was_asked_in_time_is_not(both: World) -> None:
    case = lapsed()
    Account.objects.filter(customer=case.customer).update(oldest_unpaid_due=date(2026, 3, 31))
    made = [Person.objects.create(lender=case.lender, ref=f"G{n}") for n in range(2)]
    for person in made:
        Link.objects.create(customer=case.customer, person=person, party=2, guarantee_kind=1)
    legal_events.record(
        "letters", case, Happened.GUARANTOR_DEMAND, date(2026, 9, 30), Proof("letter", 1), person=made[0]
    )
    flags = dict(Link.objects.filter(customer=case.customer).values_list("person__ref", "guarantee_lapsed"))
    assert flags == {"G0": False, "G1": True}


def test_the_clocks_of_a_case_are_told_for_any_day(both: World) -> None:
    case = lapsed()
    legal_events.record("letters", case, Happened.DEMAND, date(2026, 3, 2), Proof("letter", 4))
    found = pages.clocks_on(pages.find_case(str(case.pk)), date(2026, 3, 1))
    assert found.clocks[0].last == date(2026, 10, 12)
    assert not found.clocks[0].events
    later = pages.clocks_on(case, AFTER)
    assert later.clocks[0].last == date(2029, 3, 2)
    assert "诉讼时效至 2029-03-02，因 2026-03-02 催告函送达债务人" in later.as_text("zh")
    assert "letter 4" in later.as_text("en")
    assert json.loads(json.dumps(later.as_dict(), default=str))["clocks"][0]["events"][0]["evidence_id"] == 4
    with pytest.raises(pages.NoSuchCase):
        pages.find_case("nobody")


def test_another_teams_clock_is_not_there(both: World) -> None:
    lapsed()
    clock_id = pages.lapse_board(cast.user(cast.LEAD)).rows[0].clock.pk
    for name in (cast.OTHER_TEAM, cast.STRANGER):
        with pytest.raises(access.NotYours):
            lapses.ask(cast.user(name), clock_id, "WRITE_OFF", "no")
