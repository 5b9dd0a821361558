"""The closed vocabulary of rule kinds: each is a small frozen class of pure functions over columns.

A kind says where it fails, where it cannot tell, and how long a failure lasts. What the vocabulary cannot express is a
reason to add a kind here, never to write a check elsewhere. Those that look into the past stand in `guard_counts`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from fairdue.core import dates
from fairdue.core.codes import YES
from fairdue.core.dates import Calendar
from fairdue.core.guard_facts import I64, Bool, Facts
from fairdue.core.guard_history import History, Where

FOREVER = int(np.iinfo(np.int64).max)  # a wait that no time ends
DAY = dates.MINUTES
Conditions = Mapping[str, frozenset[int]]  # fact → the values it may have


class Form(Enum):
    """How a value is written in a rule file, in Chinese and in English."""

    CLOCK = ("时刻，如 22:00", "a time of day like 22:00")
    YES_NO = ("true 或 false", "true or false")
    FACT = ("数字类事实的名称", "the name of a fact that is a number")
    DATE_FACT = ("日期类事实的名称", "the name of a fact that is a date")
    FIGURE = ("整数，或数字类事实的名称", "a whole number, or the name of a fact that is a number")
    WHOLE = ("整数", "a whole number")
    COUNT = ("不小于 0 的整数", "a whole number from 0")
    DAYS = ("不小于 1 的整数", "a whole number from 1")
    SCOPE = ("person、point、debt_person、debtor 或 debt", "person, point, debt_person, debtor or debt")
    UNIT = ("attempt、connected、effective_talk 或 unanswered", "attempt, connected, effective_talk or unanswered")
    CHANNELS = ("渠道列表", "a list of channels")
    MODES = ("语音方式列表", "a list of voice modes")
    DIRECTIONS = ("方向列表，默认 [OUT]", "a list of directions, [OUT] unless said")
    PARTIES = ("对方身份列表", "a list of parties")
    POINT_KINDS = ("联系方式类型列表", "a list of sorts of contact points")
    LEAVES_OUT = ("不计入的联系：consented、misdialled", "contacts not counted: consented, misdialled")
    CALENDAR = ("节假日日历，如 CN、RU", "a calendar of holidays like CN or RU")
    ANY_OF = ("条件列表，每项为事实与取值", "a list of conditions, each a mapping of facts to values")

    @property
    def zh(self) -> str:
        """In Chinese."""
        return self.value[0]

    @property
    def en(self) -> str:
        """In English."""
        return self.value[1]


def form(form: Form) -> dict[str, Any]:
    """What a field's metadata say about how its value is written."""
    return {"form": form}


@dataclass(frozen=True)
class Asked:
    """Proposals and the past, with what several rules need worked out once.

    `before`: only rows of the past before this place count, shape (n,). `bulk`: many proposals are asked about.
    """

    facts: Facts
    history: History
    before: I64 | None = None
    bulk: bool = False

    @cached_property
    def local(self) -> I64:
        """The wall clock at the person, minutes since 1970, shape (n,) or (1,); -1 unknown."""
        at, zone = np.broadcast_arrays(self.facts.narrow("at").astype(np.int64), self.facts.narrow("zone"))
        return dates.local_minute(at, zone, self.facts.zones)

    @cached_property
    def day(self) -> I64:
        """The local day, days since 1970; -1 unknown."""
        return self.local // DAY

    @cached_property
    def minute(self) -> I64:
        """The minute of the local day; of no meaning where the time is unknown."""
        return self.local - self.day * DAY

    @cached_property
    def timed(self) -> Bool:
        """Where the local time is known."""
        return self.local >= 0

    def all_of(self, conditions: Conditions) -> tuple[Bool, Bool]:
        """Where every condition holds, and where none is known not to hold; each condition is looked at once."""
        hold = perhaps = np.ones(1, bool)
        for name, values in conditions.items():
            holds, may = self._one(name, values)
            hold = hold & holds
            perhaps = perhaps & may
        return hold, perhaps

    def _one(self, name: str, values: frozenset[int]) -> tuple[Bool, Bool]:
        found = self._conditions.get((name, values))
        if found is None:
            holds = self.facts.is_in(name, values)
            found = self._conditions[name, values] = (holds, holds | ~self.facts.known(name))
        return found

    @cached_property
    def _conditions(self) -> dict[tuple[str, frozenset[int]], tuple[Bool, Bool]]:
        return {}

    @cached_property
    def wheres(self) -> list[tuple[slice | I64, Where]]:
        """The proposals by zone, each with whom and when it asks the past about; those without a time are left out."""
        zone = self.facts.narrow("zone")
        every = np.unique(zone).tolist() if len(zone) > 1 else zone.tolist()
        found: list[tuple[slice | I64, Where]] = []
        for code in every:
            if code >= 0:
                rows = slice(None) if len(every) == 1 else np.flatnonzero(zone == code)
                found.append((rows, self._where(rows, self.facts.zones[code])))
        return found

    def _where(self, rows: slice | I64, zone: str) -> Where:
        def part(column: Any) -> Any:
            return column[rows] if len(column) > 1 or len(self.facts) == 1 else column

        before = None if self.before is None else part(self.before)
        return Where(lambda name: part(self.facts.narrow(name)), zone, part(self.day), before, self.bulk)


