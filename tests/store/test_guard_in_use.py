"""The guard where contacts are made: what is refused is recorded, what is reserved counts, what is released does not."""

from __future__ import annotations

import json

import pytest
from django.conf import settings

import books
from books import AS_OF, minute, owner_of
from fairdue.core.codes import Channel, Party
from fairdue.core.decision import Action
from fairdue.jobs import night
from fairdue.store import access, audit, clock
from fairdue.store.actions import contacts
from fairdue.store.actions.contacts import Proposed, Refusal, Reservation
from fairdue.store.models import Attempt, AuditRow, Case, Decision, Person, Point, User
from fairdue.store.reasons import of_decision
from worlds import BOTH, Worlds, opened

both = pytest.mark.parametrize("vendor", BOTH)


def worked_book() -> None:
    """A worked book, at ten in the morning."""
    lender = books.bank()
    books.load(lender, books.write(settings.HOME / "book.csv", books.rows(40)))
    night.run_night(lender, AS_OF)
    clock.set_demo(minute(AS_OF, "10:00"))


def callable_case() -> Case:
    """A case somebody should call now."""
    return Case.objects.filter(action=Action.CONTACT, owner__isnull=False).order_by("pk")[0]


def call(case: Case) -> Proposed:
    return Proposed(Channel.CALL, Point.objects.get(person_id=case.customer_id).pk)


def text(case: Case) -> Proposed:
    return Proposed(Channel.SMS, Point.objects.get(person_id=case.customer_id).pk)


def hand_to(case: Case, username: str) -> User:
    user = User.objects.get(username=username)
    Case.objects.filter(pk=case.pk).update(owner=user, team=user.team)
    return user


@both
def test_a_call_at_23_is_refused_until_half_past_eight(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, worked_book):
        clock.set_demo(minute(AS_OF, "23:00"))
        case = callable_case()
        answer = contacts.reserve(owner_of(case), case.pk, call(case))
        assert isinstance(answer, Refusal)
        assert clock.from_minute(answer.next_lawful, "Asia/Shanghai").isoformat() == "2026-10-01T08:30:00+08:00"
        assert not Attempt.objects.exists()


@both
def test_a_refusal_is_recorded_with_its_articles(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, worked_book):
        clock.set_demo(minute(AS_OF, "23:00"))
        case = callable_case()
        answer = contacts.reserve(owner_of(case), case.pk, call(case))
        assert isinstance(answer, Refusal)
        decision = Decision.objects.get(pk=answer.decision_id)
        refused = {why.rule: why for why in of_decision(decision) if why.status == "REFUSED"}
        assert {"STEADY-TIME-01", "CN-TIME-01"} <= refused.keys()
        assert all(why.instrument["zh"] and why.article and why.title["en"] for why in refused.values())
        assert json.loads(decision.facts)["contact"]["channel"] == "CALL"
        assert (decision.allowed, decision.kind, decision.actor) == (False, "contact", case.owner)
        assert AuditRow.objects.latest("pk").verb == "contact.refuse"
        assert audit.verify() is None


@both
def test_a_call_at_ten_is_reserved_together_with_its_decision(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, worked_book):
        case = callable_case()
        answer = contacts.reserve(owner_of(case), case.pk, call(case))
        assert isinstance(answer, Reservation)
        attempt = Attempt.objects.get(pk=answer.attempt_id)
        assert (attempt.state, attempt.decision.allowed, attempt.party) == ("RESERVED", True, Party.BORROWER)
        assert attempt.expires_at == minute(AS_OF, "10:30")


@both
def test_a_reservation_counts_and_a_release_gives_the_place_back(worlds: Worlds, vendor: str) -> None:
    """This lender allows one text a day: a second collector is refused while the first one's text is under way."""
    with opened(worlds, vendor, worked_book):
        case = callable_case()
        first, second = hand_to(case, "collector1"), User.objects.get(username="collector2")
        held = contacts.reserve(first, case.pk, text(case))
        assert isinstance(held, Reservation)
        hand_to(case, "collector2")
        refused = contacts.reserve(second, case.pk, text(case))
        assert isinstance(refused, Refusal)
        assert [w.rule for w in of_decision(Decision.objects.get(pk=refused.decision_id)) if w.status == "REFUSED"] == [
            "STEADY-SMS-01"
        ]
        contacts.release(first, held.attempt_id)
        assert isinstance(contacts.reserve(second, case.pk, text(case)), Reservation)


