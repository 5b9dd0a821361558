"""Days that add up, months that end, and the clock on the person's wall."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairdue.core import dates
from fairdue.core.dates import DayCount

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ZONES = (
    "Asia/Shanghai",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Asia/Kathmandu",
    "Pacific/Apia",
)

any_day = st.dates(date(1990, 1, 1), date(2060, 12, 31))
minutes = st.integers(0, 68_000_000)  # up to the year 2099


def days(*texts: str | None) -> dates.Days:
    return np.array(["NaT" if t is None else t for t in texts], "datetime64[D]")


def minute(text: str) -> int:
    return (datetime.fromisoformat(text).replace(tzinfo=UTC) - EPOCH) // timedelta(minutes=1)


def column(*values: int) -> npt.NDArray[np.int64]:
    return np.array(values, np.int64)


def test_each_basis_counts_its_own_days() -> None:
    start, end = days(*["2026-01-31"] * 3), days(*["2026-03-31"] * 3)
    assert dates.day_count(start, end, np.array(list(DayCount))).tolist() == [59, 59, 60]


def test_an_unknown_date_or_basis_counts_no_days() -> None:
    counted = dates.day_count(
        days(None, "2026-01-01", "2026-01-01"), days("2026-02-01", None, "2026-02-01"), np.array([0, 1, -1])
    )
    assert counted.tolist() == [0, 0, 0]


def thirty_twin(start: date, end: date) -> int:
    """30E/360 as the market's definition writes it."""
    return (end.year - start.year) * 360 + (end.month - start.month) * 30 + min(end.day, 30) - min(start.day, 30)


@given(any_day, any_day)
def test_day_counts_match_the_twin(start: date, end: date) -> None:
    counted = dates.day_count(np.datetime64(start), np.datetime64(end), np.array(list(DayCount)))
    assert counted.tolist() == [(end - start).days, (end - start).days, thirty_twin(start, end)]


@given(any_day, any_day, any_day, st.sampled_from(DayCount))
def test_a_period_cut_anywhere_has_as_many_days(a: date, b: date, c: date, basis: DayCount) -> None:
    first, cut, last = (np.datetime64(d) for d in sorted((a, b, c)))
    parts = dates.day_count(first, cut, basis) + dates.day_count(cut, last, basis)
    assert parts.tolist() == dates.day_count(first, last, basis).tolist()


def test_six_months_after_31_august_is_the_end_of_february() -> None:
    later = dates.add_months(days("2025-08-31", "2023-08-31", "2024-02-29", None), np.array([6, 6, 12, 6]))
    assert later.astype(str).tolist() == ["2026-02-28", "2024-02-29", "2025-02-28", "NaT"]


@given(any_day, st.integers(-300, 300))
def test_added_months_match_the_twin(day: date, months: int) -> None:
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    wanted = date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
    assert dates.add_months(np.array([day], "datetime64[D]"), months).tolist() == [wanted]


WEEK = dates.Calendar(
    "test",
    np.datetime64("2026-01-01"),
    np.datetime64("2026-01-11"),
    days("2026-01-03", "2026-01-04", "2026-01-05", "2026-01-11"),
)


def test_rest_days_move_on_to_the_next_working_day() -> None:
    moved = WEEK.next_working(days("2026-01-02", "2026-01-03", "2026-01-05", "2026-01-06"))
    assert moved.astype(str).tolist() == ["2026-01-02", "2026-01-06", "2026-01-06", "2026-01-06"]


@pytest.mark.parametrize("day", ["2025-12-31", "2026-01-12", None])
def test_a_day_outside_the_published_ones_is_refused(day: str | None) -> None:
    assert WEEK.covers(days(day)).tolist() == [False]
    with pytest.raises(dates.CalendarUnpublished) as refused:
        WEEK.is_working(days("2026-01-02", day))
    assert "2026-01-11" in refused.value.sentence("zh")


def test_a_rest_day_that_leads_out_of_the_calendar_is_refused() -> None:
    with pytest.raises(dates.CalendarUnpublished, match="2026-01-12"):
        WEEK.next_working(days("2026-01-11"))


def local_twin(at: int, zone: str) -> int:
    wall = (EPOCH + timedelta(minutes=at)).astimezone(ZoneInfo(zone)).replace(tzinfo=UTC)
    return (wall - EPOCH) // timedelta(minutes=1)