@dataclass(frozen=True)
class Kind(ABC):
    """What every kind can be asked."""

    zh: ClassVar[str]
    en: ClassVar[str]

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts without which it cannot tell."""
        return ()

    @abstractmethod
    def check(self, asked: Asked) -> tuple[Bool, Bool]:
        """Where it fails, and where a fact is missing to tell, shape (n,) or (1,) each; never both."""

    def wait(self, asked: Asked) -> I64:
        """For how many minutes a failure certainly lasts; FOREVER where no passage of time ends it."""
        del asked
        return np.full(1, FOREVER)

    def lacking(self, facts: Facts) -> tuple[str, ...]:
        """The facts that one proposal (n = 1) would have to add before it can tell."""
        return tuple(name for name in self.facts if not facts.known(name)[0])

    def as_strict_as(self, law: Kind) -> bool:
        """Whether it certainly fails wherever `law` does: what a lender's own policy must prove."""
        return self == law

    def never_fails(self, when: Conditions) -> bool:
        """Whether it can never fail under the conditions: such a rule is a mistake."""
        del when
        return False


@dataclass(frozen=True)
class Forbid(Kind):
    """Refused wherever the conditions of the rule hold."""

    zh, en = "一律不得", "Never, where the conditions hold"

    def check(self, asked: Asked) -> tuple[Bool, Bool]:
        """Fails always."""
        del asked
        return np.ones(1, bool), np.zeros(1, bool)


@dataclass(frozen=True)
class OnlyIf(Kind):
    """Allowed only where one of some sets of conditions holds in full."""

    zh, en = "仅在符合条件时允许", "Only if one of these holds"
    any_of: tuple[Conditions, ...] = field(metadata=form(Form.ANY_OF))

    @property
    def facts(self) -> tuple[str, ...]:
        """Every fact named."""
        return tuple(dict.fromkeys(name for one in self.any_of for name in one))

    def check(self, asked: Asked) -> tuple[Bool, Bool]:
        """Fails where every set is known not to hold."""
        hold = perhaps = np.zeros(1, bool)
        for one in self.any_of:
            holds, may = asked.all_of(one)
            hold = hold | holds
            perhaps = perhaps | may
        return ~perhaps, perhaps & ~hold

    def lacking(self, facts: Facts) -> tuple[str, ...]:
        """The unknown facts of those sets that may still hold."""
        asked = Asked(facts, History.none())
        open_ones = [one for one in self.any_of if asked.all_of(one)[1][0]]
        return tuple(dict.fromkeys(name for one in open_ones for name in one if not facts.known(name)[0]))

    def as_strict_as(self, law: Kind) -> bool:
        """Each way to pass is also one of the law's."""
        return isinstance(law, OnlyIf) and all(any(implies(own, other) for other in law.any_of) for own in self.any_of)

    def never_fails(self, when: Conditions) -> bool:
        """One of the sets holds wherever the rule applies."""
        return any(implies(when, one) for one in self.any_of)


