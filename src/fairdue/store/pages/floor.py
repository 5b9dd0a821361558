"""How the floor is set up: people with certificate, skills, hours and absences; queues; what stages ask for; minutes of work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from fairdue.core.codes import Aim
from fairdue.rules.load import load_pack
from fairdue.store import access, clock, effort, skills, staff
from fairdue.store.effort import Effort
from fairdue.store.models import Absence, Case, CaseOrder, CaseQueue, Shift, SkillNeed, StaffSkill, User
from fairdue.store.skills import Certificate

CASES_SHOWN = 200


@dataclass(frozen=True)
class Person:
    """One of the team."""

    user: User
    certificate: Certificate
    skills: tuple[StaffSkill, ...]
    shifts: tuple[Shift, ...]
    minutes: int | None
    absences: tuple[Absence, ...]


@dataclass(frozen=True)
class FloorPage:
    """The floor of a lead's team."""

    people: tuple[Person, ...]
    queues: tuple[CaseQueue, ...]
    needs: tuple[SkillNeed, ...]
    effort: Mapping[Aim, Effort]
    orders: tuple[CaseOrder, ...]
    today: date


def floor_page(lead: User) -> FloorPage:
    """Everything a lead sets up. The number of queries does not depend on the team's size."""
    people = list(access.colleagues_for(lead).order_by("display_name").prefetch_related("skills", "shifts"))
    now = clock.now_minute()
    today = clock.business_date(now, lead.organisation.zone)
    months = skills.exam_months(load_pack(lead.organisation.pack, lead.organisation.policy), today)
    week = staff.weeks(people)
    away = list(Absence.objects.filter(user__in=people, last__gte=today, cancelled_by="").order_by("first"))
    queues = CaseQueue.objects.filter(lender_id=lead.organisation_id).select_related("team").order_by("position", "pk")
    counted = queues.annotate(free=Count("places", filter=Q(places__held_by=None)), all=Count("places"))
    running = CaseOrder.objects.filter(case__in=access.cases_for(lead), state=CaseOrder.IN_FORCE)
    rows = tuple(
        Person(
            p, skills.judged(p, today, months), tuple(p.skills.all()), _week(p),
            sum(week[p.pk].values()) if p.pk in week else None, tuple(a for a in away if a.user_id == p.pk),
        )
        for p in people
    )  # fmt: skip
    took = {Aim(aim): made for aim, made in effort.efforts(lead.organisation_id, now).items()}
    orders = tuple(
        running.select_related("case__customer", "asked_by", "decided_by").order_by("until", "pk")[:CASES_SHOWN]
    )
    return FloorPage(rows, tuple(counted), tuple(skills.needs(lead.organisation_id)), took, orders, today)


def _week(user: User) -> tuple[Shift, ...]:
    return tuple(sorted(user.shifts.all(), key=lambda shift: shift.weekday))


def cases_to_deal(lead: User, owner: int | None) -> tuple[Case, ...]:
    """Open cases of one collector of the team, or without an owner, the dearest first."""
    found = access.cases_for(lead).filter(closed_on=None, returned_on=None, queued=None, owner_id=owner)
    return tuple(found.select_related("customer").order_by("-balance", "pk")[:CASES_SHOWN])


def orders_of(user: User, case: Case) -> tuple[CaseOrder, ...]:
    """The orders about a case that the user may read, the newest first."""
    rows = CaseOrder.objects.filter(case=case, case__in=access.cases_for(user))
    return tuple(rows.select_related("asked_by", "decided_by").order_by("-pk"))
