"""What the tutorial promises happens: its file, its mistakes, its mended rows; and answers have the keys that are documented."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from fairdue.cli import main
from fairdue.demo.cast import engage
from fairdue.docgen import answers
from texts import ROOT
from worlds import World, Worlds, opened

BOOK = ROOT / "docs" / "tutorial" / "my-book.csv"
MENDED = {
    "MY-0002": {"balance": "9600"},
    "MY-0003": {"oldest_unpaid_due": "2026-09-20"},
    "MY-0001": {"account_no": "MY-0005"},
}


def hire() -> None:
    """The demo's bank and its people."""
    engage()


@pytest.fixture
def world(worlds: Worlds) -> Iterator[World]:
    with opened(worlds, "sqlite", hire) as made:
        yield made


def said(*words: object) -> dict[str, Any]:
    done = CliRunner().invoke(main, [*map(str, words), "--json"])
    assert done.exit_code == 0, done.output
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def load(path: Path) -> dict[str, Any]:
    return said("import", "book", path, "--mapping", "canonical-book", "--as-of", "2026-09-30")


def mend(rejects: Path, to: Path) -> Path:
    """The rows that came back, each put right as the tutorial says."""
    with rejects.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    with to.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(row | MENDED[row["account_no"]] for row in rows)
    return to


def test_the_tutorials_file_comes_back_with_three_rows_that_can_be_mended(world: World, tmp_path: Path) -> None:
    first = load(BOOK)
    assert first["rows"] == {"read": 5, "loaded": 2, "rejected": 3}
    again = load(mend(Path(first["rejects_file"]), tmp_path / "mended.csv"))
    assert again["rows"] == {"read": 3, "loaded": 3, "rejected": 0}
    assert load(BOOK)["already_loaded"]


def test_the_answers_have_the_documented_keys(world: World) -> None:
    imported = load(BOOK)
    night = said("night", "--as-of", "2026-10-01")
    explained = said("explain", "MY-C-01", "--on", "2026-10-01T23:00")
    assert set(imported) == set(answers.IMPORT)
    assert set(night) == set(answers.NIGHT)
    assert set(explained) == set(answers.EXPLAIN)
    assert set(explained["guard"]) == set(answers.GUARD)
    assert set(explained["decision"]) == set(answers.DECISION)
    assert set(said("audit", "verify")) == set(answers.AUDIT_VERIFY)


def test_a_reason_has_the_documented_keys(world: World, tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere.csv"
    nowhere.write_text(BOOK.read_text("utf-8").replace("Asia/Shanghai", ""), "utf-8")
    load(nowhere)
    said("night", "--as-of", "2026-10-01")
    guard = said("explain", "MY-C-01", "--on", "2026-10-01T23:00")["guard"]
    assert not guard["allowed"], "without a place nobody knows what time it is there"
    assert all(set(reason) == set(answers.REASON) for reason in guard["reasons"])
    assert any(reason["missing"] for reason in guard["reasons"])


def test_the_check_of_the_rules_has_the_documented_keys() -> None:
    checked = said("rules", "check")
    assert set(checked) == set(answers.RULES_CHECK)
    assert set(checked["packs"][0]) == {"name", "rules", "cases", "revision", "redundant"}


def test_a_fault_has_the_documented_keys(world: World) -> None:
    done = CliRunner().invoke(main, ["explain", "NOBODY", "--on", "2026-10-01T23:00", "--json"])
    assert done.exit_code == 1
    assert set(json.loads(done.stdout)["error"]) == set(answers.ERROR)


def test_the_reasons_are_in_the_readers_language(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAIRDUE_LANG", "en")
    rejects = Path(load(BOOK)["rejects_file"]).read_text("utf-8-sig")
    assert "is not an amount" in rejects
