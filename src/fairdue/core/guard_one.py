"""The guard for one proposal at a time, without columns: a rulebook turned into one Python function.

Columns pay for themselves from a few dozen proposals on; a call that is about to be placed waits for one answer. Both ways
say the same: each single row that `judge` is asked about comes through here, and the tests compare the two.
"""

from __future__ import annotations

import operator
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Protocol

from fairdue.core import dates
from fairdue.core.codes import NO, UNKNOWN, YES, Channel, Direction, Party
from fairdue.core.guard_catalogue import FACTS
from fairdue.core.guard_history import PAST, SCOPES, Counting, History, LeavesOut, Scope, Unit
from fairdue.core.guard_kinds import Above, AtLeast, AtMost, Conditions, Forbid, Kind, OnlyIf, QuietHours
from fairdue.core.guard_past import FrequencyCap, LostContact, RestAfter
from fairdue.core.guard_periods import After, Moratorium, Within

DAY = dates.MINUTES
PASSES, FAILS, UNSURE = 0, 1, -1
INDEX: Mapping[str, int] = {name: i for i, name in enumerate(FACTS)}
ABSENT: Sequence[int] = tuple(fact.absent for fact in FACTS.values())
UNKNOWNS: Sequence[int] = tuple(fact.unknown for fact in FACTS.values())
AT, ZONE, HISTORY = INDEX["at"], INDEX["zone"], INDEX["history"]
COLUMN: Mapping[str, int] = {name: i for i, name in enumerate(PAST)}
Told = Sequence[int]  # one number for every fact, in the order of the catalogue
Test = Callable[[Told, "Moment"], int]


class RuleLike(Protocol):
    """What is needed of a rule."""

    @property
    def test(self) -> Kind:
        """Its test."""

    @property
    def when(self) -> Conditions:
        """Where it speaks."""

    @property
    def unless(self) -> tuple[Conditions, ...]:
        """Where it does not."""

    @property
    def advice(self) -> bool:
        """Whether it only advises."""


