"""Asks the guard again what it was asked before: the recorded facts and past, by the rules of that day."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from fairdue.core import guard as kernel
from fairdue.rules.load import Pack
from fairdue.steps.past import remembered

NO_PAST = "{}"


@dataclass(frozen=True)
class Question:
    """What the guard was told: the proposal in names, and the past as JSON columns."""

    as_of: date
    contact: dict[str, Any]
    history: str
    unknown: tuple[str, ...] = ()  # facts that were said to be unknown instead of as usual


@dataclass(frozen=True)
class Answer:
    """What the guard says. `verdict`: the rules that spoke, as they are kept in a record."""

    allowed: bool
    verdict: list[dict[str, Any]]
    next_lawful: int


def again(pack: Pack, questions: Sequence[Question]) -> list[Answer]:
    """The answers, in order. Those of one day without a past are judged together, the others one by one."""
    groups: dict[tuple[date, int], list[int]] = {}
    for n, question in enumerate(questions):
        groups.setdefault((question.as_of, -1 if question.history == NO_PAST else n), []).append(n)
    found: dict[int, Answer] = {}
    for (as_of, _), numbers in groups.items():
        asked = [questions[n] for n in numbers]
        found |= zip(numbers, _answers(pack, as_of, asked, remembered(asked[0].history)), strict=True)
    return [found[n] for n in range(len(questions))]


def _facts(asked: Sequence[Question]) -> kernel.Facts:
    facts = kernel.Facts.from_rows([question.contact for question in asked])
    columns = dict(facts.columns)
    for i, question in enumerate(asked):
        for name in question.unknown:
            columns[name] = np.array(np.broadcast_to(columns.get(name, facts[name]), len(asked)))
            columns[name][i] = kernel.FACTS[name].unknown
    return replace(facts, columns=columns)


def _answers(pack: Pack, as_of: date, asked: Sequence[Question], history: kernel.History) -> Iterable[Answer]:
    facts = _facts(asked)
    book = pack.at(as_of)
    verdict = kernel.judge(book, facts, history)
    allowed = verdict.allowed
    lawful = facts["at"].astype("int64")
    waiting = (~allowed).nonzero()[0]
    if len(waiting):
        lawful[waiting] = kernel.next_lawful(pack, facts.take(waiting), history)
    for i in range(len(asked)):
        said = [reason.as_dict() for reason in kernel.reasons(book, verdict, facts, i)]
        yield Answer(bool(allowed[i]), json.loads(json.dumps(said)), int(lawful[i]))
