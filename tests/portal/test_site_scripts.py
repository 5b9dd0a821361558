"""A script in any field of any form is text: here, on the desk and in the file that is taken away.

The fields are read from the pages themselves, so a field that is added tomorrow is tried tomorrow.
"""

from __future__ import annotations

import io
import re
import zipfile
from html.parser import HTMLParser

import pytest
from django.test import override_settings
from django.urls import clear_url_caches

import cast
import planning
from fairdue.store.models import Case, Means, Plan, Track
from fairdue.web.sites import desk as desk_site
from person import Person
from site_table import ANYBODY, TABLE
from visiting import Visitor, known

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'><svg onload=alert(3)>"
ALIVE = re.compile("<script>alert|<img src=x|<svg onload")
TYPED = {"text", "search", "tel", "email", "number", "date", "hidden", "textarea", "radio", "checkbox", "select"}


class Forms(HTMLParser):
    """The forms of a page: where each is sent, and its fields by kind."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "form":
            self.found.append((said.get("action") or "", said.get("method") or "get", {}))
        elif self.found and said.get("name") and tag in {"input", "textarea", "select"}:
            kind = (said.get("type") or "text") if tag == "input" else tag
            self.found[-1][2][str(said["name"])] = kind


def forms_of(page: str) -> list[tuple[str, str, dict[str, str]]]:
    read = Forms()
    read.feed(page)
    return read.found


def places(plan: Plan) -> list[str]:
    """Every page that can be opened with GET, before and after coming in."""
    own = {"part": f"/budget/{plan.pk}/", "start": "/", "wishes": "/settings/", "options": "/budget/options/",
           "verify": "/paper/check/"}  # fmt: skip
    names = [
        n for n, (method, whose) in TABLE.items() if method == "GET" and (whose != ANYBODY or n in own or n == "help")
    ]
    return [
        own.get(n, f"/{n}/")
        for n in names
        if n not in {"transfer-one", "paper-file", "part-paper", "part-days", "done"}
    ]


@pytest.fixture
def visitor(case: Case) -> Visitor:
    plan = planning.proposed(approved=True)
    known(plan.case)
    return Visitor().come_in(plan.case)


def test_every_field_of_every_form_takes_a_script_for_text(visitor: Visitor) -> None:
    plan, tried = Plan.objects.get(), set()
    for place in places(plan):
        for action, method, fields in forms_of(visitor.client.get(place).content.decode()):
            there = action or place
            if there in {"/leave/", "/language/", "/look/", "/data/file/", "/not-me/"}:
                continue
            for name in fields:
                if name == "csrfmiddlewaretoken" or fields[name] not in TYPED:
                    continue
                tried.add((there, name))
                good = {other: _good(other) for other in fields if other != "csrfmiddlewaretoken"}
                send = visitor.client.post if method == "post" else visitor.client.get
                answer = send(there, good | {name: SCRIPT}, follow=True)
                assert answer.status_code in {200, 404, 422}, (there, name, answer.status_code)
                assert not ALIVE.search(answer.content.decode()), (there, name)
    assert {("/feedback/", "words"), ("/budget/", "place"), ("/budget/", "words"), ("/settings/", "word"),
            ("/calls/check/", "number"), ("/day/", "amount"), ("/paper/check/", "code")} <= tried  # fmt: skip
    assert len(tried) > 40
    _nothing_lives_in_what_is_read(visitor, plan)


def _good(name: str) -> str:
    """What makes the rest of a form pass, so that the field under trial is kept."""
    return {"words": "plain words", "adults": "1", "amount": "1", "on": "2026-10-02", "hardship": "0"}.get(name, "")


def _nothing_lives_in_what_is_read(visitor: Visitor, plan: Plan) -> None:
    """The pages that show what was kept: the person's own, the file, and the desk's."""
    assert Means.objects.filter(place__contains="<script>").exists()
    assert Track.objects.filter(said__contains="<script>").count() >= 4
    for place in places(plan):
        assert not ALIVE.search(visitor.client.get(place).content.decode()), place
    pack = zipfile.ZipFile(io.BytesIO(visitor.client.post("/data/file/").content))
    readable = pack.read("my-data.html").decode()
    assert "&lt;script&gt;" in readable
    assert not ALIVE.search(readable)
    _nor_on_the_desk(plan)


def _nor_on_the_desk(plan: Plan) -> None:
    wanted = (
        "ROOT_URLCONF",
        "MIDDLEWARE",
        "TEMPLATES",
        "CSRF_COOKIE_NAME",
        "SESSION_COOKIE_NAME",
        "SECRET_KEY",
        "MESSAGE_STORAGE",
    )
    names = {name: getattr(desk_site, name) for name in wanted}
    shown = [f"/cases/{plan.case_id}/", f"/cases/{plan.case_id}/plans/", "/tasks/",
             *(f"/tracks/{track.pk}/" for track in Track.objects.all())]  # fmt: skip
    with override_settings(**names, LANGUAGE_COOKIE_NAME="django_language"):
        clear_url_caches()
        seen = ""
        for address in shown:
            for username in (cast.COLLECTOR, cast.OFFICER):
                said = Person(username).client.get(address).content.decode()
                assert not ALIVE.search(said), address
                seen += said
    clear_url_caches()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in seen
