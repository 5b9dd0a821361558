"""What a rule file may say, turned into a frozen `RuleFile`, or into faults with file and line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from fairdue.core.codes import Channel, Code, Mode
from fairdue.core.errors import Lang
from fairdue.core.facts import FACTS
from fairdue.core.guard import Rule
from fairdue.core.kinds import KINDS, SCOPES, UNITS
from fairdue.rules.reading import Lines, Reading

NEEDED = ("id", "kind", "title", "reference", "confidence", "values", "remedy")
ALLOWED = ("when", "severity", "tightens", "note", "house")
CONFIDENCE: Mapping[str, Mapping[Lang, str]] = {
    "V": {"zh": "条文原文已核对", "en": "text of the clause seen"},
    "S": {"zh": "二手资料", "en": "secondary source"},
    "S-": {"zh": "单一或含糊的二手资料", "en": "one weak source"},
    "M": {"zh": "凭记忆，未核实", "en": "from memory, not verified"},
    "H": {"zh": "本系统自定规则，非法律", "en": "house rule, not law"},
}


@dataclass(frozen=True)
class RuleFile:
    """One rule with its texts and its values by date (None from a date: abolished)."""

    id: str
    kind: str
    title: Mapping[Lang, str]
    instrument: Mapping[Lang, str]
    article: str
    link: str
    confidence: str
    severity: str
    when: Mapping[str, frozenset[int]]
    dated: tuple[tuple[date, Mapping[str, Any] | None], ...]
    remedy: Mapping[Lang, str]
    tightens: str
    note: str
    said: str
    file: str

    def at(self, on: date) -> Rule | None:
        """The rule as it stands on a date; None before it binds and after it is abolished."""
        values = next((v for since, v in reversed(self.dated) if since <= on), None)
        if values is None:
            return None
        return Rule(self.id, self.kind, self.when, values, advice=self.severity == "advise")

    @property
    def since(self) -> date:
        """The first day the rule binds."""
        return self.dated[0][0]


def read_rule(reading: Reading) -> RuleFile | None:
    """The rule in a file; None when it is not fit to be one (the reading then holds the faults)."""
    said = reading.data
    if reading.faults or not reading.keys(said, NEEDED, ALLOWED, "a rule"):
        return None
    if said.get("kind") not in KINDS:
        reading.wrong(said.line_of("kind"), f"there is no kind '{said.get('kind')}'", f"没有规则类型“{said.get('kind')}”",
                      f"Kinds: {', '.join(KINDS)}.", f"可用类型：{'、'.join(KINDS)}。")  # fmt: skip
        return None
    reference = said.get("reference")
    if reading.keys(reference, ("instrument", "article"), ("link", "seen"), "the reference"):
        instrument = reading.both(reference, "instrument")
    else:
        reference, instrument = Lines(said.line), {"zh": "", "en": ""}
    _one_of(reading, said, "confidence", CONFIDENCE)
    _one_of(reading, said, "severity", ("refuse", "advise"), default="refuse")
    rule = RuleFile(
        id=str(said.get("id")), kind=said["kind"], title=reading.both(said, "title"), instrument=instrument,
        article=str(reference.get("article", "")), link=str(reference.get("link", "")),
        confidence=str(said.get("confidence")), severity=said.get("severity", "refuse"),
        when=_conditions(reading, said), dated=_dated(reading, said), remedy=reading.both(said, "remedy"),
        tightens=str(said.get("tightens", "")), note=str(said.get("note", "")), said=repr(said), file=reading.shown,
    )  # fmt: skip
    return None if reading.faults else rule


def _one_of(reading: Reading, said: Lines, key: str, known: Any, default: str | None = None) -> None:
    if said.get(key, default) not in known:
        reading.wrong(said.line_of(key), f"'{said.get(key)}' is no {key}", f"“{said.get(key)}”不是有效的 {key}",
                      f"Write one of {', '.join(known)}.", f"可填：{'、'.join(known)}。")  # fmt: skip


def _conditions(reading: Reading, said: Lines) -> dict[str, frozenset[int]]:
    when = said.get("when")
    if when is None:
        return {}
    if not isinstance(when, Lines):
        reading.wrong(said.line_of("when"), "'when' must be a mapping", "“when”应为键值结构", "Write 'fact: [values]'.",
                      "请写成“事实: [取值]”。")  # fmt: skip
        return {}
    return {name: codes_of(reading, when, name, name) for name in when}


def codes_of(reading: Reading, said: Lines, key: str, fact: str) -> frozenset[int]:
    """The values of a fact named in a list. An empty list could never hold: that is a fault."""
    known = FACTS.get(fact)
    if known is None or known.values is None:
        reading.wrong(said.line_of(key), f"'{fact}' is no fact with a list of values", f"“{fact}”不是可列举取值的事实",
                      "See the catalogue of facts.", "请对照事实目录。")  # fmt: skip
        return frozenset()
    return _codes(reading, said, key, known.values)


def _codes(reading: Reading, said: Lines, key: str, values: type[Code]) -> frozenset[int]:
    names = said.get(key)
    names = names if isinstance(names, list) else [names]
    words = [{True: "YES", False: "NO"}.get(n, n) if isinstance(n, bool) else str(n) for n in names]
    bad = [word for word in words if word not in values.__members__]
    if bad or not words:
        reading.wrong(said.line_of(key), f"'{key}' cannot be {bad or 'empty'}", f"“{key}”的取值无效：{bad or '空'}",
                      f"Values: {', '.join(values.__members__)}.", f"可用取值：{'、'.join(values.__members__)}。")  # fmt: skip
    return frozenset(int(values[word]) for word in words if word in values.__members__)


def _dated(reading: Reading, said: Lines) -> tuple[tuple[date, Mapping[str, Any] | None], ...]:
    values = said.get("values")
    if not isinstance(values, Lines) or not values:
        reading.wrong(said.line_of("values"), "'values' must name a date", "“values”须写明生效日期",
                      "Write '2025-02-28: {…}'.", "请写成“2025-02-28: {…}”。")  # fmt: skip
        return ()
    found: list[tuple[date, Mapping[str, Any] | None]] = []
    for key, value in values.items():
        since = _day(reading, values, key)
        if since and found and since <= found[-1][0]:
            reading.wrong(values.line_of(key), "the dates do not rise", "日期未按先后排列", "Put them in order.", "请按日期排序。")
        if since:
            found.append((since, None if value is None else _values(reading, said["kind"], values, key)))
    if found and all(value is None for _, value in found):
        reading.wrong(values.line, "the rule is never in force", "该规则从未生效", "Give a value or remove it.", "请给出取值或删除。")
    return tuple(found)


def _day(reading: Reading, values: Lines, key: str) -> date | None:
    try:
        return date.fromisoformat(key)
    except ValueError:
        reading.wrong(values.line_of(key), f"'{key}' is no date", f"“{key}”不是日期", "Write YYYY-MM-DD.", "请写成 YYYY-MM-DD。")
        return None


def _values(reading: Reading, kind: str, parent: Lines, since: str) -> dict[str, Any]:
    said = parent[since]
    keys = KINDS[kind].keys
    if not keys:
        return {}
    if not reading.keys(said, [k for k in keys if k != "modes"], keys, f"the values of {kind}"):
        return {}
    return {key: _value(reading, said, key, keys[key]) for key in keys if key in said or key == "modes"}


def _value(reading: Reading, said: Lines, key: str, form: str) -> Any:
    value = said.get(key)
    if key == "modes":
        return sorted(_codes(reading, said, key, Mode)) if value else []
    if key == "channels":
        return sorted(_codes(reading, said, key, Channel))
    if form == "a list of codes of the fact":
        return sorted(codes_of(reading, said, key, str(said.get("fact"))))
    if form == "a time of day":
        return _minute(reading, said, key)
    fits = {
        "yes or no": isinstance(value, bool),
        "the name of a fact": value in FACTS,
        "person or point": value in SCOPES,
        "a whole number": isinstance(value, int),
        "a whole number from 0": isinstance(value, int) and value >= 0,
        "a whole number above 0": isinstance(value, int) and value > 0,
    }.get(form, value in UNITS)
    if not fits:
        reading.wrong(said.line_of(key), f"'{key}' must be {form}, not {value!r}", f"“{key}”的值 {value!r} 不合要求",
                      "Mend the value.", "请修正取值。")  # fmt: skip
    return value


def _minute(reading: Reading, said: Lines, key: str) -> int:
    try:
        at = time.fromisoformat(str(said.get(key)))
    except ValueError:
        reading.wrong(said.line_of(key), f"'{said.get(key)}' is no time of day", f"“{said.get(key)}”不是时刻",
                      "Write it like \"22:00\", in quotes.", "请写成带引号的 \"22:00\"。")  # fmt: skip
        return 0
    return at.hour * 60 + at.minute
