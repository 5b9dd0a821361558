"""Reads delimited text in chunks, whatever its quoting: fast where a chunk is plain, exact where it is not."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO

import polars as pl

from fairdue.intake.canonical import EXTRA, FIELDS, ROW
from fairdue.intake.encoding import open_text
from fairdue.intake.faults import UnclosedQuote

DELIMITERS = (",", "\t", ";")
_LONGEST_FIELD = 1 << 20  # what the pass over the encoding lets a line have


def find_delimiter(header: str) -> str:
    """The separator that stands most often outside quotes in the header."""
    bare = "".join(header.split('"')[::2])
    return max(DELIMITERS, key=bare.count)


def header_of(path: Path, encoding: str, header_row: int) -> tuple[list[str], str]:
    """The cells of the header, and the delimiter."""
    with open_text(path, encoding) as file:
        line = next(islice(file, header_row - 1, None), "")
    delimiter = find_delimiter(line)
    with open_text(path, encoding) as file:
        reader = _reader(_Lines(file), delimiter)
        try:
            return next(islice(reader, header_row - 1, None), []), delimiter
        except csv.Error as error:
            raise UnclosedQuote(file=path.name, row=header_row) from error


@dataclass(frozen=True)
class TextTable:
    """A delimited file whose encoding, delimiter and columns are known."""

    path: Path
    encoding: str
    delimiter: str
    columns: tuple[str, ...]
    header_row: int = 1

    def chunks(self, size: int) -> Iterator[pl.DataFrame]:
        """Frames of text columns, with `fairdue_row`, `fairdue_fields` and `fairdue_extra` (see `canonical`).

        Rows count as in a spreadsheet, the header's included; those with nothing in them are passed over. Raises
        `UnclosedQuote`.
        """
        with open_text(self.path, self.encoding) as file:
            lines = _Lines(file)
            list(islice(_reader(lines, self.delimiter), self.header_row))
            row = self.header_row + 1
            while block := list(islice(lines, size)):
                frame = self._plain(block) if self._is_plain(block) else None
                if frame is None:
                    lines.give_back(block)
                    frame = self._exact(lines, size, row)
                frame = frame.with_columns(pl.int_range(row, row + pl.len(), dtype=pl.Int64).alias(ROW))
                row += frame.height
                yield frame.filter(pl.any_horizontal(pl.col(*self.columns, EXTRA).str.strip_chars() != ""))

    def _is_plain(self, block: list[str]) -> bool:
        """Whether every line is one row, whatever stands in quotation marks."""
        if not any('"' in line for line in block):
            return True
        lines = pl.Series(block).str.strip_chars_end("\r\n").str.replace_all(r'"[^"]*"', "\0")
        around = f"[^\0{self.delimiter}]\0|\0[^\0{self.delimiter}]"
        return not (lines.str.contains('"', literal=True) | lines.str.contains(around)).any()

    def _plain(self, block: list[str]) -> pl.DataFrame | None:
        """All lines at once, if none of them has more or fewer fields than the header."""
        lines = pl.Series(block).str.strip_chars_end("\r\n")
        bare = lines.str.replace_all(r'"[^"]*"', "")
        if (bare.str.count_matches(self.delimiter, literal=True) != len(self.columns) - 1).any():
            return None
        frame = pl.read_csv(
            io.BytesIO("\n".join(lines).encode()), has_header=False, new_columns=list(self.columns),
            separator=self.delimiter, infer_schema=False, empty_string_is_null=False,
        )  # fmt: skip
        if frame.height != len(block):
            return None
        return frame.with_columns(pl.lit(len(self.columns), pl.Int64).alias(FIELDS), pl.lit("").alias(EXTRA))

    def _exact(self, lines: _Lines, size: int, row: int) -> pl.DataFrame:
        """Row by row, as the quotation marks say."""
        rows: list[list[str]] = []
        try:
            rows.extend(islice(_reader(lines, self.delimiter), size))
        except csv.Error as error:
            raise UnclosedQuote(file=self.path.name, row=row + len(rows)) from error
        width = len(self.columns)
        cells = zip(*(one[:width] + [""] * (width - len(one)) for one in rows), strict=True)
        frame = pl.DataFrame([pl.Series(name, column) for name, column in zip(self.columns, cells, strict=True)])
        return frame.with_columns(
            pl.Series(FIELDS, [len(one) for one in rows], pl.Int64),
            pl.Series(EXTRA, [self.delimiter.join(one[width:]) for one in rows], pl.String),
        )


class _Lines:
    """Lines of a file that can be given back, so that a chunk can be read again another way."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self._back: Iterator[str] = iter(())

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        for line in self._back:
            return line
        return next(self._file)

    def give_back(self, lines: list[str]) -> None:
        """Read these first. What was given back before has been read by then."""
        self._back = iter(lines)


def _reader(lines: Iterator[str], delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(_LONGEST_FIELD)
    return csv.reader(lines, delimiter=delimiter, strict=True)
