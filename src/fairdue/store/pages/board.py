"""A lead's board: who has what, how far the day is, and what nobody owns."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Q, Sum

from fairdue.store import access, clock, staff
from fairdue.store.models import Case, Cover, Promise, User, WorkItem

UNOWNED_SHOWN = 20


@dataclass(frozen=True)
class Member:
    """One collector's day."""

    user_id: int
    name: str
    certified: bool | None
    cases: int
    balance: int
    listed: int
    done: int
    promises: int
    promised: int
    away: date | None = None
    covers: int = 0
    lent: int = 0


@dataclass(frozen=True)
class Kept:
    """A case that goes back to the lender's pool on a day."""

    case_id: int
    name: str
    owner: str
    on: date


@dataclass(frozen=True)
class Unowned:
    """An open case without an owner."""

    case_id: int
    ref: str
    name_masked: str
    stage: str
    balance: int


@dataclass(frozen=True)
class LeadBoard:
    """The team today."""

    team: str
    as_of: date | None
    members: tuple[Member, ...]
    unowned_count: int
    unowned: tuple[Unowned, ...]
    currency: str
    exponent: int
    kept: tuple[Kept, ...] = ()


def lead_board(user: User) -> LeadBoard:
    """The board of the lead's team. The number of queries does not depend on the team's size."""
    people = list(access.colleagues_for(user).order_by("display_name"))
    as_of = WorkItem.objects.filter(owner__in=people).aggregate(day=Max("as_of"))["day"]
    owned = _by_owner(
        Case.objects.filter(owner__in=people, closed_on=None), "owner_id", n=Count("pk"), s=Sum("balance")
    )
    work = _by_owner(
        WorkItem.objects.filter(owner__in=people, as_of=as_of),
        "owner_id", n=Count("pk"), s=Count("pk", filter=Q(done_at__gte=0)),
    )  # fmt: skip
    promised = _by_owner(
        Promise.objects.filter(case__owner__in=people, status="OPEN"), "case__owner_id", n=Count("pk"), s=Sum("amount")
    )
    today = clock.business_date(clock.now_minute(), user.organisation.zone)
    away = staff.absent(people, today, today)
    running = list(
        Cover.objects.filter(ended_on=None, absence__user__in=people).values_list("given_to", "absence__user")
    )
    covering, lent = (Counter(pair[side] for pair in running) for side in (0, 1))
    members = tuple(
        Member(p.pk, p.display_name, p.certified, *owned.get(p.pk, (0, 0)), *work.get(p.pk, (0, 0)),
               *promised.get(p.pk, (0, 0)), away[p.pk].last if p.pk in away else None, covering.get(p.pk, 0),
               lent.get(p.pk, 0))
        for p in people
    )  # fmt: skip
    nobody = access.cases_for(user).filter(owner=None, closed_on=None)
    shown = nobody.select_related("customer").order_by("-balance")[:UNOWNED_SHOWN]
    return LeadBoard(
        user.team.name if user.team else "", as_of, members, nobody.count(),
        tuple(Unowned(c.pk, c.customer.ref, c.customer.name_masked, c.stage, c.balance) for c in shown),
        user.organisation.currency, user.organisation.exponent, _kept(user),
    )  # fmt: skip


def _kept(user: User) -> tuple[Kept, ...]:
    """Cases that are kept until a day, the nearest first."""
    rows = access.cases_for(user).filter(closed_on=None, return_on__isnull=False).select_related("customer", "owner")
    return tuple(
        Kept(c.pk, c.customer.name_masked or c.customer.ref, c.owner.display_name if c.owner else "", c.return_on)
        for c in rows.order_by("return_on", "pk")[:UNOWNED_SHOWN] if c.return_on
    )  # fmt: skip


def _by_owner(rows: object, key: str, **sums: object) -> dict[int, tuple[int, int]]:
    grouped = rows.values_list(key).annotate(**sums).values_list(key, "n", "s")  # type: ignore[attr-defined]  # any queryset
    return {owner: (count, total or 0) for owner, count, total in grouped}
