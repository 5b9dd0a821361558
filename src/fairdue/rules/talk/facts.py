"""The catalogue of facts a contact can teach: their names, kinds, values, and how long they stay fresh."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fairdue.core.codes import UNKNOWN, YES
from fairdue.core.errors import Fault, Lang
from fairdue.core.money import parse_minor
from fairdue.rules.reading import Lines, Reading, WrongFiles

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = Path(__file__).parent / "facts.yaml"
KINDS = ("choice", "money", "count", "day", "text", "hours")
PLACES = ("cause", "means", "care", "wish", "other")
HOURS = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)\s*[-–]\s*([01]?\d|2[0-3]):([0-5]\d)")
LARGEST = 10**6
LONGEST = 300
Text = dict[Lang, str]


class NotAFact(Fault):
    """What was typed cannot be that fact."""

    code = "fact.not-readable"
    en, en_remedy = "'{value}' cannot be read as: {label}.", "{hint}"
    zh, zh_remedy = "“{value}”无法识别为“{label_zh}”。", "{hint_zh}"


class NoSuchFact(Fault):
    """The catalogue has no fact of that name."""

    code = "fact.unknown"
    en, en_remedy = "There is no fact '{name}'.", "Known: {known}."
    zh, zh_remedy = "没有名为“{name}”的事实。", "可用：{known}。"


HINTS: Mapping[str, tuple[str, str]] = {
    "choice": ("Choose one of the values shown.", "请从给出的选项中选择。"),
    "money": ("Enter an amount such as 4500.00.", "请填写金额，如 4500.00。"),
    "count": ("Enter a whole number.", "请填写整数。"),
    "day": ("Write the date as 2026-10-09.", "请按 2026-10-09 的格式填写日期。"),
    "text": (f"Enter at most {LONGEST} characters.", f"请填写不超过 {LONGEST} 个字符。"),
    "hours": ("Write the hours as 18:00-20:00.", "请按 18:00-20:00 的格式填写时段。"),
}


@dataclass(frozen=True)
class Known:
    """One fact of the catalogue."""

    name: str
    label: Mapping[Lang, str]
    ask: Mapping[Lang, str]
    kind: str
    values: Mapping[str, Mapping[Lang, str]]
    fresh: int | None
    place: str

    def parse(self, typed: str, exponent: int) -> str:
        """The fact as it is kept: amounts in minor units, dates in ISO. Raises `NotAFact`."""
        typed = typed.strip()
        try:
            return self._parse(typed, exponent)
        except (ValueError, Fault) as wrong:
            hint = HINTS[self.kind]
            raise NotAFact(value=typed, label=self.label["en"], label_zh=self.label["zh"], hint=hint[0],
                           hint_zh=hint[1]) from wrong  # fmt: skip

    def _parse(self, typed: str, exponent: int) -> str:
        if self.kind == "choice" and typed in self.values:
            return typed
        if self.kind == "money" and (amount := parse_minor(typed, exponent)) >= 0:
            return str(amount)
        if self.kind == "count" and 0 <= int(typed) <= LARGEST:
            return str(int(typed))
        if self.kind == "day":
            return date.fromisoformat(typed).isoformat()
        if self.kind == "hours" and (found := HOURS.fullmatch(typed)):
            return f"{int(found[1]):02}:{found[2]}-{int(found[3]):02}:{found[4]}"
        if self.kind == "text" and 0 < len(typed) <= LONGEST:
            return typed
        raise ValueError(typed)

    def code(self, value: str | None) -> int:
        """The fact as a column of the aims' table has it: number of the choice, 1 where something is known."""
        if value is None:
            return UNKNOWN
        return list(self.values).index(value) if self.kind == "choice" else YES

    def stale(self, learned: date, today: date) -> bool:
        """Whether it is time to ask again."""
        return self.fresh is not None and learned + timedelta(days=self.fresh) < today


@cache
def load_facts() -> Mapping[str, Known]:
    """The shipped catalogue. Raises `WrongFiles`."""
    return read_facts(FILE)


def find(name: str) -> Known:
    """One fact by its name. Raises `NoSuchFact`."""
    known = load_facts()
    if name not in known:
        raise NoSuchFact(name=name, known=", ".join(known))
    return known[name]


def read_facts(path: Path) -> Mapping[str, Known]:
    """Read a catalogue. Raises `WrongFiles` with every fault."""
    reading = Reading(path, path.name)
    if reading.faults or not reading.keys(reading.data, ("facts",)):
        raise WrongFiles(reading.faults)
    said: Any = reading.data["facts"]
    found = {name: _fact(reading, name, said[name]) for name in said}
    if reading.faults:
        raise WrongFiles(reading.faults)
    return {name: fact for name, fact in found.items() if fact}


def _fact(reading: Reading, name: str, said: Any) -> Known | None:
    if not reading.keys(said, ("kind", "prep", "zh", "en", "ask"), ("fresh", "values"), name):
        return None
    values = said.get("values") or Lines(said.line)
    rules = (
        (said.get("kind") in KINDS, f"the kind of '{name}' is one of {', '.join(KINDS)}", f"“{name}”的类型无效"),
        (said.get("prep") in PLACES, f"the place of '{name}' is one of {', '.join(PLACES)}", f"“{name}”的位置无效"),
        (bool(values) == (said.get("kind") == "choice"), f"'{name}': values belong to a choice", f"“{name}”的选项有误"),
        (said.get("fresh") is None or type(said["fresh"]) is int, f"'{name}': fresh is a number of days",
         f"“{name}”的有效天数无效"),
    )  # fmt: skip
    for holds, what, what_zh in rules:
        if not holds:
            reading.wrong(said.line, what, what_zh, "Mend the entry.", "请修正该条目。")
    texts = {value: _pair(reading, values, value) for value in values}
    return Known(name, {"zh": said.get("zh", ""), "en": said.get("en", "")}, reading.both(said, "ask"),
                 str(said.get("kind")), texts, said.get("fresh"), str(said.get("prep")))  # fmt: skip


def _pair(reading: Reading, values: Lines, value: str) -> Text:
    return reading.both(values, value)
