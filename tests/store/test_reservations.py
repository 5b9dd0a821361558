"""A reservation is asked for once, used, given back or over; whatever happens late or twice changes no count."""

from __future__ import annotations

import json

import pytest

from books import AS_OF, minute, owner_of
from fairdue.jobs import night
from fairdue.store import audit, clock, lenders
from fairdue.store.actions import contacts
from fairdue.store.actions.contacts import Refusal, Reservation
from fairdue.store.models import Attempt, AuditRow, Decision, PackRevision
from store.test_guard_in_use import call, callable_case, hand_to, text, worked_book
from worlds import BOTH, Worlds, opened

both = pytest.mark.parametrize("vendor", BOTH)


@both
def test_the_same_request_twice_holds_one_place(worlds: Worlds, vendor: str) -> None:
    """Also after the place was used: the asker who lost the answer gets the answer, not another place."""
    with opened(worlds, vendor, worked_book):
        case = callable_case()
        user = owner_of(case)
        one = contacts.reserve(user, case.pk, text(case), key="a")
        assert isinstance(one, Reservation)
        contacts.record(user, one.attempt_id, "SMS_SENT", key="b")
        assert contacts.reserve(user, case.pk, text(case), key="a") == one
        assert isinstance(contacts.reserve(user, case.pk, text(case), key="c"), Refusal)
        assert Attempt.objects.count() == 1


@both
def test_a_refused_request_twice_gives_the_same_refusal(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, worked_book):
        case = callable_case()
        clock.set_demo(minute(AS_OF, "23:00"))
        one = contacts.reserve(owner_of(case), case.pk, call(case), key="a")
        clock.set_demo(minute(AS_OF, "23:30"))
        assert isinstance(one, Refusal)
        assert contacts.reserve(owner_of(case), case.pk, call(case), key="a") == one
        assert Decision.objects.filter(kind="contact").count() == 1


@both
def test_the_same_outcome_twice_is_recorded_once(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, worked_book):
        case = callable_case()
        user = owner_of(case)
        held = contacts.reserve(user, case.pk, call(case))
        assert isinstance(held, Reservation)
        one = contacts.record(user, held.attempt_id, "NA", key="a")
        assert contacts.record(user, held.attempt_id, "NA", key="a") == one
        assert Decision.objects.filter(kind="outcome").count() == 1
        with pytest.raises(contacts.NotReserved):
            contacts.record(user, held.attempt_id, "NA", key="b")


def test_a_key_stands_for_one_request(worlds: Worlds) -> None:
    with opened(worlds, "sqlite", worked_book):
        case = callable_case()
        user = owner_of(case)
        held = contacts.reserve(user, case.pk, text(case), key="a")
        assert isinstance(held, Reservation)
        with pytest.raises(contacts.KeyReused):
            contacts.reserve(user, case.pk, call(case), key="a")
        with pytest.raises(contacts.KeyReused):
            contacts.record(user, held.attempt_id, "SMS_SENT", key="a")
        other = contacts.reserve(hand_to(case, "collector2"), case.pk, text(case), key="a")
        assert isinstance(other, Refusal), "a key is the asker's own"


@both
def test_an_outcome_that_comes_late_confirms_and_counts(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, worked_book):
        case = callable_case()
        user = owner_of(case)
        held = contacts.reserve(user, case.pk, text(case))
        assert isinstance(held, Reservation)
        clock.set_demo(minute(AS_OF, "11:00"))
        assert contacts.lapse("test") == 1
        contacts.record(user, held.attempt_id, "SMS_SENT")
        attempt = Attempt.objects.get()
        assert (attempt.state, attempt.late, attempt.recorded_at) == ("CONFIRMED", True, minute(AS_OF, "11:00"))
        assert json.loads(AuditRow.objects.latest("pk").data)["late"] is True
        assert isinstance(contacts.reserve(user, case.pk, text(case)), Refusal)


@both
def test_the_sweep_marks_what_is_over_and_nothing_else(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, worked_book) as world:
        case = callable_case()
        held = contacts.reserve(owner_of(case), case.pk, text(case))
        assert isinstance(held, Reservation)
        attempt = Attempt.objects.get()
        assert (attempt.seen(held.expires - 1), attempt.seen(held.expires)) == ("RESERVED", "LAPSED")
        assert contacts.lapse("test", held.expires - 1) == 0
        clock.set_demo(held.expires)
        assert json.loads(world.fairdue("reservations", "lapse", "--json")) == {"lapsed": 1}
        attempt.refresh_from_db()
        assert attempt.state == "LAPSED"
        assert contacts.lapse("test") == 0
        assert audit.verify() is None


@both
def test_the_night_sweeps(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, worked_book):
        case = callable_case()
        contacts.reserve(owner_of(case), case.pk, text(case))
        clock.set_demo(minute(AS_OF, "23:30"))
        night.run_night(lenders.find(None), AS_OF)
        assert Attempt.objects.get().state == "LAPSED"


@both
def test_a_decision_names_what_it_was_told_and_the_text_of_its_rules_is_kept(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, worked_book):
        case = callable_case()
        user = owner_of(case)
        for code in ("NA", "RPC_HANGUP"):
            held = contacts.reserve(user, case.pk, call(case))
            assert isinstance(held, Reservation)
            contacts.record(user, held.attempt_id, code)
        decision = Decision.objects.filter(kind="contact").latest("pk")
        told = json.loads(decision.history or "")
        assert told["at"] == [minute(AS_OF, "10:00")]
        assert (told["person"], told["answered"]) == ([case.customer_id], [0])
        kept = PackRevision.objects.get(revision=decision.pack_revision)
        assert kept.law_revision != kept.policy_revision != ""
        reserved = AuditRow.objects.filter(verb="contact.reserve").latest("pk")
        assert json.loads(reserved.data)["sha256"] == decision.seal()
