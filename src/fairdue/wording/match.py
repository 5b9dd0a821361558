"""Finds patterns: which meanings stand together, and whether somebody denies or only reports them."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fairdue.wording.finding import Verdict
from fairdue.wording.lexicon import Hit, Lexicon, Pattern
from fairdue.wording.said import Said
from fairdue.wording.view import View

NEAR = {"zh": 1, "en": 12}  # a weak denial stands right before what it denies
VOID_REACH = {"zh": 14, "en": 40}


@dataclass(frozen=True)
class Match:
    """A pattern found at a place of the view."""

    pattern: Pattern
    hits: tuple[Hit, ...]
    verdict: Verdict

    @property
    def place(self) -> tuple[int, int]:
        """From the first meaning to the last."""
        return min(h.start for h in self.hits), max(h.end for h in self.hits)


class Words:
    """One text with all its meanings, asked pattern by pattern."""

    def __init__(self, view: View, lexicon: Lexicon, said: Said) -> None:
        self.view, self.lexicon, self.said = view, lexicon, said
        self.by_slot: dict[str, list[Hit]] = defaultdict(list)
        for hit in lexicon.hits(view):
            self.by_slot[hit.slot].append(hit)

    def matches(self) -> Iterator[Match]:
        """Every pattern that holds here, each at its first place."""
        have = self.by_slot.keys()
        for pattern in self.lexicon.patterns:
            if all(not part.isdisjoint(have) for part in pattern.need) and self._speaks(pattern):
                verdict = self._verdict(pattern)
                hits = next(self._places(pattern), None) if verdict is not Verdict.PASS else None
                if hits:
                    yield Match(pattern, hits, verdict)

    def borne_out(self) -> bool:
        """Whether a claim of fact stands here that is known to be true."""
        return any(
            pattern.claim and self._verdict(pattern) is Verdict.PASS and next(self._places(pattern), None)
            for pattern in self.lexicon.patterns
        )

    def _speaks(self, pattern: Pattern) -> bool:
        """Whether the pattern is about these people and facts."""
        said = self.said
        if pattern.audience is not None and (said.audience in pattern.audience) is (
            said.audience == "spouse" and not said.third
        ):
            return False
        if pattern.sender is not None and said.sender != pattern.sender:
            return False
        if any(said.flags.get(flag) for flag in pattern.unless_known):
            return False
        return all(said.flags.get(flag) is value for flag, value in pattern.known)

    def denied(self, hit: Hit) -> int:
        """1 where a denial stands before this meaning, else 0."""
        return int(self._denial(hit, (hit,)) is not None)

    def _verdict(self, pattern: Pattern) -> Verdict:
        """A claim of fact is held against what is known."""
        if not pattern.claim:
            return pattern.verdict
        known = {self.said.flags.get(flag) for flag in pattern.claim}
        return Verdict.PASS if True in known else Verdict.BLOCK if False in known else pattern.unknown

    def _places(self, pattern: Pattern) -> Iterator[tuple[Hit, ...]]:
        for first in self._of(pattern.need[0]):
            hits = self._complete(pattern, first)
            if hits and not self._cancelled(pattern, hits):
                yield hits

    def _of(self, part: frozenset[str]) -> list[Hit]:
        if len(part) == 1:
            return self.by_slot.get(next(iter(part)), [])
        return sorted(hit for slot in part for hit in self.by_slot.get(slot, ()))

    def _complete(self, pattern: Pattern, first: Hit) -> tuple[Hit, ...] | None:
        low, high = self._scope(pattern, first)
        hits: tuple[Hit, ...] = (first,)
        for part in pattern.need[1:]:
            fitting = [h for h in self._of(part) if low <= h.start and h.end <= high and _apart(h, hits)
                       and (not pattern.ordered or h.start >= hits[-1].end)]  # fmt: skip
            nearest = min(fitting, key=lambda h: _gap(h, hits), default=None)
            if nearest is None:
                return None
            hits = (*hits, nearest)
        start, end = min(h.start for h in hits), max(h.end for h in hits)
        return hits if pattern.scope == "text" or len(hits) == 1 or end - start <= pattern.within else None

    def _scope(self, pattern: Pattern, hit: Hit) -> tuple[int, int]:
        if pattern.scope == "text":
            return 0, len(self.view.text)
        around = self.view.part if pattern.scope == "clause" else self.view.sentence
        return around(hit.start, hit.end)

    def _cancelled(self, pattern: Pattern, hits: Sequence[Hit]) -> bool:
        start, end = min(h.start for h in hits), max(h.end for h in hits)
        around = self.view.clause if pattern.scope == "clause" else self.view.sentence
        low, high = around(start, end)
        if any(self._inside(slot, low, high) for slot in pattern.unless):
            return True
        if not pattern.reported and self._inside("report", low, high):
            return True
        return pattern.negatable and self._denied(pattern, hits, low, high)

    def _inside(self, slot: str, low: int, high: int) -> bool:
        return any(low <= hit.start and hit.end <= high for hit in self.by_slot.get(slot, ()))

    def _denied(self, pattern: Pattern, hits: Sequence[Hit], low: int, high: int) -> bool:
        """Denied, unless the denial is itself denied ("don't think we won't") or hangs on payment ("pay and we won't")."""
        denial = next((d for hit in hits if (d := self._denial(hit, hits))), None) or self._inner(pattern, hits)
        if denial is None or self._inside("condition_pay", low, high):
            return False
        reach = VOID_REACH[self.lexicon.lang]
        return not any(
            low <= void.start and void.end <= denial.start + 2 and denial.start - void.end <= reach
            for void in self.by_slot.get("void", ())
        )

    def _inner(self, pattern: Pattern, hits: Sequence[Hit]) -> Hit | None:
        """A denial within the meaning itself ("your boss will not hear of it"), where the pattern looks for one."""
        denials = self.by_slot.get("negation", ()) if pattern.inner else ()
        return next((d for hit in hits for d in denials if hit.start <= d.start and d.end <= hit.end), None)

    def _denial(self, hit: Hit, hits: Sequence[Hit]) -> Hit | None:
        low, _ = self.view.clause(hit.start, hit.end)
        for slot in ("negation", "negation_near"):
            denials = self.by_slot.get(slot, [])
            for denial in reversed(denials[: bisect_left(denials, Hit(hit.start, hit.start, ""))]):
                if denial.start < low:
                    break
                if (
                    denial.end <= hit.start
                    and not self._hollow(denial)
                    and _apart(denial, hits)
                    and self._reaches(denial, hit, slot)
                ):
                    return denial
        return None

    def _hollow(self, denial: Hit) -> bool:
        """English: "do not be surprised when …" denies nothing; the denial is part of the words that void one."""
        voids = self.by_slot.get("void", ()) if self.lexicon.lang == "en" else ()
        return any(void.start <= denial.start and denial.end <= void.end for void in voids)

    def _reaches(self, denial: Hit, hit: Hit, slot: str) -> bool:
        if slot == "negation_near":
            return hit.start - denial.end <= NEAR[self.lexicon.lang]
        return not self._inside("breaker", denial.end, hit.start)


def _apart(hit: Hit, others: Sequence[Hit]) -> bool:
    return all(hit.end <= other.start or hit.start >= other.end for other in others)


def _gap(hit: Hit, others: Sequence[Hit]) -> int:
    return min(max(hit.start - other.end, other.start - hit.end) for other in others)
