"""What the pages about plans show: what can be afforded, the choice set with its why-nots, a plan, the approvals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from fairdue.core.codes import Component, Product, Role
from fairdue.core.consent import Consent
from fairdue.core.errors import Lang
from fairdue.core.money import format_minor
from fairdue.core.plan_state import OFFERED, RUNNING, PlanState
from fairdue.core.plan_terms import Hardship, OfferKind
from fairdue.core.plan_why import WhyNot
from fairdue.core.plans import Offer, Refused
from fairdue.documents.agreement import Clause
from fairdue.rules.living_costs import living_costs_in, text_of
from fairdue.rules.plans import LawText, Referral, law_text, load_terms, referrals_for
from fairdue.rules.plans.household import Judged, judge, place_known
from fairdue.store import access, agreements, clock, offers
from fairdue.store.access import NotYours
from fairdue.store.actions import learn, ledger
from fairdue.store.actions.plans import CAUSES, MAY_PROPOSE
from fairdue.store.approving import Shown, Text, kinds
from fairdue.store.models import Account, Approval, Case, Means, MeansProof, Plan, PlanPayment, User
from fairdue.store.pages.casefile import mask_account

NEWEST = 50


@dataclass(frozen=True)
class Reason:
    """Why something is not offered, with its rule where it has one."""

    text: Text
    law: LawText | None


@dataclass(frozen=True)
class OfferRow:
    """One option that is offered."""

    offer: Offer
    title: Text
    each: int
    last: int
    first_on: date | None
    approvers: tuple[Role, ...]


@dataclass(frozen=True)
class RefusedRow:
    """One option of which some lengths, or all, are not offered."""

    title: Text
    kind: OfferKind
    all_of_it: bool
    lengths: tuple[tuple[int, tuple[Reason, ...]], ...]


@dataclass(frozen=True)
class DebtRow:
    """One debt with its choice set."""

    account: Account
    product: Product
    number: str
    owed: int
    dpd: int
    running: Plan | None
    offered: Plan | None
    offers: tuple[OfferRow, ...]
    refused: tuple[RefusedRow, ...]
    why: tuple[Reason, ...]


@dataclass(frozen=True)
class PlansPage:
    """Everything the page of a case's plans shows."""

    case: Case
    currency: str
    exponent: int
    may_propose: bool
    means: Means | None
    judged: Judged
    minimum: Text
    minimum_known: bool
    use_ppm: int  # the most of what is left over that a plan may take
    needs: tuple[Reason, ...]
    debts: tuple[DebtRow, ...]
    plans: tuple[Plan, ...]
    referrals: tuple[Referral, ...]
    learned: Mapping[str, str]  # what the talks have taught, by field of the form
    discount_ppm: int
    papers: tuple[MeansProof, ...]  # what the person brought to show income, the newest first


def plans_page(user: User, case_id: int) -> PlansPage:
    """The page of a case the user may read. Raises `NotYours`."""
    case = access.get_case(user, case_id)
    if user.role == Role.AGENCY:
        raise NotYours
    today = clock.business_date(clock.now_minute(), case.lender.zone)
    means = offers.newest_means(case)
    household = offers.household_of(means, case, None)
    judged = judge(household, today, living_costs_in(case.lender.currency))
    money = case.lender.exponent
    accounts = [a for a in case.customer.accounts.order_by("account_no") if ledger.balances(a, today).sum() > 0]
    texts: Mapping[Lang, str] = {"zh": text_of(judged.floor, "zh"), "en": text_of(judged.floor, "en")}
    return PlansPage(
        case, case.lender.currency, money, _may_propose(user, case), means, judged, texts, place_known(judged),
        _use(case, accounts, today), tuple(_reason(w, money) for w in judged.needs),
        tuple(_debt(case, a, user, today) for a in accounts),
        tuple(access.plans_for(user).filter(case__customer_id=case.customer_id).order_by("-pk")[:NEWEST]),
        referrals_for(household.hardship), {} if means else _learned(case), _discount(case, accounts, today),
        tuple(MeansProof.objects.filter(means__case__customer_id=case.customer_id).select_related("file").order_by("-pk")[:NEWEST]),
    )  # fmt: skip


FIELDS = {"income": "income_OTHER", "outgoings": "out_OTHER", "household": "adults", "payday": "pay_day"}


