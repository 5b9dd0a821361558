"""Proves that a lender's policy is never looser than the pack it stands on."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from datetime import date

from fairdue.core.guard_facts import FACTS
from fairdue.core.guard_kinds import implies
from fairdue.rules.faults import Said, said
from fairdue.rules.reading import Reading, Wrong, wrong
from fairdue.rules.schema import RuleFile, conditions


def looser(rule: RuleFile, base: Mapping[str, RuleFile]) -> list[Wrong]:
    """Whatever keeps a policy's rule from being at least as strict as the rule it `tightens`.

    A rule of the policy's own stands beside those of the pack and can only refuse more: nothing is to be proven.
    """
    why = _why(rule, base)
    return [wrong(rule.file, rule.lines[why[0]], *why[1])] if why else []


def _why(rule: RuleFile, base: Mapping[str, RuleFile]) -> tuple[str, Said] | None:
    """The key at fault and what is wrong with it."""
    if rule.replaces:
        return "replaces", said("policy-replaces")
    if not rule.tightens:
        return None
    law = base.get(rule.tightens)
    if law is None or law.kind != rule.kind:
        return "tightens", said("other-kind", law=rule.tightens)
    if rule.severity == "advise" != law.severity:
        return "severity", said("only-advises", law=law.id)
    if narrower := _narrower(rule, law):
        return "when", said("narrower", law=law.id, facts=", ".join(narrower))
    weaker = _weaker_from(rule, law, rule.since)  # before its first day the law stands alone
    return ("values", said("weaker", law=law.id, on=weaker)) if weaker else None


def covers(rule: RuleFile, other: RuleFile) -> bool:
    """Whether a rule refuses all that another refuses, whenever that one binds: the other then never decides alone."""
    if rule.kind != other.kind or rule.severity == "advise" or _narrower(rule, other):
        return False
    return _weaker_from(rule, other, other.since) is None


def _narrower(rule: RuleFile, law: RuleFile) -> list[str]:
    """The conditions under which `law` speaks and `rule` does not."""
    when = [name for name, values in rule.when.items() if name not in law.when or not values >= law.when[name]]
    wider = [one for one in rule.unless if not any(implies(one, other) for other in law.unless)]
    return [*when, *(name for one in wider for name in one)]


def _weaker_from(rule: RuleFile, law: RuleFile, since: date) -> date | None:
    """The first day from `since` on on which `rule` is not at least as strict as `law`."""
    changes = sorted({since, *(on for on, _ in (*rule.dated, *law.dated) if on >= since)})
    return next((on for on in changes if not _as_strict(rule, law, on)), None)


def _as_strict(rule: RuleFile, law: RuleFile, on: date) -> bool:
    ours, theirs = rule.at(on), law.at(on)
    return theirs is None or (ours is not None and ours.test.as_strict_as(theirs.test))


def relaxed(reading: Reading, rules: Iterable[RuleFile]) -> list[RuleFile]:
    """The rules, those that a policy names under `advise` made advice: only one worded 'should not' (不宜) may be."""
    rules = list(rules)
    named = list(reading.data.get("advise", ())) if not reading.faults else []
    for name in sorted({*named} - {rule.id for rule in rules if rule.severity == "should"}):
        reading.wrong(reading.data.line_of("advise"), *said("not-relaxed", rule=name))
    return [dataclasses.replace(rule, severity="advise") if rule.id in named else rule for rule in rules]


def narrowed(reading: Reading, rules: Iterable[RuleFile]) -> list[RuleFile]:
    """The rules, those that a policy names under `narrows` bound to some values of a fact, with the reason kept.

    Only a rule whose file says that it is `narrowable` by that fact may be: there the text leaves the scope to the lender.
    """
    found = {rule.id: rule for rule in rules}
    for one in reading.data.get("narrows", ()) if not reading.faults else ():
        if not reading.keys(one, ("rule", "reason"), FACTS, "a narrowed scope"):
            continue
        reading.both(one, "reason")
        rule, names = found.get(one["rule"]), [name for name in one if name in FACTS]
        if rule is None or not names or not set(names) <= set(rule.narrowable):
            reading.wrong(one.line, *said("not-narrowable", rule=one["rule"], facts=", ".join(names)))
            continue
        when = {**rule.when, **conditions(reading, one.part(names), one.line)}
        found[rule.id] = dataclasses.replace(rule, when=when)
    return list(found.values())
