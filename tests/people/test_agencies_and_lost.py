from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import books
import cast
from fairdue.core.codes import Channel, Party, PointStatus, Purpose
from fairdue.store import audit, clock, pages
from fairdue.store.actions import agencies
from fairdue.store.actions.agencies import Known
from fairdue.store.models import Attempt, Case, Decision, Organisation, Point, User
from person import Person
from worlds import World

DAY = 24 * 60


def agency() -> Organisation:
    return agencies.find("agency")


def test_a_case_is_placed_and_taken_back_with_a_reason(both: World) -> None:
    case = cast.case_of(cast.COLLECTOR)
    told = books.AS_OF - timedelta(days=3)
    assert agencies.place("cli", case.lender, agency(), [case.pk], told, "M3 外包") == 1
    case.refresh_from_db()
    assert (case.placed_with, case.borrower_told_on, case.owner) == (agency(), told, None)
    with pytest.raises(agencies.NotPlaceable):
        agencies.place("cli", case.lender, agency(), [case.pk], told, "again")
    agencies.take_back("cli", case.lender, [case.pk], "合同到期")
    case.refresh_from_db()
    assert (case.placed_with, case.borrower_told_on) == (None, None)
    assert audit.verify() is None


def test_all_cases_are_placed_or_none(desk: World) -> None:
    case = cast.case_of(cast.COLLECTOR)
    with pytest.raises(agencies.NotPlaceable, match="999999"):
        agencies.place("cli", case.lender, agency(), [case.pk, 999_999], None, "M3 外包")
    assert Case.objects.get(pk=case.pk).placed_with is None
    with pytest.raises(agencies.TellFirst):
        agencies.place("cli", case.lender, agency(), [case.pk], books.AS_OF + timedelta(days=9), "M3 外包")


def test_what_is_known_of_an_agency_changes_with_a_reason_only(desk: World) -> None:
    known = Known(listed=True, contract_end=date(2027, 1, 1), sender_approved=True)
    with pytest.raises(agencies.AgencyReason):
        agencies.describe("cli", agency(), known, " ")
    assert set(agencies.describe("cli", agency(), known, "2026 年度合同")) == {
        "listed",
        "contract_end",
        "sender_approved",
    }
    assert agencies.describe("cli", agency(), known, "2026 年度合同") == {}
    facts = {fact.name: fact for row in pages.agency_rows() for fact in row.facts}
    assert not facts["listed"].bad
    assert facts["records_calls"].bad, "what is not known refuses"


def test_the_commands_add_describe_and_list(desk: World) -> None:
    lender = cast.case_of(cast.COLLECTOR).lender.code
    desk.fairdue("agencies", "add", "hengxin", "--name-zh", "恒信", "--lender", lender)
    desk.fairdue("agencies", "set", "hengxin", "--listed", "--contract-end", "2027-03-31", "--reason", "年度合同")
    row = next(one for one in json.loads(desk.fairdue("agencies", "list", "--json")) if one["code"] == "hengxin")
    assert (row["listed"], row["contract_end"], row["sender_approved"]) == (True, "2027-03-31", None)
    case = cast.case_of(cast.COLLECTOR)
    desk.fairdue("agencies", "place", "hengxin", case.pk, "--reason", "M3", "--lender", lender)
    desk.fairdue("agencies", "recall", case.pk, "--reason", "done", "--lender", lender)


def test_the_officer_sets_and_the_lead_only_reads(desk: World) -> None:
    page = Person(cast.OFFICER).post(
        reverse("agency-set", args=[agency().pk]), listed="true", sub_contracted="false", reason="公示名单 2026-10"
    )
    assert "Recorded." in page
    assert (agency().listed, agency().sub_contracted, agency().records_calls) == (True, False, None)
    assert "Change what is known" not in Person(cast.LEAD).get("/agencies/")


def dialled(case: Case, days_ago: int, *, answered: bool) -> None:
    point = Point.objects.get(person_id=case.customer_id)
    Attempt.objects.create(
        case=case, customer=case.customer, person=case.customer, party=Party.BORROWER, point=point, channel=Channel.CALL,
        mode=1, purpose=Purpose.COLLECT, organisation=case.lender, state=Attempt.CONFIRMED,
        at=clock.now_minute() - days_ago * DAY, answered=int(answered), talked=int(answered), outcome="NA",
        decision=Decision.objects.filter(case=case).latest("pk"),
    )  # fmt: skip


def test_who_does_not_answer_is_on_the_board_with_the_evidence_until_reached(both: World) -> None:
    case = cast.case_of(cast.COLLECTOR)
    me = cast.user(cast.COLLECTOR)
    assert pages.lost_page(me).total == 0
    for back in (3, 2, 1):
        dialled(case, back, answered=False)
    row = pages.lost_page(me).rows[0]
    assert (row.case.pk, row.failed_in_row, row.failed_days, len(row.dials)) == (case.pk, 3, 3, 3)
    assert (row.left.untried, row.left.failing, row.left.others) == (0, 1, 0)
    assert pages.lost_page(cast.user(cast.OTHER_LEAD)).total == 0
    dialled(case, 0, answered=True)
    assert pages.lost_page(me).total == 0


def test_a_dead_number_alone_puts_a_case_on_the_board(desk: World) -> None:
    case = cast.case_of(cast.COLLECTOR)
    Point.objects.filter(person_id=case.customer_id).update(status=PointStatus.INVALID)
    row = pages.lost_page(cast.user(cast.COLLECTOR)).rows[0]
    assert (row.invalid, row.reserved, row.quiet_since) == (1, 1, None)
    page = Person(cast.COLLECTOR).get("/lost/")
    assert "1 of 1 reserved numbers do not exist." in page
    assert "Nothing is left. A new number needs a lawful source." in page


def test_the_board_asks_the_same_number_of_questions_whatever_its_length(desk: World) -> None:
    me = cast.user(cast.COLLECTOR)
    Point.objects.filter(person__in=Case.objects.filter(owner=me).values("customer")[:1]).update(
        status=PointStatus.INVALID
    )
    one = questions(cast.user(cast.COLLECTOR))
    Point.objects.all().update(status=PointStatus.INVALID)
    assert pages.lost_page(me).total > 1
    assert questions(cast.user(cast.COLLECTOR)) == one


def questions(user: User) -> int:
    with CaptureQueriesContext(connection) as caught:
        pages.lost_page(user)
    return len(caught)
