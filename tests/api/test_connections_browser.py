"""The page of connections in a real browser: a key is made, used and revoked; a dead letter is seen, sent again, and taken."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

import cast
from browsing import Visit, browser, serving
from fairdue.jobs import webhooks as job
from fairdue.store.actions import plans
from fairdue.store.models import WebhookMessage
from receiving import Post
from worlds import Worlds

__all__ = ["browser"]
pytestmark = pytest.mark.browser


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    """Somebody else's server, which says once that it wants nothing more."""
    with Post([410]).open(monkeypatch) as made:
        yield made


def test_a_key_and_a_dead_letter_from_beginning_to_end(browser: Browser, worlds: Worlds, post: Post) -> None:
    with serving(worlds) as address:
        visit = Visit(browser, address)
        operator, officer = visit(cast.OPERATOR), visit(cast.OFFICER)
        _key(operator, officer, address)
        _dead_letter(operator, address, post)
        visit.close()


def _key(operator: Page, officer: Page, address: str) -> None:
    operator.goto(f"{address}/connections/")
    operator.get_by_text("Make a key").click()
    operator.fill("[name=name]", "crm-sync")
    operator.fill("[name=until]", "2026-12-31")
    operator.fill("[name=works_as]", cast.COLLECTOR)
    operator.check("input[name=scopes][value='cases:read']")
    operator.get_by_role("button", name="Make the key").click()
    key = operator.locator("code.secret").inner_text()
    assert _cases(address, key) == 401  # nobody has approved it
    officer.goto(f"{address}/approvals/")
    officer.locator("form.approval", has_text="crm-sync").locator("button[name=do][value=grant]").first.click()
    operator.goto(f"{address}/connections/")
    expect(operator.get_by_role("row", name="crm-sync")).to_contain_text("Opens")
    assert key not in operator.content()
    assert _cases(address, key) == 200
    operator.reload()
    expect(operator.get_by_role("row", name="crm-sync")).not_to_contain_text("never")
    operator.get_by_role("row", name="crm-sync").get_by_role("button", name="Revoke").click()
    expect(operator.get_by_role("row", name="crm-sync")).to_contain_text("Revoked")
    assert _cases(address, key) == 401


def _cases(address: str, key: str) -> int:
    return httpx.get(f"{address}/api/v1/cases", headers={"Authorization": f"Bearer {key}"}).status_code


def _dead_letter(operator: Page, address: str, post: Post) -> None:
    operator.goto(f"{address}/connections/")
    operator.get_by_text("Add an endpoint").click()
    operator.fill("[name=url]", post.url)
    operator.check("input[name=types][value='means.said']")
    operator.get_by_role("button", name="Add the endpoint").click()
    expect(operator.locator("code.secret")).to_contain_text("whsec_")
    plans.say_means(cast.user(cast.COLLECTOR), cast.case_of(cast.COLLECTOR).pk, plans.Said(adults=2))
    job.deliver()
    operator.goto(f"{address}/connections/")
    dead = operator.get_by_role("row", name="Given up").last
    expect(dead).to_contain_text(f"evt_{WebhookMessage.objects.get().event}")
    expect(dead).to_contain_text("410")
    dead.get_by_role("button", name="Send again").click()
    job.deliver()
    operator.goto(f"{address}/connections/")
    expect(operator.get_by_role("heading", name="Not delivered")).to_have_count(0)
    assert len(post.got) == 2
    assert len({headers["webhook-id"] for headers, _ in post.got}) == 1
