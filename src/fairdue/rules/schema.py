"""What a rule file may say, turned into a frozen `RuleFile`, or into faults with file and line."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from fairdue.core.codes import Act, Channel, Code, Direction, Mode, Party, PointKind
from fairdue.core.errors import Lang
from fairdue.core.guard import About, Rule
from fairdue.core.guard_facts import FACTS, UnknownFact, code_of
from fairdue.core.guard_facts import Form as FactForm
from fairdue.core.guard_history import LeavesOut, Scope, Unit
from fairdue.core.guard_kinds import Conditions, Form, Kind
from fairdue.core.guard_vocabulary import KINDS
from fairdue.rules.calendars import calendar
from fairdue.rules.faults import said
from fairdue.rules.reading import Lines, Reading

NEEDED = ("id", "kind", "title", "reference", "confidence", "values", "remedy")
ALLOWED = ("when", "unless", "severity", "tightens", "replaces", "narrowable", "note")
USUAL_ACT = frozenset({int(Act.CONTACT)})
CONFIDENCE: Mapping[str, Mapping[Lang, str]] = {
    "V": {"zh": "条文原文已核对", "en": "text of the clause checked"},
    "S": {"zh": "据二手资料，原文待核", "en": "from secondary sources"},
    "S-": {"zh": "仅有单一或含糊的二手资料", "en": "from one weak secondary source"},
    "M": {"zh": "凭记忆，未经核实", "en": "from memory, not verified"},
    "H": {"zh": "内部规则，并非法律规定", "en": "house rule, not law"},
}
SEVERITIES: Mapping[str, str] = {
    "refuse": "it refuses",
    "should": "the text says 'should not' (不宜): it refuses, unless a lender's policy makes it advice",
    "advise": "it is shown and never refuses",
}
Dated = tuple[tuple[date, Kind | None], ...]


@dataclass(frozen=True)
class RuleFile:
    """One rule with its texts, and its test by date (None from a date: abolished)."""

    id: str
    kind: str
    about: About
    severity: str
    when: Conditions
    unless: tuple[Conditions, ...]
    dated: Dated
    tightens: str
    replaces: str
    narrowable: tuple[str, ...]  # facts by which a lender may narrow the scope, with a reason
    note: Mapping[Lang, str]
    said: str  # the content as canonical JSON, from which a revision is computed
    file: str
    lines: Mapping[str, int]  # of the file's keys

    def at(self, on: date) -> Rule | None:
        """The rule as it stands on a date; None before it binds and after it is abolished."""
        test = next((test for since, test in reversed(self.dated) if since <= on), None)
        return (
            None if test is None else Rule(self.id, test, self.when, self.severity == "advise", self.about, self.unless)
        )

    @property
    def written(self) -> tuple[tuple[date, Mapping[str, Any] | None], ...]:
        """The values by date as the file writes them; None from a date: abolished."""
        values = json.loads(self.said)["values"]
        return tuple((since, values[since.isoformat()]) for since, _ in self.dated)

    @property
    def since(self) -> date:
        """The first day the rule binds."""
        return self.dated[0][0]


def read_rule(reading: Reading) -> RuleFile | None:
    """The rule in a file; None when it is not fit to be one (the reading then holds the faults)."""
    file = reading.data
    if reading.faults or not reading.keys(file, NEEDED, ALLOWED, "a rule") or not _one_of(reading, file, "kind", KINDS):
        return None
    _one_of(reading, file, "severity", SEVERITIES, default="refuse")
    when = {**(conditions(reading, file["when"], file.line_of("when")) if "when" in file else {})}
    when.setdefault("act", USUAL_ACT)  # a rule about another act than a contact says so
    rule = RuleFile(
        id=str(file.get("id")), kind=file["kind"], about=_about(reading, file), severity=file.get("severity", "refuse"),
        when=when, unless=_unless(reading, file), dated=_dated(reading, file, when),
        tightens=str(file.get("tightens", "")), replaces=str(file.get("replaces", "")),
        narrowable=_narrowable(reading, file), note=reading.both(file, "note") if "note" in file else {},
        said=json.dumps(file, sort_keys=True, ensure_ascii=False, default=str), file=reading.shown, lines=file.at,
    )  # fmt: skip
    return None if reading.faults else rule


def _unless(reading: Reading, file: Lines) -> tuple[Conditions, ...]:
    """The exceptions: sets of conditions, each of which silences the rule."""
    if "unless" not in file:
        return ()
    listed = file["unless"] if isinstance(file["unless"], list) else [None]
    return tuple(conditions(reading, one, file.line_of("unless")) for one in listed)


def _narrowable(reading: Reading, file: Lines) -> tuple[str, ...]:
    named = file.get("narrowable", [])
    for name in named if isinstance(named, list) else [named]:
        if name not in FACTS or FACTS[name].values is None:
            reading.wrong(file.line_of("narrowable"), *said("no-list", key=name))
    return tuple(named) if isinstance(named, list) else ()


def _about(reading: Reading, file: Lines) -> About:
    given = file.get("reference")
    reference = given if isinstance(given, Lines) else Lines(file.line)
    if given is not None:
        reading.keys(given, ("instrument", "article"), ("link",), "the reference")
    _one_of(reading, file, "confidence", CONFIDENCE)
    article = reference.get("article", "")
    plain: Mapping[Lang, str] = {"zh": str(article), "en": str(article)}
    return About(
        title=reading.both(file, "title"),
        instrument=reading.both(reference, "instrument") if "instrument" in reference else {},
        article=reading.both(reference, "article") if isinstance(article, Lines) else plain,
        link=str(reference.get("link", "")),
        confidence=str(file.get("confidence")),
        remedy=reading.both(file, "remedy"),
    )


def _one_of(reading: Reading, file: Lines, key: str, known: Collection[str], default: str = "") -> bool:
    value = file.get(key, default)
    if value in known:
        return True
    reading.wrong(file.line_of(key), *said("no-such", key=key, value=value, known=", ".join(known)))
    return False


def conditions(reading: Reading, given: Any, line: int) -> Conditions:
    """Facts with the values they may have. A fact without a list of values, or with none of them, is a fault."""
    if not isinstance(given, Lines) or not given:
        reading.wrong(line, *said("conditions"))
        return {}
    return {name: _codes(reading, given, name, FACTS[name].values if name in FACTS else None) for name in given}


def _codes(reading: Reading, given: Lines, key: str, values: type[Code] | None) -> frozenset[int]:
    listed = given[key] if isinstance(given[key], list) else [given[key]]
    line = given.line_of(key)
    if values is None:
        reading.wrong(line, *said("no-list", key=key))
        return frozenset()
    if not listed:
        reading.wrong(line, *said("never-holds", key=key))
    found = set()
    for word in listed:
        try:
            found.add(code_of(key, values, word.upper() if values is LeavesOut and isinstance(word, str) else word))
        except UnknownFact:
            reading.wrong(line, *said("no-such", key=key, value=word, known=", ".join(values.__members__)))
    return frozenset(found)


def _dated(reading: Reading, file: Lines, when: Conditions) -> Dated:
    values = file.get("values")
    if not isinstance(values, Lines) or not values:
        reading.wrong(file.line_of("values"), *said("no-dates"))
        return ()
    found: list[tuple[date, Kind | None]] = []
    for key, value in values.items():
        line = values.line_of(key)
        test = None if value is None else _test(reading, file["kind"], value, line)
        if test is not None and test.never_fails(when):
            reading.wrong(line, *said("never-refuses"))
        since = _day(reading, line, key)
        if since is not None:
            _follows(reading, line, found, (since, test))
            found.append((since, test))
    return tuple(found)


def _follows(
    reading: Reading, line: int, before: list[tuple[date, Kind | None]], new: tuple[date, Kind | None]
) -> None:
    since, test = before[-1] if before else (date.min, None)
    if new[0] <= since:
        reading.wrong(line, *said("not-rising"))
    if new[1] == test and not reading.faults:
        reading.wrong(line, *said("no-change"))


def _day(reading: Reading, line: int, key: str) -> date | None:
    try:
        return date.fromisoformat(key)
    except ValueError:
        reading.wrong(line, *said("no-date", value=key))
        return None


def _test(reading: Reading, kind: str, given: Any, line: int) -> Kind | None:
    made = KINDS[kind]
    forms: dict[str, Form] = {field.name: field.metadata["form"] for field in dataclasses.fields(made)}
    needed = [field.name for field in dataclasses.fields(made) if field.default is dataclasses.MISSING]
    before = len(reading.faults)
    values = given if isinstance(given, Lines) else Lines(line)
    reading.keys(values, needed, forms, f"the values of {kind}")
    read = {name: _value(reading, values, name, form) for name, form in forms.items() if name in values}
    return None if len(reading.faults) > before else made(**read)


def _value(reading: Reading, given: Lines, key: str, form: Form) -> Any:
    if form in LISTS:
        return _codes(reading, given, key, LISTS[form])
    if form == Form.ANY_OF and isinstance(given[key], list) and given[key]:
        return tuple(conditions(reading, one, given.line_of(key)) for one in given[key])
    try:
        return SINGLE[form](given[key])
    except (ValueError, KeyError):  # no such form, name or value
        reading.wrong(given.line_of(key), *said("bad-value", key=key, value=given[key], zh=form.zh, en=form.en))
        return None


def _whole(value: Any, least: float = float("-inf")) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise ValueError
    return value


def _clock(value: Any) -> int:
    found = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)", str(value))
    if not found:
        raise ValueError
    return int(found[1]) * 60 + int(found[2])


def _yes_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError  # noqa: TRY004  # one way to say that a value does not fit
    return value


def _number(value: Any) -> str:
    if FACTS[value].form not in (FactForm.MONEY, FactForm.COUNT):
        raise ValueError
    return str(value)


def _date(value: Any) -> str:
    if FACTS[value].form != FactForm.DAY:
        raise ValueError
    return str(value)


LISTS: Mapping[Form, type[Code]] = {
    Form.CHANNELS: Channel,
    Form.MODES: Mode,
    Form.DIRECTIONS: Direction,
    Form.PARTIES: Party,
    Form.POINT_KINDS: PointKind,
    Form.LEAVES_OUT: LeavesOut,
}
SINGLE: Mapping[Form, Callable[[Any], Any]] = {
    Form.CLOCK: _clock,
    Form.YES_NO: _yes_no,
    Form.FACT: _number,
    Form.DATE_FACT: _date,
    Form.FIGURE: lambda value: _whole(value) if isinstance(value, int) else _number(value),
    Form.WHOLE: _whole,
    Form.COUNT: lambda value: _whole(value, 0),
    Form.DAYS: lambda value: _whole(value, 1),
    Form.SCOPE: lambda value: Scope[str(value).upper()],
    Form.UNIT: lambda value: Unit[str(value).upper()],
    Form.CALENDAR: calendar,
}
