"""Events move the clocks of a case, on both databases: a letter saves a debt, a promise does, and nothing is told twice."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

import books
import cast
from fairdue.core.codes import Role
from fairdue.core.happened import Happened
from fairdue.core.limitation import Standing
from fairdue.rules.periods import PeriodKind
from fairdue.store import access, clock
from fairdue.store.actions import legal_clocks, legal_events
from fairdue.store.actions.legal_events import Proof, Until
from fairdue.store.models import Account, AuditRow, Case, LegalClock, LegalEvent, Promise, Task
from worlds import World

LONG_AGO = date(2023, 9, 4)


def old_case(due: date = LONG_AGO) -> Case:
    """A case whose only debt has been due for years."""
    case = next(c for c in map(cast.case_of, [cast.COLLECTOR] * 9, range(9)) if c.customer.accounts.count() == 1)
    Account.objects.filter(customer=case.customer).update(oldest_unpaid_due=due)
    return case


def limitation(case: Case) -> LegalClock:
    return LegalClock.objects.filter(account__customer=case.customer, kind=PeriodKind.LIMITATION).order_by("pk")[0]


def reckon(case: Case) -> LegalClock:
    legal_clocks.of_lender("test", case.lender, clock.business_date(clock.now_minute(), case.lender.zone))
    return limitation(case)


def test_three_years_from_the_due_date_and_not_a_day_more(both: World) -> None:
    case = old_case(date(2023, 10, 12))
    assert (reckon(case).last, reckon(case).standing) == (date(2026, 10, 12), Standing.RUNNING)
    clock.set_demo(cast.at(10, date(2026, 10, 12)))
    assert reckon(case).standing == Standing.RUNNING
    clock.set_demo(cast.at(10, date(2026, 10, 13)))
    assert reckon(case).standing == Standing.LAPSED


def test_a_letter_that_arrived_begins_the_period_anew_at_once(both: World) -> None:
    case = old_case(date(2023, 10, 12))
    reckon(case)
    legal_events.record("letters", case, Happened.DEMAND, date(2026, 9, 28), Proof("letter", 7))
    found = limitation(case)
    assert (found.last, found.cause, found.evidence, found.evidence_id) == (
        date(2029, 9, 28),
        Happened.DEMAND,
        "letter",
        7,
    )
    assert legal_clocks.sentence(found)["en"].startswith(
        "Limitation until 2029-09-28, because on 2026-09-28: a demand reached"
    )
    assert found.provisional, "nobody has published the holidays of 2029"


def test_the_same_event_told_again_changes_nothing(both: World) -> None:
    case = old_case()
    first = legal_events.record("letters", case, Happened.DEMAND, date(2026, 9, 1), Proof("letter", 7))
    rows = AuditRow.objects.count()
    assert first
    assert legal_events.record("letters", case, Happened.DEMAND, date(2026, 9, 1), Proof("letter", 7)) == []
    assert AuditRow.objects.count() == rows


def test_what_came_after_the_end_saves_nothing(both: World) -> None:
    case = old_case(date(2023, 9, 4))
    legal_events.record("letters", case, Happened.DEMAND, date(2026, 9, 20), Proof("letter", 8))
    assert limitation(case).standing == Standing.LAPSED


def test_a_promise_and_a_payment_count_where_they_stand_on_record(both: World) -> None:
    case = old_case(date(2023, 10, 12))
    made = Promise.objects.create(case=case, made_on=date(2026, 9, 15), amount=1, due_on=date(2026, 9, 20))
    found = reckon(case)
    assert (found.cause, found.evidence, found.evidence_id) == (Happened.PROMISE, "promise", made.pk)
    assert found.last == date(2029, 9, 15)


def test_a_suit_holds_the_period_until_it_ends(both: World) -> None:
    case = old_case(date(2023, 10, 12))
    legal_events.record("court", case, Happened.SUIT, date(2026, 9, 10), Proof("proceeding", 1))
    assert limitation(case).standing == Standing.HELD
    legal_events.end("court", Proof("proceeding", 1), Until(ended_on=date(2026, 9, 25)))
    assert limitation(case).last == date(2029, 9, 25)


def test_a_suit_withdrawn_before_it_was_served_saves_nothing(both: World) -> None:
    case = old_case(date(2023, 10, 12))
    legal_events.record("court", case, Happened.SUIT, date(2026, 9, 10), Proof("proceeding", 1))
    legal_events.end("court", Proof("proceeding", 1), Until(ended_on=date(2026, 9, 25), withdrawn=True))
    assert limitation(case).last == date(2026, 10, 12)


def test_what_is_void_counts_no_more(both: World) -> None:
    case = old_case(date(2023, 10, 12))
    made = legal_events.record("letters", case, Happened.DEMAND, date(2026, 9, 28), Proof("letter", 7))
    with pytest.raises(legal_events.VoidReason):
        legal_events.void(cast.user(cast.LEAD), made[0].pk, " ")
    for event in made:
        legal_events.void(cast.user(cast.LEAD), event.pk, "the letter came back")
    assert limitation(case).last == date(2026, 10, 12)
    with pytest.raises(legal_events.AlreadyVoid):
        legal_events.void(cast.user(cast.LEAD), made[0].pk, "again")


def test_paper_is_kept_as_evidence(both: World) -> None:
    case = old_case(date(2023, 10, 12))
    made = legal_events.record_by_hand(
        books.owner_of(case),
        case.pk,
        Happened.ACKNOWLEDGED,
        date(2026, 9, 1),
        file=("iou.pdf", "application/pdf", b"%PDF"),
    )
    assert made[0].file is not None
    assert made[0].evidence == "file"
    with pytest.raises(legal_events.EvidenceNeeded):
        legal_events.record_by_hand(books.owner_of(case), case.pk, Happened.DEMAND, date(2026, 9, 1))
    with pytest.raises(legal_events.ReviewerNeeded):
        legal_events.record_by_hand(books.owner_of(case), case.pk, Happened.WAIVED, date(2026, 9, 1), note="signed")
    with pytest.raises(legal_events.EventAhead):
        legal_events.record("x", case, Happened.DEMAND, books.AS_OF + timedelta(days=1), Proof("letter", 9))


def test_a_strangers_case_is_not_there(both: World) -> None:
    case = old_case()
    with pytest.raises(access.NotYours):
        legal_events.record_by_hand(cast.user(cast.STRANGER), case.pk, Happened.DEMAND, date(2026, 9, 1), note="letter")
    assert not LegalEvent.objects.exists()


def test_each_warning_comes_once_though_nights_are_skipped(both: World) -> None:
    case = old_case(date(2023, 10, 12))
    reckon(case)
    warned = Task.objects.filter(kind="CLOCK_RUNS_OUT", case=case, state=Task.OPEN)
    first = warned.get()
    assert (first.owner, first.due_on) == (case.owner, date(2026, 10, 12))
    reckon(case)
    assert warned.get() == first
    clock.set_demo(cast.at(10, date(2026, 10, 13)))
    reckon(case)
    assert not warned.exists()
    lapsed = Task.objects.get(kind="DECIDE_LAPSE", case=case, state=Task.OPEN)
    assert (lapsed.role, lapsed.team) == (Role.LEAD, case.team)
    assert "ran out on 2026-10-12" in lapsed.detail["en"]


def test_a_second_reckoning_changes_nothing(both: World) -> None:
    case = old_case()
    reckon(case)
    rows = AuditRow.objects.count()
    assert legal_clocks.of_lender("test", case.lender, books.AS_OF) == 0
    assert AuditRow.objects.count() == rows


REWRITING = (
    'UPDATE legal_event SET "on" = \'2020-01-01\'', "UPDATE legal_event SET note = 'other'", "DELETE FROM legal_event",
    "UPDATE legal_event SET kind = 0", "UPDATE legal_event SET ended_on = NULL", "UPDATE legal_event SET withdrawn = (1 = 0)",
    "UPDATE legal_event SET void_at = -1",
)  # fmt: skip


def test_what_an_event_said_how_it_ended_and_that_it_is_void_cannot_be_rewritten(both: World) -> None:
    case = cast.case_of(cast.COLLECTOR)
    made = legal_events.record(
        "test", case, Happened.SUIT, books.AS_OF - timedelta(days=9), Proof("proceeding", 7), note="one"
    )[0]
    legal_events.end("test", Proof("proceeding", 7), Until(ended_on=books.AS_OF - timedelta(days=2), withdrawn=True))
    legal_events.end("test", Proof("proceeding", 7), Until(ended_on=books.AS_OF))
    made.refresh_from_db()
    assert made.ended_on == books.AS_OF - timedelta(days=2)
    legal_events.void(cast.user(cast.LEAD), made.pk, "recorded for the wrong person")
    for statement in REWRITING:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
