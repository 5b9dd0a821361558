"""The cases of a rule: situations a lawyer can read and sign, each with the verdict it must have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from fairdue.core.codes import NO, UNKNOWN, Channel, Code, Direction, Mode, Party
from fairdue.core.errors import Fault, Lang
from fairdue.core.guard import NEVER, Facts, History, Rulebook, judge, next_lawful
from fairdue.core.guard_facts import YesNo, code_of
from fairdue.rules.reading import Lines, Reading, Wrong
from fairdue.rules.schema import RuleFile

EXPECTED = ("allowed", "refused", "unknown", "advised", "silent")
AT_LEAST = 3  # allowed, refused, boundary
DEFAULT_ZONE = "Asia/Shanghai"
USUAL = {"zone": DEFAULT_ZONE, "person": 1, "point": 1, "direction": "OUT"}  # what a case need not say
PAST: Mapping[str, tuple[type[Code] | None, int]] = {
    "person": (None, 1),
    "point": (None, 1),
    "channel": (Channel, Channel.CALL),
    "mode": (Mode, UNKNOWN),
    "direction": (Direction, Direction.OUT),
    "party": (Party, Party.BORROWER),
    "answered": (YesNo, UNKNOWN),
    "talked": (YesNo, UNKNOWN),
    "reserved": (YesNo, NO),
}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Situation:
    """One case: what is proposed, what happened before, what the rule must say, and from when it is allowed."""

    rule: str
    title: Mapping[Lang, str]
    on: date
    facts: Facts
    history: History
    expect: str
    next_lawful: int | None  # utc_minute, NEVER; None where the case does not say
    file: str
    line: int


def read_cases(folder: Path, rule: RuleFile) -> tuple[list[Situation], list[Wrong]]:
    """The cases beside a rule, each tried on it: a case that comes out otherwise is a fault."""
    reading = Reading(folder / "cases.yaml", rule.file.replace("rule.yaml", "cases.yaml"))
    if reading.faults:
        return [], reading.faults
    said = reading.data if isinstance(reading.data, list) else []
    found = [case for one in said if (case := _read(reading, rule.id, one)) is not None]
    if not reading.faults:
        _enough(reading, rule, found)
    for case in found:
        _try(reading, rule, case)
    return found, reading.faults


def _enough(reading: Reading, rule: RuleFile, found: list[Situation]) -> None:
    if len(found) < AT_LEAST:
        reading.wrong(1, f"{rule.id} has fewer than {AT_LEAST} cases", f"{rule.id} 的案例少于 {AT_LEAST} 个",
                      "Write an allowed, a refused and a boundary case.", "请写出允许、拒绝和临界三种案例。")  # fmt: skip
        return
    for verdict in ("allowed", "advised" if rule.severity == "advise" else "refused"):
        if verdict not in {case.expect for case in found}:
            reading.wrong(1, f"{rule.id} has no case that comes out {verdict}", f"{rule.id} 没有结果为 {verdict} 的案例",
                          "Write one: it shows that the rule can be reached.", "请补充，以证明规则确能触发。")  # fmt: skip


def _read(reading: Reading, rule_id: str, said: Any) -> Situation | None:
    before = len(reading.faults)
    if not reading.keys(said, ("title", "given", "expect"), ("history", "next"), "a case") or not _shaped(reading, said):
        return None
    if said["expect"] not in EXPECTED:
        reading.wrong(said.line_of("expect"), f"'{said['expect']}' is no verdict", f"“{said['expect']}”不是有效的判定",
                      f"Write one of {', '.join(EXPECTED)}.", f"可填：{'、'.join(EXPECTED)}。")  # fmt: skip
    title = reading.both(said, "title")
    try:
        given = USUAL | said["given"]
        zone = given["zone"] or DEFAULT_ZONE
        at = wall(given["at"], zone)
        case = Situation(
            rule_id, title, at.date(), Facts.from_rows([given | {"at": minute(at)}]), history(said, zone), said["expect"],
            _next(said, zone), reading.shown, said.line,
        )  # fmt: skip
    except Fault as fault:
        line = said["given"].line_of(str(fault.fields.get("name")))
        reading.wrong(line, fault.what("en").rstrip("."), fault.what("zh").rstrip("。"), fault.remedy("en"), fault.remedy("zh"))
    except (KeyError, ValueError, TypeError) as error:
        reading.wrong(said.line, f"the case cannot be read ({error})", f"案例无法读取（{error}）",
                      "Write times like 2026-03-02 22:00 and zones like Asia/Shanghai.",
                      "时间请写成 2026-03-02 22:00，时区请写成 Asia/Shanghai。")  # fmt: skip
    return None if len(reading.faults) > before else case


def _shaped(reading: Reading, said: Lines) -> bool:
    """Whether what is given and what went before are mappings with known keys."""
    if not reading.keys(said["given"], ("at",), said["given"] or (), "what is given"):
        return False
    past = said.get("history") or []
    return all([reading.keys(one, ("at",), ("times", *PAST), "a past contact") for one in past])


def wall(said: Any, zone: str) -> datetime:
    """A local date and time as written in a case."""
    moment = said if isinstance(said, datetime) else datetime.fromisoformat(str(said))
    return moment.replace(tzinfo=ZoneInfo(zone)) if moment.tzinfo is None else moment


def minute(moment: datetime) -> int:
    """The utc_minute of an aware datetime."""
    return (moment - EPOCH) // timedelta(minutes=1)


def _next(said: Lines, zone: str) -> int | None:
    if "next" not in said:
        return None
    return NEVER if said["next"] == "never" else minute(wall(said["next"], zone))


def history(said: Lines, zone: str) -> History:
    """Past contacts as written: outbound calls to the borrower at the same point, unless said otherwise."""
    past = [row for entry in said.get("history") or [] for row in [entry] * int(entry.get("times", 1))]
    columns = {name: [_past(name, row) for row in past] for name in PAST}
    at = [minute(wall(row["at"], zone)) for row in past]
    return History(at=np.array(at, np.int64), **{name: np.array(column, np.int64) for name, column in columns.items()})


def _past(name: str, row: Mapping[str, Any]) -> int:
    values, usual = PAST[name]
    if name not in row:
        return int(usual)
    return int(row[name]) if values is None else code_of(name, values, row[name])


@dataclass(frozen=True)
class _Alone:
    """A pack of one rule, to ask about it alone."""

    rule: RuleFile

    @property
    def changes(self) -> tuple[date, ...]:
        return tuple(since for since, _ in self.rule.dated)

    def at(self, on: date) -> Rulebook:
        found = self.rule.at(on)
        return Rulebook((found,) if found else (), "", on)


def _try(reading: Reading, rule: RuleFile, case: Situation) -> None:
    pack = _Alone(rule)
    said = verdict(pack.at(case.on), case)
    if said != case.expect:
        reading.wrong(case.line, f"'{case.title['en']}' comes out {said}, not {case.expect}",
                      f"案例“{case.title['zh']}”的结果为 {said}，与预期 {case.expect} 不符",
                      "Mend the rule or the case.", "请修正规则或案例。")  # fmt: skip
    found = int(next_lawful(pack, case.facts, case.history)[0]) if case.next_lawful is not None else None
    if found != case.next_lawful:
        reading.wrong(case.line, f"'{case.title['en']}' is allowed again {_when(found, 'en')}",
                      f"案例“{case.title['zh']}”的下一可行时间为{_when(found, 'zh')}",
                      "Mend the rule or the case.", "请修正规则或案例。")  # fmt: skip


def _when(at: int | None, lang: Lang) -> str:
    if at is None or at == NEVER:
        return "never" if lang == "en" else "无"
    moment = (EPOCH + timedelta(minutes=at)).isoformat(sep=" ", timespec="minutes")
    return f"at {moment}" if lang == "en" else f" {moment}"


def verdict(book: Rulebook, case: Situation) -> str:
    """What the rule of a one-rule book says of a situation: silent where it does not bind on that day."""
    if not book.rules:
        return "silent"
    said = judge(book, case.facts, case.history)
    words: Mapping[str, Callable[[], bool]] = {
        "refused": said.refused.any, "unknown": said.unknown.any, "advised": said.advised.any,
    }  # fmt: skip
    return next((word for word, spoken in words.items() if spoken()), "allowed")
