"""Judges promises by what was paid, never by hand, and says what they mean for the case today."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from fairdue.core import dates
from fairdue.core import promises as kernel
from fairdue.core.promises import PromiseStatus as Status
from fairdue.rules.talk.aims import PROMISE
from fairdue.rules.talk.promises import policy_at
from fairdue.steps.gathered import Gathered
from fairdue.steps.state import Config, State

NAMES = {int(status): status.name for status in Status}
MEANS = {
    "promise_until": pl.Date, "promise_broken": pl.Boolean, "promise_state": pl.Int64, "broken_count": pl.Int64,
    "remind_on": pl.Date,
}  # fmt: skip
UNKEPT = (Status.BROKEN.name, Status.PARTLY_KEPT.name)


def promises(state: State, config: Config) -> State:
    """Adds what promises mean today, and gives what was judged anew.

    `promise_until` is the last day of grace of the promise that counts now.
    """
    if state.facts.promises.is_empty():
        nothing = (pl.lit(None, kind).alias(name) for name, kind in MEANS.items())
        return state.with_(cases=_filled(state.cases.with_columns(nothing)))
    judged = judge(state.facts, config)
    cases = state.cases.with_columns(
        pl.Series("last_contact_on", _local_day(state.cases["last_contact_at"], config.zone))
    )
    for found in (_counting(judged, cases), _broken(judged, config), _reminders(judged, config)):
        cases = cases.join(found, on="customer", how="left", maintain_order="left")
    return state.with_(cases=_filled(cases).drop("last_contact_on"), promises=changed(judged, config))


def judge(facts: Gathered, config: Config) -> pl.DataFrame:
    """The promises with `judged`, `got` and `until`."""
    p = facts.promises
    paid = facts.paid.group_by("customer", "counts_on").agg(pl.col("amount").sum())  # a reversal undoes its payment
    status, got = kernel.judge(
        kernel.Promised(
            p["customer"].to_numpy(), _days(p["made_on"]), _days(p["due_on"]), p["grace_days"].to_numpy(),
            p["amount"].to_numpy(), p["threshold_ppm"].to_numpy(), (p["status"] != Status.SUPERSEDED.name).to_numpy(),
        ),
        kernel.Paid(paid["customer"].to_numpy(), _days(paid["counts_on"]), paid["amount"].to_numpy()),
        np.datetime64(config.as_of, "D"),
    )  # fmt: skip
    names = pl.Series("judged", [NAMES[int(code)] for code in status], dtype=pl.String)
    until = (pl.col("due_on") + pl.duration(days=pl.col("grace_days"))).cast(pl.Date).alias("until")
    return p.with_columns(names, pl.Series("got", got, dtype=pl.Int64), until)


def changed(judged: pl.DataFrame, config: Config) -> pl.DataFrame:
    """What must be written: promises whose status or payments are other than they were."""
    anew = judged.filter((pl.col("status") != pl.col("judged")) | (pl.col("paid") != pl.col("got")))
    return anew.select(
        "promise",
        pl.col("judged").alias("status"),
        pl.col("got").alias("paid"),
        pl.lit(config.as_of, pl.Date).alias("judged_on"),
    ).sort("promise")


def _counting(judged: pl.DataFrame, cases: pl.DataFrame) -> pl.DataFrame:
    """One promise per case: the newest that went unkept and nobody followed up, else the first of those that run."""
    contacts = cases.select("customer", "last_contact_on")
    mine = judged.filter(pl.col("of_open_case")).join(contacts, on="customer", how="left", maintain_order="left")
    followed = (pl.col("last_contact_on") > pl.col("until")).fill_null(value=False)
    renewed = pl.col("made_on").max().over("customer") > pl.col("until")
    pending = pl.col("judged").is_in(UNKEPT) & ~followed & ~renewed
    runs = pl.col("judged") == Status.OPEN.name
    days = pl.col("until").to_physical()
    ranked = mine.filter(pending | runs).with_columns(
        pending.alias("broken"), pl.when(pending).then(-days).otherwise(days).alias("turn")
    )
    one = ranked.sort("customer", "broken", "turn", "promise", descending=[False, True, False, False])
    return (
        one.group_by("customer", maintain_order=True)
        .first()
        .select(
            "customer",
            pl.col("until").alias("promise_until"),
            pl.col("broken").alias("promise_broken"),
            pl.col("judged").replace_strict(_STATES, return_dtype=pl.Int64).alias("promise_state"),
        )
    )


_STATES = {Status.OPEN.name: PROMISE["OPEN"], Status.BROKEN.name: PROMISE["BROKEN"],
           Status.PARTLY_KEPT.name: PROMISE["PARTLY"]}  # fmt: skip


def _broken(judged: pl.DataFrame, config: Config) -> pl.DataFrame:
    """How many were broken within the memory of the policy, over all cases of the person."""
    memory = policy_at(config.as_of).memory_days
    recent = judged.filter(
        (pl.col("judged") == Status.BROKEN.name) & (pl.col("until") + pl.duration(days=memory) >= config.as_of)
    )
    return recent.group_by("customer").agg(pl.len().cast(pl.Int64).alias("broken_count"))


def _reminders(judged: pl.DataFrame, config: Config) -> pl.DataFrame:
    """The day of the reminder somebody asked for, for the first promise that runs."""
    days = policy_at(config.as_of).remind_days
    asked = judged.filter(pl.col("of_open_case") & pl.col("remind") & (pl.col("judged") == Status.OPEN.name))
    on = (pl.col("due_on") - pl.duration(days=days)).cast(pl.Date)
    return asked.group_by("customer").agg(on.min().alias("remind_on"))


def _filled(cases: pl.DataFrame) -> pl.DataFrame:
    return cases.with_columns(
        pl.col("promise_broken").fill_null(value=False), pl.col("promise_state", "broken_count").fill_null(0)
    )


def _days(column: pl.Series) -> npt.NDArray[np.datetime64]:
    return column.cast(pl.Date).to_numpy().astype("datetime64[D]")


def _local_day(instants: pl.Series, zone: str) -> npt.NDArray[np.datetime64]:
    at = instants.to_numpy()
    return dates.local_day(at, np.zeros(len(at), np.int16), (zone,))
