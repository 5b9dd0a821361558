"""The past that counts: contacts and live reservations as columns, and exact answers about them per local day.

Sorted once per key and zone; a cap is then two places in a running total, whatever it counts, and the last event of a
sort one more. Asked about many proposals of one day, the answers are worked out once per person and looked up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from threading import Lock
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from fairdue.core import codes, dates
from fairdue.core.codes import NO, UNKNOWN, YES, Code, Direction
from fairdue.core.guard_facts import I64, Bool, Fact, Form, Ints, Rows, UnknownFact, YesNo, code_of
from fairdue.core.guard_ranks import Ranked, joined

DAY_BITS = 20  # days since 1970 need 16; the rest of a key is the rank of the person or point
PLACE_BITS = 32  # of a row's place in the past
NEVER_BEFORE = -(1 << 19)  # a day so long ago that nothing rests after it


class Scope(Code):
    """Over what contacts are summed."""

    PERSON = (0, "同一人", "Per person contacted")
    POINT = (1, "同一联系方式", "Per contact point")
    DEBT_PERSON = (2, "同一债务的同一人", "Per debt and person")
    DEBTOR = (3, "同一债务人（含与其债务有关的所有人）", "Per debtor, everybody contacted about the debts included")
    DEBT = (4, "同一债务（含所有共同债务人）", "Per debt, all who owe it together")


class Unit(Code):
    """What is counted. They are kept apart: most mistakes in caps come from mixing them up."""

    ATTEMPT = (0, "拨打次数", "Attempts, whatever came of them")
    CONNECTED = (1, "接通次数", "Answered calls")
    EFFECTIVE_TALK = (2, "有效通话次数", "Effective talks with the person")
    UNANSWERED = (3, "未接通次数", "Unanswered attempts")


PAST: Mapping[str, Fact] = {
    "at": Fact("时间", "time", "history[].at", form=Form.MINUTE),
    "contact": Fact("联系", "the contact (its rows share this)", "history[]", form=Form.ID),
    "person": Fact("被联系人", "the person contacted", "history[].party", form=Form.ID),
    "debtor": Fact("债务人", "the debtor", "history[].debtor", form=Form.ID),
    "debt": Fact("债务", "the debt", "history[].debts", form=Form.ID),
    "point": Fact("联系方式", "contact point", "history[].point", form=Form.ID),
    "channel": Fact("渠道", "channel", "history[].channel", codes.Channel),
    "mode": Fact("语音方式", "kind of voice contact", "history[].mode", codes.Mode),
    "direction": Fact("方向", "direction", "history[].direction", codes.Direction),
    "party": Fact("对方身份", "who the person is to the debt", "history[].party", codes.Party),
    "purpose": Fact("联系目的", "purpose", "history[].purpose", codes.Purpose),
    "point_kind": Fact("联系方式类型", "sort of contact point", "history[].point_kind", codes.PointKind),
    "to_reserved": Fact("拨打债务人预留号码", "to a number the debtor reserved", "history[].reserved_point", YesNo),
    "answered": Fact("接通", "answered", "history[].outcome", YesNo),
    "talked": Fact("与本人有效通话", "an effective talk with the person", "history[].outcome", YesNo),
    "reserved": Fact("占位中", "a place taken by a contact under way", "history[].reserved", YesNo, usual=NO),
    "consented": Fact("经同意", "made with consent", "history[].consented", YesNo, usual=NO),
    "misdialled": Fact(
        "未接至所拨号码", "not connected to the dialled number", "history[].misdialled", YesNo, usual=NO
    ),
}


class LeavesOut(Code):
    """Contacts that a rule does not count."""

    CONSENTED = (0, "经同意的联系", "Contacts made with consent")
    MISDIALLED = (1, "未接至所拨号码的呼叫", "Calls not connected to the dialled number")


@dataclass(frozen=True)
class Counting:
    """Which past contacts a rule counts. An empty set: any. What is not known counts."""

    unit: Unit
    channels: frozenset[int]
    modes: frozenset[int] = frozenset()
    directions: frozenset[int] = frozenset({Direction.OUT})
    parties: frozenset[int] = frozenset()
    point_kinds: frozenset[int] = frozenset()
    leaves_out: frozenset[int] = frozenset()

    def as_wide_as(self, other: Counting) -> bool:
        """Whether it counts at least what the other counts."""
        every = {"channels": 7, "modes": 2, "directions": 2, "parties": len(codes.Party), "point_kinds": 9}
        return (
            self.unit in (other.unit, Unit.ATTEMPT)
            and self.leaves_out <= other.leaves_out
            and all(_widened(getattr(self, n), top) >= _widened(getattr(other, n), top) for n, top in every.items())
        )


def _widened(values: frozenset[int], top: int) -> frozenset[int]:
    return values or frozenset(range(top))


class _Part(NamedTuple):
    """One way in which a past contact belongs to a scope: by these keys, where `unless_known` is not known."""

    keys: tuple[str, ...]
    unless_known: str = ""
    each_row: bool = False  # else a contact about several debts counts once


SCOPES: Mapping[Scope, tuple[_Part, ...]] = {
    Scope.PERSON: (_Part(("person",)),),
    Scope.POINT: (_Part(("point",)), _Part(("person",), "point")),
    Scope.DEBT_PERSON: (_Part(("debt", "person"), each_row=True), _Part(("person",), "debt")),
    Scope.DEBTOR: (_Part(("debtor",)),),
    Scope.DEBT: (_Part(("debt",), each_row=True), _Part(("debtor",), "debt")),
}


class _Order(NamedTuple):
    """The rows of a part sorted by rank, local day and place."""

    rows: Rows
    rank: I64
    day: Ints
    keys: I64  # rank and day
    places: I64  # rank and place: as sorted as the keys where the past is in the order of time
    starts: I64  # by rank: its first row; one more at the end


class Where(NamedTuple):
    """For whom and when a question is asked: keys by name, shape (n,) or (1,); local days; places in the past.

    `before`: only the rows of the past before this place count (a log judged against itself); None: all.
    `bulk`: many are asked at once, so that it pays to work out everybody's answer.
    """

    keys: Callable[[str], Ints]
    zone: str
    day: I64
    before: I64 | None
    bulk: bool


@dataclass(frozen=True)
class History:
    """Past contacts and live reservations, shape (m,): over all channels, collectors and agencies, as in `PAST`.

    A contact about several debts is several rows with the same `contact`. `answered` and `talked` are YES, NO or
    unknown; one that is `reserved` counts as whatever it may become. Use `History.of`.
    """

    columns: Mapping[str, Ints]
    _memo: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    _lock: Lock = field(default_factory=Lock, init=False, repr=False, compare=False)

    @classmethod
    def of(cls, **given: npt.ArrayLike) -> Self:
        """Columns by name of `PAST`; those not given are unknown. Raises `UnknownFact`; a contact that counts has a time."""
        for name in given.keys() - PAST.keys():
            raise UnknownFact(name=name, value=given[name])
        at = np.atleast_1d(np.asarray(given.get("at", ()), np.int64))
        if len(at) and at.min() < 0:
            raise UnknownFact(name="at", value=int(at.min()))
        told = {
            name: np.asarray(given[name]) if name in given else np.array(fact.absent) for name, fact in PAST.items()
        }
        return cls({name: _narrowed(name, column, len(at)) for name, column in told.items()} | {"at": at})

    @classmethod
    def none(cls) -> Self:
        """No past."""
        return cls.of()

    def __getitem__(self, name: str) -> Ints:
        """A column, shape (m,)."""
        return self.columns[name]

    def __len__(self) -> int:
        """How many rows."""
        return len(self.columns["at"])

    def count(self, counting: Counting, scope: Scope, days: int, where: Where) -> I64:
        """How many contacts that count each had in the `days` local days that end with its day, shape (n,)."""
        found = np.zeros(1, np.int64)
        for part in SCOPES[scope]:
            found = found + self._part(part, where.zone).count(self, counting, days, where)
        return np.asarray(found, np.int64)

    def last_day(self, counting: Counting, scope: Scope, where: Where) -> I64:
        """The local day of the last contact that counts, up to its day, shape (n,); `NEVER_BEFORE` where there is none."""
        found = np.full(1, NEVER_BEFORE, np.int64)
        for part in SCOPES[scope]:
            found = np.maximum(found, self._part(part, where.zone).last_day(self, counting, where))
        return found

    def counted(self, counting: Counting) -> Bool:
        """Which rows count, shape (m,). What is not known counts."""
        return self.kept(("counted", counting), lambda: self._counted(counting))  # type: ignore[no-any-return]

    def _counted(self, counting: Counting) -> Bool:
        found = self._of_unit(counting.unit)
        limits = {
            "channel": counting.channels, "mode": counting.modes, "direction": counting.directions,
            "party": counting.parties, "point_kind": counting.point_kinds,
        }  # fmt: skip
        for name, values in limits.items():
            if values:
                found = found & self._is_in(name, values)
        for word in counting.leaves_out:
            found = found & np.not_equal(self[LeavesOut(word).name.lower()], YES)
        return found

    def _is_in(self, name: str, values: frozenset[int]) -> Bool:
        """Where a column has one of some values or is unknown, shape (m,) or (1,) where it is the same everywhere."""
        column = self[name]
        return np.isin(column[:1] if column.strides == (0,) else column, [*values, UNKNOWN])

    def _of_unit(self, unit: Unit) -> Bool:
        if unit == Unit.ATTEMPT:
            return np.ones(len(self), bool)
        column, otherwise = {
            Unit.CONNECTED: ("answered", NO),
            Unit.EFFECTIVE_TALK: ("talked", NO),
            Unit.UNANSWERED: ("answered", YES),
        }[unit]
        return np.not_equal(self[column], otherwise) | np.equal(self["reserved"], YES)

    def leads(self) -> Bool:
        """The first row of each contact, shape (m,)."""
        return self.kept("leads", self._leads)  # type: ignore[no-any-return]

    def _leads(self) -> Bool:
        contact = self["contact"]
        lead = np.equal(contact, UNKNOWN)
        if not lead.all():
            several = np.flatnonzero(~lead)
            lead[several[np.unique(contact[several], return_index=True)[1]]] = True
        return lead

    def local_day(self, zone: str) -> Ints:
        """The local day of every row in a zone, shape (m,)."""

        def make() -> Ints:
            return dates.local_day_in(self["at"].astype(np.int64, copy=False), zone)

        return self.kept(("day", zone), make)  # type: ignore[no-any-return]

    def _part(self, part: _Part, zone: str) -> Sorted:
        return self.kept(("part", part, zone), lambda: Sorted.of(self, part, zone))  # type: ignore[no-any-return]

    def kept(self, key: Any, make: Callable[[], Any]) -> Any:
        """Something worked out once for all who ask: of several threads one works, and the others wait for it."""
        found = self._memo.get(key)
        if found is None:
            with self._lock:
                found = self._memo.setdefault(key, _Once())
        return found.of(make)


class _Once:
    """A value that is worked out by the first who asks."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.value: Any = None

    def of(self, make: Callable[[], Any]) -> Any:
        """The value."""
        if self.value is None:
            with self.lock:
                if self.value is None:
                    self.value = make()
        return self.value


