"""Quality in a real browser: drawn, heard, judged by two, settled, shown and answered."""

from __future__ import annotations

import os

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

import books
import cast
import sounds
from browsing import Visit, browser, served, visit
from fairdue.rules.quality import load_scorecard
from fairdue.store.actions import recordings
from fairdue.store.actions.recordings import Given
from fairdue.store.models import Sample

__all__ = ["browser", "served", "visit"]
pytestmark = pytest.mark.browser
SHOTS = os.environ.get("FAIRDUE_SHOTS")


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name


def judge(page: Page, cause: str, note: str = "") -> None:
    """Full points but for one item."""
    for code, item in load_scorecard().items.items():
        score = cause if code == "CAUSE" else str(item.most)
        page.locator(f"[name={code}][value='{score}']").check()
    page.fill("[name=CAUSE-note]", note)
    page.fill("[name=feedback]", "先问清原因，再谈金额。")
    page.locator(".card-form button.primary").click()
    expect(page.locator(".message.success")).to_be_visible()


@pytest.fixture(autouse=True)
def same_vault(served: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files go where the served desk looks for them."""
    monkeypatch.setattr(settings, "VAULT_FOLDER", str(settings.HOME / "vault"))


def test_a_contact_is_drawn_heard_judged_by_two_settled_and_answered(visit: Visit) -> None:
    attempt = sounds.talk(cast.case_of(cast.COLLECTOR), note="手头紧，月底前先还一部分")
    words = Given("t.txt", (sounds.CALM + sounds.HARSH).encode())
    recordings.attach(cast.user(cast.COLLECTOR), attempt.pk, Given("t.wav", sounds.tone(3, 1)), words)
    lead = visit(cast.LEAD, "zh-hans")
    lead.goto(f"{visit.address}/quality/")
    lead.fill("[name=first]", books.AS_OF.isoformat())
    lead.fill("[name=last]", books.AS_OF.isoformat())
    lead.locator("form[action$='/draw/'] button").click()
    expect(lead.locator("table a.main")).to_have_count(1)
    Sample.objects.update(double=True)
    shot(lead, "quality-waiting")
    lead.locator("table a.main").click()
    expect(lead.locator(".turns mark.block").first).to_be_visible()
    heard = lead.evaluate("""() => new Promise(done => { const it = document.querySelector('audio'); it.muted = true;
        it.onloadedmetadata = () => { it.currentTime = 2; }; it.onseeked = () => done([it.duration, it.currentTime]);
        it.onerror = () => done([0, 0]); it.load(); it.preload = 'auto'; })""")
    assert (round(heard[0]), round(heard[1])) == (4, 2), "it plays, and one may jump"
    shot(lead, "quality-review")
    judge(lead, "1")
    officer = visit(cast.OFFICER, "en", "phone", "dark")
    officer.goto(lead.url)
    shot(officer, "quality-blind-phone")
    judge(officer, "2")
    expect(officer.locator("fieldset.differ")).to_have_count(1)
    shot(officer, "quality-settle-phone")
    judge(officer, "1", "问了，但没有追问")
    collector = visit(cast.COLLECTOR, "zh-hans")
    collector.goto(f"{visit.address}/quality/")
    shot(collector, "quality-collector-list")
    collector.locator("table a.main").click()
    collector.fill("[name=answer]", "线路不好，下次会追问。")
    collector.locator("form[action$='/answer/'] button").click()
    expect(collector.locator(".message.success")).to_be_visible()
    shot(collector, "quality-collector")
    lead.goto(f"{visit.address}/quality/")
    shot(lead, "quality-lead")
    lead.goto(f"{visit.address}/quality/self-cure/")
    shot(lead, "self-cure")
