"""Windows: answers that are due, the validation period and the keeping of records, for one case and for the book."""

from __future__ import annotations

import random
from datetime import date, timedelta

import numpy as np
import pytest

import books
import cast
from fairdue.core.codes import LenderKind
from fairdue.core.happened import Happened
from fairdue.core.limitation import NAT, Standing
from fairdue.core.windows import standings
from fairdue.rules import windows
from fairdue.rules.periods import PeriodKind
from fairdue.rules.retention import load_retention
from fairdue.rules.windows.cases import load_cases
from fairdue.store import clock
from fairdue.store.actions import approvals, lapses, legal_clocks, legal_events, tracks
from fairdue.store.actions.legal_events import Proof
from fairdue.store.models import Approval, Case, LegalClock, Organisation, Task
from fairdue.store.pages import legal
from worlds import World

DAY = timedelta(days=1)


def twin(last: date | None, done: date | None, ours: bool, on: date) -> Standing:
    """One window, in words."""
    if last is None:
        return Standing.UNKNOWN
    if ours and done is not None and done <= on:
        return Standing.DONE if done <= last else Standing.LATE
    if on <= last:
        return Standing.RUNNING
    return Standing.LAPSED if ours else Standing.OVER


def test_windows_over_columns_stand_as_each_stands_by_itself() -> None:
    draw, origin = random.Random(2209), date(2026, 1, 1)

    def maybe() -> date | None:
        return None if draw.random() < 0.2 else origin + draw.randrange(40) * DAY

    rows = [(maybe(), maybe(), draw.random() < 0.6) for _ in range(3_000)]
    for on in (origin + n * DAY for n in (0, 7, 20, 41)):
        found = standings(
            np.array([last or NAT for last, _, _ in rows], "datetime64[D]"),
            np.array([done or NAT for _, done, _ in rows], "datetime64[D]"),
            np.array([ours for _, _, ours in rows]), np.datetime64(on),
        )  # fmt: skip
        assert found.tolist() == [int(twin(*row, on)) for row in rows]


def test_the_last_day_of_keeping_is_the_day_before_erasing_is_free() -> None:
    draw = random.Random(77)
    days = [date(2020, 1, 1) + draw.randrange(4_000) * DAY for _ in range(800)] + [date(2024, 2, 29), date(2020, 2, 29)]
    for duty in load_retention():
        found = windows.retention_lasts(np.array(days, "datetime64[D]"), duty)
        assert [day.item() for day in found] == [duty.until(day) - DAY for day in days]


def test_every_kind_of_window_has_worked_examples() -> None:
    assert {worked.kind for worked in load_cases()} == set(windows.load_windows())
    assert {worked.said["standing"] for worked in load_cases()} == {"RUNNING", "DONE", "LATE", "LAPSED", "OVER"}


def go_to(on: date) -> None:
    clock.set_demo(cast.at(10, on))


def the_clock(case: Case, kind: PeriodKind) -> LegalClock:
    return LegalClock.objects.get(account__customer=case.customer, kind=kind)


