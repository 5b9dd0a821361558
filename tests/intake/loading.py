"""What the tests of the intake share: load a file whole, and write small files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from fairdue import intake

AS_OF = date(2026, 9, 30)


@dataclass(frozen=True)
class Whole:
    """A file, loaded to its end."""

    good: pl.DataFrame
    rejects: pl.DataFrame
    totals: intake.ControlTotals


def load(
    path: Path, mapping: str | Path | intake.Mapping = "canonical-book", size: int = 50_000, currency: str = "CNY"
) -> Whole:
    """Load a file as of the tests' date."""
    how = mapping if isinstance(mapping, intake.Mapping) else intake.load_mapping(mapping)
    source = intake.open_source(path, how)
    context = intake.Context(as_of=AS_OF, currency=currency, file=path.name, clock="America/New_York")
    totals = intake.ControlTotals()
    good, rejects = [], []
    for frame in source.chunks(size):
        parsed = intake.parse_chunk(how, frame, context)
        totals.add(parsed)
        good.append(parsed.good)
        rejects.append(parsed.rejects)
    return Whole(pl.concat(good), pl.concat(rejects), totals)


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    """A text file, byte for byte."""
    path.write_bytes(text.encode(encoding))
    return path


def book(path: Path, header: str, *rows: str) -> Path:
    """A CSV book with account, customer and balance before the given columns."""
    lines = [f"A{at},C{at},100,{row}" for at, row in enumerate(rows)]
    return write(path, "\n".join([f"account_no,customer_ref,balance,{header}", *lines, ""]))
