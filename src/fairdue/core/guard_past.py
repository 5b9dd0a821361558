"""Kinds of rules that look into the past: caps, rest after an event, and the gate to third persons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from fairdue.core.codes import NO, UNKNOWN, YES, Channel, Direction, Party
from fairdue.core.guard_facts import I64, Bool, Ints
from fairdue.core.guard_history import (
    NEVER_BEFORE,
    PAST,
    SCOPES,
    Counting,
    History,
    Scope,
    Sorted,
    Unit,
    Where,
)
from fairdue.core.guard_kinds import DAY, FOREVER, Asked, Form, Kind, all_known, form

ANY = frozenset[int]()
OUT = frozenset({int(Direction.OUT)})


@dataclass(frozen=True)
class _Counted(Kind):
    """What counts, and over what it is summed."""

    per: Scope = field(metadata=form(Form.SCOPE))
    unit: Unit = field(metadata=form(Form.UNIT))
    channels: frozenset[int] = field(metadata=form(Form.CHANNELS))
    days: int = field(metadata=form(Form.DAYS))
    modes: frozenset[int] = field(default=ANY, metadata=form(Form.MODES), kw_only=True)
    directions: frozenset[int] = field(default=OUT, metadata=form(Form.DIRECTIONS), kw_only=True)
    parties: frozenset[int] = field(default=ANY, metadata=form(Form.PARTIES), kw_only=True)
    point_kinds: frozenset[int] = field(default=ANY, metadata=form(Form.POINT_KINDS), kw_only=True)
    leaves_out: frozenset[int] = field(default=ANY, metadata=form(Form.LEAVES_OUT), kw_only=True)

    @cached_property
    def counting(self) -> Counting:
        """Which contacts count."""
        return Counting(
            self.unit, self.channels, self.modes, self.directions, self.parties, self.point_kinds, self.leaves_out
        )

    @property
    def keys(self) -> tuple[str, ...]:
        """Whom or what the count is about: the facts by which the past is asked."""
        return tuple(dict.fromkeys(name for part in SCOPES[self.per] for name in part.keys))

    @property
    def facts(self) -> tuple[str, ...]:
        """The time, the place, the past, and whom or what the count is about."""
        return ("at", "zone", "history", *self.keys)

    def known(self, asked: Asked) -> Bool:
        """Where it can tell."""
        return asked.timed & all_known(asked.facts, ("history", *self.keys))

    def as_wide_as(self, law: Kind) -> bool:
        """The same sum over at least what the law counts."""
        return isinstance(law, _Counted) and self.per == law.per and self.counting.as_wide_as(law.counting)


@dataclass(frozen=True)
class FrequencyCap(_Counted):
    """At most so many contacts of a sort in so many calendar days of the person.

    The days end with the day of the contact, which is one of them. An empty set of modes, parties or sorts of points: any.
    A proposal is refused when the count has reached the limit: one more would exceed it.
    """

    zh, en = "频次上限", "At most so many contacts in so many calendar days"
    limit: int = field(metadata=form(Form.COUNT), kw_only=True)

    def check(self, asked: Asked) -> tuple[Bool, Bool]:
        """Fails where the limit is reached."""
        known = self.known(asked)
        counts = by_zone(asked, lambda h, w: h.count(self.counting, self.per, self.days, w), np.int64(0))
        return known & (counts >= self.limit), ~known

    def wait(self, asked: Asked) -> I64:
        """Counts change at local midnight only."""
        return DAY - asked.minute

    def as_strict_as(self, law: Kind) -> bool:
        """Counts at least what the law counts, over as many days, and allows no more."""
        return (
            isinstance(law, FrequencyCap) and self.as_wide_as(law) and self.days >= law.days and self.limit <= law.limit
        )


@dataclass(frozen=True)
class RestAfter(_Counted):
    """No contact for so many consecutive calendar days after an event; the day of the event is the first of them."""

    zh, en = "事件之后须停歇若干日", "Rest for some days after an event"

    def check(self, asked: Asked) -> tuple[Bool, Bool]:
        """Fails while the days run."""
        known = self.known(asked)
        return known & (asked.day - self._last(asked) < self.days), ~known

    def wait(self, asked: Asked) -> I64:
        """Until the last of the days is over."""
        wait: I64 = np.maximum((self._last(asked) + self.days) * DAY - asked.local, 1)
        return wait

    def _last(self, asked: Asked) -> I64:
        found: I64 = by_zone(asked, lambda h, w: h.last_day(self.counting, self.per, w), np.int64(NEVER_BEFORE))
        return found

    def as_strict_as(self, law: Kind) -> bool:
        """After at least what the law names, and as long."""
        return isinstance(law, RestAfter) and self.as_wide_as(law) and self.days >= law.days


@dataclass(frozen=True)
class LostContact(Kind):
    """Only if the debtor cannot be reached, with the evidence in the past: dials of numbers the debtor reserved.

    Any one opens the gate: every reserved number is invalid; so many dials in a row failed, from the next day on; dials
    failed on so many days in a row, at once. Reaching the debtor closes it. A dial of which it is not known how it ended is
    no evidence. `or_recorded`: evidence that the lender recorded otherwise is enough too.
    """

    zh, en = "仅在债务人失联时允许", "Only if the debtor cannot be reached"
    dials: int = field(metadata=form(Form.DAYS))
    days: int = field(metadata=form(Form.DAYS))
    or_recorded: bool = field(metadata=form(Form.YES_NO))

    @property
    def facts(self) -> tuple[str, ...]:
        """The time, the place, the past and the debtor."""
        return ("at", "zone", "history", "debtor")

    def check(self, asked: Asked) -> tuple[Bool, Bool]:
        """Fails where the gate is shut."""
        known = asked.timed & all_known(asked.facts, ("history", "debtor"))
        shown = asked.facts.is_in("reserved_invalid", frozenset({YES}))
        if self.or_recorded:
            shown = shown | asked.facts.is_in("lost_contact", frozenset({YES}))
        opened = by_zone(asked, lambda h, w: self._opened(h, w)[0], np.bool_(False))  # a dtype
        return known & ~shown & ~opened, ~known

    def wait(self, asked: Asked) -> I64:
        """Until midnight where the dials in a row were made today; otherwise only new dials help."""
        tomorrow = by_zone(asked, lambda h, w: self._opened(h, w)[1], np.bool_(False))  # a dtype
        return np.where(tomorrow, DAY - asked.minute, FOREVER)

    def _opened(self, past: History, where: Where) -> tuple[Bool, Bool]:
        """Where the past has opened the gate, and where it will at midnight."""
        by = past._part(SCOPES[Scope.DEBTOR][0], where.zone)  # noqa: SLF001  # its neighbour
        if not by.size:
            return np.zeros(1, bool), np.zeros(1, bool)
        dials = past.kept(("dials", where.zone), lambda: _Dials.of(past, by))
        rank = by.rank_of(where)
        end, today = by.end(rank, where), by.end(rank, where._replace(day=where.day - 1))
        reach = by.last_of(past, "reached", lambda: dials.reached)[end]
        floor = np.maximum(reach, np.where(rank >= 0, by.order.starts[rank] - 1, len(by)))
        in_row = by.last_of(past, ("in a row", self.dials), lambda: dials.in_row >= self.dials)
        of_days = by.last_of(past, ("days", self.days), lambda: dials.of_days >= self.days)
        return (in_row[np.minimum(today, end)] > floor) | (of_days[end] > floor), in_row[end] > floor


@dataclass(frozen=True)
class _Dials:
    """What became of every dial of a reserved number, by row of the past: all shape (m,)."""

    reached: Bool
    in_row: I64  # how many dials in a row had failed with this one
    of_days: I64  # on how many days in a row

    @classmethod
    def of(cls, past: History, by: Sorted) -> _Dials:
        """Work it out in the order of each debtor's past."""
        rows = by.order.rows
        told = {name: past[name][rows] for name in PAST if name != "at"}
        debtor_spoke = np.isin(told["party"], [Party.BORROWER, Party.CO_BORROWER]) & np.equal(told["talked"], YES)
        called_in = np.equal(told["direction"], Direction.IN) & np.isin(told["party"], [Party.BORROWER, UNKNOWN])
        dial = np.equal(told["channel"], Channel.CALL) & np.equal(told["direction"], Direction.OUT)
        dial &= np.equal(told["to_reserved"], YES) & np.equal(told["reserved"], NO)
        failed = dial & np.equal(told["answered"], NO)
        reached = debtor_spoke | called_in
        breaks = reached | (dial & ~failed)
        in_row, of_days = _runs(by.order.rank, by.order.day, failed, breaks)
        found = (np.zeros(len(past), bool), np.zeros(len(past), np.int64), np.zeros(len(past), np.int64))
        for column, values in zip(found, (reached, in_row, of_days), strict=True):
            column[rows] = values
        return cls(*found)


