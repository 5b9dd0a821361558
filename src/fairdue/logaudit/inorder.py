"""The online guard asked about a whole log at once: each contact is judged against those before it, never itself.

Everything that knows how the guard keeps its past stands here. What is not known of an earlier contact counts for the
guard, so that it never allows too much; an audit must not accuse on it. So every refusal is asked again with the past at its
most favourable: what stays refused is a breach, what does not is not judged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from fairdue.core.codes import NO, UNKNOWN, YES, Channel, Direction
from fairdue.core.guard import Facts, History, Rule, Rulebook, Verdict, judge
from fairdue.core.guard_facts import FACTS, Ints
from fairdue.core.guard_history import DAY_BITS, PAST, SCOPES, Scope, Unit
from fairdue.core.guard_kinds import Asked, Kind
from fairdue.core.guard_past import FrequencyCap, LostContact, RestAfter

I64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]
Columns = Mapping[str, npt.NDArray[np.integer[Any]]]

_ELSE = -2  # known to be none of those that are counted
_KEYS = {Scope.PERSON: "person", Scope.POINT: "point", Scope.DEBT_PERSON: "person", Scope.DEBT: "debt"}


def counts_by(test: Kind) -> str:
    """The key by which a rule adds up the past; the debtor where it does not."""
    return _KEYS.get(test.per, "debtor") if isinstance(test, FrequencyCap | RestAfter) else "debtor"


def counts(test: Kind) -> bool:
    """Whether earlier contacts matter to the rule."""
    return isinstance(test, FrequencyCap | RestAfter | LostContact)


@dataclass(frozen=True)
class Log:
    """Contacts in the order of time, as facts of a proposal each and as the past of those after it."""

    columns: Columns
    zones: tuple[str, ...]

    @property
    def past(self) -> History:
        """All of them as the past."""
        given = {name: column for name, column in self.columns.items() if name in PAST}
        if "point_reserved" in self.columns:
            given["to_reserved"] = self.columns["point_reserved"]
        return History.of(**given)

    def facts(self, rows: I64, zone: int) -> Facts:
        """Some of them, all in one zone (-1: unknown), as proposals."""
        given = {name: column[rows] for name, column in self.columns.items() if name in FACTS and name != "zone"}
        known = zone >= 0
        return Facts.of(
            len(rows), (self.zones[zone],) if known else (), zone=np.array([0 if known else UNKNOWN], np.int16), **given
        )


def judged(book: Rulebook, facts: Facts, past: History, place: I64) -> Verdict:
    """What the guard says of each proposal with what lies before its place."""
    return judge(book, facts, past, place)


def certain(rule: Rule, facts: Facts, past: History, place: I64) -> Bool:
    """Which refusals stand whatever the unknown facts of earlier contacts turn out to be, shape (n,)."""
    if not counts(rule.test):
        return np.ones(len(facts), bool)
    return _refuses(rule, facts, _at_best(past, rule.test), place)


def lacking_of_the_past(rule: Rule, facts: Facts, past: History, place: I64) -> Mapping[str, Bool]:
    """For refusals that are not certain: which facts of earlier contacts, each alone or only together, would undo them."""
    best = _favourable(rule.test, past)
    open_ones = {name: column for name, column in best.items() if not np.array_equal(column, past[name])}
    alone = {name: ~_refuses(rule, facts, _with(past, {name: column}), place) for name, column in open_ones.items()}
    any_alone = np.logical_or.reduce([np.zeros(len(facts), bool), *alone.values()])
    return {name: mask | ~any_alone for name, mask in alone.items()}


def _refuses(rule: Rule, facts: Facts, past: History, place: I64) -> Bool:
    return np.broadcast_to(rule.speak(Asked(facts, past, place, bulk=True))[0], len(facts)).copy()


def _at_best(past: History, test: Kind) -> History:
    """The past at its most favourable to a rule, made once."""
    made: History = past.kept(("at best", test), lambda: _with(past, _favourable(test, past)))
    return made


def _with(past: History, columns: Columns) -> History:
    return History({**past.columns, **columns})


def _favourable(test: Kind, past: History) -> dict[str, Ints]:
    """The columns of the past with every unknown value as it is best for the contacts after it."""
    return _shown_lost(past) if isinstance(test, LostContact) else _uncounted(test, past)


def _uncounted(test: Any, past: History) -> dict[str, Ints]:
    """No contact counts of which it is not certain that it does."""
    answered = YES if test.unit == Unit.UNANSWERED else NO
    best = {"answered": answered, "talked": NO, "consented": YES, "misdialled": YES}
    best |= dict.fromkeys(("channel", "mode", "direction", "party", "point_kind"), _ELSE)
    best |= {part.unless_known: _ELSE for part in SCOPES[test.per] if part.unless_known}
    return {
        name: np.where(past[name] == UNKNOWN, value, past[name]).astype(past[name].dtype)
        for name, value in best.items()
    }


def _shown_lost(past: History) -> dict[str, Ints]:
    """Every contact that may have been a failed dial of a reserved number was one; else one that shows nothing, if it may."""
    failed = {"channel": int(Channel.CALL), "direction": int(Direction.OUT), "to_reserved": YES, "answered": NO}
    may_be = np.logical_and.reduce([np.isin(past[name], [value, UNKNOWN]) for name, value in failed.items()])
    best = {
        name: np.where(past[name] == UNKNOWN, np.where(may_be, value, _ELSE), past[name])
        for name, value in failed.items()
    }
    best |= {
        name: np.where(past[name] == UNKNOWN, value, past[name]) for name, value in (("party", _ELSE), ("talked", NO))
    }
    return {name: column.astype(past[name].dtype) for name, column in best.items()}


class Window(NamedTuple):
    """What was counted for each proposal: places in the log by key and time (`rows`), where `counted`, from start to end."""

    rows: I64
    counted: Bool
    start: I64
    end: I64


def window(rule: Rule, facts: Facts, past: History, place: I64) -> Window | None:
    """Which earlier contacts certainly count against each proposal; None for rules that count none. One zone for all."""
    test = rule.test
    if not isinstance(test, FrequencyCap | RestAfter):
        return None
    past = _at_best(past, test)
    rank, day = _rank(past, SCOPES[test.per][0].keys), past.local_day(facts.zones[0])
    order = np.argsort(rank, kind="stable")  # the log is in the order of time
    where = np.empty(len(order), np.int64)
    where[order] = np.arange(len(order))
    first = (rank[place] << DAY_BITS) + day[place] - (test.days - 1)
    end = where[place]
    start = np.minimum(np.searchsorted(((rank << DAY_BITS) + day)[order], first), end)
    return Window(order.astype(np.int64), past.counted(test.counting)[order], start, end)


def _rank(past: History, keys: tuple[str, ...]) -> I64:
    """A number for each different combination of keys, by row of the log."""
    rank = np.zeros(len(past), np.int64)
    for name in keys:
        joint = rank * (int(past[name].max(initial=0)) + 3) + past[name] + 2
        rank = np.unique(joint, return_inverse=True)[1].astype(np.int64)
    return rank
