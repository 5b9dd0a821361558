"""Rows of the log that could not be read, as they were and each with its reasons: to be mended and audited beside the log."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from fairdue import intake
from fairdue.intake.rejects import OURS, rejected_rows
from fairdue.logaudit.order import Order

FOLDER = "rejects"


def rejected(
    parsed: intake.Parsed, frame: pl.DataFrame, source: intake.Source, order: Order, file: int
) -> pl.DataFrame:
    """The rejected rows of one chunk, marked with their file."""
    if parsed.rejects.is_empty():
        return pl.DataFrame()
    rows = rejected_rows(frame, parsed.rejects, source.columns, order.lang)
    return rows.with_columns(pl.lit(file, pl.Int32).alias("file"))


def keep(work: Path, part: int, frames: Sequence[pl.DataFrame]) -> None:
    """Keep the rejected rows of one part until the audit ends."""
    bad = [frame for frame in frames if frame.height]
    (work / FOLDER).mkdir(exist_ok=True)
    for file in {int(frame["file"][0]) for frame in bad}:
        rows = pl.concat([frame for frame in bad if frame["file"][0] == file]).drop("file")
        rows.write_parquet(work / FOLDER / f"{file:04}-{part:05}.parquet")


def write_rejects(order: Order, sources: Sequence[intake.Source], work: Path) -> None:
    """One file of rejected rows per file of the log; none where every row could be read."""
    for number, source in enumerate(sources):
        path = order.out / ("rejects.csv" if number == 0 else f"rejects-{number + 1}.csv")
        with intake.RejectsWriter(path, source.columns, order.lang) as writer:
            for part in sorted((work / FOLDER).glob(f"{number:04}-*.parquet")):
                writer.write(pl.read_parquet(part).select(*source.columns, *OURS))
