"""The cases of a rule: situations a lawyer can read and sign, each with the verdict it must have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fairdue.core.errors import Lang
from fairdue.core.guard import FACTS, NEVER, Facts, History, Rulebook, UnknownFact, judge, next_lawful
from fairdue.core.guard_history import PAST, past_code
from fairdue.rules.faults import said
from fairdue.rules.reading import Lines, Reading, Wrong
from fairdue.rules.schema import RuleFile

EXPECTED = ("allowed", "refused", "unknown", "advised", "silent")
AT_LEAST = 3  # allowed, refused, boundary
DEFAULT_ZONE = "Asia/Shanghai"
CONSENTS = tuple(name for name, fact in FACTS.items() if fact.path.startswith("consents") and fact.values)
USUAL = {  # what a case need not say
    "zone": DEFAULT_ZONE, "person": 1, "debtor": 1, "debt": 1, "point": 1, "direction": "OUT",
    **dict.fromkeys(CONSENTS, "NO"),
}  # fmt: skip
USUAL_PAST = {
    "person": 1,
    "debtor": 1,
    "debt": 1,
    "point": 1,
    "channel": "CALL",
    "direction": "OUT",
    "party": "BORROWER",
}
FAR_DAYS = 800  # how far ahead a case may look for the lawful time
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
    listed = reading.data if isinstance(reading.data, list) else []
    found = [case for one in listed if (case := _read(reading, rule.id, one)) is not None]
    for case in found:
        _try(reading, rule, case)
    if not reading.faults:
        _enough(reading, rule, found)
    return found, reading.faults


def _enough(reading: Reading, rule: RuleFile, found: list[Situation]) -> None:
    if len(found) < AT_LEAST:
        reading.wrong(1, *said("few-cases", rule=rule.id, least=AT_LEAST))
        return
    for verdict in ("allowed", "advised" if rule.severity == "advise" else "refused"):
        if verdict not in {case.expect for case in found}:
            reading.wrong(1, *said("no-case-for", rule=rule.id, verdict=verdict))


def _read(reading: Reading, rule_id: str, case: Any) -> Situation | None:
    before = len(reading.faults)
    if not reading.keys(case, ("title", "given", "expect"), ("history", "next"), "a case") or not _shaped(
        reading, case
    ):
        return None
    title = reading.both(case, "title")
    if case["expect"] not in EXPECTED:
        known = ", ".join(EXPECTED)
        reading.wrong(case.line_of("expect"), *said("no-such", key="expect", value=case["expect"], known=known))
    try:
        given = USUAL | case["given"]
        zone = given["zone"] or DEFAULT_ZONE
        at = wall(given["at"], zone)
        facts = Facts.from_rows([given | {"at": minute(at)}])
        found = Situation(
            rule_id, title, at.date(), facts, history(case, zone), case["expect"], _next(case, zone), reading.shown,
            case.line,
        )  # fmt: skip
    except UnknownFact as fault:
        _unknown(reading, case, str(fault.fields["name"]), fault.fields["value"])
    except (KeyError, ValueError, TypeError) as error:
        reading.wrong(case.line, *said("bad-case", error=error))
    return None if len(reading.faults) > before else found


def _shaped(reading: Reading, case: Lines) -> bool:
    """Whether what is given and what went before are mappings with known keys."""
    before = len(reading.faults)
    reading.keys(case.get("given"), ("at",), FACTS, "what is given")
    for one in case.get("history") or []:
        reading.keys(one, ("at",), ("times", *PAST), "a past contact")
    return len(reading.faults) == before


def _unknown(reading: Reading, case: Lines, name: str, value: object) -> None:
    """A code that its list does not hold, in what is given or in the past."""
    lines = next((one for one in (case["given"], *(case.get("history") or [])) if name in one), case)
    values = FACTS[name].values if name in FACTS else PAST[name].values
    known = ", ".join(values.__members__) if values else "…"
    reading.wrong(lines.line_of(name), *said("no-such", key=name, value=value, known=known))


def wall(written: Any, zone: str) -> datetime:
    """A local date and time as written in a case."""
    moment = written if isinstance(written, datetime) else datetime.fromisoformat(str(written))
    return moment.replace(tzinfo=ZoneInfo(zone)) if moment.tzinfo is None else moment


def minute(moment: datetime) -> int:
    """The utc_minute of an aware datetime."""
    return (moment - EPOCH) // timedelta(minutes=1)


def _next(case: Lines, zone: str) -> int | None:
    if "next" not in case:
        return None
    return NEVER if case["next"] == "never" else minute(wall(case["next"], zone))


def history(case: Lines, zone: str) -> History:
    """Past contacts as written: outbound calls to the borrower at the same point, unless said otherwise."""
    past = [row for entry in case.get("history") or [] for row in [entry] * int(entry.get("times", 1))]
    at = [minute(wall(row["at"], zone)) for row in past]
    told = [USUAL_PAST | {name: row[name] for name in row if name in PAST} for row in past]
    names = sorted({name for row in told for name in row} - {"at"})
    return History.of(at=at, **{name: [past_code(name, row.get(name)) for row in told] for name in names})


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
    pack, titles = _Alone(rule), {f"title_{lang}": title for lang, title in case.title.items()}
    found = verdict(pack.at(case.on), case)
    if found != case.expect:
        reading.wrong(case.line, *said("case-differs", found=found, expected=case.expect, **titles))
    if case.next_lawful is not None:
        then = int(next_lawful(pack, case.facts, case.history, FAR_DAYS)[0])
        if then != case.next_lawful:
            reading.wrong(case.line, *said("next-differs", found=_when(then, case), **titles))


def _when(at: int, case: Situation) -> str:
    zone = case.facts.zones[0] if case.facts.zones else DEFAULT_ZONE
    moment = (EPOCH + timedelta(minutes=at)).astimezone(ZoneInfo(zone))
    return "never" if at == NEVER else f"{moment:%Y-%m-%d %H:%M}"


def verdict(book: Rulebook, case: Situation) -> str:
    """What the rule of a one-rule book says of a situation: silent where it does not bind on that day."""
    if not book.rules:
        return "silent"
    found = judge(book, case.facts, case.history)
    bits = {"refused": found.refused, "unknown": found.unknown, "advised": found.advised}
    return next((word for word, words in bits.items() if words.any()), "allowed")
