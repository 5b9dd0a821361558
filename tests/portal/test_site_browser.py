"""A borrower's way from the link in a message to the certificate, on a phone; and every page read by axe."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

import cast
import planning
from books import AS_OF
from browsing import browser, free_port, wait_for
from fairdue.store.actions import ledger
from fairdue.store.models import Case, Certificate, Promise
from visiting import ID_NO, facts, invited
from worlds import Worlds, opened

__all__ = ["browser"]
pytestmark = pytest.mark.browser
SHOTS = os.environ.get("FAIRDUE_SHOTS")
AXE = (Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js").read_text(
    "utf-8"
)  # 4.14.1, MPL-2.0; for tests only
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PHONE = {"width": 360, "height": 740}


@pytest.fixture
def address(worlds: Worlds) -> Iterator[str]:
    """The address of the customers' site, served from a database of its own."""
    with opened(worlds, "sqlite", cast.engage) as world:
        port = free_port()
        process = world.start("fairdue.cli", "serve", "--site", "portal", "--port", str(port))
        try:
            wait_for(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=20)
        assert "Traceback" not in errors, errors[-3000:]


def phone(
    browser: Browser, address: str, language: str = "en", scheme: str = "light", *, scripts: bool = True
) -> BrowserContext:
    context = browser.new_context(
        viewport=PHONE,  # type: ignore[arg-type]  # width and height
        color_scheme="dark" if scheme == "dark" else "light", java_script_enabled=scripts, has_touch=True,
    )  # fmt: skip
    context.add_cookies([{"name": "fd_site_language", "value": language, "url": address}])
    return context


def enter(page: Page, address: str, case: Case) -> None:
    made = invited(case)
    page.goto(f"{address}/i/{made.link}/")
    assert made.link not in page.url
    said = facts(case, ID_NO)
    page.fill("[name=id_tail]", said["id_tail"])
    page.fill("[name=phone_tail]", said["phone_tail"])
    page.locator("form[action='/check/'] button").click()
    page.wait_for_url(f"{address}/")


def test_from_the_link_to_the_certificate_without_javascript(browser: Browser, address: str) -> None:
    case = cast.case_of(cast.COLLECTOR)
    context = phone(browser, address, scripts=False)
    page = context.new_page()
    enter(page, address, case)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hello")
    page.get_by_role("link", name="See each line").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")
    page.get_by_role("link", name="Home").first.click()
    page.get_by_role("link", name="Choose a day to pay").click()
    page.fill("[name=amount]", "10")
    page.fill("[name=on]", "2026-10-05")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("status")).to_contain_text("2026-10-05")
    assert Promise.objects.get().amount == 1000
    for account in case.customer.accounts.order_by("account_no"):
        owed = int(ledger.balances(account, AS_OF).sum())
        if owed > 0:
            page.goto(f"{address}/transfer/")
            page.locator(f"input[name=account][value='{account.pk}']").check()
            page.fill("[name=amount]", f"{owed // 100}.{owed % 100:02}")
            page.get_by_role("button", name="Go on").click()
            page.get_by_role("link", name="Go and pay").click()
            page.get_by_role("button", name="Pay", exact=True).click()
            expect(page.get_by_role("status")).to_contain_text("booked")
    page.get_by_role("link", name="Home").first.click()
    expect(page.get_by_text("You owe nothing")).to_be_visible()
    page.get_by_role("link", name="Certificate").click()
    expect(page.locator(".paper").first).to_contain_text(Certificate.objects.latest("pk").code)
    page.get_by_role("button", name="Leave").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Type in your code")
    context.close()


PLACES = ["/", "/account/", "/day/", "/transfer/", "/budget/", "/budget/options/", "part", "/receipt/", "/situation/", "/query/",
          "/feedback/", "/correct/", "/explain/", "/quiet/", "/calls/", "/settings/", "/data/", "/paper/", "/help/",
          "/paper/check/", "/nowhere/"]  # fmt: skip


def read(page: Page, name: str) -> dict[str, list[str]]:
    """What axe finds on the page, by rule; and the page as a picture where they are wanted."""
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    page.evaluate(AXE)
    found = page.evaluate("tags => axe.run(document, {runOnly: tags})", WCAG)
    return {one["id"]: [node["html"][:200] for node in one["nodes"]] for one in found["violations"]}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(browser: Browser, address: str, language: str, scheme: str) -> None:
    plan = planning.proposed()
    case = plan.case
    context = phone(browser, address, language, scheme)
    page, found = context.new_page(), {}
    style = f"{language}-{scheme}"
    page.goto(address)
    found["code"] = read(page, f"00-code-{style}")
    page.goto(f"{address}/i/{'0' * 32}/")
    found["facts"] = read(page, f"01-facts-{style}")
    page.fill("[name=id_tail]", "000000")
    page.fill("[name=phone_tail]", "0000")
    page.locator("form[action='/check/'] button").click()
    found["refused"] = read(page, f"02-refused-{style}")
    enter(page, address, case)
    for number, place in enumerate(PLACES, 3):
        page.goto(address + (f"/budget/{plan.pk}/" if place == "part" else place))
        found[place] = read(page, f"{number:02}-{place.strip('/').replace('/', '-') or 'home'}-{style}")
    context.close()
    assert {place: said for place, said in found.items() if said} == {}


def test_the_first_page_is_light(browser: Browser, address: str) -> None:
    context = phone(browser, address)
    page, sizes = context.new_page(), []
    page.on("response", lambda answer: sizes.append(len(answer.body())))
    page.goto(address, wait_until="networkidle")
    assert sum(sizes) < 100_000
    context.close()


def test_the_keyboard_reaches_the_text_first(browser: Browser, address: str) -> None:
    context = phone(browser, address)
    page = context.new_page()
    page.goto(address)
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the text")).to_be_focused()
    context.close()
