"""Days and clocks over columns: day counts, month arithmetic, working days, and the person's own wall clock.

Nothing here reads a clock. An instant is `utc_minute`, whole minutes since 1970-01-01T00:00 UTC, -1 where unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, NamedTuple, Self, TypeVar
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from fairdue.core.codes import UNKNOWN, Code
from fairdue.core.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

I64 = npt.NDArray[np.int64]
I16 = npt.NDArray[np.int16]
Mask = npt.NDArray[np.bool_]
Days = npt.NDArray[np.datetime64]
_Whole = TypeVar("_Whole", np.int64, np.int32)

MINUTES = 1440  # in a day
_ONE_DAY = np.timedelta64(1, "D")
_LAST_DAY = (datetime(2100, 1, 1, tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)).days  # no zone is known beyond
LAST_MINUTE = _LAST_DAY * MINUTES
_NEVER = np.iinfo(np.int64).max
_STEP = 4 * MINUTES  # no zone since 1970 has changed its offset twice within less than six days


class DayCount(Code):
    """How a contract turns a period into part of a year."""

    ACT360 = (0, "实际天数/360", "Actual/360")
    ACT365 = (1, "实际天数/365", "Actual/365 (fixed)")
    T30360 = (2, "30/360", "30/360 (Eurobond)")


class CalendarUnpublished(Fault):
    """Working days are arranged by decree year by year; a day outside the published years is neither."""

    code = "dates.calendar-unpublished"
    en = "Whether {day} is a working day is not published; calendar {calendar} covers {first} to {last}."
    en_remedy = "Update the holiday calendar once the year's notice is out; until then treat the day as not settled."
    zh = "{day} 是否为工作日尚未公布，日历“{calendar}”仅覆盖 {first} 至 {last}。"
    zh_remedy = "请在当年放假安排发布后更新节假日数据；在此之前，该日期按未确定处理。"


def day_count(start: Days | np.datetime64, end: Days | np.datetime64, basis: npt.NDArray[np.integer] | int) -> I64:
    """Days of interest from `start` (excluded) to `end` (included), shape (n,); 0 where a date or the basis is unknown.

    Every basis is a difference of one running count, so a period cut anywhere has as many days as the whole. For 30/360
    the count is 360 years + 30 months + min(day, 30): the Eurobond form, the only one that can be cut.
    """
    start, end, bases = np.broadcast_arrays(np.atleast_1d(start), np.atleast_1d(end), np.atleast_1d(basis))
    thirty = _thirty_count(end) - _thirty_count(start)
    days = np.where(bases == DayCount.T30360, thirty, end.astype(np.int64) - start.astype(np.int64))
    unknown = np.isnat(start) | np.isnat(end) | (bases == UNKNOWN)
    return np.asarray(np.where(unknown, 0, days), np.int64)


def _thirty_count(days: Days) -> I64:
    months = days.astype("datetime64[M]")
    day_of_month = (days - months.astype("datetime64[D]")).astype(np.int64) + 1
    return np.asarray(months.astype(np.int64) * 30 + np.minimum(day_of_month, 30), np.int64)


def add_months(days: Days, months: npt.NDArray[np.integer] | int) -> Days:
    """The same day `months` later, or the month's last day where it has no such day (民法典 art. 202); NaT stays."""
    first = days.astype("datetime64[M]")
    target = first + np.asarray(months).astype("timedelta64[M]")
    into = days - first.astype("datetime64[D]")
    last = (target + 1).astype("datetime64[D]") - _ONE_DAY
    return np.asarray(np.minimum(target.astype("datetime64[D]") + into, last), "datetime64[D]")


def add_months_one(day: int, months: int) -> int:
    """`add_months` for one day, days since 1970."""
    return int(add_months(np.array([day], "datetime64[D]"), months)[0].astype(np.int64))


def stretches(zone: str) -> tuple[list[int], list[int]]:
    """When each stretch of one UTC offset begins in a zone (utc_minute), and its offset in minutes."""
    at = _zone(zone)
    return at.starts.tolist(), at.offsets.tolist()


@dataclass(frozen=True)
class Calendar:
    """Rest days (weekends and holidays, less make-up working days) from `first` to `last`; silent about other days."""

    name: str
    first: np.datetime64
    last: np.datetime64
    rest: Days  # sorted

    def covers(self, days: Days) -> Mask:
        """Which days are published; False for NaT."""
        return (days >= self.first) & (days <= self.last)

    def is_working(self, days: Days) -> Mask:
        """Shape of `days`. Raises `CalendarUnpublished` for a day outside, and for an unknown day."""
        days = np.atleast_1d(days).astype("datetime64[D]")
        covered = self.covers(days)
        if not covered.all():
            raise CalendarUnpublished(day=days[~covered][0], calendar=self.name, first=self.first, last=self.last)
        return ~np.isin(days, self.rest)

    def next_working(self, days: Days) -> Days:
        """The day itself if it is a working day, else the next that is (民法典 art. 203). Raises like `is_working`."""
        days = np.atleast_1d(days).astype("datetime64[D]")
        while not (working := self.is_working(days)).all():
            days = np.where(working, days, days + _ONE_DAY)
        return days


