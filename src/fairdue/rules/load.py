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
from zoneinfo import available_timezones

from fairdue.core.errors import Fault, Lang
from fairdue.core.guard import About, Rulebook
from fairdue.rules.cases import Situation, read_cases
from fairdue.rules.faults import said
from fairdue.rules.policy import looser, narrowed, relaxed
from fairdue.rules.reading import Lines, Reading, Wrong, WrongFiles, wrong
from fairdue.rules.schema import RuleFile, read_rule

HERE = Path(__file__).parent
PACKS, POLICIES = HERE / "packs", HERE / "policies"
POLICY_KEYS = ("on", "advise", "narrows")


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
    zones: tuple[str, ...] = ()  # where people are whose zone is not known: then all of these must allow

    @cached_property
    def revision(self) -> str:
        """SHA-256 (hex) over every rule's content and severity: what a stored decision refers to."""
        content = sorted((rule.id, rule.severity, _bounds(rule), rule.said) for rule in self.rules)
        return sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()

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

    def about(self, rule_id: str) -> About:
        """The texts of a rule named in a record. Raises `KeyError` for a rule of another pack."""
        return self.by_id[rule_id].about

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


def policy_base(name: str) -> str:
    """The pack a policy is written for (`on` in its pack.yaml), by default the law of mainland China."""
    reading, _ = _head(_folder(POLICIES, name), POLICY_KEYS)
    return str(reading.data["on"]) if not reading.faults and "on" in reading.data else "cn"


def names(under: Path) -> tuple[str, ...]:
    """The packs or policies in a folder."""
    return tuple(sorted(path.parent.name for path in under.glob("*/pack.yaml")))


def _folder(under: Path, name: str) -> Path:
    if name not in names(under):
        raise NoPack(name=name, known=", ".join(names(under)))
    return under / name


def read_pack(folder: Path) -> Pack:
    """The pack in a folder with the packs it includes. Raises `WrongFiles`."""
    reading, title = _head(folder, ("includes", "demo", "zones"))
    own, situations, faults = _rules(folder)
    head = reading.data if not reading.faults else Lines(1)
    included = [load_pack(name) for name in head.get("includes", ())]
    inherited = [rule for pack in included for rule in pack.rules]
    demo = bool(head.get("demo")) or any(pack.demo for pack in included)
    faults += _above_itself(own, inherited, demo=demo) + _no_zones(reading, head)
    gone = {rule.replaces for rule in own}
    rules = [rule for rule in inherited if rule.id not in gone] + own
    faults = [*reading.faults, *faults, *_twice(rules)]
    if faults:
        raise WrongFiles(faults)
    cases = [case for pack in included for case in pack.situations if case.rule not in gone] + situations
    zones = head.get("zones", ()) or [zone for pack in included for zone in pack.zones]
    return Pack(folder.name, title, tuple(rules), tuple(cases), demo, tuple(zones))


def _bounds(rule: RuleFile) -> list[tuple[str, list[int]]]:
    """The conditions as they stand, a policy's narrower scope included."""
    return sorted((name, sorted(values)) for name, values in rule.when.items())


def _no_zones(reading: Reading, head: Lines) -> list[Wrong]:
    named = head.get("zones", ())
    return [
        wrong(reading.shown, head.line_of("zones"), *said("no-zone", value=zone))
        for zone in (named if isinstance(named, list) else [named] if named else [])
        if zone not in available_timezones()
    ]


def read_policy(folder: Path, base: Pack) -> Pack:
    """A lender's policy in a folder on top of a pack. Raises `WrongFiles`.

    Its rules stand beside those of the pack, so they can only refuse more; one that `tightens` a rule is proven to be
    at least as strict on every date. Only what the law words as 'should not' may be made advice (`advise: [ids]`).
    """
    reading, _ = _head(folder, POLICY_KEYS)
    own, situations, faults = _rules(folder)
    faults += [fault for rule in own for fault in looser(rule, base.by_id)]
    rules = narrowed(reading, relaxed(reading, base.rules))
    faults = [*reading.faults, *faults, *_twice([*base.rules, *own])]
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
            found, unfit = read_cases(path.parent, rule)
            rules.append(rule)
            situations += found
            faults += unfit
    return rules, situations, faults + _strays(folder)


def _strays(folder: Path) -> list[Wrong]:
    """Files that nobody would read: a rule in the wrong place would silently not bind."""
    known = {folder / "pack.yaml", *folder.glob("*/*/rule.yaml"), *folder.glob("*/*/cases.yaml")}
    found = sorted(path for path in folder.rglob("*.y*ml") if path not in known)
    return [wrong(f"{folder.name}/{path.relative_to(folder).as_posix()}", 1, *said("stray")) for path in found]


def _twice(rules: Iterable[RuleFile]) -> list[Wrong]:
    seen: dict[str, str] = {}
    faults = []
    for rule in rules:
        if rule.id in seen:
            faults.append(wrong(rule.file, rule.lines["id"], *said("twice", rule=rule.id, other=seen[rule.id])))
        seen[rule.id] = rule.file
    return faults


def _above_itself(own: Iterable[RuleFile], inherited: Iterable[RuleFile], *, demo: bool) -> list[Wrong]:
    """Whatever a pack does to rules and may not: only policies tighten, only demo packs replace."""
    known = {rule.id for rule in inherited}
    return [wrong(rule.file, rule.lines["tightens"], *said("tightens")) for rule in own if rule.tightens] + [
        wrong(rule.file, rule.lines["replaces"], *said("replaces", law=rule.replaces))
        for rule in own
        if rule.replaces and not (demo and rule.replaces in known)
    ]
