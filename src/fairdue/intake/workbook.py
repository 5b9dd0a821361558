"""Reads a sheet of an Excel workbook as text: dates as dates, numbers as they are shown, errors as errors."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import fastexcel
import polars as pl

from fairdue.intake.canonical import ROW
from fairdue.intake.faults import Damaged, Empty, NoSheet, WorkbookTooBig

LARGEST = 2 << 30  # bytes of XML: a workbook is read whole, so a small file that unpacks to a huge one is refused
_ERRORS = {
    "Div0": "#DIV/0!", "NA": "#N/A", "Name": "#NAME?", "Null": "#NULL!", "Num": "#NUM!", "Ref": "#REF!",
    "Value": "#VALUE!", "GettingData": "#GETTING_DATA",
}  # fmt: skip


@dataclass(frozen=True)
class SheetTable:
    """One sheet, read whole: the format has at most a million rows."""

    cells: pl.DataFrame
    header: tuple[str | None, ...]
    header_row: int
    sheet: str
    sheets: tuple[str, ...]

    @classmethod
    def open(cls, path: Path, sheet: str | None, header_row: int) -> SheetTable:
        """The sheet of that name, or the first. Raises `Damaged`, `WorkbookTooBig`, `NoSheet` or `Empty`."""
        _check_size(path)
        try:
            book = fastexcel.read_excel(path)
            sheets = tuple(book.sheet_names)
            if not sheets:
                raise Damaged(file=path.name, kind="Excel")
            if sheet is not None and sheet not in sheets:
                raise NoSheet(file=path.name, sheet=sheet, found=", ".join(sheets))
            chosen = sheet or sheets[0]
            cells = _cells(book, chosen)
        except fastexcel.FastExcelError as error:
            raise Damaged(file=path.name, kind="Excel") from error
        if cells.height < header_row:
            raise Empty(file=path.name)
        return cls(cells, cells.row(header_row - 1), header_row, chosen, sheets)

    @property
    def height(self) -> int:
        """Rows below the header."""
        return self.cells.height - self.header_row

    def chunks(self, columns: Sequence[str], size: int) -> Iterator[pl.DataFrame]:
        """Frames of text columns with `fairdue_row`; empty rows are passed over."""
        body = self.cells.slice(self.header_row).rename(dict(zip(self.cells.columns, columns, strict=True)))
        first = self.header_row + 1
        for at in range(0, body.height, size):
            part = body.slice(at, size)
            rows = pl.int_range(first + at, first + at + pl.len(), dtype=pl.Int64).alias(ROW)
            yield part.with_columns(rows).filter(pl.any_horizontal(pl.col(columns).str.strip_chars() != ""))


def _check_size(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile as error:
        raise Damaged(file=path.name, kind="Excel") from error
    if size > LARGEST:
        raise WorkbookTooBig(file=path.name, limit=LARGEST >> 30)


def _cells(book: fastexcel.ExcelReader, sheet: str) -> pl.DataFrame:
    """Every cell as text; an error is written as Excel shows it, so that it is not taken for nothing."""
    loaded = book.load_sheet(sheet, header_row=None, skip_rows=0, dtypes="string")
    batch, errors = loaded.to_arrow_with_errors()
    cells = pl.DataFrame(pl.from_arrow(batch))
    by_column: dict[int, dict[int, str]] = {}
    for error in errors.errors if errors else ():
        row, column = error.offset_position
        name = re.search(r"Error\((\w+)\)", error.detail)
        by_column.setdefault(column, {})[row] = _ERRORS.get(name[1] if name else "", "#VALUE!")
    for column, found in by_column.items():
        series = cells.to_series(column).scatter(list(found), list(found.values()))
        cells = cells.with_columns(series)
    return cells
