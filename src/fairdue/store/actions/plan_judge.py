"""Judges plans by what was paid and draws the consequences: on every payment, and in the night. Nobody judges by hand.

What follows: the interest of an instalment is posted on its due day (where our ledger is the truth), a plan that is kept to
the end lets off what it promised, a broken one gives the debt back to its contract; each step is an event and an audit row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import numpy as np
from django.db import transaction
from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from fairdue.core.codes import Component, PlanStatus
from fairdue.core.ledger import PostingKind
from fairdue.core.plan_state import JUDGED, RUNNING, Agreed, PlanState, Receipts, Standing, judge
from fairdue.store import audit, clock
from fairdue.store.locks import lock_person
from fairdue.store.models import Account, Organisation, Plan, PlanEvent, PlanPayment, Posting

STATUS = {
    PlanState.PERFORMING: PlanStatus.PERFORMING, PlanState.MISSED: PlanStatus.PERFORMING,
    PlanState.BROKEN: PlanStatus.BREACHED, PlanState.COMPLETED: PlanStatus.NONE,
    PlanState.SUPERSEDED: PlanStatus.NONE, PlanState.CANCELLED: PlanStatus.NONE,
}  # fmt: skip
AT_ONCE = 500  # plans per transaction in the night


def of_account(actor: str, account: Account, as_of: date) -> None:
    """Judge the newest plan of a debt anew, inside the caller's transaction: a payment came or went."""
    states = [int(state) for state in JUDGED]
    newest = account.plans.filter(state__in=states).order_by("-pk").first()
    if newest is not None:
        _judge(actor, [newest], as_of)


def of_lender(actor: str, lender: Organisation, as_of: date) -> int:
    """Judge every plan that runs at a lender and may have changed; how many did. Running it again changes nothing.

    A payment judges its plan at once, so only days that pass and new figures of the lender's are left to look at.
    """
    running = Plan.objects.filter(case__lender=lender, state__in=[int(state) for state in RUNNING])
    news = Q(account__lender_as_of__gt=F("judged_on"))  # the lender's figure may have cleared the debt
    due = running.filter(Q(check_on=None) | Q(judged_on=None) | Q(check_on__lte=as_of) | news)
    ids = list(due.order_by("pk").values_list("pk", flat=True))
    changed = 0
    for start in range(0, len(ids), AT_ONCE):
        with transaction.atomic():
            found = Plan.objects.filter(pk__in=ids[start : start + AT_ONCE]).select_related("account", "case__lender")
            plans = list(found.order_by("account__customer_id", "pk"))
            for customer in sorted({plan.account.customer_id for plan in plans}):
                lock_person(customer)
            changed += _judge(actor, plans, as_of)
    return changed


def _judge(actor: str, plans: Sequence[Plan], as_of: date) -> int:
    standing = _standing(plans, as_of)
    due = _unposted(plans)
    changed = 0
    for number, plan in enumerate(plans):
        state, paid = PlanState(int(standing.state[number])), int(standing.paid[number])
        if state != PlanState.BROKEN:
            _post_interest(plan, due.get(plan.pk, []), as_of, whole=state == PlanState.COMPLETED and paid >= plan.total)
        changed += state != plan.state
        if state != plan.state:
            move(plan, state, actor, as_of, _note(standing, number))
        plan.paid, plan.judged_on = paid, as_of
        plan.check_on = _next_look(plan, standing.next_due[number], due.get(plan.pk, []))
    Plan.objects.bulk_update(plans, ["paid", "judged_on", "check_on"])
    return changed


def _next_look(plan: Plan, next_due: np.datetime64, rows: Sequence[PlanPayment]) -> date | None:
    """The first day on which the plan may change though nobody pays: interest falls due, grace or patience ends, review."""
    days = [row.due_on for row in rows if not row.posted] + ([plan.review_on] if plan.review_on else [])
    if not np.isnat(next_due):
        patience = plan.break_days if plan.state == PlanState.MISSED else plan.grace_days
        days.append(date.fromisoformat(str(next_due)) + timedelta(days=patience + 1))
    return min(days, default=None)


def _unposted(plans: Sequence[Plan]) -> dict[int, list[PlanPayment]]:
    """Interest not posted yet, by plan; none where the lender's figures are the truth, for they bring it."""
    ours = [plan.pk for plan in plans if plan.case.lender.owns_ledger]
    found: dict[int, list[PlanPayment]] = {}
    for row in PlanPayment.objects.filter(plan__in=ours, posted=False, interest__gt=0).order_by("plan_id", "number"):
        found.setdefault(row.plan_id, []).append(row)
    return found


def _note(standing: Standing, number: int) -> str:
    since = standing.since[number]
    return "" if np.isnat(since) else str(since)


