"""Loads strategies: decision tables with their dates, checked for gaps and for rows that can never decide."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from fairdue.core.codes import Aim, Behaviour, Channel, Code, Tone
from fairdue.core.delinquency import M_STAGES, S_STAGES, StageTable
from fairdue.core.errors import Lang
from fairdue.core.segment import BehaviourParams
from fairdue.core.strategy import Table, compile_table
from fairdue.core.value import ValueParams
from fairdue.rules.reading import Reading, WrongFiles

C = TypeVar("C", bound=Code)
HERE = Path(__file__).parent / "strategies"
LADDERS: Mapping[str, StageTable] = {"M": M_STAGES, "S": S_STAGES}
COLUMNS = ("stage", "band", "behaviour", "aim", "channel", "tone", "cadence_days", "script", "priority", "why_zh", "why_en")


@dataclass(frozen=True)
class Treatment:
    """One row of the table: what is done with a segment, how, and why."""

    line: int
    segment: tuple[str, str, str]
    aim: Aim
    channel: Channel
    tone: Tone
    cadence_days: int
    script: str
    priority: int
    why: Mapping[Lang, str]


@dataclass(frozen=True)
class Strategy:
    """A strategy as it stands on one date."""

    name: str
    title: Mapping[Lang, str]
    stages: StageTable
    band_edges: tuple[int, ...]
    behaviour: BehaviourParams
    treatments: tuple[Treatment, ...]
    table: Table
    value: ValueParams
    since: date
    revision: str


@dataclass(frozen=True)
class Strategies:
    """A strategy with its history."""

    name: str
    dated: tuple[Strategy, ...]

    def at(self, on: date) -> Strategy:
        """The strategy in force; before the first, the first."""
        return next((s for s in reversed(self.dated) if s.since <= on), self.dated[0])


@cache
def load_strategy(name: str) -> Strategies:
    """A shipped strategy by name. Raises `WrongFiles`."""
    return read_strategy(HERE / name)


def read_strategy(folder: Path) -> Strategies:
    """The strategy in a folder. Raises `WrongFiles` with every fault."""
    reading = Reading(folder / "strategy.yaml", f"{folder.name}/strategy.yaml")
    reading.keys(reading.data, ("title", "stages", "band_edges", "behaviour", "tables", "value"), (), "a strategy")
    if reading.faults:
        raise WrongFiles(reading.faults)
    said = reading.data
    stages = LADDERS.get(str(said["stages"]))
    if stages is None:
        reading.wrong(said.line_of("stages"), f"there is no ladder of stages '{said['stages']}'", f"没有阶段表“{said['stages']}”",
                      f"Write one of {', '.join(LADDERS)}.", f"可填：{'、'.join(LADDERS)}。")  # fmt: skip
        raise WrongFiles(reading.faults)
    made = [_dated(reading, folder, stages, str(since), file) for since, file in said["tables"].items()]
    if reading.faults:
        raise WrongFiles(reading.faults)
    return Strategies(folder.name, tuple(made))


def _dated(reading: Reading, folder: Path, stages: StageTable, since: str, file: str) -> Strategy:
    said = reading.data
    edges = tuple(said["band_edges"])
    bands = tuple(str(i) for i in range(len(edges) + 1))
    rows, treatments = _rows(reading, folder / file, stages, bands)
    sizes = (len(stages.codes), len(bands), len(Behaviour))
    table = compile_table(rows, sizes)
    for stage, band, kind in table.gaps():
        reading.wrong(1, f"no row of {file} decides {stages.codes[stage]}, band {band}, {Behaviour(kind).name}",
                      f"{file} 未覆盖 {stages.codes[stage]}、金额档 {band}、{Behaviour(kind).zh}", "Add a row.", "请补充一行。")  # fmt: skip
    content = (folder / "strategy.yaml").read_bytes() + (folder / file).read_bytes() if not reading.faults else b""
    revision = sha256(content).hexdigest()
    return Strategy(
        folder.name, reading.both(said, "title"), stages, edges, BehaviourParams(**said["behaviour"]),
        treatments, table, _value(reading, said["value"], stages, revision), date.fromisoformat(since), revision,
    )  # fmt: skip


def _rows(reading: Reading, path: Path, stages: StageTable, bands: tuple[str, ...]) -> tuple[list[Any], tuple[Treatment, ...]]:
    rows: list[Any] = []
    treatments: list[Treatment] = []
    table = Reading.__new__(Reading)
    table.shown, table.faults = f"{path.parent.name}/{path.name}", []
    with path.open(encoding="utf-8-sig", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            if tuple(row) != COLUMNS:
                table.wrong(line, "the columns differ", "列名不符", f"Columns: {', '.join(COLUMNS)}.", "请对照列名。")
                break
            rows.append((
                _some(table, line, row["stage"], stages.codes),
                _some(table, line, row["band"], bands),
                _some(table, line, row["behaviour"], tuple(Behaviour.__members__)),
            ))  # fmt: skip
            treatments.append(_treatment(table, line, row))
    reading.faults += table.faults
    return rows, tuple(treatments)


def _some(reading: Reading, line: int, text: str, known: tuple[str, ...]) -> frozenset[int] | None:
    """'*' is any; 'M3|M4' is a choice."""
    if text == "*":
        return None
    words = text.split("|")
    for word in words:
        if word not in known:
            reading.wrong(line, f"'{word}' is none of {', '.join(known)}", f"“{word}”不在可选值内", "Mend it.", "请修正。")
    return frozenset(known.index(word) for word in words if word in known)


def _treatment(reading: Reading, line: int, row: Mapping[str, str]) -> Treatment:
    return Treatment(
        line, (row["stage"], row["band"], row["behaviour"]),
        _code(reading, line, Aim, row["aim"]), _code(reading, line, Channel, row["channel"]),
        _code(reading, line, Tone, row["tone"]), _whole(reading, line, row["cadence_days"]), row["script"],
        _whole(reading, line, row["priority"]), {"zh": row["why_zh"], "en": row["why_en"]},
    )  # fmt: skip


def _code(reading: Reading, line: int, kind: type[C], text: str) -> C:
    if text not in kind.__members__:
        reading.wrong(line, f"'{text}' is no {kind.__name__.lower()}", f"“{text}”无效",
                      f"Write one of {', '.join(kind.__members__)}.", f"可填：{'、'.join(kind.__members__)}。")  # fmt: skip
        return next(iter(kind))
    return kind[text]


def _whole(reading: Reading, line: int, text: str) -> int:
    if not text.isdigit():
        reading.wrong(line, f"'{text}' is no whole number", f"“{text}”不是整数", "Mend it.", "请修正。")
        return 0
    return int(text)


def _value(reading: Reading, said: Any, stages: StageTable, revision: str) -> ValueParams:
    def by(table: Any, names: Any, what: str) -> tuple[int, ...]:
        lacking = [name for name in names if name not in table]
        if lacking:
            reading.wrong(said.line_of(what), f"{what} lacks {', '.join(lacking)}", f"{what} 缺少 {'、'.join(lacking)}", "Add them.", "请补充。")
        return tuple(int(table.get(name, 0)) for name in names)

    return ValueParams(
        by(said["reach_ppm"], stages.codes, "reach_ppm"), tuple(said["falloff_ppm"]),
        tuple(by(said["uplift_ppm"].get(s, {}), Behaviour.__members__, "uplift_ppm") for s in stages.codes),
        by(said["recoverable_ppm"], stages.codes, "recoverable_ppm"),
        by(said["cost_minor"], Channel.__members__, "cost_minor"), revision,
    )  # fmt: skip
