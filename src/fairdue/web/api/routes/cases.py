"""Cases: all overdue accounts of one customer, what was decided, what may be done."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field

from fairdue.core.codes import Aim, Channel
from fairdue.core.decision import Action, DecisionReason
from fairdue.store import access
from fairdue.store.models import Case
from fairdue.web.api.cursors import page_of
from fairdue.web.api.door import call_of
from fairdue.web.api.operations import operation
from fairdue.web.api.shapes import Both, Cursor, Id, Limit, Money, Named, Page, Shape, moment, money, name_of
from fairdue.web.desk.doors import ROLES

router = Router()
READERS = ROLES["case"]
WITH = ("customer", "lender", "owner", "placed_with")


class CustomerOut(Shape):
    """Who it is about; never more than a list on the desk shows."""

    ref: str = Field(description="The lender's own number of the customer.")
    name_masked: str
    zone: str | None


class CaseOut(Shape):
    """A case as it stands."""

    id: int
    customer: CustomerOut
    status: str
    stage: str
    dpd: int = Field(description="Days past due.")
    oldest_due: date | None
    balance: Money
    overdue_accounts: int
    action: Annotated[str, Named(Action)] | None = Field(description="What was decided to do.")
    aim: Annotated[str, Named(Aim)] | None = Field(description="What the next contact is for.")
    channel: Annotated[str, Named(Channel)] | None
    reason: Both | None = Field(description="Why the case stands where it stands.")
    not_before: datetime | None = Field(description="From when it may be worked.")
    review_on: date | None
    owner: str | None = Field(description="Who works it.")
    placed_with: str | None = Field(description="The agency it is placed with.")
    opened_on: date
    closed_on: date | None
    close_reason: str
    as_of: date | None = Field(description="The business date of its figures.")
    decision: int | None = Field(description="The decision that says why: see /decisions.")


def case_out(case: Case) -> CaseOut:
    """A case for a program; its customer, lender, owner and agency are read already."""
    zone, reason = case.lender.zone, DecisionReason(case.reason) if case.reason >= 0 else None
    return CaseOut(
        id=case.pk,
        customer=CustomerOut(
            ref=case.customer.ref, name_masked=case.customer.name_masked, zone=case.customer.zone or None
        ),
        status=case.status, stage=case.stage, dpd=case.dpd, oldest_due=case.oldest_due,
        balance=money(case.balance, case.lender.currency, case.lender.exponent), overdue_accounts=case.overdue_accounts,
        action=name_of(Action, case.action), aim=name_of(Aim, case.aim), channel=name_of(Channel, case.channel),
        reason=Both(zh=reason.zh, en=reason.en) if reason else None, not_before=moment(case.not_before, zone),
        review_on=case.review_on, owner=case.owner.username if case.owner else None,
        placed_with=case.placed_with.code if case.placed_with else None, opened_on=case.opened_on,
        closed_on=case.closed_on, close_reason=case.close_reason, as_of=case.as_of, decision=case.decision_id,
    )  # fmt: skip


@operation(router, "GET", "/cases", scope="cases:read", roles=READERS, gives=Page[CaseOut])
def list_cases(
    request: HttpRequest, status: Literal["open", "closed", "all"] = "open",
    customer: Annotated[str | None, Query(min_length=1, max_length=80, description="The lender's number of a customer.")] = None,
    stage: Annotated[str | None, Query(min_length=1, max_length=8)] = None, cursor: Cursor = None, limit: Limit = 50,
) -> Page[CaseOut]:  # fmt: skip
    """List the cases the key may see."""
    rows = access.cases_for(call_of(request).user).select_related(*WITH)
    if status != "all":
        rows = rows.filter(closed_on__isnull=status == "open")
    rows = rows.filter(customer__ref=customer) if customer else rows
    rows = rows.filter(stage=stage) if stage else rows
    found, after = page_of(rows, f"cases {status} {customer} {stage}", cursor, limit)
    return Page[CaseOut](items=[case_out(case) for case in found], next=after)


@operation(router, "GET", "/cases/{case_id}", scope="cases:read", roles=READERS, gives=CaseOut)
def get_case(request: HttpRequest, case_id: Id) -> CaseOut:
    """One case."""
    rows = access.cases_for(call_of(request).user).select_related(*WITH)
    found = rows.filter(pk=case_id).first()
    if found is None:
        raise access.NotYours
    return case_out(found)
