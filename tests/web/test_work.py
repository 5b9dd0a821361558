from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse

import books
import cast
from fairdue.store import clock
from fairdue.store.models import Attempt, Case, Promise
from fairdue.store.seal import sealer
from person import Person
from worlds import World

DAY = (books.AS_OF + timedelta(days=3)).isoformat()


def contact(case: Case) -> dict[str, int]:
    return {"channel": 0, "mode": 1, "party": 0, "purpose": 0, "point_id": case.customer.points.get().pk}


def reserved(person: Person, case: Case) -> tuple[Attempt, str]:
    page = person.post(reverse("reserve", args=[case.pk]), **contact(case))
    return Attempt.objects.get(case=case, state="RESERVED"), page


def test_a_case_is_worked_from_the_list_to_the_next_case(desk: World) -> None:
    person, first, second = Person(cast.COLLECTOR), cast.case_of(cast.COLLECTOR), cast.case_of(cast.COLLECTOR, 1)
    assert f'href="/cases/{first.pk}/"' in person.get("/list/")
    attempt, page = reserved(person, first)
    assert "Opening checklist" in page
    assert "<fieldset disabled" not in page
    page = person.post(reverse("record", args=[first.pk, attempt.pk]), outcome="RPC_PTP", amount="100.50", on=DAY)
    assert "Recorded. Next aim of that case: Confirm the promise." in page
    assert f"<title>Case {second.pk} · fairdue</title>" in page
    assert [(p.amount, p.due_on.isoformat()) for p in Promise.objects.all()] == [(10050, DAY)]


def test_the_outcome_bar_waits_for_a_contact(desk: World) -> None:
    page = Person(cast.COLLECTOR).get(reverse("case", args=[cast.case_of(cast.COLLECTOR).pk]))
    assert "<fieldset disabled" in page
    assert "Choose a contact above first" in page


def test_the_number_is_in_clear_only_while_the_contact_is_held(desk: World) -> None:
    person, case = Person(cast.COLLECTOR), cast.case_of(cast.COLLECTOR)
    number = sealer().open(bytes(case.customer.points.get().value_sealed))
    address = reverse("case", args=[case.pk])
    assert number not in person.get(address)
    _, page = reserved(person, case)
    assert number in page
    clock.set_demo(cast.at(11))
    assert number not in person.get(address)


WRONG = [
    ({"outcome": "RPC_PTP", "amount": "12.345", "on": DAY, "note": "kept"}, "decimals"),
    ({"outcome": "RPC_PTP", "amount": "a lot", "on": DAY, "note": "kept"}, "is not an amount"),
    ({"outcome": "RPC_PTP", "amount": "10", "on": "soon", "note": "kept"}, "This is not a date"),
    ({"outcome": "RPC_PTP", "amount": "", "on": DAY, "note": "kept"}, "A promise needs an amount"),
    ({"outcome": "RPC_PTP", "amount": "99999999", "on": DAY, "note": "kept"}, "larger than what is owed"),
    ({"outcome": "SMS_SENT", "note": "kept"}, "There is no outcome SMS_SENT"),
    ({"note": "kept"}, "Choose what came of the contact"),
]


