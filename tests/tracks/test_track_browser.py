"""Off the normal work in a real browser: a dispute from the call to its end, a complaint with its letter, a death."""

from __future__ import annotations

import os
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

import books
import cast
import track_lives
from browsing import Visit, browser, served, visit
from fairdue.core.tracks import TrackState
from fairdue.store.models import Case, Complaint, Task, Track

__all__ = ["browser", "served", "visit"]
pytestmark = pytest.mark.browser
SHOTS = os.environ.get("FAIRDUE_SHOTS")
LOOKS = [("en", "desk", "light"), ("zh-hans", "desk", "dark"), ("zh-hans", "phone", "light"), ("en", "phone", "dark")]


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name


def add(page: Page, kind: str, words: str) -> None:
    """Add evidence in words."""
    form = page.locator("form.step-form")
    form.locator("[name=code]").select_option(label=kind)
    form.locator("[name=reason]").fill(words)
    form.locator("button").click()
    expect(page.locator("table").first).to_contain_text(words)


def choice(page: Page, label: str) -> Locator:
    """One of the decisions."""
    return page.locator("section[aria-labelledby=decide]").get_by_role("radio", name=label)


def decide(page: Page, label: str, reason: str) -> None:
    """Choose a decision that is possible."""
    choice(page, label).check()
    form = page.locator("section[aria-labelledby=decide] form")
    form.locator("[name=reason]").fill(reason)
    form.get_by_role("button").click()


def test_a_dispute_stops_on_the_page_and_comes_back_when_it_is_answered(visit: Visit) -> None:
    case = track_lives.case()
    collector = visit(cast.COLLECTOR)
    collector.goto(f"{visit.address}/cases/{case.pk}/")
    expect(collector.locator(".possible button").first).to_be_enabled()
    collector.get_by_text("Take it off the normal work").click()
    form = collector.locator("form[action$='/tracks/']")
    form.locator("[name=kind]").select_option("DISPUTE")
    form.locator("[name=said]").fill("The interest was counted twice in August")
    form.get_by_role("button", name="Open").click()
    expect(collector.get_by_role("heading", level=1)).to_have_text("Dispute of the debt")
    shot(collector, "track-collector")
    collector.goto(f"{visit.address}/cases/{case.pk}/")
    expect(collector.locator(".possible button").first).to_be_disabled()
    expect(collector.locator(".possible")).to_contain_text("Waiting does not change this.")
    shot(collector, "case-with-track")
    assert not track_lives.listed(case)

    track = Track.objects.get()
    lead = visit(cast.LEAD)
    lead.goto(f"{visit.address}/tasks/")
    expect(lead.locator("table").first).to_contain_text("Look into the dispute and decide")
    shot(lead, "tasks")
    lead.goto(f"{visit.address}/tracks/{track.pk}/")
    expect(choice(lead, "Not upheld")).to_be_disabled()
    add(lead, "Loan contract or card agreement", "contract of March 2024")
    add(lead, "Ledger and how the balance came about", "no line is double")
    lead.get_by_text("Write the answer").click()
    answer = lead.locator("section[aria-labelledby=answer] form")
    answer.locator("[name=code]").select_option("REJECTED")
    answer.locator("[name=language]").select_option("en")
    answer.locator("[name=reason]").fill("August has one line of interest, 61.90, under clause 3.")
    answer.get_by_role("button", name="Set the letter").click()
    expect(lead.locator("a", has_text=".pdf")).to_be_visible()
    decide(lead, "Not upheld", "one line of interest in August")
    expect(lead.locator(".page-head .chip").first).to_have_text("Ended: normal work resumes")
    shot(lead, "track-ended")
    assert track_lives.listed(case)
    collector.goto(f"{visit.address}/cases/{case.pk}/")
    expect(collector.locator(".possible button").first).to_be_enabled()


