"""Ask the guard about any situation; nothing of the book is needed, nothing is kept."""

from __future__ import annotations

import json
from datetime import date
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Body, Router
from pydantic import Field, RootModel

from fairdue.core.codes import Role
from fairdue.rules import situations
from fairdue.web.api.operations import operation
from fairdue.web.api.shapes import Both, Shape

router = Router()


class Situation(RootModel[dict[str, Any]]):
    """One situation, as `fairdue guard check` reads it."""


class Missing(Both):
    """A fact the rule needs and the situation does not tell."""

    path: str


class SpokenRule(Shape):
    """One rule that speaks."""

    rule: str
    status: Literal["REFUSED", "UNKNOWN", "ADVISED"]
    title: Both
    sentence: Both
    article: Both
    link: str
    confidence: str
    confidence_label: Both
    missing: list[Missing]
    remedy: Both


class GuardVerdict(Shape):
    """The guard's answer, as `fairdue guard check --json` writes it."""

    id: Any = Field(None, description="Your reference, given back.")
    allowed: bool
    rules: list[str] = Field(description="The rules that refuse, or that miss a fact.")
    articles: list[Both]
    next_lawful: str | None = Field(description="The first lawful moment; null where no passage of time helps.")
    missing: list[str] = Field(description="Facts that are missing: a missing fact refuses.")
    reasons: list[SpokenRule]
    advice: list[SpokenRule]
    ignored: list[str] = Field(description="Keys that were not understood.")
    on: date
    pack: str
    revision: str


@operation(router, "POST", "/guard/checks", scope="guard:read", roles=set(Role), gives=GuardVerdict)
def check_guard(request: HttpRequest, situation: Body[Situation]) -> GuardVerdict:
    """Judge a situation.

    Self-contained: what it leaves out is not known, and a rule that needs it refuses and names it. The same shape as
    `fairdue guard check --json`.
    """
    return GuardVerdict(**situations.answer(situations.read(json.dumps(situation.root))).as_dict())
