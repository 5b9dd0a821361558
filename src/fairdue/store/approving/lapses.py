"""Giving up a claim whose period ran out or is let run out: two people, always."""

from __future__ import annotations

from fairdue.core.money import format_minor
from fairdue.store.actions import lapses
from fairdue.store.actions.legal_clocks import sentence
from fairdue.store.approving import Kind, Shown, Text
from fairdue.store.models import Approval, LapseDecision, User


def _decision(approval: Approval) -> LapseDecision:
    found = LapseDecision.objects.select_related("clock__account", "clock__lender", "case")
    return found.get(pk=approval.subject_id)


def may(_approval: Approval, _user: User) -> Text:
    """Every role that is asked may decide it."""
    return {}


def show(approval: Approval, _user: User) -> Shown:
    """What is given up and why."""
    decision = _decision(approval)
    choice = lapses.EVERY[decision.choice]
    said = sentence(decision.clock)
    lines: list[tuple[Text, str]] = [
        ({"zh": "债务金额", "en": "Owed"}, format_minor(decision.worth, decision.clock.account.exponent)),
        ({"zh": "最后一日", "en": "Last day"}, decision.last.isoformat()),
    ]
    title: Text = {"zh": f"{choice['zh']}：{said['zh']}", "en": f"{choice['en']}: {said['en']}"}
    page = ("case-clocks", decision.case_id) if decision.case_id else None
    return Shown(title, tuple(lines), {}, page)


def granted(approval: Approval, user: User, _counts: bool) -> None:
    """The lapse is decided."""
    lapses.granted(_decision(approval), user)


def refused(approval: Approval, user: User, _reason: str) -> None:
    """The lapse stays open."""
    lapses.refused(_decision(approval), user)


KIND = Kind(lapses.KIND, {"zh": "期间届满的处理", "en": "A period that runs out"}, show, may, granted, refused)
