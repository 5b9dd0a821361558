"""Contacts on disk, divided so that whatever is counted together lies together: memory is bounded by one bucket.

A pass divides by one key (the debtor, the contact point …), for the rules that count by it. Each part is one file with a
row group per bucket, and appears whole or not at all, so that a killed audit goes on behind its last part.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from fairdue.logaudit.contacts import ROW

HOME = "debtor"  # the pass whose buckets everything comes together in
HOME_BUCKET = "home"
BUCKET_ROWS = 250_000
MOST_BUCKETS = 256
_SEED = 20_260_130


def buckets_for(rows: int) -> int:
    """How many buckets so many rows are divided into."""
    return int(min(MOST_BUCKETS, max(1, -(-rows // BUCKET_ROWS))))


@dataclass(frozen=True)
class Spill:
    """The parts of one audit under a folder."""

    folder: Path
    passes: tuple[str, ...]
    buckets: int

    def write(self, part: int, frame: pl.DataFrame) -> None:
        """Write one part for every pass."""
        marked = frame.with_columns(self._bucket(HOME).alias(HOME_BUCKET))
        for key in self.passes:
            self._write_pass(key, part, marked)

    def _bucket(self, key: str) -> pl.Expr:
        """Contacts of which the key is unknown are counted with nobody: anywhere will do."""
        spread = pl.when(pl.col(key).is_null()).then(pl.col(ROW).cast(pl.String)).otherwise(pl.col(key))
        return (spread.hash(_SEED) % self.buckets).cast(pl.Int32)

    def _write_pass(self, key: str, part: int, frame: pl.DataFrame) -> None:
        marked = frame if key == HOME else frame.drop("agency", "collector")
        rows = marked.with_columns(self._bucket(key).alias("bucket")).sort("bucket", maintain_order=True)
        bounds = np.searchsorted(rows["bucket"].to_numpy(), np.arange(self.buckets + 1))
        table = rows.drop("bucket").to_arrow()
        path = self._path(key, part)
        path.parent.mkdir(parents=True, exist_ok=True)
        growing = path.with_suffix(".growing")
        with pq.ParquetWriter(growing, table.schema, compression="lz4") as writer:
            for bucket in range(self.buckets):
                writer.write_table(
                    table.slice(bounds[bucket], bounds[bucket + 1] - bounds[bucket]), row_group_size=1 << 30
                )
        growing.rename(path)

    def _path(self, key: str, part: int) -> Path:
        return self.folder / key / f"{part:05}.parquet"

    def read(self, key: str, bucket: int, parts: int) -> pl.DataFrame:
        """All contacts of one bucket."""
        tables = [_group(self._path(key, part), bucket) for part in range(parts)]
        return pl.DataFrame(pl.from_arrow(pa.concat_tables(tables, promote_options="permissive")))


def _group(path: Path, bucket: int) -> pa.Table:
    with pq.ParquetFile(path) as file:
        return file.read_row_group(bucket)
