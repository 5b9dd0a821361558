"""A talk in a real browser: the words follow what was heard, identity comes first, and few clicks wrap it up."""

from __future__ import annotations

import os
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

import books
import cast
from browsing import Visit, browser, served, visit
from fairdue.core.codes import Word
from fairdue.jobs import night
from fairdue.store import clock, lenders
from fairdue.store.actions import contacts, ledger
from fairdue.store.actions.contacts import Proposed, Reservation, WrapUp
from fairdue.store.actions.promises import Said
from fairdue.store.models import Attempt, Case, CaseFact, OwnPromise, Promise

__all__ = ["browser", "served", "visit"]
pytestmark = pytest.mark.browser
SHOTS = os.environ.get("FAIRDUE_SHOTS")


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page="talk-" not in name)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name


def heard(page: Page, answer: str) -> None:
    """Press what was heard and wait for the next words."""
    before = page.locator("#talk .words").first.inner_text()
    page.locator(f"#talk button[value={answer}]").click()
    expect(page.locator("#talk .words").first).not_to_have_text(before)


def called(visit: Visit, language: str, size: str = "desk", scheme: str = "light") -> Page:
    page = visit(cast.COLLECTOR, language, size, scheme)
    page.goto(f"{visit.address}/cases/{cast.case_of(cast.COLLECTOR).pk}/")
    page.locator(".possible button:enabled").first.click()
    expect(page.locator("#talk")).to_be_visible()
    return page


@pytest.mark.parametrize(("language", "size", "scheme"), [
    ("en", "desk", "light"), ("zh-hans", "desk", "light"), ("zh-hans", "phone", "dark"),
])  # fmt: skip
def test_a_talk_leads_from_hello_to_a_promise(visit: Visit, language: str, size: str, scheme: str) -> None:
    case = cast.case_of(cast.COLLECTOR)
    amount = f"{case.balance // 100:,}"
    page = called(visit, language, size, scheme)
    expect(page.locator("#talk")).not_to_contain_text(amount)
    shot(page, f"talk-open-{language}-{size}-{scheme}")
    heard(page, "self")
    expect(page.locator("#talk")).not_to_contain_text(amount)
    heard(page, "confirmed")
    expect(page.locator("#talk .words").first).to_contain_text(amount)
    assert Attempt.objects.get().identity_at >= 0
    shot(page, f"talk-tell-{language}-{size}-{scheme}")
    heard(page, "listens")
    heard(page, "short")
    shot(page, f"talk-ask-{language}-{size}-{scheme}")
    heard(page, "promises")
    heard(page, "remind")
    expect(page.locator(".outcomes input[value=RPC_PTP]")).to_be_checked()
    expect(page.locator("[name=remind]")).to_be_checked()
    page.fill("[name=amount]", "100.50")
    page.fill("[name=on]", "2026-10-03")
    shot(page, f"talk-close-{language}-{size}-{scheme}")
    page.locator(".outcome-bar button.primary").click()
    expect(page.locator(".message.success")).to_be_visible()
    promise = Promise.objects.get()
    assert (promise.amount, promise.remind) == (10050, True)
    assert {f.name: f.value for f in CaseFact.objects.all()} == {"cause": "SHORT_OF_MONEY", "told": "2026-09-30"}
    page.goto(f"{visit.address}/cases/{case.pk}/")
    shot(page, f"talk-after-{language}-{size}-{scheme}")


def test_by_keyboard_a_wrong_person_is_recorded_and_heard_nothing_of_the_debt(visit: Visit) -> None:
    page = called(visit, "en")
    page.keyboard.press("r")
    expect(page.locator("#talk h3").first).to_have_text("Wrong number")
    page.keyboard.press("q")
    expect(page.locator(".outcomes input[value=TPC_UNKNOWN_PERSON]")).to_be_checked()
    page.locator(".outcome-bar button.primary").click()
    expect(page.locator(".message.success")).to_contain_text("Restore contact")
    attempt = Attempt.objects.get()
    assert (attempt.outcome, attempt.identity_at) == ("TPC_UNKNOWN_PERSON", -1)
    assert [s.node for s in attempt.steps.order_by("number")] == ["open", "wrong"]


def test_a_step_taken_back_undoes_the_identity(visit: Visit) -> None:
    page = called(visit, "en")
    heard(page, "self")
    heard(page, "confirmed")
    page.get_by_role("button", name="One step back").click()
    expect(page.locator("#talk .chip.attention").first).to_contain_text("Identity not confirmed")
    assert Attempt.objects.get().identity_at == -1


