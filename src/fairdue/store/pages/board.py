"""A lead's board: who has what, how far the day is, and what nobody owns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Q, Sum

from fairdue.store import access
from fairdue.store.models import Case, Promise, User, WorkItem

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
    members = tuple(
        Member(p.pk, p.display_name, p.certified, *owned.get(p.pk, (0, 0)), *work.get(p.pk, (0, 0)),
               *promised.get(p.pk, (0, 0)))
        for p in people
    )  # fmt: skip
    nobody = access.cases_for(user).filter(owner=None, closed_on=None)
    shown = nobody.select_related("customer").order_by("-balance")[:UNOWNED_SHOWN]
    return LeadBoard(
        user.team.name if user.team else "", as_of, members, nobody.count(),
        tuple(Unowned(c.pk, c.customer.ref, c.customer.name_masked, c.stage, c.balance) for c in shown),
        user.organisation.currency, user.organisation.exponent,
    )  # fmt: skip


def _by_owner(rows: object, key: str, **sums: object) -> dict[int, tuple[int, int]]:
    grouped = rows.values_list(key).annotate(**sums).values_list(key, "n", "s")  # type: ignore[attr-defined]  # any queryset
    return {owner: (count, total or 0) for owner, count, total in grouped}
