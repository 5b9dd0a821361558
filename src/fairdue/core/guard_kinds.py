"""The closed vocabulary of rule kinds: each is a small frozen class of pure functions over columns.

A kind says where it fails, where it cannot tell, and how long a failure lasts. What the vocabulary cannot express is a
reason to add a kind here, never to write a check elsewhere.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import ClassVar

import numpy as np

from fairdue.core import dates
from fairdue.core.codes import UNKNOWN, YES, Direction, Mode
from fairdue.core.guard_facts import I64, Bool, Facts
from fairdue.core.guard_history import History, Scope, Unit

FOREVER = int(np.iinfo(np.int64).max)  # a wait that no time ends
DAY = dates.MINUTES
Conditions = Mapping[str, frozenset[int]]  # fact → the values it may have


class Form(Enum):
    """How a value is written in a rule file, in Chinese and in English."""

    CLOCK = ("时刻，如 22:00", "a time of day like 22:00")
    YES_NO = ("true 或 false", "true or false")
    FACT = ("金额类事实的名称", "the name of a fact that is a number")
    WHOLE = ("整数", "a whole number")
    COUNT = ("不小于 0 的整数", "a whole number from 0")
    DAYS = ("不小于 1 的整数", "a whole number from 1")
    SCOPE = ("person 或 point", "person or point")
    UNIT = ("attempt、connected、effective_talk 或 unanswered", "attempt, connected, effective_talk or unanswered")
    CHANNELS = ("渠道列表", "a list of channels")
    MODES = ("语音方式列表", "a list of voice modes")
    ANY_OF = ("条件列表，每项为事实与取值", "a list of conditions, each a mapping of facts to values")

    @property
    def zh(self) -> str:
        """In Chinese."""
        return self.value[0]

    @property
    def en(self) -> str:
        """In English."""
        return self.value[1]


@dataclass(frozen=True)
class Asked:
    """Proposals and the past, with what several rules need worked out once."""

    facts: Facts
    history: History

    @cached_property
    def local(self) -> I64:
        """The wall clock at the person, minutes since 1970, shape (n,); -1 unknown."""
        return dates.local_minute(self.facts["at"].astype(np.int64), self.facts["zone"], self.facts.zones)


@dataclass(frozen=True)
class Kind(ABC):
    """What every kind can be asked."""

    zh: ClassVar[str]
    en: ClassVar[str]

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts it needs."""
        return ()

    @abstractmethod
    def check(self, asked: Asked) -> tuple[Bool, Bool]:
        """Where it fails and where it cannot tell, each shape (n,), as if it applied to all."""

    def wait(self, asked: Asked) -> I64:
        """For how many more minutes a failing proposal keeps failing, shape (n,), while its clock is not changed."""
        return np.full(len(asked.facts), FOREVER)

    def lacking(self, facts: Facts) -> tuple[str, ...]:
        """The facts one proposal (n = 1) would have to add."""
        return tuple(name for name in self.facts if not facts.known(name)[0])

    def as_strict_as(self, law: Kind) -> bool:
        """Whether it refuses, where both apply, everything that `law` refuses. False when that is not certain."""
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
        return np.ones(len(asked.facts), bool), np.zeros(len(asked.facts), bool)


@dataclass(frozen=True)
class OnlyIf(Kind):
    """Allowed only where one of some sets of conditions holds in full."""

    zh, en = "仅在符合条件时允许", "Only if one of these holds"
    any_of: tuple[Conditions, ...] = field(metadata={"form": Form.ANY_OF})

    @property
    def facts(self) -> tuple[str, ...]:
        """Every fact named."""
        return tuple(dict.fromkeys(name for one in self.any_of for name in one))

    def check(self, asked: Asked) -> tuple[Bool, Bool]:
        """Fails where every set is known not to hold."""
        hold, perhaps = np.zeros(len(asked.facts), bool), np.zeros(len(asked.facts), bool)
        for one in self.any_of:
            holds, may = all_of(one, asked.facts)
            hold |= holds
            perhaps |= may
        return ~perhaps, perhaps & ~hold

    def lacking(self, facts: Facts) -> tuple[str, ...]:
        """The unknown facts of those sets that may still hold."""
        open_ones = [one for one in self.any_of if all_of(one, facts)[1][0]]
        return tuple(dict.fromkeys(name for one in open_ones for name in one if not facts.known(name)[0]))

    def as_strict_as(self, law: Kind) -> bool:
        """Each way to pass is also one of the law's."""
        return isinstance(law, OnlyIf) and all(any(_implies(own, other) for other in law.any_of) for own in self.any_of)

    def never_fails(self, when: Conditions) -> bool:
        """One of the sets holds wherever the rule applies."""
        return any(_implies(when, one) for one in self.any_of)


@dataclass(frozen=True)
class Above(Kind):
    """An amount must be greater than a figure."""

    zh, en = "须大于", "An amount must be greater than a figure"
    fact: str = field(metadata={"form": Form.FACT})
    than: int = field(metadata={"form": Form.WHOLE})

    @property
    def facts(self) -> tuple[str, ...]:
        """The amount."""
        return (self.fact,)

    def check(self, asked: Asked) -> tuple[Bool, Bool]:
        """Fails where the amount is known and not greater."""
        known = asked.facts.known(self.fact)
        return known & np.less_equal(asked.facts[self.fact], self.than), ~known

    def as_strict_as(self, law: Kind) -> bool:
        """The same amount, a figure as high."""
        return isinstance(law, Above) and self.fact == law.fact and self.than >= law.than


