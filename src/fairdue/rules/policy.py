"""Proves that a lender's policy is never looser than the pack it stands on."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from datetime import date

from fairdue.rules.reading import Reading, Wrong
from fairdue.rules.schema import RuleFile


def fault(rule: RuleFile, what: str, what_zh: str, fix: str, fix_zh: str) -> Wrong:
    """Something wrong with a rule as a whole."""
    return Wrong(file=rule.file, line=1, what=what, what_zh=what_zh, fix=fix, fix_zh=fix_zh)


def looser(rule: RuleFile, base: Mapping[str, RuleFile]) -> list[Wrong]:
    """Whatever keeps a policy's rule from being at least as strict as the rule it `tightens`."""
    if rule.replaces:
        return [fault(rule, "a policy replaces nothing", "机构制度不得替换规则", "Use 'tightens'.", "请改用“tightens”。")]
    if not rule.tightens:
        return []
    law = base.get(rule.tightens)
    if law is None or law.kind != rule.kind:
        return [fault(rule, f"it tightens {rule.tightens}, which is no rule of its kind", f"所收紧的 {rule.tightens} 不是同类规则",
                      "Name a rule of the pack of the same kind.", "请填写规则包内同类规则的编号。")]  # fmt: skip
    why = _why_looser(rule, law)
    if why is None:
        return []
    return [fault(rule, f"it is looser than {law.id}: {why[0]}", f"比 {law.id} 宽松：{why[1]}",
                  "A policy may only be stricter than the law.", "机构制度只能严于法律规则。")]  # fmt: skip


def _why_looser(rule: RuleFile, law: RuleFile) -> tuple[str, str] | None:
    if rule.severity == "advise" != law.severity:
        return "it only advises", "仅作提示"
    narrower = [name for name, values in rule.when.items() if name not in law.when or not values >= law.when[name]]
    if narrower:
        return f"it speaks in fewer situations ({', '.join(narrower)})", f"适用情形更少（{'、'.join(narrower)}）"
    weaker = [on for on in _changes(rule, law) if not _as_strict(rule, law, on)]
    return (f"its values from {weaker[0]}", f"自 {weaker[0]} 起的取值") if weaker else None


def _changes(rule: RuleFile, law: RuleFile) -> list[date]:
    """From the first day of the policy's rule on: before it the law stands alone."""
    return sorted({since for since, _ in (*rule.dated, *law.dated) if since >= rule.since})


def _as_strict(rule: RuleFile, law: RuleFile, on: date) -> bool:
    ours, theirs = rule.at(on), law.at(on)
    return theirs is None or (ours is not None and ours.test.as_strict_as(theirs.test))


def loosened(reading: Reading, rules: Iterable[RuleFile]) -> tuple[list[RuleFile], list[Wrong]]:
    """The rules with those named under `advise` made advice, which only a rule worded 'should not' (不宜) may be."""
    head = reading.data if not reading.faults else {}
    rules = list(rules)
    named = head.get("advise", [])
    allowed = {rule.id for rule in rules if rule.severity == "should"}
    faults = [
        Wrong(file=reading.shown, line=head.line_of("advise"), what=f"{name} cannot be made advice",
              what_zh=f"{name} 不得改为提示", fix="Only a rule with 'severity: should' can.",
              fix_zh="只有“severity: should”（不宜）的规则可以。")
        for name in named if name not in allowed
    ]  # fmt: skip
    return [dataclasses.replace(rule, severity="advise") if rule.id in named else rule for rule in rules], faults
