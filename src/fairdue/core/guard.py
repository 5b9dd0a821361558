"""The guard: may this contact be made? If not, which rules refuse, which facts are missing, and from when it may.

It fails closed: a rule that needs an unknown fact refuses and says which. Written over columns; a refusal is a bit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from fairdue.core import dates, kinds
from fairdue.core.facts import FACTS, Bool, Facts, History, I64

NEVER = -1
HORIZON_DAYS = 14
DAY = dates.MINUTES


@dataclass(frozen=True)
class Rule:
    """One rule as it stands on one date.

    `when`: it speaks only where every named fact has one of these values. `values`: what its kind needs.
    """

    id: str
    kind: str
    when: Mapping[str, frozenset[int]]
    values: Mapping[str, Any]
    advice: bool = False  # advice is shown and never refuses

    @property
    def facts(self) -> tuple[str, ...]:
        """The names of the facts the rule needs."""
        return (*self.when, *kinds.KINDS[self.kind].facts(self.values))


@dataclass(frozen=True)
class Rulebook:
    """The rules in force on one date, in order; bit i of a verdict is rule i."""

    rules: tuple[Rule, ...]
    revision: str
    on: date


class Books(Protocol):
    """A pack: the rulebook of any date, and the dates on which it changes."""

    changes: tuple[date, ...]

    def at(self, on: date) -> Rulebook:
        """The rulebook in force on a date."""
        ...


@dataclass(frozen=True)
class Verdict:
    """One column of bits per word of 64 rules, shape (n, words): who refused, who lacked a fact, who advised against."""

    refused: npt.NDArray[np.uint64]
    unknown: npt.NDArray[np.uint64]
    advised: npt.NDArray[np.uint64]

    @property
    def allowed(self) -> Bool:
        """Shape (n,): no rule refuses and none lacks a fact."""
        return ~(self.refused.any(axis=1) | self.unknown.any(axis=1))

    def rules(self, bits: npt.NDArray[np.uint64], row: int) -> list[int]:
        """The numbers of the rules whose bit is set in a row."""
        return [i for i in range(bits.shape[1] * 64) if (int(bits[row, i // 64]) >> (i % 64)) & 1]


def judge(book: Rulebook, facts: Facts, history: History) -> Verdict:
    """The verdict of every rule on every proposal."""
    words = (len(book.rules) + 63) // 64
    refused, unknown, advised = (np.zeros((len(facts), words), np.uint64) for _ in range(3))
    asked = kinds.Asked.of(facts, history)
    for number, rule in enumerate(book.rules):
        no, unsure = _speak(rule, asked)
        word, bit = number // 64, np.uint64(1 << (number % 64))
        for column, mask in ((advised, no | unsure),) if rule.advice else ((refused, no), (unknown, unsure)):
            column[mask, word] |= bit
    return Verdict(refused, unknown, advised)


def _speak(rule: Rule, asked: kinds.Asked) -> tuple[Bool, Bool]:
    """Where the rule refuses, and where it cannot tell: a test that would fail where it is not known to apply."""
    applies, perhaps = _applies(rule, asked.facts)
    if not perhaps.any():
        return applies & False, applies & False
    fails, unsure = kinds.KINDS[rule.kind].test(rule.values, asked)
    return applies & fails, perhaps & ((fails & ~applies) | unsure)


def _applies(rule: Rule, facts: Facts) -> tuple[Bool, Bool]:
    """Where every condition holds, and where none is known not to hold."""
    applies = np.ones(len(facts), bool)
    perhaps = np.ones(len(facts), bool)
    for name, values in rule.when.items():
        holds = np.isin(facts[name], list(values))
        applies &= holds
        perhaps &= holds | ~facts.known(name)
    return applies, perhaps


def missing(rule: Rule, facts: Facts, row: int) -> list[str]:
    """The facts the rule needs and was not told, for one proposal."""
    return [name for name in dict.fromkeys(rule.facts) if facts[name][row] == FACTS[name].unknown]


def next_lawful(books: Books, facts: Facts, history: History, horizon_days: int = HORIZON_DAYS) -> I64:
    """The first minute (utc_minute) from `at` on at which each proposal is allowed, for the facts as known; shape (n,).

    Exact: refused at every minute before it, allowed at it. NEVER where waiting does not help within the horizon.
    """
    out = np.full(len(facts), NEVER, np.int64)
    rows = np.arange(len(facts))
    waiting = facts
    limit = facts["at"] + horizon_days * DAY
    while len(rows):
        allowed, then = _step(books, waiting, history)
        out[rows[allowed]] = waiting["at"][allowed]
        on = ~allowed & (then > waiting["at"]) & (then <= limit[rows])
        rows, then = rows[on], then[on]
        waiting = waiting.take(np.flatnonzero(on)).but(at=then)
    return out


def _step(books: Books, facts: Facts, history: History) -> tuple[Bool, I64]:
    """Who is allowed at `at`, and for the others the next minute at which the answer may differ (NEVER: it will not)."""
    allowed, then = np.zeros(len(facts), bool), np.full(len(facts), NEVER, np.int64)
    local = dates.local_minute(facts["at"], facts["zone"].astype(np.int16), facts.zones)
    day = np.where(local >= 0, local, facts["at"]) // DAY
    for one in np.unique(day):
        here = np.flatnonzero(day == one)
        book = books.at(_date(int(one)))
        some = facts.take(here)
        verdict = judge(book, some, history)
        allowed[here] = verdict.allowed
        then[here] = _opens(books, book, some, history, verdict)
    return allowed, then


def _opens(books: Books, book: Rulebook, facts: Facts, history: History, verdict: Verdict) -> I64:
    """When every refusing rule has opened again, but not beyond the next change of the rules."""
    asked = kinds.Asked.of(facts, history)
    opens = np.zeros(len(facts), np.int64)
    for number, rule in enumerate(book.rules):
        bit = np.uint64(1 << (number % 64))
        refuses = (verdict.refused[:, number // 64] & bit) != 0
        lacks = (verdict.unknown[:, number // 64] & bit) != 0
        if refuses.any():
            then = kinds.KINDS[rule.kind].opens(rule.values, asked)
            opens[refuses] = np.where(
                (opens[refuses] == NEVER) | (then[refuses] == NEVER), NEVER, np.maximum(opens[refuses], then[refuses])
            )
        opens[lacks] = NEVER
    change = _next_change(books, book.on, asked)
    return np.where((change != NEVER) & ((opens == NEVER) | (change < opens)), change, opens)


def _next_change(books: Books, on: date, asked: kinds.Asked) -> I64:
    """The local midnight at which the next rulebook begins, per proposal; NEVER where the rules do not change."""
    later = [d for d in books.changes if d > on]
    if not later:
        return np.full(len(asked.facts), NEVER, np.int64)
    target = np.full(len(asked.facts), (min(later) - date(1970, 1, 1)).days * DAY, np.int64)
    return asked.utc(target)


def _date(day: int) -> date:
    return date.fromordinal(date(1970, 1, 1).toordinal() + day)
