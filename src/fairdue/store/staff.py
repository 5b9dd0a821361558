"""Who may be given cases on a day, with which skills, and how long they work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

import numpy as np

from fairdue.core.codes import Role
from fairdue.core.errors import Fault
from fairdue.rules import calendars
from fairdue.rules.load import load_pack
from fairdue.steps.assign import Worker
from fairdue.store import skills
from fairdue.store.models import Absence, Organisation, Shift, Team, TeamDay, User


def roster(lender_id: int, on: date) -> list[Worker]:
    """The lender's own active collectors. Who has no certificate on the day, or whose exam has lapsed, is not certified."""
    people = list(User.objects.filter(organisation_id=lender_id, role=Role.COLLECTOR, is_active=True).order_by("pk"))
    return workers(Organisation.objects.get(pk=lender_id), people, on)


def workers(lender: Organisation, people: list[User], on: date) -> list[Worker]:
    """The same for people at hand."""
    months = skills.exam_months(load_pack(lender.pack, lender.policy), on)
    have, week, away = skills.held(people, on), weeks(people), absent(people, on, on)
    days = calendar_says({user.team_id for user in people}, on)
    return [
        Worker(
            user.pk, skills.judged(user, on, months).holds, have.get(user.pk, frozenset()),
            sum(week[user.pk].values()) if user.pk in week else None,
            _today(week.get(user.pk), on, days.get(user.team_id, ""), away=user.pk in away),
        )
        for user in people
    ]  # fmt: skip


WEEKEND = (5, 6)
FREE, WORKS, AT_REST = (
    "FREE",
    "WORKS",
    "AT_REST",
)  # at rest: a weekend of the country, on which the person's hours decide


def _today(week: Mapping[int, int] | None, on: date, said: str, *, away: bool) -> int | None:
    """Minutes of work on the day; on a day made up for, or added, as on the first day of the person's week."""
    hours = None if week is None else week.get(on.weekday(), 0)
    if away or said == FREE or (said == AT_REST and not hours):
        return 0
    return week[min(week)] if said == WORKS and week and not hours else hours


def calendar_says(teams: Iterable[int | None], on: date) -> dict[int | None, str]:
    """Teams whose calendar says something of a day: free, worked though it would be free, or a weekend at rest.

    The team's own days go before the public holidays of its country; a day that is not published says nothing.
    """
    asked = [team for team in teams if team is not None]
    own = dict(TeamDay.objects.filter(team__in=asked, on=on).values_list("team_id", "works"))
    kept = Team.objects.filter(pk__in=asked).exclude(calendar="").values_list("pk", "calendar")
    found: dict[int | None, str] = {}
    for team, name in kept:
        works, weekend = public(name, on), on.weekday() in WEEKEND
        if works is not None and not (works and not weekend):
            found[team] = WORKS if works else AT_REST if weekend else FREE
    return found | {team: WORKS if works else FREE for team, works in own.items()}


def public(name: str, on: date) -> bool | None:
    """Whether a day is worked by a country's calendar; None: not published."""
    calendar, day = calendars.calendar(name), np.array([on], "datetime64[D]")
    return bool(calendar.is_working(day)[0]) if calendar.covers(day)[0] else None


class NotAtWork(Fault):
    """Who is away, or whose team is free, is given no case."""

    code = "floor.not-at-work"
    en = "You are given no case today: {why}."
    en_remedy = "A lead can change the days away and the team's days on the floor page."
    zh, zh_remedy = "今日不派案：{why_zh}。", "组长可在“现场”页更改缺勤和小组工作日。"


def require_at_work(user: User, on: date) -> None:
    """Raises `NotAtWork` on a day away, and on a free day of the team."""
    if absent([user], on, on):
        raise NotAtWork(why="you are away by the record", why_zh="登记为缺勤")
    said = calendar_says({user.team_id}, on).get(user.team_id, "")
    if said == FREE or (said == AT_REST and _today(weeks([user]).get(user.pk), on, said, away=False) == 0):
        raise NotAtWork(why="it is a free day of your team", why_zh="小组今日休息")


def weeks(people: Iterable[User]) -> dict[int, dict[int, int]]:
    """Minutes of work by user and weekday, of those whose hours are recorded."""
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for shift in Shift.objects.filter(user__in=people):
        found[shift.user_id][shift.weekday] = max(0, shift.ends - shift.starts - shift.breaks)
    return found


def absent(people: Iterable[User], first: date, last: date) -> dict[int, Absence]:
    """Who is away on any day of a span, with the absence."""
    rows = Absence.objects.filter(user__in=people, first__lte=last, last__gte=first, cancelled_by="")
    return {row.user_id: row for row in rows.order_by("-last")}
