"""Walks the wrong files: each says the expected sentence in both languages, and its good rows still load."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import wrong_bytes
import yaml
from loading import load

from fairdue import intake
from fairdue.core.errors import Fault

HERE = Path(__file__).with_name("wrong_files")
CASES: list[dict[str, Any]] = yaml.safe_load((HERE / "cases.yaml").read_text("utf-8"))
MAPPINGS: list[dict[str, Any]] = yaml.safe_load((HERE / "mappings.yaml").read_text("utf-8"))


def write_case(case: dict[str, Any], folder: Path) -> Path:
    path = folder / str(case["file"])
    path.write_bytes(case["text"].encode() if "text" in case else getattr(wrong_bytes, case["made"])())
    return path


def mapping_of(case: dict[str, Any]) -> str | Path:
    name: str = case.get("mapping", "canonical-book")
    return HERE / name if name.endswith(".yaml") else name


@pytest.mark.parametrize("case", [c for c in CASES if "refused" in c], ids=lambda c: c["file"])
def test_a_wrong_file_is_refused_whole(case: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(Fault) as said:
        load(write_case(case, tmp_path), mapping_of(case))
    assert {lang: said.value.sentence(lang) for lang in ("en", "zh")} == case["refused"]


@pytest.mark.parametrize("case", [c for c in CASES if "refused" not in c], ids=lambda c: c["file"])
def test_wrong_rows_are_left_out_and_the_good_ones_load(case: dict[str, Any], tmp_path: Path) -> None:
    whole = load(write_case(case, tmp_path), mapping_of(case))
    said = [
        {"row": r["row_no"], "en": f"{r['en']} {r['en_remedy']}", "zh": f"{r['zh']}{r['zh_remedy']}"}
        for r in whole.rejects.rows(named=True)
    ]
    assert said == case["rejected"]
    assert whole.good.height == whole.totals.loaded == case["loaded"]


@pytest.mark.parametrize("case", [c for c in CASES if "refused" not in c], ids=lambda c: c["file"])
def test_no_row_is_lost(case: dict[str, Any], tmp_path: Path) -> None:
    whole = load(write_case(case, tmp_path), mapping_of(case))
    assert not set(whole.good["row_no"]) & set(whole.rejects["row_no"])
    assert whole.totals.read == whole.good.height + whole.rejects["row_no"].n_unique() == case_rows(case)


def case_rows(case: dict[str, Any]) -> int:
    """Rows below the header; the one case that is not text has three."""
    return len(case["text"].splitlines()) - 1 if "text" in case else 3


@pytest.mark.parametrize("case", MAPPINGS, ids=lambda c: c["name"])
def test_a_wrong_mapping_is_refused_with_all_that_is_wrong_in_it(case: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / f"{case['name']}.yaml"
    path.write_text(case["text"], "utf-8")
    with pytest.raises(Fault) as said:
        intake.load_mapping(path)
    faults = getattr(said.value, "faults", (said.value,))
    assert [{lang: one.sentence(lang) for lang in ("en", "zh")} for one in faults] == case["said"]


def test_every_fault_of_a_row_and_of_a_file_has_a_case() -> None:
    """A sentence nobody has seen is a sentence nobody has read."""
    from fairdue.intake import faults, reasons

    shown = "\n".join(str(case) for case in (*CASES, *MAPPINGS))
    elsewhere = {"Several", "NoFile", "WorkbookTooBig", "AsOfMissing", "CurrencyMissing", "RowsDiffer", "TotalDiffers",
                 "TotalUnproven", "TotalOfSeveralCurrencies", "NoMapping", "UnusedColumns", "UnreadSheets",
                 "NothingSaysHowLate", "ClockMissing", "FileFault", "MappingFault", "Notice", "RowFault", "Fault"}  # fmt: skip
    for module in (faults, reasons):
        for name, kind in vars(module).items():
            if isinstance(kind, type) and issubclass(kind, Fault) and name not in elsewhere:
                assert longest_words(kind.zh) in shown, name
                assert kind.zh_remedy
                assert kind.en_remedy


def longest_words(template: str) -> str:
    """The longest part of a sentence between its fields."""
    import re

    return max(re.split(r"\{\w+\}", template), key=len)
