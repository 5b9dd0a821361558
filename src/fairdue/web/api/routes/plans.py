"""Plans and promises: means said, a plan proposed, accepted or taken back; what was promised and what became of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Body, Query, Router
from pydantic import Field

from fairdue.core.afford import Income, Outgoing
from fairdue.core.codes import Component, PayBy, Role
from fairdue.core.consent import Consent
from fairdue.core.plan_state import PlanState
from fairdue.core.plan_terms import Hardship, OfferKind
from fairdue.core.promises import PromiseStatus
from fairdue.rules.plans import load_terms
from fairdue.store import access, agreements
from fairdue.store.actions import plans
from fairdue.store.models import Plan, Promise
from fairdue.store.pages.plans import get_plan as plan_for
from fairdue.web.api.cursors import page_of
from fairdue.web.api.door import call_of
from fairdue.web.api.operations import operation
from fairdue.web.api.routes.accounts import ComponentOut
from fairdue.web.api.routes.offers import InstalmentOut
from fairdue.web.api.shapes import (
    LARGEST,
    Both,
    Cursor,
    Id,
    Limit,
    Money,
    Named,
    Page,
    Shape,
    Word,
    moment,
    money,
    name_of,
)
from fairdue.web.desk.doors import ROLES

router = Router()
Amount = Annotated[int, Field(ge=0, le=10**12, description="Minor units a month.")]
Reason = Annotated[str, Field(max_length=300)]
CaseFilter = Annotated[int | None, Query(ge=1, le=LARGEST, description="Only those of this case.")]


class PromiseOut(Shape):
    """A promise to pay. Whether it was kept is judged by the system from payments, never by hand."""

    id: int
    case: int
    contact: int | None
    made_on: date
    amount: Money
    due_on: date
    pay_by: Annotated[str, Named(PayBy)] | None
    remind: bool
    grace_days: int
    status: Annotated[str, Named(PromiseStatus)]
    paid: Money = Field(description="What counted for it when it was last judged.")
    judged_on: date | None
    superseded_by: int | None


class PlanLine(Shape):
    """One plan in a list."""

    id: int
    case: int
    account: int
    code: str
    kind: Annotated[str, Named(OfferKind)]
    months: int
    state: Annotated[str, Named(PlanState)]
    total: Money
    paid: Money
    proposed_on: date
    accepted_on: date | None
    ended_on: date | None


class PlanOut(PlanLine):
    """One plan with its figures and schedule."""

    title: Both
    balances: list[ComponentOut] = Field(description="What was owed when it was worked out.")
    waived: list[ComponentOut]
    waived_at_end: bool
    interest: Money
    annual_ppm: int
    eac_ppm: int = Field(description="Effective annual cost, parts per million.")
    risk_ppm: int
    review_on: date | None
    approvers: list[Annotated[str, Named(Role)]] = Field(description="Roles one of which must approve; empty: none.")
    counts: bool
    payments: list[InstalmentOut]
    consent: Annotated[str, Named(Consent)] | None
    accepted_at: datetime | None
    agreement_sha256: str = Field(description="Of the agreement as it was read out or shown.")


class IncomeIn(Shape):
    """One line of income."""

    amount: Amount
    evidenced: bool = False


class MeansIn(Shape):
    """What a person said of income and outgoings; a line that was not said is unknown, not zero."""

    income: dict[Annotated[str, Named(Income)], IncomeIn] = Field(default_factory=dict)
    outgoings: dict[Annotated[str, Named(Outgoing)], Amount] = Field(default_factory=dict)
    place: Annotated[str, Field(max_length=80)] = ""
    adults: int = Field(1, ge=1, le=20)
    children: int = Field(0, ge=0, le=20)
    hardship: Annotated[str, Named(Hardship)] = "NONE"
    pay_day: int = Field(0, ge=0, le=31, description="Day of the month the income arrives; 0: not known.")
    lump: Annotated[int, Field(ge=0, le=10**12)] | None = Field(None, description="A sum at hand, minor units.")
    words: Annotated[str, Field(max_length=2000, description="In the borrower's own words.")] = ""


class MeansOut(Shape):
    """They were kept; the offers follow from them."""

    id: int
    case: int
    on: date


class ProposeIn(Shape):
    """One of the options that are offered."""

    account: int = Field(ge=1, le=LARGEST)
    code: Word
    months: int = Field(ge=0, le=600)
    reason: Reason = Field("", description="Needed where a plan already performs on the debt.")


class AcceptIn(Shape):
    """The record of the borrower's consent."""

    how: Annotated[str, Named(Consent)]
    words: Annotated[str, Field(min_length=1, max_length=2000)] = Field(
        description="In which words, or where the recording is."
    )


