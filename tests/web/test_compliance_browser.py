"""A compliance officer in a real browser: from "last Tuesday" to the rule, its article and the replay, by mouse alone."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import cast
from books import AS_OF
from browsing import Visit, browser, served, visit
from fairdue.core.codes import Channel
from fairdue.store import clock
from fairdue.store.actions import contacts
from fairdue.store.actions.contacts import Proposed
from fairdue.store.models import Decision

__all__ = ["browser", "served", "visit"]
pytestmark = pytest.mark.browser
SHOTS = os.environ.get("FAIRDUE_SHOTS")
WORDS = {
    "en": ("Replay this decision", "the same verdict"),
    "zh-hans": ("重放该决定", "结论、规则和下一可行时间均一致"),
}


def some_days() -> Decision:
    """Calls asked for at night, on several days of two weeks, by both teams."""
    for number, day in enumerate((0, 1, 1, 2, 5, 6, 6, 6, 8, 9, 12, 13)):
        username = cast.COLLECTOR if number % 3 else cast.OTHER_TEAM
        case = cast.case_of(username)
        clock.set_demo(cast.at(23 if number % 4 else 7, AS_OF + timedelta(days=day)))
        contacts.reserve(cast.user(username), case.pk, Proposed(Channel.CALL, case.customer.points.get().pk))
    clock.set_demo(cast.at(10, AS_OF + timedelta(days=14)))
    return Decision.objects.filter(kind="contact").latest("pk")


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


@pytest.mark.parametrize("language", list(WORDS))
@pytest.mark.parametrize(("size", "scheme"), [("desk", "light"), ("phone", "dark")])
def test_from_a_day_to_the_rule_and_the_replay(visit: Visit, language: str, size: str, scheme: str) -> None:
    last = some_days()
    button, same = WORDS[language]
    page = visit(cast.OFFICER, language, size, scheme)
    shot(page, f"refusals-{language}-{size}-{scheme}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator(".columns a").filter(has=page.locator(".column[height='120.0']")).last.click()
    expect(page.locator("h2.num")).to_have_text("3")
    shot(page, f"refusals-day-{language}-{size}-{scheme}")
    page.fill("[name=text]", str(last.case_id))
    page.press("[name=text]", "Enter")
    expect(page.locator(f"a[href='/decisions/{last.pk}/']")).to_be_visible()
    shot(page, f"found-{language}-{size}-{scheme}")
    page.click(f"a[href='/decisions/{last.pk}/']")
    page.click(f"text={button}")
    expect(page.locator("#replay")).to_contain_text(same)
    assert page.url.endswith(f"/decisions/{last.pk}/"), "the answer comes into the page"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shot(page, f"decision-{language}-{size}-{scheme}")