@dataclass(frozen=True)
class _Compared(Kind):
    """A number stands to a figure, or to another fact, as it must."""

    fact: str = field(metadata=form(Form.FACT))

    @property
    @abstractmethod
    def figure(self) -> int | str:
        """What it is compared with."""

    @property
    def facts(self) -> tuple[str, ...]:
        """The number, and the other one where there is one."""
        return (self.fact, self.figure) if isinstance(self.figure, str) else (self.fact,)

    def both(self, asked: Asked) -> tuple[I64, I64 | int, Bool]:
        """The number, what it is compared with, and where both are known."""
        known = asked.facts.known(self.fact)
        number: I64 = asked.facts.narrow(self.fact)  # type: ignore[assignment]
        if isinstance(self.figure, int):
            return number, self.figure, known
        return number, asked.facts.narrow(self.figure).astype(np.int64), known & asked.facts.known(self.figure)


@dataclass(frozen=True)
class Above(_Compared):
    """A number must be greater than a figure."""

    zh, en = "须大于", "A number must be greater than a figure"
    than: int = field(metadata=form(Form.WHOLE))

    @property
    def figure(self) -> int | str:
        """The figure."""
        return self.than

    def check(self, asked: Asked) -> tuple[Bool, Bool]:
        """Fails where the number is known and not greater."""
        number, figure, known = self.both(asked)
        return known & np.less_equal(number, figure), ~known

    def as_strict_as(self, law: Kind) -> bool:
        """The same number, a figure as high."""
        return isinstance(law, Above) and self.fact == law.fact and self.than >= law.than


@dataclass(frozen=True)
class AtLeast(_Compared):
    """A number must reach a figure, or another fact."""

    zh, en = "不得少于", "A number must be at least a figure"
    least: int | str = field(metadata=form(Form.FIGURE))

    @property
    def figure(self) -> int | str:
        """The figure."""
        return self.least

    def check(self, asked: Asked) -> tuple[Bool, Bool]:
        """Fails where both are known and the number is smaller."""
        number, figure, known = self.both(asked)
        return known & np.less(number, figure), ~known

    def as_strict_as(self, law: Kind) -> bool:
        """The same number, a figure as high."""
        if not isinstance(law, AtLeast) or self.fact != law.fact:
            return False
        own, theirs = self.least, law.least
        return own == theirs or (isinstance(own, int) and isinstance(theirs, int) and own >= theirs)


@dataclass(frozen=True)
class AtMost(_Compared):
    """A number must not exceed a figure, or another fact."""

    zh, en = "不得超过", "A number must be at most a figure"
    most: int | str = field(metadata=form(Form.FIGURE))

    @property
    def figure(self) -> int | str:
        """The figure."""
        return self.most

    def check(self, asked: Asked) -> tuple[Bool, Bool]:
        """Fails where both are known and the number is greater."""
        number, figure, known = self.both(asked)
        return known & np.greater(number, figure), ~known

    def as_strict_as(self, law: Kind) -> bool:
        """The same number, a figure as low."""
        if not isinstance(law, AtMost) or self.fact != law.fact:
            return False
        own, theirs = self.most, law.most
        return own == theirs or (isinstance(own, int) and isinstance(theirs, int) and own <= theirs)


