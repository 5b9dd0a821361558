"""A plan chosen on the page, in Chinese, from the means to the recorded consent."""

from __future__ import annotations

from playwright.sync_api import Page, expect

import cast
from browsing import Visit
from fairdue.core.plan_terms import Hardship
from fairdue.store.actions import approvals
from fairdue.store.models import Approval, Case, Plan


def fill(page: Page, **typed: str) -> None:
    for name, value in typed.items():
        page.fill(f"[name={name}]", value)


def choose(
    visit: Visit,
    page: Page,
    case: Case,
    option: str,
    *,
    hardship: Hardship,
    income: str,
    lump: str = "",
    reason: str = "",
) -> None:
    """Say the means, choose the option, have it approved where it must be, and record the consent."""
    page.goto(f"{visit.address}/cases/{case.pk}/plans/")
    page.select_option("[name=hardship]", str(int(hardship)))
    fill(page, income_WAGE=income, out_HOUSING="1,000.00", out_FOOD="1,000.00", lump=lump)
    page.get_by_role("button", name="保存并测算").click()
    page.locator(f"input[value='{option}']").check()
    page.locator(".propose [name=reason]").fill(reason or "按其陈述")
    page.locator(".propose button").click()
    plan = Plan.objects.latest("pk")
    if plan.approvers:
        roles = cast.LEAD if "LEAD" in plan.approvers else cast.FINANCE
        approvals.decide(cast.user(roles), Approval.objects.latest("pk").pk, grant=True)
        page.reload()
    page.select_option("[name=how]", "0")
    page.fill("[name=words]", "同意")
    page.get_by_role("button", name="借款人同意").click()
    expect(page.locator("h1 .chip")).to_have_text("履行中")
