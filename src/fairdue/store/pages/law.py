"""The compliance officer's pages: the rules with their cases, what was refused, one decision explained, the strategy."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from fairdue.core.codes import Role
from fairdue.core.errors import Lang
from fairdue.rules.load import load_pack
from fairdue.rules.schema import CONFIDENCE, RuleFile
from fairdue.rules.strategy import Strategy, load_strategy
from fairdue.store import access, clock
from fairdue.store.access import NotYours
from fairdue.store.models import Decision, User
from fairdue.store.reasons import Why, of_decision


@dataclass(frozen=True)
class CaseOfRule:
    """A case a lawyer can sign: what happens, and what the rule says."""

    title: Mapping[Lang, str]
    expect: str


@dataclass(frozen=True)
class RulePage:
    """One rule as the browser shows it."""

    id: str
    kind: str
    title: Mapping[Lang, str]
    instrument: Mapping[Lang, str]
    article: Mapping[Lang, str]
    link: str
    confidence: str
    confidence_label: Mapping[Lang, str]
    severity: str
    remedy: Mapping[Lang, str]
    since: date
    in_force: bool
    values: tuple[tuple[date, str], ...]
    cases: tuple[CaseOfRule, ...]


def rules_browser(user: User) -> tuple[str, str, tuple[RulePage, ...]]:
    """The pack of the user's lender: its name, its revision, its rules."""
    if user.role not in {Role.COMPLIANCE, Role.LEAD, Role.STRATEGIST, Role.COLLECTOR}:
        raise NotYours
    pack = load_pack(user.organisation.pack, user.organisation.policy)
    today = clock.business_date(clock.now_minute(), user.organisation.zone)
    situations: dict[str, list[CaseOfRule]] = {}
    for s in pack.situations:
        situations.setdefault(s.rule, []).append(CaseOfRule(s.title, s.expect))
    return pack.name, pack.revision, tuple(_rule(rule, today, situations) for rule in pack.rules)


def _rule(rule: RuleFile, today: date, situations: Mapping[str, list[CaseOfRule]]) -> RulePage:
    about = rule.about
    return RulePage(
        rule.id, rule.kind, about.title, about.instrument, about.article, about.link, about.confidence,
        CONFIDENCE[about.confidence], rule.severity, about.remedy, rule.since, rule.at(today) is not None,
        tuple((since, str(test) if test is not None else "—") for since, test in rule.dated),
        tuple(situations.get(rule.id, ())),
    )  # fmt: skip


@dataclass(frozen=True)
class DecisionPage:
    """One decision: facts → guard → decision."""

    decision: Decision
    at: datetime
    contact: Mapping[str, Any]
    facts: Mapping[str, Any]
    whys: tuple[Why, ...]
    next_lawful: datetime | None
    not_before: datetime | None
    value_terms: Mapping[str, int]


def decision_page(user: User, decision_id: int) -> DecisionPage:
    """One decision about a case the user may read. Raises `NotYours`."""
    found = access.decisions_for(user).select_related("case__lender", "actor").filter(pk=decision_id).first()
    if found is None:
        raise NotYours
    return explained(found)


def explained(decision: Decision) -> DecisionPage:
    """A stored decision made readable; nothing is worked out anew."""
    zone = decision.case.lender.zone
    facts = json.loads(decision.facts)
    return DecisionPage(
        decision, clock.from_minute(decision.at, zone), facts.get("contact", {}), facts.get("case", {}),
        of_decision(decision), _moment(decision.next_lawful, zone), _moment(decision.not_before, zone),
        json.loads(decision.value) if decision.value else {},
    )  # fmt: skip


def _moment(minute: int, zone: str) -> datetime | None:
    return clock.from_minute(minute, zone) if minute >= 0 else None


def strategy_page(user: User) -> Strategy:
    """The strategy of the user's lender as it stands today."""
    if user.role not in {Role.STRATEGIST, Role.LEAD, Role.COMPLIANCE}:
        raise NotYours
    today = clock.business_date(clock.now_minute(), user.organisation.zone)
    return load_strategy(user.organisation.strategy).at(today, user.organisation.currency)
