"""One log judged by two packs: what changes is just what differs between two audits of it."""

from __future__ import annotations

import json
import random
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from contact_logs import SHANGHAI, audited, order, silent, some_log, write_log
from fairdue.cli import main
from fairdue.logaudit.compare import compare

BEFORE, AFTER = "cn@2026-01-29", "cn@2026-01-30"  # the day before the cap of the bankers' association, and the day


def test_the_contacts_that_change_are_those_that_only_one_audit_calls_a_breach(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = write_log(tmp_path / "log.csv", some_log(random.Random(5), 250, unknown=0.05))
    sides = [audited(log, tmp_path / name, monkeypatch, pack=name).breaches for name in (BEFORE, AFTER)]
    found = compare(order(log, tmp_path / "out"), BEFORE, AFTER, silent)
    listed = pl.read_csv(found.file).select("change", "row", "rule").rows()
    assert {(row, rule) for sign, row, rule in listed if sign == "-"} == sides[0] - sides[1]
    assert {(row, rule) for sign, row, rule in listed if sign == "+"} == sides[1] - sides[0]
    assert found.changed == len(listed) > 0
    assert "CN-TIME-02" in found.only[1]


def test_a_pack_and_itself_change_nothing(tmp_path: Path) -> None:
    log = write_log(tmp_path / "log.csv", some_log(random.Random(6), 60, unknown=0.0))
    found = compare(order(log, tmp_path / "out"), "cn", "cn", silent)
    assert (found.changed, pl.read_csv(found.file).height) == (0, 0)


def test_the_command_says_how_many_and_where(tmp_path: Path) -> None:
    log = write_log(tmp_path / "log.csv", some_log(random.Random(7), 120, unknown=0.0))
    said = [
        "rules",
        "diff",
        "cn",
        "cn+steady",
        "--contacts",
        str(log),
        "--clock",
        SHANGHAI,
        "--out",
        str(tmp_path / "o"),
    ]
    made = CliRunner().invoke(main, [*said, "--json"])
    assert made.exit_code == 0, made.output
    found = json.loads(made.stdout)
    assert found["only_before"] == {}
    assert all(rule.startswith("STEADY-") for rule in found["only_after"])
    assert Path(found["file"]).stat().st_mode & 0o077 == 0


def test_a_log_without_a_folder_for_the_answer_is_a_wrong_call(tmp_path: Path) -> None:
    made = CliRunner().invoke(main, ["rules", "diff", "cn", "us", "--contacts", str(tmp_path / "x.csv")])
    assert made.exit_code == 2
    assert "--out" in made.output