@dataclass(frozen=True)
class QuietHours(Kind):
    """No contact between two times of the person's day; hours agreed with the person may take their place."""

    zh, en = "免打扰时段", "Quiet hours of the person's day"
    starts: int = field(metadata={"form": Form.CLOCK})
    ends: int = field(metadata={"form": Form.CLOCK})
    agreed_hours_go_first: bool = field(metadata={"form": Form.YES_NO})

    @property
    def facts(self) -> tuple[str, ...]:
        """The time and the place; without an agreement on record there is none."""
        return ("at", "zone")

    def check(self, asked: Asked) -> tuple[Bool, Bool]:
        """Fails outside the open hours."""
        opens, length = self._open_hours(asked.facts)
        known = asked.local >= 0
        return known & ((asked.local - opens) % DAY >= length), ~known

    def wait(self, asked: Asked) -> I64:
        """Until the open hours begin."""
        opens, length = self._open_hours(asked.facts)
        return np.where(length > 0, (opens - asked.local) % DAY, FOREVER)

    def _open_hours(self, facts: Facts) -> tuple[I64, I64]:
        """When they begin (minute of the day) and how long they last, shape (n,)."""
        start, end = facts["agreed_from"].astype(np.int64), facts["agreed_to"].astype(np.int64)
        agreed = facts.is_in("consent_hours", frozenset({YES})) & (start >= 0) & (end >= 0)
        agreed &= self.agreed_hours_go_first
        length = np.where(end - start == DAY, DAY, (end - start) % DAY)
        return np.where(agreed, start, self.ends), np.where(agreed, length, DAY - (self.ends - self.starts) % DAY)

    def as_strict_as(self, law: Kind) -> bool:
        """Quiet at least when the law is, and no more yielding to agreements."""
        if not isinstance(law, QuietHours) or self.agreed_hours_go_first > law.agreed_hours_go_first:
            return False
        return law.quiet_minutes() <= self.quiet_minutes()

    def never_fails(self, when: Conditions) -> bool:
        """No minute of the day is quiet."""
        del when
        return not self.quiet_minutes()

    def quiet_minutes(self) -> frozenset[int]:
        """The minutes of the day that are quiet without an agreement."""
        return frozenset((self.starts + i) % DAY for i in range((self.ends - self.starts) % DAY))


@dataclass(frozen=True)
class FrequencyCap(Kind):
    """At most so many outbound contacts of a sort per debtor or per point in so many calendar days of the person.

    The days end with the day of the contact. `modes` empty: any. A proposal is refused when the count has reached the
    limit: one more would exceed it.
    """

    zh, en = "频次上限", "At most so many contacts in so many calendar days"
    per: Scope = field(metadata={"form": Form.SCOPE})
    unit: Unit = field(metadata={"form": Form.UNIT})
    channels: frozenset[int] = field(metadata={"form": Form.CHANNELS})
    modes: frozenset[int] = field(metadata={"form": Form.MODES})
    days: int = field(metadata={"form": Form.DAYS})
    limit: int = field(metadata={"form": Form.COUNT})

    @property
    def facts(self) -> tuple[str, ...]:
        """The time, the place, and whom or what the count is about."""
        return ("at", "zone", self._key)

    @property
    def _key(self) -> str:
        return "person" if self.per == Scope.PERSON else "point"

    def check(self, asked: Asked) -> tuple[Bool, Bool]:
        """Fails where the limit is reached."""
        known = (asked.local >= 0) & asked.facts.known(self._key)
        return known & (self._count(asked) >= self.limit), ~known

    def wait(self, asked: Asked) -> I64:
        """Counts change at local midnight only."""
        return DAY - asked.local % DAY

    def _count(self, asked: Asked) -> I64:
        facts, history = asked.facts, asked.history
        counted = history.counts_as(self.unit) & np.not_equal(history.direction, Direction.IN)
        counted &= np.isin(history.channel, [*self.channels, UNKNOWN])
        counted &= np.isin(history.mode, [*self.modes, UNKNOWN]) | (not self.modes)
        found = np.zeros(len(facts), np.int64)
        for code, zone in enumerate(facts.zones):
            here = np.flatnonzero(facts["zone"] == code)
            today = asked.local[here] // DAY
            ids = facts[self._key][here]
            found[here] = history.count(counted, self.per, ids, zone, today - (self.days - 1), today)
        return found

    def as_strict_as(self, law: Kind) -> bool:
        """Counts at least what the law counts, over as many days, and allows no more."""
        if not isinstance(law, FrequencyCap) or self.per != law.per or self.unit not in (law.unit, Unit.ATTEMPT):
            return False
        as_wide = self.channels >= law.channels and (not self.modes or self.modes >= (law.modes or frozenset(Mode)))
        return as_wide and self.days >= law.days and self.limit <= law.limit


KINDS: Mapping[str, type[Kind]] = {
    "forbid": Forbid,
    "only_if": OnlyIf,
    "above": Above,
    "quiet_hours": QuietHours,
    "frequency_cap": FrequencyCap,
}


def all_of(conditions: Conditions, facts: Facts) -> tuple[Bool, Bool]:
    """Where every condition holds, and where none is known not to hold; shape (n,) each."""
    hold, perhaps = np.ones(len(facts), bool), np.ones(len(facts), bool)
    for name, values in conditions.items():
        one = facts.is_in(name, values)
        hold &= one
        perhaps &= one | ~facts.known(name)
    return hold, perhaps


def _implies(narrow: Conditions, wide: Conditions) -> bool:
    """Whether `wide` holds wherever `narrow` does."""
    return all(name in narrow and narrow[name] <= values for name, values in wide.items())
