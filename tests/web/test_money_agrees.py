"""Money agrees to the cent: case, plan page, agreement, ledger, statement and API through three kinds of plan."""

from __future__ import annotations

import re
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

import asking
import cast
import planning
from browsing import Visit, browser, served, visit
from choosing import choose
from fairdue.core.money import format_minor, parse_minor
from fairdue.core.plan_terms import Hardship, OfferKind
from fairdue.store import clock
from fairdue.store.actions import ledger
from fairdue.store.models import Account, Case, Plan

__all__ = ["browser", "served", "visit"]
pytestmark = pytest.mark.browser
WAYS = {
    "en": {"plan/12": OfferKind.INSTALMENTS, "settle/1": OfferKind.SETTLEMENT},
    "zh-hans": {"relief/12": OfferKind.RELIEF},
}


def minor(text: str) -> int:
    """The figure in a text of the page."""
    found = re.search(r"\d[\d,]*\.\d\d", text)
    assert found, text
    return parse_minor(found.group(), 2)


def figures(page: Page, selector: str) -> list[int]:
    return [minor(text) for text in page.locator(selector).all_inner_texts()]


def today() -> date:
    return clock.business_date(clock.now_minute(), cast.ZONE)


def agreement(visit: Visit, page: Page, plan: Plan, lang: str, folder: Path) -> str:
    """What can be read in the agreement."""
    file = folder / f"{plan.pk}-{lang}.pdf"
    file.write_bytes(page.request.get(f"{visit.address}/plans/{plan.pk}/agreement/{lang}/").body())
    return subprocess.run(["pdftotext", "-layout", str(file), "-"], check=True, capture_output=True, text=True).stdout


def owed_agrees(visit: Visit, page: Page, case: Case, account: Account, program: asking.Program) -> int:
    """What is owed today: ledger, case, statement and API say the same."""
    owed = int(ledger.balances(account, today()).sum())
    page.goto(f"{visit.address}/cases/{case.pk}/")
    assert figures(page, ".who .owed strong") == [owed]
    page.goto(f"{visit.address}/cases/{case.pk}/statement/")
    assert format_minor(owed, 2) in page.locator("main").inner_text()
    said = program.get(f"/accounts/{account.pk}/statement")
    assert said["total"]["minor"] == owed == sum(line["amount"]["minor"] for line in said["lines"])
    return owed


def plan_agrees(visit: Visit, page: Page, plan: Plan, program: asking.Program, folder: Path) -> None:
    """Every payment, the total and what is let off: plan page, both agreements and API say the same as the plan."""
    rows = [(p.due_on.isoformat(), p.amount) for p in plan.payments.order_by("number")]
    said: dict[str, Any] = program.get(f"/plans/{plan.pk}")
    assert [(p["on"], p["amount"]) for p in said["payments"]] == rows
    assert said["total"]["minor"] == plan.total == sum(amount for _, amount in rows)
    waived = sum(part["amount"]["minor"] for part in said["waived"])
    page.goto(f"{visit.address}/plans/{plan.pk}/")
    assert figures(page, ".tiles .tile:nth-child(2) dd") == [waived]
    assert figures(page, ".tiles .tile:nth-child(3) dd") == [plan.total]
    if rows:
        assert figures(page, "tbody tr td:nth-child(3)") == [amount for _, amount in rows]
    for lang in ("zh", "en"):
        text = agreement(visit, page, plan, lang, folder)
        for day, amount in rows:
            assert day in text
            assert format_minor(amount, 2) in text
        for figure in {plan.total, waived} - {0}:
            assert format_minor(figure, 2) in text, (lang, figure)


@pytest.mark.parametrize("language", list(WAYS))
def test_one_amount_everywhere_through_deferral_relief_payment_and_settlement(
    visit: Visit, language: str, tmp_path: Path
) -> None:
    case, account = planning.late_loan()
    assert case.owner is not None
    program = asking.program(cast.FINANCE)
    shown = visit(case.owner.username, language)
    hands = visit(case.owner.username, "zh-hans")
    owed = owed_agrees(visit, shown, case, account, program)
    choose(visit, hands, case, "defer/3", hardship=Hardship.JOB_LOSS, income="")
    plan_agrees(visit, shown, Plan.objects.latest("pk"), program, tmp_path)
    assert owed_agrees(visit, shown, case, account, program) == owed
    for option, kind in WAYS[language].items():
        lump = format_minor(int(ledger.balances(account, today()).sum()), 2)
        choose(visit, hands, case, option, hardship=Hardship.JOB_LOSS, income="12,000.00", lump=lump, reason="再算")
        plan = Plan.objects.latest("pk")
        assert plan.kind == kind
        plan_agrees(visit, shown, plan, program, tmp_path)
        before = owed_agrees(visit, shown, case, account, program)
        if option == "plan/12":
            continue  # it is replaced before anything is paid
        first = plan.payments.order_by("number")[0].amount
        ledger.record_payment("bank", account, first, today(), f"paid {option}")
        after = owed_agrees(visit, shown, case, account, program)
        assert after == (0 if kind == OfferKind.SETTLEMENT else before - first)
        assert program.get(f"/plans/{plan.pk}")["paid"]["minor"] == first
