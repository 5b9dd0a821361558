"""A guarantor is written to in words of their own, when the guard allows it; a contact person never in free words."""

from __future__ import annotations

import pytest

from books import owner_of
from fairdue.core.codes import Channel, GuaranteeKind, Party
from fairdue.store import message_words
from fairdue.store.access import NotYours
from fairdue.store.actions import outbox
from fairdue.store.message_words import FrameUnknown, Words
from fairdue.store.models import Case, Link, Message
from fairdue.store.pages import messages as pages
from sending import cases, point, run, worked_book
from worlds import BOTH, Worlds, opened


def linked(case: Case, other: Case, party: Party, **facts: object) -> Link:
    return Link.objects.create(customer=case.customer, person=other.customer, party=party, **facts)


def write(case: Case, other: Case, party: Party, frame: str, key: str, text: str = "") -> Message | outbox.Refusal:
    words = Words(frame, {}, text, "zh", party)
    wanted = outbox.Wanted(Channel.SMS, point(other, Channel.SMS), words, key, "test", wait=False)
    return outbox.send(owner_of(case), case.pk, wanted)


@pytest.mark.parametrize("vendor", BOTH)
def test_a_guarantor_is_written_to_only_when_liable_and_by_their_own_name(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, worked_book):
        case, other = cases()[:2]
        link = linked(case, other, Party.GUARANTOR)
        refused = write(case, other, Party.GUARANTOR, "guarantor-notice", "a")
        assert isinstance(refused, outbox.Refusal)
        assert refused.why == "GUARD"
        Link.objects.filter(pk=link.pk).update(liable=True, guarantee_kind=GuaranteeKind.JOINT, guarantee_lapsed=False)
        made = write(case, other, Party.GUARANTOR, "guarantor-notice", "b")
        assert isinstance(made, Message), made
        text = outbox.text_of(made)
        names = [message_words.facts(one, owner_of(one), "zh")["person"] for one in (other, case)]
        assert names[0] in text
        assert names[1] not in text, "whose loan it is stands in the letter"
        run()
        made.refresh_from_db()
        assert made.state == "DELIVERED"
        assert made.attempt is not None
        assert (made.attempt.person_id, made.attempt.party) == (other.customer_id, Party.GUARANTOR)
        page = pages.write_page(owner_of(case), case.pk, pages.Asked(point_id=point(other, Channel.SMS).pk))
        assert page.party == Party.GUARANTOR
        assert {choice.id for choice in page.choices} >= {"guarantor-notice"}
        assert not {"overdue-reminder", "letter-enclosed", "credit-notice"} & {choice.id for choice in page.choices}


def test_a_guarantors_liability_that_lapsed_meanwhile_stops_what_waits(worlds: Worlds) -> None:
    with opened(worlds, "sqlite", worked_book):
        case, other = cases()[:2]
        link = linked(
            case, other, Party.GUARANTOR, liable=True, guarantee_kind=GuaranteeKind.JOINT, guarantee_lapsed=False
        )
        made = write(case, other, Party.GUARANTOR, "guarantor-notice", "a")
        assert isinstance(made, Message)
        Link.objects.filter(pk=link.pk).update(guarantee_lapsed=True)
        run()
        made.refresh_from_db()
        assert (made.state, made.why) == ("STOPPED", "GUARD")


def test_nobody_becomes_somebody_else_by_being_written_to(worlds: Worlds) -> None:
    with opened(worlds, "sqlite", worked_book):
        case, other, third = cases()[:3]
        linked(case, other, Party.CONTACT)
        for to, party in ((other, Party.BORROWER), (other, Party.GUARANTOR), (third, Party.CONTACT)):
            with pytest.raises(NotYours):
                write(case, to, party, "guarantor-notice", "x")
        with pytest.raises(FrameUnknown):
            write(case, other, Party.CONTACT, "", "y", "您好，您要的材料我们今天寄出，请留意查收。")
        with pytest.raises(FrameUnknown):
            write(case, other, Party.CONTACT, "overdue-reminder", "z")
        assert not Message.objects.exists()
