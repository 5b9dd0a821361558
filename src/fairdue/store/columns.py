"""Columns in and out of the database, for work that is too big to go row by row through the ORM.

PostgreSQL: through Arrow (ADBC). SQLite: through Python's own driver, because ADBC brings a second copy of the SQLite library,
and two copies that have one file open in one process undo each other's locks (sqlite.org/howtocorrupt.html, 2.2.1).

A `Columns` connection stages results in tables of its own; publishing them is one ordinary Django transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any, Protocol

import adbc_driver_postgresql.dbapi
import polars as pl
from django.db import connection
from psycopg.conninfo import make_conninfo

Schema = Mapping[str, pl.DataType | type[pl.DataType]]
SQLITE_TYPES: Mapping[type[pl.DataType], str] = {
    pl.String: "text", pl.Date: "text", pl.Binary: "blob", pl.Boolean: "bool",
}  # fmt: skip
READ_AT_ONCE = 100_000


class Columns(Protocol):
    """Read frames, stage frames, commit. SQL is made of our own constants and of integers only."""

    def read(self, sql: str, schema: Schema) -> pl.DataFrame:
        """The result of a query as a frame with the columns and types of `schema`."""
        ...

    def stage(self, table: str, frame: pl.DataFrame) -> None:
        """Append the frame to a staging table, creating it when it is not there yet."""
        ...

    def execute(self, sql: str) -> None:
        """Run one statement."""
        ...

    def commit(self) -> None:
        """Make everything since the last commit visible to others."""
        ...


class _Arrow:
    """PostgreSQL through ADBC."""

    def __init__(self, raw: Any) -> None:
        self.raw = raw

    def read(self, sql: str, schema: Schema) -> pl.DataFrame:
        with self.raw.cursor() as cursor:
            cursor.execute(sql)
            return cast(pl.DataFrame(pl.from_arrow(cursor.fetch_arrow_table())), schema)

    def stage(self, table: str, frame: pl.DataFrame) -> None:
        with self.raw.cursor() as cursor:
            cursor.adbc_ingest(table, frame.to_arrow(), mode="create_append")

    def execute(self, sql: str) -> None:
        with self.raw.cursor() as cursor:
            cursor.execute(sql)

    def commit(self) -> None:
        self.raw.commit()


class _Sqlite:
    """SQLite through Python's driver; a write takes the lock at once, as everywhere else."""

    def __init__(self, raw: sqlite3.Connection) -> None:
        self.raw = raw

    def read(self, sql: str, schema: Schema) -> pl.DataFrame:
        return frame_of(self.raw.execute(sql), schema)

    def stage(self, table: str, frame: pl.DataFrame) -> None:
        self._begin()
        typed = ", ".join(f'"{n}" {SQLITE_TYPES.get(d.base_type(), "bigint")}' for n, d in frame.schema.items())
        self.raw.execute(f'CREATE TABLE IF NOT EXISTS "{table}" ({typed})')
        plain = frame.with_columns(pl.col(pl.Date).cast(pl.String))
        names, holes = ", ".join(f'"{n}"' for n in frame.columns), ", ".join("?" * frame.width)
        self.raw.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({holes})', plain.iter_rows())

    def execute(self, sql: str) -> None:
        self._begin()
        self.raw.execute(sql)

    def commit(self) -> None:
        self.raw.commit()

    def _begin(self) -> None:
        if not self.raw.in_transaction:
            self.raw.execute("BEGIN IMMEDIATE")


def frame_of(cursor: Any, schema: Schema) -> pl.DataFrame:
    """Rows of a DB-API cursor as a frame with the columns and types of `schema`."""
    names = [said[0] for said in cursor.description]
    frames = []
    while rows := cursor.fetchmany(READ_AT_ONCE):
        values = dict(zip(names, zip(*rows, strict=True), strict=True))
        frames.append(cast(pl.DataFrame([pl.Series(name, list(values[name])) for name in schema]), schema))
    return pl.concat(frames) if frames else nothing(schema)


def few_of(cursor: Any, schema: Schema) -> pl.DataFrame:
    """The same for the few rows of one customer, at a fifth of the cost where the driver gives the types as they are."""
    if connection.vendor == "sqlite":
        return frame_of(cursor, schema)
    rows = cursor.fetchall()
    if not rows:
        return nothing(schema)
    names = [said[0] for said in cursor.description]
    frame = pl.DataFrame(rows, {name: schema[name] for name in names}, orient="row")
    return frame if names == list(schema) else frame.select(list(schema))


def nothing(schema: Schema) -> pl.DataFrame:
    """No rows: one frame for all who ask, since frames do not change."""
    return _nothing(tuple(schema.items()))


@cache
def _nothing(columns: tuple[tuple[str, pl.DataType | type[pl.DataType]], ...]) -> pl.DataFrame:
    return pl.DataFrame(schema=dict(columns))


def cast(frame: pl.DataFrame, schema: Schema) -> pl.DataFrame:
    """The frame with exactly the columns and types of `schema`: SQLite keeps dates as text and yes/no as 0 and 1."""
    return frame.select(
        pl.col(name).str.to_date() if dtype == pl.Date and frame.schema[name] == pl.String else pl.col(name).cast(dtype)
        for name, dtype in schema.items()
    )


@contextmanager
def columns() -> Iterator[Columns]:
    """A `Columns` connection to the default database; what was not committed is rolled back at the end."""
    raw = _open_sqlite() if connection.vendor == "sqlite" else _open_postgresql()
    try:
        yield _Sqlite(raw) if connection.vendor == "sqlite" else _Arrow(raw)
    finally:
        raw.rollback()
        raw.close()


def _open_sqlite() -> Any:
    # isolation_level None: transactions begin where we say; autocommit reads see what others committed.
    return sqlite3.connect(str(connection.settings_dict["NAME"]), timeout=120, isolation_level=None)


def _open_postgresql() -> Any:
    made = connection.settings_dict
    said = {
        "dbname": made["NAME"],
        "user": made["USER"],
        "password": made["PASSWORD"],
        "host": made["HOST"],
        "port": made["PORT"],
    }
    said |= {key: value for key, value in made["OPTIONS"].items() if isinstance(value, str)}
    return adbc_driver_postgresql.dbapi.connect(make_conninfo(**{key: value for key, value in said.items() if value}))


def drop(table: str) -> str:
    """SQL that removes a staging table."""
    return f'DROP TABLE IF EXISTS "{table}"'
