from __future__ import annotations

import random
from calendar import monthrange
from datetime import date, timedelta

import numpy as np
import pytest

from fairdue.core.clocks import Unit, days_left, deadlines
from fairdue.core.dates import Calendar
from fairdue.rules.calendars import china

DAY = timedelta(days=1)
FIRST, LAST = date(2026, 3, 1), date(2026, 5, 31)


def small() -> tuple[Calendar, set[date]]:
    """A calendar of three months with one holiday and one Saturday worked in exchange."""
    every = [FIRST + timedelta(days=i) for i in range((LAST - FIRST).days + 1)]
    rest = {d for d in every if d.weekday() >= 5} | {date(2026, 4, 6), date(2026, 4, 7)}
    rest -= {date(2026, 4, 11)}
    return Calendar("small", np.datetime64(FIRST), np.datetime64(LAST), np.array(sorted(rest), "datetime64[D]")), rest


def twin(start: date, count: int, unit: Unit, rest: set[date], moves: bool) -> tuple[date, bool]:
    """The same said day by day."""
    if unit == Unit.WORKING_DAYS:
        day, left, unsure = start, count, False
        while left:
            day += DAY
            unsure |= not published(day)
            left -= day not in rest
        return day, unsure
    day = start + count * DAY if unit == Unit.DAYS else months_on(start, count * (12 if unit == Unit.YEARS else 1))
    while moves and day in rest:
        day += DAY
    return day, moves and not published(day)


def published(day: date) -> bool:
    return FIRST <= day <= LAST


def months_on(start: date, months: int) -> date:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


@pytest.mark.parametrize("unit", Unit, ids=lambda u: u.name.lower())
@pytest.mark.parametrize("moves", [False, True])
def test_columns_say_what_one_day_after_the_other_says(unit: Unit, moves: bool) -> None:
    draw = random.Random(20260301)
    calendar, rest = small()
    starts = [FIRST + timedelta(days=draw.randint(-20, 110)) for _ in range(800)]
    counts = [draw.choice((0, 1, 2, 5, 10, 15, 20, 30, 60, 100)) for _ in starts]
    if unit == Unit.YEARS:
        counts = [count % 4 for count in counts]
    found = deadlines(np.array(starts, "datetime64[D]"), np.array(counts), unit, calendar, moves=moves)
    expected = [twin(s, c, unit, rest, moves) for s, c in zip(starts, counts, strict=True)]
    assert list(zip(found.last.astype(date), found.provisional.tolist(), strict=True)) == expected


def test_a_column_of_one_is_the_row_of_many() -> None:
    calendar, _ = small()
    starts = np.array([FIRST + timedelta(days=i) for i in range(80)], "datetime64[D]")
    for unit in Unit:
        whole = deadlines(starts, 7, unit, calendar, moves=True)
        ones = [deadlines(starts[i : i + 1], 7, unit, calendar, moves=True) for i in range(len(starts))]
        assert np.concatenate([one.last for one in ones]).tolist() == whole.last.tolist()
        assert np.concatenate([one.provisional for one in ones]).tolist() == whole.provisional.tolist()


def test_an_unknown_start_has_no_last_day() -> None:
    calendar, _ = small()
    for unit in Unit:
        found = deadlines(np.array(["NaT"], "datetime64[D]"), 5, unit, calendar, moves=True)
        assert np.isnat(found.last).all()
        assert not found.provisional.any()


def test_a_later_start_never_ends_earlier_and_a_moved_end_is_never_before_the_unmoved() -> None:
    starts = np.arange(np.datetime64("2025-01-01"), np.datetime64("2026-12-01"))
    for unit, count in ((Unit.DAYS, 15), (Unit.WORKING_DAYS, 10), (Unit.MONTHS, 6), (Unit.YEARS, 1)):
        still = deadlines(starts, count, unit, china(), moves=False).last
        moved = deadlines(starts, count, unit, china(), moves=True).last
        assert (np.diff(still).astype(int) >= 0).all()
        assert (moved >= still).all()
        assert (moved - still <= np.timedelta64(9, "D")).all(), "no run of days of rest is longer"


def test_days_left_count_to_the_last_day_itself() -> None:
    last = np.array(["2026-03-10", "2026-03-09", "2026-03-01"], "datetime64[D]")
    assert days_left(last, np.datetime64("2026-03-09")).tolist() == [1, 0, -8]
