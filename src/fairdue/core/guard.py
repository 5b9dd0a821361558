"""The guard: may this contact be made? If not, which rules refuse, which facts are missing, and from when it may.

It fails closed: a rule that needs an unknown fact refuses and says which. Written over columns; a refusal is a bit.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from fairdue.core import dates
from fairdue.core.codes import Code
from fairdue.core.errors import Lang
from fairdue.core.guard_facts import FACTS, I64, UNKNOWN_MONEY, Bool, Facts, Ints, UnknownFact
from fairdue.core.guard_history import History
from fairdue.core.guard_kinds import DAY, FOREVER, Asked, Conditions, Kind
from fairdue.core.guard_one import OneByOne, Past, told

__all__ = [
    "FACTS", "HORIZON_DAYS", "NEVER", "UNKNOWN_MONEY", "About", "Facts", "History", "Pack", "Reason", "Rule",
    "Rulebook", "Status", "UnknownFact", "Verdict", "judge", "next_lawful", "reasons",
]  # fmt: skip

NEVER = -1
HORIZON_DAYS = 14
WORD = 64  # rules per word of a verdict
CHUNK = (
    1 << 17
)  # proposals judged together: fewer, and the threads hold each other up; more, and the columns leave the cache
FEW = 512  # rows of a past that are looked through one by one
BULK = 4096  # proposals from which on it pays to work out everybody's past at once
_EPOCH = date(1970, 1, 1).toordinal()

Bits = npt.NDArray[np.uint64]
Speak = Callable[[Callable[["Rule"], tuple[Bool, Bool]], Iterable["Rule"]], Iterator[tuple[Bool, Bool]]]


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
    """One rule as it stands on one date; advice never refuses.

    It speaks only where all of `when` holds and none of the sets of `unless`.
    """

    id: str
    test: Kind
    when: Conditions
    advice: bool
    about: About
    unless: tuple[Conditions, ...] = ()

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts the rule needs."""
        excepted = (name for one in self.unless for name in one)
        return tuple(dict.fromkeys((*self.when, *self.test.facts, *excepted)))

    def speak(self, asked: Asked) -> tuple[Bool, Bool]:
        """Where the rule refuses and where it lacks a fact, shape (n,) or (1,) each."""
        applies, perhaps = asked.all_of(self.when)
        if not perhaps.any():
            return applies, perhaps
        fails, unsure = self.test.check(asked)
        refuses, lacks = applies & fails, perhaps & (~applies | unsure)
        for one in self.unless:
            excepted, may = asked.all_of(one)
            refuses, lacks = refuses & ~may, (lacks | (refuses & may)) & ~excepted
        return refuses, lacks

    def lacking(self, facts: Facts) -> tuple[str, ...]:
        """The facts that one proposal (n = 1) would have to add before the rule can tell."""
        asked = Asked(facts, History.none())
        open_ones = [one for one in self.unless if asked.all_of(one)[1][0]]
        named = (*self.when, *(name for one in open_ones for name in one))
        unknown = (name for name in named if not facts.known(name)[0])
        return tuple(dict.fromkeys((*unknown, *self.test.lacking(facts))))


@dataclass(frozen=True)
class Rulebook:
    """The rules in force from `on` to the next change; bit i of a verdict is rule i. `revision`: the exact text."""

    rules: tuple[Rule, ...]
    revision: str
    on: date

    @cached_property
    def one_by_one(self) -> OneByOne:
        """The rules made ready for single questions."""
        return OneByOne(self.rules)


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

    def together(self, group: Ints) -> Verdict:
        """What is said of groups of proposals that go together (one contact about several debts), shape (groups,)."""
        found = [np.zeros((int(group.max()) + 1, bits.shape[1]), np.uint64) for bits in self._bits]
        for bits, summed in zip(self._bits, found, strict=True):
            np.bitwise_or.at(summed, group, bits)
        return Verdict(*found)

    @property
    def _bits(self) -> tuple[Bits, Bits, Bits]:
        return self.refused, self.unknown, self.advised


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


