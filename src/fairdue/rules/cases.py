"""The cases of a rule: situations a lawyer can read and sign, each with the verdict it must have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from fairdue.core.codes import UNKNOWN, Channel, Direction, Mode, Party
from fairdue.core.errors import Fault
from fairdue.core.facts import Facts, History, YesNo
from fairdue.core.guard import NEVER, Rule, Rulebook, judge, next_lawful
from fairdue.rules.reading import Reading, Wrong

EXPECTED = ("allowed", "refused", "unknown", "advised", "silent")
AT_LEAST = 3  # allowed, refused, boundary
PAST = ("at", "channel", "mode", "direction", "party", "person", "point", "answered", "talked", "reserved")
DEFAULT_ZONE = "Asia/Shanghai"


@dataclass(frozen=True)
class Situation:
    """One case: what is proposed, what happened before, what the rule must say, and from when it is allowed."""

    rule_id: str
    title: str
    day: date
    facts: Facts
    history: History
    expect: str
    following: int | None
    line: int
    file: str


def read_cases(folder: Path, rule: Any) -> tuple[list[Situation], list[Wrong]]:
    """The cases beside a rule, each tried on it: a case that comes out otherwise is a fault."""
    reading = Reading(folder / "cases.yaml", rule.file.replace("rule.yaml", "cases.yaml"))
    if not reading.faults and (not isinstance(reading.data, list) or len(reading.data) < AT_LEAST):
        reading.wrong(1, f"{rule.id} has fewer than {AT_LEAST} cases", f"{rule.id} 的案例少于 {AT_LEAST} 个",
                      "Write an allowed, a refused and a boundary case.", "请写出允许、拒绝和临界三种案例。")  # fmt: skip
    found = [s for said in (reading.data or []) if (s := _read(reading, rule.id, said))] if not reading.faults else []
    for situation in found:
        _try(reading, rule, situation)
    return found, reading.faults


def _read(reading: Reading, rule_id: str, said: Any) -> Situation | None:
    if not reading.keys(said, ("title", "given", "expect"), ("history", "next"), "a case"):
        return None
    if said["expect"] not in EXPECTED:
        reading.wrong(said.line_of("expect"), f"'{said['expect']}' is no verdict", f"“{said['expect']}”不是有效的判定",
                      f"Write one of {', '.join(EXPECTED)}.", f"可填：{'、'.join(EXPECTED)}。")  # fmt: skip
        return None
    try:
        given = {"zone": DEFAULT_ZONE, "person": 1, "point": 1} | said["given"]
        moment = wall(given["at"], given["zone"] or DEFAULT_ZONE)
        past = [row for entry in said.get("history") or [] for row in [entry] * int(entry.get("times", 1))]
        return Situation(
            rule_id, said["title"], moment.date(), Facts.from_rows([given | {"at": minute(moment)}]),
            history(past, given["zone"] or DEFAULT_ZONE), said["expect"],
            minute(wall(said["next"], given["zone"])) if said.get("next") else None, said.line, reading.shown,
        )  # fmt: skip
    except (Fault, KeyError, ValueError, TypeError) as error:
        reading.wrong(said.line, f"the case cannot be read: {error}", f"案例无法读取：{error}",
                      "Use names and values of the catalogue of facts.", "请使用事实目录中的名称和取值。")  # fmt: skip
        return None


def wall(said: Any, zone: str) -> datetime:
    """A local date and time as written in a case."""
    moment = said if isinstance(said, datetime) else datetime.fromisoformat(str(said))
    return moment.replace(tzinfo=ZoneInfo(zone)) if moment.tzinfo is None else moment


def minute(moment: datetime) -> int:
    """utc_minute of an aware datetime."""
    return int((moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() // 60)


def history(past: list[Mapping[str, Any]], zone: str) -> History:
    """Past contacts as written: outbound calls to the borrower unless said otherwise."""
    return History(
        at=_column(past, "at", lambda v: minute(wall(v, zone))),
        person=_column(past, "person", int, 1), point=_column(past, "point", int, 1),
        channel=_column(past, "channel", lambda v: Channel[v], Channel.CALL),
        mode=_column(past, "mode", lambda v: Mode[v], UNKNOWN),
        direction=_column(past, "direction", lambda v: Direction[v], Direction.OUT),
        party=_column(past, "party", lambda v: Party[v], Party.BORROWER),
        answered=_column(past, "answered", _yes), talked=_column(past, "talked", _yes),
        reserved=_column(past, "reserved", _yes, 0),
    )  # fmt: skip


def _yes(value: Any) -> int:
    return int(YesNo[{True: "YES", False: "NO"}.get(value, value)])


def _column(past: list[Mapping[str, Any]], name: str, read: Any, default: int = UNKNOWN) -> Any:
    return np.array([read(row[name]) if name in row else default for row in past], np.int64)


class _Only:
    """A pack of one rule, to ask about it alone."""

    def __init__(self, rule: Any) -> None:
        self.rule = rule
        self.changes = tuple(since for since, _ in rule.dated)

    def at(self, on: date) -> Rulebook:
        found: Rule | None = self.rule.at(on)
        return Rulebook((found,) if found else (), "", on)


def _try(reading: Reading, rule: Any, situation: Situation) -> None:
    said = verdict(_Only(rule), situation)
    if said != situation.expect:
        reading.wrong(situation.line, f"'{situation.title}' comes out {said}, not {situation.expect}",
                      f"案例“{situation.title}”的结果为 {said}，与预期 {situation.expect} 不符",
                      "Mend the rule or the case.", "请修正规则或案例。")  # fmt: skip
    if situation.following is not None:
        found = int(next_lawful(_Only(rule), situation.facts, situation.history)[0])
        if found != situation.following:
            when = datetime.fromtimestamp(found * 60, ZoneInfo(DEFAULT_ZONE)) if found != NEVER else "never"
            reading.wrong(situation.line, f"'{situation.title}' opens at {when}", f"案例“{situation.title}”的下一可行时间为 {when}",
                          "Mend the rule or the case.", "请修正规则或案例。")  # fmt: skip


def verdict(pack: Any, situation: Situation) -> str:
    """What one rule says of a situation: silent where it does not bind on that day."""
    book = pack.at(situation.day)
    if not book.rules:
        return "silent"
    said = judge(book, situation.facts, situation.history)
    if said.refused.any():
        return "refused"
    if said.unknown.any():
        return "unknown"
    return "advised" if said.advised.any() else "allowed"

