"""A collector's day in a real browser, against a served desk: by mouse and by keyboard, in both languages, at night."""

from __future__ import annotations

import os
import signal

import pytest
from playwright.sync_api import Page, expect

import cast
from browsing import Visit, browser, free_port, served, visit, wait_for
from fairdue.store import clock
from fairdue.store.models import Attempt, Promise
from worlds import Worlds, opened

__all__ = ["browser", "served", "visit"]  # fixtures
pytestmark = pytest.mark.browser
SHOTS = os.environ.get("FAIRDUE_SHOTS")  # a folder: every page is kept there as a picture
WORDS = {
    "en": {"next": "Next case", "aim": "Aim of this contact", "recorded": "Recorded", "list": "Today's list",
           "lawful": "Lawful again from", "article": "Article", "promise": "Promise to pay", "no_answer": "No answer",
           "confirm": "Record, next case"},
    "zh-hans": {"next": "下一件", "aim": "本次联系目标", "recorded": "已登记", "list": "今日清单",
                "lawful": "可联系时间", "article": "依据条文", "promise": "承诺还款", "no_answer": "无人接听",
                "confirm": "登记并打开下一件"},
}  # fmt: skip


@pytest.mark.parametrize("language", list(WORDS))
def test_a_case_is_worked_by_mouse_from_the_list_to_a_recorded_outcome(visit: Visit, language: str) -> None:
    words, page = WORDS[language], visit(cast.COLLECTOR, language)
    expect(page.get_by_role("heading", level=1)).to_have_text(words["list"])
    first = page.locator("[data-row]").first
    first.locator("td").nth(4).click()  # anywhere on the row
    expect(page.get_by_text(words["aim"])).to_be_visible()
    here = page.url
    page.locator(".possible button:enabled").first.click()
    page.get_by_text(words["no_answer"], exact=True).click()
    page.get_by_role("button", name=words["confirm"]).click()
    expect(page.locator(".message.success")).to_contain_text(words["recorded"])
    assert page.url != here
    assert "/cases/" in page.url
    assert [(a.state, a.outcome) for a in Attempt.objects.all()] == [("CONFIRMED", "NA")]


@pytest.mark.parametrize("language", list(WORDS))
def test_a_promise_is_won_by_keyboard_alone(visit: Visit, language: str) -> None:
    words, page = WORDS[language], visit(cast.COLLECTOR, language)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/*/")
    here = page.url
    page.keyboard.press("c")
    expect(page.locator(".outcome-bar fieldset")).to_be_enabled()
    page.keyboard.press("1")
    expect(page.locator("[name=amount]")).to_be_focused()
    page.keyboard.type("100.50")
    page.keyboard.press("Tab")
    page.locator("[name=on]").fill("2026-10-03")
    page.keyboard.press("Enter")
    expect(page.locator(".message.success")).to_contain_text(words["recorded"])
    assert page.url != here
    assert [p.amount for p in Promise.objects.all()] == [10050]


def test_the_keys_lead_through_the_desk(visit: Visit) -> None:
    page = visit(cast.COLLECTOR)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("/")
    page.keyboard.type("no such person")
    expect(page.get_by_text("Nothing on the list fits")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.wait_for_url("**/cases/*/")
    page.keyboard.press("g")
    page.keyboard.press("l")
    page.wait_for_url("**/list/")


@pytest.mark.parametrize("language", list(WORDS))
def test_at_23_the_call_is_refused_with_its_article_and_the_next_lawful_time(visit: Visit, language: str) -> None:
    words, page = WORDS[language], visit(cast.COLLECTOR, language)
    page.goto(f"{visit.address}/cases/{cast.case_of(cast.COLLECTOR).pk}/")
    expect(page.locator(".possible button:enabled")).to_have_count(1)
    page.locator(".menu.clock > summary").click()
    page.locator("button[value=night]").click()
    expect(page.locator(".possible button:enabled")).to_have_count(0)
    expect(page.locator(".possible")).to_contain_text(words["lawful"])
    expect(page.locator(".possible")).to_contain_text("2026-10-01 08:30")
    article = page.locator(".possible details").nth(1)
    expect(article.locator(".law")).to_be_hidden()
    article.get_by_text(words["article"], exact=True).click()
    expect(article.locator(".law")).to_contain_text("GB/T 45251")


