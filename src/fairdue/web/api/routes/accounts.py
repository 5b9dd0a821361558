"""Accounts and statements: what is owed, since when, line by line, for any day."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field

from fairdue.core.codes import Component, PlanStatus, Product
from fairdue.core.ledger import PostingKind
from fairdue.store import access
from fairdue.store.models import Account
from fairdue.store.pages import statements
from fairdue.store.pages.casefile import mask_account
from fairdue.store.pages.statements import Statement
from fairdue.web.api.cursors import page_of
from fairdue.web.api.door import call_of
from fairdue.web.api.operations import operation
from fairdue.web.api.shapes import Cursor, Id, Limit, Money, Named, Page, Shape, money, name_of
from fairdue.web.desk.doors import ROLES

router = Router()
READERS = ROLES["statement"]
On = Annotated[date | None, Query(description="As of the end of this day; today where it is not said.")]


class AccountOut(Shape):
    """A debt on the book."""

    id: int
    number_masked: str = Field(description="Its last four characters; a list can be narrowed by the whole number.")
    customer: str = Field(description="The lender's number of the customer.")
    product: Annotated[str, Named(Product)]
    opened_on: date | None
    formed_on: date | None = Field(description="When the contract was formed.")
    oldest_unpaid_due: date | None
    lender_balance: Money = Field(description="What the lender last reported.")
    lender_as_of: date
    annual_ppm: int | None = Field(description="Yearly rate in parts per million.")
    plan_status: Annotated[str, Named(PlanStatus)] | None
    components_known: bool = Field(description="False: only the total is certain.")


class ComponentOut(Shape):
    """One part of what is owed."""

    component: Annotated[str, Named(Component)]
    amount: Money


class OwedOut(Shape):
    """What is owed on one account."""

    account: int
    number_masked: str
    components: list[ComponentOut]
    total: Money


class LineOut(Shape):
    """One line of the ledger: positive raises what is owed."""

    on: date
    number_masked: str
    kind: Annotated[str, Named(PostingKind)]
    component: Annotated[str, Named(Component)]
    amount: Money
    balance: Money = Field(description="What is owed after it.")
    ref: str


class StatementOut(Shape):
    """What is owed at the end of a day, and every line that led there."""

    on: date
    total: Money
    accounts: list[OwedOut]
    lines: list[LineOut]


def account_out(a: Account) -> AccountOut:
    """An account for a program; its customer is read already."""
    return AccountOut(
        id=a.pk, number_masked=mask_account(a.account_no), customer=a.customer.ref, product=Product(a.product).name,
        opened_on=a.opened_on, formed_on=a.formed_on, oldest_unpaid_due=a.oldest_unpaid_due,
        lender_balance=money(a.lender_balance, a.currency, a.exponent), lender_as_of=a.lender_as_of,
        annual_ppm=a.annual_ppm if a.annual_ppm >= 0 else None, plan_status=name_of(PlanStatus, a.plan_status),
        components_known=a.components_known,
    )  # fmt: skip


def statement_out(found: Statement) -> StatementOut:
    """A statement for a program."""

    def amount(minor: int) -> Money:
        return money(minor, found.currency, found.exponent)

    accounts = [
        OwedOut(account=a.account_id, number_masked=a.account_no_masked, total=amount(a.total), components=[
            ComponentOut(component=c.name, amount=amount(m)) for c, m in a.components
        ])
        for a in found.accounts
    ]  # fmt: skip
    lines = [
        LineOut(on=line.on, number_masked=line.account_no_masked, kind=line.kind.name, component=line.component.name,
                amount=amount(line.amount), balance=amount(line.running), ref=line.ref)
        for line in found.lines
    ]  # fmt: skip
    return StatementOut(on=found.on, total=amount(found.total), accounts=accounts, lines=lines)


@operation(router, "GET", "/accounts", scope="accounts:read", roles=READERS, gives=Page[AccountOut])
def list_accounts(
    request: HttpRequest,
    number: Annotated[str | None, Query(min_length=1, max_length=80, description="The whole account number.")] = None,
    customer: Annotated[str | None, Query(min_length=1, max_length=80, description="The lender's number of a customer.")] = None,
    cursor: Cursor = None, limit: Limit = 50,
) -> Page[AccountOut]:  # fmt: skip
    """List the accounts behind the cases the key may see."""
    rows = access.accounts_for(call_of(request).user).select_related("customer")
    rows = rows.filter(account_no=number) if number else rows
    rows = rows.filter(customer__ref=customer) if customer else rows
    found, after = page_of(rows, f"accounts {number} {customer}", cursor, limit)
    return Page[AccountOut](items=[account_out(a) for a in found], next=after)


@operation(router, "GET", "/accounts/{account_id}", scope="accounts:read", roles=READERS, gives=AccountOut)
def get_account(request: HttpRequest, account_id: Id) -> AccountOut:
    """One account."""
    found = access.accounts_for(call_of(request).user).select_related("customer").filter(pk=account_id).first()
    if found is None:
        raise access.NotYours
    return account_out(found)


@operation(
    router, "GET", "/accounts/{account_id}/statement", scope="statements:read", roles=READERS, gives=StatementOut
)
def get_account_statement(request: HttpRequest, account_id: Id, on: On = None) -> StatementOut:
    """What is owed on an account at the end of a day, line by line."""
    return statement_out(statements.of_account(call_of(request).user, account_id, on))


@operation(router, "GET", "/cases/{case_id}/statement", scope="statements:read", roles=READERS, gives=StatementOut)
def get_case_statement(request: HttpRequest, case_id: Id, on: On = None) -> StatementOut:
    """What is owed on all accounts of a case at the end of a day, line by line."""
    return statement_out(statements.of_case(call_of(request).user, case_id, on))