def _narrowed(name: str, column: Ints, m: int) -> Ints:
    values = PAST[name].values
    if values is not None and column.size and (column.min() < UNKNOWN or column.max() >= len(values)):
        raise UnknownFact(name=name, value=int(column.max()))
    return np.broadcast_to(column.astype(np.int8 if values else np.int64, copy=False), m)


@dataclass(frozen=True)
class Sorted:
    """The past for one part of a scope in one zone: by rank of its key, and in the order of (rank, local day, place)."""

    part: _Part
    zone: str
    rows: Rows | None  # places in the past, rising; None: all of it
    ranked: Ranked
    day: Ints

    @classmethod
    def of(cls, past: History, part: _Part, zone: str) -> Self:
        """The rows that belong, ranked."""
        belongs = np.ones(len(past), bool) if part.each_row else past.leads()
        for name in part.keys:
            belongs = belongs & (past[name] >= 0)
        if part.unless_known:
            belongs = belongs & np.equal(past[part.unless_known], UNKNOWN)
        rows = None if belongs.all() else np.flatnonzero(belongs)
        ranked = Ranked.of(joined([_picked(past[name], rows) for name in part.keys]))
        return cls(part, zone, rows, ranked, _picked(past.local_day(zone), rows))

    @property
    def size(self) -> int:
        """How many ranks there are."""
        return self.ranked.size

    def __len__(self) -> int:
        """How many rows."""
        return len(self.day)

    @cached_property
    def order(self) -> _Order:
        """The rows sorted; only needed where not everybody is asked about at once."""
        keys = (self.ranked.rank << DAY_BITS) + self.day
        order = np.argsort(keys, kind="stable")
        rank, rows = self.ranked.rank[order], order if self.rows is None else self.rows[order]
        starts = np.searchsorted(rank, np.arange(self.size + 1))
        return _Order(rows, rank, self.day[order], keys[order], (rank << PLACE_BITS) + rows, starts)

    def rank_of(self, where: Where) -> I64:
        """The rank of each whom it is asked about, -1 where there is no past."""
        return self.ranked.of_keys([where.keys(name) for name in self.part.keys])

    def count(self, past: History, counting: Counting, days: int, where: Where) -> I64:
        """See `History.count`."""
        if not self.size:
            return np.zeros(1, np.int64)
        rank = self.rank_of(where)
        return self._looked_up(
            past, where, rank, ("count", counting, days), lambda r, w: self._count(past, counting, days, r, w)
        )

    def last_day(self, past: History, counting: Counting, where: Where) -> I64:
        """See `History.last_day`."""
        if not self.size:
            return np.full(1, NEVER_BEFORE, np.int64)
        rank = self.rank_of(where)
        return self._looked_up(past, where, rank, ("last", counting), lambda r, w: self._last(past, counting, r, w))

    def _looked_up(self, past: History, where: Where, rank: I64, what: Any, ask: Callable[[I64, Where], I64]) -> I64:
        """Asked directly, or of everybody once and then looked up."""
        if not where.bulk or where.before is not None:
            return ask(rank, where)
        found = np.zeros(np.broadcast(rank, where.day).shape, np.int64)
        for day in _each(where.day):
            everybody = past.kept((self.part, self.zone, what, day), partial(self._everybody, day, what, past))
            here = np.equal(where.day, day)
            found = np.where(here, everybody[rank], found) if not here.all() else everybody[rank]
        return found

    def _everybody(self, day: int, what: tuple[Any, ...], past: History) -> I64:
        """The answers by rank for one day; the last is that of somebody without a past (rank -1)."""
        counting: Counting = what[1]
        held = _picked(past.counted(counting), self.rows) & (self.day <= day)
        rank = self.ranked.rank
        if what[0] == "count":
            held &= self.day > day - what[2]
            mine = rank if held.all() else rank[np.flatnonzero(held)]
            return np.bincount(mine, minlength=self.size + 1).astype(np.int64, copy=False)
        last = np.full(self.size + 1, NEVER_BEFORE, np.int64)
        np.maximum.at(last, rank[held], self.day[held])
        return last

    def _count(self, past: History, counting: Counting, days: int, rank: I64, where: Where) -> I64:
        rows = self.order.rows
        total = past.kept((self.part, self.zone, counting, "total"), lambda: _running(past.counted(counting)[rows]))
        start = self._first(rank, where.day - (days - 1))
        end = self.end(rank, where)
        return np.where(rank >= 0, np.maximum(total[end] - total[np.minimum(start, end)], 0), 0)

    def _last(self, past: History, counting: Counting, rank: I64, where: Where) -> I64:
        last = self.last_of(past, (counting, "last"), lambda: past.counted(counting))
        place = last[self.end(rank, where)]  # the last that counts among the rows before
        mine = (rank >= 0) & (place >= self.order.starts[rank])
        return np.where(mine, self.order.day[np.maximum(place, 0)] if len(self) else NEVER_BEFORE, NEVER_BEFORE)

    def last_of(self, past: History, name: Any, mask: Callable[[], Bool]) -> I64:
        """For every place in this order (and one more): the last row before it where a mask holds, -1 for none."""

        def make() -> I64:
            held = np.where(mask()[self.order.rows], np.arange(len(self)), -1)
            return np.concatenate(([-1], np.maximum.accumulate(held))) if len(held) else np.array([-1])

        return past.kept((self.part, self.zone, name), make)  # type: ignore[no-any-return]

    def end(self, rank: I64, where: Where) -> I64:
        """The first place after the rows of a rank up to the day, and before `before`."""
        end = self._first(rank, where.day + 1)
        if where.before is None:
            return end
        return np.minimum(end, self.order.places.searchsorted((rank << PLACE_BITS) + where.before))

    def _first(self, rank: I64, day: I64) -> I64:
        return np.asarray(
            self.order.keys.searchsorted((np.maximum(rank, 0) << DAY_BITS) + np.maximum(day, 0)), np.int64
        )


def _picked(column: Any, rows: Rows | None) -> Any:
    """Some rows of a column; the column itself where it is all of them."""
    return column if rows is None else column[rows]


def _each(days: I64) -> list[int]:
    """The different days: mostly one."""
    first, last = int(days.min()), int(days.max())
    return [first] if first == last else np.unique(days).tolist()


def _running(counted: Bool) -> I64:
    return np.concatenate(([0], np.cumsum(counted, dtype=np.int64)))


def past_code(name: str, value: Any) -> int:
    """The number of a past fact written in names. Raises `UnknownFact`."""
    fact = PAST[name]
    if value is None:
        return fact.absent
    return int(value) if fact.values is None else code_of(name, fact.values, value)
