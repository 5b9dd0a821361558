"""Delimited text in chunks against the csv module reading the whole file."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from loading import load, write

from fairdue import intake

cells = st.text(st.sampled_from(['"', ",", "\n", "a", "é", "王", " ", "1", "\r"]), max_size=5)
tables = st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=12)


def read_whole(path: Path, size: int = 50_000) -> list[tuple[Any, ...]]:
    frames = list(intake.open_source(path).chunks(size))
    return pl.concat(frames).select("fairdue_row", "a", "b", "c").rows()


@settings(max_examples=100, deadline=None)
@given(tables, st.integers(1, 5), st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]), st.sampled_from(["\n", "\r\n"]))
def test_any_table_comes_back_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, table: list[list[str]], size: int, quoting: int, end: str
) -> None:
    if quoting == csv.QUOTE_MINIMAL:  # a bare carriage return ends a line
        table = [[cell.replace("\r", "") for cell in row] for row in table]
    out = io.StringIO()
    csv.writer(out, quoting=quoting, lineterminator=end).writerows([["a", "b", "c"], *table])  # type: ignore[arg-type] # a choice of constants
    path = write(tmp_path_factory.mktemp("t") / "t.csv", out.getvalue())
    expected = [(at, *row) for at, row in enumerate(table, 2) if any(cell.strip() for cell in row)]
    if expected:
        assert read_whole(path, size) == expected
    else:
        with pytest.raises(intake.NoRows):
            read_whole(path, size)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_line_ends_and_separators_of_every_machine(tmp_path: Path, end: str, delimiter: str) -> None:
    lines = ["a,b,c", "1,2,3", "4,,6"]
    path = write(tmp_path / "t.txt", end.join(line.replace(",", delimiter) for line in lines))
    assert read_whole(path) == [(2, "1", "2", "3"), (3, "4", "", "6")]
    assert intake.open_source(path).delimiter == delimiter


def test_rows_count_as_in_a_spreadsheet_blank_ones_included(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", 'a,b,c\n1,2,3\n\n , ,\n"4\n5",6,7\n8,9,10\n')
    assert [row[0] for row in read_whole(path)] == [2, 5, 6]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_names_survive_every_encoding(tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path / "t.csv", "账号,客户号,姓名,委案金额\nA1,C1,欧阳锋,100.50\nA2,C2,𠮷田,7\n", encoding)
    whole = load(path, "placement-workbook")
    assert whole.good["name"].to_list() == ["欧阳锋", "𠮷田"]
    assert intake.open_source(path).encoding == encoding


@pytest.mark.parametrize("name", ["联通", "王五", "李琳", "玮"])
def test_short_chinese_names_do_not_confuse_the_encodings(tmp_path: Path, name: str) -> None:
    """联通 in GB18030 is also well-formed UTF-8, of another script."""
    path = write(tmp_path / "t.csv", f"账号,客户号,姓名,委案金额\nA1,C1,{name},1\nA2,C2,{name},2\n", "gb18030")
    assert load(path, "placement-workbook").good["name"].to_list() == [name, name]


def test_a_compressed_file_is_the_same_file(tmp_path: Path) -> None:
    text = "a,b,c\n1,2,3\n"
    (tmp_path / "t.csv.gz").write_bytes(gzip.compress(text.encode()))
    assert read_whole(tmp_path / "t.csv.gz") == read_whole(write(tmp_path / "t.csv", text))


def test_a_header_may_stand_lower(tmp_path: Path) -> None:
    mapping = write(tmp_path / "m.yaml", "kind: schedule\nheader_row: 3\ncolumns: {account_no: , due_on: , amount: }\n")
    path = write(tmp_path / "t.csv", "2026 年计划,,\n,,\naccount_no,due_on,amount\nA1,2026-10-01,5\n")
    assert load(path, mapping).good["row_no"].to_list() == [4]


def test_memory_is_bounded_by_the_chunk(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", "a,b,c\n" + "1,2,3\n" * 2_500)
    assert [frame.height for frame in intake.open_source(path).chunks(1_000)] == [1_000, 1_000, 500]
