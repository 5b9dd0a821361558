"""The guard: may this contact be made? If not, which rules refuse, which facts are missing, and from when it may.

It fails closed: a rule that needs an unknown fact refuses and says which. Written over columns; a refusal is a bit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from fairdue.core import dates
from fairdue.core.codes import Code
from fairdue.core.errors import Lang
from fairdue.core.guard_facts import FACTS, I64, UNKNOWN_MONEY, Bool, Facts, UnknownFact
from fairdue.core.guard_history import History
from fairdue.core.guard_kinds import DAY, FOREVER, Asked, Conditions, Kind, all_of

__all__ = [
    "FACTS", "HORIZON_DAYS", "NEVER", "UNKNOWN_MONEY", "About", "Facts", "History", "Pack", "Reason", "Rule",
    "Rulebook", "Status", "UnknownFact", "Verdict", "judge", "next_lawful", "reasons",
]  # fmt: skip

NEVER = -1
HORIZON_DAYS = 14
WORD = 64  # rules per word of a verdict
_EPOCH = date(1970, 1, 1).toordinal()

Bits = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class About:
    """What a person is told about a rule. `confidence`: V, S, S-, M, or H for a house rule that is no law."""

    title: Mapping[Lang, str]
    instrument: Mapping[Lang, str]
    article: Mapping[Lang, str]
    link: str
    confidence: str
    remedy: Mapping[Lang, str]


@dataclass(frozen=True)
class Rule:
    """One rule as it stands on one date. It speaks only where all of `when` holds; advice never refuses."""

    id: str
    test: Kind
    when: Conditions
    advice: bool
    about: About

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts the rule needs."""
        return tuple(dict.fromkeys((*self.when, *self.test.facts)))

    def speak(self, asked: Asked) -> tuple[Bool, Bool]:
        """Where the rule refuses and where it lacks a fact, shape (n,) each."""
        applies, perhaps = all_of(self.when, asked.facts)
        if not perhaps.any():
            return applies, perhaps
        fails, unsure = self.test.check(asked)
        return applies & fails, perhaps & (~applies | unsure)

    def lacking(self, facts: Facts) -> tuple[str, ...]:
        """The facts that one proposal (n = 1) would have to add before the rule can tell."""
        unknown = (name for name in self.when if not facts.known(name)[0])
        return tuple(dict.fromkeys((*unknown, *self.test.lacking(facts))))


@dataclass(frozen=True)
class Rulebook:
    """The rules in force from `on` to the next change; bit i of a verdict is rule i. `revision`: the exact text."""

    rules: tuple[Rule, ...]
    revision: str
    on: date


class Pack(Protocol):
    """Rulebooks by date."""

    @property
    def changes(self) -> tuple[date, ...]:
        """The dates on which the rulebook changes, rising."""

    def at(self, on: date) -> Rulebook:
        """What binds on a date."""


@dataclass(frozen=True)
class Verdict:
    """Bits in words of 64 rules, each array shape (n, words): who refuses, who lacks a fact, who advises against."""

    refused: Bits
    unknown: Bits
    advised: Bits

    @property
    def allowed(self) -> Bool:
        """Shape (n,): no rule refuses and none lacks a fact."""
        return np.logical_not((self.refused | self.unknown).any(axis=1))


class Status(Code):
    """Why a rule is named."""

    REFUSED = (0, "不得联系", "Refused")
    UNKNOWN = (1, "事实不全", "A fact is missing")
    ADVISED = (2, "不宜联系", "Advised against")


@dataclass(frozen=True)
class Reason:
    """One rule's part in a verdict. `missing`: names of FACTS."""

    rule: str
    status: Status
    missing: tuple[str, ...]
    about: About

    def as_dict(self) -> dict[str, Any]:
        """What is kept in a record: the texts are found again by the rule and the revision."""
        return {"rule": self.rule, "status": self.status.name, "missing": list(self.missing)}


