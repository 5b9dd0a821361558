"""Offers: the one engine, asked about a debt on the book or about any situation."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Body, Router
from pydantic import Field, RootModel

from fairdue.core.codes import Component, Product, Role
from fairdue.core.plan_terms import OfferKind
from fairdue.core.plan_why import WhyNot
from fairdue.core.plans import Choices
from fairdue.rules.plans import asked
from fairdue.rules.plans.asked import KEYS, offer_dict
from fairdue.store import access, clock, offers
from fairdue.store.actions import ledger
from fairdue.store.actions.plans import MAY_PROPOSE
from fairdue.store.pages.casefile import mask_account
from fairdue.web.api.door import call_of
from fairdue.web.api.operations import operation
from fairdue.web.api.shapes import Both, Id, Money, Named, OneOf, Shape, money
from fairdue.web.desk.doors import ROLES

router = Router()
ALL_BUT_AGENCIES = frozenset(Role) - {Role.AGENCY}


class OfferSituation(RootModel[dict[str, Any]]):
    """One situation, as `fairdue offers` reads it."""


class InstalmentOut(Shape):
    """One payment of a schedule; minor units."""

    on: date
    amount: int
    interest: int


class OfferOut(Shape):
    """One way out that is offered; amounts in minor units, rates in parts per million."""

    code: str
    title: Both
    kind: Annotated[str, Named(OfferKind)]
    months: int
    payments: list[InstalmentOut]
    total: int
    interest: int
    annual_ppm: int
    eac_ppm: int = Field(description="Effective annual cost.")
    waived: dict[str, int] = Field(description="What is let off, by component.")
    waived_at_end: bool = Field(description="Let off when the schedule is paid, not before.")
    pv: int = Field(description="Present value for the lender.")
    expected: int = Field(description="Present value weighed by the risk of breaking.")
    risk_ppm: int = Field(description="Risk of breaking.")
    risk_is: Annotated[str, OneOf("judgement")]
    share_ppm: int = Field(description="Part of what is left over that it takes.")
    review_on: date | None
    approvers: list[Annotated[str, Named(Role)]] = Field(description="Roles one of which must approve; empty: none.")
    counts: bool
    order: list[Annotated[str, Named(Component)]]


class WhyNotOut(Both):
    """Why something is not offered."""

    reason: str
    rule: str = Field(description="The rule behind it; empty: terms, authority or arithmetic.")
    fields: dict[str, Any]


class NotOfferedOut(Shape):
    """One way out that is not offered, and why."""

    code: str
    kind: Annotated[str, Named(OfferKind)]
    months: int
    why: list[WhyNotOut]


class AffordOut(Shape):
    """What can be afforded a month; minor units, -1 where it is not known."""

    income: int
    living: int
    protected: int
    debts: int
    left: int
    evidenced_ppm: int
    minimum: str
    minimum_amount: int
    minimum_source: Any
    needs: list[WhyNotOut]


class ReferralOut(Shape):
    """Where somebody may find help."""

    title: Both
    text: Both


class OfferAnswer(Shape):
    """The choice set of a situation, as `fairdue offers --json` writes it."""

    id: Any = None
    afford: AffordOut
    offers: list[OfferOut]
    not_offered: list[NotOfferedOut]
    why: list[WhyNotOut]
    referrals: list[ReferralOut]
    revision: str


class DebtOffers(Shape):
    """The choice set of one debt."""

    account: int
    number_masked: str
    product: Annotated[str, Named(Product)]
    owed: Money
    dpd: int
    offers: list[OfferOut]
    not_offered: list[NotOfferedOut]
    why: list[WhyNotOut]


class CaseOffers(Shape):
    """The choice sets of a case's debts, for the role of the key's user."""

    items: list[DebtOffers]


def why_out(why: WhyNot, exponent: int) -> WhyNotOut:
    """A reason for a program."""
    return WhyNotOut.model_validate(why.as_dict(exponent))


def sets_out(found: Choices, terms: str, exponent: int) -> tuple[list[OfferOut], list[NotOfferedOut]]:
    """What is offered and what is not, for a program."""
    offered = [OfferOut.model_validate(offer_dict(o, terms)) for o in found.offers]
    refused = [
        NotOfferedOut(
            code=r.code, kind=OfferKind(r.kind).name, months=r.months, why=[why_out(w, exponent) for w in r.why]
        )
        for r in found.refused
    ]
    return offered, refused


@operation(router, "POST", "/offers/checks", scope="offers:read", roles=ALL_BUT_AGENCIES, gives=OfferAnswer)
def check_offers(request: HttpRequest, situation: Body[OfferSituation]) -> OfferAnswer:
    """Ask what may be offered in a situation, and why not the rest.

    Self-contained: nothing of the book is needed, nothing is kept. The same shape as `fairdue offers --json`.
    """
    return OfferAnswer.model_validate(asked.as_dict(asked.ask(situation.root)))


@operation(router, "GET", "/cases/{case_id}/offers", scope="offers:read", roles=ROLES["plans"], gives=CaseOffers)
def list_offers(request: HttpRequest, case_id: Id) -> CaseOffers:
    """List what may be offered on each debt of a case, and why not the rest.

    It follows from what is owed today and from the means that were said last (see POST /cases/{id}/means).
    """
    user = call_of(request).user
    case = access.get_case(user, case_id)
    today = clock.business_date(clock.now_minute(), case.lender.zone)
    role = Role(user.role) if user.role in MAY_PROPOSE else Role.COLLECTOR
    made = []
    for account in case.customer.accounts.order_by("account_no"):
        if ledger.balances(account, today).sum() <= 0:
            continue
        found = offers.ask(case, account, role, today)
        offered, refused = sets_out(found.found, case.lender.terms, account.exponent)
        made.append(DebtOffers(
            account=account.pk, number_masked=mask_account(account.account_no), product=Product(account.product).name,
            owed=money(found.situation.owed, account.currency, account.exponent), dpd=found.situation.dpd, offers=offered,
            not_offered=refused, why=[why_out(w, account.exponent) for w in found.found.why],
        ))  # fmt: skip
    return CaseOffers(items=made)


def situation_schema() -> dict[str, Any]:
    """The shape of a situation, from the list of its keys."""
    properties = {key: {"description": f"{en} / {zh}"} for key, (_, en, zh) in KEYS.items()}
    return {
        "title": "A situation the engine is asked about", "type": "object", "properties": properties,
        "required": [key for key, (needed, _, _) in KEYS.items() if needed], "additionalProperties": False,
    }  # fmt: skip


EXAMPLE = {
    "id": "s1", "on": "2026-10-01", "product": "CONSUMER", "lender_kind": "BANK", "dpd": 95, "role": "COLLECTOR",
    "balances": {"PRINCIPAL": 2_000_000, "INTEREST": 60_000, "PENALTY": 12_000}, "annual_ppm": 180_000,
    "income": {"WAGE": {"amount": 900_000, "evidenced": True}}, "outgoings": {"HOUSING": 180_000, "FOOD": 150_000},
    "place": "上海", "pay_day": 10, "hardship": "ILLNESS",
}  # fmt: skip
