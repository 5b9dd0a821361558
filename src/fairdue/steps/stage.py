"""One case per customer: the worst arrears decide the stage, every overdue account counts in the balance."""

from __future__ import annotations

import numpy as np
import polars as pl

from fairdue.core import delinquency
from fairdue.core.codes import PlanStatus, Standing
from fairdue.steps.state import Config, State


def stage(state: State, config: Config) -> State:
    """Makes the cases: customers with arrears above the floor, and customers whose case is still open."""
    current = config.stages.codes[0]
    cases = _arrears(state.accounts, config.floor).join(
        state.facts.cases.rename({"stage": "prev_stage"}), on="customer", how="full", coalesce=True
    )
    cases = cases.sort("customer").with_columns(
        pl.col("in_arrears", "plan_runs").fill_null(value=False),
        pl.col("dpd", "balance", "overdue_accounts").fill_null(0),
        pl.col("case", "owner", "callback_at", "last_contact_at").fill_null(-1),
        pl.col("prev_stage").fill_null(current).replace("", current),
    )
    index = pl.Series("stage_index", config.stages.stage(cases["dpd"].to_numpy()))
    stages = pl.Series(config.stages.codes).gather(index).alias("stage")
    return state.with_(cases=cases.with_columns(index, stages), standing=_standing(state.accounts, config.floor))


def _standing(accounts: pl.DataFrame, floor: int) -> pl.DataFrame:
    """How many accounts, and what is owed on them, per `Standing`: together all that came in."""
    late = pl.col("dpd") > 0
    standing = (
        pl.when(~late).then(int(Standing.NOT_OVERDUE))
        .when(pl.col("owed") <= 0).then(int(Standing.OWES_NOTHING))
        .when(pl.col("owed") <= floor).then(int(Standing.BELOW_FLOOR))
        .otherwise(int(Standing.IN_CASE))
    )  # fmt: skip
    grouped = accounts.group_by(standing.cast(pl.Int8).alias("standing"))
    return grouped.agg(pl.len().cast(pl.Int64).alias("accounts"), pl.col("owed").sum().alias("balance"))


def _arrears(accounts: pl.DataFrame, floor: int) -> pl.DataFrame:
    """Customers in arrears. An account counts only above the floor, and never with nothing owed."""
    customers, index = np.unique(accounts["customer"].to_numpy(), return_inverse=True)
    dpd, owed = accounts["dpd"].to_numpy(), accounts["owed"].to_numpy()
    worst = delinquency.customer_max(index.astype(np.int64), len(customers), dpd, owed, floor)
    late = accounts.filter((pl.col("dpd") > 0) & (pl.col("owed") > max(floor, 0)))
    lead = pl.col("dpd").arg_max()
    found = late.group_by("customer").agg(
        pl.lit(value=True).alias("in_arrears"),
        pl.col("due").min().alias("oldest_due"),
        pl.col("owed").sum().alias("balance"),
        pl.len().cast(pl.Int32).alias("overdue_accounts"),
        pl.col("account").get(lead).alias("lead_account"),
        pl.col("product").get(lead),
        pl.col("plan_status").max(),
        (pl.col("plan_status") == int(PlanStatus.PERFORMING)).all().alias("plan_runs"),
    )
    days = pl.DataFrame({"customer": customers, "dpd": worst.astype(np.int32)})
    return found.join(days, on="customer", how="left")
