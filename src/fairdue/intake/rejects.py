"""Writes rejected rows as they were, each with its reasons, to a file that can be mended and loaded again."""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import polars as pl

from fairdue.core.errors import Lang
from fairdue.intake.canonical import EXTRA, OWN, ROW

# What a spreadsheet may take for a formula; a number with a sign, such as an international phone number, is none.
FORMULA = r"^\s*(?:[=@\t\r]|[+-](?:[^\d.]|.*[^\d.,()\s-]))"
MADE_HARMLESS = r"^'(\s*[=+@\t\r-])"
OURS = ("fairdue_row", "fairdue_field", "fairdue_reason", "fairdue_remedy", "fairdue_extra")


class RejectsWriter:
    """A context manager over one file of rejected rows.

    CSV in UTF-8 with a byte-order mark, so that Excel opens it, readable by its owner only; it appears with the first
    rejected row, and one that was there before is replaced. Our columns start with `fairdue_` and are not read again.
    """

    def __init__(self, path: Path, columns: Sequence[str], lang: Lang) -> None:
        """`columns` as `Source.columns`; `lang`: the language of the reasons."""
        self.path, self.columns, self.lang = path, tuple(columns), lang
        self.rows = 0
        self._file: IO[str] | None = None
        self._writer: Any = None

    def __enter__(self) -> Self:
        """Nothing is written yet."""
        self.path.unlink(missing_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file, if there is one."""
        if self._file is not None:
            self._file.close()

    def add(self, frame: pl.DataFrame, rejects: pl.DataFrame) -> None:
        """Write the rows of a chunk that were rejected; all reasons of a row stand in its one line."""
        if rejects.is_empty():
            return
        self.write(rejected_rows(frame, rejects, self.columns, self.lang))

    def write(self, rows: pl.DataFrame) -> None:
        """Write what `rejected_rows` made. A cell that a spreadsheet would run as a formula is written as text."""
        writer = self._open()
        harmless = pl.col(self.columns).str.replace(FORMULA, "'$0")
        writer.writerows(rows.select(*self.columns, *OURS).with_columns(harmless).fill_null("").iter_rows())
        self.rows += rows.height

    def _open(self) -> Any:
        if self._writer is None:
            descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            self._file = os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="")
            self._writer = csv.writer(self._file)
            self._writer.writerow([*self.columns, *OURS])
        return self._writer


def rejected_rows(frame: pl.DataFrame, rejects: pl.DataFrame, columns: Sequence[str], lang: Lang) -> pl.DataFrame:
    """The rejected rows of a chunk as they were, with the number, the columns, the reasons and the remedies of each."""
    rows = frame.select(ROW, *columns, pl.col(EXTRA) if EXTRA in frame.columns else pl.lit("").alias(EXTRA))
    return rows.join(_one_line_a_row(rejects, lang), on=ROW, how="inner", maintain_order="left").select(*columns, *OURS)


def _one_line_a_row(rejects: pl.DataFrame, lang: Lang) -> pl.DataFrame:
    together = (
        pl.col("field").unique(maintain_order=True).str.join("; ").alias(f"{OWN}field"),
        pl.col(lang).str.join(" | ").alias(f"{OWN}reason"),
        pl.col(f"{lang}_remedy").unique(maintain_order=True).str.join(" | ").alias(f"{OWN}remedy"),
    )
    return rejects.group_by(pl.col("row_no").alias(ROW), maintain_order=True).agg(together)
