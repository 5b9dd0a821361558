"""The same verbs as on the desk, asked by programs."""

from __future__ import annotations

import json

import asking
import cast
from fairdue import wording
from fairdue.rules import situations
from fairdue.store import clock
from fairdue.store.models import Attempt, AuditRow, Case, Point
from fairdue.store.pages.casefile import case_page
from worlds import World


def test_a_program_reads_the_cases_of_whom_it_works_for_page_by_page(desk: World) -> None:
    mine = asking.program(cast.COLLECTOR)
    found, cursor = [], ""
    while True:
        page = mine.get(f"/cases?limit=3{cursor}")
        found += [case["id"] for case in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    owned = Case.objects.filter(owner__username=cast.COLLECTOR, closed_on=None).order_by("pk")
    assert found == [case.pk for case in owned]
    assert len(found) > 3


def test_the_figures_are_those_of_the_page(desk: World) -> None:
    case = cast.case_of(cast.COLLECTOR)
    page = case_page(cast.user(cast.COLLECTOR), case.pk)
    mine = asking.program(cast.COLLECTOR)
    said = mine.get(f"/cases/{case.pk}/statement")
    assert [a["total"]["minor"] for a in said["accounts"]] == [a.total for a in page.accounts]
    assert [line["balance"]["minor"] for line in said["lines"]] == [line.running for line in page.statement]
    assert said["total"]["minor"] == mine.get(f"/cases/{case.pk}")["balance"]["minor"]


def test_a_contact_is_reserved_confirmed_and_shows_in_the_trail_by_the_name_of_the_key(desk: World) -> None:
    case = cast.case_of(cast.COLLECTOR)
    key, text = asking.made(cast.COLLECTOR)
    mine = asking.Program(text)
    way = next(w for w in mine.get(f"/cases/{case.pk}/possible-contacts")["items"] if w["allowed"])
    held = mine.post(f"/cases/{case.pk}/contacts", {"channel": way["channel"], "point": way["point"]}, 201)
    seen = mine.get(f"/contacts/{held['contact']}")
    assert (seen["state"], len(seen["number"]), bool(seen["name"])) == ("RESERVED", 11, True)
    done = mine.post(f"/contacts/{held['contact']}/outcome", {"outcome": "NA"})
    assert done["case"] == case.pk
    assert mine.get(f"/contacts/{held['contact']}")["number"] is None
    actors = AuditRow.objects.filter(subject="attempt", subject_id=held["contact"]).values_list("verb", "actor")
    assert sorted(actors) == [("contact.record", key.actor), ("contact.reserve", key.actor)]


def test_the_guard_refuses_a_program_as_it_refuses_a_person(desk: World) -> None:
    case = cast.case_of(cast.COLLECTOR)
    mine = asking.program(cast.COLLECTOR)
    clock.set_demo(cast.at(23))
    wanted = {"channel": "CALL", "point": Point.objects.get(person=case.customer).pk}
    said = mine.post(f"/cases/{case.pk}/contacts", wanted, 409)
    assert said["code"] == "api.contact-refused"
    assert said["next_lawful"] > "2026"
    assert said["reasons"]
    assert mine.get(f"/decisions/{said['decision']}")["guard"]["allowed"] is False
    assert not Attempt.objects.filter(case=case, state=Attempt.RESERVED).exists()


def test_somebody_elses_number_cannot_be_reached_through_ones_own_case(desk: World) -> None:
    case = cast.case_of(cast.COLLECTOR)
    other = Point.objects.exclude(person=case.customer).first()
    assert other is not None
    mine = asking.program(cast.COLLECTOR)
    assert (
        mine.post(f"/cases/{case.pk}/contacts", {"channel": "CALL", "point": other.pk}, 404)["code"] == "api.not-there"
    )


def test_the_guard_and_the_wording_check_answer_as_the_command_line_does(desk: World) -> None:
    mine = asking.program(cast.STRATEGIST, "guard:read", "wording:read")
    said = mine.post("/guard/checks", situations.EXAMPLE)
    assert said == situations.answer_line(json.dumps(situations.EXAMPLE))[0]
    line = {"id": 7, "text": "再不还钱就上门找你家人", "lang": "zh"}
    found = wording.check(wording.read(line)).as_dict()
    answer = mine.post("/wording/checks", line)
    assert (answer["verdict"], answer["codes"], answer["id"]) == (found["verdict"], found["codes"], 7)


def test_a_fault_is_said_in_the_language_that_was_asked_for(desk: World) -> None:
    zh = asking.program(cast.COLLECTOR, language="zh-CN,zh;q=0.9,en;q=0.1").get("/cases/999999", 404)
    en = asking.program(cast.COLLECTOR, language="en;q=0.9").get("/cases/999999", 404)
    assert (zh["detail"], en["detail"]) == ("该地址没有内容。", "There is nothing at this address.")
    assert zh["code"] == en["code"] == "api.not-there"
