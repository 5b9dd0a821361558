"""Promises to pay: made within the policy, superseded by newer ones, and judged by the system after every payment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Sum

from fairdue.core.codes import UNKNOWN
from fairdue.core.errors import Fault
from fairdue.rules.talk.promises import PromisePolicy, policy_at
from fairdue.steps.promises import changed, judge
from fairdue.store import audit, clock, config
from fairdue.store.facts import DjangoReader, promises_of
from fairdue.store.models import Attempt, Case, Organisation, Promise


class PromiseIncomplete(Fault):
    """A promise needs an amount and a day."""

    code = "contact.promise-incomplete"
    en = "A promise needs an amount above zero and a date from {first} to {last}."
    en_remedy = "Enter both; a later date or several payments are a plan."
    zh, zh_remedy = "承诺须填写大于零的金额和 {first} 至 {last} 之间的日期。", "请补全；更晚或分次还款请走分期方案。"


class PromiseTooMuch(Fault):
    """More was promised than is owed."""

    code = "contact.promise-too-much"
    en, en_remedy = "The promise is larger than what is owed.", "Enter at most the amount owed."
    zh, zh_remedy = "承诺金额超过欠款总额。", "请填写不超过欠款的金额。"


class PromiseTooFar(Fault):
    """Somebody who broke promises may not promise that far ahead."""

    code = "contact.promise-too-far"
    en, en_remedy = "{why}. The last possible day is {last}.", "Enter an earlier day, or agree on a plan."
    zh, zh_remedy = "{why_zh}。最晚可约 {last}。", "请改约更早的日期，或商定方案。"


@dataclass(frozen=True)
class Said:
    """What was promised. `besides`: it stands beside the running promise instead of taking its place."""

    amount: int | None
    on: date | None
    pay_by: int = UNKNOWN
    remind: bool = False
    besides: bool = False


def promise(case: Case, attempt: Attempt | None, said: Said, today: date) -> Promise:
    """Record a promise inside the caller's transaction; the running one is superseded and keeps its history.

    Raises `PromiseIncomplete`, `PromiseTooFar`, `PromiseTooMuch`.
    """
    policy = policy_at(today)
    amount, on = _checked(case, said, policy, today)
    running = case.promises.filter(status="OPEN")
    beside = (running.aggregate(total=Sum("amount"))["total"] or 0) if said.besides else 0
    if amount + beside > case.balance:
        raise PromiseTooMuch
    before = [] if said.besides else list(running)
    made = Promise.objects.create(
        case=case, attempt=attempt, made_on=today, amount=amount, due_on=on, pay_by=said.pay_by, remind=said.remind,
        grace_days=policy.grace_days, threshold_ppm=policy.threshold_ppm,
    )  # fmt: skip
    Promise.objects.filter(pk__in=[p.pk for p in before]).update(
        status="SUPERSEDED", superseded_by=made, judged_on=today
    )
    return made


def _checked(case: Case, said: Said, policy: PromisePolicy, today: date) -> tuple[int, date]:
    last = today + timedelta(days=policy.days_ahead)
    if said.amount is None or said.amount <= 0 or said.on is None or not today <= said.on <= last:
        raise PromiseIncomplete(first=today, last=last)
    limit = policy.limit(broken_count(case, policy, today))
    nearest = today + timedelta(days=limit.days_ahead)
    if said.on > nearest:
        raise PromiseTooFar(why=limit.why["en"], why_zh=limit.why["zh"], last=nearest)
    return said.amount, said.on


def broken_count(case: Case, policy: PromisePolicy, today: date) -> int:
    """How many promises the person broke within the memory of the policy, over all cases."""
    return count_broken(Promise.objects.filter(case__customer_id=case.customer_id), policy, today)


def count_broken(of_person: Iterable[Promise], policy: PromisePolicy, today: date) -> int:
    """The same over promises that are at hand."""
    since = today - timedelta(days=policy.memory_days)
    return sum(1 for p in of_person if p.status == "BROKEN" and p.due_on + timedelta(days=p.grace_days) >= since)


@transaction.atomic
def judge_person(actor: str, lender: Organisation, customer_id: int) -> int:
    """Judge one person's promises by the payments as they stand; how many changed. The night does the same for everybody."""
    if not Promise.objects.filter(case__customer_id=customer_id).exclude(status="SUPERSEDED").exists():
        return 0
    return judge_people(actor, lender, [customer_id])


def judge_people(actor: str, lender: Organisation, customers: Sequence[int]) -> int:
    """The same for several people at once, inside the caller's transaction."""
    today = clock.business_date(clock.now_minute(), lender.zone)
    made = config.build(lender, today)
    found = judge(promises_of(DjangoReader(), lender.pk, customers, today), made)
    anew = changed(found, made).to_dicts()
    for one in anew:
        kept = Promise.objects.select_related("case").get(pk=one["promise"])
        audit.write(actor, "promise.judge", "promise", kept.pk, case=kept.case_id, before=kept.status,
                    after=one["status"], paid=one["paid"])  # fmt: skip
        Promise.objects.filter(pk=kept.pk).update(status=one["status"], paid=one["paid"], judged_on=today)
    return len(anew)
