"""Who may be given cases on a day, with which skills, and how long they work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from fairdue.core.codes import Role
from fairdue.rules.load import load_pack
from fairdue.steps.assign import Worker
from fairdue.store import skills
from fairdue.store.models import Absence, Organisation, Shift, User


def roster(lender_id: int, on: date) -> list[Worker]:
    """The lender's own active collectors. Who has no certificate on the day, or whose exam has lapsed, is not certified."""
    people = list(User.objects.filter(organisation_id=lender_id, role=Role.COLLECTOR, is_active=True).order_by("pk"))
    return workers(Organisation.objects.get(pk=lender_id), people, on)


def workers(lender: Organisation, people: list[User], on: date) -> list[Worker]:
    """The same for people at hand."""
    months = skills.exam_months(load_pack(lender.pack, lender.policy), on)
    have, week, away = skills.held(people, on), weeks(people), absent(people, on, on)
    return [
        Worker(
            user.pk, skills.judged(user, on, months).holds, have.get(user.pk, frozenset()),
            sum(week[user.pk].values()) if user.pk in week else None, _today(week.get(user.pk), on, user.pk in away),
        )
        for user in people
    ]  # fmt: skip


def _today(week: Mapping[int, int] | None, on: date, away: bool) -> int | None:
    if away:
        return 0
    return None if week is None else week.get(on.weekday(), 0)


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
