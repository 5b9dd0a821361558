"""What kind of arrears these are: behaviour from the months before, and the balance band."""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from fairdue.core import segment as kernel
from fairdue.core.codes import Behaviour
from fairdue.core.quality import drawn
from fairdue.steps.rows import row_of
from fairdue.steps.state import Config, State

MONTHS = 6
NAMES = ("missed", "billed", "paid")
NOT_LIKELY, LEFT_ALONE, HELD_OUT = -1, 0, 1


def segment(state: State, config: Config) -> State:
    """Adds `behaviour` and `band` to the cases; the account with the worst arrears speaks for the customer."""
    missed, billed, paid = _months(state, config.as_of)
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


def _months(state: State, as_of: date) -> list[npt.NDArray[np.int64]]:
    """Missed, billed and paid, each of shape (cases, 6): the month of the business date first; `kernel.NO_MONTH` unknown."""
    wide = [np.full((state.cases.height, MONTHS), kernel.NO_MONTH, np.int64) for _ in NAMES]
    said = state.facts.months
    if said.is_empty():
        return wide
    lead = state.cases["lead_account"].fill_null(kernel.NO_MONTH).to_numpy()
    row = row_of(lead, said["account"].to_numpy())
    month = said["month"].to_numpy().astype("datetime64[M]")
    back = (np.datetime64(as_of, "M") - month).astype(np.int64)
    known = (row >= 0) & (back >= 0) & (back < MONTHS)
    told = said.select(pl.col(NAMES).cast(pl.Int64).fill_null(kernel.NO_MONTH))
    for out, name in zip(wide, NAMES, strict=True):
        out[row[known], back[known]] = told[name].to_numpy()[known]
    return wide