@dataclass(frozen=True)
class Past:
    """One person's past as plain rows in the order of `PAST`, the latest first."""

    rows: tuple[tuple[int, ...], ...]
    leads: tuple[bool, ...]
    _days: dict[str, list[int]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def days(self, zone: str) -> list[int]:
        """The local day of every row in a zone."""
        found = self._days.get(zone)
        if found is None:
            found = self._days[zone] = [local_minute(row[0], zone) // DAY for row in self.rows]
        return found

    @classmethod
    def of(cls, history: History) -> Past:
        """The rows of a history."""
        columns = [history[name].tolist() for name in PAST]
        rows = list(zip(*columns, strict=True))
        order = sorted(range(len(rows)), key=lambda i: (-rows[i][0], -i))
        leads = history.leads().tolist()
        return cls(tuple(rows[i] for i in order), tuple(leads[i] for i in order))


class Moment:
    """The time of a proposal on the person's clock, and the past seen from there; each worked out when first asked."""

    __slots__ = ("_days", "day", "local", "past", "zone")

    def __init__(self, at: int, zone: str | None, past: Past) -> None:
        """`zone` None and `at` -1: not known."""
        self.past, self.zone = past, zone
        self._days: list[int] | None = None
        self.local = local_minute(at, zone) if zone is not None and at >= 0 else UNKNOWN
        self.day = self.local // DAY

    @property
    def days(self) -> list[int]:
        """The local day of every row of the past."""
        if self._days is None:
            self._days = self.past.days(self.zone or "UTC")
        return self._days


def told(facts: Mapping[str, int]) -> list[int]:
    """The numbers of the facts named, in the order of the catalogue; the others are absent."""
    found = list(ABSENT)
    for name, value in facts.items():
        found[INDEX[name]] = value
    return found


def local_minute(at: int, zone: str) -> int:
    """`dates.local_minute` for one instant."""
    starts, offsets = _stretches(zone)
    return at + offsets[bisect_right(starts, at) - 1] if at < dates.LAST_MINUTE else UNKNOWN


@cache
def _stretches(zone: str) -> tuple[list[int], list[int]]:
    return dates.stretches(zone)


class OneByOne:
    """A rulebook made ready for single questions."""

    def __init__(self, rules: Sequence[RuleLike]) -> None:
        """Write the function, once for each rulebook."""
        self.words: dict[str, Any] = {}
        lines = ["def ask(f, m):", " refused = unknown = advised = 0"]
        for number, rule in enumerate(rules):
            lines += self._rule(number, rule)
        lines.append(" return refused, unknown, advised")
        exec("\n".join(lines), self.words)  # noqa: S102 - written above from frozen rules: numbers and our own names only
        self._ask = self.words["ask"]

    def ask(self, facts: Told, zone: str | None, past: Past) -> tuple[int, int, int]:
        """Bits of the rules that refuse, that lack a fact, and that advise against."""
        found: tuple[int, int, int] = self._ask(facts, Moment(facts[AT], zone, past))
        return found

    def _rule(self, number: int, rule: RuleLike) -> list[str]:
        bit, advice = 1 << number, rule.advice
        may, known = self._maybe(rule.when), self._known(rule.when)
        lines = [f" if {may}:", f"  t = {self._test(rule.test)}"]
        lines += [f"  if t == {PASSES}:", f"   if not ({known}): t = {UNSURE}", f"  elif not ({known}): t = {UNSURE}"]
        pad = "  "
        for one in rule.unless:
            lines += [f"  if t and {self._maybe(one)}: t = {PASSES} if {self._known(one)} else {UNSURE}"]
        refuses, lacks = ("advised", "advised") if advice else ("refused", "unknown")
        return [*lines, f"{pad}if t == {FAILS}: {refuses} |= {bit}", f"{pad}elif t: {lacks} |= {bit}"]

    def _maybe(self, conditions: Conditions) -> str:
        """None of the conditions is known not to hold."""
        return (
            " and ".join(self._in(name, {*values, FACTS[name].unknown}) for name, values in conditions.items())
            or "True"
        )

    def _known(self, conditions: Conditions) -> str:
        """All facts of the conditions are known: with `_maybe`, they hold."""
        return " and ".join(f"f[{INDEX[name]}] != {FACTS[name].unknown}" for name in conditions) or "True"

    def _in(self, name: str, values: set[int]) -> str:
        return f"f[{INDEX[name]}] in {self._name(frozenset(values))}"

    def _name(self, thing: Any) -> str:
        name = f"c{len(self.words)}"
        self.words[name] = thing
        return name

    def _test(self, test: Kind) -> str:
        if isinstance(test, Forbid):
            return str(FAILS)
        if isinstance(test, OnlyIf):
            holds = " or ".join(f"({self._maybe(one)} and {self._known(one)})" for one in test.any_of)
            maybe = " or ".join(f"({self._maybe(one)})" for one in test.any_of)
            return f"{PASSES} if {holds} else {UNSURE} if {maybe} else {FAILS}"
        return f"{self._name(TESTS[type(test)](test))}(f, m)"


def _compared(test: Any) -> Test:
    fact, figure = INDEX[test.fact], test.figure
    unknown = UNKNOWNS[fact]
    fails: Callable[[int, int], bool] = {Above: operator.le, AtLeast: operator.lt, AtMost: operator.gt}[type(test)]

    def one(f: Told, m: Moment) -> int:
        del m
        other = f[INDEX[figure]] if isinstance(figure, str) else figure
        if f[fact] == unknown or (isinstance(figure, str) and other == UNKNOWNS[INDEX[figure]]):
            return UNSURE
        return FAILS if fails(f[fact], other) else PASSES

    return one


def _quiet(test: QuietHours) -> Test:
    agreed, start, end = INDEX["consent_hours"], INDEX["agreed_from"], INDEX["agreed_to"]
    work = test.ends, DAY - (test.ends - test.starts) % DAY

    def one(f: Told, m: Moment) -> int:
        if m.local < 0:
            return UNSURE
        opens, length = work
        if test.agreed_hours_go_first and f[agreed] == YES and f[start] >= 0 and f[end] >= 0:
            opens, length = f[start], DAY if f[end] - f[start] == DAY else (f[end] - f[start]) % DAY
        elif test.rest_starts >= 0:
            opens, length = _resting_hours(test, m.day)
        return int((m.local - m.day * DAY - opens) % DAY >= length)

    return one


def _resting_hours(test: QuietHours, day: int) -> tuple[int, int]:
    opens, length = test.hours_of_day(day)
    return int(opens), int(length)


def _period(test: Any) -> Test:
    fact = INDEX[test.fact]
    unknown = UNKNOWNS[fact]
    until = INDEX[test.until] if isinstance(test, Moratorium) and test.until else None
    outside = _outside(test)

    def one(f: Told, m: Moment) -> int:
        if m.local < 0 or f[fact] == unknown or (until is not None and f[until] == unknown):
            return UNSURE
        return FAILS if outside(m.day, f[fact], None if until is None else f[until]) else PASSES

    return one


def _outside(test: Any) -> Callable[[int, int, int | None], bool]:
    """Whether a day is one on which the period fails, from the day, the date and the other date."""

    def end(date: int) -> int:
        after: int = dates.add_months_one(date, test.months) if test.months else date
        return after + int(test.days)

    if isinstance(test, Within):
        whole = bool(test.months and not test.days)
        return lambda day, date, _: day < date or (day > end(date) if whole else day >= end(date))
    if isinstance(test, After):
        return lambda day, date, _: day < end(date)
    lasts = bool(test.days or test.months)

    def within(day: int, date: int, until: int | None) -> bool:
        last = until if until is not None else None
        if lasts:
            last = end(date) if last is None else max(end(date), last)
        return date <= day and (last is None or day < last)

    return within


def _belongs(per: Scope) -> Callable[[tuple[int, ...], bool, Told], bool]:
    """Whether a row of the past belongs to the sum."""
    parts = [
        (tuple((COLUMN[key], INDEX[key]) for key in part.keys), COLUMN[part.unless_known] if part.unless_known else None,
         part.each_row)
        for part in SCOPES[per]
    ]  # fmt: skip

    def belongs(row: tuple[int, ...], lead: bool, f: Told) -> bool:
        for keys, unless_known, each_row in parts:
            counts = (lead or each_row) and (unless_known is None or row[unless_known] == UNKNOWN)
            if counts and all(row[mine] == f[asked] for mine, asked in keys):
                return True
        return False

    return belongs


def _counts(counting: Counting) -> Callable[[tuple[int, ...]], bool]:
    """Whether a row of the past is one that counts. What is not known counts."""
    named = {"channel": counting.channels, "mode": counting.modes, "direction": counting.directions,
             "party": counting.parties, "point_kind": counting.point_kinds}  # fmt: skip
    limits = [(COLUMN[name], values | {UNKNOWN}) for name, values in named.items() if values]
    out = [COLUMN[LeavesOut(word).name.lower()] for word in counting.leaves_out]
    column, otherwise = {
        Unit.ATTEMPT: (COLUMN["at"], UNKNOWN), Unit.CONNECTED: (COLUMN["answered"], NO),
        Unit.EFFECTIVE_TALK: (COLUMN["talked"], NO), Unit.UNANSWERED: (COLUMN["answered"], YES),
    }[counting.unit]  # fmt: skip
    reserved = COLUMN["reserved"]

    def counts(row: tuple[int, ...]) -> bool:
        if row[column] == otherwise and row[reserved] != YES:
            return False
        return all(row[at] in values for at, values in limits) and not any(row[at] == YES for at in out)

    return counts


def _counted(test: FrequencyCap | RestAfter) -> Test:
    keys = [INDEX[key] for key in test.keys]
    belongs, counts, days = _belongs(test.per), _counts(test.counting), test.days
    limit = test.limit if isinstance(test, FrequencyCap) else 1

    def one(f: Told, m: Moment) -> int:
        if m.local < 0 or f[HISTORY] == UNKNOWN or any(f[key] == UNKNOWN for key in keys):
            return UNSURE
        found, today = 0, m.day
        for row, lead, day in zip(m.past.rows, m.past.leads, m.days, strict=True):
            if day <= today - days:
                break  # the rows are the latest first
            if day <= today and counts(row) and belongs(row, lead, f):
                found += 1
        return int(found >= limit)

    return one


def _gate(test: LostContact) -> Test:
    debtor, invalid, recorded = INDEX["debtor"], INDEX["reserved_invalid"], INDEX["lost_contact"]

    def one(f: Told, m: Moment) -> int:
        if m.local < 0 or f[HISTORY] == UNKNOWN or f[debtor] == UNKNOWN:
            return UNSURE
        if f[invalid] == YES or (test.or_recorded and f[recorded] == YES):
            return PASSES
        return PASSES if _lost(test, f[debtor], m) else FAILS

    return one


def _lost(test: LostContact, debtor: int, m: Moment) -> bool:
    """Whether the dials of the debtor's reserved numbers have opened the gate, looked at from the first to the last."""
    run: list[int] = []
    in_row, at_once = None, False
    for row, lead, day in reversed(list(zip(m.past.rows, m.past.leads, m.days, strict=True))):
        if not lead or row[COLUMN["debtor"]] != debtor or day > m.day:
            continue
        if _reached(row):
            run, in_row, at_once = [], None, False
        elif _dialled(row) and row[COLUMN["answered"]] == NO:
            run.append(day)
            in_row = day if len(run) >= test.dials and in_row is None else in_row
            at_once = at_once or all(day - i in run for i in range(test.days))
        elif _dialled(row):
            run = []
    return at_once or (in_row is not None and in_row < m.day)


def _reached(row: tuple[int, ...]) -> bool:
    party = row[COLUMN["party"]]
    spoke = party in (Party.BORROWER, Party.CO_BORROWER) and row[COLUMN["talked"]] == YES
    return spoke or (row[COLUMN["direction"]] == Direction.IN and party in (Party.BORROWER, UNKNOWN))


def _dialled(row: tuple[int, ...]) -> bool:
    call = row[COLUMN["channel"]] == Channel.CALL and row[COLUMN["direction"]] == Direction.OUT
    return call and row[COLUMN["to_reserved"]] == YES and row[COLUMN["reserved"]] == NO


TESTS: Mapping[type[Kind], Callable[[Any], Test]] = {
    Above: _compared, AtLeast: _compared, AtMost: _compared, QuietHours: _quiet, Within: _period, After: _period,
    Moratorium: _period, FrequencyCap: _counted, RestAfter: _counted, LostContact: _gate,
}  # fmt: skip
