"""What changes when a pack changes: which rules, and which answers to given situations."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from fairdue.core.errors import Fault, Lang
from fairdue.core.guard import Rulebook
from fairdue.rules.load import Pack, load_pack, read_pack
from fairdue.rules.situations import Answer, BadSituation, answer, read
from fairdue.rules.situations.answer import LATEST


class NoSuchPack(Fault):
    """What was named is no pack."""

    code = "rules.no-such-pack"
    en, en_remedy = "'{name}' names no pack.", "Write a pack, pack+policy, either with @DATE, or the folder of a pack."
    zh, zh_remedy = "“{name}”不是规则包。", "请写规则包、规则包+制度（均可加 @日期），或规则包所在文件夹。"


@dataclass(frozen=True)
class Fixed(Pack):
    """A pack as it stood on one day, whatever day is asked about."""

    day: date = date.min

    @property
    def changes(self) -> tuple[date, ...]:
        """None: it stands still."""
        return ()

    def at(self, on: date) -> Rulebook:
        """The rules of its day."""
        del on
        return self._book

    @cached_property
    def _book(self) -> Rulebook:
        found = (rule.at(self.day) for rule in self.rules)
        return Rulebook(tuple(rule for rule in found if rule), self.revision, self.day)


def named(name: str) -> Pack:
    """The pack of a name: `cn`, `cn+steady`, `cn@2026-01-29`, or a folder. Raises `NoSuchPack` and what loading raises."""
    where, _, day = name.partition("@")
    pack = read_pack(Path(where)) if Path(where, "pack.yaml").is_file() else load_pack(*where.split("+", 1))
    if not day:
        return pack
    try:
        on = date.fromisoformat(day)
    except ValueError:
        raise NoSuchPack(name=name) from None
    said = {field.name: getattr(pack, field.name) for field in dataclasses.fields(Pack)}
    return Fixed(**{**said, "name": name}, day=on)


@dataclass(frozen=True)
class Changed:
    """One situation that is answered otherwise. `line` counts from 1."""

    line: int
    id: Any
    before: Answer
    after: Answer

    def as_dict(self) -> dict[str, Any]:
        """For a program."""
        return {"line": self.line, "id": self.id, "before": _short(self.before), "after": _short(self.after)}

    def as_text(self) -> str:
        """For a person."""
        sides = (_short(one) for one in (self.before, self.after))
        return " → ".join(f"{'+' if one['allowed'] else '-'} {', '.join(one['rules']) or '·'}" for one in sides)


def _short(found: Answer) -> dict[str, Any]:
    said = found.as_dict()
    return {name: said[name] for name in ("allowed", "rules", "next_lawful")}


@dataclass(frozen=True)
class Difference:
    """Between two packs: rules only in one, rules worded otherwise, and situations answered otherwise of all asked."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    reworded: tuple[str, ...]
    asked: int
    changed: tuple[Changed, ...]
    unread: tuple[tuple[int, Fault], ...]

    def as_dict(self) -> dict[str, Any]:
        """For a program."""
        return {
            "added": list(self.added), "removed": list(self.removed), "reworded": list(self.reworded), "asked": self.asked,
            "changed": [one.as_dict() for one in self.changed],
            "unread": [{"line": line, "error": fault.as_dict()} for line, fault in self.unread],
        }  # fmt: skip

    def as_text(self, lang: Lang) -> str:
        """For a person."""
        words = WORDS[lang]
        lists = ((words[0], self.added), (words[1], self.removed), (words[2], self.reworded))
        lines = [f"{word}: {', '.join(rules) or '·'}" for word, rules in lists]
        if self.asked:
            lines.append(words[3].format(changed=len(self.changed), asked=self.asked))
        lines += [f"  {one.line} {one.id if one.id is not None else ''} {one.as_text()}" for one in self.changed]
        return "\n".join([*lines, *(f"  {line}: {fault.sentence(lang)}" for line, fault in self.unread)])


WORDS = {
    "en": (
        "Rules only in the second",
        "Rules only in the first",
        "Rules that differ",
        "{changed} of {asked} answers change",
    ),
    "zh": ("仅见于后者的规则", "仅见于前者的规则", "内容不同的规则", "{asked} 个结论中有 {changed} 个改变"),
}


def compare(before: Pack, after: Pack, lines: Iterable[str] = ()) -> Difference:
    """The difference between two packs, and between their answers to situations (JSON lines; their own `pack` is not used)."""
    dated = isinstance(before, Fixed) or isinstance(after, Fixed)
    old, new = _rules(before, dated=dated), _rules(after, dated=dated)
    asked, changed, unread = 0, [], []
    for number, line in enumerate(lines, 1):
        if line.strip():
            asked += 1
            try:
                said = read(line)
                found = answer(said, before), answer(said, after)
            except BadSituation as fault:
                unread.append((number, fault))
                continue
            if _short(found[0]) != _short(found[1]):
                changed.append(Changed(number, said.said.get("id"), *found))
    reworded = tuple(name for name in old.keys() & new.keys() if old[name] != new[name])
    return Difference(
        tuple(sorted(new.keys() - old.keys())), tuple(sorted(old.keys() - new.keys())), tuple(sorted(reworded)), asked,
        tuple(changed), tuple(unread),
    )  # fmt: skip


def _rules(pack: Pack, *, dated: bool) -> dict[str, tuple[object, ...]]:
    """What each rule says: its whole file, or, where packs are compared as they stand on days, what binds on its day."""
    if not dated:
        return {rule.id: (rule.said, rule.severity, rule.when) for rule in pack.rules}
    return {rule.id: (rule.test, rule.advice, rule.when, rule.unless) for rule in pack.at(LATEST).rules}