def _learned(case: Case) -> dict[str, str]:
    """Facts of the case as the form writes them; sums go to the line of what is not told apart."""
    facts, money = learn.current(case), case.lender.exponent
    found = {field: facts[name].value for name, field in FIELDS.items() if name in facts}
    for field in ("income_OTHER", "out_OTHER"):
        if field in found:
            found[field] = format_minor(int(found[field]), money)
    causes = {name: str(int(hardship)) for hardship, name in CAUSES.items()}
    if "cause" in facts and facts["cause"].value in causes:
        found["hardship"] = causes[facts["cause"].value]
    return found


def _discount(case: Case, accounts: list[Account], today: date) -> int:
    """The rate at which the lender counts money to come; -1 where there are no terms."""
    found = [load_terms(case.lender.terms).at(today, Product(a.product), a.currency) for a in accounts]
    return next((terms.discount_ppm for terms in found if terms), -1)


def _use(case: Case, accounts: list[Account], today: date) -> int:
    """The smallest share over the debts of the case; 0 where there are no terms."""
    found = [load_terms(case.lender.terms).at(today, Product(a.product), a.currency) for a in accounts]
    return min((terms.use_ppm for terms in found if terms), default=0)


def _may_propose(user: User, case: Case) -> bool:
    owns = user.role != Role.COLLECTOR or access.may_contact(user, case)
    return case.closed_on is None and user.role in MAY_PROPOSE and owns


def _debt(case: Case, account: Account, user: User, today: date) -> DebtRow:
    role = (
        Role(user.role) if user.role in MAY_PROPOSE else Role.COLLECTOR
    )  # who may only look sees a collector's choice
    asked = offers.ask(case, account, role, today)
    titles, money = load_terms(case.lender.terms).titles, account.exponent
    plans = {plan.state: plan for plan in account.plans.filter(state__in=[int(s) for s in (*RUNNING, *OFFERED)])}
    return DebtRow(
        account, Product(account.product), mask_account(account.account_no), asked.situation.owed, asked.situation.dpd,
        next((p for s, p in plans.items() if s in RUNNING), None), next((p for s, p in plans.items() if s in OFFERED), None),
        tuple(_offer(o, titles[o.code]) for o in asked.found.offers),
        tuple(_refused(asked.found.refused, {o.code for o in asked.found.offers}, titles, money)),
        tuple(_reason(w, money) for w in asked.found.why),
    )  # fmt: skip


def _offer(o: Offer, title: Text) -> OfferRow:
    amounts = [p.amount for p in o.payments]
    return OfferRow(o, title, amounts[0] if amounts else 0, amounts[-1] if amounts else 0,
                    o.payments[0].on if o.payments else None, o.approvers)  # fmt: skip


def _refused(
    found: Iterable[Refused], offered: set[str], titles: Mapping[str, Text], exponent: int
) -> Iterable[RefusedRow]:
    by_code: dict[str, list[Refused]] = {}
    for r in found:
        by_code.setdefault(r.code, []).append(r)
    for code, rows in by_code.items():
        lengths = tuple((r.months, tuple(_reason(w, exponent) for w in r.why)) for r in rows)
        yield RefusedRow(titles[code], rows[0].kind, code not in offered, lengths)


def _reason(why: WhyNot, exponent: int) -> Reason:
    texts: Mapping[Lang, str] = {"zh": why.sentence("zh", exponent), "en": why.sentence("en", exponent)}
    return Reason(texts, law_text(why.why.rule) if why.why.rule else None)


@dataclass(frozen=True)
class PaymentRow:
    """One instalment and what of it is paid."""

    payment: PlanPayment
    paid: int
    mark: str  # paid, part, late, next, later


@dataclass(frozen=True)
class EventRow:
    """One step of a plan."""

    at: datetime
    state: PlanState
    by: str
    note: str


@dataclass(frozen=True)
class PlanPage:
    """One plan: its figures, schedule, text, steps."""

    plan: Plan
    case: Case
    state: PlanState
    kind: OfferKind
    title: Text
    product: Product
    number: str
    currency: str
    exponent: int
    may_act: bool
    is_open: bool
    may_accept: bool
    runs: bool
    stale: bool
    owed: int
    waived: int
    components: tuple[tuple[Component, int, int], ...]
    rows: tuple[PaymentRow, ...]
    behind: int
    events: tuple[EventRow, ...]
    clauses: Mapping[Lang, tuple[Clause, ...]]
    consents: tuple[Consent, ...]
    consent: Consent | None
    approval: Approval | None
    referrals: tuple[Referral, ...]
    here: int  # the newest case of the person that the user may read


