"""Placements: which cases are with which agency. An agency sees its own and nothing else."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from fairdue.store import access
from fairdue.web.api.cursors import page_of
from fairdue.web.api.door import call_of
from fairdue.web.api.operations import operation
from fairdue.web.api.shapes import Cursor, Limit, Money, Page, Shape, money
from fairdue.web.desk.doors import ROLES

router = Router()


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
