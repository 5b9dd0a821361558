"""Contacts and breaches added up, by agency, collector, rule, hour and day: small frames per bucket that can be summed."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from fairdue.core.dates import MINUTES
from fairdue.logaudit.contacts import ROW
from fairdue.logaudit.judging import Judged

TOTALS = {
    "by": pl.String, "key": pl.String, "second_key": pl.String, "contacts": pl.Int64, "in_breach": pl.Int64, "breaches": pl.Int64,
}  # fmt: skip
_SUMS = ("contacts", "in_breach", "breaches")
_KEYS = {  # what is added up: two keys, as expressions over the contacts
    "all": (pl.lit(""), pl.lit("")),
    "agency": (pl.col("agency"), pl.lit("")),
    "collector": (pl.col("agency"), pl.col("collector")),
    "hour": (pl.col("hour").cast(pl.String), pl.lit("")),
    "day": (pl.col("day").cast(pl.String), pl.lit("")),
}


def totals(judged: Judged, breaches: pl.DataFrame, rules: Sequence[str]) -> pl.DataFrame:
    """Everything added up for one bucket; unknown keys are null. `breaches`: of every pass."""
    local = pl.Series("local", judged.local).set(pl.Series(judged.local < 0), None)
    per_row = breaches.group_by(ROW).agg(pl.len().cast(pl.Int64).alias("breaches"))
    contacts = (
        judged.frame.select(ROW, "agency", "collector")
        .with_columns(
            (local % MINUTES // 60).alias("hour"), (local // MINUTES).cast(pl.Int32).cast(pl.Date).alias("day")
        )
        .join(per_row, on=ROW, how="left")
        .with_columns(pl.col("breaches").fill_null(0))
    )
    parts = [_by(contacts, name, *keys) for name, keys in _KEYS.items()]
    return pl.concat([*parts, *_by_rule(contacts, breaches, rules), _standing(judged, contacts)])


def _by(contacts: pl.DataFrame, name: str, first: pl.Expr, second: pl.Expr) -> pl.DataFrame:
    grouped = contacts.group_by(first.alias("key"), second.alias("second_key")).agg(
        pl.len().cast(pl.Int64).alias("contacts"), (pl.col("breaches") > 0).sum().cast(pl.Int64).alias("in_breach"),
        pl.col("breaches").sum(),
    )  # fmt: skip
    return grouped.select(pl.lit(name).alias("by"), *list(TOTALS)[1:])


def _by_rule(contacts: pl.DataFrame, breaches: pl.DataFrame, rules: Sequence[str]) -> list[pl.DataFrame]:
    named = breaches.select(
        ROW, pl.col("rule").replace_strict(dict(enumerate(rules)), default=None, return_dtype=pl.String)
    ).join(contacts.select(ROW, "agency"), on=ROW, how="left")  # fmt: skip
    found = []
    for name, second in (("rule", pl.lit("")), ("rule_agency", pl.col("agency"))):
        grouped = named.group_by(pl.col("rule").alias("key"), second.alias("second_key")).agg(
            pl.lit(0, pl.Int64).alias("contacts"), pl.col(ROW).n_unique().cast(pl.Int64).alias("in_breach"),
            pl.len().cast(pl.Int64).alias("breaches"),
        )  # fmt: skip
        found.append(grouped.select(pl.lit(name).alias("by"), *list(TOTALS)[1:]))
    return found


def _standing(judged: Judged, contacts: pl.DataFrame) -> pl.DataFrame:
    """How each contact came out: in breach; not in breach but not judged by every rule; clear by every rule."""
    breach = (contacts["breaches"] > 0).to_numpy()
    open_ones = judged.is_open & ~breach
    states = {"breach": int(breach.sum()), "open": int(open_ones.sum()), "clear": int((~breach & ~open_ones).sum())}
    return pl.DataFrame(
        [("standing", name, "", count, 0, 0) for name, count in states.items()], schema=TOTALS, orient="row"
    )


def summed(parts: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """The totals of several buckets together."""
    whole = pl.concat([pl.DataFrame(schema=TOTALS), *parts])
    return (
        whole.group_by("by", "key", "second_key")
        .agg(pl.col(_SUMS).sum())
        .sort("by", "key", "second_key", nulls_last=True)
    )
