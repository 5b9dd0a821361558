"""How late each account is: from our schedule and the payments where we have one, else from the lender's own figure."""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from fairdue.core import delinquency
from fairdue.steps.balances import BALANCE
from fairdue.steps.state import Config, State

Days = npt.NDArray[np.datetime64]
Money = npt.NDArray[np.int64]


def age(state: State, config: Config) -> State:
    """Adds `due` (oldest unpaid due date), `dpd` and `owed` (total balance) to the accounts."""
    as_of = np.datetime64(config.as_of, "D")
    due = oldest_due(state)
    dpd = delinquency.days_past_due(due, as_of, _paused(state, due, as_of))
    accounts = state.accounts.with_columns(
        pl.Series("due", due), pl.Series("dpd", dpd), pl.sum_horizontal(list(BALANCE.values())).alias("owed")
    )
    return state.with_(accounts=accounts)


def index_of(state: State, frame: pl.DataFrame) -> npt.NDArray[np.int64]:
    """The row of each account of `frame` in the accounts frame (which is sorted by account)."""
    return np.searchsorted(state.accounts["account"].to_numpy(), frame["account"].to_numpy()).astype(np.int64)


def oldest_due(state: State) -> Days:
    """The oldest unpaid due date per account; NaT where nothing is unpaid."""
    lenders = state.accounts["oldest_unpaid_due"].to_numpy().astype("datetime64[D]")
    schedule = state.facts.instalments
    if schedule.is_empty():
        return lenders
    rows = index_of(state, schedule)
    ours = delinquency.oldest_unpaid_due(rows, _dates(schedule["due_on"]), schedule["amount"].to_numpy(), _paid(state))
    scheduled = np.isin(np.arange(len(lenders)), rows)
    return np.where(scheduled, ours, lenders)


def overdue_principal(state: State, principal: Money, on: date) -> Money:
    """What of `principal` is past due when a day begins: all of it without a schedule, else what fell due and was not paid."""
    schedule = state.facts.instalments.filter(pl.col("due_on") < on)
    late = state.accounts["oldest_unpaid_due"].fill_null(date.max).to_numpy() < np.datetime64(on, "D")
    whole = np.where(late, principal, 0)
    if state.facts.instalments.is_empty():
        return np.maximum(whole, 0)
    fallen = np.zeros(len(principal), np.int64)
    np.add.at(fallen, index_of(state, schedule), schedule["amount"].to_numpy())
    scheduled = np.isin(np.arange(len(principal)), index_of(state, state.facts.instalments))
    unpaid = np.clip(fallen - _paid(state, on), 0, np.maximum(principal, 0))
    return np.where(scheduled, unpaid, np.maximum(whole, 0))


def _paid(state: State, before: date | None = None) -> Money:
    """Payments per account, net of reversals, with value dates before a day."""
    paid = state.facts.paid if before is None else state.facts.paid.filter(pl.col("value_date") < before)
    total = np.zeros(state.accounts.height, np.int64)
    np.add.at(total, index_of(state, paid), paid["amount"].to_numpy())
    return total


def _paused(state: State, due: Days, as_of: np.datetime64) -> npt.NDArray[np.int64]:
    pauses = state.facts.pauses
    starts, ends = _dates(pauses["starts_on"]), _dates(pauses["ends_on"])
    return delinquency.paused_days(index_of(state, pauses), starts, ends, due, as_of)


def _dates(column: pl.Series) -> Days:
    return column.to_numpy().astype("datetime64[D]")
