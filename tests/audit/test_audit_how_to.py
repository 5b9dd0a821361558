"""The how-to page: its log gives what it says, and its mapping reads."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from contact_logs import SHANGHAI, order, silent
from fairdue import intake
from fairdue.cli import main
from fairdue.logaudit.deliver import audit
from fairdue.logaudit.order import assumptions
from texts import ROOT, shell_lines

HOW_TO = ROOT / "docs" / "how-to"
BOTH = pytest.mark.parametrize("page", ["audit-a-contact-log.md", "audit-a-contact-log.zh.md"])


@BOTH
def test_the_command_of_the_page_audits_its_log(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "contact-log.csv").write_bytes((HOW_TO / "contact-log.csv").read_bytes())
    [line] = [one for one in shell_lines(HOW_TO / page) if "contact-log.csv" in one]
    done = CliRunner().invoke(main, shlex.split(line)[1:])
    assert done.exit_code == 0, done.output
    assert {"CN-TIME-01", "CN-FREQ-01", "CN-FREQ-02", "CN-FREQ-03", "CN-STAFF-01", "CN-PARTY-08"} <= set(
        done.output.split()
    )
    text = (HOW_TO / page).read_text("utf-8")
    assert {path.name for path in (tmp_path / "march").iterdir()} == set(
        re.findall(r"`([\w.]+\.(?:html|pdf|csv|parquet|json))`", text)
    )


@BOTH
def test_the_mapping_of_the_page_reads_a_log(page: str, tmp_path: Path) -> None:
    [shown] = re.findall(r"```yaml\n(.*?)```", (HOW_TO / page).read_text("utf-8"), re.DOTALL)
    (tmp_path / "agency.yaml").write_text(shown, "utf-8")
    assert intake.load_mapping(tmp_path / "agency.yaml").kind == "contacts"
    log = tmp_path / "log.csv"
    log.write_text(
        "客户号,被叫号码,拨打时间,工号,类型,通话时长\nK1,1,2026-03-01 22:30,C1,机器,0\nK1,1,2026-03-01 10:30,C1,人工,00:01:10\n",
        "utf-8",
    )
    made = audit(order(log, tmp_path / "out", mapping=str(tmp_path / "agency.yaml"), zone=SHANGHAI,
                       assume=assumptions(["collection-calls"])), silent)  # fmt: skip
    assert {rule["rule"] for rule in made["rules"]} == {"CN-TIME-01", "CN-TIME-02"}
