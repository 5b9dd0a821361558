"""Contacts on their way through an audit: from parsed rows to compact columns, and from those to facts and history."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

import polars as pl

from fairdue.core.codes import NO, UNKNOWN, YES
from fairdue.core.guard_facts import FACTS
from fairdue.intake.canonical import CONTACTS
from fairdue.logaudit.order import Order

FILE = 1 << 40  # a contact is known by one number: its row, and this times the number of its file, from 0
IDS = ("debtor", "person", "debt", "point")
TEXTS = ("contact_id", "agency", "collector")
SECOND, ROW, ZONE, SAME = "at", "row", "zone", "same"
CODED = tuple(column.name for column in CONTACTS if column.name not in {*IDS, *TEXTS, SECOND, ZONE})


@cache
def zones() -> tuple[str, ...]:
    """Every zone by number."""
    return tuple(sorted(available_timezones()))


def compact(good: pl.DataFrame, file: int, order: Order) -> pl.DataFrame:
    """Parsed rows as narrow columns, -1 where the log does not say; assumptions stand where they are made."""
    coded = [_coded(name, order) for name in CODED]
    zone = pl.col("zone").fill_null(pl.lit(order.zone, pl.String))
    numbers = {name: number for number, name in enumerate(zones())}
    frame = good.select(
        (pl.lit(file * FILE, pl.Int64) + pl.col("row_no")).alias(ROW), SECOND, *IDS, *TEXTS,
        zone.replace_strict(numbers, default=None, return_dtype=pl.Int16).fill_null(UNKNOWN).alias(ZONE), *coded,
    )  # fmt: skip
    answered, talked = pl.col("answered"), pl.col("talked")
    return frame.with_columns(
        pl.when(answered == NO).then(pl.lit(NO, pl.Int8)).otherwise(talked).alias("talked"),  # nobody talks unanswered
        pl.when(talked == YES).then(pl.lit(YES, pl.Int8)).otherwise(answered).alias("answered"),
        pl.when(pl.col("point").str.contains(r"[*＊]")).then(None).otherwise("point").alias("point"),  # masked: not one
    )


def _coded(name: str, order: Order) -> pl.Expr:
    column = pl.col(name).cast(pl.Int64 if _is_number(name) else pl.Int8)
    if name in order.assume:
        said = pl.lit(order.number(name), pl.Int8)
        column = pl.when(column.is_null() | (column == UNKNOWN)).then(said).otherwise(column)
    return column.fill_null(UNKNOWN).alias(name)


def _is_number(name: str) -> bool:
    return name in FACTS and FACTS[name].values is None
