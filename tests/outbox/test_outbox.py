"""A message is written with its decision, judged again when it leaves, and never leaves for a person who has paid."""

from __future__ import annotations

import pytest

from books import AS_OF, minute, owner_of
from fairdue.core.codes import Channel
from fairdue.store import audit, clock
from fairdue.store.actions import approvals, heard_back, outbox
from fairdue.store.message_words import Words
from fairdue.store.models import Approval, Attempt, AuditRow, Case, Message, User
from fairdue.store.pages import messages as pages
from sending import cases, point, queue, queued, run, states, worked_book
from worlds import BOTH, Worlds, opened


def attempt(message: Message) -> Attempt:
    return Attempt.objects.get(messages=message)


both = pytest.mark.parametrize("vendor", BOTH)


@both
def test_a_message_is_queued_with_its_place_in_the_ledger_and_leaves_once(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, worked_book):
        case = cases()[0]
        made = queued(case)
        assert (made.state, attempt(made).state, attempt(made).decision.allowed) == ("QUEUED", "RESERVED", True)
        run()
        made.refresh_from_db()
        assert made.state == "DELIVERED"
        assert attempt(made).state == "CONFIRMED"
        assert attempt(made).outcome == "SMS_DELIVERED"
        assert made.cost == 5 * made.parts
        costs = pages.outbox_page(owner_of(case), "", 1).days
        assert [(one.on, one.messages, one.cost) for one in costs] == [(AS_OF, 1, made.cost)]
        clock.set_demo(minute(AS_OF, "10:00") + 3 * 1440)
        assert [one.on for one in pages.outbox_page(owner_of(case), "", 1).days] == [AS_OF]
        clock.set_demo(minute(AS_OF, "10:00"))
        run()
        assert states() == {"DELIVERED": 1}
        assert audit.verify() is None


@both
def test_the_same_key_is_the_same_message(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, worked_book):
        case = cases()[0]
        assert queued(case, key="a").pk == queued(case, key="a").pk
        with pytest.raises(outbox.KeyTaken):
            queue(case, Channel.EMAIL, key="a")


@both
def test_at_night_it_waits_for_the_morning(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, worked_book):
        clock.set_demo(minute(AS_OF, "23:00"))
        made = queued(cases()[0])
        assert clock.from_minute(made.not_before, "Asia/Shanghai").isoformat() == "2026-10-01T08:30:00+08:00"
        run()
        assert states() == {"QUEUED": 1}
        clock.set_demo(made.not_before)
        run()
        assert states() == {"DELIVERED": 1}


@both
def test_queued_by_day_and_looked_at_by_night_it_stays_until_it_is_lawful(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, worked_book):
        made = queued(cases()[0])
        clock.set_demo(minute(AS_OF, "22:30"))
        run()
        made.refresh_from_db()
        assert (made.state, made.why) == ("QUEUED", "GUARD")
        assert made.not_before == minute(AS_OF, "23:59") + 1 + 8 * 60 + 30
        assert not Attempt.objects.filter(state="RESERVED").exists()


@both
def test_a_stop_binds_at_once_and_takes_back_what_waits(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, worked_book):
        case = cases()[0]
        made = queued(case)
        heard_back.opt_out(case.customer, Channel.SMS, "REPLY", "test")
        made.refresh_from_db()
        assert (made.state, made.why) == ("CANCELLED", "OPTED_OUT")
        assert attempt(made).state == "RELEASED"
        again = queue(case, key="b")
        assert isinstance(again, outbox.Refusal)
        assert again.why == "OPTED_OUT"


@both
def test_what_was_queued_stays_when_the_case_has_closed(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, worked_book):
        made = queued(cases()[0])
        Case.objects.filter(pk=made.case_id).update(closed_on=AS_OF)
        run()
        made.refresh_from_db()
        assert (made.state, made.why) == ("STOPPED", "CASE_CLOSED")


@both
def test_a_message_too_old_is_of_no_use(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, worked_book):
        made = queued(cases()[0])
        clock.set_demo(made.expires_at)
        run()
        assert states() == {"EXPIRED": 1}


@both
def test_free_text_waits_for_a_second_person(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, worked_book):
        case = cases()[0]
        words = Words(text="您好，您要的材料我们今天寄出，请留意查收。")
        wanted = outbox.Wanted(Channel.SMS, point(case, Channel.SMS), words, "free", "asked by phone")
        made = outbox.send(owner_of(case), case.pk, wanted)
        assert isinstance(made, Message)
        run()
        made.refresh_from_db()
        assert (made.state, made.why, made.attempt) == ("HELD", "FREE_TEXT", None)
        lead = User.objects.get(role=1, team=owner_of(case).team)
        approvals.decide(lead, Approval.objects.get(kind="message").pk, grant=True)
        run()
        made.refresh_from_db()
        assert made.state == "DELIVERED"


def test_a_threat_cannot_be_sent_at_all(worlds: Worlds) -> None:
    with opened(worlds, "sqlite", worked_book):
        case = cases()[0]
        words = Words(text="再不还钱就把你抓起来，去你家闹，让你全家不得安宁。")
        with pytest.raises(outbox.MayNotBeSaid):
            outbox.send(
                owner_of(case), case.pk, outbox.Wanted(Channel.SMS, point(case, Channel.SMS), words, "x", "why")
            )
        assert not Message.objects.exists()
        assert not AuditRow.objects.filter(verb="message.queue").exists()