class _Zone(NamedTuple):
    """A zone's stretches of one UTC offset, in minutes: begin in UTC, begin on the wall clock, offset, end in UTC."""

    starts: I64
    wall_starts: I64
    offsets: I64
    ends: I64

    @classmethod
    def of(cls, stretches: list[tuple[int, int]]) -> Self:
        starts, offsets = (np.array(column, np.int64) for column in zip(*stretches, strict=True))
        return cls(starts, starts + offsets, offsets, np.append(starts[1:], _NEVER))

    def shown(self, minutes: npt.NDArray[_Whole]) -> npt.NDArray[_Whole]:
        """The wall clock at some instants, at least one, in a column of its own."""
        first, last = self.starts.searchsorted([minutes.min(), minutes.max()], "right") - 1
        stretch = first if first == last else self.starts.searchsorted(minutes, "right") - 1  # mostly one for all
        shown: npt.NDArray[_Whole] = minutes + self.offsets[stretch].astype(minutes.dtype)
        return shown


def local_minute(utc_minute: I64, zone: npt.NDArray[np.integer], zones: tuple[str, ...]) -> I64:
    """Minutes since 1970-01-01T00:00 on the person's wall clock, shape (n,), exact across daylight saving.

    `zone` indexes `zones` (IANA names). -1 where the instant or the zone is unknown, and from the year 2100 on, for
    which no rules of any zone exist. Raises `zoneinfo.ZoneInfoNotFoundError` for a name that is no zone.
    """
    found = np.full(utc_minute.shape, UNKNOWN, np.int64)
    for at, known in _by_zone(zone, zones, (utc_minute >= 0) & (utc_minute < _LAST_DAY * MINUTES)):
        found[known] = at.shown(utc_minute[known])
    return found


def local_day_in(utc_minute: I64, zone: str) -> npt.NDArray[np.int32]:
    """The local days, where all instants are known, before the year 2100 and in one zone; half the room of minutes."""
    if not len(utc_minute):
        return np.zeros(0, np.int32)
    local = _zone(zone).shown(utc_minute.astype(np.int32))
    local //= MINUTES  # in place: a column of its own already
    return local


def utc_minutes(local: I64, zone: npt.NDArray[np.integer], zones: tuple[str, ...]) -> I64:
    """The instants at which the persons' clocks show `local`, shape (n,); -1 where unknown. Undoes `local_minute`.

    A clock time that comes twice (the hour set back) is the later of the two instants; one that never comes (the hour
    set forward) is the first instant after the gap. Used for "not before": it never allows a contact too early.
    """
    found = np.full(local.shape, UNKNOWN, np.int64)
    for at, known in _by_zone(zone, zones, local >= 0):
        stretch = np.maximum(at.wall_starts.searchsorted(local[known], "right") - 1, 0)
        found[known] = np.maximum(np.minimum(local[known] - at.offsets[stretch], at.ends[stretch]), 0)
    return found


def utc_of_local(local: int, zone: str) -> int:
    """`utc_minutes` for one clock time in a zone named."""
    return int(utc_minutes(np.array([local]), np.zeros(1, np.int16), (zone,))[0])


def offset_until(utc_minute: I64, zone: npt.NDArray[np.integer], zones: tuple[str, ...]) -> I64:
    """The instant at which each person's clock is next set forward or back, shape (n,).

    A far one (int64 max) where it never is, and where the instant or the zone is unknown.
    """
    found = np.full(utc_minute.shape, _NEVER, np.int64)
    for at, known in _by_zone(zone, zones, utc_minute >= 0):
        found[known] = at.ends[at.starts.searchsorted(utc_minute[known], "right") - 1]
    return found


def local_day(utc_minute: I64, zone: npt.NDArray[np.integer], zones: tuple[str, ...]) -> Days:
    """The calendar day on the person's wall clock, NaT where the instant or the zone is unknown."""
    return day_of(local_minute(utc_minute, zone, zones))


def day_of(minute: I64) -> Days:
    """The calendar day of wall-clock minutes, NaT for -1."""
    days = (minute // MINUTES).astype("datetime64[D]")
    return np.where(minute == UNKNOWN, np.datetime64("NaT", "D"), days)


def _by_zone(zone: npt.NDArray[np.integer], zones: tuple[str, ...], known: Mask) -> Iterator[tuple[_Zone, Mask]]:
    for code, name in enumerate(zones):
        here = known & (zone == code)
        if here.any():
            yield _zone(name), here


@cache
def _zone(name: str) -> _Zone:
    """The stretches of a zone, found by walking through its time and halving each step in which the offset changes."""
    info = ZoneInfo(name)
    stretches = [(0, _offset(info, 0))]
    for before in range(0, _LAST_DAY * MINUTES, _STEP):
        if _offset(info, before + _STEP) != stretches[-1][1]:
            change = _change(info, before, before + _STEP)
            stretches.append((change, _offset(info, change)))
    return _Zone.of(stretches)


def _change(info: ZoneInfo, before: int, after: int) -> int:
    """The first minute of the new offset, which is in force at `after` and not at `before`."""
    old = _offset(info, before)
    while after - before > 1:
        middle = (before + after) // 2
        before, after = (middle, after) if _offset(info, middle) == old else (before, middle)
    return after


def _offset(info: ZoneInfo, minute: int) -> int:
    """Minutes to add to UTC; seconds of old local mean times are cut, as the minute shown on a clock cuts them."""
    shift = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)).astimezone(info).utcoffset()
    return (shift or timedelta(0)) // timedelta(minutes=1)
