"""A plan on the standing cast's book, for tests that need one to look at."""

from __future__ import annotations

import cast
from fairdue.core.codes import Product, Role
from fairdue.core.plan_terms import Hardship
from fairdue.store import clock, offers
from fairdue.store.actions import ledger, plans
from fairdue.store.actions.plans import Said
from fairdue.store.models import Account, Case, Means, Plan

MEANS = Said(
    income={"WAGE": (9_000_00, True)}, outgoings={"HOUSING": 1_800_00, "FOOD": 1_500_00}, place="上海",
    hardship=Hardship.ILLNESS, pay_day=10, words="住院三周，下月复工",
)  # fmt: skip

WITH_LUMP = Said(income=MEANS.income, outgoings=MEANS.outgoings, place="上海", lump=5_000_00)


def plannable(username: str = cast.COLLECTOR) -> Case:
    """A case of somebody's with a debt late enough for a plan; what it can spare is said."""
    today = clock.business_date(clock.now_minute(), cast.ZONE)
    for case in Case.objects.filter(owner__username=username, closed_on=None).order_by("pk"):
        late = [a for a in case.customer.accounts.all() if ledger.dpd_of(a, today) > 60]
        if late:
            if not Means.objects.filter(case=case).exists():
                plans.say_means(cast.user(username), case.pk, MEANS)
            if offers.ask(case, late[0], Role.COLLECTOR, today).found.offers:
                return case
    raise AssertionError("the book of the cast has a case that can be planned")


def proposed(username: str = cast.COLLECTOR, *, approved: bool = False) -> Plan:
    """A proposal on it: one that waits for approval, or one that may be accepted at once."""
    found = Plan.objects.filter(proposed_by__username=username).order_by("-pk").first()
    if found is not None:
        return found
    case = plannable(username)
    today = clock.business_date(clock.now_minute(), cast.ZONE)
    account = next(a for a in case.customer.accounts.all() if ledger.dpd_of(a, today) > 60)
    choice = offers.ask(case, account, Role.COLLECTOR, today).found.offers
    wanted = next(o for o in choice if bool(o.approvers) != approved and o.payments)
    return plans.propose(cast.user(username), case.pk, account.pk, wanted.code, wanted.months, "请审批")


def late_loan() -> tuple[Case, Account]:
    """A case of one consumer loan, sixty to a hundred and eighty days late, that its owner can plan; nothing is said yet."""
    today = clock.business_date(clock.now_minute(), cast.ZONE)
    for case in Case.objects.filter(closed_on=None, owner__team__name="one").select_related("owner").order_by("pk"):
        accounts = list(case.customer.accounts.all())
        late = [a for a in accounts if a.product == Product.CONSUMER and 60 < ledger.dpd_of(a, today) <= 180]
        if len(accounts) == 1 and late:
            return case, late[0]
    raise AssertionError("the book of the cast has a late consumer loan")
