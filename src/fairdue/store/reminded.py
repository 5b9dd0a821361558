"""What a reminder says at the moment it leaves: the amount as it is now, or why nothing needs to be said any more."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date

import polars as pl

from fairdue.core.errors import Lang
from fairdue.rules.talk.promises import policy_at
from fairdue.store import clock, reminding
from fairdue.store import config as configs
from fairdue.store.message_words import said_amount, said_date
from fairdue.store.models import Case, Message, Promise, Reminder
from fairdue.store.quiet import Quiet
from fairdue.store.seal import sealer
from fairdue.store.silence import AMOUNT_PAID, ARREARS, DAY_OVER, PROMISE_OVER

REMINDER, PROMISE = "reminder-", "promise-"  # how the keys of such messages begin


def slots(case: Case, amount: int, on: date, lang: Lang, account_no: str = "") -> dict[str, str]:
    """The exact amount and day, as the words say them."""
    said = {"amount": said_amount(case, amount, lang), "due_date": said_date(on, lang)}
    return said | ({"account_tail": account_no[-4:]} if account_no else {})


def refreshed(message: Message) -> Quiet | None:
    """Put the amount as it is now into the words of a reminder; why nothing is said any more, where that is so.

    Messages that are no reminders are left alone.
    """
    today = clock.business_date(clock.now_minute(), message.lender.zone)
    lang: Lang = "en" if message.lang == "en" else "zh"
    found = _reminder(message, today, lang) or _promise(message, today, lang)
    if found is None or isinstance(found, Quiet):
        return found
    message.given_sealed = sealer().seal(json.dumps(dict(found), ensure_ascii=False))
    return None


def _reminder(message: Message, today: date, lang: Lang) -> Quiet | Mapping[str, str] | None:
    row = Reminder.objects.filter(message_id=message.pk).select_related("account").first()
    if row is None:
        return None
    if today > row.due_on:
        return DAY_OVER
    amount, late = standing(row, today)
    if late:
        return ARREARS
    return slots(message.case, amount, row.due_on, lang, row.account.account_no) if amount > 0 else AMOUNT_PAID


def standing(row: Reminder, today: date) -> tuple[int, bool]:
    """What of a due date is unpaid now, and whether anything of the customer is overdue."""
    account = row.account
    made = configs.build(account.lender, today, clock.now_minute())
    state = reminding.standing(account.lender_id, f"= {account.customer_id}", made)
    late = state.accounts.filter((pl.col("dpd") > 0) & (pl.col("owed") > 0)).height > 0
    return reminding.unpaid(state, account.pk, row.due_on), late


def _promise(message: Message, today: date, lang: Lang) -> Quiet | Mapping[str, str] | None:
    if not message.key.startswith(PROMISE):
        return None
    row = Promise.objects.filter(case=message.case_id, pk=int(message.key.removeprefix(PROMISE).split("#")[0])).first()
    if row is None or row.status != "OPEN":
        return PROMISE_OVER
    if today > row.due_on:
        return DAY_OVER
    left = row.amount - row.paid
    return slots(message.case, left, row.due_on, lang) if left > 0 else AMOUNT_PAID


def promises_due(lender_id: int, on: date) -> list[Promise]:
    """Promises whose maker asked to be reminded, whose reminder is due, and of which no reminder was written yet."""
    last = date.fromordinal(on.toordinal() + policy_at(on).remind_days)
    rows = Promise.objects.filter(
        case__lender=lender_id, case__closed_on=None, status="OPEN", remind=True, due_on__gte=on, due_on__lte=last
    ).select_related("case__lender", "case__customer", "case__owner").order_by("pk")  # fmt: skip
    wanted = {f"{PROMISE}{row.pk}": row for row in rows}
    there = set(Message.objects.filter(lender=lender_id, key__in=wanted).values_list("key", flat=True))
    return [row for key, row in wanted.items() if key not in there]
