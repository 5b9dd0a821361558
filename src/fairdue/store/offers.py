"""Asks the one engine about a debt on the book: what the household said, what is owed, who offers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max

from fairdue.core.afford import Basis, Income, Outgoing
from fairdue.core.codes import LenderKind, Product, Role
from fairdue.core.plan_state import OFFERED, RUNNING
from fairdue.core.plan_terms import Book, Hardship
from fairdue.core.plans import Choices, Situation, choices
from fairdue.rules.living_costs import living_costs_in
from fairdue.rules.plans import load_book
from fairdue.rules.plans.household import Debt, Household, Judged, judge, situation
from fairdue.store.actions import ledger
from fairdue.store.models import Account, Case, Means, Plan


@dataclass(frozen=True)
class Asked:
    """A debt with everything that was asked and found about it."""

    account: Account
    household: Household
    judged: Judged
    situation: Situation
    book: Book
    found: Choices


def newest_means(case: Case) -> Means | None:
    """What the person said last, in this case or one before."""
    return Means.objects.filter(case__customer_id=case.customer_id).order_by("-pk").first()


def ask(case: Case, account: Account, role: Role, on: date) -> Asked:
    """The choice set for one debt of the case on a date."""
    household = household_of(newest_means(case), case, account)
    judged = judge(household, on, living_costs_in(account.currency))
    book = load_book(case.lender.terms, on, Product(account.product), account.currency)
    asked = situation(debt_of(account, case, on), household, judged, role, on)
    return Asked(account, household, judged, asked, book, choices(asked, book))


def household_of(means: Means | None, case: Case, account: Account | None) -> Household:
    """What was said, less what plans on the person's other debts take, whether they run or are only offered yet: one budget."""
    plans, lumps = _other_plans(case, account, means.lump if means else None)
    if means is None:
        return Household(place=case.customer.place, plans=plans)
    income = {Income[name]: (said["amount"], Basis(int(said["evidenced"]))) for name, said in means.income.items()}
    return Household(
        means.place, means.adults, means.children, income,
        {Outgoing[name]: amount for name, amount in means.outgoings.items()},
        None if means.lump is None else means.lump - lumps, means.pay_day,
        Hardship(means.hardship), plans,
    )  # fmt: skip


def _other_plans(case: Case, account: Account | None, lump: int | None) -> tuple[int, int]:
    """What plans on the person's other debts take, those that run and those that are open offers: a month, and of the lump sum.

    Of a plan with instalments the largest counts. One single payment is taken out of the lump sum as far as that reaches.
    """
    open_ones = Plan.objects.filter(
        account__customer_id=case.customer_id, state__in=[int(s) for s in (*RUNNING, *OFFERED)]
    ).exclude(account=account)
    monthly, lumps = 0, 0
    for plan in open_ones.annotate(most=Max("payments__amount"), times=Count("payments")).order_by("pk"):
        if plan.times == 1 and lump is not None and lumps + plan.most <= lump:
            lumps += plan.most
        else:
            monthly += plan.most or 0
    return monthly, lumps


def debt_of(account: Account, case: Case, on: date) -> Debt:
    """The debt as the engine needs it."""
    a, b, c, d, e = (int(owed) for owed in ledger.balances(account, on))
    return Debt(
        product=Product(account.product), lender_kind=LenderKind(case.lender.lender_kind), balances=(a, b, c, d, e),
        dpd=ledger.dpd_of(account, on), components_known=account.components_known, annual_ppm=account.annual_ppm,
        formed_on=account.formed_on, contract_order=account.allocation_order,
    )  # fmt: skip
