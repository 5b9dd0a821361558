"""Reads Parquet in batches as text, so that one set of parsers serves every kind of file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from fairdue.core.errors import Fault
from fairdue.intake.canonical import ROW
from fairdue.intake.faults import Damaged, NestedColumn, raise_all


@dataclass(frozen=True)
class ParquetTable:
    """A Parquet file with plain columns."""

    path: Path
    header: tuple[str, ...]
    height: int

    @classmethod
    def open(cls, path: Path) -> ParquetTable:
        """Raises `Damaged`, or a `NestedColumn` for each column that is not a plain value."""
        try:
            with pq.ParquetFile(path) as file:
                schema, height = file.schema_arrow, file.metadata.num_rows
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            raise Damaged(file=path.name, kind="Parquet") from error
        nested: list[Fault] = [
            NestedColumn(file=path.name, column=one.name, dtype=one.type) for one in schema if not _is_plain(one.type)
        ]
        raise_all(nested)
        return cls(path, tuple(schema.names), height)

    def chunks(self, columns: Sequence[str], size: int) -> Iterator[pl.DataFrame]:
        """Frames of text columns with `fairdue_row`; the first row is row 2, as in a spreadsheet below its header."""
        row = 2
        try:
            with pq.ParquetFile(self.path) as file:
                for batch in file.iter_batches(size):
                    frame = pl.DataFrame([_text(name, batch.column(at)) for at, name in enumerate(columns)])
                    yield frame.with_columns(pl.int_range(row, row + pl.len(), dtype=pl.Int64).alias(ROW))
                    row += frame.height
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            raise Damaged(file=self.path.name, kind="Parquet") from error


def _is_plain(dtype: Any) -> bool:
    if pa.types.is_dictionary(dtype):
        return _is_plain(dtype.value_type)
    return not (pa.types.is_nested(dtype) or pa.types.is_binary(dtype) or pa.types.is_large_binary(dtype))


def _text(name: str, column: Any) -> pl.Series:
    """Exact text of each value. A float is written as short as it can be, without an exponent."""
    if pa.types.is_floating(column.type):
        values = [None if v is None else _plain_float(v) for v in column.to_pylist()]
        return pl.Series(name, values, pl.String)
    return pl.Series(name, pl.from_arrow(pc.cast(column, pa.large_string())), pl.String)


def _plain_float(value: float) -> str:
    written = repr(value)
    if "e" in written:
        written = f"{value:f}" if abs(value) >= 1 else f"{value:.20f}".rstrip("0")
    return written.removesuffix(".0")