@settings(deadline=None)
@given(st.lists(st.tuples(minutes, st.integers(0, len(ZONES) - 1)), min_size=1, max_size=20))
def test_wall_clocks_match_zoneinfo(rows: list[tuple[int, int]]) -> None:
    at, zone = (np.array(c) for c in zip(*rows, strict=True))
    wall = dates.local_minute(at, zone, ZONES)
    assert wall.tolist() == [local_twin(a, ZONES[z]) for a, z in rows]
    one_by_one = [dates.local_minute(column(a), column(z), ZONES)[0] for a, z in rows]
    assert wall.tolist() == one_by_one


@given(st.sampled_from(ZONES), st.data())
def test_wall_clocks_are_exact_around_a_change(zone: str, data: st.DataObject) -> None:
    changes = dates._zone(zone).starts[1:].tolist()
    at = data.draw(st.sampled_from(changes or [minute("2026-01-01T00:00")])) + data.draw(st.integers(-3, 3))
    assert dates.local_minute(column(at), column(0), (zone,)).tolist() == [local_twin(at, zone)]


def test_an_unknown_instant_or_zone_has_no_wall_clock() -> None:
    wall = dates.local_minute(column(-1, 29_000_000, minute("2100-01-01T00:00")), column(0, -1, 0), ZONES)
    assert wall.tolist() == [-1, -1, -1]
    assert np.isnat(dates.local_day(column(-1), column(0), ZONES)).all()


def test_the_person_s_day_begins_at_their_midnight() -> None:
    at = column(minute("2026-03-02T15:59"), minute("2026-03-02T16:00"))
    assert dates.local_day(at, column(0, 0), ZONES).astype(str).tolist() == ["2026-03-02", "2026-03-03"]


def test_an_hour_that_comes_twice_is_the_later_one() -> None:
    assert dates.utc_of_local(minute("2026-11-01T01:30"), "America/New_York") == minute("2026-11-01T06:30")


def test_an_hour_that_never_comes_is_the_moment_after_the_gap() -> None:
    assert dates.utc_of_local(minute("2026-03-08T02:30"), "America/New_York") == minute("2026-03-08T07:00")


def test_a_day_that_never_came_is_the_moment_after_it() -> None:
    skipped = dates.utc_of_local(minute("2011-12-30T12:00"), "Pacific/Apia")
    assert dates.local_day(column(skipped), column(0), ("Pacific/Apia",)).astype(str).tolist() == ["2011-12-31"]


@given(st.sampled_from(ZONES), st.integers(1440, 68_000_000))
def test_a_clock_time_leads_back_to_itself_and_never_earlier(zone: str, at: int) -> None:
    wall = local_twin(at, zone)
    back = dates.utc_of_local(wall, zone)
    assert back >= at
    assert local_twin(back, zone) == wall


@given(st.sampled_from(ZONES), st.integers(1440, 68_000_000))
def test_the_instant_is_the_last_start_of_a_clock_time_not_passed(zone: str, wall: int) -> None:
    at = dates.utc_of_local(wall, zone)
    assert local_twin(at, zone) >= wall
    assert local_twin(at - 1, zone) < wall or local_twin(at, zone) == wall


def test_a_clock_is_next_set_when_summer_time_begins() -> None:
    winter, summer = minute("2026-01-15T00:00"), minute("2026-03-08T07:00")
    until = dates.offset_until(column(winter, summer, winter, -1), column(1, 1, -1, 1), ZONES).tolist()
    assert until[:2] == [summer, minute("2026-11-01T06:00")]
    assert min(until[2:]) > minute("2099-12-31T23:59")


@given(st.sampled_from(ZONES), minutes)
def test_until_the_clock_is_set_it_keeps_its_offset(zone: str, at: int) -> None:
    until = int(dates.offset_until(column(at), column(0), (zone,))[0])
    assert until > at
    last = min(until, 68_300_000) - 1
    assert local_twin(last, zone) - last == local_twin(at, zone) - at
    assert until > last + 1 or local_twin(until, zone) - until != local_twin(last, zone) - last


def test_an_unknown_clock_time_has_no_instant() -> None:
    assert dates.utc_minutes(column(-1, 5), column(0, -1), ZONES).tolist() == [-1, -1]


@pytest.mark.slow
@settings(deadline=None, max_examples=100)
@given(
    st.sampled_from(sorted(available_timezones() - {"localtime", "Factory"})),
    st.lists(minutes, min_size=50, max_size=50),
)
def test_every_zone_matches_zoneinfo(zone: str, at: list[int]) -> None:
    wall = dates.local_minute(column(*at), column(*[0] * len(at)), (zone,))
    assert wall.tolist() == [local_twin(a, zone) for a in at]
