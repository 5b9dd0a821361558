"""Loads packs of rules and a lender's stricter policy on top. Whatever is wrong is said when loading, all at once."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from hashlib import sha256
from pathlib import Path

from fairdue.core.errors import Fault, Lang
from fairdue.core.guard import Rulebook
from fairdue.rules.cases import Situation, read_cases
from fairdue.rules.policy import fault, loosened, looser
from fairdue.rules.reading import Lines, Reading, Wrong, WrongFiles
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
    """Rules with their history. `at(date)` is what binds on that date; `revision` names this exact content.

    `demo`: it has rules looser than the law and is for invented people only.
    """

    name: str
    title: Mapping[Lang, str]
    rules: tuple[RuleFile, ...]
    situations: tuple[Situation, ...]
    demo: bool = False

    @cached_property
    def revision(self) -> str:
        """SHA-256 (hex) over every rule's content and severity: what a stored decision refers to."""
        said = sorted((rule.id, rule.severity, rule.said) for rule in self.rules)
        return sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()

    @cached_property
    def changes(self) -> tuple[date, ...]:
        """The dates on which something begins or ends to bind, rising."""
        return tuple(sorted({since for rule in self.rules for since, _ in rule.dated}))

    def at(self, on: date) -> Rulebook:
        """What binds on a date."""
        since = max((change for change in self.changes if change <= on), default=date.min)
        if since not in self._books:
            found = (rule.at(since) for rule in self.rules)
            self._books[since] = Rulebook(tuple(rule for rule in found if rule), self.revision, since)
        return self._books[since]

    @cached_property
    def _books(self) -> dict[date, Rulebook]:
        return {}

    @cached_property
    def by_id(self) -> Mapping[str, RuleFile]:
        """The rules by id."""
        return {rule.id: rule for rule in self.rules}


@cache
def load_pack(name: str, policy: str = "") -> Pack:
    """A pack by name, with a lender's policy on top where one is named. Raises `WrongFiles`, `NoPack`."""
    pack = read_pack(_folder(PACKS, name))
    return load_policy(policy, on=pack) if policy else pack


def load_policy(name: str, on: Pack) -> Pack:
    """A lender's own policy by name on top of a pack: never looser. Raises `WrongFiles`, `NoPack`."""
    return read_policy(_folder(POLICIES, name), on)


def names(under: Path) -> tuple[str, ...]:
    """The packs or policies in a folder."""
    return tuple(sorted(path.parent.name for path in under.glob("*/pack.yaml")))


def _folder(under: Path, name: str) -> Path:
    if name not in names(under):
        raise NoPack(name=name, known=", ".join(names(under)))
    return under / name


def read_pack(folder: Path) -> Pack:
    """The pack in a folder with the packs it includes. Raises `WrongFiles`."""
    reading, title = _head(folder, ("includes", "demo"))
    own, situations, faults = _rules(folder)
    head = reading.data if not reading.faults else Lines(1)
    included = [load_pack(name) for name in head.get("includes", ())]
    inherited = [rule for pack in included for rule in pack.rules]
    demo = bool(head.get("demo")) or any(pack.demo for pack in included)
    faults += _replaced(own, inherited, demo=demo) + _tightening(own)
    gone = {rule.replaces for rule in own}
    rules = [rule for rule in inherited if rule.id not in gone] + own
    faults = [*reading.faults, *faults, *_twice(rules)]
    if faults:
        raise WrongFiles(faults)
    cases = [case for pack in included for case in pack.situations if case.rule not in gone] + situations
    return Pack(folder.name, title, tuple(rules), tuple(cases), demo)


def read_policy(folder: Path, base: Pack) -> Pack:
    """A lender's policy in a folder on top of a pack. Raises `WrongFiles`.

    Its rules stand beside those of the pack, so they can only refuse more; one that `tightens` a rule is proven to be at
    least as strict on every date. Only what the law words as 'should not' may be made advice (`advise: [ids]`).
    """
    reading, _ = _head(folder, ("advise",))
    own, situations, faults = _rules(folder)
    faults += [wrong for rule in own for wrong in looser(rule, base.by_id)]
    rules, unfit = loosened(reading, base.rules)
    faults = [*reading.faults, *faults, *unfit, *_twice([*base.rules, *own])]
    if faults:
        raise WrongFiles(faults)
    pack = dataclasses.replace(base, name=f"{base.name}+{folder.name}", rules=(*rules, *own))
    return dataclasses.replace(pack, situations=(*base.situations, *situations))


def _head(folder: Path, allowed: Iterable[str]) -> tuple[Reading, Mapping[Lang, str]]:
    reading = Reading(folder / "pack.yaml", f"{folder.name}/pack.yaml")
    if reading.faults or not reading.keys(reading.data, ("title",), allowed, "a pack"):
        return reading, {}
    return reading, reading.both(reading.data, "title")


def _rules(folder: Path) -> tuple[list[RuleFile], list[Situation], list[Wrong]]:
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
    return rules, situations, faults + _strays(folder)


def _strays(folder: Path) -> list[Wrong]:
    """Files that would be read by nobody: a rule in the wrong place would silently not bind."""
    known = {folder / "pack.yaml", *folder.glob("*/*/rule.yaml"), *folder.glob("*/*/cases.yaml")}
    found = sorted(path for path in folder.rglob("*") if path.is_file() and path not in known)
    return [
        Wrong(file=f"{folder.name}/{path.relative_to(folder).as_posix()}", line=1, what="nothing reads this file",
              what_zh="该文件不会被读取", fix="A rule is <area>/<rule>/rule.yaml with its cases.yaml.",
              fix_zh="规则应放在 <领域>/<规则>/rule.yaml，并附 cases.yaml。")
        for path in found if path.suffix in (".yaml", ".yml")
    ]  # fmt: skip


def _twice(rules: Iterable[RuleFile]) -> list[Wrong]:
    seen: dict[str, str] = {}
    faults = []
    for rule in rules:
        if rule.id in seen:
            faults.append(fault(rule, f"the id {rule.id} stands in {seen[rule.id]} too",
                                f"规则编号 {rule.id} 与 {seen[rule.id]} 重复",
                                "Give it an id of its own.", "请使用不重复的编号。"))  # fmt: skip
        seen[rule.id] = rule.file
    return faults


def _tightening(own: Iterable[RuleFile]) -> list[Wrong]:
    return [fault(rule, "only a policy tightens a rule", "只有机构制度可以收紧规则", "Remove 'tightens'.", "请删除“tightens”。")
            for rule in own if rule.tightens]  # fmt: skip


def _replaced(own: Iterable[RuleFile], inherited: Iterable[RuleFile], *, demo: bool) -> list[Wrong]:
    known = {rule.id for rule in inherited}
    return [
        fault(rule, f"it replaces {rule.replaces}, which only a demo pack may do to a rule it includes",
              f"替换了 {rule.replaces}：只有演示规则包可以替换其所包含的规则",
              "Remove 'replaces', or include the rule and mark the pack 'demo: true'.", "请删除“replaces”，或仅在演示规则包中使用。")
        for rule in own if rule.replaces and not (demo and rule.replaces in known)
    ]  # fmt: skip
