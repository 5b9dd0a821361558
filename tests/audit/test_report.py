"""An audit from the command line: what it writes, what it says, and what it never does."""

from __future__ import annotations

import csv
import json
import subprocess
from importlib.resources import files
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner

from contact_logs import SHANGHAI, order, silent, write_log
from fairdue import intake
from fairdue.cli import main
from fairdue.core.errors import Fault
from fairdue.logaudit import run as running
from fairdue.logaudit.deliver import audit
from fairdue.logaudit.faults import NoAssumption, NotALog, NotAZone, NothingToJudge, NoValue, Stopped
from fairdue.logaudit.order import assumptions
from fairdue.logaudit.words import words

NIGHT = [
    {
        "contact_id": "=cmd|1",
        "debtor": "D1",
        "point": "p1",
        "at": "2026-03-01 22:30",
        "agency": "@甲",
        "collector": "+C1",
    },
    {"contact_id": "2", "debtor": "D1", "point": "p1", "at": "2026-03-01 21:59", "agency": "乙", "collector": "C2"},
]
CALLS = assumptions(["collection-calls"])


def sheet(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_log_without_any_case_data_becomes_reports_in_both_languages(tmp_path: Path) -> None:
    log = write_log(tmp_path / "log.csv", NIGHT)
    done = CliRunner().invoke(main, [
        "audit", "contacts", str(log), "--mapping", "canonical-contacts", "--zone", SHANGHAI, "--assume", "collection-calls",
        "--out", str(tmp_path / "out"), "--title", "三月抽查", "--json",
    ])  # fmt: skip
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert said == json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))
    assert {rule["rule"]: rule["breaches"] for rule in said["rules"]} == {"CN-TIME-01": 1, "CN-TIME-02": 1}
    assert said["standing"] == {"breach": 1, "open": 1, "clear": 0}
    assert [one["agency"] for one in said["agencies"]] == ["@甲", "乙"]
    for lang, seen in (("zh", "处于免打扰时段 22:00–08:00"), ("en", "within quiet hours 22:00–08:00")):
        page = (tmp_path / "out" / f"report.{lang}.html").read_text("utf-8")
        assert seen in page
        assert "三月抽查" in page
        assert "<script" not in page
        assert "D1" not in page  # who the debtor is stands in the file of breaches, not in the report
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "breaches.csv", "breaches.parquet", "duplicates.csv", "missing.csv", "report.en.html", "report.en.pdf",
        "report.zh.html", "report.zh.pdf", "summary.json",
    ]  # fmt: skip
    assert all(path.stat().st_mode & 0o077 == 0 for path in (tmp_path / "out").iterdir())  # personal data: its owner's


def test_a_breach_stands_with_its_rule_its_article_its_contact_and_its_facts(tmp_path: Path) -> None:
    audit(order(write_log(tmp_path / "log.csv", NIGHT), tmp_path / "out", zone=SHANGHAI, assume=CALLS), silent)
    [breach] = [row for row in sheet(tmp_path / "out" / "breaches.csv") if row["rule"] == "CN-TIME-01"]
    assert (breach["row"], breach["local_time"], breach["in_force_since"]) == ("2", "2026-03-01 22:30", "2025-02-28")
    assert "5.3" in breach["ground_zh"]
    assert breach["facts_en"] == "2026-03-01 22:30 at the person’s place, within quiet hours 22:00–08:00"
    assert pl.read_parquet(tmp_path / "out" / "breaches.parquet").height == 2


def test_a_cell_that_a_spreadsheet_would_run_is_text_in_the_sheet_and_itself_in_the_parquet(tmp_path: Path) -> None:
    audit(order(write_log(tmp_path / "log.csv", NIGHT), tmp_path / "out", zone=SHANGHAI, assume=CALLS), silent)
    [first, _] = sheet(tmp_path / "out" / "breaches.csv")
    assert (first["contact_id"], first["agency"], first["collector"]) == ("'=cmd|1", "'@甲", "'+C1")
    assert pl.read_parquet(tmp_path / "out" / "breaches.parquet")["contact_id"][0] == "=cmd|1"


def test_the_earlier_contacts_that_were_counted_are_named_by_their_rows(tmp_path: Path) -> None:
    rows = [
        {"contact_id": str(n), "debtor": "D1", "at": f"2026-03-01 10:0{n}", "mode": "NOTIFY", "answered": n != 1}
        for n in range(6)
    ]
    audit(order(write_log(tmp_path / "log.csv", rows), tmp_path / "out", zone=SHANGHAI, assume=CALLS), silent)
    found = {row["row"]: row for row in sheet(tmp_path / "out" / "breaches.csv") if row["rule"] == "CN-FREQ-01"}
    assert found.keys() == {"6", "7"}
    assert (found["6"]["counted"], found["6"]["counted_rows"]) == ("3", "2, 4, 5")
    assert found["7"]["facts_zh"] == "此前当日已有 4 次接通，上限 3 次：第 2, 4, 5, 6 行"


