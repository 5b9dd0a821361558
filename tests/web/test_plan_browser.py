"""A plan through the browser: income and outgoings, the choice set, the second person, consent, the agreement as PDF."""

from __future__ import annotations

import os
import subprocess
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import cast
import planning
from browsing import Visit, browser, served, visit
from choosing import choose, fill
from fairdue.core.codes import PlanStatus
from fairdue.core.money import format_minor
from fairdue.core.plan_state import PlanState
from fairdue.core.plan_terms import Hardship
from fairdue.jobs import night
from fairdue.store import audit, clock, lenders
from fairdue.store.actions import ledger
from fairdue.store.models import Approval, Plan

__all__ = ["browser", "served", "visit"]
pytestmark = pytest.mark.browser
SHOTS = os.environ.get("FAIRDUE_SHOTS")
WORDS = {
    "en": {"afford": "What can be afforded", "keep": "Keep and work out", "propose": "Propose", "agree": "The borrower agrees",
           "grant": "Grant", "performing": "Performing", "call": "Call"},
    "zh-hans": {"afford": "负担能力与方案", "keep": "保存并测算", "propose": "提出方案", "agree": "借款人同意",
                "grant": "批准", "performing": "履行中", "call": "电话"},
}  # fmt: skip


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


@pytest.mark.parametrize("language", list(WORDS))
def test_from_the_first_word_to_a_performing_plan(visit: Visit, language: str, tmp_path: Path) -> None:
    words, case = WORDS[language], planning.plannable()
    page = visit(cast.COLLECTOR, language)
    page.goto(f"{visit.address}/cases/{case.pk}/")
    page.get_by_role("link", name=words["afford"]).click()
    say(visit, page, words)
    shot(page, f"plans-{language}")
    row = page.locator("table.offers tr").filter(has=page.locator(".chip.attention")).first
    row.locator("input[type=radio]").check()
    page.get_by_role("button", name=words["propose"]).first.click()
    expect(page.get_by_role("button", name=words["agree"])).to_be_disabled()
    shot(page, f"plan-awaiting-{language}")
    approve(visit, Plan.objects.latest("pk"), language)
    agree(page, words)
    shot(page, f"plan-{language}")
    figures_agree(visit, page, Plan.objects.latest("pk"), tmp_path)


def say(visit: Visit, page: Page, words: dict[str, str]) -> None:
    """The form remembers what was said; a figure that cannot be read is said, and what was typed is kept."""
    expect(page.locator("[name=income_WAGE]")).to_have_value("9,000.00")
    fill(page, income_WAGE="8,000.00", out_FOOD="abc")
    page.get_by_role("button", name=words["keep"]).click()
    expect(page.locator(".field-error")).to_be_visible()
    expect(page.locator("[name=income_WAGE]")).to_have_value("8,000.00")
    assert all("422" in said for said in visit.complaints), "the browser reports the refused form, and nothing else"
    visit.complaints.clear()
    fill(page, out_FOOD="1,400.00")
    page.get_by_role("button", name=words["keep"]).click()


def approve(visit: Visit, plan: Plan, language: str) -> None:
    """The second person grants it."""
    page = visit(cast.LEAD if "LEAD" in plan.approvers else cast.FINANCE, language)
    page.goto(f"{visit.address}/approvals/")
    shot(page, f"approvals-{language}")
    page.get_by_role("button", name=WORDS[language]["grant"], exact=True).click()
    expect(page.locator(".message.success")).to_be_visible()
    assert Approval.objects.get().state == "GRANTED"


def agree(page: Page, words: dict[str, str]) -> None:
    """The borrower's consent is recorded, and the plan performs."""
    page.reload()
    page.select_option("[name=how]", "0")
    page.fill("[name=words]", "同意，录音 0421")
    page.get_by_role("button", name=words["agree"]).click()
    expect(page.locator("h1 .chip")).to_have_text(words["performing"])
    expect(page.locator(".pairs")).to_contain_text("录音 0421")