def answer_complaint(officer: Page) -> None:
    """Sort it, set the letter, decide."""
    officer.reload()
    sorting = officer.locator("section[aria-labelledby=sorting] form")
    sorting.locator("[name=category]").select_option("TIME")
    sorting.locator("[name=root_cause]").select_option("SYSTEM")
    sorting.locator("[name=findings]").fill("来电时间为22:07")
    sorting.locator("[name=learned]").fill("外呼系统21:30停止")
    sorting.get_by_role("button", name="保存").click()
    officer.get_by_text("拟写答复").click()
    answer = officer.locator("section[aria-labelledby=answer] form")
    answer.locator("[name=code]").select_option("UPHELD")
    answer.locator("[name=redress]").fill("向您致歉，并已停止该时段外呼。")
    answer.get_by_role("button", name="生成答复函").click()
    expect(officer.locator("a", has_text=".pdf")).to_be_visible()
    shot(officer, "complaint")
    decide(officer, "投诉成立", "录音属实")
    expect(officer.locator(".page-head .chip").first).to_have_text("已结束，恢复正常作业")


def test_a_complaint_is_sorted_extended_answered_and_packed(visit: Visit, tmp_path: Path) -> None:
    case = track_lives.case()
    track = track_lives.call(case, "RPC_COMPLAINT", note="晚上十点多还打电话")
    track_lives.at(books.AS_OF + timedelta(days=13))
    officer = visit(cast.OFFICER, "zh-hans")
    officer.goto(f"{visit.address}/clocks/")
    expect(officer.locator("tbody tr").first).to_contain_text("临近到期")
    shot(officer, "clocks")
    officer.locator("tbody a.main").first.click()
    extend = officer.locator("section[aria-labelledby=extend]")
    extend.locator("[name=reason]").fill("委外机构尚未提供录音")
    extend.get_by_role("button").click()
    expect(extend).to_contain_text("等待其他有权人员审批")

    lead = visit(cast.LEAD)
    lead.goto(f"{visit.address}/tracks/{track.pk}/")
    lead.locator("section[aria-labelledby=extend] [name=reason]").fill("it is complex, agreed")
    lead.get_by_role("button", name="Approve").click()
    expect(lead.locator("aside dl.pairs")).to_contain_text((books.AS_OF + timedelta(days=30)).isoformat())

    answer_complaint(officer)
    with officer.expect_download() as got:
        officer.get_by_role("button", name="证据包").click()
    path = tmp_path / "pack.zip"
    got.value.save_as(path)
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert any(name.endswith(".pdf") for name in archive.namelist())
    assert Complaint.objects.get().answer_sha256
    assert Case.objects.get(pk=case.pk).action == 0


def test_a_death_is_decided_by_compliance_and_the_case_stays_quiet(visit: Visit) -> None:
    case = track_lives.case()
    track = track_lives.call(case, "DECEASED", note="the son answered")
    officer = visit(cast.OFFICER)
    officer.goto(f"{visit.address}/tracks/{track.pk}/")
    for kind in ("Certificate of death", "Who the heirs are"):
        add(officer, kind, f"{kind.lower()}, copy")
    expect(choice(officer, "Claim against the estate, up to its value")).to_be_disabled()
    decide(officer, "No estate, or all heirs renounce", "the notary says so")
    expect(officer.locator(".page-head .chip").first).to_have_text("Ended: diverted from normal work")
    shot(officer, "death")
    assert Track.objects.get().state == TrackState.DIVERTED
    left = Task.objects.filter(about_id=track.pk, state="OPEN")
    assert [task.kind for task in left] == ["TELL"], "the lead still has to take note"
    collector = visit(cast.COLLECTOR)
    collector.goto(f"{visit.address}/cases/{case.pk}/")
    expect(collector.locator(".possible button").first).to_be_disabled()


@pytest.mark.parametrize(("language", "size", "scheme"), LOOKS)
def test_the_pages_fit_every_screen(visit: Visit, language: str, size: str, scheme: str) -> None:
    track = track_lives.call(track_lives.case(), "RPC_COMPLAINT", note="晚上十点多还打电话，要求书面道歉并说明号码来源")
    page = visit(cast.OFFICER, language, size, scheme)
    for name, path in (("track", f"/tracks/{track.pk}/"), ("clocks", "/clocks/"), ("tasks", "/tasks/")):
        page.goto(f"{visit.address}{path}")
        shot(page, f"{name}-{language}-{size}-{scheme}")
