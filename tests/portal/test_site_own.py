"""What the person sees is what the desk sees, to the cent; what the person says is on the desk at once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

import cast
from books import AS_OF
from fairdue.core.codes import Channel
from fairdue.core.decision import DecisionReason
from fairdue.core.money import format_minor
from fairdue.store import access, clock, pages
from fairdue.store.actions import contacts, ledger
from fairdue.store.actions.contacts import Proposed, Reservation
from fairdue.store.models import (
    AuditRow,
    Case,
    CaseFact,
    Decision,
    OptOut,
    OurNumber,
    Person,
    Promise,
    Stop,
    Task,
    Track,
    TrackEvidence,
    Wish,
)
from fairdue.store.pages import site
from visiting import Visitor

PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489") + b"\0" * 40


@pytest.fixture
def visitor(case: Case) -> Visitor:
    return Visitor().come_in(case)


def test_the_site_owes_what_the_desk_owes_to_the_cent(case: Case, visitor: Visitor) -> None:
    account = case.customer.accounts.first()
    assert account is not None
    ledger.record_payment("test", account, 12_345, AS_OF - timedelta(days=3), "a payment")
    desk = pages.case_page(cast.user(cast.COLLECTOR), case.pk)
    mine = access.for_borrower(Person.objects.get(pk=case.customer_id))
    shown = site.account_page(mine, None)
    assert tuple(view.line for view in shown.accounts) == desk.accounts
    assert shown.lines == desk.statement
    assert (
        shown.total
        == sum(a.total for a in desk.accounts)
        == sum(int(ledger.balances(a, AS_OF).sum()) for a in case.customer.accounts.all())
    )
    page = visitor.get("/account/")
    assert format_minor(shown.total, shown.exponent) in page
    for line in shown.lines:
        assert format_minor(line.amount, shown.exponent) in page
    clock.set_demo(cast.at(10, AS_OF + timedelta(days=9)))
    ledger.record_payment("test", account, 500, AS_OF + timedelta(days=8), "another")
    assert site.account_page(mine, AS_OF + timedelta(days=7)).total == shown.total
    assert site.account_page(mine, None).total == shown.total - 500
    assert site.account_page(mine, AS_OF - timedelta(days=400)).on == AS_OF - timedelta(
        days=3
    )  # before it nothing is on record


def test_a_day_that_is_no_day_is_said(visitor: Visitor) -> None:
    assert "Please choose a day" in visitor.get("/account/", on="soon")


def test_a_promise_is_on_the_desk_at_once(case: Case, visitor: Visitor) -> None:
    on = (AS_OF + timedelta(days=5)).isoformat()
    page = visitor.post("/day/", amount="120.50", on=on, remind="on")
    assert "120.50" in page
    promise = Promise.objects.get(case=case)
    assert (promise.amount, promise.due_on.isoformat(), promise.remind, promise.attempt) == (12_050, on, True, None)
    assert AuditRow.objects.get(verb="promise.make").actor == f"borrower:{case.customer_id}"
    decision = Decision.objects.filter(case=case).latest("pk")
    assert (decision.kind, decision.reason) == ("site", DecisionReason.PROMISE_RUNNING)
    shown = pages.case_page(cast.user(cast.COLLECTOR), case.pk)
    assert shown.promise == promise
    assert not shown.case.work.filter(done_at__lt=0).exists()


@pytest.mark.parametrize(
    ("amount", "on"), [("0", "2026-10-02"), ("-1", "2026-10-02"), ("ten", "2026-10-02"), ("10", "")]
)
def test_a_promise_that_cannot_be_is_refused_with_a_sentence(
    case: Case, visitor: Visitor, amount: str, on: str
) -> None:
    page = visitor.post("/day/", amount=amount, on=on)
    assert 'role="alert"' in page
    assert not Promise.objects.exists()


def test_a_promise_too_far_ahead_is_refused(visitor: Visitor) -> None:
    assert 'role="alert"' in visitor.post("/day/", amount="10", on=(AS_OF + timedelta(days=400)).isoformat())


@pytest.mark.parametrize(
    ("name", "kind", "stop"),
    [("receipt", "ALREADY_PAID", "CLAIMS_PAID"), ("query", "DISPUTE", "DISPUTE"), ("situation", "HARDSHIP", None),
     ("feedback", "COMPLAINT", None), ("quiet", "CEASE", "CEASE")],
)  # fmt: skip
def test_what_is_said_opens_its_track_and_stops_what_it_stops(
    case: Case, visitor: Visitor, name: str, kind: str, stop: str | None
) -> None:
    page = visitor.post(f"/{name}/", words="what I have to say")
    track = Track.objects.get(case=case)
    assert track.kind == kind
    assert "what I have to say" in track.said
    assert name == "quiet" or track.due_on.isoformat() in page
    if stop:
        assert Stop.objects.filter(case=case, until=None).first().kind == stop  # type: ignore[union-attr]
    assert Task.objects.filter(case=case, about="track", about_id=track.pk, state=Task.OPEN).exists()
    assert AuditRow.objects.get(verb="track.open").actor == f"borrower:{case.customer_id}"


def test_a_complaint_says_it_came_by_the_site(case: Case, visitor: Visitor) -> None:
    visitor.post("/feedback/", words="calls at night", about="time")
    track = Track.objects.get()
    assert track.complaint.came_by == "APP"
    assert track.said.startswith("[时间不合适 / At a bad time]")


def test_papers_are_kept_sealed_and_read_on_the_desk(case: Case, visitor: Visitor) -> None:
    visitor.post("/receipt/", words="paid on Monday", files=SimpleUploadedFile("proof.txt", PNG))
    kept = TrackEvidence.objects.exclude(file_size=0).get()
    assert (kept.code, kept.file_name, kept.added_by) == ("RECEIPT", "proof.png", f"borrower:{case.customer_id}")
    assert PNG not in bytes(kept.file_sealed or b"")


@pytest.mark.parametrize(("name", "kind"), [("correct", "CORRECT"), ("explain", "EXPLAIN")])
def test_a_request_about_data_is_a_task_with_a_clock(case: Case, visitor: Visitor, name: str, kind: str) -> None:
    page = visitor.post(f"/{name}/", words="my address")
    task = Task.objects.get(kind=kind)
    assert task.due_on == AS_OF + timedelta(days=15)
    assert "PIPL" in task.clock["en"]
    assert str(task.due_on) in page
    assert task.detail["en"] == "my address"


def test_wishes_bind_the_guard_and_are_facts(case: Case, visitor: Visitor) -> None:
    visitor.post(
        "/settings/", start="1080", end="1200", refused=["SMS"], prefers="CALL", language="en", word="blue door"
    )
    person = Person.objects.get(pk=case.customer_id)
    assert (person.agreed_from, person.agreed_to, person.language) == (1080, 1200, "en")
    facts = dict(CaseFact.objects.filter(case=case).values_list("name", "value"))
    assert facts == {"best_hours": "18:00-20:00", "prefers": "CALL"}
    assert Wish.objects.get().refused == ["SMS"]
    assert [(o.channel, o.via) for o in OptOut.objects.filter(person=person, ended_at=-1)] == [(Channel.SMS, "PORTAL")]
    assert "blue door" in visitor.get("/calls/")
    clock.set_demo(cast.at(18))
    point = person.points.order_by("pk").first()
    assert point is not None
    held = contacts.reserve(cast.user(cast.COLLECTOR), case.pk, Proposed(Channel.CALL, point.pk))
    assert isinstance(held, Reservation)
    assert pages.case_page(cast.user(cast.COLLECTOR), case.pk).live_word == "blue door"
    contacts.release(cast.user(cast.COLLECTOR), held.attempt_id)
    visitor.post("/settings/", start="1080", end="1200")
    assert not OptOut.objects.filter(person=person, ended_at=-1).exists()
    clock.set_demo(cast.at(10))
    possible = pages.case_page(cast.user(cast.COLLECTOR), case.pk).possible  # it is ten in the morning
    assert not any(one.allowed for one in possible)


def test_hours_and_words_that_cannot_be_are_refused(visitor: Visitor) -> None:
    assert 'role="alert"' in visitor.post("/settings/", start="1200", end="1080")
    assert 'role="alert"' in visitor.post("/settings/", start="600", end="")
    assert 'role="alert"' in visitor.post("/settings/", word="x")


def test_a_caller_can_be_checked(case: Case, visitor: Visitor) -> None:
    OurNumber.objects.create(lender=case.lender, number="400-820-0000", name_zh="客服", name_en="Service line")
    assert "Service line" in visitor.post("/calls/check/", number="400 820 0000")
    assert "not a number of ours" in visitor.post("/calls/check/", number="13800000000")


def test_the_contacts_with_the_person_are_shown(case: Case, visitor: Visitor) -> None:
    point = case.customer.points.order_by("pk").first()
    assert point is not None
    held = contacts.reserve(cast.user(cast.COLLECTOR), case.pk, Proposed(Channel.CALL, point.pk))
    assert isinstance(held, Reservation)
    assert "Nobody has contacted you yet" in visitor.get("/calls/")
    contacts.record(cast.user(cast.COLLECTOR), held.attempt_id, "NA")
    page = visitor.get("/calls/")
    assert point.value_masked in page
    assert "About your payments" in page


def test_who_has_paid_up_owes_nothing(case: Case, visitor: Visitor) -> None:
    for account in case.customer.accounts.all():
        owed = int(ledger.balances(account, AS_OF).sum())
        if owed > 0:
            ledger.record_payment("test", account, owed, AS_OF, f"all {account.pk}")
    assert "You owe nothing" in visitor.get("/")


def test_the_first_day_is_the_business_day(case: Case, visitor: Visitor) -> None:
    assert f'min="{date(2026, 9, 30).isoformat()}"' in visitor.get("/day/")
