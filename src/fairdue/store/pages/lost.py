"""The lost-contact board: who cannot be reached, how that shows, what is left to try, and what it is worth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from fairdue.core.codes import NO, YES, Channel, Direction, Party, PointStatus
from fairdue.core.errors import Lang
from fairdue.rules.outcomes import load_outcomes
from fairdue.store import access, clock
from fairdue.store.models import Attempt, Case, Link, Point, User

ON_A_PAGE = 25
QUIET_DAYS = 30  # without a talk for so long, somebody counts as lost here; judgement, no law
DIALS_SHOWN = 6
SILENT = 3  # fewer failed dials than the law's own gate asks for say little


@dataclass(frozen=True)
class Dial:
    """One dial of a number the debtor reserved: evidence, as it was recorded."""

    at: datetime
    number: str
    outcome: Mapping[Lang, str]
    failed: bool
    attempt_id: int


@dataclass(frozen=True)
class Left:
    """What is left to try."""

    untried: int  # own numbers never dialled
    failing: int  # own numbers that still exist and did not answer
    others: int  # people linked who have a number and have not refused
    letter: bool
    visit: bool


@dataclass(frozen=True)
class Lost:
    """One case whose borrower is not reached."""

    case: Case
    quiet_since: datetime | None  # the last talk; None: there never was one
    dials: tuple[Dial, ...]
    failed_in_row: int
    failed_days: int
    invalid: int  # reserved numbers that do not exist
    reserved: int
    left: Left


@dataclass(frozen=True)
class LostPage:
    """One page of the board, the worthiest first."""

    rows: tuple[Lost, ...]
    total: int
    balance: int
    page: int
    pages: int
    currency: str
    exponent: int


def lost_page(user: User, number: int = 1) -> LostPage:
    """The board of the cases the user may read. The number of queries does not depend on their number."""
    now = clock.now_minute()
    found = _lost(user, now)
    totals = list(found.values_list("balance", flat=True))
    pages = max(1, -(-len(totals) // ON_A_PAGE))
    page = min(max(number, 1), pages)
    cases = list(found.order_by("-value", "pk")[(page - 1) * ON_A_PAGE : page * ON_A_PAGE])
    lender = user.organisation
    return LostPage(_rows(cases), len(totals), sum(totals), page, pages, lender.currency, lender.exponent)


def _lost(user: User, now: int) -> QuerySet[Case]:
    """Open cases with failed dials or dead numbers, and no talk with the borrower of late."""
    talks = Attempt.objects.filter(
        case=OuterRef("pk"), state=Attempt.CONFIRMED, talked=YES, party=Party.BORROWER, at__gte=now - QUIET_DAYS * 1440
    )
    failed = Attempt.objects.filter(
        case=OuterRef("pk"), state=Attempt.CONFIRMED, channel=Channel.CALL, direction=Direction.OUT, answered=NO
    )
    dead = Point.objects.filter(
        person=OuterRef("customer"), channel=Channel.CALL, status__in=(PointStatus.INVALID, PointStatus.WRONG)
    )
    alive = Point.objects.filter(person=OuterRef("customer"), channel=Channel.CALL, status=PointStatus.GOOD)
    open_cases = access.cases_for(user).filter(closed_on=None)
    return open_cases.filter(~Exists(talks)).filter(Exists(failed) | (Exists(dead) & ~Exists(alive))).select_related(
        "customer", "lender", "owner"
    )  # fmt: skip


def _rows(cases: list[Case]) -> tuple[Lost, ...]:
    people = [case.customer_id for case in cases]
    links = list(Link.objects.filter(customer__in=people))
    points: dict[int, list[Point]] = {}
    for point in Point.objects.filter(Q(person__in=people) | Q(person__in=[one.person_id for one in links])):
        points.setdefault(point.person_id, []).append(point)
    attempts: dict[int, list[Attempt]] = {}
    calls = Attempt.objects.filter(
        case__in=cases, state=Attempt.CONFIRMED, channel=Channel.CALL, point__person=F("customer")
    )
    for attempt in calls.select_related("point").order_by("at", "pk"):
        attempts.setdefault(attempt.case_id, []).append(attempt)
    talked = _last_talks(cases)
    return tuple(
        _row(case, points, [one for one in links if one.customer_id == case.customer_id], attempts.get(case.pk, []),
             talked.get(case.pk))
        for case in cases
    )  # fmt: skip


def _last_talks(cases: list[Case]) -> dict[int, int]:
    said = Attempt.objects.filter(case__in=cases, state=Attempt.CONFIRMED, talked=YES, party=Party.BORROWER)
    return dict(said.order_by("at").values_list("case_id", "at"))


def _row(
    case: Case, points: Mapping[int, list[Point]], links: list[Link], attempts: list[Attempt], talked: int | None
) -> Lost:
    zone = case.customer.zone or case.lender.zone
    own = points.get(case.customer_id, [])
    dials = [one for one in attempts if one.point is not None and one.point.reserved and one.direction == Direction.OUT]
    reserved = [point for point in own if point.channel == Channel.CALL and point.reserved]
    in_row, days = _failures(dials, zone)
    quiet_since = clock.from_minute(talked, zone) if talked is not None else None
    shown = tuple(_dial(one, zone) for one in dials[-DIALS_SHOWN:])
    invalid = sum(point.status == PointStatus.INVALID for point in reserved)
    return Lost(case, quiet_since, shown, in_row, days, invalid, len(reserved), _left(own, points, links, attempts))


def _failures(dials: Iterable[Attempt], zone: str) -> tuple[int, int]:
    """How many dials in a row failed, up to now, and on how many days in a row."""
    in_row, days = 0, list[int]()
    for one in dials:
        if one.answered != NO:
            in_row, days = 0, []
            continue
        in_row += 1
        day = clock.business_date(one.at, zone).toordinal()
        if not days or day == days[-1] + 1:
            days.append(day)
        elif day != days[-1]:
            days = [day]
    return in_row, len(days)


def _dial(one: Attempt, zone: str) -> Dial:
    known = load_outcomes().find(one.outcome)
    label: Mapping[Lang, str] = known.label if known else {"zh": one.outcome, "en": one.outcome}
    number = one.point.value_masked if one.point else ""
    return Dial(clock.from_minute(one.at, zone), number, label, one.answered == NO, one.pk)


def _left(own: list[Point], points: Mapping[int, list[Point]], links: list[Link], attempts: list[Attempt]) -> Left:
    dialled = {one.point_id for one in attempts}
    usable = [point for point in own if point.status in (PointStatus.GOOD, PointStatus.COOLING)]
    calls = [point for point in usable if point.channel == Channel.CALL]
    addresses = any(point.channel in (Channel.LETTER, Channel.VISIT) for point in usable)
    asked = [one for one in links if one.refused_on is None and any(map(_rings, points.get(one.person_id, ())))]
    untried = sum(point.pk not in dialled for point in calls)
    return Left(untried, len(calls) - untried, len(asked), addresses, addresses)


def _rings(point: Point) -> bool:
    return point.channel == Channel.CALL and point.status == PointStatus.GOOD
