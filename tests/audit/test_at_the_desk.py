"""A compliance officer turns an agency's log into a report in the browser, and nobody else can."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.urls import reverse

import cast
from contact_logs import write_log
from fairdue.core.codes import Role
from fairdue.jobs import contact_audits
from fairdue.store.actions import audits as acts
from fairdue.store.models import AuditRow, ContactAudit, Organisation, User
from fairdue.web.desk import background
from fairdue.web.ui.background import _children
from person import Person
from worlds import World

LOG = """客户编号,被叫号码,开始时间,坐席工号,催收机构,通话状态
K1,13800000000,2026-03-01 22:30:00,C1,甲,接通
K1,13800000000,2026-03-01 10:30:00,C1,甲,接通
"""
ORDER: dict[str, str | int] = {
    "mapping": "dialler-cn",
    "clock": "Asia/Shanghai",
    "zone": "Asia/Shanghai",
    "calls": "yes",
}


def uploaded(officer: Person, text: str = LOG, name: str = "三月 日志.csv") -> ContactAudit:
    officer.client.post(reverse("audit-upload"), {"log": SimpleUploadedFile(name, text.encode())})
    return ContactAudit.objects.get()


def started(officer: Person, row: ContactAudit, monkeypatch: pytest.MonkeyPatch, **said: str) -> str:
    """Ask for the audit and let the work be done here instead of in a process of its own."""
    monkeypatch.setattr(
        "fairdue.web.desk.views.audits.start_audit", lambda row, lang: contact_audits.work(row.pk, lang)
    )
    return officer.post(reverse("audit-start", args=[row.pk]), **ORDER | said)


def test_an_officer_turns_a_log_into_a_report_in_both_languages(desk: World, monkeypatch: pytest.MonkeyPatch) -> None:
    officer = Person(cast.OFFICER)
    row = uploaded(officer)
    page = officer.get(reverse("audit", args=[row.pk]))
    assert "Export of a Chinese dialler" in page  # the mapping was guessed from the columns
    assert "13800000000" in page
    assert "Number or address" in page
    page = started(officer, row, monkeypatch, title="三月抽查")
    row.refresh_from_db()
    assert (row.state, row.result["breaches"], row.title) == ("DONE", 2, "三月抽查")
    assert "1 broke at least one rule" in page
    for lang, seen in (("zh", "免打扰时段"), ("en", "quiet hours")):
        answer = officer.client.get(reverse("audit-file", args=[row.pk, f"report.{lang}.html"]))
        assert seen in b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
        answer.close()
        assert "script-src" not in answer.headers["Content-Security-Policy"]
        pdf = officer.client.get(reverse("audit-file", args=[row.pk, f"report.{lang}.pdf"]))
        assert b"".join(pdf.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
        pdf.close()
    verbs = list(AuditRow.objects.filter(subject="contact_audit").order_by("pk").values_list("verb", flat=True))
    assert verbs == ["log.upload", "log.audit", "log.running", "log.done"]


def test_taking_a_file_with_names_in_it_is_noted(desk: World, monkeypatch: pytest.MonkeyPatch) -> None:
    officer = Person(cast.OFFICER)
    row = uploaded(officer)
    started(officer, row, monkeypatch)
    answer = officer.client.get(reverse("audit-file", args=[row.pk, "breaches.csv"]))
    answer.close()
    assert "attachment" in answer.headers["Content-Disposition"]
    assert AuditRow.objects.filter(verb="log.fetch", actor=cast.OFFICER).count() == 1


def test_only_the_officers_of_the_lender_see_it(desk: World) -> None:
    row = uploaded(Person(cast.OFFICER))
    other = User.objects.create(
        username="foreign", role=Role.COMPLIANCE, organisation=Organisation.objects.get(code="other"), is_active=True
    )
    for who in (other.username, cast.COLLECTOR, cast.LEAD, cast.AGENCY):
        assert Person(who).status(reverse("audit", args=[row.pk])) == 404
        assert Person(who).status(reverse("audit-discard", args=[row.pk]), post=True) == 404
    assert row.log.is_file()


@pytest.mark.parametrize(("said", "seen"), [
    ({"clock": "Beijing"}, "This is not a time zone."), ({"calls": ""}, "Say whether these are collection calls"),
    ({"clock": ""}, "Say by which clock the log is written."),
])  # fmt: skip
def test_an_order_that_lacks_something_says_what(
    desk: World, monkeypatch: pytest.MonkeyPatch, said: dict[str, str], seen: str
) -> None:
    officer = Person(cast.OFFICER)
    row = uploaded(officer)
    assert seen in started(officer, row, monkeypatch, **said)
    row.refresh_from_db()
    assert row.state == "NEW"


@pytest.mark.parametrize(("text", "name", "seen"), [
    ("", "empty.csv", "is empty"), ("a,b\n1,2\n", "log.exe", "is not a kind of file"),
    ("客户编号,gps\n1,2\n", "log.csv", "location tracks"),
])  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_with_its_reason_and_not_kept(
    desk: World, text: str, name: str, seen: str
) -> None:
    officer = Person(cast.OFFICER)
    answer = officer.client.post(reverse("audit-upload"), {"log": SimpleUploadedFile(name, text.encode())}, follow=True)
    assert seen in answer.content.decode() or (not text and "Choose a file" in answer.content.decode())
    assert not ContactAudit.objects.exists()
    assert not [path for path in (desk.home / "audits").rglob("*") if path.is_file()]


def test_a_file_beyond_the_limit_is_refused_and_nothing_of_it_stays(desk: World) -> None:
    officer = Person(cast.OFFICER)
    with override_settings(UPLOAD_LIMIT=1000, UPLOAD_FOLDER=desk.home / "uploads"):
        big = SimpleUploadedFile("log.csv", LOG.encode() * 20)
        page = officer.client.post(reverse("audit-upload"), {"log": big}, follow=True).content.decode()
    assert "larger than this server takes" in page
    assert list((desk.home / "uploads").iterdir()) == []


def test_what_runs_can_be_stopped_and_goes_on_later(desk: World, monkeypatch: pytest.MonkeyPatch) -> None:
    officer = Person(cast.OFFICER)
    row = uploaded(officer)
    monkeypatch.setattr("fairdue.web.desk.views.audits.start_audit", lambda row, _: row.folder.mkdir(exist_ok=True))
    page = officer.post(reverse("audit-start", args=[row.pk]), **ORDER)
    assert "Stop" in page
    shown = officer.get(reverse("audit-progress", args=[row.pk]))
    assert "hx-get" in shown
    assert "Go on" in shown  # nobody works at it
    officer.post(reverse("audit-stop", args=[row.pk]))
    assert contact_audits.work(row.pk, "en").state == "STOPPED"
    officer.post(reverse("audit-resume", args=[row.pk]))
    assert contact_audits.work(row.pk, "en").state == "DONE"
    assert officer.client.get(reverse("audit-progress", args=[row.pk])).headers["HX-Refresh"] == "true"


def test_a_log_that_turns_out_to_be_unreadable_fails_with_its_reason(
    desk: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = Person(cast.OFFICER)
    row = uploaded(officer, "客户编号,开始时间\nK1,yesterday\n")
    page = started(officer, row, monkeypatch)
    assert "None of the 1 rows could be read" in page
    row.refresh_from_db()
    assert row.state == "FAILED"
    assert "无法读取" in row.fault["zh"]


def test_deleting_takes_the_files_and_leaves_the_figures(desk: World, monkeypatch: pytest.MonkeyPatch) -> None:
    officer = Person(cast.OFFICER)
    row = uploaded(officer)
    started(officer, row, monkeypatch)
    page = officer.post(reverse("audit-discard", args=[row.pk]))
    assert not row.folder.exists()
    assert "1 broke at least one rule" in page
    assert officer.status(reverse("audit-file", args=[row.pk, "report.en.html"])) == 404


def test_what_was_missing_can_be_assumed_in_the_next_round(desk: World, monkeypatch: pytest.MonkeyPatch) -> None:
    officer = Person(cast.OFFICER)
    row = uploaded(officer)
    page = started(officer, row, monkeypatch)
    assert 'name="fact-operator_certified"' in page
    started(officer, row, monkeypatch, **{"fact-operator_certified": "YES"})
    row.refresh_from_db()
    assert row.result["assumptions"]["facts"]["operator_certified"] == "YES"
    assert "CN-STAFF-01" not in {one["rule"] for one in row.result["not_judged"]}


@pytest.mark.slow
def test_the_work_is_done_in_a_process_of_its_own(desk: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in desk.environment.items():
        monkeypatch.setenv(name, value)
    officer = Person(cast.OFFICER)
    row = uploaded(
        officer, write_log(tmp_path / "l.csv", [{"debtor": "D", "at": "2026-03-01 22:30"}]).read_text("utf-8")
    )
    ordered = acts.Ordered("", "canonical-contacts", "cn", "", "Asia/Shanghai", "Asia/Shanghai", {})
    background.start_audit(acts.ask(officer.user, row.pk, ordered), "en")
    for _ in range(300):
        time.sleep(0.2)
        row.refresh_from_db()
        if row.state not in {"WAITING", "RUNNING"}:
            break
    assert _children[-1].wait(20) == 0
    assert row.state == "DONE", (row.folder / "log.txt").read_text("utf-8")
