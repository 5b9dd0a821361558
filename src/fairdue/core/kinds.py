"""The closed vocabulary of rule kinds. Each is three pure functions over columns: which facts it needs, where it fails
and where it cannot tell, and from when a failing proposal would pass.

What this vocabulary cannot say is a reason to add a kind here, with its page in the reference; never code beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from fairdue.core import dates
from fairdue.core.codes import NO, UNKNOWN, YES, Direction, Mode
from fairdue.core.facts import Bool, Facts, History, I64

NEVER = -1
DAY = dates.MINUTES
DAY_BITS = 20  # local days since 1970 fit easily; the rest of the key is the scope


@dataclass(frozen=True)
class Asked:
    """Proposals and history with what several rules need worked out once."""

    facts: Facts
    history: History

    @classmethod
    def of(cls, facts: Facts, history: History) -> Self:
        """Nothing is worked out before a rule asks for it."""
        return cls(facts, history)

    @cached_property
    def local(self) -> I64:
        """The wall clock at the person, minutes since the epoch; -1 unknown."""
        return dates.local_minute(self.facts["at"], self.facts["zone"].astype(np.int16), self.facts.zones)

    @cached_property
    def _person_row(self) -> tuple[I64, npt.NDArray[np.intp]]:
        return np.unique(self.facts["person"], return_index=True)

    @cached_property
    def history_day(self) -> I64:
        """The local day of each past contact, on the wall clock of the person it was about; -1 for people not asked about."""
        persons, rows = self._person_row
        if not len(persons):
            return np.zeros(0, np.int64)
        at = np.minimum(np.searchsorted(persons, self.history.person), len(persons) - 1)
        found = persons[at] == self.history.person
        zone = np.where(found, self.facts["zone"][rows[at]], UNKNOWN).astype(np.int16)
        local = dates.local_minute(self.history.at, zone, self.facts.zones)
        return np.where(local >= 0, local // DAY, UNKNOWN)

    def utc(self, local: I64) -> I64:
        """The instants at which the people's wall clocks show `local` minutes; NEVER where the zone is unknown."""
        out = np.full(len(self.facts), NEVER, np.int64)
        for code, name in enumerate(self.facts.zones):
            for minute in np.unique(local[self.facts["zone"] == code]):
                here = (self.facts["zone"] == code) & (local == minute)
                out[here] = dates.utc_of_local(int(minute), name)
        return out


Values = Mapping[str, Any]


@dataclass(frozen=True)
class Kind:
    """A kind of rule. `keys`: the values it takes, name → what they must be (for the checker and the reference)."""

    zh: str
    en: str
    keys: Mapping[str, str]
    facts: Callable[[Values], tuple[str, ...]]
    test: Callable[[Values, Asked], tuple[Bool, Bool]]
    opens: Callable[[Values, Asked], I64]
    stricter: Callable[[Values, Values], bool]


def _never(_: Values, asked: Asked) -> I64:
    return np.full(len(asked.facts), NEVER, np.int64)


# forbid: where its conditions hold, nothing helps -----------------------------------------------------------------


def _forbid(_: Values, asked: Asked) -> tuple[Bool, Bool]:
    return np.ones(len(asked.facts), bool), np.zeros(len(asked.facts), bool)


# require: a fact must have one of some values -------------------------------------------------------------------


def _require(values: Values, asked: Asked) -> tuple[Bool, Bool]:
    known = asked.facts.known(values["fact"])
    return known & ~np.isin(asked.facts[values["fact"]], list(values["one_of"])), ~known


# above: an amount must be greater than a figure -----------------------------------------------------------------


def _above(values: Values, asked: Asked) -> tuple[Bool, Bool]:
    known = asked.facts.known(values["fact"])
    return known & (asked.facts[values["fact"]] <= values["than"]), ~known


# quiet_hours: no contact between two times of the local day, agreed hours going before ------------------------------


def _window(values: Values, asked: Asked) -> tuple[I64, I64]:
    """The open hours of each proposal, minutes of the local day: what was agreed, else what the rule leaves.

    The agreement is the person's consent: unknown means there is none.
    """
    agreed = (asked.facts["consent_hours"] == YES) & (asked.facts["agreed_from"] >= 0) & (asked.facts["agreed_to"] >= 0)
    if not values["agreed_hours_go_first"]:
        agreed = np.zeros(len(asked.facts), bool)
    start = np.where(agreed, asked.facts["agreed_from"], values["until"])
    return start, np.where(agreed, asked.facts["agreed_to"], values["from"])


