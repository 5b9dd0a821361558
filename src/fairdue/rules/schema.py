"""What a rule file may say, turned into a frozen `RuleFile`, or into faults with file and line."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from fairdue.core.codes import Channel, Code, Mode
from fairdue.core.errors import Lang
from fairdue.core.guard import About, Rule
from fairdue.core.guard_facts import FACTS, UnknownFact, code_of
from fairdue.core.guard_history import Scope, Unit
from fairdue.core.guard_kinds import KINDS, Conditions, Form, Kind
from fairdue.rules.reading import Lines, Reading

NEEDED = ("id", "kind", "title", "reference", "confidence", "values", "remedy")
ALLOWED = ("when", "severity", "tightens", "replaces", "note")
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
    dated: Dated
    tightens: str
    replaces: str
    note: str
    said: str  # the content as canonical JSON: what a revision is computed from
    file: str

    def at(self, on: date) -> Rule | None:
        """The rule as it stands on a date; None before it binds and after it is abolished."""
        test = next((test for since, test in reversed(self.dated) if since <= on), None)
        return None if test is None else Rule(self.id, test, self.when, self.severity == "advise", self.about)

    @property
    def since(self) -> date:
        """The first day the rule binds."""
        return self.dated[0][0]


def read_rule(reading: Reading) -> RuleFile | None:
    """The rule in a file; None when it is not fit to be one (the reading then holds the faults)."""
    said = reading.data
    if reading.faults or not reading.keys(said, NEEDED, ALLOWED, "a rule"):
        return None
    if not _one_of(reading, said, "kind", KINDS):
        return None
    severity = said.get("severity", "refuse")
    when = _when(reading, said)
    rule = RuleFile(
        id=str(said.get("id")), kind=said["kind"], about=_about(reading, said), severity=severity, when=when,
        dated=_dated(reading, said, when), tightens=str(said.get("tightens", "")), replaces=str(said.get("replaces", "")),
        note=str(said.get("note", "")), said=json.dumps(said, sort_keys=True, ensure_ascii=False, default=str),
        file=reading.shown,
    )  # fmt: skip
    _one_of(reading, said, "severity", SEVERITIES, default="refuse")
    return None if reading.faults else rule


def _about(reading: Reading, said: Lines) -> About:
    reference = said.get("reference")
    if not reading.keys(reference, ("instrument", "article"), ("link",), "the reference"):
        reference = Lines(said.line)
    _one_of(reading, said, "confidence", CONFIDENCE)
    article = reference.get("article", "")
    return About(
        title=reading.both(said, "title"),
        instrument=reading.both(reference, "instrument") if reference else {},
        article=reading.both(reference, "article") if isinstance(article, Lines) else {"zh": str(article), "en": str(article)},
        link=str(reference.get("link", "")), confidence=str(said.get("confidence")), remedy=reading.both(said, "remedy"),
    )  # fmt: skip


def _one_of(reading: Reading, said: Lines, key: str, known: Iterable[str], default: str | None = None) -> bool:
    if said.get(key, default) in known:
        return True
    words = ", ".join(known)
    reading.wrong(said.line_of(key), f"'{said.get(key)}' is no {key}", f"“{said.get(key)}”不是有效的 {key}",
                  f"Write one of {words}.", f"可填：{words}。")  # fmt: skip
    return False


def _when(reading: Reading, said: Lines) -> Conditions:
    if "when" not in said:
        return {}
    return conditions(reading, said["when"], said.line_of("when"))


def conditions(reading: Reading, said: Any, line: int) -> Conditions:
    """Facts with the values they may have. A fact without a list of values, or with none of them, is a fault."""
    if not isinstance(said, Lines) or not said:
        reading.wrong(line, "conditions must be a mapping", "条件应为键值结构",
                      "Write 'fact: [values]'.", "请写成“事实: [取值]”。")  # fmt: skip
        return {}
    return {name: _codes(reading, said, name, FACTS[name].values if name in FACTS else None) for name in said}


def _codes(reading: Reading, said: Lines, key: str, values: type[Code] | None) -> frozenset[int]:
    listed = said[key] if isinstance(said[key], list) else [said[key]]
    line = said.line_of(key)
    if values is None:
        reading.wrong(line, f"'{key}' is no fact with a list of values", f"“{key}”不是可列举取值的事实",
                      "See the catalogue of facts.", "请对照事实目录。")  # fmt: skip
        return frozenset()
    if not listed:
        reading.wrong(line, f"'{key}' has no values, so it can never hold", f"“{key}”没有取值，条件永远不成立",
                      "List values or remove it.", "请列出取值或删除。")  # fmt: skip
    found = set()
    for word in listed:
        try:
            found.add(code_of(key, values, word))
        except UnknownFact:
            names = ", ".join(values.__members__)
            reading.wrong(line, f"'{word}' is no value of {key}", f"“{key}”没有取值“{word}”",
                          f"Values: {names}.", f"可用取值：{names}。")  # fmt: skip
    return frozenset(found)


def _dated(reading: Reading, said: Lines, when: Conditions) -> Dated:
    values = said.get("values")
    if not isinstance(values, Lines) or not values:
        reading.wrong(said.line_of("values"), "'values' must name a date", "“values”须写明生效日期",
                      "Write '2025-02-28: {…}'.", "请写成“2025-02-28: {…}”。")  # fmt: skip
        return ()
    found: list[tuple[date, Kind | None]] = []
    for key, value in values.items():
        since = _day(reading, values, key)
        test = None if value is None else _test(reading, said["kind"], value, values.line_of(key))
        if since is not None:
            _follows(reading, values.line_of(key), found, since, test)
            found.append((since, test))
        if test is not None and test.never_fails(when):
            reading.wrong(values.line_of(key), "the rule can never refuse", "该规则永远不会触发",
                          "Mend the conditions or the values.", "请修正条件或取值。")  # fmt: skip
    return tuple(found)


def _follows(reading: Reading, line: int, before: list[tuple[date, Kind | None]], since: date, test: Kind | None) -> None:
    last = before[-1] if before else (date.min, None)
    if since <= last[0]:
        reading.wrong(line, "the dates do not rise", "日期未按先后排列", "Put them in order.", "请按日期排序。")
    if test == last[1]:
        reading.wrong(line, "nothing changes on this date", "该日期前后没有变化", "Remove it.", "请删除该日期。")


def _day(reading: Reading, values: Lines, key: str) -> date | None:
    try:
        return date.fromisoformat(key)
    except ValueError:
        line = values.line_of(key)
        reading.wrong(line, f"'{key}' is no date", f"“{key}”不是日期", "Write YYYY-MM-DD.", "请写成 YYYY-MM-DD。")
        return None


def _test(reading: Reading, kind: str, said: Any, line: int) -> Kind | None:
    made = KINDS[kind]
    forms: dict[str, Form] = {field.name: field.metadata["form"] for field in dataclasses.fields(made)}
    before = len(reading.faults)
    said = said if isinstance(said, Lines) else Lines(line)
    reading.keys(said, [name for name in forms if forms[name] != Form.MODES], forms, f"the values of {kind}")
    values = {name: _value(reading, said, name, form) for name, form in forms.items()}
    return None if len(reading.faults) > before else made(**values)


def _value(reading: Reading, said: Lines, key: str, form: Form) -> Any:
    if key not in said:
        return frozenset()  # voice modes, which may be left out; anything else is missing and a fault already
    if form in LISTS:
        return _codes(reading, said, key, LISTS[form])
    if form == Form.ANY_OF and isinstance(said[key], list) and said[key]:
        return tuple(conditions(reading, one, said.line_of(key)) for one in said[key])
    try:
        return SINGLE[form](said[key])
    except (ValueError, KeyError):  # no such form, name or value
        reading.wrong(said.line_of(key), f"'{key}' must be {form.value}, not '{said[key]}'",
                      f"“{key}”的值“{said[key]}”不合要求", "Mend the value.", "请修正取值。")  # fmt: skip
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
    if FACTS[value].values is not None:
        raise ValueError
    return str(value)


LISTS: Mapping[Form, type[Code]] = {Form.CHANNELS: Channel, Form.MODES: Mode}
SINGLE: Mapping[Form, Callable[[Any], Any]] = {
    Form.CLOCK: _clock,
    Form.YES_NO: _yes_no,
    Form.FACT: _number,
    Form.WHOLE: _whole,
    Form.COUNT: lambda value: _whole(value, 0),
    Form.DAYS: lambda value: _whole(value, 1),
    Form.SCOPE: lambda value: Scope[str(value).upper()],
    Form.UNIT: lambda value: Unit[str(value).upper()],
}
