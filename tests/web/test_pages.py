from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import cast
from fairdue.store.actions import contacts
from fairdue.store.models import Attempt, Batch, Case
from person import Person
from worlds import World

HERE = "/login/", "/list/", "/board/", "/refusals/", "/rules/", "/strategy/", "/batches/", "/nights/"
WHO = {"/board/": cast.LEAD, "/refusals/": cast.OFFICER, "/strategy/": cast.STRATEGIST, "/batches/": cast.FINANCE,
       "/nights/": cast.OPERATOR, "/login/": ""}  # fmt: skip


def pages() -> Iterator[tuple[str, str]]:
    """Every page that can be read, with the text on it."""
    case = cast.case_of(cast.COLLECTOR)
    rows = [(path, WHO.get(path, cast.COLLECTOR)) for path in HERE]
    rows += [(reverse(name, args=[case.pk]), cast.COLLECTOR) for name in ("case", "statement")]
    rows += [(reverse("decision", args=[case.decision_id]), cast.OFFICER)]
    rows += [(reverse("batch", args=[Batch.objects.get().pk]), cast.FINANCE)]
    for path, username in rows:
        yield path, Person(username).get(path)


def test_every_answer_forbids_scripts_and_styles_from_elsewhere(desk: World) -> None:
    for path in (*HERE, "/nowhere/", "/static/css/tokens.css"):
        answer = Person(WHO.get(path, cast.COLLECTOR)).client.get(path)
        if not path.startswith("/static/"):
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert "no-store" in answer.headers["Cache-Control"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        answer.close()


def test_no_page_carries_a_script_a_style_or_an_address_of_elsewhere(desk: World) -> None:
    for path, text in pages():
        assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:", text) == [], path
        assert re.findall(r'(?:src|href|action)="(?:https?:)?//(?![^"]*"[^>]*rel="noreferrer)[^"]*"', text) == [], path


def test_every_form_that_changes_something_carries_its_token(desk: World) -> None:
    for path, text in pages():
        for form in re.findall(r'<form[^>]*method="post".*?</form>', text, re.DOTALL):
            assert "csrfmiddlewaretoken" in form, path


def test_titles_and_addresses_name_nobody(desk: World) -> None:
    case = cast.case_of(cast.COLLECTOR)
    for path, text in pages():
        title = re.search(r"<title>(.*?)</title>", text)
        assert title
        for secret in (case.customer.ref, case.customer.name_masked):
            assert secret not in title[1]
            assert secret not in path
            assert not any(secret in link for link in re.findall(r'href="([^"]*)"', text))


@pytest.mark.parametrize("username", [cast.COLLECTOR, cast.LEAD])
def test_the_list_asks_the_database_the_same_number_of_questions_whatever_its_length(
    desk: World, username: str
) -> None:
    person = Person(username)
    assert asked(person, "/list/", show="all") == asked(person, "/list/", text="nobody") + 1 == LIST_QUERIES


def test_a_case_asks_the_database_the_same_number_of_questions_whatever_its_history(desk: World) -> None:
    person, case = Person(cast.COLLECTOR), cast.case_of(cast.COLLECTOR)
    path = reverse("case", args=[case.pk])
    assert asked(person, path) == CASE_QUERIES
    work(case, "NA")
    work(case, "RPC_HANGUP")
    assert asked(person, path) == CASE_QUERIES


LIST_QUERIES = 12
CASE_QUERIES = 58


def asked(person: Person, path: str, **query: str) -> int:
    with CaptureQueriesContext(connections["default"]) as queries:
        person.get(path, **query)
    return len(queries)


def work(case: Case, outcome: str) -> None:
    point = case.customer.points.get()
    held = contacts.reserve(case.owner, case.pk, contacts.Proposed(0, point.pk))  # type: ignore[arg-type]  # it has one
    assert isinstance(held, contacts.Reservation)
    contacts.record(case.owner, held.attempt_id, outcome)  # type: ignore[arg-type]


def test_a_list_is_narrowed_by_stage_and_by_reference(desk: World) -> None:
    person, case = Person(cast.COLLECTOR), cast.case_of(cast.COLLECTOR)
    found = person.get("/list/", text=case.customer.ref.lower())
    assert found.count("data-row") == 1
    assert case.customer.ref in found
    assert 'value="nobody"' in person.get("/list/", text="nobody")
    stages = re.findall(r'<td><span class="chip accent">(.*?)</span>', person.get("/list/", stage=case.stage))
    assert set(stages) == {case.stage}


def test_a_filter_that_makes_no_sense_narrows_nothing(desk: World) -> None:
    person = Person(cast.COLLECTOR)
    assert person.get("/list/", show="sideways", page="-4").count("data-row") == person.get("/list/").count("data-row")


def test_an_agency_without_cases_is_told_how_it_gets_them(desk: World) -> None:
    assert "No case is placed with you" in Person(cast.AGENCY).get("/list/")


def test_the_statement_adds_up_to_the_case(desk: World) -> None:
    case = cast.case_of(cast.COLLECTOR)
    text = Person(cast.COLLECTOR).get(reverse("statement", args=[case.pk]))
    figures = re.findall(r'<td class="num">([\d,.-]+)</td></tr>', text)
    assert figures[-1].replace(",", "").replace(".", "") == str(case.balance)


def test_a_time_line_is_narrowed_to_a_kind(desk: World) -> None:
    person, case = Person(cast.COLLECTOR), cast.case_of(cast.COLLECTOR)
    path = reverse("case", args=[case.pk])
    everything, stages = person.get(path), person.get(path, kind="stage")
    assert everything.count('<span class="when">') > stages.count('<span class="when">') == 1


def test_a_decision_is_explained_in_three_steps(desk: World) -> None:
    case = cast.case_of(cast.COLLECTOR)
    text = Person(cast.OFFICER).get(reverse("decision", args=[case.decision_id]))
    order = [text.index(f"</span>{word}</h2>") for word in ("Facts", "Rules", "Decision")]
    assert order == sorted(order)
    assert "Value of acting now" in text


def test_a_file_shows_what_came_in_and_what_was_left_out(desk: World) -> None:
    batch = Batch.objects.get()
    text = Person(cast.FINANCE).get(reverse("batch", args=[batch.pk]))
    assert f"<dd>{batch.rows_read}</dd>" in text
    assert "Came in = loaded + left out" in text


def test_outside_the_demo_there_is_no_clock_to_move_and_no_login_to_click(desk: World, settings: object) -> None:
    settings.DEMO = False  # type: ignore[attr-defined]  # pytest-django's settings
    assert Person(cast.COLLECTOR).status("/demo/clock/", post=True, jump="night") == 404
    assert 'name="jump"' not in Person(cast.COLLECTOR).get("/rules/")
    assert cast.COLLECTOR not in Person("").get("/login/")


def test_no_attempt_is_made_by_looking(desk: World) -> None:
    list(pages())
    assert Attempt.objects.count() == 0
