"""Contacts on their way through an audit: from parsed rows to compact columns."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from zoneinfo import available_timezones

import polars as pl

from fairdue.core.codes import NO, UNKNOWN, YES, Party
from fairdue.core.guard_facts import FACTS, Fact
from fairdue.core.guard_history import PAST
from fairdue.intake.canonical import CONTACTS
from fairdue.logaudit.order import Order

FILE = 1 << 40  # a contact is known by one number: its row, and this times the number of its file, from 0
IDS = ("debtor", "person", "debt", "point")
TEXTS = ("contact_id", "agency", "collector")
SECOND, ROW, ZONE = "at", "row", "zone"
CODED = tuple(column.name for column in CONTACTS if column.name not in {*IDS, *TEXTS, SECOND, ZONE})
ALWAYS = ("answered", "talked", "channel", "mode", "direction", "party")  # what the past is counted by, said or not


@cache
def zones() -> tuple[str, ...]:
    """Every zone by number."""
    return tuple(sorted(available_timezones()))


def compact(good: pl.DataFrame, file: int, order: Order, given: Iterable[str]) -> pl.DataFrame:
    """Parsed rows as narrow columns, unknown where the log does not say; assumptions stand where they are made.

    `given`: what the log or an assumption says at all; nothing else is kept.
    """
    numbers = {name: number for number, name in enumerate(zones())}
    zone = pl.col("zone").fill_null(pl.lit(order.zone, pl.String))
    frame = good.select(
        (pl.lit(file * FILE, pl.Int64) + pl.col("row_no")).alias(ROW), SECOND, *IDS, *TEXTS,
        zone.replace_strict(numbers, default=None, return_dtype=pl.Int16).fill_null(UNKNOWN).alias(ZONE),
        *(_coded(name, order) for name in CODED if name in given or name in ALWAYS),
    )  # fmt: skip
    answered, talked = pl.col("answered"), pl.col("talked")
    himself = pl.when(pl.col("party") == int(Party.BORROWER)).then("debtor")
    return frame.with_columns(
        pl.when(answered == NO).then(pl.lit(NO, pl.Int8)).otherwise(talked).alias("talked"),  # nobody talks unanswered
        pl.when(talked == YES).then(pl.lit(YES, pl.Int8)).otherwise(answered).alias("answered"),
        pl.when(pl.col("point").str.contains(r"[*＊]")).then(None).otherwise("point").alias("point"),  # masked: not one
        pl.coalesce("person", himself).alias("person"),
    )


def fact_of(name: str) -> Fact:
    """The fact a column holds."""
    return FACTS[name] if name in FACTS else PAST[name]


def _coded(name: str, order: Order) -> pl.Expr:
    fact = fact_of(name)
    column = pl.col(name).cast(pl.Int64 if fact.values is None else pl.Int8)
    if name in order.assume:
        said = pl.lit(order.number(name), pl.Int8)
        column = pl.when(column.is_null() | (column == UNKNOWN)).then(said).otherwise(column)
    return column.fill_null(fact.absent).alias(name)
