"""Columns in and out of the database through Arrow (ADBC), for work that is too big to go row by row.

A `Columns` connection stages results in tables of its own; publishing them is one ordinary Django transaction.
SQLite keeps dates as text and yes/no as 0/1, PostgreSQL does not: `read` gives the same types for both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import adbc_driver_postgresql.dbapi
import adbc_driver_sqlite.dbapi
import polars as pl
from django.db import connection
from psycopg.conninfo import make_conninfo

Schema = Mapping[str, pl.DataType | type[pl.DataType]]


def cast(frame: pl.DataFrame, schema: Schema) -> pl.DataFrame:
    """The frame with exactly the columns and types of `schema`, whichever database it came from."""
    return frame.select(
        pl.col(name).str.to_date() if dtype == pl.Date and frame.schema[name] == pl.String else pl.col(name).cast(dtype)
        for name, dtype in schema.items()
    )


class Columns:
    """One ADBC connection: read frames, stage frames, commit."""

    def __init__(self, raw: Any) -> None:
        self.raw = raw

    def read(self, sql: str, schema: Schema) -> pl.DataFrame:
        """The result of a query as a frame with the columns and types of `schema`.

        `sql` is made of our own constants and of integers only.
        """
        with self.raw.cursor() as cursor:
            cursor.execute(sql)
            return cast(pl.DataFrame(pl.from_arrow(cursor.fetch_arrow_table())), schema)

    def stage(self, table: str, frame: pl.DataFrame) -> None:
        """Append the frame to a staging table, creating it when it is not there yet."""
        with self.raw.cursor() as cursor:
            cursor.adbc_ingest(table, frame.to_arrow(), mode="create_append")

    def execute(self, sql: str) -> None:
        """A statement of our own constants and integers."""
        with self.raw.cursor() as cursor:
            cursor.execute(sql)

    def commit(self) -> None:
        """Make everything since the last commit visible to others."""
        self.raw.commit()


@contextmanager
def columns() -> Iterator[Columns]:
    """A `Columns` connection to the default database; what was not committed is rolled back at the end."""
    raw = _open()
    try:
        yield Columns(raw)
    finally:
        raw.rollback()
        raw.close()


def _open() -> Any:
    if connection.vendor == "sqlite":
        raw = adbc_driver_sqlite.dbapi.connect(str(connection.settings_dict["NAME"]))
        with raw.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 30000")
        return raw
    made = connection.settings_dict
    said = {"dbname": made["NAME"], "user": made["USER"], "password": made["PASSWORD"]}
    said |= {"host": made["HOST"], "port": made["PORT"]}
    return adbc_driver_postgresql.dbapi.connect(make_conninfo(**{key: value for key, value in said.items() if value}))


def drop(table: str) -> str:
    """SQL that removes a staging table."""
    return f'DROP TABLE IF EXISTS "{table}"'
