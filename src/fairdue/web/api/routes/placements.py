"""Placements: which cases are with which agency. An agency sees its own and nothing else."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from django.http import HttpRequest
from ninja import Body, Router
from pydantic import Field

from fairdue.core.codes import Role
from fairdue.store import access
from fairdue.store.actions import agencies
from fairdue.store.actions.agencies import NotPlaceable
from fairdue.store.models import User
from fairdue.web.api.cursors import page_of
from fairdue.web.api.door import call_of
from fairdue.web.api.operations import operation
from fairdue.web.api.shapes import LARGEST, Cursor, Limit, Money, Page, Shape, Word, money
from fairdue.web.desk.doors import ROLES

router = Router()
PLACERS = frozenset({Role.LEAD, Role.COMPLIANCE})
MOST = 500  # cases at once: one lock each
CaseId = Annotated[int, Field(ge=1, le=LARGEST)]
Cases = Annotated[
    list[CaseId], Field(min_length=1, max_length=MOST, description="Numbers of cases: all or none of them.")
]
Reason = Annotated[str, Field(min_length=1, max_length=300)]


class PlacementOut(Shape):
    """A case that is with an agency."""

    case: int
    agency: str = Field(description="Its code.")
    customer: str = Field(description="The lender's number of the customer.")
    borrower_told_on: date | None = Field(description="When the borrower was told of it; nothing may be done before.")
    stage: str
    dpd: int
    balance: Money
    opened_on: date
    closed_on: date | None


@operation(router, "GET", "/placements", scope="placements:read", roles=ROLES["case"], gives=Page[PlacementOut])
def list_placements(request: HttpRequest, cursor: Cursor = None, limit: Limit = 50) -> Page[PlacementOut]:
    """List the cases that are placed with an agency."""
    rows = access.cases_for(call_of(request).user).filter(placed_with__isnull=False)
    found, after = page_of(rows.select_related("customer", "lender", "placed_with"), "placements", cursor, limit)
    return Page[PlacementOut](next=after, items=[
        PlacementOut(
            case=one.pk, agency=one.placed_with.code if one.placed_with else "", customer=one.customer.ref,
            borrower_told_on=one.borrower_told_on, stage=one.stage, dpd=one.dpd, opened_on=one.opened_on,
            balance=money(one.balance, one.lender.currency, one.lender.exponent), closed_on=one.closed_on,
        )
        for one in found
    ])  # fmt: skip


class PlaceIn(Shape):
    """Cases for an agency."""

    agency: Word = Field(description="Its code.")
    cases: Cases
    told_on: date | None = Field(
        None,
        description="When the borrowers were told; without it, rules that ask for it refuse the agency's contacts.",
    )
    reason: Reason


class RecallIn(Shape):
    """Cases to be taken back."""

    cases: Cases
    reason: Reason


class MovedOut(Shape):
    """What changed hands."""

    cases: list[int]


def _mine(user: User, cases: list[int]) -> list[int]:
    """The cases, if the key may see every one of them; which it may not is not told from what does not exist."""
    wanted = sorted(set(cases))
    missing = sorted(set(wanted) - set(access.cases_for(user).filter(pk__in=wanted).values_list("pk", flat=True)))
    if missing:
        raise NotPlaceable(cases=", ".join(map(str, missing)))
    return wanted


@operation(router, "POST", "/placements", scope="placements:write", roles=PLACERS, gives=MovedOut, status=201)
def place_cases(request: HttpRequest, wanted: Body[PlaceIn]) -> MovedOut:
    """Place open cases with an agency: all or none. They leave every list of the lender's own people at once."""
    user = call_of(request).user
    cases = _mine(user, wanted.cases)
    agencies.place(user.username, user.organisation, agencies.find(wanted.agency), cases, wanted.told_on, wanted.reason)
    return MovedOut(cases=cases)


@operation(router, "POST", "/placements/recall", scope="placements:write", roles=PLACERS, gives=MovedOut)
def recall_cases(request: HttpRequest, wanted: Body[RecallIn]) -> MovedOut:
    """Take placed cases back: all or none. The agency sees them no longer."""
    user = call_of(request).user
    cases = _mine(user, wanted.cases)
    agencies.take_back(user.username, user.organisation, cases, wanted.reason)
    return MovedOut(cases=cases)
