"""What kind of arrears these are: behaviour from the months before, and the balance band."""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from fairdue.core import segment as kernel
from fairdue.core.codes import Behaviour
from fairdue.core.quality import drawn
from fairdue.steps.state import Config, State

MONTHS = 6
NOT_LIKELY, LEFT_ALONE, HELD_OUT = -1, 0, 1


def segment(state: State, config: Config) -> State:
    """Adds `behaviour` and `band` to the cases; the account with the worst arrears speaks for the customer."""
    missed, billed, paid = (_wide(state, name, config.as_of) for name in ("missed", "billed", "paid"))
    dpd = state.cases["dpd"].to_numpy()
    behaviour = kernel.behaviour(missed, billed, paid, dpd, config.strategy.behaviour)
    arm = _arm(state.cases["customer"].to_numpy(), behaviour, config)
    behaviour = np.where(arm == HELD_OUT, np.int8(Behaviour.FIRST_TIME), behaviour)
    band = kernel.band(state.cases["balance"].to_numpy(), config.strategy.band_edges)
    return state.with_(cases=state.cases.with_columns(pl.Series("behaviour", behaviour), pl.Series("band", band),
                                                       pl.Series("self_cure", arm)))  # fmt: skip


def _arm(customers: npt.NDArray[np.int64], behaviour: npt.NDArray[np.int8], config: Config) -> npt.NDArray[np.int8]:
    """Likely self-cures that are left alone, and those held out: worked as if nobody had expected them to pay by themselves.

    The same person falls on the same side every night.
    """
    likely = behaviour == Behaviour.SELF_CURE
    held = drawn(customers, config.self_cure.seed, config.self_cure.held_out_ppm)
    return np.where(likely, np.where(held, HELD_OUT, LEFT_ALONE), NOT_LIKELY).astype(np.int8)


def _wide(state: State, column: str, as_of: date) -> npt.NDArray[np.int64]:
    """Shape (cases, 6): the month of the business date first; `kernel.NO_MONTH` where nothing is known."""
    out = np.full((state.cases.height, MONTHS), kernel.NO_MONTH, np.int64)
    lead = state.cases.select(pl.int_range(pl.len()).alias("row"), pl.col("lead_account").alias("account"))
    month = pl.col("month").dt.year().cast(pl.Int64) * 12 + pl.col("month").dt.month()
    known = (
        state.facts.months.join(lead, on="account", how="inner")
        .with_columns((as_of.year * 12 + as_of.month - month).alias("back"))
        .filter(pl.col("back").is_between(0, MONTHS - 1) & pl.col(column).is_not_null())
    )
    out[known["row"].to_numpy(), known["back"].to_numpy()] = known[column].to_numpy()
    return out
