"""Somebody pays at ten: at one past ten nothing leaves, whatever was queued, by whatever channel."""

from __future__ import annotations

import pytest

from books import AS_OF, minute, owner_of
from fairdue.core.codes import Channel
from fairdue.store import audit, clock
from fairdue.store.actions import outbox, payments
from fairdue.store.matching import Incoming
from fairdue.store.models import Message
from sending import cases, point, queue, queued, run, states, worked_book
from worlds import BOTH, Worlds, opened


@pytest.mark.parametrize("vendor", BOTH)
def test_who_pays_at_ten_receives_nothing_at_one_past_ten(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, worked_book):
        clock.set_demo(minute(AS_OF, "09:58"))
        payer, other = cases()[:2]
        waiting = [queued(payer, Channel.SMS, "a"), queued(other, Channel.SMS, "b")]
        account = payer.customer.accounts.exclude(oldest_unpaid_due=None).order_by("pk")[0]
        clock.set_demo(minute(AS_OF, "10:00"))
        paid = Incoming("bank", 100, account.currency, AS_OF, "bank-1", to=((account.account_no, 100),))
        assert payments.receive("bank", payer.lender, paid).booked == 100
        clock.set_demo(minute(AS_OF, "10:01"))
        run()
        first, second = (Message.objects.get(pk=one.pk) for one in waiting)
        assert (first.state, first.why) == ("STOPPED", "PAYMENT_KNOWN")
        assert second.state == "DELIVERED", "the one who has not paid is reminded"
        again = queue(payer, Channel.EMAIL, "c")
        assert isinstance(again, outbox.Refusal)
        assert again.why == "PAYMENT_KNOWN"
        assert states() == {"STOPPED": 1, "DELIVERED": 1}
        assert first.attempt is not None
        assert first.attempt.state == "RELEASED"
        assert point(payer, Channel.SMS).status == 0
        assert owner_of(payer)
        assert audit.verify() is None
