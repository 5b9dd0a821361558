"""The online guard asked about a whole log at once: each contact is judged against those before it, never itself.

Everything that knows how the guard keeps its past stands here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from fairdue.core.codes import NO, UNKNOWN, YES, Direction
from fairdue.core.guard import Facts, History, Rule, Rulebook, Verdict, judge
from fairdue.core.guard_facts import Ints
from fairdue.core.guard_history import Scope
from fairdue.core.guard_kinds import Asked, FrequencyCap, Kind

I64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]
Columns = Mapping[str, npt.NDArray[np.integer]]

_PLACE_BITS = 32
_ELSE = -2  # no channel and no mode: what an unknown one is where it is not what is counted
# What an unknown value of an earlier contact may turn out to be, so that it does not count.
_MILD: tuple[Mapping[str, int], ...] = tuple(
    {"answered": answered, "talked": NO, "channel": _ELSE, "mode": _ELSE, "direction": int(Direction.IN)}
    for answered in (NO, YES)
)
OF_THE_PAST = tuple(_MILD[0])
_SCOPES = {Scope.PERSON: "debtor", Scope.POINT: "point"}


def counts_by(test: Kind) -> str:
    """The key by which a rule counts the past; the debtor where it does not count."""
    return _SCOPES[test.per] if isinstance(test, FrequencyCap) else "debtor"


def counts(test: Kind) -> bool:
    """Whether earlier contacts matter to the rule."""
    return isinstance(test, FrequencyCap)


class Window(NamedTuple):
    """What was counted for each proposal: places in `order` from `start` to before `end`, where `counted`."""

    order: I64
    counted: Bool
    start: I64
    end: I64


@dataclass(frozen=True)
class _Before(History):
    """A past of which each proposal sees only what lies before its own place."""

    place: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    seen: list[Window] = field(default_factory=list)

    def count(self, counted: Bool, scope: Scope, ids: Ints, zone: str, first_day: I64, last_day: I64) -> I64:
        """Count from the first day to the proposal itself, which lies on the last day."""
        del last_day
        past = self._by(scope, zone)
        if not len(past.ids):
            return np.zeros(len(ids), np.int64)
        in_order = counted[past.order]
        total = np.concatenate(([0], np.cumsum(in_order)))
        rank = np.minimum(np.searchsorted(past.ids, ids), len(past.ids) - 1)
        ranks = np.searchsorted(past.keys, np.arange(len(past.ids)) << 20)
        places = (
            np.repeat(np.arange(len(past.ids)), np.diff(np.append(ranks, len(past.keys)))) << _PLACE_BITS
        ) + past.order
        end = np.searchsorted(places, (rank << _PLACE_BITS) + self.place)
        start = np.minimum(np.searchsorted(past.keys, (rank << 20) + first_day), end)
        self.seen.append(Window(past.order.astype(np.int64), in_order, start, end))
        return np.where(past.ids[rank] == ids, total[end] - total[start], 0)


@dataclass(frozen=True)
class Log:
    """Contacts in the order of time, as facts of a proposal each and as the past of those after it."""

    columns: Columns
    zones: tuple[str, ...]

    @property
    def past(self) -> History:
        """All of them as the past."""
        c, none = self.columns, np.full(len(self.columns["at"]), UNKNOWN, np.int8)
        return History(
            at=c["at"], person=c["debtor"], point=c["point"], channel=c["channel"], mode=c["mode"],
            direction=c["direction"], party=c["party"], answered=c["answered"], talked=c["talked"],
            reserved=none * 0,
        )  # fmt: skip

    def facts(self, rows: I64, zone: int) -> Facts:
        """Some of them, all in one zone (-1: unknown), as proposals."""
        given = {name: column[rows] for name, column in self.columns.items() if name in _FACTS}
        known = zone >= 0
        return Facts.of(
            len(rows), (self.zones[zone],) if known else (), person=self.columns["debtor"][rows],
            zone=np.full(len(rows), 0 if known else UNKNOWN, np.int16), **given,
        )  # fmt: skip


_FACTS = frozenset(Facts.of(0).columns) - {"person", "zone"}


def judged(book: Rulebook, facts: Facts, past: History, place: I64) -> Verdict:
    """What the guard says of each proposal with what lies before its place."""
    return judge(book, facts, _before(past, place))


def _before(past: History, place: I64) -> _Before:
    return _Before(
        past.at, past.person, past.point, past.channel, past.mode, past.direction, past.party, past.answered, past.talked,
        past.reserved, place=place,
    )  # fmt: skip


def certain(rule: Rule, facts: Facts, past: History, place: I64) -> Bool:
    """Which refusals stand whatever the unknown facts of earlier contacts turn out to be, shape (n,)."""
    sure = np.ones(len(facts), bool)
    for mild in _MILD if counts(rule.test) else ():
        sure &= rule.speak(Asked(facts, _before(_resolved(past, mild), place)))[0]
    return sure


def lacking_of_the_past(rule: Rule, facts: Facts, past: History, place: I64) -> tuple[tuple[str, Bool], ...]:
    """For refusals that are not certain: the facts of earlier contacts, one by one, that would undo them if known."""
    found = {name: np.zeros(len(facts), bool) for name in OF_THE_PAST}
    for name in OF_THE_PAST:
        for value in {mild[name] for mild in _MILD}:
            found[name] |= ~rule.speak(Asked(facts, _before(_resolved(past, {name: value}), place)))[0]
    alone = np.logical_or.reduce(list(found.values()))
    together = {name: mask | (~alone & _unknown(past, name).any()) for name, mask in found.items()}
    return tuple(together.items())


def _resolved(past: History, mild: Mapping[str, int]) -> History:
    columns: dict[str, Any] = {
        name: np.where(_unknown(past, name), value, getattr(past, name)) for name, value in mild.items()
    }
    return replace(past, **columns)


def _unknown(past: History, name: str) -> Bool:
    column: Ints = getattr(past, name)
    return np.equal(column, UNKNOWN)


def window(rule: Rule, facts: Facts, past: History, place: I64) -> Window | None:
    """Which earlier contacts the rule counted for each proposal; None where it counts none."""
    if not counts(rule.test):
        return None
    before = _before(past, place)
    rule.test.check(Asked(facts, before))
    return before.seen[-1] if before.seen else None