def test_the_rules_in_force_are_those_of_the_local_date_of_each_contact(tmp_path: Path) -> None:
    """The association's guidance binds from 2026-01-30; in Urumqi's zone it is still the 29th at 01:30 of Shanghai's 30th."""
    rows = [
        {"contact_id": "1", "debtor": "D1", "at": "2026-01-30 01:30", "zone": SHANGHAI},
        {"contact_id": "2", "debtor": "D2", "at": "2026-01-30 01:30", "zone": "Asia/Urumqi"},
        {"contact_id": "3", "debtor": "D3", "at": "2025-02-27 23:30", "zone": SHANGHAI},
    ]
    audit(order(write_log(tmp_path / "log.csv", rows), tmp_path / "out", assume=CALLS), silent)
    found = {(row["row"], row["rule"]) for row in sheet(tmp_path / "out" / "breaches.csv")}
    assert found == {("2", "CN-TIME-01"), ("2", "CN-TIME-02"), ("3", "CN-TIME-01")}


def test_what_is_not_known_is_listed_by_rule_and_fact_and_is_no_breach(tmp_path: Path) -> None:
    log = write_log(tmp_path / "log.csv", [{"debtor": "D1", "at": "2026-03-01 23:30"}])
    made = audit(order(log, tmp_path / "out"), silent)
    assert made["breaches"] == 0
    missing = {row["rule"]: row for row in sheet(tmp_path / "out" / "missing.csv")}
    assert missing["CN-TIME-01"]["missing"] == "direction purpose zone"
    assert missing["CN-TIME-01"]["missing_zh"] == "方向、联系目的、对方所在时区"
    assert missing["CN-PARTY-01"]["for_example_rows"] == "2"
    assert missing["CN-FREQ-01"]["contacts"] == "1"


def test_the_same_contact_twice_counts_once_and_is_named(tmp_path: Path) -> None:
    rows = [
        {"contact_id": "7", "debtor": "D1", "point": "p", "at": "2026-03-01 10:00", "mode": "NOTIFY", "answered": True}
    ] * 5
    made = audit(order(write_log(tmp_path / "log.csv", rows), tmp_path / "out", zone=SHANGHAI, assume=CALLS), silent)
    assert (made["rows"]["judged"], made["rows"]["twice"], made["breaches"]) == (1, 4, 0)
    assert [row["first_row"] for row in sheet(tmp_path / "out" / "duplicates.csv")] == ["2"] * 4


def test_rows_that_cannot_be_read_are_mended_and_audited_beside_the_log(tmp_path: Path) -> None:
    rows = [
        {"contact_id": "1", "debtor": "D1", "at": "2026-03-01 22:30"},
        {"contact_id": "=2", "debtor": "D1", "at": "yesterday"},
    ]
    log = write_log(tmp_path / "log.csv", rows)
    audit(order(log, tmp_path / "out", zone=SHANGHAI, assume=CALLS), silent)
    [rejected] = sheet(tmp_path / "out" / "rejects.csv")
    assert (rejected["contact_id"], rejected["at"], rejected["fairdue_row"]) == ("'=2", "yesterday", "3")
    mended = tmp_path / "mended.csv"
    mended.write_text(
        (tmp_path / "out" / "rejects.csv").read_text("utf-8-sig").replace("yesterday", "2026-03-01 23:10"), "utf-8"
    )
    made = audit(order(log, tmp_path / "again", files=(log, mended), zone=SHANGHAI, assume=CALLS), silent)
    assert made["rows"] == {"read": 3, "rejected": 1, "twice": 0, "masked": 0, "judged": 2}
    found = {(row["file"], row["row"], row["contact_id"]) for row in sheet(tmp_path / "again" / "breaches.csv")}
    assert found == {("1", "2", "1"), ("2", "2", "'=2")}


def test_masked_numbers_are_not_told_apart(tmp_path: Path) -> None:
    rows = [
        {"debtor": "D1", "point": "138****0000", "at": f"2026-03-01 10:{n:02}", "answered": False} for n in range(9)
    ]
    made = audit(order(write_log(tmp_path / "log.csv", rows), tmp_path / "out", zone=SHANGHAI, assume=CALLS), silent)
    assert made["rows"]["masked"] == 9
    assert "CN-FREQ-03" not in {rule["rule"] for rule in made["rules"]}
    assert "CN-FREQ-03" in {one["rule"] for one in made["not_judged"] if "point" in one["missing"].split()}


