"""The night's work as it is usually written: one loan, one transaction, one object after the other through the ORM.

Read the loan and its ledger, accrue a day, age it, stage it, ask whether it may be called, decide, save. The guard and the
value are left out, so the comparison flatters this side.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import bench
import synthetic

DAY_PARTS = 1_000_000 * 360
STAGES = ((181, "M6+"), (151, "M6"), (121, "M5"), (91, "M4"), (61, "M3"), (31, "M2"), (1, "M1"))


def run(sample: int) -> dict[str, Any]:
    """Work so many loans, spread over the whole book, and time it."""
    from django.db import transaction

    from fairdue.store.models import Account

    phases = bench.Phases()
    step = max(1, Account.objects.count() // sample)
    chosen = list(Account.objects.order_by("pk").values_list("pk", flat=True)[::step][:sample])
    with phases("loans"):
        for pk in chosen:
            with transaction.atomic():
                _work(pk, synthetic.AFTER)
    return {"seconds": phases.seconds["loans"]}


def _work(pk: int, as_of: date) -> None:
    from fairdue.store.models import Account

    account = Account.objects.select_related("customer", "lender").get(pk=pk)
    balances = _accrue(account, as_of)
    owed = sum(balances.values())
    late = (as_of - account.oldest_unpaid_due).days if account.oldest_unpaid_due else 0
    late -= sum((pause.ends_on - pause.starts_on).days for pause in account.pauses.all())
    if late > 0 and owed > 0:
        _decide(account, as_of, owed, late)


def _accrue(account: Any, as_of: date) -> dict[int, int]:
    from django.db.models import Sum

    from fairdue.core.codes import Component
    from fairdue.core.ledger import PostingKind
    from fairdue.store import clock
    from fairdue.store.models import Posting

    rows = account.postings.filter(value_date__lte=as_of).values_list("component").annotate(total=Sum("amount"))
    balances = dict(rows)
    late = account.oldest_unpaid_due is not None and account.oldest_unpaid_due < as_of
    rate = account.annual_ppm * account.penalty_ppm // 1_000_000 if late else account.annual_ppm
    component = Component.PENALTY if late else Component.INTEREST
    days = (as_of - account.accrued_to).days
    grown, carry = divmod(balances.get(Component.PRINCIPAL, 0) * rate * days + account.carry_interest, DAY_PARTS)
    if grown:
        Posting.objects.create(
            account=account,
            value_date=as_of,
            component=component,
            amount=grown,
            kind=PostingKind.ACCRUAL,
            booked_at=clock.wall(),
        )
        balances[component] = balances.get(component, 0) + grown
    account.accrued_to, account.carry_interest = as_of, carry
    account.save(update_fields=["accrued_to", "carry_interest"])
    return balances


def _decide(account: Any, as_of: date, owed: int, late: int) -> None:
    from fairdue.store.models import Attempt, Case, Decision, Promise

    customer = account.customer
    case, _ = Case.objects.get_or_create(
        customer=customer, lender=account.lender, closed_on=None, defaults={"opened_on": as_of}
    )
    today = Attempt.objects.filter(customer=customer, state="CONFIRMED", talked=1).count()
    promised = Promise.objects.filter(case=case, status="OPEN").exists()
    stopped = case.stops.filter(until=None).exists()
    point = customer.points.filter(status=0).order_by("-reserved", "pk").first()
    action = 3 if stopped else 4 if point is None else 2 if promised or today else 0
    decision = Decision.objects.create(
        case=case, kind="night", at=0, as_of=as_of, facts=f'{{"owed":{owed},"dpd":{late}}}', pack="cn", pack_revision="",
        strategy_revision="", allowed=action == 0, verdict="[]", action=action, aim=0, reason=0,
    )  # fmt: skip
    case.stage = next(stage for days, stage in STAGES if late >= days)
    case.dpd, case.balance, case.action, case.as_of, case.decision = late, owed, action, as_of, decision
    case.save()
