"""Plan reminders for customers in good standing, and keep how they pay and what they consented to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.db import transaction

from fairdue.core.codes import Channel, PointStatus, Purpose, Role
from fairdue.core.errors import Fault
from fairdue.rules.quality import load_reminders
from fairdue.store import audit, message_words, reminded, reminding
from fairdue.store.actions import outbox
from fairdue.store.actions.outbox import Wanted
from fairdue.store.locks import lock_people
from fairdue.store.message_words import Words
from fairdue.store.models import Account, Case, Habit, Organisation, Promise, Reminder, User

PROMISE_FRAME = "promise-due"


@dataclass(frozen=True)
class Made:
    """What became of the due dates of a day: planned, and left out by reason."""

    planned: int
    left_out: dict[str, int]
    again: int


@transaction.atomic
def make(actor: str, lender: Organisation, today: date) -> Made:
    """Plan the reminders of a day. Planned again, what is there stays; none is made twice for one due date."""
    found = reminding.plan(lender, today)
    there = set(Reminder.objects.filter(account__lender=lender, due_on__gte=today).values_list("account_id", "due_on"))
    new = [one for one in found if (one.account.pk, one.due_on) not in there]
    frame = load_reminders().frame
    rows = Reminder.objects.bulk_create(
        Reminder(
            account=one.account, point=one.point, due_on=one.due_on, amount=one.amount, channel=one.channel,
            frame="" if one.why else frame, not_before=one.not_before, why=one.why, made_on=today,
            state=Reminder.LEFT_OUT if one.why else Reminder.PLANNED,
        )
        for one in new
    )  # fmt: skip
    why = Counter(row.why.split(":")[0] for row in rows if row.why)
    made = Made(sum(row.state == Reminder.PLANNED for row in rows), dict(sorted(why.items())), len(found) - len(new))
    audit.write(
        actor, "reminder.make", "organisation", lender.pk, on=today, planned=made.planned, left_out=made.left_out
    )
    return made


@dataclass(frozen=True)
class Queued:
    """What was put into the outbox, what may not be sent, and what became needless before it was."""

    queued: int
    refused: int
    over: int


def queue(lender: Organisation, today: date) -> Queued:
    """Put the planned reminders, and those of promises whose maker asked for one, into the outbox; each on its own.

    What fails stays planned and is named once the others are in: raises the first fault. Again changes nothing.
    """
    count: Counter[str] = Counter()
    faults: list[Fault] = []
    rows = (
        Reminder.objects.filter(account__lender=lender, state=Reminder.PLANNED)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    does = [partial(_queue, pk, today) for pk in rows]
    does += [partial(_queue_promise, row) for row in reminded.promises_due(lender.pk, today)]
    for one in does:
        try:
            count[one()] += 1
        except Fault as fault:
            faults.append(fault)
    if faults:
        raise faults[0]
    return Queued(count["queued"], count["refused"], count["over"])


@transaction.atomic
def _queue(reminder_id: int, today: date) -> str:
    found = Reminder.objects.select_related("account__customer", "account__lender", "point").get(pk=reminder_id)
    lock_people([found.account.customer_id])
    row = Reminder.objects.select_for_update().get(pk=reminder_id)
    if row.state != Reminder.PLANNED:
        return "over"
    amount, late = reminded.standing(found, today)
    if late or amount <= 0 or today > row.due_on:
        row.state, row.why = Reminder.OVER, "OVERDUE" if late else "AMOUNT_PAID" if amount <= 0 else ""
        row.save(update_fields=["state", "why"])
        return "over"
    case = _file(found.account, today)
    lang = message_words.language(case.customer)
    words = Words(row.frame, reminded.slots(case, amount, row.due_on, lang, found.account.account_no), "", lang)
    key = f"{reminded.REMINDER}{row.pk}"
    made = outbox.put(
        _login(case.lender), case, Wanted(row.channel, found.point, words, key, "due soon", Purpose.REMIND)
    )
    if isinstance(made, outbox.Refusal):
        row.state, row.why = Reminder.LEFT_OUT, "LAW" if made.why == "GUARD" else made.why
        row.save(update_fields=["state", "why"])
        return "refused"
    row.state, row.message_id, row.amount = Reminder.QUEUED, made.pk, amount
    row.save(update_fields=["state", "message_id", "amount"])
    return "queued"


def _file(account: Account, today: date) -> Case:
    """The customer's file in good standing, under the lock: closed since it was begun, so that nobody works it."""
    found = Case.objects.filter(customer=account.customer_id, lender=account.lender_id, status=Case.FILE).first()
    if found is None:
        found = Case.objects.create(
            customer=account.customer, lender=account.lender, opened_on=today, closed_on=today, status=Case.FILE,
            close_reason=Case.FILE,
        )  # fmt: skip
    return Case.objects.select_related("lender", "customer").get(pk=found.pk)


def _login(lender: Organisation) -> User:
    """Under what name the lender's system reminds: nobody can log in with it."""
    return User.objects.get_or_create(
        username=f"reminders.{lender.code}",
        defaults={"display_name": lender.name_zh, "role": Role.OPERATOR, "organisation": lender, "is_active": False,
                  "password": "!"},
    )[0]  # fmt: skip


@transaction.atomic
def _queue_promise(row: Promise) -> str:
    """A reminder of a promise goes in the name of whoever works the case: it is collecting, and the rules for that hold."""
    case = row.case
    point = case.customer.points.filter(channel=Channel.CALL, status=PointStatus.GOOD).order_by("pk").first()
    if case.owner is None or point is None or row.amount <= row.paid:
        return "over"
    lang = message_words.language(case.customer)
    words = Words(PROMISE_FRAME, reminded.slots(case, row.amount - row.paid, row.due_on, lang), "", lang)
    wanted = Wanted(Channel.SMS, point, words, f"{reminded.PROMISE}{row.pk}", "asked to be reminded")
    return "refused" if isinstance(outbox.put(case.owner, case, wanted), outbox.Refusal) else "queued"


@dataclass(frozen=True)
class Said:
    """What the lender's file says of one account; None: it does not say."""

    direct_debit: bool | None
    debits_ok: int
    wanted: bool | None
    channels: tuple[str, ...]


@transaction.atomic
def know(actor: str, account: Account, said: Said, as_of: date) -> Habit:
    """Keep how an account is paid and by which channels its customer consented to be reminded."""
    habit, _ = Habit.objects.update_or_create(account=account, defaults={
        "direct_debit": said.direct_debit, "debits_ok": said.debits_ok, "wanted": said.wanted,
        "channels": ",".join(said.channels), "as_of": as_of,
    })  # fmt: skip
    audit.write(actor, "reminder.know", "account", account.pk, wanted=said.wanted, direct_debit=said.direct_debit,
                channels=habit.channels)  # fmt: skip
    return habit
