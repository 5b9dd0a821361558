"""One case per customer: the worst arrears decide the stage, every overdue account counts in the balance."""

from __future__ import annotations

import polars as pl

from fairdue.steps.state import Config, State


def stage(state: State, config: Config) -> State:
    """Makes the cases: customers with arrears above the floor, and customers whose case is still open."""
    arrears = _arrears(state.accounts, config.floor)
    known = state.facts.cases.rename({"stage": "prev_stage"})
    cases = arrears.join(known, on="customer", how="full", coalesce=True).sort("customer")
    cases = cases.with_columns(
        pl.col("in_arrears").fill_null(value=False),
        pl.col("dpd", "balance", "overdue_accounts").fill_null(0),
        pl.col("case", "owner", "callback_at", "last_contact_at").fill_null(-1),
        pl.col("prev_stage").fill_null(config.stages.codes[0]),
    ).with_columns(pl.col("prev_stage").replace("", config.stages.codes[0]))
    index = config.stages.stage(cases["dpd"].to_numpy())
    codes = pl.Series(config.stages.codes)
    return state.with_(
        cases=cases.with_columns(pl.Series("stage_index", index), codes.gather(pl.Series(index)).alias("stage"))
    )


def _arrears(accounts: pl.DataFrame, floor: int) -> pl.DataFrame:
    """Nobody is in arrears with nothing owed: an account counts only above the floor, and never at or below zero."""
    late = accounts.filter((pl.col("dpd") > 0) & (pl.col("owed") > max(floor, 0)))
    lead = pl.col("dpd").arg_max()
    return late.group_by("customer").agg(
        pl.lit(value=True).alias("in_arrears"),
        pl.col("dpd").max().cast(pl.Int32),
        pl.col("due").min().alias("oldest_due"),
        pl.col("owed").sum().alias("balance"),
        pl.len().cast(pl.Int32).alias("overdue_accounts"),
        pl.col("account").get(lead).alias("lead_account"),
        pl.col("product").get(lead),
        pl.col("plan_status").max(),
    )
