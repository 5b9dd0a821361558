"""Money on the ledger: a payment is allocated by the order of the law or the contract, a mistake is reversed by its mirror."""

from __future__ import annotations

from datetime import date

import numpy as np
from django.db import transaction
from django.db.models import Q, Sum

from fairdue.core import delinquency, waterfall
from fairdue.core.codes import Component
from fairdue.core.errors import Fault
from fairdue.core.ledger import PostingKind
from fairdue.store import audit, clock
from fairdue.store.actions import known, plan_judge, promises, settlement_judge
from fairdue.store.locks import lock_person
from fairdue.store.models import Account, Posting


class NotAPayment(Fault):
    """The amount cannot be booked."""

    code = "ledger.not-a-payment"
    en, en_remedy = "A payment of {amount} cannot be booked.", "Enter an amount above zero."
    zh, zh_remedy = "无法入账：金额 {amount} 不是有效还款额。", "请输入大于零的金额。"


class AlreadyReversed(Fault):
    """The posting has a mirror already, or is one."""

    code = "ledger.already-reversed"
    en, en_remedy = "Payment {ref} has already been reversed.", "Nothing needs to be done."
    zh, zh_remedy = "还款 {ref} 已冲正。", "无需再次操作。"


def balances(account: Account, on: date) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """What is owed per component at the end of a day, minor units, shape (5,)."""
    sums = account.postings.filter(value_date__lte=on).values_list("component").annotate(total=Sum("amount"))
    found = np.zeros(len(Component), np.int64)
    for component, total in sums:
        found[component] = total
    return found


@transaction.atomic
def record_payment(actor: str, account: Account, amount: int, paid_on: date, ref: str) -> list[Posting]:
    """Book a payment: one posting per component it pays, in the account's order; a surplus stays as a credit on principal.

    The same reference on the same account changes nothing. Raises `NotAPayment`.
    """
    if amount <= 0:
        raise NotAPayment(amount=amount)
    lock_person(account.customer_id)
    booked = list(account.postings.filter(ref=ref, kind=PostingKind.PAYMENT, reversed_by=None))
    if booked:
        return booked
    owed = balances(account, paid_on)
    order = waterfall.order_for(account.product, dpd_of(account, paid_on), account.allocation_order)
    split, surplus = waterfall.allocate(np.array([amount]), owed[None, :], order)
    split[0, Component.PRINCIPAL] += surplus[0]
    rows = [
        Posting(account=account, value_date=paid_on, component=component, amount=-int(split[0, component]),
                kind=PostingKind.PAYMENT, ref=ref, booked_at=clock.wall())
        for component in Component if split[0, component]
    ]  # fmt: skip
    Posting.objects.bulk_create(rows)
    audit.write(actor, "payment.record", "account", account.pk, amount=amount, paid_on=paid_on, ref=ref)
    known.mark(actor, account, amount, ref)
    promises.judge_person(actor, account.lender, account.customer_id)
    plan_judge.of_account(actor, account, _today(account))
    settlement_judge.of_account(actor, account, _today(account))
    return rows


@transaction.atomic
def reverse_payment(actor: str, account: Account, ref: str, reason: str, on: date) -> list[Posting]:
    """Undo a payment by its mirror, dated `on`. Raises `AlreadyReversed` when there is nothing left to undo."""
    lock_person(account.customer_id)
    standing = account.postings.filter(ref=ref, kind=PostingKind.PAYMENT, reversed_by=None)
    rows = [
        Posting(account=account, value_date=on, component=p.component, amount=-p.amount, kind=PostingKind.REVERSAL,
                ref=ref, reverses=p, booked_at=clock.wall())
        for p in standing
    ]  # fmt: skip
    if not rows:
        raise AlreadyReversed(ref=ref)
    Posting.objects.bulk_create(rows)
    audit.write(actor, "payment.reverse", "account", account.pk, reason=reason, ref=ref, on=on)
    known.mark(actor, account, -sum(row.amount for row in rows), ref)
    promises.judge_person(actor, account.lender, account.customer_id)
    plan_judge.of_account(actor, account, _today(account))
    settlement_judge.of_account(actor, account, _today(account))
    return rows


def _today(account: Account) -> date:
    return clock.business_date(clock.now_minute(), account.lender.zone)


def dpd_of(account: Account, on: date) -> int:
    """Days past due of one account at the end of a day: by its schedule and payments, else by the lender's due date."""
    day, due = np.datetime64(on, "D"), due_of(account, on)
    pauses = list(account.pauses.all())
    paused = delinquency.paused_days(
        np.zeros(len(pauses), np.int64), np.array([p.starts_on for p in pauses], "datetime64[D]"),
        np.array([p.ends_on for p in pauses], "datetime64[D]"), due, day,
    )  # fmt: skip
    return int(delinquency.days_past_due(due, day, paused)[0])


def due_of(account: Account, on: date) -> delinquency.Days:
    """The oldest due date that is not paid in full at the end of a day, shape (1,); not a time where there is none."""
    schedule = list(account.instalments.order_by("due_on"))
    due = np.array([account.oldest_unpaid_due or "NaT"], "datetime64[D]")
    zeros = np.zeros(len(schedule), np.int64)
    if schedule:
        dates = np.array([i.due_on for i in schedule], "datetime64[D]")
        due = delinquency.oldest_unpaid_due(
            zeros, dates, np.array([i.amount for i in schedule]), np.array([_paid(account, on)])
        )
    return due


def _paid(account: Account, until: date) -> int:
    """Payments net of reversals, minor units."""
    paid = account.postings.filter(value_date__lte=until).filter(
        Q(kind=PostingKind.PAYMENT) | Q(reverses__kind=PostingKind.PAYMENT)
    )
    return -(paid.aggregate(total=Sum("amount"))["total"] or 0)
