"""Who asked to be reminded of a promise is reminded once, with what is left to pay, and not once the promise has ended."""

from __future__ import annotations

from datetime import timedelta

from books import AS_OF
from fairdue.jobs.sending import Worker
from fairdue.store.actions import outbox, reminders
from fairdue.store.models import Case, Message, Promise
from sending import cases, worked_book
from worlds import Worlds, opened

DUE = AS_OF + timedelta(days=1)


def promised(case: Case, **said: object) -> Promise:
    asked: dict[str, object] = {"remind": True, "status": "OPEN"}
    return Promise.objects.create(
        case=case, made_on=AS_OF, amount=min(case.balance, 300_00), due_on=DUE, grace_days=1, threshold_ppm=900_000,
        **asked | said,
    )  # fmt: skip


def test_a_promise_is_reminded_of_before_its_day_where_that_was_asked_and_not_once_it_ended(worlds: Worlds) -> None:
    with opened(worlds, "sqlite", worked_book):
        kept, replaced, unasked = cases()[:3]
        first, second = promised(kept, paid=100), promised(replaced)
        promised(unasked, remind=False)
        assert reminders.queue(kept.lender, AS_OF) == reminders.Queued(2, 0, 0)
        assert reminders.queue(kept.lender, AS_OF) == reminders.Queued(0, 0, 0)
        Promise.objects.filter(pk=second.pk).update(status="SUPERSEDED")
        Worker().run(once=True)
        by_case = {row.case_id: row for row in Message.objects.all()}
        assert (by_case[kept.pk].state, by_case[replaced.pk].why) == ("DELIVERED", "PROMISE_OVER")
        left = f"{(first.amount - 100) / 100:.2f}元"
        assert left in outbox.text_of(by_case[kept.pk])
        assert "10月1日" in outbox.text_of(by_case[kept.pk])
