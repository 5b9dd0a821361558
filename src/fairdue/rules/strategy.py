"""Loads strategies: dated tables and figures as data, proven complete, handed to the core as frozen objects."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fairdue.core.codes import Behaviour, Channel
from fairdue.core.delinquency import M_STAGES, S_STAGES, StageTable
from fairdue.core.errors import Fault, Lang
from fairdue.core.segment import BehaviourParams
from fairdue.core.value import ValueParams
from fairdue.rules import numbers
from fairdue.rules.reading import Lines, Reading, WrongFiles
from fairdue.rules.treatments import Treatment, TreatmentFile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fairdue.core.strategy import Table

HERE = Path(__file__).parent / "strategies"
LADDERS = {"M": M_STAGES, "S": S_STAGES}
MONTHS, LONGEST_REST, LARGEST = 5, 90, 10**12
PARTS = ("table", "behaviour", "money", "value")
BEHAVIOUR = ("chronic_months", "self_cure_days", "self_cure_paid_ppm")
VALUE = ("explanation", "reach_ppm", "falloff_ppm", "delay_ppm", "uplift_ppm", "recoverable_ppm")


class NoStrategy(Fault):
    """No folder of that name."""

    code = "strategy.none"
    en, en_remedy = "There is no strategy '{name}'.", "Available: {known}."
    zh, zh_remedy = "没有名为“{name}”的策略。", "可用：{known}。"


class NotInForce(Fault):
    """No version of the strategy covers the day."""

    code = "strategy.not-in-force"
    en, en_remedy = "Strategy '{name}' has no version in force on {on}.", "Add one that begins on or before that day."
    zh, zh_remedy = "策略“{name}”在 {on} 没有生效的版本。", "请补充在该日或之前生效的版本。"


class NoAmounts(Fault):
    """The strategy names no bands and costs in the currency."""

    code = "strategy.no-amounts"
    en, en_remedy = "Strategy '{name}' has no amounts in {currency}.", "Add that currency under 'money'."
    zh, zh_remedy = "策略“{name}”没有以 {currency} 计的金额档位和成本。", "请在“money”下补充该币种。"


@dataclass(frozen=True)
class Strategy:
    """A strategy as it stands on one date, with its amounts in minor units of one currency."""

    name: str
    title: Mapping[Lang, str]
    stages: StageTable
    currency: str
    band_edges: tuple[int, ...]
    behaviour: BehaviourParams
    treatments: tuple[Treatment, ...]
    table: Table
    value: ValueParams
    value_explained: Mapping[Lang, str]
    since: date
    revision: str


@dataclass(frozen=True)
class Strategies:
    """A strategy with its history: per day of change the version by currency, none from a withdrawal on."""

    name: str
    dated: tuple[tuple[date, Mapping[str, Strategy]], ...]

    def at(self, on: date, currency: str = "CNY") -> Strategy:
        """Pick the version in force on a day. Raises `NotInForce`, `NoAmounts`."""
        found = next((versions for since, versions in reversed(self.dated) if since <= on), {})
        if not found:
            raise NotInForce(name=self.name, on=on)
        if currency not in found:
            raise NoAmounts(name=self.name, currency=currency)
        return found[currency]


@cache
def load_strategy(name: str) -> Strategies:
    """Load a shipped strategy by name. Raises `NoStrategy`, and `WrongFiles` with every fault."""
    known = sorted(path.parent.name for path in HERE.glob("*/strategy.yaml"))
    if name not in known:
        raise NoStrategy(name=name, known=", ".join(known))
    return read_strategy(HERE / name)


def read_strategy(folder: Path) -> Strategies:
    """Read the strategy in a folder. Raises `WrongFiles` with every fault, each with its file and line."""
    reading = Reading(folder / "strategy.yaml", f"{folder.name}/strategy.yaml")
    if not reading.faults:
        reading.keys(reading.data, ("title", "stages", "versions"), (), "a strategy")
    if reading.faults:
        raise WrongFiles(reading.faults)
    said, ladder = reading.data, str(reading.data["stages"])
    if ladder not in LADDERS:
        reading.wrong(said.line_of("stages"), f"there is no ladder of stages '{ladder}'", f"没有阶段表“{ladder}”",
                      f"Write one of {', '.join(LADDERS)}.", f"可填：{'、'.join(LADDERS)}。")  # fmt: skip
        raise WrongFiles(reading.faults)
    made = _Making(reading, folder, reading.both(said, "title"), LADDERS[ladder])
    dated = made.versions(numbers.mapping(reading, said, "versions"))
    if reading.faults:
        raise WrongFiles(reading.faults)
    return Strategies(folder.name, tuple(dated))


@dataclass(frozen=True)
class _Making:
    """A strategy being made from its files; what is wrong is noted in `reading`."""

    reading: Reading
    folder: Path
    title: Mapping[Lang, str]
    stages: StageTable

    def versions(self, said: Lines) -> list[tuple[date, Mapping[str, Strategy]]]:
        """Make every version; null from a date on withdraws the strategy."""
        found: list[tuple[date, Mapping[str, Strategy]]] = []
        for key, version in said.items():
            since = self._day(said, key)
            if since is None:
                continue
            if found and since <= found[-1][0]:
                self.reading.wrong(said.line_of(key), "the dates do not rise", "日期未按先后排列",
                                   "Put them in order.", "请按日期排序。")  # fmt: skip
            found.append((since, {} if version is None else self._version(since, version)))
        if all(version is None for version in said.values()):
            self.reading.wrong(
                said.line, "no version is ever in force", "没有任何生效的版本", "Give one.", "请给出一个版本。"
            )
        return found

    def _day(self, said: Lines, key: str) -> date | None:
        try:
            return date.fromisoformat(key)
        except ValueError:
            self.reading.wrong(
                said.line_of(key), f"'{key}' is no date", f"“{key}”不是日期", "Write YYYY-MM-DD.", "请写成 YYYY-MM-DD。"
            )
            return None

    def _version(self, since: date, said: Any) -> Mapping[str, Strategy]:
        if not self.reading.keys(said, PARTS, (), f"the version of {since}") or not all(
            said.get(part) for part in PARTS
        ):
            return {}
        behaviour = self._behaviour(numbers.mapping(self.reading, said, "behaviour"))
        figures, explained = self._value(numbers.mapping(self.reading, said, "value"))
        money = {c: self._money(m) for c, m in numbers.mapping(self.reading, said, "money").items()}
        file = self._table(said, {len(edges) + 1 for edges, _ in money.values()})
        if self.reading.faults or file is None:
            return {}
        revision = self._revision(since, said)
        return {
            currency: Strategy(
                self.folder.name, self.title, self.stages, currency, edges, behaviour, tuple(file.treatments),
                file.table, ValueParams(**figures, cost_minor=costs, revision=revision), explained, since, revision,
            )
            for currency, (edges, costs) in money.items()
        }  # fmt: skip

    def _behaviour(self, said: Lines) -> BehaviourParams:
        self.reading.keys(said, (), BEHAVIOUR, "'behaviour'")
        most = (MONTHS, LONGEST_REST, numbers.PPM)
        found = (numbers.whole(self.reading, said, key, limit) for key, limit in zip(BEHAVIOUR, most, strict=True))
        return BehaviourParams(*found)

    def _money(self, said: Any) -> tuple[tuple[int, ...], tuple[int, ...]]:
        if not self.reading.keys(said, ("band_edges", "cost_minor"), (), "a currency"):
            return (), ()
        edges = numbers.series(self.reading, said, "band_edges", rising=True)
        return edges, numbers.by_name(self.reading, said, "cost_minor", Channel.__members__, LARGEST)

    def _value(self, said: Lines) -> tuple[dict[str, Any], Mapping[Lang, str]]:
        reading, codes = self.reading, self.stages.codes
        reading.keys(said, VALUE, (), "'value'")
        falloff = numbers.series(reading, said, "falloff_ppm", rising=False)
        if falloff and falloff[0] != numbers.PPM:
            reading.wrong(said.line_of("falloff_ppm"), "the first contact keeps the whole chance: begin at 1000000",
                          "首次联系不衰减，应从 1000000 开始", "Mend it.", "请修正。")  # fmt: skip
        by_stage = numbers.mapping(reading, said, "uplift_ppm")
        numbers.complete(reading, by_stage, said.line_of("uplift_ppm"), "uplift_ppm", codes)
        uplift = [
            numbers.by_name(reading, by_stage, code, Behaviour.__members__, numbers.PPM)
            for code in codes
            if code in by_stage
        ]
        shares = {
            key: numbers.by_name(reading, said, key, codes, numbers.PPM) for key in ("reach_ppm", "recoverable_ppm")
        }
        delay = numbers.whole(reading, said, "delay_ppm", numbers.PPM)
        figures = {"falloff_ppm": falloff, "uplift_ppm": tuple(uplift), "delay_ppm": delay}
        return shares | figures, reading.both(said, "explanation")

    def _table(self, said: Lines, bands: set[int]) -> TreatmentFile | None:
        if len(bands) != 1:
            self.reading.wrong(said.line_of("money"), "the currencies differ in their number of bands",
                               "各币种的金额档数不一致", "Give each as many edges.",
                               "请为每个币种填写相同个数的档位边界。")  # fmt: skip
            return None
        name = str(said["table"])
        file = TreatmentFile(self.folder / name, f"{self.folder.name}/{name}", self.stages.codes, bands.pop())
        self.reading.faults.extend(file.faults)
        return file

    def _revision(self, since: date, said: Lines) -> str:
        """Hash what a decision of this version follows from, and nothing of other versions."""
        told = json.dumps([self.title, self.stages.codes, since.isoformat(), said], ensure_ascii=False, sort_keys=True)
        return sha256(told.encode() + (self.folder / str(said["table"])).read_bytes()).hexdigest()
