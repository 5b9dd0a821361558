"""Kinds of rules that hang on a date and a period before or after it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from fairdue.core import dates
from fairdue.core.guard_facts import I64, Bool
from fairdue.core.guard_kinds import DAY, FOREVER, Asked, Form, Kind, form

FAR = 1 << 40  # minutes: further than any wait that is worth telling apart from for ever


@dataclass(frozen=True)
class _Period(Kind):
    """Something that hangs on a date and a period after it. Days count on the person's own calendar."""

    fact: str = field(metadata=form(Form.DATE_FACT))
    days: int = field(default=0, metadata=form(Form.COUNT))
    months: int = field(default=0, metadata=form(Form.COUNT))

    @property
    def facts(self) -> tuple[str, ...]:
        """The date, and the time and place that say what day it is."""
        return ("at", "zone", self.fact)

    def since(self, asked: Asked) -> tuple[I64, I64, Bool]:
        """The date, the end of the period after it (days since 1970), and where both and the day are known."""
        known = asked.timed & asked.facts.known(self.fact)
        date = np.where(asked.facts.known(self.fact), asked.facts.narrow(self.fact), 0)
        end = date + self.days
        if self.months:
            end = dates.add_months(date.astype("datetime64[D]"), self.months).astype(np.int64) + self.days
        return date, end, known

    def _as_long_as(self, law: Kind) -> bool:
        return type(law) is type(self) and isinstance(law, _Period) and (
            self.fact == law.fact and self.days >= law.days and self.months >= law.months
        )  # fmt: skip


@dataclass(frozen=True)
class Within(_Period):
    """Only for so long after a date: the day of the date is the first of `days`; `months` end on the day of the same number."""

    zh, en = "仅在某日之后的一段时间内", "Only within a period after a date"

    def check(self, asked: Asked) -> tuple[Bool, Bool]:
        """Fails before the date and after the period."""
        date, end, known = self.since(asked)
        over = asked.day > end if self.months and not self.days else asked.day >= end
        return known & ((asked.day < date) | over), ~known

    def wait(self, asked: Asked) -> I64:
        """Until the date; what is over stays over."""
        date, _, known = self.since(asked)
        return np.where(known & (asked.day < date), date * DAY - asked.local, FOREVER)

    def as_strict_as(self, law: Kind) -> bool:
        """As short a time after the same date."""
        if not isinstance(law, Within) or self.fact != law.fact:
            return False
        return bool(self.months) == bool(law.months) and self.days <= law.days and self.months <= law.months


@dataclass(frozen=True)
class After(_Period):
    """Not before so long after a date."""

    zh, en = "某日之后经过一段时间方可", "Not before a period after a date has passed"

    def check(self, asked: Asked) -> tuple[Bool, Bool]:
        """Fails before the end of the period."""
        _, end, known = self.since(asked)
        return known & (asked.day < end), ~known

    def wait(self, asked: Asked) -> I64:
        """Until the period is over."""
        _, end, _ = self.since(asked)
        wait: I64 = np.maximum(end * DAY - asked.local, 1)
        return wait

    def as_strict_as(self, law: Kind) -> bool:
        """As long a wait after the same date."""
        return self._as_long_as(law)


@dataclass(frozen=True)
class Moratorium(_Period):
    """Not from a date on, for a period or until another date; without either, for as long as the conditions hold."""

    zh, en = "自某日起的一段时间内不得", "Not during a period from a date on"
    until: str = field(default="", metadata=form(Form.DATE_FACT))

    @property
    def facts(self) -> tuple[str, ...]:
        """The date, the other one where the period has no length of its own, and the day."""
        return ("at", "zone", self.fact, *([self.until] if self.until else []))

    def check(self, asked: Asked) -> tuple[Bool, Bool]:
        """Fails from the date to the end."""
        date, end, known = self._span(asked)
        return known & (asked.day >= date) & (asked.day < end), ~known

    def wait(self, asked: Asked) -> I64:
        """Until the end."""
        _, end, _ = self._span(asked)
        return np.where(end < FAR // DAY, np.maximum(end * DAY - asked.local, 1), FOREVER)

    def _span(self, asked: Asked) -> tuple[I64, I64, Bool]:
        date, end, known = self.since(asked)
        if self.until:
            told = asked.facts.known(self.until)
            later = np.where(told, asked.facts.narrow(self.until), 0)
            return date, np.maximum(end, later) if self.days or self.months else later, known & told
        return date, end if self.days or self.months else np.full(1, FAR), known

    def as_strict_as(self, law: Kind) -> bool:
        """As long from the same date."""
        return isinstance(law, Moratorium) and self._as_long_as(law) and self.until in (law.until, "")