def judge(book: Rulebook, facts: Facts, history: History) -> Verdict:
    """The verdict of every rule on every proposal."""
    asked = Asked(facts, history)
    verdict = Verdict(*(np.zeros((len(facts), -(-len(book.rules) // WORD)), np.uint64) for _ in range(3)))
    for number, rule in enumerate(book.rules):
        word, bit = number // WORD, np.uint64(1 << (number % WORD))
        refuses, lacks = rule.speak(asked)
        if rule.advice:
            verdict.advised[refuses | lacks, word] |= bit
        else:
            verdict.refused[refuses, word] |= bit
            verdict.unknown[lacks, word] |= bit
    return verdict


def reasons(book: Rulebook, verdict: Verdict, facts: Facts, i: int) -> tuple[Reason, ...]:
    """Why proposal `i` came out as it did, refusals first; empty where no rule speaks."""
    one = facts.take(np.array([i]))
    return tuple(
        Reason(rule.id, status, rule.lacking(one) if status != Status.REFUSED else (), rule.about)
        for status, bits in zip(Status, (verdict.refused, verdict.unknown, verdict.advised), strict=True)
        for rule in _set(book, bits[i])
    )


def _set(book: Rulebook, words: Bits) -> Iterator[Rule]:
    bits = [int(word) for word in words]
    return (rule for number, rule in enumerate(book.rules) if bits[number // WORD] >> (number % WORD) & 1)


def next_lawful(pack: Pack, facts: Facts, history: History, horizon_days: int = HORIZON_DAYS) -> I64:
    """The first minute (utc_minute) from `at` on at which each proposal is allowed, shape (n,).

    Exact for the facts as known: not allowed at any minute before it, allowed at it, each minute judged by the rulebook
    of its local date. NEVER where no passage of time helps, where it would not within the horizon, and where `at` is
    unknown.
    """
    found = np.full(len(facts), NEVER, np.int64)
    rows = np.flatnonzero(facts["at"] >= 0)
    at = facts["at"][rows].astype(np.int64)
    last = at + horizon_days * DAY
    while len(rows):
        waiting = facts.take(rows).at(at)
        wait = _wait(pack, waiting, history)
        found[rows[wait == 0]] = at[wait == 0]
        on = (wait > 0) & (wait <= last - at)
        rows, at, last = rows[on], at[on] + wait[on], last[on]
    return found


def _wait(pack: Pack, facts: Facts, history: History) -> I64:
    """For how many minutes each proposal certainly stays refused: 0 where it is not, FOREVER where time is no help."""
    local = dates.local_minute(facts["at"].astype(np.int64), facts["zone"], facts.zones)
    day = np.where(local >= 0, local, facts["at"]) // DAY  # without a place the day is the one in UTC
    found = np.empty(len(facts), np.int64)
    for one in np.unique(day).tolist():
        here = np.flatnonzero(day == one)
        found[here] = _wait_on(pack, one, facts.take(here), history)
    return found


def _wait_on(pack: Pack, day: int, facts: Facts, history: History) -> I64:
    book = pack.at(date.fromordinal(_EPOCH + day))
    asked = Asked(facts, history)
    wait = np.zeros(len(facts), np.int64)
    for rule in book.rules:
        refuses, lacks = rule.speak(asked)
        if not rule.advice and (refuses.any() or lacks.any()):
            longest = np.maximum(wait, rule.test.wait(asked))
            wait = np.where(lacks, FOREVER, np.where(refuses, longest, wait))
    return np.where(wait > 0, np.minimum(wait, _steady(pack, day, asked)), 0)


def _steady(pack: Pack, day: int, asked: Asked) -> I64:
    """For how many minutes neither the rules nor the person's clock change; FOREVER where that is unknown or never."""
    at, zone = asked.facts["at"].astype(np.int64), asked.facts["zone"]
    change = next((c.toordinal() - _EPOCH for c in pack.changes if c.toordinal() - _EPOCH > day), None)
    rules = np.full(len(at), FOREVER) if change is None else change * DAY - np.where(asked.local >= 0, asked.local, at)
    steady: I64 = np.minimum(rules, dates.offset_until(at, zone, asked.facts.zones) - at)
    return steady
