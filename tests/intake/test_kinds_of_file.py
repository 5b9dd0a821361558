"""The same book as CSV, Excel and Parquet is the same book."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from loading import load, write

from fairdue import intake
from fairdue.intake import workbook

COLUMNS = ["account_no", "customer_ref", "balance", "opened_on", "name"]
ROWS = [
    ("007", "C1", Decimal("1234.50"), dt.date(2026, 3, 1), "王五"),
    ("008", "C2", Decimal("-0.05"), dt.date(2020, 12, 31), None),
    ("009", "C3", Decimal("7.00"), None, "李四"),
]


@pytest.fixture
def csv_file(tmp_path: Path) -> Path:
    lines = [",".join("" if cell is None else str(cell) for cell in row) for row in [COLUMNS, *ROWS]]
    return write(tmp_path / "book.csv", "\n".join(lines) + "\n")


@pytest.fixture
def excel_file(tmp_path: Path) -> Path:
    path = tmp_path / "book.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet, day = book.add_worksheet("账册"), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, COLUMNS)
    for at, (account, customer, balance, opened, name) in enumerate(ROWS, 1):
        sheet.write_string(at, 0, account)
        sheet.write_string(at, 1, customer)
        sheet.write_number(at, 2, float(balance))
        if opened:
            sheet.write_datetime(at, 3, dt.datetime(opened.year, opened.month, opened.day), day)  # noqa: DTZ001 - a day
        if name:
            sheet.write_string(at, 4, name)
    book.add_worksheet("说明").write(0, 0, "x")
    book.close()
    return path


@pytest.fixture
def parquet_file(tmp_path: Path) -> Path:
    path = tmp_path / "book.parquet"
    columns = dict(zip(COLUMNS, zip(*ROWS, strict=True), strict=True))
    pq.write_table(pa.table({name: pa.array(list(cells)) for name, cells in columns.items()}), path)
    return path


def test_every_kind_of_file_gives_the_same_rows(csv_file: Path, excel_file: Path, parquet_file: Path) -> None:
    expected = load(csv_file)
    assert expected.good["balance"].to_list() == [123450, -5, 700]
    for path in (excel_file, parquet_file):
        found = load(path)
        assert found.good.equals(expected.good)
        assert found.totals == expected.totals


def test_chunks_of_one_row_give_the_same_rows(csv_file: Path, excel_file: Path, parquet_file: Path) -> None:
    expected = load(csv_file).good
    for path in (csv_file, excel_file, parquet_file):
        assert load(path, size=1).good.equals(expected)


def test_sheets_that_are_not_read_are_named(excel_file: Path) -> None:
    source = intake.open_source(excel_file, intake.load_mapping("canonical-book"))
    assert "说明" in source.notices[0].sentence("zh")
    assert source.rows_about == 3


def test_floats_in_parquet_are_written_without_an_exponent(tmp_path: Path) -> None:
    path = tmp_path / "book.parquet"
    table = {"account_no": ["A", "B", "C", "D"], "customer_ref": list("ABCD"), "balance": [1e16, 0.5, 12.34, None]}
    pq.write_table(pa.table(table), path)
    whole = load(path)
    assert whole.good["balance"].to_list() == [10**18, 50, 1234]
    assert whole.rejects["row_no"].to_list() == [5]


def test_words_in_a_dictionary_are_words(tmp_path: Path) -> None:
    path = tmp_path / "book.parquet"
    table = pa.table(
        {"account_no": ["A"], "customer_ref": ["C"], "balance": [1], "product": pa.array(["CARD"]).dictionary_encode()}
    )
    pq.write_table(table, path)
    assert load(path).good["product"].to_list() == [0]


def test_a_workbook_that_unpacks_to_too_much_is_refused(excel_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "LARGEST", 1_000)
    with pytest.raises(intake.FileFault) as said:
        load(excel_file)
    assert said.value.code == "intake.workbook-too-big"


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(intake.FileFault) as said:
        load(tmp_path / "nothing.csv")
    assert said.value.code == "intake.no-file"


def test_the_digest_is_that_of_the_bytes(csv_file: Path) -> None:
    from hashlib import sha256

    assert intake.open_source(csv_file).sha256 == sha256(csv_file.read_bytes()).hexdigest()


def test_every_kind_has_its_schema(tmp_path: Path) -> None:
    files = {
        "canonical-book": "account_no,customer_ref,balance\nA,C,1\n",
        "canonical-people": "customer_ref\nC\n",
        "canonical-schedule": "account_no,due_on,amount\nA,2027-01-01,1\n",
        "canonical-payments": "account_no,paid_on,amount,reference\nA,2026-01-01,1,R\n",
    }
    for mapping, text in files.items():
        whole = load(write(tmp_path / f"{mapping}.csv", text), mapping)
        assert whole.good.schema == pl.Schema(intake.schema(mapping.removeprefix("canonical-")))
        assert whole.good.height == 1
