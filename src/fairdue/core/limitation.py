"""Limitation over columns: a period that events restart, hold, suspend or settle, and the day on which it ends.

民法典 188 (length, longest 20 years), 189 (instalments), 194 (suspension in the last six months), 195 (interruption), 200-204
(counting). The same arithmetic serves the period for enforcement and, with other figures, other countries' limitation.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fairdue.core.clocks import Unit, deadlines
from fairdue.core.codes import Code
from fairdue.core.dates import I64, Calendar, Days, Mask, add_months
from fairdue.core.happened import Effect

NAT = np.datetime64("NaT", "D")
FAR = np.datetime64("9000-01-01", "D")  # a procedure or an obstacle that has not ended
FROM_START = -1  # the cause of a last day that no event moved


class Standing(Code):
    """Where a period stands on a day."""

    RUNNING = (0, "计算中", "Running")
    HELD = (1, "程序或障碍未终结，不届满", "Held: a procedure or an obstacle has not ended")
    LAPSED = (2, "已届满", "Lapsed")
    SETTLED = (3, "已有生效法律文书", "Settled by a judgment")
    UNKNOWN = (4, "起算日不明", "Unknown: no day from which it runs")
    KEPT = (5, "期间内已主张权利", "Kept: the right was claimed in time")
    DONE = (6, "已按期办结", "Done in time")
    LATE = (7, "逾期办结", "Done, but late")
    OVER = (8, "期间已过", "Over")


@dataclass(frozen=True)
class Terms:
    """The figures of one period.

    `since`, `counts`: a period that starts on `since[i]` or later has `counts[i]` units. `window`: months before the end in
    which an obstacle suspends (0: none does); then the period ends `window` months after the obstacle, or, with
    `remainder`, after as many days as were left. `longest`: years from the harm after which nothing helps (0: no such end).
    """

    since: Days
    counts: I64
    unit: Unit
    moves: bool
    window: int = 0
    remainder: bool = False
    longest: int = 0
    year_end: bool = False  # it runs from the end of the year of its first event (BGB § 199)

    def count(self, start: Days) -> I64:
        """Units of a period that starts on these days."""
        place = np.searchsorted(self.since, np.where(np.isnat(start), self.since[-1], start), "right") - 1
        return np.asarray(self.counts[np.maximum(place, 0)], np.int64)


@dataclass(frozen=True)
class Events:
    """What happened, one element an event, shape (k,), sorted by `row` and then by `day`.

    `ended`: last day of a procedure or an obstacle, NaT while it goes on (and for what takes one day).
    """

    row: I64
    day: Days
    effect: npt.NDArray[np.int16]
    ended: Days

    @classmethod
    def none(cls) -> Events:
        """Nothing happened."""
        days = np.zeros(0, "datetime64[D]")
        return cls(np.zeros(0, np.int64), days, np.zeros(0, np.int16), days)

    def by(self, on: np.datetime64) -> tuple[Events, I64]:
        """What had happened by the end of a day, as it stood then, and the places of what is left."""
        kept = np.flatnonzero(self.day <= on)
        ended = np.where(self.ended[kept] > on, NAT, self.ended[kept])
        return Events(self.row[kept], self.day[kept], self.effect[kept], ended), kept


@dataclass(frozen=True)
class Limitation:
    """The end of each period, shape (n,). `cause`: place of the event it counts from, -1 the start.

    `obstacle`: place of the event that moved the end by suspending, -1 none. `last` is NaT unless RUNNING or LAPSED.
    """

    last: Days
    standing: npt.NDArray[np.int8]
    provisional: Mask
    cause: I64
    obstacle: I64
    longest: Mask


def limitation(
    start: Days, harm: Days, events: Events, terms: Terms, calendar: Calendar, on: np.datetime64
) -> Limitation:
    """Where each period stands at the end of the day `on`.

    `start`: the day of the event from which it runs, excluded from it; `harm`: the day from which the longest period runs.
    An event counts only if the period had not ended before it.
    """
    told, places = events.by(on)
    start = start.astype("datetime64[D]")
    run = _Run(end_of_year(start) if terms.year_end else start, harm.astype("datetime64[D]"), told, terms, calendar)
    for these in _one_a_row(told.row):
        run.meet(these)
    return run.found(places, on)


def end_of_year(days: Days) -> Days:
    """31 December of each day's year."""
    return np.asarray(
        (days.astype("datetime64[Y]") + 1).astype("datetime64[D]") - np.timedelta64(1, "D"), "datetime64[D]"
    )


def _one_a_row(row: I64) -> Iterator[I64]:
    """Places of the first event of every row, then of the second, and so on."""
    if not len(row):
        return
    first = np.r_[True, row[1:] != row[:-1]]
    starts = np.flatnonzero(first)
    rank = np.arange(len(row)) - np.repeat(starts, np.diff(np.r_[starts, len(row)]))
    for k in range(int(rank.max()) + 1):
        yield np.flatnonzero(rank == k)


