"""Lives told by dates at the desk itself: refusal, paid already, stolen identity, bankruptcy, cease, illness, and one that pays.

Dispute, death and complaint are told in tests/tracks, a wrong person and broken promises in tests/talk, a plan in tests/web.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

import books
import cast
import track_lives
from browsing import Visit, browser, serving
from fairdue.core.money import format_minor
from fairdue.store.actions import ledger
from fairdue.store.models import Account, Attempt, Case, Posting, Track
from worlds import Worlds

__all__ = ["browser"]
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(worlds: Worlds) -> Iterator[str]:
    with serving(worlds) as at:
        yield at


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    made = Visit(browser, address)
    yield made
    made.close()


def called(page: Page, visit: Visit, case: Case, outcome: str, note: str = "") -> None:
    """Call, choose what came of it, write a note, keep it."""
    page.goto(f"{visit.address}/cases/{case.pk}/")
    page.locator(".possible button:enabled").first.click()
    expect(page.locator("#talk")).to_be_visible()
    page.locator("details.more-outcomes").evaluate("one => one.open = true")
    page.locator(f"label:has(input[value={outcome}])").first.click()
    if note:
        page.fill(".outcome-bar [name=note]", note)
    page.locator(".outcome-bar button[value=stay]").click()
    expect(page.locator(".message.success")).to_be_visible()


# Outcome, note, the track it opens, whether collection has stopped on the page.
LIVES = [
    ("RPC_REFUSE", "", "", False),
    ("RPC_CLAIMS_PAID", "", "ALREADY_PAID", True),
    ("FRAUD_ID", "身份证丢过，从未办过贷款", "FRAUD", True),
    ("RPC_CEASE", "", "CEASE", True),
    ("RPC_ATTORNEY", "王律师，函件随后寄出", "ATTORNEY", True),
    ("RPC_VULNERABLE", "重病住院", "VULNERABILITY", True),
]


@pytest.mark.parametrize(("outcome", "note", "kind", "stops"), LIVES)
def test_what_was_heard_leads_where_it_must(visit: Visit, outcome: str, note: str, kind: str, stops: bool) -> None:
    case = cast.case_of(cast.COLLECTOR)
    page = visit(cast.COLLECTOR)
    called(page, visit, case, outcome, note)
    page.goto(f"{visit.address}/cases/{case.pk}/")
    tracks = list(Track.objects.filter(case=case).values_list("kind", flat=True))
    assert tracks == ([kind] if kind else [])
    if stops:
        expect(page.locator(".possible button:enabled")).to_have_count(0)
        expect(page.locator(".possible")).to_contain_text(re.compile(r"\S"))
        assert not track_lives.listed(case)
    if kind:
        page.goto(f"{visit.address}/tracks/{Track.objects.get(case=case).pk}/")
        expect(page.get_by_role("heading", level=1)).not_to_be_empty()


def test_a_bankruptcy_is_opened_by_hand_and_stops_everything(visit: Visit) -> None:
    case = cast.case_of(cast.COLLECTOR)
    page = visit(cast.COLLECTOR, "zh-hans")
    page.goto(f"{visit.address}/cases/{case.pk}/")
    form = page.locator("form[action$='/tracks/']")
    form.locator("xpath=ancestor-or-self::details").first.evaluate("one => one.open = true")
    form.locator("[name=kind]").select_option("BANKRUPTCY")
    form.locator("[name=said]").fill("法院已受理破产申请")
    form.locator("button").last.click()
    expect(page.get_by_role("heading", level=1)).not_to_be_empty()
    page.goto(f"{visit.address}/cases/{case.pk}/")
    expect(page.locator(".possible button:enabled")).to_have_count(0)
    assert Track.objects.get(case=case).kind == "BANKRUPTCY"


def test_who_forgot_pays_and_the_money_is_the_same_on_every_page_and_in_the_ledger(visit: Visit) -> None:
    case = cast.case_of(cast.COLLEAGUE)
    account = Account.objects.filter(customer=case.customer).order_by("pk")[0]
    page = visit(cast.COLLEAGUE)

    def owed() -> str:
        rows = Posting.objects.filter(account__customer=case.customer).values_list("amount", flat=True)
        return format_minor(sum(rows), case.lender.exponent)

    page.goto(f"{visit.address}/cases/{case.pk}/")
    expect(page.locator(".who .owed strong")).to_contain_text(owed())
    before = sum(Posting.objects.filter(account=account).values_list("amount", flat=True))
    ledger.record_payment("bank", account, 123_45, books.AS_OF, "forgot")
    track_lives.sleep(books.AS_OF + timedelta(days=1))
    assert sum(Posting.objects.filter(account=account).values_list("amount", flat=True)) == before - 123_45
    page.goto(f"{visit.address}/cases/{case.pk}/")
    expect(page.locator(".who .owed strong")).to_contain_text(owed())
    page.goto(f"{visit.address}/cases/{case.pk}/statement/")
    expect(page.locator("main")).to_contain_text("123.45")
    expect(page.locator("main")).to_contain_text(format_minor(before - 123_45, case.lender.exponent))
    assert Attempt.objects.filter(case=case).count() == 0