def test_the_desk_works_without_javascript(visit: Visit) -> None:
    page = visit(cast.COLLECTOR)
    plain = visit.browser.new_context(java_script_enabled=False, storage_state=page.context.storage_state())
    visit.contexts.append(plain)
    page = plain.new_page()
    page.goto(f"{visit.address}/list/")
    page.get_by_role("button", name="Next case").click()
    page.locator(".possible button:enabled").first.click()
    page.get_by_text("Promise to pay", exact=True).click()
    page.fill("[name=amount]", "1")
    page.fill("[name=on]", "2026-10-03")
    page.get_by_role("button", name="Record, next case").click()
    expect(page.locator(".message.success")).to_be_visible()
    assert Promise.objects.count() == 1


PLACES = [
    (cast.COLLECTOR, "/list/"), (cast.COLLECTOR, "case"), (cast.COLLECTOR, "statement"), (cast.LEAD, "/board/"),
    (cast.OFFICER, "/rules/"), (cast.OFFICER, "/refusals/"), (cast.OFFICER, "decision"), (cast.STRATEGIST, "/strategy/"),
    (cast.FINANCE, "/batches/"), (cast.FINANCE, "/batches/1/"), (cast.OPERATOR, "/nights/"), (cast.AGENCY, "/list/"),
]  # fmt: skip


@pytest.mark.parametrize(("size", "language", "scheme"), [("desk", "en", "light"), ("phone", "zh-hans", "dark")])
def test_no_page_is_wider_than_its_screen(visit: Visit, size: str, language: str, scheme: str) -> None:
    case = cast.case_of(cast.COLLECTOR)
    paths = {
        "case": f"/cases/{case.pk}/",
        "statement": f"/cases/{case.pk}/statement/",
        "decision": f"/decisions/{case.decision_id}/",
    }
    open_pages: dict[str, Page] = {}
    for number, (username, place) in enumerate(PLACES):
        page = open_pages.get(username) or visit(username, language, size, scheme)
        open_pages[username] = page
        page.goto(visit.address + paths.get(place, place))
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/{number:02}-{size}-{language}-{scheme}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), place


def test_the_time_line_is_narrowed_without_leaving_the_page(visit: Visit) -> None:
    page = visit(cast.COLLECTOR)
    page.goto(f"{visit.address}/cases/{cast.case_of(cast.COLLECTOR).pk}/")
    page.locator("details.script-panel").evaluate("one => one.open = true")
    before = page.locator(".events > li").count()
    page.locator(".time-kinds").get_by_text("Stages").click()
    expect(page.locator(".events > li")).to_have_count(1)
    assert before > 1
    assert page.locator("details.script-panel").evaluate("one => one.open")  # what stood open stays open


def test_a_desk_at_another_hour_is_refused_even_when_the_page_is_old(visit: Visit) -> None:
    page = visit(cast.COLLECTOR)
    page.goto(f"{visit.address}/cases/{cast.case_of(cast.COLLECTOR).pk}/")
    clock.set_demo(cast.at(23))
    page.locator(".possible button:enabled").first.click()
    expect(page.locator(".message.error")).to_contain_text("From 2026-10-01 08:30 it may be.")
    assert Attempt.objects.count() == 0


def test_the_server_stops_without_a_trace_of_an_error(worlds: Worlds) -> None:
    with opened(worlds, "sqlite", cast.engage) as world:
        port = free_port()
        process = world.start("fairdue.cli", "serve", "--port", str(port))
        wait_for(port)
        process.send_signal(signal.SIGINT)
        _out, errors = process.communicate(timeout=20)
        assert "Traceback" not in errors
