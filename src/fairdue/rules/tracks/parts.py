"""The parts of a track's file: whom it tells, evidence, clock and extensions, decisions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from fairdue.core.codes import Role
from fairdue.core.errors import Lang
from fairdue.core.tracks import Then
from fairdue.rules.clocks import Clock, read_clock
from fairdue.rules.reading import Lines, Reading
from fairdue.rules.tasks import load_task_kinds

MARKS = ("", "INCAPABLE")
TELL = ("task", "role", "zh", "en")
CHOICE = ("zh", "en", "then", "by", "next")


@dataclass(frozen=True)
class Tell:
    """A task for a role; without a clock of its own it is due with the track."""

    task: str
    role: Role
    detail: Mapping[Lang, str]
    clock: Clock | None


@dataclass(frozen=True)
class EvidenceKind:
    """Something that shows what is true, and who has it."""

    code: str
    label: Mapping[Lang, str]
    held_by: Mapping[Lang, str]
    words: bool  # what the person said when it was opened is this evidence
    marks: str  # a fact about the person that it shows: INCAPABLE (dead or without full capacity); empty: none


@dataclass(frozen=True)
class Extension:
    """A longer time, counted from the same start; who may approve it, and whether the customer is told."""

    clock: Clock
    approvers: frozenset[Role]
    when: Mapping[Lang, str]
    tells_customer: bool


@dataclass(frozen=True)
class Choice:
    """One way the track can be decided."""

    code: str
    label: Mapping[Lang, str]
    then: Then
    by: frozenset[Role]
    needs: tuple[str, ...]
    next: Mapping[Lang, str]
    tasks: tuple[Tell, ...]
    review: Clock | None


Parts = tuple[tuple[Tell, ...], tuple[EvidenceKind, ...], Clock, tuple[Extension, ...], tuple[Choice, ...]]


def read_parts(reading: Reading, said: Lines) -> Parts | None:
    """Everything in a track's file that has parts of its own; None and faults where something is wrong."""
    tells = _tells(reading, said["tells"], "tells")
    evidence = _evidence(reading, said["evidence"])
    clock = read_clock(reading, said["clock"], "clock")
    extensions = _extensions(reading, said.get("extensions", []), clock)
    decisions = _decisions(reading, said["decisions"], {kind.code for kind in evidence})
    if not decisions and not reading.faults:
        reading.wrong(said.line_of("decisions"), "nothing can be decided", "没有可作出的决定",
                      "Write a decision.", "请补充决定。")  # fmt: skip
    return None if clock is None or reading.faults else (tells, evidence, clock, extensions, decisions)


def _tells(reading: Reading, said: Any, where: str) -> tuple[Tell, ...]:
    made = []
    for one in said if isinstance(said, list) else []:
        if not reading.keys(one, TELL, ("clock",), where):
            continue
        if one.get("task") not in load_task_kinds():
            _not_among(reading, one, "task", load_task_kinds())
        roles = _roles(reading, one, "role")
        clock = read_clock(reading, one["clock"], f"{where}, clock") if "clock" in one else None
        made += [Tell(one.get("task", ""), role, _words(one), clock) for role in roles]
    return tuple(made)


def _evidence(reading: Reading, said: Any) -> tuple[EvidenceKind, ...]:
    made = []
    for code, one in said.items() if isinstance(said, Lines) else ():
        if reading.keys(one, ("zh", "en", "from"), ("words", "marks"), f"evidence {code}"):
            if one.get("marks", "") not in MARKS:
                _not_among(reading, one, "marks", MARKS[1:])
            words, marks = one.get("words", False) is True, one.get("marks", "")
            made.append(EvidenceKind(code, _words(one), reading.both(one, "from"), words, marks))
    return tuple(made)


def _extensions(reading: Reading, said: Any, first: Clock | None) -> tuple[Extension, ...]:
    made: list[Extension] = []
    for one in said if isinstance(said, list) else []:
        if not reading.keys(one, ("clock", "approvers", "when"), ("tells_customer",), "an extension"):
            continue
        clock = read_clock(reading, one["clock"], "an extension's clock")
        before = made[-1].clock if made else first
        if clock and before and (clock.unit != before.unit or clock.count <= before.count):
            reading.wrong(one.line_of("clock"), "an extension is longer than what it extends, in the same unit",
                          "延长后的期限应更长且单位相同", "Count from the same start.", "请自同一起算日计算。")  # fmt: skip
        if clock:
            made.append(Extension(clock, frozenset(_roles(reading, one, "approvers")), reading.both(one, "when"),
                                  one.get("tells_customer", False) is True))  # fmt: skip
    return tuple(made)


def _decisions(reading: Reading, said: Any, evidence: Collection[str]) -> tuple[Choice, ...]:
    made = []
    for code, one in said.items() if isinstance(said, Lines) else ():
        if reading.keys(one, CHOICE, ("needs", "tasks", "review"), code):
            made.append(_choice(reading, code, one, evidence))
    return tuple(made)


def _choice(reading: Reading, code: str, said: Lines, evidence: Collection[str]) -> Choice:
    if said.get("then") not in Then.__members__:
        _not_among(reading, said, "then", Then.__members__)
    needs = said.get("needs", [])
    for need in [need for need in needs if need not in evidence]:
        reading.wrong(said.line_of("needs"), f"{code} needs '{need}', which is no evidence of this track",
                      f"{code} 所需“{need}”不在材料清单中", "Add it to 'evidence'.", "请在 evidence 中补充。")  # fmt: skip
    review = read_clock(reading, said["review"], f"{code}, review") if "review" in said else None
    if (said.get("then") == "HOLD") != ("review" in said):
        reading.wrong(said.line, f"{code}: what is held has a review, and nothing else has", f"{code}：仅暂缓须有复查期限",
                      "Give HOLD a review, or take it away.", "HOLD 须填写 review，其他不得填写。")  # fmt: skip
    return Choice(
        code, _words(said), Then.__members__.get(str(said.get("then")), Then.HOLD), frozenset(_roles(reading, said, "by")),
        tuple(needs), reading.both(said, "next"), _tells(reading, said.get("tasks", []), f"{code}, tasks"), review,
    )  # fmt: skip


def _roles(reading: Reading, said: Lines, key: str) -> list[Role]:
    told = said.get(key)
    names = [str(name) for name in told] if isinstance(told, list) else [str(told)]
    for name in [name for name in names if name not in Role.__members__]:
        reading.wrong(said.line_of(key), f"'{name}' is no role", f"“{name}”不是岗位",
                      f"Write of {', '.join(Role.__members__)}.", f"可填：{'、'.join(Role.__members__)}。")  # fmt: skip
    return [Role[name] for name in names if name in Role.__members__]


def _words(said: Lines) -> Mapping[Lang, str]:
    return {"zh": str(said.get("zh")), "en": str(said.get("en"))}


def _not_among(reading: Reading, said: Lines, key: str, known: Collection[str]) -> None:
    reading.wrong(said.line_of(key), f"'{key}' cannot be '{said.get(key)}'", f"“{key}”不能填“{said.get(key)}”",
                  f"Write one of {', '.join(known)}.", f"可填：{'、'.join(known)}。")  # fmt: skip
