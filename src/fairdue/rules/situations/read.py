"""Reads one situation from JSON into plain Python values: every value checked, unknown keys named, nothing guessed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fairdue.core.errors import Fault
from fairdue.core.guard_catalogue import FACTS, Fact, Form, YesNo
from fairdue.core.guard_facts import UnknownFact
from fairdue.core.guard_history import PAST
from fairdue.rules.outcomes import load_outcomes
from fairdue.rules.situations import words
from fairdue.rules.situations.schema import FLAGS, OBJECTS, PLAIN_OUTCOMES, SCOPES, Key


class BadSituation(Fault):
    """A line that is no situation."""

    code = "situation.bad"
    en, en_remedy = "{path}: {what}.", "{fix}"
    zh, zh_remedy = "{path}：{what_zh}。", "{fix_zh}"


def bad(path: str, what: str, what_zh: str, fix: str, fix_zh: str) -> BadSituation:
    """One thing that is wrong in a situation, put together."""
    return BadSituation(path=path, what=what, what_zh=what_zh, fix=fix, fix_zh=fix_zh)


@dataclass(frozen=True)
class Situation:
    """A situation with every value read. `ignored`: paths of keys nobody reads."""

    said: Mapping[str, Any]
    zones: tuple[str, ...]
    ignored: tuple[str, ...] = field(default=())

    def part(self, name: str) -> Mapping[str, Any]:
        """An object in it; empty where it is not there."""
        return self.said.get(name) or {}

    def each(self, name: str) -> list[Mapping[str, Any]]:
        """A list in it; empty where it is not there."""
        return self.said.get(name) or []


def read(line: str) -> Situation:
    """The situation in a line. Raises `BadSituation`."""
    try:
        given = json.loads(line)
    except json.JSONDecodeError as error:
        raise bad(
            "line",
            f"this is not JSON ({error.msg} at column {error.colno})",
            f"不是有效的 JSON（第 {error.colno} 列）",
            "Write one JSON object a line.",
            "请每行写一个 JSON 对象。",
        ) from None
    reader = _Reader()
    said = reader.object("situation", given, "")
    zones = reader.zones
    return Situation(said, zones, tuple(reader.ignored))


class _Reader:
    def __init__(self) -> None:
        self.ignored: list[str] = []
        self.zones: tuple[str, ...] = ()

    def object(self, name: str, given: Any, path: str) -> dict[str, Any]:
        if not isinstance(given, dict):
            raise bad(
                path or "line", "this must be an object", "此处应为对象", 'Write {"key": value}.', "请写成 {“键”: 值}。"
            )
        keys = OBJECTS[name]
        self.ignored += [f"{path}{key}" for key in given if key not in keys]
        return {
            key: self.value(keys[key], given[key], f"{path}{key}") for key in keys if key in given
        }  # in the order of the table

    def value(self, key: Key, given: Any, path: str) -> Any:
        try:
            if key.written:
                return self.typed(key.written, given, path)
            return None if given is None else _number(key, given)
        except UnknownFact as fault:
            raise _no_value(path, key, fault.fields["value"]) from None

    def typed(self, kind: str, given: Any, path: str) -> Any:
        if kind.startswith("list:"):
            if given is None:
                return None
            if not isinstance(given, list):
                raise bad(path, "this must be a list", "此处应为列表", "Write [ … ].", "请写成 [ … ]。")
            return [self.object(kind[5:], one, f"{path}[{i}].") for i, one in enumerate(given)]
        if kind in OBJECTS:
            return None if given is None else self.object(kind, given, f"{path}.")
        if given is None:
            return None
        return getattr(self, f"_{kind}", self._text)(given, path)

    def _text(self, given: Any, path: str) -> str:
        if isinstance(given, dict | list):
            raise UnknownFact(name=path, value=given)
        return str(given)

    def _ids(self, given: Any, path: str) -> list[str]:
        return [self._text(one, path) for one in (given if isinstance(given, list) else [given])]

    def _zone(self, given: Any, path: str) -> tuple[str, ...]:
        del path
        self.zones = words.zones(given)
        return self.zones

    def _date(self, given: Any, path: str) -> int:
        return words.day(path, given)

    def _clock(self, given: Any, path: str) -> int:
        return words.clock(path, given)

    def _count(self, given: Any, path: str) -> int:
        if isinstance(given, bool) or not isinstance(given, int) or given < 1:
            raise UnknownFact(name=path, value=given)
        return given

    def _scope(self, given: Any, path: str) -> str:
        word = str(given).strip().lower()
        if word not in SCOPES:
            raise UnknownFact(name=path, value=given)
        return word

    def _outcome(self, given: Any, path: str) -> tuple[int, int]:
        word = str(given).strip().upper()
        if word in PLAIN_OUTCOMES:
            return PLAIN_OUTCOMES[word]
        known = load_outcomes().find(word)
        if known is None:
            raise UnknownFact(name=path, value=given)
        return known.answered, known.talked

    def _flags(self, given: Any, path: str) -> dict[str, Any]:
        """By flag: True, False, or an object with its days; a complete list says False of all others."""
        if isinstance(given, dict):
            found: dict[str, Any] = {}
            for name, value in given.items():
                self._flag(name, path, value, found)
            return found
        if not isinstance(given, list):
            raise bad(
                path,
                "this must be a list or a mapping of flags",
                "此处应为标记的列表或逐项是与否",
                "Write [ ] for none.",
                "没有则写 [ ]。",
            )
        found = dict.fromkeys(FLAGS, False)
        for i, one in enumerate(given):
            said = self.object("flag", one, f"{path}[{i}].") if isinstance(one, dict) else {"flag": str(one)}
            self._flag(str(said.get("flag")), path, said if len(said) > 1 else True, found)
        return found

    def _flag(self, name: str, path: str, value: Any, found: dict[str, Any]) -> None:
        word = name.strip().lower()
        if word not in FLAGS:
            raise bad(
                path,
                f"there is no flag '{name}'",
                f"没有标记“{name}”",
                f"Known: {', '.join(FLAGS)}.",
                f"可用：{'、'.join(FLAGS)}。",
            )
        if isinstance(value, dict) and "flag" not in value:
            value = self.object("flag", value, f"{path}.{word}.")
        found[word] = value


def _number(key: Key, given: Any) -> int:
    fact: Fact = FACTS.get(key.fact) or PAST[key.fact]
    if key.values is not None:
        return words.code(key.fact, key.values, given)
    if fact.form == Form.DAY:
        return words.day(key.fact, given)
    if isinstance(given, bool) or not isinstance(given, int):
        raise UnknownFact(name=key.fact, value=given)
    return given


def _no_value(path: str, key: Key, value: object) -> BadSituation:
    known = _known(key)
    return bad(
        path,
        f"'{value}' is no value for {key.en}",
        f"“{value}”不是“{key.zh}”的有效取值",
        f"Write {known[0]}.",
        f"请填写{known[1]}。",
    )


def _known(key: Key) -> tuple[str, str]:
    """What may be written, in English and in Chinese."""
    if key.values is YesNo:
        return "true or false", " true 或 false"
    if key.values is not None or key.written == "scope":
        listed = ", ".join(key.values.__members__ if key.values is not None else SCOPES)
        return f"one of {listed}", f"：{listed}"
    if key.written == "outcome":
        return f"{', '.join(PLAIN_OUTCOMES)} or an outcome code", f" {'、'.join(PLAIN_OUTCOMES)} 或结果码"
    form = FACTS[key.fact].form if key.fact in FACTS else Form.CODE
    return KNOWN["date" if form == Form.DAY else key.written or "number"]


KNOWN = {
    "time": ("a time like 2026-03-02T09:00", "时间，如 2026-03-02T09:00"),
    "zone": ("an IANA time zone like Asia/Shanghai", "IANA 时区，如 Asia/Shanghai"),
    "clock": ("a time of day like 20:30", "时刻，如 20:30"),
    "date": ("a date like 2026-03-02", "日期，如 2026-03-02"),
    "number": ("a whole number", "整数"),
    "count": ("a whole number from 1", "不小于 1 的整数"),
    **dict.fromkeys(("text", "id", "ref", "ids", "place"), ("text", "文字")),
}