@pytest.mark.parametrize(("typed", "sentence"), WRONG, ids=[sentence for _, sentence in WRONG])
def test_what_cannot_be_recorded_is_shown_again_as_typed(desk: World, typed: dict[str, str], sentence: str) -> None:
    person, case = Person(cast.COLLECTOR), cast.case_of(cast.COLLECTOR)
    attempt, _ = reserved(person, case)
    answer = person.client.post(reverse("record", args=[case.pk, attempt.pk]), typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    for name in ("amount", "on", "note"):
        assert f'value="{typed.get(name, "")}"' in re.search(rf'<input[^>]*name="{name}"[^>]*>', page)[0]  # type: ignore[index]  # a field must be there
    if typed.get("outcome") == "RPC_PTP":
        assert re.search(r'value="RPC_PTP"[^>]* checked', page)
    assert Attempt.objects.get().state == "RESERVED"


def test_an_outcome_is_recorded_once(desk: World) -> None:
    person, case = Person(cast.COLLECTOR), cast.case_of(cast.COLLECTOR)
    attempt, _ = reserved(person, case)
    path = reverse("record", args=[case.pk, attempt.pk])
    person.post(path, outcome="NA", then="stay")
    assert "This contact is no longer open" in person.post(path, outcome="RPC_REFUSE", then="stay")
    assert Attempt.objects.get().outcome == "NA"


def test_a_contact_that_was_not_made_is_given_back(desk: World) -> None:
    person, case = Person(cast.COLLECTOR), cast.case_of(cast.COLLECTOR)
    attempt, _ = reserved(person, case)
    assert "It does not count" in person.post(reverse("release", args=[case.pk, attempt.pk]))
    assert Attempt.objects.get().state == "RELEASED"


def test_nobody_records_another_collectors_contact(desk: World) -> None:
    case = cast.case_of(cast.COLLECTOR)
    attempt, _ = reserved(Person(cast.COLLECTOR), case)
    path = reverse("record", args=[cast.case_of(cast.COLLEAGUE).pk, attempt.pk])
    assert Person(cast.COLLEAGUE).status(path, post=True, outcome="NA") == 404
    assert Attempt.objects.get().state == "RESERVED"


@pytest.mark.parametrize(("language", "sentence", "next_time"), [
    ("en", "No collection from 22:00 to 08:00", "Lawful again from"),
    ("zh-hans", "22:00至次日8:00", "可联系时间："),
])  # fmt: skip
def test_at_23_a_call_is_refused_with_the_article_and_the_next_lawful_time(
    desk: World, language: str, sentence: str, next_time: str
) -> None:
    clock.set_demo(cast.at(23))
    person, case = Person(cast.COLLECTOR, language), cast.case_of(cast.COLLECTOR)
    page = person.get(reverse("case", args=[case.pk]))
    assert sentence in page
    assert "GB/T 45251" in page
    assert next_time in page
    assert "2026-10-01 08:30" in page  # the lender's own policy opens later than the law
    assert re.search(r'<button disabled aria-describedby="no-1">', page)


def test_a_refused_contact_that_is_asked_for_all_the_same_is_refused_and_kept(desk: World) -> None:
    case = cast.case_of(cast.COLLECTOR)
    clock.set_demo(cast.at(23))
    page = Person(cast.COLLECTOR).post(reverse("reserve", args=[case.pk]), **contact(case))
    assert "This contact is not allowed now. From 2026-10-01 08:30 it may be." in page
    assert Attempt.objects.count() == 0
    listed = Person(cast.OFFICER).get("/refusals/")
    assert f"Case {case.pk}" in listed
    assert "GB/T 45251" in listed


def test_a_contact_nobody_offered_is_not_asked_of_the_guard(desk: World) -> None:
    case = cast.case_of(cast.COLLECTOR)
    page = Person(cast.COLLECTOR).post(reverse("reserve", args=[case.pk]), channel=99)
    assert "That contact is not one of those offered" in page


def test_next_case_says_when_nothing_is_left(desk: World) -> None:
    Case.objects.filter(owner__username=cast.COLLECTOR).update(action=2)
    assert "Nothing is left that may be worked now" in Person(cast.COLLECTOR).post("/next/")


def test_a_lead_gives_a_case_away_with_a_reason(desk: World) -> None:
    lead, case, to = Person(cast.LEAD), cast.case_of(cast.COLLECTOR), cast.user(cast.COLLEAGUE)
    answer = lead.client.post("/board/reassign/", {"case": case.pk, "to": to.pk, "reason": " "})
    assert answer.status_code == 422
    assert "A reassignment needs a reason" in answer.content.decode()
    assert f'<option value="{to.pk}" selected>' in answer.content.decode()
    assert f'name="case" value="{case.pk}"' in answer.content.decode()
    page = lead.post("/board/reassign/", case=case.pk, to=to.pk, reason="holiday")
    assert f"Case {case.pk} is with {cast.COLLEAGUE} now." in page
    assert Person(cast.COLLECTOR).status(reverse("case", args=[case.pk])) == 404
    assert Person(cast.COLLEAGUE).status(reverse("case", args=[case.pk])) == 200


def test_the_clock_of_the_demo_moves_to_night_and_morning(desk: World) -> None:
    person = Person(cast.COLLECTOR)
    assert "2026-09-30 23:00" in person.post("/demo/clock/", jump="night", back="/list/")
    assert "2026-10-01 09:00" in person.post("/demo/clock/", jump="morning", back="/list/")
    assert "2026-10-02 14:30" in person.post("/demo/clock/", at="2026-10-02T14:30", back="/list/")
    page = person.post("/demo/clock/", at="yesterday", back="/list/")
    assert "That is not a date and time" in page
    assert "2026-10-02 14:30" in page


def test_a_wrong_password_keeps_the_name_and_says_what_to_do(desk: World) -> None:
    answer = Person("").client.post("/login/", {"username": cast.COLLECTOR, "password": "no"})
    page = answer.content.decode()
    assert f'name="username" value="{cast.COLLECTOR}"' in page
    assert "do not belong together" in page


@pytest.mark.parametrize(("username", "home"), [
    (cast.COLLECTOR, "/list/"), (cast.LEAD, "/board/"), (cast.STRATEGIST, "/strategy/"), (cast.OFFICER, "/refusals/"),
    (cast.FINANCE, "/money/"), (cast.AGENCY, "/list/"), (cast.OPERATOR, "/nights/"),
])  # fmt: skip
def test_everybody_starts_where_their_day_starts(desk: World, username: str, home: str) -> None:
    answer = Person("").client.post("/login/", {"username": username, "password": cast.PASSWORD}, follow=True)
    assert answer.request["PATH_INFO"] == home
