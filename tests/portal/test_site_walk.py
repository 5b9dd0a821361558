"""A borrower's whole way on a phone: from the text message on the demo's phone to a certificate that a stranger checks."""

from __future__ import annotations

import io
import re
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pypdf import PdfReader

import cast
from books import AS_OF
from browsing import SIZES, browser, free_port, wait_for
from fairdue.store.actions import ledger
from fairdue.store.models import Account, Case, Certificate, Message
from visiting import facts, known
from worlds import World, Worlds, opened

__all__ = ["browser"]
pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Both:
    """The desk and the customers' site over one database."""

    world: World
    desk: str
    site: str


@pytest.fixture
def both(worlds: Worlds, monkeypatch: pytest.MonkeyPatch) -> Iterator[Both]:
    """Both sites are served; a link in a message leads to the second."""
    ports = free_port(), free_port()
    addresses = [f"http://127.0.0.1:{port}" for port in ports]
    monkeypatch.setenv("FAIRDUE_SITE_ADDRESS", addresses[1])
    with opened(worlds, "sqlite", cast.engage) as world:
        running = [
            world.start("fairdue.cli", "serve", "--site", name, "--port", str(port))
            for name, port in zip(("desk", "portal"), ports, strict=True)
        ]
        try:
            for port in ports:
                wait_for(port)
            yield Both(world, *addresses)
        finally:
            errors = [_stop(process) for process in running]
        assert not [said for said in errors if "Traceback" in said]


def _stop(process: subprocess.Popen[str]) -> str:
    process.send_signal(signal.SIGINT)
    return process.communicate(timeout=20)[1]


LANGUAGES = {
    "zh-hans": {"invite": "邀请", "account": "看明细", "pay": "确认支付", "open": "去付款", "go": "继续", "booked": "已经入账",
                "nothing": "您没有欠款", "paper": "下载证明", "title": "客户服务"},
    "en": {"invite": "Invite", "account": "See each line", "pay": "Pay", "open": "Go and pay", "go": "Go on", "booked": "booked",
           "nothing": "You owe nothing", "paper": "Take the paper", "title": "Customer service"},
}  # fmt: skip


@pytest.mark.parametrize("language", ["zh-hans", pytest.param("en", marks=pytest.mark.slow)])
def test_from_the_text_message_to_a_certificate_that_a_stranger_checks(
    browser: Browser, both: Both, language: str
) -> None:
    words, case = LANGUAGES[language], cast.case_of(cast.COLLECTOR)
    known(case)
    desk = _at_the_desk(browser, both, language, "desk")
    _invite(desk, both, case, words)
    phone = _at_the_desk(browser, both, language, "phone")
    _tap(phone, both)
    _show_who(phone, case)
    expect(phone).to_have_title(words["title"])
    _read_what_is_owed(phone, case, words)
    for account in case.customer.accounts.order_by("account_no"):
        _pay(phone, both, account, words)
    phone.goto(both.site)
    expect(phone.get_by_text(words["nothing"])).to_be_visible()
    _quiet(desk, both, case)
    paper = _download(phone, both, words)
    _checked_by_a_stranger(browser, both, paper)


