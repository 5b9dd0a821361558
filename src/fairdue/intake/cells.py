"""One column of a chunk on its way from text to values: what a parser is told, and how it complains."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from fairdue.intake import reasons as reason
from fairdue.intake.canonical import Column


@dataclass(frozen=True)
class Complaint:
    """Rows of one column with the same thing wrong. `said` are further fields of the sentence: constants or series."""

    fault: type[reason.RowFault]
    rows: pl.Series
    said: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Cells:
    """One column of a chunk as text, without surrounding spaces (null: nothing there), and what it is to become."""

    text: pl.Series
    column: Column
    options: Mapping[str, Any]
    exponent: pl.Series
    as_of: date | None
    clock: str | None = None

    @property
    def ascii(self) -> pl.Series:
        """The text with full-width digits and signs made plain: Chinese keyboards write １２３．５０."""
        if self.text.str.contains(r"[^\x00-\x7F]").any():
            return self.text.str.normalize("NFKC").str.strip_chars()
        return self.text


Read = tuple[pl.Series, list[Complaint]]