@dataclass(frozen=True)
class QuietHours(Kind):
    """No contact between two times of the person's day; hours agreed with the person may take their place.

    Weekends and holidays may have hours of their own. A day of which the calendar does not tell whether it is a holiday
    is quiet whenever either sort of day is.
    """

    zh, en = "免打扰时段", "Quiet hours of the person's day"
    starts: int = field(metadata=form(Form.CLOCK))
    ends: int = field(metadata=form(Form.CLOCK))
    agreed_hours_go_first: bool = field(metadata=form(Form.YES_NO))
    rest_starts: int = field(default=-1, metadata=form(Form.CLOCK))
    rest_ends: int = field(default=-1, metadata=form(Form.CLOCK))
    calendar: Calendar | None = field(default=None, metadata=form(Form.CALENDAR), compare=False)

    @property
    def facts(self) -> tuple[str, ...]:
        """The time and the place; without an agreement on record there is none."""
        return ("at", "zone")

    def check(self, asked: Asked) -> tuple[Bool, Bool]:
        """Fails outside the open hours."""
        opens, length = self._open_hours(asked)
        since = asked.minute - opens
        return asked.timed & (np.where(since < 0, since + DAY, since) >= length), ~asked.timed

    def wait(self, asked: Asked) -> I64:
        """Until the open hours begin, or, where days differ, at most until the next day."""
        opens, length = self._open_hours(asked)
        waits = np.where(length > 0, (opens - asked.minute) % DAY, FOREVER)
        return waits if self.rest_starts < 0 else np.minimum(waits, DAY - asked.minute)

    def _open_hours(self, asked: Asked) -> tuple[I64, I64]:
        """When they begin (minute of the day) and how long they last."""
        opens, length = self._hours(asked.day)
        if not self.agreed_hours_go_first:
            return opens, length
        agreed = asked.facts.is_in("consent_hours", frozenset({YES}))
        if not agreed.any():
            return opens, length
        start, end = (asked.facts.narrow(name).astype(np.int64) for name in ("agreed_from", "agreed_to"))
        agreed = agreed & (start >= 0) & (end >= 0)
        lasts = np.where(end - start == DAY, DAY, (end - start) % DAY)
        return np.where(agreed, start, opens), np.where(agreed, lasts, length)

    def _hours(self, day: I64) -> tuple[I64, I64]:
        work = np.array([self.ends]), np.array([DAY - (self.ends - self.starts) % DAY])
        if self.rest_starts < 0:
            return work
        rest = np.array([self.rest_ends]), np.array([DAY - (self.rest_ends - self.rest_starts) % DAY])
        resting, published = self._resting(day)
        opens, length = (np.where(resting, r, w) for r, w in zip(rest, work, strict=True))
        both = max(
            self.ends, self.rest_ends
        )  # both sorts of quiet hours run over midnight: the overlap of the open ones
        shut = min(self.starts, self.rest_starts)
        return np.where(published, opens, both), np.where(published, length, max(shut - both, 0))

    def hours_of_day(self, day: int) -> tuple[I64, I64]:
        """When the open hours of one day begin and how long they last, without an agreement."""
        opens, length = self._hours(np.array([day]))
        return opens[0], length[0]

    def _resting(self, day: I64) -> tuple[Bool, Bool]:
        """Which days are rest days, and of which that is known."""
        days = np.maximum(day, 0).astype("datetime64[D]")
        weekend = ~np.is_busday(days)
        if self.calendar is None:
            return weekend, np.ones(len(days), bool)
        covered = self.calendar.covers(days)
        return np.where(covered, np.isin(days, self.calendar.rest), weekend), covered

    def as_strict_as(self, law: Kind) -> bool:
        """Quiet at least when the law is, and no more yielding to agreements."""
        if not isinstance(law, QuietHours) or self.agreed_hours_go_first > law.agreed_hours_go_first:
            return False
        mine = self.quiet_minutes(), self.quiet_minutes(rest=True)
        return all(
            theirs <= own for own, theirs in zip(mine, (law.quiet_minutes(), law.quiet_minutes(rest=True)), strict=True)
        )

    def never_fails(self, when: Conditions) -> bool:
        """No minute of the day is quiet."""
        del when
        return not self.quiet_minutes() and not self.quiet_minutes(rest=True)

    def quiet_minutes(self, *, rest: bool = False) -> frozenset[int]:
        """The minutes of a working day, or of a rest day, that are quiet without an agreement."""
        apart = rest and self.rest_starts >= 0
        starts, ends = (self.rest_starts, self.rest_ends) if apart else (self.starts, self.ends)
        return frozenset((starts + i) % DAY for i in range((ends - starts) % DAY))


def implies(narrow: Conditions, wide: Conditions) -> bool:
    """Whether `wide` holds wherever `narrow` does."""
    return all(name in narrow and narrow[name] <= values for name, values in wide.items())


def all_known(facts: Facts, names: tuple[str, ...]) -> Bool:
    """Where all of some facts are known."""
    known = np.ones(1, bool)
    for name in names:
        known = known & facts.known(name)
    return known
