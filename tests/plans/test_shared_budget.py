"""Several debts of one person share one budget: what is offered on one is not offered again on another."""

from __future__ import annotations

import books
import cast
import planning
from fairdue.core.codes import Role
from fairdue.core.plan_state import PlanState
from fairdue.store import clock, offers
from fairdue.store.actions import plans
from fairdue.store.models import Account, Case, Plan
from worlds import Worlds, opened


def second(first: Account) -> Account:
    """Another debt like the first."""
    made = Account.objects.get(pk=first.pk)
    made.pk, made.account_no = None, f"{first.account_no}-2"
    made.save()
    return made


def test_an_open_offer_and_a_running_plan_take_their_part_of_the_budget_of_the_other_debts(worlds: Worlds) -> None:
    with opened(worlds, "sqlite", cast.engage):
        case, first = planning.late_loan()
        user, other = case.owner, second(first)
        assert user is not None
        plans.say_means(user, case.pk, planning.MEANS)
        today = clock.business_date(clock.now_minute(), cast.ZONE)
        before = offers.ask(case, other, Role.COLLECTOR, today)
        choice = offers.ask(case, first, Role.COLLECTOR, today).found.offers
        wanted = max((o for o in choice if len(o.payments) > 1), key=lambda o: max(p.amount for p in o.payments))
        most = max(p.amount for p in wanted.payments)
        plan = plans.propose(user, case.pk, first.pk, wanted.code, wanted.months, "x")
        after = offers.ask(case, other, Role.COLLECTOR, today)
        assert after.household.plans == before.household.plans + most
        assert after.judged.left == before.judged.left - most
        budget = before.judged.left
        assert all(
            most + max(p.amount for p in o.payments) <= budget for o in after.found.offers if len(o.payments) > 1
        )
        assert (
            offers.ask(case, first, Role.COLLECTOR, today).judged.left == budget
        )  # its own offer is not counted twice
        plans.cancel(user, plan.pk, "withdrawn")
        assert offers.ask(case, other, Role.COLLECTOR, today).judged.left == budget
        assert Plan.objects.count() == 1


def test_a_lump_sum_that_settles_one_debt_is_not_there_for_another(worlds: Worlds) -> None:
    with opened(worlds, "sqlite", cast.engage):
        case, first = planning.late_loan()
        other = second(first)
        plan = planning_row(case, first)
        plan.payments.create(number=1, due_on=case.opened_on, amount=3_000_00, interest=0)
        said = offers.household_of(None, case, other)
        assert said.plans == 3_000_00  # nothing is known of a lump sum: it weighs on the month
        user = case.owner
        assert user is not None
        means = plans.say_means(user, case.pk, planning.WITH_LUMP)
        said = offers.household_of(means, case, other)
        assert (said.plans, said.lump) == (0, 2_000_00)
        assert offers.household_of(means, case, first).lump == 5_000_00


def planning_row(case: Case, account: Account) -> Plan:
    """A settlement that runs, with one payment."""
    return Plan.objects.create(
        case=case, account=account, state=int(PlanState.PERFORMING), code="SETTLE", kind=0, months=1, proposed_on=books.AS_OF,
        proposed_by=cast.user(cast.COLLECTOR), total=3_000_00, interest=0, annual_ppm=0, eac_ppm=0, pv=0, risk_ppm=0,
        share_ppm=0, left=0, protected=0, order="", grace_days=0, break_days=0, counts=True, terms="cn", revision="",
        balances=[0] * 5, waived=[0] * 5, at_end=False,
    )  # fmt: skip
