"""The past the guard was told, kept beside its answer: without it the answer could not be worked out again."""

from __future__ import annotations

import json

import numpy as np
import numpy.typing as npt

from fairdue.core.codes import UNKNOWN
from fairdue.core.guard import FACTS, Facts, History
from fairdue.core.guard_history import PAST

COLUMNS = tuple(PAST)
USUAL = tuple(name for name, fact in FACTS.items() if fact.absent != fact.unknown)
KEYS = ("person", "point", "debtor")
Rows = npt.NDArray[np.intp]


def told(facts: Facts, history: History) -> list[str]:
    """Per proposal, as JSON columns, the contacts that can count for it: with its person, at its number, or about its debtor."""
    if not len(history):
        return ["{}"] * len(facts)
    columns = [history[name] for name in COLUMNS]
    indices = {name: _Index(history[name]) for name in KEYS}
    asked = {name: facts[name].tolist() for name in KEYS}
    found = []
    for i in range(len(facts)):
        mine = [index.of(asked[name][i]) for name, index in indices.items() if asked[name][i] != UNKNOWN]
        found.append(_dump(columns, np.unique(np.concatenate(mine)) if mine else np.zeros(0, np.intp)))
    return found


def told_unknown(facts: Facts, i: int) -> dict[str, list[str]]:
    """Facts that were said to be unknown and would otherwise be taken to be as usual: part of the record; mostly none."""
    names = [name for name in USUAL if facts[name][i] == FACTS[name].unknown]
    return {"unknown": names} if names else {}


def remembered(text: str) -> History:
    """The past as it was told. A column that is newer than the record is unknown."""
    said = json.loads(text)
    return History.of(**{name: said[name] for name in COLUMNS if name in said})


class _Index:
    """Where each id stands in a column."""

    def __init__(self, ids: npt.NDArray[np.integer]) -> None:
        self.order = np.argsort(ids, kind="stable")
        self.sorted = ids[self.order]

    def of(self, wanted: int) -> Rows:
        first, last = np.searchsorted(self.sorted, [wanted, wanted + 1])
        return self.order[first:last]


def _dump(columns: list[npt.NDArray[np.integer]], rows: Rows) -> str:
    if not len(rows):
        return "{}"
    said = {name: column[rows].tolist() for name, column in zip(COLUMNS, columns, strict=True)}
    return json.dumps(said, separators=(",", ":"))
