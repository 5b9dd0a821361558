"""Skills, hours and absences of a team's people, the lender's queues and what a stage asks for: what a lead sets up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from fairdue.core.codes import Product
from fairdue.core.errors import Fault
from fairdue.rules.calendars import CALENDARS
from fairdue.rules.tracks import load_tracks
from fairdue.store import access, audit, clock
from fairdue.store.access import NotYours
from fairdue.store.actions import dealing
from fairdue.store.models import Absence, CaseQueue, Organisation, Shift, SkillNeed, StaffSkill, Team, TeamDay, User

ABSENCES = ("HOLIDAY", "SICK", "TRAINING", "OTHER")
DAY_ENDS, WEEK = 24 * 60, 7


class StaffingWrong(Fault):
    """Something in the form cannot be."""

    code = "floor.staffing-wrong"
    en, en_remedy = "This cannot be recorded: {what}.", "Mend it and send it again."
    zh, zh_remedy = "无法登记：{what_zh}。", "请修改后重新提交。"


def _member(lead: User, user_id: int) -> User:
    found = access.colleagues_for(lead).filter(pk=user_id).first()
    if found is None:
        raise NotYours
    return found


@transaction.atomic
def give_skill(lead: User, user_id: int, skill: str, until: date | None = None) -> StaffSkill:
    """Somebody of the team has shown a skill, until a day. Raises `NotYours`, `StaffingWrong`."""
    member, today = _member(lead, user_id), clock.business_date(clock.now_minute(), lead.organisation.zone)
    code = skill.strip().upper()[:30]
    if not code or (until is not None and until < today):
        raise StaffingWrong(
            what="a skill needs a name and a day that is not over", what_zh="须填写技能名称，有效期不得早于今日"
        )
    made, _ = StaffSkill.objects.update_or_create(
        user=member, skill=code, defaults={"since": today, "until": until, "given_by": lead.username}
    )
    audit.write(lead.username, "skill.give", "user", member.pk, skill=code, until=until)
    return made


@transaction.atomic
def need_skill(lead: User, kind: str, code: str, skill: str) -> SkillNeed:
    """Who works cases of a stage, product or track must have a skill; an empty skill asks for none any more."""
    known = {SkillNeed.PRODUCT: [p.name for p in Product], SkillNeed.TRACK: list(load_tracks())}
    code, skill = code.strip()[:30], skill.strip().upper()[:30]
    if kind not in {*known, SkillNeed.STAGE} or not code or code not in known.get(kind, [code]) or "'" in code + skill:
        raise StaffingWrong(what="there is no such stage, product or track", what_zh="没有该阶段、产品或专项")
    SkillNeed.objects.filter(lender=lead.organisation, kind=kind, code=code).delete()
    made = SkillNeed(lender=lead.organisation, kind=kind, code=code, skill=skill)
    if skill:
        made.save()
    audit.write(lead.username, "skill.need", "skill_need", made.pk, kind=kind, code=code, skill=skill)
    return made


@transaction.atomic
def set_shift(lead: User, user_id: int, weekdays: list[int], starts: int, ends: int, breaks: int = 60) -> None:
    """The hours somebody works on these days of the week; the others are free. Raises `NotYours`, `StaffingWrong`."""
    member = _member(lead, user_id)
    possible = 0 <= starts < ends <= DAY_ENDS and 0 <= breaks < ends - starts
    if not possible or not set(weekdays) <= set(range(WEEK)):
        raise StaffingWrong(
            what="a shift ends after it begins and is longer than its break",
            what_zh="班次须先开始后结束，且长于休息时间",
        )
    Shift.objects.filter(user=member).delete()
    Shift.objects.bulk_create(
        Shift(user=member, weekday=day, starts=starts, ends=ends, breaks=breaks) for day in sorted(set(weekdays))
    )
    audit.write(
        lead.username, "shift.set", "user", member.pk, weekdays=weekdays, starts=starts, ends=ends, breaks=breaks
    )


@transaction.atomic
def add_absence(lead: User, user_id: int, first: date, last: date, kind: str) -> Absence:
    """Somebody does not work on these days. Raises `NotYours`, `StaffingWrong`."""
    member = _member(lead, user_id)
    if last < first or kind not in ABSENCES:
        raise StaffingWrong(what="an absence ends on or after its first day", what_zh="缺勤结束日不得早于开始日")
    made = Absence.objects.create(user=member, first=first, last=last, kind=kind, entered_by=lead.username)
    audit.write(lead.username, "absence.add", "user", member.pk, first=first, last=last, kind=kind)
    return made


@transaction.atomic
def cancel_absence(lead: User, absence_id: int) -> None:
    """The absence does not happen, or ends today: what was lent comes back at once. Raises `NotYours`."""
    found = Absence.objects.filter(pk=absence_id, user__in=access.colleagues_for(lead), cancelled_by="").first()
    if found is None:
        raise NotYours
    found.cancelled_by = lead.username
    found.save(update_fields=["cancelled_by"])
    audit.write(lead.username, "absence.cancel", "absence", found.pk)
    dealing.bring_back(
        lead.username, lead.organisation, clock.business_date(clock.now_minute(), lead.organisation.zone)
    )


@transaction.atomic
def set_calendar(actor: str, team: Team, country: str) -> None:
    """Which country's public holidays and made-up working days a team keeps; empty: none. Raises `StaffingWrong`."""
    if country and country not in CALENDARS:
        raise StaffingWrong(
            what=f"there is a calendar of {', '.join(CALENDARS)} only", what_zh=f"仅有 {'、'.join(CALENDARS)} 的日历"
        )
    team.calendar = country
    team.save(update_fields=["calendar"])
    audit.write(actor, "team.calendar", "team", team.pk, country=country)