def judge(book: Rulebook, facts: Facts, history: History, before: I64 | None = None) -> Verdict:
    """The verdict of every rule on every proposal.

    `before`, shape (n,): for each proposal only the rows of the past before this place count; the past is then in the
    order of time. So a log is judged against itself in one go.
    """
    if len(facts) == 1 and before is None and len(history) <= FEW:
        return _judge_one(book, facts, history)
    words = -(-len(book.rules) // WORD)
    found = [np.zeros((len(facts), words * WORD // 8), np.uint8) for _ in range(3)]
    bulk = len(facts) >= BULK
    parts = [slice(start, min(start + CHUNK, len(facts))) for start in range(0, len(facts), CHUNK)]

    def part(rows: slice, speak: Speak = map) -> None:
        chunk = Asked(facts.take(rows), history, None if before is None else before[rows], bulk)
        _judge(book, chunk, [bits[rows] for bits in found], speak)

    if len(parts) > 1:
        with ThreadPoolExecutor(os.cpu_count()) as pool:  # NumPy lets go of the interpreter while it works
            part(
                parts[0], pool.map
            )  # rule beside rule: so what they work out of the past for all is worked out side by side
            list(pool.map(part, parts[1:]))
    elif parts:
        part(parts[0])
    return Verdict(*(bits.view("<u8") for bits in found))


def _judge_one(book: Rulebook, facts: Facts, history: History) -> Verdict:
    """The same for a single proposal, without columns: many times faster."""
    said = told({name: int(column[0]) for name, column in facts.columns.items()})
    zone = int(facts.narrow("zone")[0])
    past = history.kept("past", lambda: Past.of(history))
    found = book.one_by_one.ask(said, facts.zones[zone] if zone >= 0 else None, past)
    size = -(-len(book.rules) // WORD) * WORD // 8
    return Verdict(*(np.frombuffer(bits.to_bytes(size, "little"), "<u8").reshape(1, -1) for bits in found))


def _judge(book: Rulebook, asked: Asked, into: list[npt.NDArray[np.uint8]], speak: Speak) -> None:
    """Set the bits of one chunk, eight rules to a byte."""
    refused, unknown, advised = into
    said = speak(lambda rule: rule.speak(asked), book.rules)
    for number, (rule, (refuses, lacks)) in enumerate(zip(book.rules, said, strict=True)):
        byte, bit = number // 8, number % 8
        if rule.advice:
            _set_bit(advised[:, byte], refuses | lacks, bit)
        else:
            _set_bit(refused[:, byte], refuses, bit)
            _set_bit(unknown[:, byte], lacks, bit)


def _set_bit(byte: npt.NDArray[np.uint8], where: Bool, bit: int) -> None:
    if where.any():
        byte |= where.view(np.uint8) << np.uint8(bit)


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


def next_lawful(
    pack: Pack, facts: Facts, history: History, horizon_days: int = HORIZON_DAYS, group: Ints | None = None
) -> I64:
    """The first minute (utc_minute) from `at` on at which each proposal is allowed, shape (n,).

    Exact for the facts as known: not allowed at any minute before it, allowed at it, each minute judged by the rulebook
    of its local date. NEVER where no passage of time helps, where it would not within the horizon, and where `at` is
    unknown. `group`, shape (n,): proposals that go together have one time, `at` being the same for all of them.
    """
    found = np.full(len(facts), NEVER, np.int64)
    group = np.arange(len(facts)) if group is None else group
    rows = np.flatnonzero(facts["at"] >= 0)
    at = facts["at"][rows].astype(np.int64)
    last = at + horizon_days * DAY
    while len(rows):
        wait = _longest(_wait(pack, facts.take(rows).at(at), history), group[rows])
        found[rows[wait == 0]] = at[wait == 0]
        on = (wait > 0) & (wait <= last - at)
        rows, at, last = rows[on], at[on] + wait[on], last[on]
    return found


def _longest(wait: I64, group: Ints) -> I64:
    """The longest wait of each group, for all of it."""
    longest = np.zeros(int(group.max()) + 1, np.int64)
    np.maximum.at(longest, group, wait)
    return longest[group]


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
    asked = Asked(facts, history, bulk=len(facts) >= BULK)
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