def test_an_audit_that_was_stopped_goes_on_where_it_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"contact_id": str(n), "debtor": f"D{n % 7}", "at": f"2026-03-0{n % 9 + 1} 22:30"} for n in range(50)]
    rows[33] |= {"at": "never"}
    log = write_log(tmp_path / "log.csv", rows)
    monkeypatch.setattr(running, "CHUNK", 5)
    monkeypatch.setattr(running, "PART_ROWS", 10)
    whole = audit(order(log, tmp_path / "whole", zone=SHANGHAI, assume=CALLS), silent)
    seen: list[int] = []
    parsed = intake.parse_chunk

    def counting(*args: Any) -> intake.Parsed:
        seen.append(1)
        return parsed(*args)

    monkeypatch.setattr(intake, "parse_chunk", counting)
    asked = iter(range(1000))
    with pytest.raises(Stopped):
        audit(order(log, tmp_path / "out", zone=SHANGHAI, assume=CALLS), silent, stop=lambda: next(asked) >= 7)
    assert sum(seen) == 7
    again = audit(order(log, tmp_path / "out", zone=SHANGHAI, assume=CALLS), silent)
    assert sum(seen) == 7 + 4  # ten chunks; six of the seven were in parts
    assert again == whole
    assert (tmp_path / "out" / "breaches.csv").read_bytes() == (tmp_path / "whole" / "breaches.csv").read_bytes()
    assert (tmp_path / "out" / "rejects.csv").read_bytes() == (tmp_path / "whole" / "rejects.csv").read_bytes()
    assert not (tmp_path / "out" / ".work").exists()


@pytest.mark.parametrize(("said", "fault"), [
    (["colour=RED"], NoAssumption), (["nothing.yaml"], NoAssumption), (["party=COUSIN"], NoValue), (["at=1"], NoAssumption),
])  # fmt: skip
def test_what_cannot_be_assumed_is_refused(said: list[str], fault: type[Fault]) -> None:
    with pytest.raises(fault) as raised:
        assumptions(said)
    assert raised.value.sentence("zh")


def test_assumptions_come_from_a_file_too_and_a_later_one_goes_first(tmp_path: Path) -> None:
    path = tmp_path / "agreed.yaml"
    path.write_text("party: guarantor\nliable: true\n", "utf-8")
    assert assumptions(["collection-calls", str(path)]) == CALLS | {"party": "GUARANTOR", "liable": "YES"}


def test_an_order_that_cannot_be_carried_out_says_why(tmp_path: Path) -> None:
    log = write_log(tmp_path / "log.csv", [{"debtor": "D1", "at": "2026-03-01 10:00"}])
    with pytest.raises(NotALog):
        audit(order(log, tmp_path / "out", mapping="canonical-book"), silent)
    with pytest.raises(NotAZone):
        order(log, tmp_path / "out", zone="Beijing")
    with pytest.raises(Fault, match="by which clock"):
        audit(order(log, tmp_path / "out", clock=None), silent)
    with pytest.raises(NothingToJudge):
        audit(order(write_log(tmp_path / "bad.csv", [{"debtor": None, "at": "x"}]), tmp_path / "out"), silent)


def test_every_word_of_the_report_is_in_both_languages() -> None:
    zh, en = words("zh"), words("en")
    assert zh.keys() == en.keys()
    assert all(zh[name] and en[name] and zh[name] != en[name] for name in zh)


@pytest.mark.parametrize(
    ("lang", "seen"), [("zh", "处于免打扰时段 22:00–08:00"), ("en", "within quiet hours 22:00–08:00")]
)
def test_the_pdf_says_what_the_page_says(lang: str, seen: str, tmp_path: Path) -> None:
    audit(order(write_log(tmp_path / "log.csv", NIGHT), tmp_path / "out", zone=SHANGHAI, assume=CALLS), silent)
    pdf = str(tmp_path / "out" / f"report.{lang}.pdf")
    text, fonts = (
        subprocess.run(command, capture_output=True, text=True, check=True).stdout
        for command in (["pdftotext", "-layout", pdf, "-"], ["pdffonts", pdf])
    )
    assert "".join(seen.split()) in "".join(text.split())
    assert "CN-TIME-01" in text
    assert {line.split()[0].split("+")[1] for line in fonts.splitlines()[2:]} == {"WenQuanYiMicroHei"}


def test_the_font_of_the_pdf_comes_with_its_licence() -> None:
    folder = files("fairdue.documents") / "fonts"
    assert "Apache License" in (folder / "LICENSE").read_text("utf-8")


def test_an_event_after_which_contact_rests_is_named_by_its_row(tmp_path: Path) -> None:
    """Regulation F: seven days after a telephone conversation; and Shanghai's law is not asked about New York."""
    rows = [
        {
            "contact_id": str(n),
            "debtor": "D1",
            "debt": "L1",
            "at": f"2026-03-0{day} 10:00",
            "answered": True,
            "talked": n == 1,
        }
        for n, day in enumerate((2, 3, 5), 1)
    ]
    said: dict[str, Any] = {"zone": "America/New_York", "clock": "America/New_York", "pack": "us"}
    said["assume"] = CALLS | {"role": "AGENCY", "consent_fresh": "NO"}
    audit(order(write_log(tmp_path / "log.csv", rows), tmp_path / "out", **said), silent)
    resting = [row for row in sheet(tmp_path / "out" / "breaches.csv") if "must pass" in row["facts_en"]]
    found = {row["row"]: row["counted_rows"] for row in resting}
    missing = {row["rule"] for row in sheet(tmp_path / "out" / "missing.csv")}
    assert found == {"3": "2", "4": "2"}, missing