@transaction.atomic
def set_day(actor: str, team: Team, on: date, works: bool | None, note: str = "") -> None:
    """A day of the team's own: worked, free, or (None) as the calendar says again."""
    if works is None:
        TeamDay.objects.filter(team=team, on=on).delete()
    else:
        TeamDay.objects.update_or_create(
            team=team, on=on, defaults={"works": works, "note": note.strip()[:100], "entered_by": actor}
        )
    audit.write(actor, "team.day", "team", team.pk, on=on, works=works, reason=note.strip()[:100])


def team_of(lender: Organisation, name: str) -> Team:
    """A lender's team by its name. Raises `StaffingWrong`."""
    found = Team.objects.filter(organisation=lender, name=name).first()
    if found is None:
        raise StaffingWrong(what=f"there is no team '{name}'", what_zh=f"没有小组“{name}”")
    return found


def own_team(lead: User) -> Team:
    """The team somebody leads. Raises `NotYours`."""
    if lead.team is None:
        raise NotYours
    return lead.team


@dataclass(frozen=True)
class QueueSaid:
    """How a queue is to be."""

    name: str
    stages: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    tracks: tuple[str, ...] = ()
    skill: str = ""
    keeps: bool = True
    own_team: bool = False
    active: bool = True


@transaction.atomic
def save_queue(lead: User, said: QueueSaid) -> CaseQueue:
    """Make a queue, or change the one of that name; it takes its cases with the next night. Raises `StaffingWrong`."""
    if not said.name.strip() or set(said.products) - {p.name for p in Product} or set(said.tracks) - set(load_tracks()):
        raise StaffingWrong(
            what="a queue needs a name, and products and tracks that exist", what_zh="队列须有名称，产品和专项须存在"
        )
    columns: dict[str, Any] = {
        "stages": list(said.stages), "products": list(said.products), "tracks": list(said.tracks),
        "skill": said.skill.strip().upper()[:30], "keeps": said.keeps, "active": said.active,
        "team": lead.team if said.own_team else None,
    }  # fmt: skip
    made, _ = CaseQueue.objects.update_or_create(
        lender=lead.organisation, name=said.name.strip()[:60], defaults=columns
    )
    if not said.active:
        made.places.filter(held_by=None).delete()
    shown = {name: value for name, value in columns.items() if name != "team"}
    audit.write(lead.username, "queue.save", "case_queue", made.pk, name=made.name, team=made.team_id, **shown)
    return made
