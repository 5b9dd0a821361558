"""An opt-out is a fact of the guard: the night, a single decision, a message and the page all give the same answer."""

from __future__ import annotations

import json

import pytest

from books import AS_OF, minute, owner_of
from fairdue.core.codes import Channel, Direction, Mode, Party, Purpose
from fairdue.jobs import night
from fairdue.rules.talk.waterfall import load_waterfall
from fairdue.store import clock, decide
from fairdue.store.actions import contacts, heard_back
from fairdue.store.actions.contacts import Proposed, Refusal
from fairdue.store.models import Attempt, Case, Decision, Link, Person, Point
from sending import cases, lender, point, worked_book
from worlds import BOTH, Worlds, opened

RULE = "HOUSE-STOP-09"
both = pytest.mark.parametrize("vendor", BOTH)


def refused_by(case: Case, wanted: Proposed) -> set[str]:
    """The rules that refuse the contact, asked alone."""
    decision = decide.record_contact(
        decide.about_contact(case, wanted, owner_of(case), clock.now_minute()), owner_of(case)
    )
    return {reason["rule"] for reason in json.loads(decision.verdict) if reason["status"] == "REFUSED"}


def by(channel: Channel, of: Point | None, party: Party = Party.BORROWER) -> Proposed:
    return Proposed(channel, of.pk if of else None, Mode.NOTIFY, party, Purpose.COLLECT)


def not_answered(case: Case) -> None:
    """As many calls in a row as make the plan change to a text."""
    assert case.decision is not None
    for day in range(load_waterfall().text_after):
        Attempt.objects.create(
            case=case, customer=case.customer, person=case.customer, party=Party.BORROWER, point=point(case, Channel.SMS),
            channel=Channel.CALL, mode=Mode.TALK, purpose=Purpose.COLLECT, direction=Direction.OUT, operator=owner_of(case),
            organisation=case.lender, at=minute(AS_OF, "10:00") - (day + 3) * 1440, state=Attempt.CONFIRMED, answered=0,
            talked=0, outcome="NO_ANSWER", decision=case.decision, expires_at=0,
        )  # fmt: skip


@both
def test_who_opted_out_is_refused_by_rule_under_every_number_and_only_by_that_channel(
    worlds: Worlds, vendor: str
) -> None:
    with opened(worlds, vendor, worked_book):
        one, twin, other = cases()[:3]
        Person.objects.filter(pk__in=[one.customer_id, twin.customer_id]).update(human=one.customer_id)
        heard_back.opt_out(one.customer, Channel.SMS, "REPLY", "test")
        sms = [refused_by(case, by(Channel.SMS, point(case, Channel.SMS))) for case in (one, twin, other)]
        assert [RULE in found for found in sms] == [True, True, False]
        assert RULE not in refused_by(one, by(Channel.EMAIL, point(one, Channel.EMAIL)))
        heard_back.opt_in(one.customer, Channel.SMS, "test")
        assert RULE not in refused_by(one, by(Channel.SMS, point(one, Channel.SMS)))


@both
def test_a_guarantors_own_opt_out_counts_and_the_borrowers_does_not(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, worked_book):
        case, other = cases()[:2]
        Link.objects.create(
            customer=case.customer, person=other.customer, party=Party.GUARANTOR, guarantee_kind=1, liable=True
        )
        wanted = by(Channel.SMS, point(other, Channel.SMS), Party.GUARANTOR)
        heard_back.opt_out(case.customer, Channel.SMS, "REPLY", "test")
        assert RULE not in refused_by(case, wanted)
        heard_back.opt_out(other.customer, Channel.SMS, "REPLY", "test")
        assert RULE in refused_by(case, wanted)


@both
def test_the_night_and_the_desk_answer_alike(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, worked_book):
        chosen = cases()[:6]
        for case in chosen:
            not_answered(case)  # so a text message is planned
        for case in chosen[::2]:
            heard_back.opt_out(case.customer, Channel.SMS, "REPLY", "test")
        night.run_night(lender(), AS_OF)
        last = {row.case_id: row for row in Decision.objects.filter(kind="night").order_by("pk")}
        told = {case.pk: json.loads(last[case.pk].facts)["contact"] for case in chosen}
        assert {told[case.pk]["channel"] for case in chosen} == {"SMS"}
        assert [told[case.pk]["channel_refused"] for case in chosen] == ["YES", "NO"] * 3
        for case in chosen:
            at_night = {why["rule"] for why in json.loads(last[case.pk].verdict) if why["status"] == "REFUSED"}
            alone = refused_by(case, by(Channel.SMS, point(case, Channel.SMS)))
            assert (RULE in at_night) == (RULE in alone) == (case in chosen[::2])
        assert isinstance(
            contacts.reserve(owner_of(chosen[0]), chosen[0].pk, by(Channel.SMS, point(chosen[0], Channel.SMS))), Refusal
        )
