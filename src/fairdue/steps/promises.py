"""Judges promises that have matured: kept or broken by what was paid, never by hand."""

from __future__ import annotations

import polars as pl

from fairdue.steps.state import Config, State

GRACE_DAYS = 3  # 承诺期 is commonly the promised day and three more


def promises(state: State, config: Config) -> State:
    """Adds `promise_until` (last day of grace of the newest promise, running or broken) and `promise_broken`."""
    known = state.facts.promises
    last_day = (pl.col("due_on") + pl.duration(days=GRACE_DAYS)).cast(pl.Date)
    judged = _paid_in_time(state, last_day).with_columns(
        pl.when(pl.col("status") != "OPEN").then("status")
        .when(pl.col("got") >= pl.col("amount")).then(pl.lit("KEPT"))
        .when(last_day < config.as_of).then(pl.lit("BROKEN"))
        .otherwise(pl.lit("OPEN")).alias("judged")
    )  # fmt: skip
    newest = judged.sort("promise").group_by("customer", maintain_order=True).last()
    per_customer = newest.select(
        "customer",
        pl.when(pl.col("judged").is_in(["OPEN", "BROKEN"])).then(last_day).alias("promise_until"),
        (pl.col("judged") == "BROKEN").alias("promise_broken"),
    )
    cases = state.cases.join(per_customer, on="customer", how="left", maintain_order="left")
    changed = judged.filter((pl.col("status") == "OPEN") & (pl.col("judged") != "OPEN"))
    return state.with_(
        cases=cases.with_columns(pl.col("promise_broken").fill_null(value=False)),
        promises=changed.select("promise", pl.col("judged").alias("status")).sort("promise")
        if known.height
        else state.promises,
    )


def _paid_in_time(state: State, last_day: pl.Expr) -> pl.DataFrame:
    """Promises with what was paid from the day they were made to the end of grace, minor units."""
    paid = state.facts.paid.select("customer", "value_date", pl.col("amount").alias("paid"))
    in_time = pl.col("value_date").is_between(pl.col("made_on"), last_day)
    return (
        state.facts.promises.join(paid, on="customer", how="left")
        .group_by("promise", "customer", "made_on", "due_on", "amount", "status")
        .agg(pl.col("paid").filter(in_time).sum().alias("got"))
    )
