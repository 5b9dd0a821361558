"""How the floor is set up: people with certificate, skills, hours and absences; queues; what stages ask for; minutes of work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q

from fairdue.core.codes import Aim
from fairdue.rules import calendars
from fairdue.rules.calendars import CALENDARS
from fairdue.rules.load import load_pack
from fairdue.store import access, clock, effort, skills, staff
from fairdue.store.effort import Effort
from fairdue.store.models import Absence, Case, CaseOrder, CaseQueue, Shift, SkillNeed, StaffSkill, Team, TeamDay, User
from fairdue.store.skills import Certificate

CASES_SHOWN = 200
DAYS_AHEAD, DAYS_SHOWN = 120, 30


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
class Special:
    """A day on which a team works or rests otherwise than in its usual week."""

    on: date
    works: bool
    note: str
    own: bool


@dataclass(frozen=True)
class FloorPage:
    """The floor of a lead's team."""

    people: tuple[Person, ...]
    queues: tuple[CaseQueue, ...]
    needs: tuple[SkillNeed, ...]
    effort: Mapping[Aim, Effort]
    orders: tuple[CaseOrder, ...]
    today: date
    team: Team | None
    days: tuple[Special, ...]
    published: date | None
    countries: tuple[str, ...]


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
    return FloorPage(
        rows, tuple(counted), tuple(skills.needs(lead.organisation_id)), took, orders, today, lead.team,
        special_days(lead.team, today), _published(lead.team), tuple(CALENDARS),
    )  # fmt: skip


def special_days(team: Team | None, today: date) -> tuple[Special, ...]:
    """The next days that differ from the usual week: the team's own, then those of its country, in order."""
    if team is None:
        return ()
    own = {row.on: Special(row.on, row.works, row.note, own=True)
           for row in TeamDay.objects.filter(team=team, on__gte=today).order_by("on")[:DAYS_SHOWN]}  # fmt: skip
    found: dict[date, Special] = {}
    for ahead in range(DAYS_AHEAD if team.calendar else 0):
        day = today + timedelta(days=ahead)
        works = staff.public(team.calendar, day)
        if works is not None and works == (day.weekday() in staff.WEEKEND):
            found[day] = Special(day, works, "", own=False)
    return tuple(day for _, day in sorted((found | own).items()))[:DAYS_SHOWN]


def _published(team: Team | None) -> date | None:
    """The last day the calendar of the team's country tells of."""
    return calendars.calendar(team.calendar).last.astype(object) if team and team.calendar else None


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