def _quiet(values: Values, asked: Asked) -> tuple[Bool, Bool]:
    start, end = _window(values, asked)
    minute = asked.local % DAY
    known = asked.local >= 0
    return known & ((minute < start) | (minute >= end)), ~known


def _quiet_ends(values: Values, asked: Asked) -> I64:
    start, end = _window(values, asked)
    minute = asked.local % DAY
    midnight = asked.local - minute
    then = np.where(minute < start, midnight + start, midnight + DAY + start)
    return np.where((asked.local >= 0) & (start < end), asked.utc(then), NEVER)


def _quieter(new: Values, old: Values) -> bool:
    return new["from"] <= old["from"] and new["until"] >= old["until"] and (
        new["agreed_hours_go_first"] <= old["agreed_hours_go_first"]
    )  # fmt: skip


# frequency_cap: at most so many contacts of a kind per person or per point in so many days -------------------------

UNITS: Mapping[str, Callable[[History], Bool]] = {
    # What is not known counts, and a reserved contact may become any of them.
    "attempt": lambda h: np.ones(len(h.at), bool),
    "connected": lambda h: h.answered != NO,
    "effective_talk": lambda h: h.talked != NO,
    "unanswered": lambda h: h.answered != YES,
}
SCOPES = ("person", "point")


def _counts(values: Values, asked: Asked) -> I64:
    """How many past contacts count against each proposal, shape (n,)."""
    h = asked.history
    counted = UNITS[values["unit"]](h) & np.isin(h.channel, list(values["channels"])) & (h.direction != Direction.IN)
    if values.get("modes"):
        counted &= np.isin(h.mode, [*values["modes"], UNKNOWN])
    scope = h.person if values["per"] == "person" else h.point
    counted &= (asked.history_day >= 0) & (scope >= 0)
    keys = np.sort((scope[counted] << DAY_BITS) + asked.history_day[counted])
    today = (asked.facts[values["per"]] << DAY_BITS) + asked.local // DAY
    return np.searchsorted(keys, today, "right") - np.searchsorted(keys, today - (values["days"] - 1), "left")


def _cap(values: Values, asked: Asked) -> tuple[Bool, Bool]:
    known = (asked.local >= 0) & asked.facts.known(values["per"])
    return known & (_counts(values, asked) >= values["limit"]), ~known


def _cap_ends(values: Values, asked: Asked) -> I64:
    """Counts change at local midnight only."""
    return asked.utc(asked.local - asked.local % DAY + DAY)


def _fewer(new: Values, old: Values) -> bool:
    same = all(new[key] == old[key] for key in ("per", "unit"))
    wider = set(new["channels"]) >= set(old["channels"]) and (
        not new.get("modes") or set(new["modes"]) >= set(old.get("modes") or Mode)
    )
    return same and wider and new["limit"] <= old["limit"] and new["days"] >= old["days"]


CODES = "a list of codes of the fact"
KINDS: Mapping[str, Kind] = {
    "forbid": Kind("一律不得", "Never, where the conditions hold", {}, lambda _: (), _forbid, _never, lambda _n, _o: True),
    "require": Kind(
        "须满足", "A fact must have one of these values", {"fact": "the name of a fact", "one_of": CODES},
        lambda v: (v["fact"],), _require, _never,
        lambda n, o: n["fact"] == o["fact"] and set(n["one_of"]) <= set(o["one_of"]),
    ),
    "above": Kind(
        "须大于", "An amount must be greater than a figure", {"fact": "the name of a fact", "than": "a whole number"},
        lambda v: (v["fact"],), _above, _never, lambda n, o: n["fact"] == o["fact"] and n["than"] >= o["than"],
    ),
    "quiet_hours": Kind(
        "免打扰时段", "No contact in these hours of the person's day",
        {"from": "a time of day", "until": "a time of day", "agreed_hours_go_first": "yes or no"},
        lambda _: ("at", "zone"), _quiet, _quiet_ends, _quieter,
    ),
    "frequency_cap": Kind(
        "频次上限", "At most so many contacts in so many calendar days",
        {"per": "person or point", "unit": "attempt, connected, effective_talk or unanswered",
         "channels": "a list of channels", "modes": "a list of modes", "days": "a whole number above 0",
         "limit": "a whole number from 0"},
        lambda v: ("at", "zone", v["per"]), _cap, _cap_ends, _fewer,
    ),
}  # fmt: skip
