"""What is best among what is lawful: one decision per case, with everything it follows from beside it."""

from __future__ import annotations

import json
from datetime import timedelta

import numpy as np
import polars as pl

from fairdue.core import decision as kernel
from fairdue.core import guard as law
from fairdue.insight import value as values
from fairdue.steps.state import Config, State

DAY = 24 * 60
GRACE_DAYS = 3  # 承诺期: a promise is judged three days after its date (vocabulary: t+3)
CASE_FACTS = (
    "stage", "dpd", "oldest_due", "balance", "overdue_accounts", "product", "behaviour", "band", "callback_at",
    "last_contact_at", "promise_until", "promise_broken", "attempts_7d", "has_point",
)  # fmt: skip


def promises(state: State, config: Config) -> State:
    """Judges promises that have matured: kept if what was promised was paid between the promise and the end of grace."""
    open_ones = state.facts.promises.filter(pl.col("status") == "OPEN")
    paid = state.facts.paid.select("customer", "value_date", pl.col("amount").alias("paid"))
    last_day = pl.col("due_on") + pl.duration(days=GRACE_DAYS)
    in_time = pl.col("value_date").is_between(pl.col("made_on"), last_day)
    got = (
        open_ones.join(paid, on="customer", how="left")
        .group_by("promise", "customer", "amount", "due_on")
        .agg(pl.col("paid").filter(in_time).sum().alias("got"))
    )
    judged = got.with_columns(
        pl.when(pl.col("got") >= pl.col("amount")).then(pl.lit("KEPT"))
        .when(last_day < config.as_of).then(pl.lit("BROKEN"))
        .otherwise(pl.lit("OPEN")).alias("status")
    )  # fmt: skip
    changed = judged.filter(pl.col("status") != "OPEN").select("promise", "status").sort("promise")
    running = judged.filter(pl.col("status") == "OPEN").group_by("customer").agg(last_day.max().alias("promise_until"))
    broken = pl.concat([
        state.facts.promises.filter(pl.col("status") == "BROKEN").select("customer"),
        judged.filter(pl.col("status") == "BROKEN").select("customer"),
    ]).unique().with_columns(pl.lit(value=True).alias("promise_broken"))  # fmt: skip
    cases = state.cases.join(running, on="customer", how="left", maintain_order="left").join(
        broken, on="customer", how="left", maintain_order="left"
    )
    return state.with_(cases=cases.with_columns(pl.col("promise_broken").fill_null(value=False)), promises=changed)


def decide(state: State, config: Config) -> State:
    """Adds the decision, the value of acting now, and the record of both."""
    worth = _value(state, config)
    cases = state.cases.with_columns(_attempts_this_week(state, config))
    made = kernel.decide(
        planned_aim=cases["planned_aim"].to_numpy(), channel=cases["channel"].to_numpy(),
        cadence=cases["cadence"].to_numpy(), behaviour=cases["behaviour"].to_numpy(),
        owed=cases["balance"].to_numpy(), last_contact=cases["last_contact_at"].to_numpy(),
        promise_until=cases["promise_until"].to_numpy().astype("datetime64[D]"),
        promise_broken=cases["promise_broken"].to_numpy(), callback_at=cases["callback_at"].to_numpy(),
        stops={name: _flag(state, name) for name in ("paused", "disputed", "claims_paid", "ceased")},
        has_point=cases["has_point"].to_numpy(), allowed=cases["allowed"].to_numpy(),
        next_lawful=cases["next_lawful"].to_numpy(), at=np.full(cases.height, config.at),
    )  # fmt: skip
    decided = cases.with_columns(
        pl.Series("action", made.action), pl.Series("aim", made.aim), pl.Series("reason", made.reason),
        pl.Series("not_before", made.not_before), pl.Series("review_on", made.review_on),
        pl.Series("value", worth.expected), pl.lit(config.at, pl.Int64).alias("at"),
        *_record(state, cases, worth, config),
    )  # fmt: skip
    return state.with_(cases=decided)
