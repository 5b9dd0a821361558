"""Re-evaluates stored decisions against the packs of their day, from the record alone, and says what comes out otherwise."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from fairdue.core.errors import Fault, Lang
from fairdue.steps.again import Answer, Question, again
from fairdue.store import packs
from fairdue.store.models import Decision

Both = dict[Lang, str]


@dataclass(frozen=True)
class Outcome:
    """One decision asked again. `told` is False where the record says too little to ask; `differs`: what, stored → now."""

    decision_id: int
    told: bool
    differs: dict[str, tuple[Any, Any]]
    fault: Both | None = None

    @property
    def same(self) -> bool:
        """The decision was asked again and came out as it is stored."""
        return self.told and not self.differs and self.fault is None

    def as_dict(self) -> dict[str, Any]:
        """For a record: each part that differs, as stored and as it comes out."""
        said: dict[str, Any] = {name: {"stored": was, "now": now} for name, (was, now) in self.differs.items()}
        return said | ({"fault": self.fault} if self.fault else {})


def ask_again(decisions: Sequence[Decision]) -> list[Outcome]:
    """Ask the guard again about each decision, in order."""
    found: dict[int, Outcome] = {}
    groups: dict[str, list[Decision]] = {}
    for decision in decisions:
        if decision.history is None or "contact" not in json.loads(decision.facts):
            found[decision.pk] = Outcome(decision.pk, told=False, differs={})
        else:
            groups.setdefault(decision.pack_revision, []).append(decision)
    for revision, group in groups.items():
        found |= {one.decision_id: one for one in _by(revision, group)}
    return [found[decision.pk] for decision in decisions]


def _by(revision: str, group: Sequence[Decision]) -> Iterable[Outcome]:
    try:
        pack = packs.of_revision(revision)
    except Fault as fault:
        said: Both = {"zh": fault.sentence("zh"), "en": fault.sentence("en")}
        return [Outcome(decision.pk, told=True, differs={}, fault=said) for decision in group]
    questions = [_question(decision) for decision in group]
    try:
        answers = again(pack, questions)
    except (
        Fault,
        ValueError,
        TypeError,
        KeyError,
    ):  # a record that was tampered with may be no question at all: find out which
        return [_alone(decision) for decision in group] if len(group) > 1 else [_unreadable(group[0])]
    return [Outcome(d.pk, told=True, differs=_differs(d, answer)) for d, answer in zip(group, answers, strict=True)]


def _alone(decision: Decision) -> Outcome:
    return ask_again([decision])[0]


def _unreadable(decision: Decision) -> Outcome:
    said: Both = {
        "zh": "记录的事实无法读取：可能被改动。",
        "en": "The recorded facts cannot be read: they were altered.",
    }
    return Outcome(decision.pk, told=True, differs={}, fault=said)


def _question(decision: Decision) -> Question:
    facts = json.loads(decision.facts)
    return Question(decision.as_of, facts["contact"], decision.history or "", tuple(facts.get("unknown", ())))


def _differs(decision: Decision, now: Answer) -> dict[str, tuple[Any, Any]]:
    stored = Answer(decision.allowed, json.loads(decision.verdict), decision.next_lawful)
    parts = ("allowed", "verdict", "next_lawful")
    return {
        part: (getattr(stored, part), getattr(now, part))
        for part in parts if getattr(stored, part) != getattr(now, part)
    }  # fmt: skip