class _Run:
    """Periods while their events are gone through: `base` is the day each counts from at the moment."""

    def __init__(self, start: Days, harm: Days, events: Events, terms: Terms, calendar: Calendar) -> None:
        self.base, self.cause = start.copy(), np.full(start.shape, FROM_START, np.int64)
        self.settled = np.zeros(start.shape, bool)
        self.events, self.terms, self.calendar = events, terms, calendar
        self.cap = add_months(harm, 12 * terms.longest) if terms.longest else np.full(start.shape, NAT)
        suspending = np.flatnonzero(events.effect == Effect.SUSPENDS) if terms.window else np.zeros(0, np.int64)
        self.obstacles = [suspending[k] for k in _one_a_row(events.row[suspending])]

    def meet(self, these: I64) -> None:
        """Let one event of each of some rows take effect."""
        row, day, effect = self.events.row[these], self.events.day[these], self.events.effect[these]
        base, settled = self.base[row], self.settled[row]
        end = self._end(row)[0]
        alive = (day <= end) & ~settled
        until = np.where(np.isnat(self.events.ended[these]), FAR, self.events.ended[these])
        new = np.where(alive & (effect == Effect.RESTARTS), np.maximum(base, day), base)
        new = np.where(alive & (effect == Effect.HOLDS), np.maximum(base, until), new)
        new = np.where(~settled & (effect == Effect.REVIVES) & (day > end), day, new)
        begins = (effect == Effect.STARTS) & (self.cause[row] == FROM_START)
        new = np.where(begins & (np.isnat(base) | (day < base)), day, new)
        changed = (new != base) & ~np.isnat(new)
        self.base[row], self.cause[row] = new, np.where(changed, these, self.cause[row])
        self.settled[row] = settled | (alive & (effect == Effect.SETTLES))

    def _end(self, row: I64) -> tuple[Days, Mask, I64, Mask]:
        """Last day of some rows with holidays and the longest period; provisional; the obstacle; cut by the longest."""
        base = self.base[row]
        held = base == FAR
        known = np.where(held, NAT, base)
        plain = deadlines(known, self.terms.count(known), self.terms.unit, self.calendar, moves=False).last
        last, obstacle = self._suspended(row, plain)
        open_ended = last == FAR
        moved = deadlines(np.where(open_ended, NAT, last), 0, Unit.DAYS, self.calendar, moves=self.terms.moves)
        last = np.where(open_ended, FAR, moved.last)
        cut = last > self.cap[row]
        last = np.where(cut, self.cap[row], last)
        return np.where(held, FAR, last), moved.provisional & ~cut, obstacle, cut & ~held

    def _suspended(self, row: I64, last: Days) -> tuple[Days, I64]:
        """Ends moved by obstacles that existed in the last months of the period, in the order in which they began."""
        obstacle = np.full(row.shape, FROM_START, np.int64)
        for these in self.obstacles:
            mine = np.searchsorted(self.events.row[these], row).clip(0, len(these) - 1)
            has = self.events.row[these][mine] == row
            place = these[mine]
            began = self.events.day[place]
            ended = np.where(np.isnat(self.events.ended[place]), FAR, self.events.ended[place])
            window = np.maximum(add_months(last, -self.terms.window), self.base[row])  # nothing suspends before it runs
            speaks = has & (last != FAR) & (began <= last) & (ended > window)
            last = np.where(speaks, self._resumed(began, ended, window, last), last)
            obstacle = np.where(speaks, place, obstacle)
        return last, obstacle

    def _resumed(self, began: Days, ended: Days, window: Days, last: Days) -> Days:
        """The end once an obstacle is gone; `FAR` while it is not."""
        if self.terms.remainder:
            left = (last - np.maximum(began, window)).astype("timedelta64[D]")
            after = np.asarray(ended + left, "datetime64[D]")
        else:
            after = add_months(ended, self.terms.window)
        return np.where(ended == FAR, FAR, np.maximum(after, last))

    def found(self, places: I64, on: np.datetime64) -> Limitation:
        """What became of every period by the day `on`; causes are told by their places among all events."""
        last, provisional, obstacle, cut = self._end(np.arange(len(self.base)))
        standing = np.select(
            [self.settled, np.isnat(self.base), last == FAR, last < on],
            [Standing.SETTLED, Standing.UNKNOWN, Standing.HELD, Standing.LAPSED], Standing.RUNNING,
        )  # fmt: skip
        dated = np.isin(standing, (Standing.RUNNING, Standing.LAPSED))
        whole = np.append(places, FROM_START)  # -1 stays -1
        return Limitation(
            np.where(dated, last, NAT), standing.astype(np.int8), provisional & dated, whole[self.cause],
            whole[obstacle], cut & dated,
        )  # fmt: skip
