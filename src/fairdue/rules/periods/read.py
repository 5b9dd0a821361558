"""Reads one period from its file, with every fault by its line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np

from fairdue.core.clocks import Unit
from fairdue.core.errors import Lang
from fairdue.core.happened import Effect, Happened
from fairdue.core.limitation import Terms
from fairdue.rules.clocks import CONFIDENCE, Source
from fairdue.rules.reading import Lines, Reading

NEEDED = ("id", "kind", "pack", "title", "values", "unit", "source", "start")
OPTIONAL = ("places", "calendar", "suspension", "longest", "events", "note", "from_year_end")
KINDS = ("LIMITATION", "GUARANTEE", "GUARANTEE_LIMITATION", "ENFORCEMENT", "VALIDATION")
SOURCE = ("instrument", "article", "link", "confidence")


def read_period(reading: Reading) -> dict[str, Any] | None:
    """The parts of a period; None where the file cannot be read."""
    said = reading.data
    if reading.faults or not reading.keys(said, NEEDED, OPTIONAL) or reading.faults:
        return None
    _one_of(reading, said, "kind", KINDS)
    _one_of(reading, said, "unit", tuple(Unit.__members__))
    if reading.faults:
        return None
    suspension, longest = said.get("suspension"), said.get("longest")
    return {
        "id": said["id"], "title": reading.both(said, "title"), "pack": said["pack"],
        "places": tuple(said.get("places") or ()), "calendar_name": said.get("calendar") or "",
        "terms": _terms(reading, said), "source": _source(reading, said["source"], "source"),
        "start": reading.both(said, "start"), "events": _events(reading, said.get("events") or Lines(1)),
        "suspension": _source(reading, suspension["source"], "suspension") if suspension else None,
        "longest": _source(reading, longest["source"], "longest") if longest else None,
    }  # fmt: skip


def _one_of(reading: Reading, said: Lines, key: str, known: tuple[str, ...]) -> None:
    if said.get(key) not in known:
        reading.wrong(said.line_of(key), f"'{said.get(key)}' is no {key}", f"{key} 取值“{said.get(key)}”无效",
                      f"Write one of {', '.join(known)}.", f"可填：{'、'.join(known)}。")  # fmt: skip


def _terms(reading: Reading, said: Lines) -> Terms:
    values = said["values"]
    days = [date.fromisoformat(str(on)) for on in values]
    if not days or days != sorted(days) or not all(isinstance(n, int) and n > 0 for n in values.values()):
        reading.wrong(said.line_of("values"), "the values are not numbers by rising dates", "values 应为按日期递增的正整数",
                      "Write '2015-10-01: 3'.", "请写成“2015-10-01: 3”。")  # fmt: skip
        days, values = [date(1900, 1, 1)], {0: 1}
    suspension, longest = said.get("suspension") or {}, said.get("longest") or {}
    return Terms(
        np.array(days, "datetime64[D]"), np.array(list(values.values()), np.int64), Unit[said["unit"]],
        moves=bool(said.get("calendar")), window=int(suspension.get("months", 0)),
        remainder=suspension.get("then") == "REMAINDER", longest=int(longest.get("years", 0)),
        year_end=said.get("from_year_end") is True,
    )  # fmt: skip


def _source(reading: Reading, said: Any, where: str) -> Source:
    if not reading.keys(said, SOURCE, (), where):
        return Source({"zh": "", "en": ""}, {"zh": "", "en": ""}, "", "M")
    _one_of(reading, said, "confidence", CONFIDENCE[:-1])
    return Source(reading.both(said, "instrument"), _article(reading, said), str(said["link"]), said["confidence"])


def _article(reading: Reading, said: Lines) -> Mapping[Lang, str]:
    text = said.get("article")
    return {"zh": text, "en": text} if isinstance(text, str) else reading.both(said, "article")


def _events(reading: Reading, said: Lines) -> dict[Happened, Any]:
    from fairdue.rules.periods import Cause  # noqa: PLC0415 - the record belongs to what is read, the reader to the reading

    found = {}
    for name, told in said.items():
        if name not in Happened.__members__:
            reading.wrong(said.line_of(name), f"'{name}' is no event", f"“{name}”不是事件代码",
                          "Use a name of core.happened.Happened.", "请使用事件代码表中的代码。")  # fmt: skip
            continue
        if reading.keys(told, ("effect", "article", "confidence"), ("needs",), name):
            _one_of(reading, told, "effect", tuple(Effect.__members__))
            _one_of(reading, told, "confidence", CONFIDENCE)
            if not reading.faults:
                found[Happened[name]] = Cause(Effect[told["effect"]], _article(reading, told), told["confidence"],
                                              told.get("needs") or "")  # fmt: skip
    return found
