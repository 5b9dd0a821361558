"""The compliance officer's pages: what was refused, one decision explained, the strategy."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fairdue.core.codes import Role
from fairdue.rules.strategy import Strategy, load_strategy
from fairdue.store import access, clock
from fairdue.store.access import NotYours
from fairdue.store.models import Decision, User
from fairdue.store.reasons import Why, of_decision


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