def plan_page(user: User, plan_id: int) -> PlanPage:
    """One plan of a case the user may read. Raises `NotYours`."""
    plan = get_plan(user, plan_id)
    case, account = plan.case, plan.account
    today = clock.business_date(clock.now_minute(), case.lender.zone)
    now = [int(b) for b in ledger.balances(account, today)]
    rows = tuple(_payments(plan, today))
    is_open = plan.state in OFFERED
    means = plan.means
    return PlanPage(
        plan, case, PlanState(plan.state), OfferKind(plan.kind), load_terms(plan.terms).titles[plan.code],
        Product(account.product), mask_account(account.account_no), account.currency, account.exponent,
        _may_propose(user, case), is_open, plan.state in (PlanState.PROPOSED, PlanState.APPROVED), plan.state in RUNNING,
        is_open and now != plan.balances, sum(plan.balances), sum(plan.waived),
        tuple((c, plan.balances[c], plan.waived[c]) for c in Component if plan.balances[c] or plan.waived[c]), rows,
        sum(r.payment.amount - r.paid for r in rows if r.mark == "late"), tuple(_events(plan, case.lender.zone)),
        {"zh": agreements.text(plan, "zh"), "en": agreements.text(plan, "en")}, tuple(Consent),
        Consent(plan.consent_how) if plan.consent_how >= 0 else None,
        Approval.objects.filter(kind="plan", subject_id=plan.pk).select_related("decided_by", "asked_by").order_by("-pk").first(),
        referrals_for(Hardship(means.hardship)) if means else (),
        access.cases_for(user).filter(customer_id=case.customer_id).latest("pk").pk,
    )  # fmt: skip


def get_plan(user: User, plan_id: int) -> Plan:
    """One plan. Raises `NotYours`."""
    plan = access.plans_for(user).select_related("means", "proposed_by", "consent_by").filter(pk=plan_id).first()
    if plan is None or user.role == Role.AGENCY:
        raise NotYours
    return plan


def _payments(plan: Plan, today: date) -> Iterable[PaymentRow]:
    left, nexts = plan.paid, 0
    for payment in plan.payments.order_by("number"):
        paid = min(left, payment.amount)
        left -= paid
        full = paid == payment.amount
        late = not full and (today - payment.due_on).days > plan.grace_days and plan.accepted_on is not None
        nexts += not full and not late
        mark = "paid" if full else "late" if late else "next" if nexts == 1 else "later"
        yield PaymentRow(payment, paid, mark)


def _events(plan: Plan, zone: str) -> Iterable[EventRow]:
    for e in plan.events.order_by("-pk"):
        yield EventRow(clock.from_minute(e.at, zone), PlanState(e.state_to), e.by, e.note)


@dataclass(frozen=True)
class ApprovalRow:
    """One request on the list."""

    approval: Approval
    kind: Text
    shown: Shown
    at: datetime
    own: bool


@dataclass(frozen=True)
class ApprovalsPage:
    """What waits for this user, and what was decided lately."""

    waiting: tuple[ApprovalRow, ...]
    decided: tuple[ApprovalRow, ...]


def approvals_page(user: User) -> ApprovalsPage:
    """The requests the user may decide, the oldest first, and the newest that are decided."""
    found = access.approvals_for(user).select_related("asked_by", "decided_by", "case__customer", "case__lender")
    waiting = found.filter(state=Approval.PENDING).order_by("pk")[:NEWEST]
    decided = found.filter(state__in=(Approval.GRANTED, Approval.REFUSED)).order_by("-decided_at", "-pk")[:NEWEST]
    return ApprovalsPage(tuple(_row(a, user) for a in waiting), tuple(_row(a, user) for a in decided))


def _row(approval: Approval, user: User) -> ApprovalRow:
    kind = kinds()[approval.kind]
    zone = user.organisation.zone
    return ApprovalRow(
        approval, kind.title, kind.show(approval, user), clock.from_minute(approval.asked_at, zone),
        approval.asked_by_id == user.pk,
    )  # fmt: skip