def _runs(rank: I64, day: Ints, failed: Bool, breaks: Bool) -> tuple[I64, I64]:
    """For each row that failed: the how-manieth failure since the last break, and the how-manieth day in a row; else 0."""
    segment = np.cumsum(breaks | np.concatenate(([True], rank[1:] != rank[:-1])))
    rows = np.flatnonzero(failed)
    part, on = segment[rows], day[rows]
    first = np.concatenate(([True], part[1:] != part[:-1])) if len(rows) else np.zeros(0, bool)
    order = np.arange(len(rows))
    begun = np.maximum.accumulate(np.where(first, order, 0))
    new_day = first | np.concatenate(([True], on[1:] != on[:-1])) if len(rows) else first
    gap = first | np.concatenate(([True], on[1:] > on[:-1] + 1)) if len(rows) else first
    days = np.cumsum(new_day)
    since = np.maximum.accumulate(np.where(gap, days, 0))
    in_row, of_days = np.zeros(len(rank), np.int64), np.zeros(len(rank), np.int64)
    in_row[rows] = order - begun + 1
    of_days[rows] = days - since + 1
    return in_row, of_days


def by_zone(asked: Asked, ask: Callable[[History, Where], npt.NDArray[Any]], nothing: np.generic) -> npt.NDArray[Any]:
    """An answer of the past for every proposal, shape (n,) or (1,); `nothing` where there is no time or no past."""
    if not len(asked.history):
        return np.full(1, nothing)
    wheres = asked.wheres
    if len(wheres) == 1 and isinstance(wheres[0][0], slice):
        return ask(asked.history, wheres[0][1])
    found = np.full(len(asked.facts), nothing)
    for rows, where in wheres:
        found[rows] = ask(asked.history, where)
    return found
