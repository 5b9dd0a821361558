"""Every format is read into the same movements, balance-checked, with faults by row; a bomb is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import mt940
import polars as pl
import pytest

import statement_files as files
from fairdue.core.errors import Fault
from fairdue.core.statements import BrokenChain, Unbalanced
from fairdue.intake import statements
from fairdue.intake.statements.common import Damaged, Dangerous, UnknownFormat
from fairdue.intake.statements.table import SumsDiffer
from fairdue.intake.statements.units import Finer
from statement_files import Moved

ON = date(2026, 9, 1)
ROWS = (
    Moved(ON, 123_456, "R1", "张三", "6222020000001234", "还款L000001", debt="L000001"),
    Moved(date(2026, 9, 2), 5, "R2", "Wang Wu & Co", "6222020000005678", "loan L000002", debt="L000002"),
    Moved(date(2026, 9, 3), -123_456, "R3", "张三", "6222020000001234", "退汇", back="R1", debt="L000001"),
)


@pytest.mark.parametrize("form", files.WRITERS)
def test_every_format_is_found_out_and_says_the_same(tmp_path: Path, form: str) -> None:
    rows = ROWS[:2] if form in files.NO_REVERSALS else ROWS
    path = files.write(tmp_path, form, rows)
    assert statements.guess(path) == form
    (told,) = statements.read(path)
    told.check()
    assert told.faults == ()
    assert [(e.on, e.amount) for e in told.entries] == [(r.on, r.amount) for r in rows]
    assert [e.ref for e in told.entries][:2] == ["R1", "R2"]
    assert [e.undoes for e in told.entries] == [r.back for r in rows]
    if form not in {"court", "direct-debit"}:
        assert told.entries[0].payer == "张三"
    if form not in {"direct-debit", "agency", "court"}:
        assert "L000001" in told.entries[0].said
    else:
        assert told.entries[0].to == (("L000001", 123_456),)
    assert told.currency == "CNY"


@pytest.mark.parametrize("form", files.WRITERS)
def test_a_book_in_whole_units_gets_whole_units_or_nothing(tmp_path: Path, form: str) -> None:
    whole = (Moved(ON, 123_400, "R1", "张三", "6222020000001234", "还款L000001", debt="L000001"),)
    (told,) = statements.read(files.write(tmp_path, form, whole), currency="CNY", exponent=0)
    told.check()
    assert [entry.amount for entry in told.entries] == [1234]
    assert [part for entry in told.entries for _, part in entry.to] in ([], [1234])
    with pytest.raises(Finer, match="hundredths of CNY"):
        statements.read(files.write(tmp_path, form, ROWS[:2]), currency="CNY", exponent=0)


def test_a_failed_direct_debit_is_not_money(tmp_path: Path) -> None:
    (told,) = statements.read(files.write(tmp_path, "direct-debit", ROWS))
    assert [(e.ref, e.reason) for e in told.refused] == [("FAILED1", "余额不足")]


@pytest.mark.parametrize("form", ["camt053", "mt940"])
def test_a_statement_whose_balances_do_not_agree_is_refused(tmp_path: Path, form: str) -> None:
    path = files.write(tmp_path, form, ROWS)
    old, new = ("1234.56", "1234.57") if form == "camt053" else ("1234,56", "1234,57")
    text = path.read_text()
    path.write_text(text.replace(old, new, 1))
    (told,) = statements.read(path)
    with pytest.raises(Unbalanced, match="Nothing was booked"):
        told.check()


def test_a_running_balance_that_jumps_and_sums_that_differ_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "bank.csv"
    path.write_text(files.bank_cn(ROWS).replace("\r\n2026/09/02", "\r\n2026/09/04", 1).replace(",0.05,", ",0.06,", 1))
    with pytest.raises(BrokenChain, match="row 5"):
        statements.read(path)
    path.write_text(files.alipay(ROWS).replace("1234.56", "1234.57", 1))
    with pytest.raises(SumsDiffer):
        statements.read(path)


def test_an_export_that_runs_backwards_is_read_all_the_same(tmp_path: Path) -> None:
    lines = files.bank_cn(ROWS).splitlines()
    path = tmp_path / "bank.csv"
    path.write_text("\n".join([*lines[:3], *lines[5:2:-1]]))
    (told,) = statements.read(path)
    assert (told.opening, told.closing) == (100_000, 100_005)


def test_a_workbook_is_read_like_the_text(tmp_path: Path) -> None:
    text = [line.split(",") for line in files.wechat(ROWS).splitlines()]
    width = max(map(len, text))
    frame = pl.DataFrame([row + [""] * (width - len(row)) for row in text], orient="row")
    frame.write_excel(tmp_path / "w.xlsx", include_header=False, autofilter=False, table_style=None)
    (told,) = statements.read(tmp_path / "w.xlsx")
    assert [e.amount for e in told.entries] == [123_456, 5, -123_456]


def test_a_bad_row_is_named_and_the_good_ones_stay(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(files.agency(ROWS[:2]).replace("2026-09-01", "soon", 1))
    (told,) = statements.read(path)
    assert [e.amount for e in told.entries] == [5]
    assert [(f.row, f.amount) for f in told.faults] == [(2, 123_456)]
    assert "L000001" in told.faults[0].raw


@pytest.mark.parametrize("form", ["camt053", "ofx"])
def test_entity_bombs_are_refused_unread(tmp_path: Path, form: str) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    text = files.WRITERS[form](ROWS).replace("<Document", bomb + "<Document", 1).replace("<OFX>", bomb + "<OFX>", 1)
    for encoding in ("utf-8", "utf-16") if form == "camt053" else ("utf-8",):
        (tmp_path / "bomb").write_bytes(text.replace("UTF-8", encoding.upper()).encode(encoding))
        with pytest.raises(Dangerous):
            statements.read(tmp_path / "bomb", form)


def test_what_is_cut_off_or_unknown_is_said(tmp_path: Path) -> None:
    (tmp_path / "cut").write_text(files.camt(ROWS)[:-40])
    with pytest.raises(Damaged, match="broken XML"):
        statements.read(tmp_path / "cut")
    (tmp_path / "noise").write_bytes(bytes(range(256)))
    with pytest.raises(UnknownFormat):
        statements.read(tmp_path / "noise")


def test_any_cut_of_any_file_is_a_fault_or_a_statement_and_never_a_crash(tmp_path: Path) -> None:
    for form, writer in files.WRITERS.items():
        data = writer(ROWS).encode()
        for end in range(0, len(data), max(1, len(data) // 25)):
            (tmp_path / "cut").write_bytes(data[:end])
            try:
                statements.read(tmp_path / "cut", form)
            except Fault:
                continue


def test_our_reading_of_mt940_agrees_with_another_library(tmp_path: Path) -> None:
    text = files.mt940(ROWS)
    (told,) = statements.read(files.write(tmp_path, "mt940", ROWS))
    other = mt940.parse(text)
    assert [int(t.data["amount"].amount * 100) for t in other][:2] == [e.amount for e in told.entries][:2]
    assert [t.data["date"] for t in other] == [e.on for e in told.entries]