class CancelIn(Shape):
    """Why the proposal is taken back."""

    reason: Annotated[str, Field(min_length=1, max_length=300)]


def promise_out(p: Promise) -> PromiseOut:
    """A promise for a program; its case and lender are read already."""
    lender = p.case.lender
    return PromiseOut(
        id=p.pk, case=p.case_id, contact=p.attempt_id, made_on=p.made_on,
        amount=money(p.amount, lender.currency, lender.exponent), due_on=p.due_on, pay_by=name_of(PayBy, p.pay_by),
        remind=p.remind, grace_days=p.grace_days, status=p.status, paid=money(p.paid, lender.currency, lender.exponent),
        judged_on=p.judged_on, superseded_by=p.superseded_by_id,
    )  # fmt: skip


def line_out(p: Plan) -> PlanLine:
    """A plan for a list."""
    a = p.account
    return PlanLine(
        id=p.pk, case=p.case_id, account=p.account_id, code=p.code, kind=OfferKind(p.kind).name, months=p.months,
        state=PlanState(p.state).name, total=money(p.total, a.currency, a.exponent),
        paid=money(p.paid, a.currency, a.exponent), proposed_on=p.proposed_on, accepted_on=p.accepted_on,
        ended_on=p.ended_on,
    )  # fmt: skip


def plan_out(p: Plan) -> PlanOut:
    """A plan for a program."""
    a, title = p.account, load_terms(p.terms).titles[p.code]

    def parts(amounts: list[int]) -> list[ComponentOut]:
        return [ComponentOut(component=c.name, amount=money(amounts[c], a.currency, a.exponent)) for c in Component]

    return PlanOut(
        **line_out(p).model_dump(), title=Both(zh=title["zh"], en=title["en"]), balances=parts(p.balances),
        waived=parts(p.waived), waived_at_end=p.at_end, interest=money(p.interest, a.currency, a.exponent),
        annual_ppm=p.annual_ppm, eac_ppm=p.eac_ppm, risk_ppm=p.risk_ppm, review_on=p.review_on,
        approvers=[name for name in p.approvers.split(",") if name], counts=p.counts,
        payments=[InstalmentOut(on=one.due_on, amount=one.amount, interest=one.interest)
                  for one in p.payments.order_by("number")],
        consent=name_of(Consent, p.consent_how), accepted_at=moment(p.accepted_at, p.case.lender.zone),
        agreement_sha256=p.text_sha256,
    )  # fmt: skip


@operation(router, "GET", "/promises", scope="promises:read", roles=ROLES["case"], gives=Page[PromiseOut])
def list_promises(
    request: HttpRequest, case: CaseFilter = None,
    status: Annotated[Annotated[str, Named(PromiseStatus)] | None, Query()] = None, cursor: Cursor = None, limit: Limit = 50,
) -> Page[PromiseOut]:  # fmt: skip
    """List promises to pay. They are made with the outcome of a contact."""
    rows = access.promises_for(call_of(request).user).select_related("case__lender")
    rows = rows.filter(case_id=case) if case else rows
    rows = rows.filter(status=status) if status else rows
    found, after = page_of(rows, f"promises {case} {status}", cursor, limit)
    return Page[PromiseOut](items=[promise_out(one) for one in found], next=after)


