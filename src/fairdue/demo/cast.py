"""Who works at the demo bank: one login per persona, all with the same published password, in demo mode only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import transaction

from fairdue.core.codes import LenderKind, Role
from fairdue.store import audit
from fairdue.store.models import Organisation, Team, User

PASSWORD = "fairdue-demo"  # noqa: S105 - published on purpose; the cast exists in demo mode only
LENDER = "demo-bank"
EXAM = date(2026, 3, 16)  # within the twelve months before the demo's day


@dataclass(frozen=True)
class Persona:
    """One login of the demo."""

    username: str
    zh: str
    en: str
    role: Role
    team: str = ""
    certified: bool | None = None


CAST = (
    Persona("lin", "林静", "Lin Jing", Role.COLLECTOR, "一组", certified=True),
    Persona("chen", "陈远", "Chen Yuan", Role.COLLECTOR, "一组", certified=True),
    Persona("zhao", "赵明", "Zhao Ming", Role.COLLECTOR, "二组", certified=True),
    Persona("wang", "王主管", "Wang (lead)", Role.LEAD, "一组"),
    Persona("sun", "孙策", "Sun (strategy)", Role.STRATEGIST),
    Persona("he", "何规", "He (compliance)", Role.COMPLIANCE),
    Persona("qian", "钱账", "Qian (finance)", Role.FINANCE),
    Persona("agency", "委外演示员", "Agency user", Role.AGENCY),
    Persona("ops", "运维", "Operator", Role.OPERATOR),
)


@transaction.atomic
def engage() -> Organisation:
    """The demo bank, its agency, teams and users; a second call changes nothing. Refuses outside demo mode."""
    if not settings.DEMO:
        raise RuntimeError("The demo's logins are published: they exist in demo mode only.")
    lender, created = Organisation.objects.get_or_create(
        code=LENDER,
        defaults={
            "name_zh": "示范银行", "name_en": "Demo Bank", "lender_kind": LenderKind.BANK, "association_member": True,
            "zone": "Asia/Shanghai", "currency": "TWD", "exponent": 0, "pack": "demo", "policy": "steady", "terms": "demo",
            "records_calls": True,
        },
    )  # fmt: skip
    agency, _ = Organisation.objects.get_or_create(
        code="demo-agency", defaults={"name_zh": "示范催收机构", "name_en": "Demo Agency", "is_lender": False}
    )
    for persona in CAST:
        _hire(persona, agency if persona.role == Role.AGENCY else lender)
    if created:
        audit.write("demo", "demo.engage", "organisation", lender.pk, reason="demo")
    return lender


def _hire(persona: Persona, organisation: Organisation) -> None:
    if User.objects.filter(username=persona.username).exists():
        return
    team = Team.objects.get_or_create(organisation=organisation, name=persona.team)[0] if persona.team else None
    User.objects.create_user(
        persona.username, PASSWORD, display_name=persona.zh, role=persona.role, organisation=organisation, team=team,
        certified=persona.certified, exam_on=EXAM if persona.certified else None,
    )  # fmt: skip
