"""A lead in a real browser: a red lapse, a decision about it, and a case on its way to court."""

from __future__ import annotations

import os
from datetime import date

import pytest
from playwright.sync_api import Page

import cast
from browsing import Visit, browser, served, visit
from fairdue.core.limitation import Standing
from fairdue.documents import court as documents
from fairdue.store import clock
from fairdue.store.actions import legal_clocks
from fairdue.store.models import Account, LapseDecision, LegalClock, Proceeding

__all__ = ["browser", "served", "visit"]
pytestmark = pytest.mark.browser


def a_paper() -> bytes:
    """A readable PDF of one page."""
    return documents.paper(documents.Paper("receipt", ("delivered",)), "Bank A", "en", date(2026, 9, 30)).data


def look(page: Page, name: str, size: str) -> None:
    """Nothing sticks out of the screen; a picture for whoever wants to look (FAIRDUE_LOOK: a folder)."""
    assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth"), name
    if folder := os.environ.get("FAIRDUE_LOOK"):
        page.screenshot(path=f"{folder}/{name}-{size}.png", full_page=True)


def lapse() -> None:
    """One debt of another case ran out yesterday."""
    other = cast.case_of(cast.COLLECTOR, 1)
    Account.objects.filter(customer=other.customer).update(oldest_unpaid_due=date(2023, 9, 28))
    legal_clocks.of_lender("test", other.lender, clock.business_date(clock.now_minute(), other.lender.zone))


@pytest.mark.parametrize(("language", "size", "scheme"), [("en", "desk", "light"), ("zh-hans", "phone", "dark")])
def test_a_lead_decides_a_lapse_and_prepares_a_case(visit: Visit, language: str, size: str, scheme: str) -> None:
    case = cast.case_of(cast.COLLECTOR)
    lapse()
    red = LegalClock.objects.filter(standing=Standing.LAPSED).count()
    page = visit(cast.LEAD, language, size, scheme)
    page.goto(f"{visit.address}/board/")
    page.locator("p.notice.stop a").click()
    assert page.locator("tbody .chip.stop").count() == red > 0
    look(page, "look-lapses", size)
    page.locator("tbody a.main").first.click()
    page.select_option("[name=choice]", "WRITE_OFF")
    page.locator("form[action*=lapses] [name=reason]").first.fill("no property was found")
    look(page, "look-clocks", size)
    with page.expect_navigation():
        page.locator("form[action*=lapses] button").first.click()
    assert LapseDecision.objects.get().choice == "WRITE_OFF"
    page.goto(f"{visit.address}/cases/{case.pk}/clocks/")
    page.select_option("[name=kind]", "DEMAND")
    page.fill("[name=on]", "2026-09-25")
    page.set_input_files("[name=file]", {"name": "receipt.pdf", "mimeType": "application/pdf", "buffer": a_paper()})
    with page.expect_navigation():
        page.locator("form[action*=record] button").click()
    assert page.get_by_text("2026-09-25").count() > 0
    page.goto(f"{visit.address}/cases/{case.pk}/court/")
    page.select_option("[name=procedure]", "SUIT")
    page.fill("[name=court]", "某区人民法院")
    page.fill("[name=reason]", "worth more than asking")
    look(page, "look-case-court", size)
    page.locator("form[action*=prepare] button").click()
    page.wait_for_url("**/court/*/")
    with page.expect_navigation():
        page.locator("form:has([value=file]) button").click()
    assert Proceeding.objects.get().bundle is not None
    look(page, "look-court", size)
    file_many(visit, page, case.pk, size)


def file_many(visit: Visit, page: Page, case_id: int, size: str) -> None:
    """A batch goes through its cases by itself and names what it could not do."""
    page.goto(f"{visit.address}/filings/")
    page.fill("[name=court]", "某区人民法院")
    page.fill("[name=reason]", "alike")
    page.fill("[name=cases]", f"{case_id}\n987654")
    page.locator("form[action*=start] button").click()
    page.wait_for_url("**/filings/*/")
    page.get_by_text("2 / 2").wait_for()
    look(page, "look-filing", size)
    assert page.locator("a[href*=rejects]").count() == 1
