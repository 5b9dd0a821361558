"""Loads packs of rules and a lender's stricter policy on top. Whatever is wrong is said when loading, all at once."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from hashlib import sha256
from pathlib import Path

from fairdue.core.errors import Fault, Lang
from fairdue.core.guard import Rulebook
from fairdue.core.kinds import KINDS
from fairdue.rules.cases import Situation, read_cases
from fairdue.rules.reading import Reading, Wrong, WrongFiles
from fairdue.rules.schema import RuleFile, read_rule

HERE = Path(__file__).parent
PACKS, POLICIES = HERE / "packs", HERE / "policies"


class NoPack(Fault):
    """No folder of that name."""

    code = "rules.no-pack"
    en, en_remedy = "There is no pack or policy '{name}'.", "Available: {known}."
    zh, zh_remedy = "没有名为“{name}”的规则包或制度。", "可用：{known}。"


@dataclass(frozen=True)
class Pack:
    """Rules with their history. `at(date)` is what binds on that date; `revision` names this exact content."""

    name: str
    title: dict[Lang, str]
    rules: tuple[RuleFile, ...]
    situations: tuple[Situation, ...]

    @cached_property
    def revision(self) -> str:
        """SHA-256 over every rule's content: what a stored decision refers to."""
        said = sorted((rule.id, rule.said) for rule in self.rules)
        return sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()

    @cached_property
    def changes(self) -> tuple[date, ...]:
        """The dates on which something begins or ends to bind."""
        return tuple(sorted({since for rule in self.rules for since, _ in rule.dated}))

    def at(self, on: date) -> Rulebook:
        """What binds on a date."""
        last = max((change for change in self.changes if change <= on), default=date.min)
        return self._book(last)

    def _book(self, since: date) -> Rulebook:
        if since not in self._books:
            found = [rule.at(since) for rule in self.rules]
            self._books[since] = Rulebook(tuple(r for r in found if r is not None), self.revision, since)
        return self._books[since]

    @cached_property
    def _books(self) -> dict[date, Rulebook]:
        return {}

    @cached_property
    def by_id(self) -> dict[str, RuleFile]:
        """Rules by their id."""
        return {rule.id: rule for rule in self.rules}


@cache
def load_pack(name: str, policy: str = "") -> Pack:
    """A pack by name, with a lender's policy on top where one is named. Raises `WrongFiles`, `NoPack`."""
    pack = read_pack(_folder(PACKS, name))
    return read_policy(_folder(POLICIES, policy), pack) if policy else pack


def _folder(under: Path, name: str) -> Path:
    folder = under / name
    if not name or not (folder / "pack.yaml").is_file():
        known = ", ".join(sorted(p.parent.name for p in under.glob("*/pack.yaml")))
        raise NoPack(name=name, known=known)
    return folder


def read_pack(folder: Path) -> Pack:
    """The pack in a folder, and the packs it includes. Raises `WrongFiles`."""
    reading = Reading(folder / "pack.yaml", f"{folder.name}/pack.yaml")
    reading.keys(reading.data, ("title",), ("includes", "stricter_than"), "a pack")
    title = reading.both(reading.data, "title") if not reading.faults else {"zh": "", "en": ""}
    rules, situations, faults = _read_folders(folder)
    included = [load_pack(name) for name in (reading.data or {}).get("includes", [])] if not reading.faults else []
    rules = [rule for pack in included for rule in pack.rules] + rules
    situations = [s for pack in included for s in pack.situations] + situations
    faults += _twice(rules)
    if reading.faults or faults:
        raise WrongFiles([*reading.faults, *faults])
    return Pack(folder.name, title, tuple(rules), tuple(situations))


def _read_folders(folder: Path) -> tuple[list[RuleFile], list[Situation], list[Wrong]]:
    rules: list[RuleFile] = []
    situations: list[Situation] = []
    faults: list[Wrong] = []
    for path in sorted(folder.glob("*/*/rule.yaml")):
        reading = Reading(path, f"{folder.name}/{path.parent.parent.name}/{path.parent.name}/rule.yaml")
        rule = read_rule(reading)
        faults += reading.faults
        if rule is not None:
            found, wrong = read_cases(path.parent, rule)
            rules.append(rule)
            situations += found
            faults += wrong
    return rules, situations, faults


def _twice(rules: Iterable[RuleFile]) -> list[Wrong]:
    seen: dict[str, str] = {}
    faults = []
    for rule in rules:
        if rule.id in seen:
            faults.append(_fault(rule, f"the id {rule.id} stands in {seen[rule.id]} too", f"规则编号 {rule.id} 与 {seen[rule.id]} 重复",
                                 "Give it an id of its own.", "请使用不重复的编号。"))  # fmt: skip
        seen[rule.id] = rule.file
    return faults


def _fault(rule: RuleFile, what: str, what_zh: str, fix: str, fix_zh: str) -> Wrong:
    return Wrong(file=rule.file, line=1, what=what, what_zh=what_zh, fix=fix, fix_zh=fix_zh)


def read_policy(folder: Path, base: Pack) -> Pack:
    """A lender's policy on top of a pack: it may only be stricter, and that is proven here. Raises `WrongFiles`.

    A rule of its own can only refuse more. A rule that `tightens` another takes its place beside it and must be at least
    as strict on every date: each value stricter by its kind, each condition as wide.
    """
    own = read_pack(folder)
    faults = [fault for rule in own.rules for fault in _looser(rule, base)]
    if faults:
        raise WrongFiles(faults)
    return Pack(f"{base.name}+{own.name}", base.title, base.rules + own.rules, base.situations + own.situations)


def _looser(rule: RuleFile, base: Pack) -> list[Wrong]:
    if not rule.tightens:
        return []
    law = base.by_id.get(rule.tightens)
    if law is None or law.kind != rule.kind:
        return [_fault(rule, f"it tightens {rule.tightens}, which is no rule of its kind", f"所收紧的 {rule.tightens} 不是同类规则",
                       "Name a rule of the pack of the same kind.", "请填写规则包内同类规则的编号。")]  # fmt: skip
    narrower = [name for name, values in rule.when.items() if not law.when.get(name, frozenset()) or not values >= law.when[name]]
    dates = sorted({since for since, _ in (*rule.dated, *law.dated) if since >= rule.since})
    weaker = [on for on in dates if not _as_strict(rule, law, on)]
    if not narrower and not weaker:
        return []
    why = f"narrower in {', '.join(narrower)}" if narrower else f"weaker from {weaker[0]}"
    return [_fault(rule, f"it is looser than {law.id} ({why})", f"比 {law.id} 宽松（{'、'.join(narrower) or weaker[0]}）",
                   "A policy may only be stricter than the law.", "机构制度只能严于法律规则。")]  # fmt: skip


def _as_strict(rule: RuleFile, law: RuleFile, on: date) -> bool:
    ours, theirs = rule.at(on), law.at(on)
    if theirs is None:
        return True
    return ours is not None and KINDS[rule.kind].stricter(ours.values, theirs.values)