def figures_agree(visit: Visit, page: Page, plan: Plan, folder: Path) -> None:
    """Page, ledger and both agreements show the same money, to the cent."""
    assert (plan.state, plan.account.plan_status) == (PlanState.PERFORMING, PlanStatus.PERFORMING)
    total = format_minor(plan.total, 2)
    expect(page.locator("tfoot")).to_contain_text(total)
    owed_now = int(ledger.balances(plan.account, plan.accepted_on or plan.proposed_on).sum())
    assert owed_now == (sum(plan.balances) if plan.at_end else plan.total - plan.interest)
    for lang in ("zh", "en"):
        text = pdf_text(visit, page, plan, lang, folder)
        assert total in text
        assert all(format_minor(p.amount, 2) in text and p.due_on.isoformat() in text for p in plan.payments.all())


def test_lost_job_plan_missed_replanned_settled(visit: Visit) -> None:
    """A life told by dates, each step taken on the page, the nights and the bank between them."""
    case, account = planning.late_loan()
    page = visit(case.owner.username if case.owner else "", "zh-hans")
    choose(visit, page, case, "defer/3", hardship=Hardship.JOB_LOSS, income="")
    deferred = Plan.objects.latest("pk")
    expect(page.locator("h1 .chip")).to_have_text("履行中")
    assert deferred.review_on is not None
    night_of(deferred.review_on)
    page.reload()
    expect(page.locator("h1 .chip")).to_have_text("已完成")

    choose(visit, page, case, "plan/24", hardship=Hardship.JOB_LOSS, income="12,000.00")
    plan = Plan.objects.latest("pk")
    first = plan.payments.get(number=1)
    night_of(first.due_on + timedelta(days=4))
    page.reload()
    expect(page.locator("h1 .chip")).to_have_text("有逾期未付")
    expect(page.locator("tbody .chip.stop").first).to_contain_text("未付")
    shot(page, "life-missed")

    choose(visit, page, case, "plan/36", hardship=Hardship.JOB_LOSS, income="9,000.00", reason="工时减少")
    plan.refresh_from_db()
    assert plan.state == PlanState.SUPERSEDED
    owed = int(ledger.balances(account, today()).sum())
    choose(visit, page, case, "settle/1", hardship=Hardship.JOB_LOSS, income="9,000.00", lump=format_minor(owed, 2),
           reason="家人资助")  # fmt: skip
    settled = Plan.objects.latest("pk")
    ledger.record_payment("bank", account, settled.total, today(), "settlement")
    page.reload()
    expect(page.locator("h1 .chip")).to_have_text("已完成")
    shot(page, "life-settled")
    assert int(ledger.balances(account, today()).sum()) == 0
    page.goto(f"{visit.address}/cases/{case.pk}/statement/")
    expect(page.locator("main")).to_contain_text(format_minor(settled.total, 2))
    assert audit.verify() is None


def night_of(day: date) -> None:
    """The night before a day, and ten in the morning of it."""
    night.run_night(lenders.find("bank"), day)
    clock.set_demo(cast.at(10, day))


def today() -> date:
    return clock.business_date(clock.now_minute(), cast.ZONE)


def pdf_text(visit: Visit, page: Page, plan: Plan, lang: str, folder: Path) -> str:
    """What can be read out of the agreement, downloaded with the page's own login."""
    answer = page.request.get(f"{visit.address}/plans/{plan.pk}/agreement/{lang}/")
    assert answer.headers["content-type"] == "application/pdf"
    file = folder / f"{lang}.pdf"
    file.write_bytes(answer.body())
    if SHOTS:
        subprocess.run(["pdftoppm", "-r", "60", "-png", str(file), f"{SHOTS}/agreement-{lang}"], check=True)
    return subprocess.run(["pdftotext", "-layout", str(file), "-"], check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize(("size", "scheme"), [("phone", "light"), ("phone", "dark"), ("desk", "dark")])
def test_the_pages_fit_and_nothing_spills(visit: Visit, size: str, scheme: str) -> None:
    plan = planning.proposed()
    page = visit(cast.COLLECTOR, "zh-hans", size, scheme)
    for path in (f"/cases/{plan.case_id}/plans/", f"/plans/{plan.pk}/"):
        page.goto(f"{visit.address}{path}")
        shot(page, f"{size}-{scheme}{path.replace('/', '-')}")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, path
