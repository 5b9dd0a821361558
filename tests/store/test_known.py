"""The guard is told what is recorded, and refuses by name what is not: recording, exams, agencies, attorneys, lost contact."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from click.testing import CliRunner

from books import AS_OF, minute, owner_of
from fairdue.cli import main
from fairdue.core.codes import Channel, Party, PointKind, PointSource, PointStatus, Purpose
from fairdue.store import clock, decide
from fairdue.store.actions import setup
from fairdue.store.actions.contacts import Proposed
from fairdue.store.models import (
    Attempt,
    AuditRow,
    Case,
    Decision,
    Link,
    Organisation,
    Person,
    Point,
    Stop,
    Track,
    User,
)
from fairdue.store.reasons import of_decision
from store.test_guard_in_use import call, callable_case, worked_book
from worlds import BOTH, Worlds, opened

both = pytest.mark.parametrize("vendor", BOTH)
DAY = 1440


def said(case: Case, wanted: Proposed, user: User | None = None) -> dict[str, str]:
    """What the guard answers now, by rule."""
    user = user or owner_of(case)
    decision = decide.record_contact(decide.about_contact(case, wanted, user, clock.now_minute()), user)
    return {why.rule: why.status for why in of_decision(decision) if why.status != "ADVISED"}


@both
def test_while_nobody_says_that_calls_are_recorded_they_are_refused(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, worked_book):
        case = callable_case()
        assert said(case, call(case)) == {}
        Organisation.objects.filter(pk=case.lender_id).update(records_calls=None)
        case = callable_case()
        assert said(case, call(case))["CN-REC-03"] == "UNKNOWN"
        done = CliRunner().invoke(main, ["lender", "recording", "--off", "--lender", "bank"])
        assert done.exit_code == 0, done.output
        assert said(callable_case(), call(case))["CN-REC-03"] == "REFUSED"
        CliRunner().invoke(main, ["lender", "recording", "--on", "--lender", "bank"])
        assert said(callable_case(), call(case)) == {}


@both
def test_an_exam_of_more_than_a_year_ago_does_not_hold_until_the_next_is_recorded(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, worked_book):
        case = callable_case()
        owner = owner_of(case)
        User.objects.filter(pk=owner.pk).update(exam_on=date(2025, 9, 30))
        assert said(callable_case(), call(case)) == {}
        User.objects.filter(pk=owner.pk).update(exam_on=date(2025, 9, 29))
        assert said(callable_case(), call(case)) == {"CN-STAFF-01-YEAR": "REFUSED"}
        setup.record_exam("test", owner.username, case.lender, AS_OF)
        assert said(callable_case(), call(case)) == {}
        assert AuditRow.objects.filter(verb="user.exam").count() == 1
        with pytest.raises(setup.ExamAhead):
            setup.record_exam("test", owner.username, case.lender, AS_OF + timedelta(days=1))
        with pytest.raises(setup.NoUser):
            setup.record_exam("test", "nobody", case.lender, AS_OF)


AGENCY: dict[str, Any] = {
    "listed": True, "contract_end": AS_OF, "sub_contracted": False, "reviewed_on": date(2026, 1, 5), "records_calls": True,
}  # fmt: skip


@both
@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, {"CN-MSG-01": "UNKNOWN"}),  # no record tells by which numbers the agency calls
        ({"listed": False}, {"CN-AGENCY-00-LIST": "REFUSED", "CN-AGENCY-01": "REFUSED"}),
        ({"contract_end": AS_OF - timedelta(days=1)}, {"CN-AGENCY-01": "REFUSED"}),
        ({"contract_end": None}, {"CN-AGENCY-01": "UNKNOWN"}),
        ({"sub_contracted": True}, {"CN-AGENCY-00": "REFUSED", "CN-AGENCY-04": "UNKNOWN"}),
        ({"records_calls": None}, {"CN-REC-03": "UNKNOWN"}),
    ],
)
def test_an_agency_is_judged_by_its_own_record(
    worlds: Worlds, vendor: str, changed: dict[str, Any], expected: dict[str, str]
) -> None:
    with opened(worlds, vendor, worked_book):
        case = callable_case()
        agency = Organisation.objects.create(
            code="agency", name_zh="机构", name_en="Agency", is_lender=False, **(AGENCY | changed)
        )
        caller = User.objects.create(
            username="caller", display_name="caller", role=0, organisation=agency, certified=True, exam_on=AS_OF
        )
        Case.objects.filter(pk=case.pk).update(placed_with=agency, borrower_told_on=AS_OF)
        case = Case.objects.get(pk=case.pk)
        found = said(case, call(case), caller)
        assert {name: found.get(name) for name in expected} == expected
        assert said(case, call(case)) == {}, "the lender's own collector does not act for the agency"
        Case.objects.filter(pk=case.pk).update(borrower_told_on=None)
        assert said(Case.objects.get(pk=case.pk), call(case), caller)["CN-ID-02"] == "UNKNOWN"


@both
@pytest.mark.parametrize(
    ("kind", "rule"), [("ATTORNEY", "HOUSE-ATTY-01"), ("BANKRUPTCY", "HOUSE-STOP-05"), ("DEATH", "HOUSE-DEAD-01")]
)
def test_a_track_tells_what_it_is_about(worlds: Worlds, vendor: str, kind: str, rule: str) -> None:
    with opened(worlds, vendor, worked_book):
        case = callable_case()
        track = Track.objects.create(case=case, lender=case.lender, kind=kind, revision="-", since=AS_OF, due_on=AS_OF)
        Stop.objects.create(case=case, kind="PAUSE", since=AS_OF, track=track)
        assert said(case, call(case)) == {rule: "REFUSED", "HOUSE-STOP-01": "REFUSED"}


def contact_person(case: Case) -> Proposed:
    """A contact person of the customer, asked how the customer can be reached."""
    person = Person.objects.create(lender=case.lender, ref="friend", zone="Asia/Shanghai")
    Link.objects.create(customer=case.customer, person=person, party=Party.CONTACT)
    point = Point.objects.create(
        person=person, channel=Channel.CALL, value_sealed=b"", value_masked="138****0000", value_index="friend",
        source=PointSource.CONTRACT, reserved=False, kind=PointKind.MOBILE,
    )  # fmt: skip
    return Proposed(Channel.CALL, point.pk, party=Party.CONTACT, purpose=Purpose.RESTORE_CONTACT)


def dialled(case: Case, at: int, *, answered: bool) -> None:
    """A dial of the number the customer reserved, and what came of it."""
    point = Point.objects.get(person_id=case.customer_id)
    assert point.reserved
    decision = Decision.objects.filter(case=case).latest("pk")
    Attempt.objects.create(
        case=case, customer=case.customer, person=case.customer, party=Party.BORROWER, point=point, channel=Channel.CALL,
        mode=1, purpose=Purpose.COLLECT, organisation=case.lender, state=Attempt.CONFIRMED, at=at, answered=int(answered),
        talked=int(answered), decision=decision,
    )  # fmt: skip


@both
def test_a_contact_person_may_be_asked_only_once_the_customer_cannot_be_reached(worlds: Worlds, vendor: str) -> None:
    gate = {"CN-PARTY-02-GATE": "REFUSED", "CN-PARTY-03": "REFUSED"}
    with opened(worlds, vendor, worked_book):
        case, now = callable_case(), minute(AS_OF, "10:00")
        wanted = contact_person(case)
        assert said(case, wanted) == gate
        for back in (3, 2):
            dialled(case, now - back * DAY, answered=False)
        assert said(case, wanted) == gate
        dialled(case, now - DAY, answered=False)
        assert said(case, wanted) == {}, "three days in a row"
        dialled(case, now - 60, answered=True)
        assert said(case, wanted) == gate, "the customer was reached"


@both
def test_a_contact_person_is_asked_by_their_own_clock_and_agreement(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, worked_book):
        case = callable_case()
        wanted = contact_person(case)
        Point.objects.filter(person_id=case.customer_id).update(status=PointStatus.INVALID)
        Person.objects.filter(pk=case.customer_id).update(agreed_from=0, agreed_to=DAY)
        clock.set_demo(minute(AS_OF, "09:00"))
        Person.objects.filter(ref="friend").update(zone="Asia/Urumqi")
        assert "CN-TIME-01" in said(case, wanted), "seven in the morning there"
        Person.objects.filter(ref="friend").update(zone="")
        assert said(case, wanted)["CN-TIME-01"] == "UNKNOWN"


@both
def test_a_customer_whose_reserved_numbers_are_all_invalid_cannot_be_reached(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, worked_book):
        case = callable_case()
        wanted = contact_person(case)
        Point.objects.filter(person_id=case.customer_id).update(status=PointStatus.INVALID)
        assert said(case, wanted) == {}
        Link.objects.filter(person__ref="friend").update(refused_on=AS_OF)
        assert said(case, wanted) == {"CN-PARTY-05": "REFUSED"}
