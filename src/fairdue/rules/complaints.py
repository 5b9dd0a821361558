"""How complaints are sorted, and the signs of organised claims: closed lists as data, checked when loaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fairdue.core.errors import Lang
from fairdue.rules.reading import Lines, Reading, WrongFiles

HERE = Path(__file__).parent
LISTS = ("came_by", "categories", "root_causes", "classes")
FIGURES = ("similar_ppm", "shortest")
Words = Mapping[str, Mapping[Lang, str]]


@dataclass(frozen=True)
class Taxonomy:
    """The closed lists, by code."""

    came_by: Words
    categories: Words
    root_causes: Words
    classes: Words
    class_of: Mapping[str, str]


@dataclass(frozen=True)
class Signal:
    """One sign, with its figures."""

    code: str
    label: Mapping[Lang, str]
    among: int
    least: int
    similar_ppm: int
    shortest: int


@cache
def load_taxonomy() -> Taxonomy:
    """Load the shipped lists. Raises `WrongFiles`."""
    return read_taxonomy(HERE / "complaints.yaml")


def read_taxonomy(path: Path) -> Taxonomy:
    """Read the lists in a file. Raises `WrongFiles` with every fault."""
    reading = Reading(path, path.name)
    if not reading.faults:
        reading.keys(reading.data, LISTS)
    lists = {name: _words(reading, name) for name in LISTS} if not reading.faults else {}
    class_of = _classes(reading) if not reading.faults else {}
    if reading.faults:
        raise WrongFiles(reading.faults)
    return Taxonomy(**lists, class_of=class_of)


def _words(reading: Reading, name: str) -> Words:
    found: dict[str, Mapping[Lang, str]] = {}
    for code, said in reading.data[name].items():
        if reading.keys(said, ("zh", "en", *(("class",) if name == "categories" else ())), (), f"{name} {code}"):
            found[code] = {"zh": str(said.get("zh")), "en": str(said.get("en"))}
    return found


def _classes(reading: Reading) -> dict[str, str]:
    said: Lines = reading.data["categories"]
    for code, one in said.items():
        if one["class"] not in reading.data["classes"]:
            reading.wrong(one.line_of("class"), f"{code}: there is no class '{one['class']}'",
                          f"{code}：没有类别“{one['class']}”", "Add it to 'classes'.", "请在 classes 中补充。")  # fmt: skip
    return {code: one["class"] for code, one in said.items()}


@cache
def load_signals() -> Mapping[str, Signal]:
    """Load the shipped signs. Raises `WrongFiles`."""
    return read_signals(HERE / "signals.yaml")


def read_signals(path: Path) -> Mapping[str, Signal]:
    """Read the signs in a file. Raises `WrongFiles` with every fault."""
    reading = Reading(path, path.name)
    found = {}
    for code, said in (reading.data or {}).items():
        if not reading.keys(said, ("zh", "en", "among", "least"), FIGURES, code):
            continue
        figures = {key: said.get(key, 0) for key in ("among", "least", *FIGURES)}
        for key in [key for key, value in figures.items() if not isinstance(value, int) or value < 0]:
            reading.wrong(said.line_of(key), f"{code}: '{key}' must be a whole number", f"{code}：{key} 应为非负整数",
                          "Write a number.", "请填写整数。")  # fmt: skip
        found[code] = Signal(code, {"zh": str(said.get("zh")), "en": str(said.get("en"))}, **figures)
    if reading.faults:
        raise WrongFiles(reading.faults)
    return found
