"""The last day of a period: what starts it, what is counted, what moves its end; the same arithmetic for every clock.

民法典 201: the day of the event is not counted. 202: a period of months or years ends on the corresponding day, else on
the last of the month. 203: a last day that is a day of rest gives way to the next working day, if the period is one that moves.
Working days are known only for published years; beyond them the earliest day the law could mean is given, marked provisional.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fairdue.core.codes import Code
from fairdue.core.dates import I64, Calendar, Days, Mask, add_months

_ONE_DAY = np.timedelta64(1, "D")


class Unit(Code):
    """What a period counts."""

    DAYS = (0, "日", "days")
    WORKING_DAYS = (1, "个工作日", "working days")
    MONTHS = (2, "个月", "months")
    YEARS = (3, "年", "years")


@dataclass(frozen=True)
class Deadlines:
    """The last day of each period, shape (n,), NaT where the start is unknown.

    `provisional`: the day depends on working days not yet published; it is then the earliest day it can be.
    """

    last: Days
    provisional: Mask


def deadlines(
    start: Days, count: npt.NDArray[np.integer] | int, unit: Unit, calendar: Calendar, *, moves: bool
) -> Deadlines:
    """End periods of `count` units that begin with an event on `start`, shape (n,).

    `moves`: a last day that is a day of rest gives way to the next working day (art. 203).
    """
    start = np.atleast_1d(start).astype("datetime64[D]")
    counts = np.broadcast_to(np.asarray(count, np.int64), start.shape)
    if unit == Unit.WORKING_DAYS:
        return _working(start, counts, calendar)
    last = _calendar_end(start, counts, unit)
    return _moved(last, calendar) if moves else Deadlines(last, np.zeros(last.shape, bool))


def days_left(last: Days, today: np.datetime64) -> I64:
    """Whole days from `today` to the last day: 0 on it, negative after it; the most negative number for an unknown day."""
    return np.asarray((last - today).astype("timedelta64[D]").astype(np.int64), np.int64)


def _calendar_end(start: Days, counts: I64, unit: Unit) -> Days:
    if unit == Unit.DAYS:
        return np.asarray(start + counts.astype("timedelta64[D]"), "datetime64[D]")
    return add_months(start, counts * (12 if unit == Unit.YEARS else 1))


def _moved(last: Days, calendar: Calendar) -> Deadlines:
    """Move days of rest on; a day outside the published years stays, because it may be a working day."""
    while (rests := np.isin(last, calendar.rest)).any():
        last = np.where(rests, last + _ONE_DAY, last)
    return Deadlines(last, ~calendar.covers(last) & ~np.isnat(last))


def _working(start: Days, counts: I64, calendar: Calendar) -> Deadlines:
    """Count working days after the start; every day that is not published counts, so that the end is never too late."""
    every = np.arange(calendar.first, calendar.last + _ONE_DAY)
    working = every[~np.isin(every, calendar.rest)]
    known = np.where(np.isnat(start), calendar.first, start)
    before = np.clip((calendar.first - known).astype(np.int64) - 1, 0, None)
    passed = working.searchsorted(known, "right") if len(working) else np.zeros(len(known), np.int64)
    left = counts - before  # to be counted inside the calendar and after it
    inside = np.clip(passed + left - 1, 0, max(len(working) - 1, 0))
    over = passed + left - len(working)  # of them after its last day
    after = np.maximum(known, calendar.last) + over.astype("timedelta64[D]")
    last = np.where(left <= 0, known + counts.astype("timedelta64[D]"), np.where(over > 0, after, working[inside]))
    last = np.where(counts == 0, known, last)
    unsure = (counts > 0) & ((before > 0) | (last > calendar.last))
    return Deadlines(np.where(np.isnat(start), np.datetime64("NaT", "D"), last), unsure & ~np.isnat(start))
