"""Loads how a dialler writes its results: names of columns, and words for outcomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fairdue.rules.outcomes import load_outcomes
from fairdue.rules.reading import Reading, WrongFiles, known_words

FILE = Path(__file__).parent / "dialler.yaml"
NEEDED = ("line", "at", "outcome")
COLUMNS = (*NEEDED, "note")


@dataclass(frozen=True)
class DiallerWords:
    """What a dialler's file calls its columns, and its outcomes; our own codes are always understood."""

    columns: Mapping[str, tuple[str, ...]]
    outcomes: Mapping[str, str]

    def outcome(self, word: str) -> str | None:
        """Our code for a dialler's word; None where it is not known."""
        plain = word.strip()
        if load_outcomes().find(plain) is not None:
            return plain
        return self.outcomes.get(plain.casefold())


@cache
def shipped() -> DiallerWords:
    """The words that ship."""
    return read_words(FILE)


def read_words(path: Path) -> DiallerWords:
    """The words of a file. Raises `WrongFiles`."""
    reading = Reading(path, path.name)
    said = reading.data
    columns: dict[str, tuple[str, ...]] = {}
    outcomes: dict[str, str] = {}
    if not reading.faults and reading.keys(said, ("columns", "outcomes"), (), "the file"):
        if reading.keys(said["columns"], NEEDED, COLUMNS, "'columns'"):
            columns = {name: tuple(map(str, given)) for name, given in said["columns"].items()}
        for word, code in said["outcomes"].items():
            if load_outcomes().find(str(code)) is None:
                known = known_words(str(code), load_outcomes().all)
                reading.wrong(said["outcomes"].line_of(word), f"'{code}' is no outcome", f"没有结果码“{code}”",
                              f"Write one of {known}.", "请填写结果码表中的代码。")  # fmt: skip
            outcomes[str(word).casefold()] = str(code)
    if reading.faults:
        raise WrongFiles(reading.faults)
    return DiallerWords(columns, outcomes)
