"""From a question to the answer: why was a call refused last Tuesday? Counted, searched, opened, asked again."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

import cast
from books import AS_OF
from fairdue.core.codes import Channel
from fairdue.store import clock
from fairdue.store.actions import contacts
from fairdue.store.actions.contacts import Proposed, Refusal
from fairdue.store.models import Case, Decision
from person import Person
from worlds import World


def refuse(username: str, hour: int = 23, day: int = 0) -> Decision:
    """Somebody asks for a call at night."""
    case = cast.case_of(username)
    clock.set_demo(cast.at(hour, AS_OF + timedelta(days=day)))
    answer = contacts.reserve(cast.user(username), case.pk, Proposed(Channel.CALL, case.customer.points.get().pk))
    assert isinstance(answer, Refusal)
    return Decision.objects.get(pk=answer.decision_id)


def find(person: Person, text: object, on: str = "") -> str:
    return person.post(reverse("find"), text=str(text), on=on)


@pytest.mark.parametrize(("language", "why"), [("en", "from 21:00 to 08:30"), ("zh-hans", "21:00至次日8:30不催收")])
def test_an_officer_finds_why_a_call_was_refused(desk: World, language: str, why: str) -> None:
    """By the case, the account, the customer, and the day; then the decision with article, confidence and time."""
    decision = refuse(cast.COLLECTOR)
    officer, case = Person(cast.OFFICER, language), decision.case
    account = case.customer.accounts.all()[0]
    for text in (case.pk, f"#{case.pk}", account.account_no, case.customer.ref.lower()):
        page = find(officer, text, str(AS_OF))
        assert reverse("decision", args=[decision.pk]) in page, text
        assert why in page
    page = officer.get(reverse("decision", args=[decision.pk]))
    assert why in page
    assert "STEADY-TIME-01" in page
    assert "2026-10-01 08:30" in page
    assert "890728.com" in page, "the article has its link"


def test_a_name_and_a_telephone_lead_there_and_stand_in_no_address(desk: World) -> None:
    decision = refuse(cast.COLLECTOR)
    from fairdue.store.seal import sealer

    officer, person = Person(cast.OFFICER), decision.case.customer
    name = sealer().open(bytes(person.name_sealed or b""))
    phone = sealer().open(bytes(person.points.get().value_sealed))
    for text in (name, phone):
        page = find(officer, text)
        assert reverse("decision", args=[decision.pk]) in page
        assert not any(text in link for link in re.findall(r'(?:href|action)="([^"]*)"', page))


def test_another_day_shows_nothing_and_says_so(desk: World) -> None:
    decision = refuse(cast.COLLECTOR)
    page = find(Person(cast.OFFICER), decision.case_id, "2026-09-01")
    assert "Nobody asked to contact this person on 2026-09-01" in page
    assert "Nobody is found by this" in find(Person(cast.OFFICER), "no such thing")
    assert "Nobody is found by this" in find(Person(cast.OFFICER), "9" * 40)


def test_refusals_are_counted_by_rule_team_and_day_and_each_count_leads_on(desk: World) -> None:
    refuse(cast.COLLECTOR)
    refuse(cast.OTHER_TEAM)
    refuse(cast.OTHER_TEAM, day=1)
    officer = Person(cast.OFFICER)
    page = officer.get("/refusals/")
    assert '<h2 class="num">3</h2>' in page
    day = re.search(r'href="(\?first=2026-09-30&amp;last=2026-09-30[^"]*)"[^>]*><title>[^<]*: 2</title>', page)
    assert day, "the column of the day says how many and leads there"
    assert '<h2 class="num">2</h2>' in officer.get("/refusals/" + day[1].replace("&amp;", "&"))
    rule = re.search(r'href="(\?[^"]*rule=STEADY-TIME-01[^"]*)"', page)
    team = re.search(r'href="(\?[^"]*team=\d+[^"]*)">one<', page)
    assert rule
    assert team
    assert '<h2 class="num">3</h2>' in officer.get("/refusals/" + rule[1].replace("&amp;", "&"))
    assert '<h2 class="num">1</h2>' in officer.get("/refusals/" + team[1].replace("&amp;", "&"))
    assert "Nothing was refused in this period" in officer.get("/refusals/", first="2026-09-01", last="2026-09-02")


def test_a_lead_sees_the_own_team_only(desk: World) -> None:
    mine, other = refuse(cast.COLLECTOR), refuse(cast.OTHER_TEAM)
    lead = Person(cast.LEAD)
    page = lead.get("/refusals/")
    assert reverse("decision", args=[mine.pk]) in page
    assert reverse("decision", args=[other.pk]) not in page
    assert reverse("decision", args=[other.pk]) not in find(lead, other.case_id)
    assert lead.status(reverse("replay", args=[other.pk]), post=True) == 404


def test_what_cannot_be_read_in_a_filter_narrows_nothing(desk: World) -> None:
    refuse(cast.COLLECTOR)
    officer = Person(cast.OFFICER)
    for said in ({"first": "yesterday"}, {"team": "x"}, {"page": "0"}, {"first": "2030-01-01"}, {"last": "2030-01-01"}):
        assert "refusals" in officer.get("/refusals/", **said)


def test_a_decision_is_asked_again_by_a_button(desk: World) -> None:
    decision = refuse(cast.COLLECTOR)
    officer = Person(cast.OFFICER)
    assert "Replay this decision" in officer.get(reverse("decision", args=[decision.pk]))
    assert "the same verdict" in officer.post(reverse("replay", args=[decision.pk]))
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER decision_no_update")
        cursor.execute(f"UPDATE decision SET next_lawful = 7 WHERE id = {decision.pk}")
    page = officer.post(reverse("replay", args=[decision.pk]))
    assert "does not come out as it is stored" in page
    assert "<code>next_lawful</code>" in page


def test_a_collector_reads_a_decision_and_has_no_button(desk: World) -> None:
    decision = refuse(cast.COLLECTOR)
    assert "Replay this decision" not in Person(cast.COLLECTOR).get(reverse("decision", args=[decision.pk]))


def test_the_page_asks_the_database_the_same_number_of_questions_whatever_was_refused(desk: World) -> None:
    from django.db import connections
    from django.test.utils import CaptureQueriesContext

    officer, counts = Person(cast.OFFICER), []
    for number in range(3):
        for _ in range(number * 2):
            refuse(cast.COLLECTOR)
        officer.get("/refusals/")
        with CaptureQueriesContext(connections["default"]) as asked:
            officer.get("/refusals/")
        counts.append(len(asked))
    assert counts[1] == counts[2]
    assert Case.objects.exists()


def test_a_decision_shows_the_past_the_rules_were_told(desk: World) -> None:
    case, user = cast.case_of(cast.COLLECTOR), cast.user(cast.COLLECTOR)
    call = Proposed(Channel.CALL, case.customer.points.get().pk)
    held = contacts.reserve(user, case.pk, call)
    assert not isinstance(held, Refusal)
    contacts.record(user, held.attempt_id, "RPC_WILLING")
    clock.set_demo(cast.at(23))
    refused = contacts.reserve(user, case.pk, call)
    assert isinstance(refused, Refusal)
    page = Person(cast.OFFICER).get(reverse("decision", args=[refused.decision_id]))
    assert "1 earlier contact that the rules were told about" in page
    assert '<td class="nowrap">2026-09-30 10:00</td>' in page
