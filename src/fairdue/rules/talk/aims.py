"""Loads the aims and the table that leads from what is known to the next of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from fairdue.core.aims import AimRow, Condition, shadowed
from fairdue.core.codes import NO, UNKNOWN, YES, Aim, Role
from fairdue.core.errors import Lang
from fairdue.rules.outcomes import load_outcomes
from fairdue.rules.reading import Lines, Reading, WrongFiles
from fairdue.rules.talk.facts import Known, load_facts

FILE = Path(__file__).parent / "aims.yaml"
COUNT = {str(n): n for n in range(10)}
PROMISE = {"NONE": 0, "OPEN": 1, "BROKEN": 2, "PARTLY": 3}
AIMS = {aim.name: int(aim) for aim in Aim}


@dataclass(frozen=True)
class AimCard:
    """What an aim is about."""

    aim: Aim
    learns: tuple[str, ...]
    who: frozenset[Role]
    certified: bool
    done: Mapping[Lang, str]
    given_up: Mapping[Lang, str]


@dataclass(frozen=True)
class Aims:
    """Every aim, the table, and why each row says what it says."""

    cards: Mapping[Aim, AimCard]
    rows: tuple[AimRow, ...]
    whys: tuple[Mapping[Lang, str], ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns the table looks at, each once, in order of first use."""
        return tuple(dict.fromkeys(c.column for row in self.rows for c in row.when))

    def why(self, row: int) -> Mapping[Lang, str]:
        """Why a row says what it says; empty where no row decided."""
        return self.whys[row] if 0 <= row < len(self.whys) else {"zh": "", "en": ""}


def outcome_codes() -> Mapping[str, int]:
    """Outcomes as numbers of a column: their place in the list."""
    return {code: number for number, code in enumerate(load_outcomes().all)}


def vocabulary() -> Mapping[str, Mapping[str, int]]:
    """Every column and the names its values have in the file."""
    facts = {name: _values(known) for name, known in load_facts().items()}
    return {
        **facts, "said": AIMS, "planned": AIMS, "outcome": outcome_codes(), "promise": PROMISE, "broken": COUNT,
        "own_word": {"NONE": NO, "DUE": YES}, "unanswered": COUNT, "talks": COUNT, "has_point": {"no": NO, "yes": YES},
    }  # fmt: skip


def _values(known: Known) -> Mapping[str, int]:
    return {value: number for number, value in enumerate(known.values)} if known.values else {"some": YES}


@cache
def load_aims() -> Aims:
    """The shipped aims. Raises `WrongFiles`."""
    return read_aims(FILE)


def read_aims(path: Path) -> Aims:
    """Read the aims in a file. Raises `WrongFiles` with every fault, each with its line."""
    reading = Reading(path, path.name)
    if reading.faults or not reading.keys(reading.data, ("aims", "rows")):
        raise WrongFiles(reading.faults)
    said: Any = reading.data
    cards = [card for name in said["aims"] if (card := _card(reading, said["aims"], name))]
    missing = set(Aim) - {card.aim for card in cards}
    for aim in sorted(missing) if not reading.faults else ():
        reading.wrong(
            said.line_of("aims"), f"the aim {aim.name} is missing", f"缺少目标 {aim.name}", "Add it.", "请补充。"
        )
    rows = [row for one in said["rows"] if (row := _row(reading, one))]
    if not reading.faults:
        _reachable(reading, rows, said["rows"])
    if reading.faults:
        raise WrongFiles(reading.faults)
    return Aims({c.aim: c for c in cards}, tuple(rows), tuple(reading.both(one, "why") for one in said["rows"]))


def _card(reading: Reading, aims: Lines, name: str) -> AimCard | None:
    said: Any = aims[name]
    if name not in Aim.__members__:
        _not_among(reading, aims.line_of(name), name, AIMS)
        return None
    if not reading.keys(said, ("who", "done", "given_up"), ("learns", "certified"), name):
        return None
    for fact in [f for f in said.get("learns") or () if f not in load_facts()]:
        _not_among(reading, said.line_of("learns"), fact, load_facts())
    for role in [r for r in said["who"] if r not in Role.__members__]:
        _not_among(reading, said.line_of("who"), role, Role.__members__)
    if reading.faults:
        return None
    return AimCard(Aim[name], tuple(said.get("learns") or ()), frozenset(Role[r] for r in said["who"]),
                   said.get("certified") is True, reading.both(said, "done"), reading.both(said, "given_up"))  # fmt: skip


def _row(reading: Reading, said: Any) -> AimRow | None:
    if not reading.keys(said, ("when", "aim", "why"), (), "a row"):
        return None
    before, known = len(reading.faults), vocabulary()
    if said["aim"] not in AIMS:
        _not_among(reading, said.line_of("aim"), said["aim"], AIMS)
    for column in [c for c in said["when"] if c not in known]:
        _not_among(reading, said["when"].line_of(column), column, known)
    reading.both(said, "why")
    if len(reading.faults) > before:
        return None
    when = [_condition(reading, said["when"], column, known[column]) for column in said["when"]]
    return AimRow(tuple(when), AIMS[said["aim"]]) if len(reading.faults) == before else None


def _condition(reading: Reading, when: Lines, column: str, values: Mapping[str, int]) -> Condition:
    names = {True: "yes", False: "no"}
    given = when[column] if isinstance(when[column], list) else [when[column]]
    said = [str(names.get(one, one)) if isinstance(one, bool) else str(one) for one in given]
    if said == ["known"]:
        return Condition(column, frozenset({UNKNOWN}), other=True)
    for name in [n for n in said if n not in values and n != "unknown"]:
        _not_among(reading, when.line_of(column), name, [*values, "unknown", "known"])
    return Condition(column, frozenset(UNKNOWN if n == "unknown" else values.get(n, UNKNOWN) for n in said))


def _reachable(reading: Reading, rows: Sequence[AimRow], said: Sequence[Lines]) -> None:
    for late, early in shadowed(rows):
        reading.wrong(said[late].line, f"the row of line {said[early].line} always fits first",
                      f"第 {said[early].line} 行总是先匹配", "Move or remove it.", "请移动或删除该行。")  # fmt: skip


def _not_among(reading: Reading, line: int, value: object, known: Any) -> None:
    choices = [str(k) for k in known]
    reading.wrong(line, f"'{value}' is not possible here", f"此处不能填“{value}”",
                  f"Write one of {', '.join(choices)}.", f"可填：{'、'.join(choices)}。")  # fmt: skip