def test_somebody_calls_is_found_and_asked_who_they_are(visit: Visit) -> None:
    case = cast.case_of(cast.COLLECTOR)
    page = visit(cast.COLLECTOR)
    page.get_by_role("link", name="Somebody calls").click()
    page.fill("[name=text]", case.customer.ref)
    page.keyboard.press("Enter")
    expect(page.locator("section h2 a")).to_be_visible()
    shot(page, "caller")
    page.locator("section h2 a").click()
    page.wait_for_url("**/cases/**")
    page.locator("#they-call").evaluate("one => one.open = true")
    shot(page, "they-call")
    page.get_by_role("button", name="Take the call").click()
    expect(page.locator("#talk h3").first).to_have_text("Answering a call")
    heard(page, "self")
    heard(page, "confirmed")
    attempt = Attempt.objects.get()
    assert (attempt.direction, attempt.identity_at >= 0) == (1, True)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_what_we_promise_is_listed_and_done(visit: Visit, language: str) -> None:
    page = called(visit, language)
    heard(page, "self")
    heard(page, "confirmed")
    page.locator("details.rich summary").click()
    page.select_option("[name=word_kind]", str(int(Word.CORRECTION)))
    page.fill("[name=word_on]", "2026-10-05")
    page.fill("[name=word_text]", "手续费重复计收")
    page.locator("details.more-outcomes summary").click()
    page.locator("label:has(input[value=RPC_WILLING])").click()
    page.locator(".outcome-bar button[value=stay]").click()
    expect(page.locator(".message.success")).to_be_visible()
    shot(page, f"word-{language}")
    page.goto(f"{visit.address}/promises/")
    shot(page, f"promises-{language}")
    page.fill(".own-words [name=text]", "已冲正")
    page.locator(".own-words button").click()
    expect(page.locator(".own-words .chip.good")).to_be_visible()
    assert OwnPromise.objects.get().done_text == "已冲正"
    page.goto(f"{visit.address}/knowledge/")
    shot(page, f"knowledge-{language}")


def night_of(day: date) -> None:
    night.run_night(lenders.find("bank"), day, actor="test")
    clock.set_demo(cast.at(10, day))


def promised(case: Case, amount: int, on: date) -> None:
    user = cast.user(cast.COLLECTOR)
    held = contacts.reserve(user, case.pk, Proposed(0, case.customer.points.get().pk))
    assert isinstance(held, Reservation)
    contacts.record(user, held.attempt_id, "RPC_PTP", wrap_up=WrapUp(Said(amount, on)))


def test_the_page_tells_a_promise_partly_kept_one_broken_and_one_undone_by_a_reversal(visit: Visit) -> None:
    case, day = cast.case_of(cast.COLLECTOR), books.AS_OF
    account = case.customer.accounts.order_by("pk")[0]
    page = visit(cast.COLLECTOR)

    def statuses() -> list[str]:
        page.goto(f"{visit.address}/cases/{case.pk}/")
        return page.locator("section:has(> #prep) dd .chip").all_inner_texts()

    promised(case, 1_000_00, day + timedelta(1))
    clock.set_demo(cast.at(10, day + timedelta(1)))
    ledger.record_payment("bank", account, 400_00, day + timedelta(1), "one")
    night_of(day + timedelta(5))
    assert "Partly kept" in statuses()
    expect(page.locator("#aim")).to_have_text("Win a promise")
    promised(case, 500_00, day + timedelta(6))
    night_of(day + timedelta(10))
    assert {"Partly kept", "Broken"} <= set(statuses())
    expect(page.locator("#aim")).to_have_text("Learn the cause")
    promised(case, 200_00, day + timedelta(11))
    clock.set_demo(cast.at(10, day + timedelta(11)))
    ledger.record_payment("bank", account, 200_00, day + timedelta(11), "two")
    assert "Kept" in statuses()
    clock.set_demo(cast.at(10, day + timedelta(16)))
    ledger.reverse_payment("bank", account, "two", "bounced", day + timedelta(16))
    assert statuses().count("Broken") == 2
    night_of(day + timedelta(16))
    statuses()
    expect(page.locator("#aim")).to_have_text("Learn income and outgoings")
    shot(page, "lives")
