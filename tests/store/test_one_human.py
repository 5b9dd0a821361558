"""One human under several customer numbers, as guarantor and as debtor, at one telephone number: counted and locked once."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import transaction

import books
from books import AS_OF, minute, owner_of
from fairdue.core.codes import Channel, Mode, Party, Purpose
from fairdue.jobs import night
from fairdue.store import clock, decide, lenders
from fairdue.store.actions import contacts
from fairdue.store.actions.contacts import Proposed, Refusal, Reservation
from fairdue.store.locks import NUMBER_SPACE, PERSON_SPACE, lock_people, lock_person
from fairdue.store.models import Attempt, Case, Decision, Person, Point
from fairdue.store.reasons import of_decision
from worlds import BOTH, Worlds, opened

both = pytest.mark.parametrize("vendor", BOTH)
SAME = "E12345678"


def late(i: int, **said: str) -> dict[str, Any]:
    """An overdue account; the people of `known` share an identity number or a phone."""
    row = books.rows(i + 1)[i] | {"id_type": "PASSPORT", "id_no": f"E{i:08}"}
    return row | {"oldest_unpaid_due": (AS_OF - timedelta(days=20)).isoformat(), "zone": "Asia/Shanghai"} | said


def twins() -> None:
    """C000001 and C000002 are one human, C000004 and C000005 share a telephone; C000002 guarantees for C000006."""
    lender = books.bank()
    rows = [late(1, id_no=SAME), late(2, id_no=SAME), late(4), late(5, phone="15400000004"), late(6), late(8)]
    books.load(lender, books.write(settings.HOME / "book.csv", rows))
    person = {"customer_ref": "C000006", "party": "GUARANTOR", "name": "王一", "id_type": "PASSPORT", "id_no": SAME,
              "phone": "15400000077", "phone_source": "CONTRACT", "zone": "Asia/Shanghai"}  # fmt: skip
    books.load(lender, books.write(settings.HOME / "people.csv", [person]), kind="people", as_of=None)
    night.run_night(lender, AS_OF)
    clock.set_demo(minute(AS_OF, "10:00"))


def case_of(ref: str) -> Case:
    return Case.objects.get(customer__ref=ref)


def text(ref: str) -> Reservation | Refusal:
    case = case_of(ref)
    return contacts.reserve(owner_of(case), case.pk, Proposed(Channel.SMS, Point.objects.get(person=case.customer).pk))


def refused_by(answer: Reservation | Refusal) -> set[str]:
    assert isinstance(answer, Refusal)
    return {why.rule for why in of_decision(Decision.objects.get(pk=answer.decision_id)) if why.status == "REFUSED"}


def had(ref: str, to: Person, at: str, channel: Channel, **said: int) -> Attempt:
    """A contact that was made about a customer."""
    case = case_of(ref)
    return Attempt.objects.create(
        case=case, customer=case.customer, person=to, party=Party.BORROWER, point=Point.objects.get(person=to),
        channel=channel, mode=Mode.TALK if channel == Channel.CALL else -1, purpose=Purpose.COLLECT,
        organisation=case.lender, state=Attempt.CONFIRMED, at=minute(AS_OF, at), decision=Decision.objects.all()[0], **said,
    )  # fmt: skip


@both
def test_a_text_to_one_customer_number_counts_for_the_other(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, twins):
        assert isinstance(text("C000001"), Reservation)
        assert "STEADY-SMS-01" in refused_by(text("C000002"))
        assert isinstance(text("C000008"), Reservation)


@both
def test_a_text_to_a_guarantor_counts_for_the_debtor_he_also_is(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, twins):
        guarantor = Person.objects.get(linked_to__customer__ref="C000006")
        had("C000006", guarantor, "09:30", Channel.SMS)
        assert "STEADY-SMS-01" in refused_by(text("C000001"))
        assert isinstance(text("C000006"), Reservation)  # nothing was sent to him


@both
def test_dials_of_one_telephone_number_are_counted_together_whosever_it_is(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, twins):
        for past in range(6):
            had("C000004", case_of("C000004").customer, f"09:0{past}", Channel.CALL, answered=0, talked=0)
        case = case_of("C000005")
        call = Proposed(Channel.CALL, Point.objects.get(person=case.customer).pk)
        by_point = {rule for rule in refused_by(contacts.reserve(owner_of(case), case.pk, call)) if "FREQ" in rule}
        assert by_point
        assert all("per': 'point" in str(load(rule)) for rule in by_point), by_point


def load(rule: str) -> Any:
    from fairdue.rules.load import load_pack

    return load_pack("cn", "steady").by_id[rule].written


@both
def test_the_night_counts_as_the_desk_does(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, twins):
        had("C000002", case_of("C000002").customer, "09:30", Channel.SMS)
        had("C000006", Person.objects.get(linked_to__customer__ref="C000006"), "09:40", Channel.SMS)
        night.run_night(lenders.find(None), AS_OF + timedelta(days=1))
        for made in Decision.objects.filter(kind="night", as_of=AS_OF + timedelta(days=1)):
            found = decide.ask(made.case, made.at).state.cases.to_dicts()[0]
            assert {n: json.loads(found[n]) for n in ("facts", "history", "verdict")} == {
                n: json.loads(getattr(made, n) or "") for n in ("facts", "history", "verdict")
            }
        told = json.loads(Decision.objects.filter(case=case_of("C000001")).latest("pk").history or "")
        assert len(told["at"]) == 2


@both
def test_who_is_one_human_is_found_again_when_a_later_file_tells(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, twins):
        assert case_of("C000008").customer.human is None
        books.load(lenders.find(None), books.write(settings.HOME / "again.csv", [late(8, id_no=SAME)]))
        humans = set(Person.objects.filter(ref__in=("C000001", "C000002", "C000008")).values_list("human", flat=True))
        assert humans == {case_of("C000001").customer_id}


@pytest.mark.postgres
def test_one_human_is_one_lock(worlds: Worlds) -> None:
    with opened(worlds, "postgresql", twins) as world, transaction.atomic():
        one, two, other = (case_of(ref).customer_id for ref in ("C000001", "C000002", "C000008"))
        point = Point.objects.get(person_id=case_of("C000005").customer_id)
        lock_person(two)
        lock_people([other], [point.pk])
        assert point.number != point.pk
        with psycopg.connect(world.url) as db:
            keys = (PERSON_SPACE + one, PERSON_SPACE + other, NUMBER_SPACE + (point.number or 0), PERSON_SPACE + two)
            tries = [db.execute("SELECT pg_try_advisory_xact_lock(%s)", [key]).fetchone() for key in keys]
            assert tries == [(False,), (False,), (False,), (True,)]


@pytest.mark.postgres
def test_work_in_bulk_waits_for_everybody_and_everybody_for_it(worlds: Worlds) -> None:
    from fairdue.store.locks import EVERYBODY, lock_everybody

    with opened(worlds, "postgresql", twins) as world:
        with transaction.atomic(), psycopg.connect(world.url) as db:
            lock_person(1)
            assert db.execute("SELECT pg_try_advisory_xact_lock_shared(%s)", [EVERYBODY]).fetchone() == (True,)
            assert db.execute("SELECT pg_try_advisory_xact_lock(%s)", [EVERYBODY]).fetchone() == (False,)
        with transaction.atomic(), psycopg.connect(world.url) as db:
            lock_everybody()
            assert db.execute("SELECT pg_try_advisory_xact_lock_shared(%s)", [EVERYBODY]).fetchone() == (False,)
