"""Clocks as data: how long, counted how, and where that is written; and the worked examples of the arithmetic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from fairdue.core.clocks import Unit, deadlines
from fairdue.core.errors import Lang
from fairdue.rules.calendars import china
from fairdue.rules.reading import Lines, Reading, WrongFiles

FILE = Path(__file__).parent / "clocks.yaml"
CONFIDENCE = ("V", "S", "S-", "M", "H")  # H: judgement of ours, no law
JUDGEMENT: Mapping[Lang, str] = {"zh": "fairdue 自定期限（非法定）", "en": "fairdue's own time limit (not law)"}
EXAMPLE = ("zh", "en", "from", "count", "unit", "moves", "last")


@dataclass(frozen=True)
class Source:
    """Where a figure is written. Confidence as in the rule packs; H is a judgement of ours and has no article."""

    instrument: Mapping[Lang, str]
    article: Mapping[Lang, str]
    link: str
    confidence: str


@dataclass(frozen=True)
class Clock:
    """So many units after an event."""

    count: int
    unit: Unit
    moves: bool
    source: Source

    def last(self, start: date) -> tuple[date, bool]:
        """The last day of the period, and whether it is provisional."""
        found = deadlines(np.array([start], "datetime64[D]"), self.count, self.unit, china(), moves=self.moves)
        return found.last[0].astype(date), bool(found.provisional[0])

    def basis(self, start: date) -> Mapping[Lang, str]:
        """What the last day follows from, in a sentence."""
        zh = f"自 {start} 次日起 {self.count} {self.unit.zh}，{self.source.instrument['zh']}{self.source.article['zh']}"
        en = f"{self.count} {self.unit.en} after {start}, {self.source.instrument['en']} {self.source.article['en']}"
        return {"zh": f"{zh}（{self.source.confidence}）", "en": f"{en.strip()} ({self.source.confidence})"}


def read_clock(reading: Reading, said: Any, where: str) -> Clock | None:
    """One clock of a file; None and faults where it cannot be read."""
    before = len(reading.faults)
    if not reading.keys(said, ("count", "unit"), ("moves", "source"), where):
        return None
    _count_and_unit(reading, said, where)
    source = _source(reading, said, where) if "source" in said else Source(JUDGEMENT, {"zh": "", "en": ""}, "", "H")
    if len(reading.faults) > before or source is None:
        return None
    return Clock(said["count"], Unit[said["unit"]], said.get("moves", False) is True, source)


def _count_and_unit(reading: Reading, said: Lines, where: str) -> None:
    if not isinstance(said.get("count"), int) or isinstance(said.get("count"), bool) or said["count"] < 0:
        reading.wrong(said.line_of("count"), f"{where}: 'count' must be a whole number", f"{where}：count 应为非负整数",
                      "Write a number such as 15.", "请填写整数，如 15。")  # fmt: skip
    if said.get("unit") not in Unit.__members__:
        reading.wrong(said.line_of("unit"), f"{where}: '{said.get('unit')}' is no unit", f"{where}：单位无效",
                      f"Write one of {', '.join(Unit.__members__)}.", f"可填：{'、'.join(Unit.__members__)}。")  # fmt: skip
    if "moves" in said and not isinstance(said["moves"], bool):
        reading.wrong(said.line_of("moves"), f"{where}: 'moves' is yes or no", f"{where}：moves 应填 yes 或 no",
                      "Write yes or no.", "请填写 yes 或 no。")  # fmt: skip


def _source(reading: Reading, said: Lines, where: str) -> Source | None:
    told = said["source"]
    if not reading.keys(told, ("instrument", "article", "link", "confidence"), (), f"{where}, source"):
        return None
    if told.get("confidence") not in CONFIDENCE[:-1]:
        reading.wrong(told.line_of("confidence"), f"{where}: '{told.get('confidence')}' is no confidence of a source",
                      f"{where}：出处的可信度无效", "Write V, S, S- or M; leave 'source' out for a judgement of yours.",
                      "可填 V、S、S-、M；自定期限请不写 source。")  # fmt: skip
    return Source(reading.both(told, "instrument"), reading.both(told, "article"), str(told.get("link")),
                  str(told.get("confidence")))  # fmt: skip


@cache
def load_examples() -> int:
    """Reckon the shipped examples; how many there are. Raises `WrongFiles`."""
    return check_examples(FILE)


def check_examples(path: Path) -> int:
    """Reckon every example of a file. Raises `WrongFiles` with each that comes out otherwise."""
    reading = Reading(path, path.name)
    said = reading.data if isinstance(reading.data, list) else []
    if not said and not reading.faults:
        reading.wrong(1, "there is no list of examples", "没有示例", "Write '- {from: …}'.", "请写成“- {from: …}”。")
    for example in said:
        if reading.keys(example, EXAMPLE, ("provisional",), "an example"):
            _reckon(reading, example)
    if reading.faults:
        raise WrongFiles(reading.faults)
    return len(said)


def _reckon(reading: Reading, said: Lines) -> None:
    before = len(reading.faults)
    _count_and_unit(reading, said, said["en"])
    if not all(isinstance(said[key], date) for key in ("from", "last")):
        reading.wrong(
            said.line, f"{said['en']}: no date", f"{said['zh']}：日期无效", "Write YYYY-MM-DD.", "请写成 YYYY-MM-DD。"
        )
    if len(reading.faults) > before:
        return
    source = Source(JUDGEMENT, {"zh": "", "en": ""}, "", "H")
    found = Clock(said["count"], Unit[said["unit"]], said["moves"], source).last(said["from"])
    if found != (said["last"], said.get("provisional", False)):
        provisional = (" (provisional)", "（暂定）") if found[1] else ("", "")
        reading.wrong(said.line, f"{said['en']}: the last day is {found[0]}{provisional[0]}",
                      f"{said['zh']}：末日应为 {found[0]}{provisional[1]}", "Mend the example or the arithmetic.",
                      "请修正示例或算法。")  # fmt: skip