def test_a_complaint_has_a_clock_from_its_day_warns_its_owner_and_stays_red_when_it_is_late(both: World) -> None:
    case = cast.case_of(cast.COLLECTOR)
    track = tracks.open_track(cast.user(cast.LEAD), case.pk, "COMPLAINT", "calls at night")
    row = the_clock(case, PeriodKind.COMPLAINT)
    assert (row.start_on, row.last, row.standing) == (books.AS_OF, books.AS_OF + 15 * DAY, Standing.RUNNING)
    go_to(books.AS_OF + 11 * DAY)
    legal_clocks.of_lender("night", case.lender, books.AS_OF + 11 * DAY)
    assert Task.objects.get(kind="CLOCK_RUNS_OUT", about_id=row.pk, state=Task.OPEN).role is not None
    go_to(books.AS_OF + 16 * DAY)
    legal_clocks.of_lender("night", case.lender, books.AS_OF + 16 * DAY)
    assert the_clock(case, PeriodKind.COMPLAINT).standing == Standing.LAPSED
    assert Task.objects.filter(kind="DECIDE_LAPSE", about_id=row.pk, state=Task.OPEN).exists()
    board = legal.lapse_board(cast.user(cast.LEAD))
    assert [line.kind for line in board.rows if line.red] == [PeriodKind.COMPLAINT]
    assert board.undecided_worth == 0  # no money lapses with it
    with pytest.raises(lapses.UnknownChoice):
        lapses.ask(cast.user(cast.LEAD), row.pk, "WRITE_OFF", "not for a window")
    lapses.ask(cast.user(cast.LEAD), row.pk, "LATE_ANSWER", "the recordings came late")
    approvals.decide(cast.user(cast.OFFICER), Approval.objects.get(kind="lapse").pk, grant=True)
    assert not [line for line in legal.lapse_board(cast.user(cast.LEAD)).rows if line.red]
    tracks.withdraw(cast.user(cast.OFFICER), track.pk, "the customer took it back")
    assert the_clock(case, PeriodKind.COMPLAINT).standing == Standing.LATE


def test_a_credit_objection_is_explained_with_its_article_and_what_may_not_be_done(both: World) -> None:
    case = cast.case_of(cast.COLLECTOR)
    tracks.open_track(cast.user(cast.LEAD), case.pk, "CREDIT_OBJECTION", "the bureau shows a wrong month")
    line = next(c for c in legal.clocks_on(case, books.AS_OF + DAY).clocks if c.kind == PeriodKind.CREDIT_OBJECTION)
    assert line.last == books.AS_OF + 20 * DAY
    assert "第二十五条" in line.law["zh"]
    assert "art. 25" in line.law["en"]
    assert line.meanwhile is not None
    assert not [c for c in legal.clocks_on(case, books.AS_OF - DAY).clocks if c.kind == PeriodKind.CREDIT_OBJECTION]


def test_the_validation_period_runs_only_where_its_law_does(both: World) -> None:
    case = cast.case_of(cast.COLLECTOR)
    legal_events.record("letters", case, Happened.VALIDATION_SENT, date(2026, 3, 2), Proof("letter", 1))
    kinds = {line.kind for line in legal.clocks_on(case, date(2026, 3, 20)).clocks}
    assert PeriodKind.VALIDATION not in kinds
    Organisation.objects.filter(pk=case.lender_id).update(pack="us")
    case = Case.objects.select_related("lender", "customer").get(pk=case.pk)
    lines = [line for line in legal.clocks_on(case, date(2026, 3, 20)).clocks if line.kind == PeriodKind.VALIDATION]
    assert {(line.start_on, line.last, line.standing) for line in lines} == {
        (date(2026, 3, 2), date(2026, 4, 8), Standing.RUNNING)
    }
    assert "1006.38" in (lines[0].meanwhile or {})["en"]
    assert [event.kind for event in lines[0].events] == [Happened.VALIDATION_SENT]


def test_records_are_kept_until_a_day_once_the_last_case_is_closed(both: World) -> None:
    case = cast.case_of(cast.COLLECTOR)
    legal_clocks.of_lender("night", case.lender, books.AS_OF)
    assert not LegalClock.objects.filter(kind=PeriodKind.RETENTION).exists()
    Case.objects.filter(customer=case.customer_id).update(closed_on=books.AS_OF)
    Organisation.objects.filter(pk=case.lender_id).update(lender_kind=LenderKind.BANK)
    later = books.AS_OF + 800 * DAY
    go_to(later)
    legal_clocks.of_lender("night", case.lender, later)
    row = the_clock(case, PeriodKind.RETENTION)
    assert row.standing == Standing.LAPSED
    assert row.last is not None
    assert books.AS_OF + 729 * DAY <= row.last <= books.AS_OF + 731 * DAY
    assert Task.objects.filter(kind="DECIDE_LAPSE", about_id=row.pk, state=Task.OPEN).exists()
