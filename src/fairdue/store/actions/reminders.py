"""Plan reminders for customers in good standing, and keep how they pay and what they consented to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from fairdue.rules.quality import load_reminders
from fairdue.store import audit, reminding
from fairdue.store.models import Account, Habit, Organisation, Reminder


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
