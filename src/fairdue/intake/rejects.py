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
        rows = frame.select(ROW, *self.columns, pl.col(EXTRA) if EXTRA in frame.columns else pl.lit("").alias(EXTRA))
        wrong = _one_line_a_row(rejects, self.lang)
        out = rows.join(wrong, on=ROW, how="inner", maintain_order="left")
        writer = self._open()
        writer.writerows(out.select(*self.columns, *OURS).fill_null("").iter_rows())
        self.rows += out.height

    def _open(self) -> Any:
        if self._writer is None:
            descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            self._file = os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="")
            self._writer = csv.writer(self._file)
            self._writer.writerow([*self.columns, *OURS])
        return self._writer


def _one_line_a_row(rejects: pl.DataFrame, lang: Lang) -> pl.DataFrame:
    together = (
        pl.col("field").unique(maintain_order=True).str.join("; ").alias(f"{OWN}field"),
        pl.col(lang).str.join(" | ").alias(f"{OWN}reason"),
        pl.col(f"{lang}_remedy").unique(maintain_order=True).str.join(" | ").alias(f"{OWN}remedy"),
    )
    return rejects.group_by(pl.col("row_no").alias(ROW), maintain_order=True).agg(together)