def _standing(plans: Sequence[Plan], as_of: date) -> Standing:
    index = {plan.pk: number for number, plan in enumerate(plans)}
    rows = list(PlanPayment.objects.filter(plan__in=index).values_list("plan_id", "due_on", "amount"))
    of_account = {plan.account_id: number for number, plan in enumerate(plans)}
    paid = receipts(list(of_account), as_of)
    owed = _owed(list(of_account), as_of)
    agreed = Agreed(
        started=_days([plan.accepted_on for plan in plans]), grace=_ints(plan.grace_days for plan in plans),
        breaks=_ints(plan.break_days for plan in plans), review=_days([plan.review_on for plan in plans]),
        cleared=np.array([owed.get(plan.account_id, 0) <= 0 for plan in plans], bool),
        plan=_ints(index[row[0]] for row in rows), due=_days([row[1] for row in rows]), amount=_ints(row[2] for row in rows),
    )  # fmt: skip
    got = Receipts(
        _ints(of_account[a] for a, _, _ in paid), _days([d for _, d, _ in paid]), _ints(m for _, _, m in paid)
    )
    return judge(agreed, got, np.datetime64(as_of, "D"))


def receipts(accounts: Sequence[int], as_of: date) -> list[tuple[int, date, int]]:
    """Payments net of reversals: account, the day they count from, amount."""
    paid = Posting.objects.filter(account__in=accounts, value_date__lte=as_of).filter(
        Q(kind=PostingKind.PAYMENT) | Q(reverses__kind=PostingKind.PAYMENT)
    )
    counted = paid.annotate(day=Coalesce("reverses__value_date", "value_date")).values_list("account_id", "day")
    return [(account, day, -total) for account, day, total in counted.annotate(total=Sum("amount")) if total]


def _owed(accounts: Sequence[int], as_of: date) -> dict[int, int]:
    sums = Posting.objects.filter(account__in=accounts, value_date__lte=as_of).values_list("account_id")
    return dict(sums.annotate(total=Sum("amount")))


def _days(days: Iterable[date | None]) -> np.ndarray[tuple[int], np.dtype[np.datetime64]]:
    return np.array([np.datetime64(day or "NaT", "D") for day in days], "datetime64[D]")


def _ints(numbers: Iterable[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(list(numbers), np.int64)


def move(plan: Plan, to: PlanState, actor: str, on: date, note: str = "") -> None:
    """One step of a plan with everything that follows from it, inside the caller's transaction."""
    before = PlanState(plan.state)
    if before == PlanState.COMPLETED:
        _take_back_waivers(plan, on)
    plan.state = to
    plan.ended_on = on if to in {PlanState.BROKEN, PlanState.COMPLETED, PlanState.SUPERSEDED} else None
    plan.save(update_fields=["state", "ended_on"])
    if to == PlanState.COMPLETED and plan.at_end:
        _let_off_the_rest(plan, on)
    if to in STATUS:
        _tell_account(plan, STATUS[to], on)
    PlanEvent.objects.create(
        plan=plan, on=on, at=clock.now_minute(), state_from=before, state_to=to, by=actor, note=note[:300]
    )
    audit.write(actor, f"plan.{to.name.lower()}", "plan", plan.pk, reason=note, account=plan.account_id, on=on)


def _tell_account(plan: Plan, status: PlanStatus, on: date) -> None:
    """The fact the guard reads, and from which day the contract's own interest runs again."""
    account = plan.account
    account.plan_status = status
    account.accrued_to = max(account.accrued_to, on)
    account.save(update_fields=["plan_status", "accrued_to"])


def _post_interest(plan: Plan, rows: Sequence[PlanPayment], as_of: date, *, whole: bool) -> None:
    """The interest of every instalment that fell due, once; `whole`: of all of them, the schedule being paid in full.

    Whoever pays the schedule a few days early owes what it says; whoever clears the debt early does not owe what is not due.
    """
    for row in rows:
        if row.due_on <= as_of or whole:
            on = min(row.due_on, as_of)
            post(plan, Component.INTEREST, row.interest, PostingKind.ACCRUAL, on, f"plan {plan.pk}/{row.number}")
            row.posted = True
            row.save(update_fields=["posted"])


def post(plan: Plan, component: Component, amount: int, kind: PostingKind, on: date, ref: str) -> None:
    """One line of the ledger for a plan."""
    Posting.objects.create(
        account=plan.account, value_date=on, component=component, amount=amount, kind=kind, ref=ref,
        booked_at=clock.wall(),
    )  # fmt: skip


def _let_off_the_rest(plan: Plan, on: date) -> None:
    """All is paid: what remains is let off, never more than was agreed."""
    left = sum(plan.waived)
    sums = dict(plan.account.postings.values_list("component").annotate(total=Sum("amount")))
    for component in reversed(Component):
        off = min(left, max(sums.get(int(component), 0), 0))
        if off:
            post(plan, component, -off, PostingKind.WAIVER, on, f"plan {plan.pk} end")
            left -= off


def _take_back_waivers(plan: Plan, on: date) -> None:
    """The payment that completed the plan was reversed: so is what followed from it."""
    for p in plan.account.postings.filter(ref=f"plan {plan.pk} end", kind=PostingKind.WAIVER, reversed_by=None):
        Posting.objects.create(
            account=p.account, value_date=on, component=p.component, amount=-p.amount, kind=PostingKind.REVERSAL,
            ref=p.ref, reverses=p, booked_at=clock.wall(),
        )  # fmt: skip