@operation(router, "GET", "/promises/{promise_id}", scope="promises:read", roles=ROLES["case"], gives=PromiseOut)
def get_promise(request: HttpRequest, promise_id: Id) -> PromiseOut:
    """One promise to pay."""
    found = access.promises_for(call_of(request).user).select_related("case__lender").filter(pk=promise_id).first()
    if found is None:
        raise access.NotYours
    return promise_out(found)


@operation(
    router, "POST", "/cases/{case_id}/means", scope="plans:write", roles=ROLES["means"], gives=MeansOut, status=201
)
def say_means(request: HttpRequest, case_id: Id, means: Body[MeansIn]) -> MeansOut:
    """Keep what a person said of income and outgoings, beside what was said before."""
    income = {line: (said.amount, said.evidenced) for line, said in means.income.items()}
    made = plans.say_means(call_of(request).user, case_id, plans.Said(
        income, dict(means.outgoings), means.place, means.adults, means.children, Hardship[means.hardship], means.pay_day,
        means.lump, means.words,
    ))  # fmt: skip
    return MeansOut(id=made.pk, case=made.case_id, on=made.on)


@operation(router, "GET", "/plans", scope="plans:read", roles=ROLES["plans"], gives=Page[PlanLine])
def list_plans(
    request: HttpRequest, case: CaseFilter = None, cursor: Cursor = None, limit: Limit = 50
) -> Page[PlanLine]:
    """List plans, from proposals to those that ended."""
    rows = access.plans_for(call_of(request).user)
    rows = rows.filter(case_id=case) if case else rows
    found, after = page_of(rows, f"plans {case}", cursor, limit)
    return Page[PlanLine](items=[line_out(one) for one in found], next=after)


@operation(router, "POST", "/cases/{case_id}/plans", scope="plans:write", roles=ROLES["plan-propose"], gives=PlanOut,
           status=201, conflicts=True)  # fmt: skip
def propose_plan(request: HttpRequest, case_id: Id, plan: Body[ProposeIn]) -> PlanOut:
    """Propose one of the options that are offered; beyond the authority of the key's user it waits for approval."""
    user = call_of(request).user
    made = plans.propose(user, case_id, plan.account, plan.code, plan.months, plan.reason)
    return plan_out(plan_for(user, made.pk))


@operation(router, "GET", "/plans/{plan_id}", scope="plans:read", roles=ROLES["plan"], gives=PlanOut)
def get_plan(request: HttpRequest, plan_id: Id) -> PlanOut:
    """One plan with its figures and schedule."""
    return plan_out(plan_for(call_of(request).user, plan_id))


@operation(router, "POST", "/plans/{plan_id}/acceptance", scope="plans:write", roles=ROLES["plan-accept"], gives=PlanOut,
           conflicts=True)  # fmt: skip
def accept_plan(request: HttpRequest, plan_id: Id, consent: Body[AcceptIn]) -> PlanOut:
    """Record the borrower's consent; from now on the plan performs, and collection on the debt rests."""
    user = call_of(request).user
    plans.accept(user, plan_id, Consent[consent.how], consent.words)
    return plan_out(plan_for(user, plan_id))


@operation(router, "POST", "/plans/{plan_id}/cancellation", scope="plans:write", roles=ROLES["plan-step"], gives=PlanOut,
           conflicts=True)  # fmt: skip
def cancel_plan(request: HttpRequest, plan_id: Id, why: Body[CancelIn]) -> PlanOut:
    """Take a proposal back. A plan that was accepted is not cancelled: it is replaced, kept or broken."""
    user = call_of(request).user
    plans.cancel(user, plan_id, why.reason)
    return plan_out(plan_for(user, plan_id))


@operation(router, "GET", "/plans/{plan_id}/agreement", scope="plans:read", roles=ROLES["agreement"], gives=None,
           media_type="application/pdf")  # fmt: skip
def get_agreement(request: HttpRequest, plan_id: Id, language: Literal["zh", "en"] = "zh") -> HttpResponse:
    """The agreement as PDF, in Chinese or English."""
    user = call_of(request).user
    made = agreements.pdf(user, plan_for(user, plan_id), language)
    return HttpResponse(made, content_type="application/pdf")
