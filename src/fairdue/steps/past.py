"""The past the guard was told, kept beside its answer: without it the answer could not be worked out again."""

from __future__ import annotations

import json
from dataclasses import fields

import numpy as np
import numpy.typing as npt

from fairdue.core.codes import UNKNOWN
from fairdue.core.guard import Facts, History

COLUMNS = tuple(field.name for field in fields(History) if field.init)
Rows = npt.NDArray[np.intp]


def told(facts: Facts, history: History) -> list[str]:
    """Per proposal, as JSON columns, the contacts that can count for it: with its person, or at its number or address."""
    if not len(history.at):
        return ["{}"] * len(facts)
    columns = [getattr(history, name) for name in COLUMNS]
    by_person, by_point = _Index(history.person), _Index(history.point)
    found = []
    for person, point in zip(facts["person"].tolist(), facts["point"].tolist(), strict=True):
        rows = np.union1d(by_person.of(person), by_point.of(point) if point != UNKNOWN else by_point.of(None))
        found.append(_dump(columns, rows))
    return found


def remembered(text: str) -> History:
    """The past as it was told. A column that is newer than the record is unknown."""
    said = json.loads(text)
    size = len(said.get("at", ()))
    return History(*(np.array(said.get(name, [UNKNOWN] * size), np.int64) for name in COLUMNS))


class _Index:
    """Where each id stands in a column."""

    def __init__(self, ids: npt.NDArray[np.integer]) -> None:
        self.order = np.argsort(ids, kind="stable")
        self.sorted = ids[self.order]

    def of(self, wanted: int | None) -> Rows:
        if wanted is None:
            return self.order[:0]
        first, last = np.searchsorted(self.sorted, [wanted, wanted + 1])
        return self.order[first:last]


def _dump(columns: list[npt.NDArray[np.integer]], rows: Rows) -> str:
    if not len(rows):
        return "{}"
    said = {name: column[rows].tolist() for name, column in zip(COLUMNS, columns, strict=True)}
    return json.dumps(said, separators=(",", ":"))