def _at_the_desk(browser: Browser, both: Both, language: str, size: str) -> Page:
    """Somebody with a browser of their own, logged in at the desk: in the demo its phone lies there."""
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, accept_downloads=True)
    for name in ("django_language", "fd_site_language"):
        context.add_cookies([{"name": name, "value": language, "url": both.desk}])
    page = context.new_page()
    page.goto(f"{both.desk}/login/")
    page.fill("[name=username]", cast.COLLECTOR)
    page.fill("[name=password]", cast.PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/login/" not in url)
    return page


def _invite(desk: Page, both: Both, case: Case, words: dict[str, str]) -> None:
    assert _listed(desk, both, case)
    desk.goto(f"{both.desk}/cases/{case.pk}/")
    form = desk.locator(f"form[action='/cases/{case.pk}/invite/']")
    form.evaluate("form => { const more = form.closest('details'); if (more) more.open = true; }")
    form.locator("select[name=point]").select_option(index=1)
    form.get_by_role("button", name=words["invite"]).click()
    expect(desk.locator(".notice.good")).to_be_visible()


def _tap(phone: Page, both: Both) -> None:
    """The worker carries the message to the phone; the link in it is tapped."""
    phone.goto(f"{both.desk}/demo/phone/")
    phone.locator("main button.primary[name=do]").click()
    link = phone.locator(f"a[href^='{both.site}/i/']")
    for _ in range(60):
        if link.count():
            break
        phone.wait_for_timeout(500)
        phone.reload()
    said = phone.locator("tr", has=link).inner_text()
    assert not re.search("欠|逾期|贷款|催|还款|debt|overdue|loan", said)
    assert Message.objects.get().state in Message.GONE
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    link.click()
    phone.wait_for_url(f"{both.site}/")


def _show_who(phone: Page, case: Case) -> None:
    said = facts(case)
    phone.fill("[name=id_tail]", said["id_tail"])
    phone.fill("[name=phone_tail]", said["phone_tail"])
    phone.locator("form[action='/check/'] button").click()


def _owed(account: Account) -> int:
    return int(ledger.balances(account, AS_OF).sum())


def _money(minor: int) -> str:
    return f"{minor // 100:,}.{minor % 100:02}"


def _read_what_is_owed(phone: Page, case: Case, words: dict[str, str]) -> None:
    total = _money(sum(_owed(account) for account in case.customer.accounts.all()))
    expect(phone.locator(".figure")).to_contain_text(total)
    phone.get_by_role("link", name=words["account"]).click()
    expect(phone.locator("main")).to_contain_text(total)


def _pay(phone: Page, both: Both, account: Account, words: dict[str, str]) -> None:
    owed = _owed(account)
    if owed <= 0:
        return
    phone.goto(f"{both.site}/transfer/")
    phone.locator(f"input[name=account][value='{account.pk}']").check()
    phone.fill("[name=amount]", f"{owed // 100}.{owed % 100:02}")
    phone.get_by_role("button", name=words["go"]).click()
    phone.get_by_role("link", name=words["open"]).click()
    phone.get_by_role("button", name=words["pay"], exact=True).click()
    expect(phone.get_by_role("status")).to_contain_text(words["booked"])
    assert _owed(account) == 0


def _listed(desk: Page, both: Both, case: Case) -> bool:
    desk.goto(f"{both.desk}/list/")
    return f"/cases/{case.pk}/" in desk.locator("main").inner_html()


def _quiet(desk: Page, both: Both, case: Case) -> None:
    """The case is off the list, closed, and no message waits."""
    assert not _listed(desk, both, case)
    case.refresh_from_db()
    assert (case.close_reason, case.balance) == ("SETTLED", 0)
    assert not Message.objects.filter(person=case.customer, state="QUEUED").exists()


def _download(phone: Page, both: Both, words: dict[str, str]) -> bytes:
    phone.locator("a[href='/paper/']").click()
    with phone.expect_download() as coming:
        phone.get_by_role("link", name=words["paper"]).first.click()
    assert re.fullmatch(r"paper-\d+-(zh|en)\.pdf", coming.value.suggested_filename)
    assert phone.url == f"{both.site}/paper/"
    return Path(coming.value.path()).read_bytes()


def _checked_by_a_stranger(browser: Browser, both: Both, paper: bytes) -> None:
    """The code and the address that are printed lead anybody to the answer."""
    text = "".join(PdfReader(io.BytesIO(paper)).pages[0].extract_text().split())
    code = next(one.code for one in Certificate.objects.all() if one.code in text)
    assert f"{both.site}/paper/check/{code}/" in text
    stranger: BrowserContext = browser.new_context()
    page = stranger.new_page()
    page.goto(f"{both.site}/paper/check/{code}/")
    real = re.compile("真实有效|It is real")
    expect(page.get_by_role("status")).to_contain_text(real)
    page.goto(f"{both.site}/paper/check/")
    page.fill("[name=code]", code[:-1])
    page.locator("main button").click()
    expect(page.get_by_role("status")).not_to_contain_text(real)
    stranger.close()
