"""Decisions: facts → guard → decision, from the stored record."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from fairdue.core.codes import Aim
from fairdue.core.decision import Action, DecisionReason
from fairdue.store import access
from fairdue.store.models import Decision
from fairdue.store.pages.law import DecisionPage, decision_page
from fairdue.web.api.cursors import page_of
from fairdue.web.api.door import call_of
from fairdue.web.api.operations import operation
from fairdue.web.api.routes.contacts import RuleOut, rule_out
from fairdue.web.api.shapes import Both, Cursor, Id, Limit, Named, OneOf, Page, Shape, moment, name_of
from fairdue.web.desk.doors import ROLES

router = Router()
Kind = Annotated[str, OneOf("night", "contact", "outcome", "track", "plan")]


class DecisionLine(Shape):
    """One decision in a list."""

    id: int
    case: int
    kind: Kind
    at: datetime
    allowed: bool
    action: Annotated[str, Named(Action)] | None


class GuardPart(Shape):
    """What the law said."""

    allowed: bool
    pack: str
    pack_revision: str
    reasons: list[RuleOut]
    next_lawful: datetime | None


class DecidedPart(Shape):
    """What was decided among what is lawful."""

    action: Annotated[str, Named(Action)] | None
    aim: Annotated[str, Named(Aim)] | None
    reason: Both | None
    not_before: datetime | None
    strategy_revision: str
    value: dict[str, Any] = Field(description="Expected value of acting now, term by term.")
    actor: str


class DecisionOut(Shape):
    """One decision explained: facts → guard → decision."""

    id: int
    case: int
    kind: Kind
    at: datetime
    facts: dict[str, Any] = Field(description="What was known, as it was stored.")
    guard: GuardPart
    decision: DecidedPart


def line_out(d: Decision) -> DecisionLine:
    """A decision for a list."""
    at = moment(d.at, d.case.lender.zone)
    assert at is not None  # noqa: S101 - a decision has its minute
    return DecisionLine(
        id=d.pk, case=d.case_id, kind=d.kind, at=at, allowed=d.allowed, action=name_of(Action, d.action)
    )


def decision_out(page: DecisionPage) -> DecisionOut:
    """A decision explained, for a program."""
    d = page.decision
    reason = DecisionReason(d.reason) if d.reason >= 0 else None
    guard = GuardPart(allowed=d.allowed, pack=d.pack, pack_revision=d.pack_revision, next_lawful=page.next_lawful,
                      reasons=[rule_out(why) for why in page.whys])  # fmt: skip
    decided = DecidedPart(
        action=name_of(Action, d.action), aim=name_of(Aim, d.aim), not_before=page.not_before,
        reason=Both(zh=reason.zh, en=reason.en) if reason else None, strategy_revision=d.strategy_revision,
        value=dict(page.value_terms), actor=d.actor.username if d.actor else "night",
    )  # fmt: skip
    return DecisionOut(id=d.pk, case=d.case_id, kind=d.kind, at=page.at, facts=json.loads(d.facts), guard=guard,
                       decision=decided)  # fmt: skip


@operation(router, "GET", "/cases/{case_id}/decisions", scope="decisions:read", roles=ROLES["decision"],
           gives=Page[DecisionLine])  # fmt: skip
def list_decisions(request: HttpRequest, case_id: Id, cursor: Cursor = None, limit: Limit = 50) -> Page[DecisionLine]:
    """List the decisions about a case."""
    user = call_of(request).user
    case = access.get_case(user, case_id)
    rows = access.decisions_for(user).filter(case=case).select_related("case__lender")
    found, after = page_of(rows, f"decisions {case_id}", cursor, limit)
    return Page[DecisionLine](items=[line_out(one) for one in found], next=after)


@operation(
    router, "GET", "/decisions/{decision_id}", scope="decisions:read", roles=ROLES["decision"], gives=DecisionOut
)
def get_decision(request: HttpRequest, decision_id: Id) -> DecisionOut:
    """One decision explained: what was known, what the law said, what was decided."""
    return decision_out(decision_page(call_of(request).user, decision_id))
