"""The tutorial's ten cases happen as it tells them, in both languages; every word it sets in italics stands on a page."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from browsing import Visit, browser, free_port, wait_for
from fairdue.core.plan_state import PlanState
from fairdue.demo.run import AS_OF
from fairdue.store.models import Attempt, Plan, Promise, Stop, Track
from morning import Morning, engage
from texts import ROOT
from worlds import Worlds, opened

__all__ = ["browser"]
pytestmark = pytest.mark.browser
TEXTS = {"en": "ten-cases.md", "zh-hans": "ten-cases.zh.md"}


@pytest.fixture
def address(worlds: Worlds) -> Iterator[str]:
    """The demo's desk over a part of its book."""
    with opened(worlds, "sqlite", engage) as world:
        port = free_port()
        process = world.start("fairdue.cli", "serve", "--port", str(port))
        try:
            wait_for(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=60)


@pytest.mark.parametrize("language", list(TEXTS))
def test_a_stranger_works_ten_cases(browser: Browser, address: str, language: str) -> None:
    visit = Visit(browser, address)
    morning = Morning(arrive(visit, language), language, address)
    for tell in STORY:
        tell(morning)
    assert Attempt.objects.filter(state="CONFIRMED").count() == 10
    text = (ROOT / "docs" / "tutorial" / TEXTS[language]).read_text("utf-8")
    shown = " ".join(" ".join(morning.read).split())
    named = set(re.findall(r"(?<!\*)\*([^*\n]+)\*(?!\*)", text))
    assert len(named) > 20
    assert sorted(word for word in named if word not in shown) == []
    visit.close()


def arrive(visit: Visit, language: str) -> Page:
    context = visit.browser.new_context(viewport={"width": 1280, "height": 860})
    visit.contexts.append(context)
    context.add_cookies([{"name": "django_language", "value": language, "url": visit.address}])
    page = context.new_page()
    page.on("console", lambda said: visit.complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    page.goto(visit.address)
    return page


def the_list(m: Morning) -> None:
    m.look()
    m.page.locator("button:has(code:text-is('lin'))").click()
    m.page.wait_for_url("**/list/")
    m.look("ten-list")
    m.press("Next case")
    m.page.wait_for_url("**/cases/*/")
    m.look("ten-case")


def forgot(m: Morning) -> None:
    case = m.call()
    m.look("ten-talk")
    m.hear("self", "confirmed", "listens", "forgot", "promises", "remind")
    m.page.fill("[name=amount]", str(case.balance))
    m.page.fill("[name=on]", (AS_OF + timedelta(days=2)).isoformat())
    m.look("ten-promise")
    m.record()
    promise = Promise.objects.get(case=case)
    assert (promise.amount, promise.remind) == (case.balance, True)


def no_answer(m: Morning) -> None:
    case = m.call()
    m.outcome("NA")
    m.record()
    assert Attempt.objects.get(case=case).outcome == "NA"


def wrong_person(m: Morning) -> None:
    case = m.call()
    m.hear("wrong", "ends")
    m.record()
    attempt = Attempt.objects.get(case=case)
    assert (attempt.outcome, attempt.identity_at) == ("TPC_UNKNOWN_PERSON", -1)
    assert attempt.point is not None
    assert attempt.point.status != 0


def later(m: Morning) -> None:
    case = m.call()
    m.hear("busy", "agreed")
    m.page.fill("[name=on]", (AS_OF + timedelta(days=1)).isoformat())
    m.record()
    assert Attempt.objects.get(case=case).outcome == "RPC_CALLBACK"


def paid(m: Morning) -> None:
    case = m.call()
    m.hear("self", "confirmed", "paid", "noted", "ends")
    m.record()
    assert Track.objects.get(case=case).kind == "ALREADY_PAID"


def disputed(m: Morning) -> None:
    case = m.call()
    m.hear("self", "confirmed", "disputes", "noted", "ends")
    m.page.fill("[name=note]", "8/15")
    m.record("stay")
    expect(m.page.locator(".possible button:enabled")).to_have_count(0)
    m.look("ten-stopped")
    assert Stop.objects.get(case=case).kind == "DISPUTE"
    m.page.locator("[form=go-on]").click()


def ill(m: Morning) -> None:
    case = m.call()
    m.hear("self", "confirmed", "listens", "ill", "ill", "ends")
    m.page.fill("[name=note]", "住院")
    m.record()
    assert Track.objects.get(case=case).kind == "VULNERABILITY"


def complains(m: Morning) -> None:
    case = m.call()
    m.hear("self", "confirmed", "listens", "unwilling", "complains", "noted", "ends")
    m.page.fill("[name=note]", "昨天打了两次")
    m.record()
    assert Track.objects.get(case=case).kind == "COMPLAINT"


def lost_the_job(m: Morning) -> None:
    case = m.call()
    m.hear("self", "confirmed", "listens", "job", "tells", "told", "agrees", "ends")
    m.record("stay")
    m.page.get_by_role("link", name=m.say("What can be afforded")).click()
    m.page.fill("[name=income_WAGE]", "32000")
    m.page.fill("[name=out_FOOD]", "9000")
    m.page.select_option("[name=hardship]", "0")
    m.press("Keep and work out")
    m.look("ten-plan")
    m.page.locator("table.offers input[type=radio]").first.check()
    m.press("Propose", exact=False)
    m.look()
    m.page.select_option("[name=how]", "0")
    m.page.fill("[name=words]", "0930-9")
    m.press("The borrower agrees")
    expect(m.page.locator("h1 .chip.good")).to_be_visible()
    m.look("ten-agreed")
    assert Plan.objects.get(case=case).state == PlanState.PERFORMING


def at_night(m: Morning) -> None:
    m.page.goto(f"{m.address}/list/")
    m.press("Next case")
    m.page.locator(".menu.clock > summary").click()
    m.look()
    m.page.locator("button[value=night]").click()
    expect(m.page.locator(".possible button:enabled")).to_have_count(0)
    m.look("ten-refused")
    m.page.locator(".menu.clock > summary").click()
    m.page.locator("button[value=morning]").click()
    case = m.call()
    m.hear("self", "confirmed", "listens", "unwilling", "refuses", "ends")
    m.record()
    assert Attempt.objects.get(case=case).outcome == "RPC_REFUSE"
    m.page.goto(f"{m.address}/list/")
    m.look()


STORY = (the_list, forgot, no_answer, wrong_person, later, paid, disputed, ill, complains, lost_the_job, at_night)