@both
def test_a_reservation_that_is_never_used_lapses(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, worked_book):
        case = callable_case()
        assert isinstance(contacts.reserve(hand_to(case, "collector1"), case.pk, text(case)), Reservation)
        clock.set_demo(minute(AS_OF, "10:31"))
        assert isinstance(contacts.reserve(hand_to(case, "collector2"), case.pk, text(case)), Reservation)


@both
def test_a_lapsed_reservation_is_no_permission(worlds: Worlds, vendor: str) -> None:
    """Reserved in the evening and never used: at night the guard is asked again."""
    with opened(worlds, vendor, worked_book):
        case = callable_case()
        clock.set_demo(minute(AS_OF, "20:50"))
        assert isinstance(contacts.reserve(owner_of(case), case.pk, call(case)), Reservation)
        clock.set_demo(minute(AS_OF, "23:00"))
        assert isinstance(contacts.reserve(owner_of(case), case.pk, call(case)), Refusal)


def test_asking_twice_holds_one_place(worlds: Worlds) -> None:
    with opened(worlds, "sqlite", worked_book):
        case = callable_case()
        one, two = (contacts.reserve(owner_of(case), case.pk, text(case)) for _ in range(2))
        assert one == two
        assert Attempt.objects.count() == 1


def test_a_place_is_released_once(worlds: Worlds) -> None:
    with opened(worlds, "sqlite", worked_book):
        case = callable_case()
        held = contacts.reserve(owner_of(case), case.pk, text(case))
        assert isinstance(held, Reservation)
        contacts.release(owner_of(case), held.attempt_id)
        with pytest.raises(contacts.NotReserved):
            contacts.release(owner_of(case), held.attempt_id)


def test_nobody_contacts_about_a_case_that_is_not_theirs(worlds: Worlds) -> None:
    with opened(worlds, "sqlite", worked_book):
        case = callable_case()
        for user in User.objects.exclude(pk=owner_of(case).pk):
            with pytest.raises(access.NotYours):
                contacts.reserve(user, case.pk, call(case))
        assert not Decision.objects.filter(kind="contact").exists()


def test_an_unknown_time_zone_refuses_and_says_what_is_missing(worlds: Worlds) -> None:
    with opened(worlds, "sqlite", worked_book):
        case = callable_case()
        Person.objects.filter(pk=case.customer_id).update(zone="")
        answer = contacts.reserve(owner_of(case), case.pk, call(case))
        assert isinstance(answer, Refusal)
        unknown = [w for w in of_decision(Decision.objects.get(pk=answer.decision_id)) if w.status == "UNKNOWN"]
        assert any({"zh": "对方所在时区", "en": "time zone of the person"} in w.missing for w in unknown)
        assert answer.next_lawful == -1


def test_a_third_talk_on_one_day_is_refused(worlds: Worlds) -> None:
    """The law allows three effective talks a day, this lender two."""
    with opened(worlds, "sqlite", worked_book):
        case = callable_case()
        for _ in range(2):
            held = contacts.reserve(owner_of(case), case.pk, call(case))
            assert isinstance(held, Reservation)
            contacts.record(owner_of(case), held.attempt_id, "RPC_WILLING")
        answer = contacts.reserve(owner_of(case), case.pk, call(case))
        assert isinstance(answer, Refusal)
        assert [w.rule for w in of_decision(Decision.objects.get(pk=answer.decision_id)) if w.status == "REFUSED"] == [
            "STEADY-FREQ-02"
        ]
        assert clock.from_minute(answer.next_lawful, "Asia/Shanghai").isoformat() == "2026-10-01T08:30:00+08:00"


def test_a_lock_on_a_person_needs_a_transaction(worlds: Worlds) -> None:
    from django.db.transaction import TransactionManagementError

    from fairdue.store.locks import lock_person

    with opened(worlds, "sqlite"), pytest.raises(TransactionManagementError):
        lock_person(1)
