"""Interest and penalty interest up to the business date, where our ledger is the truth.

Where the lender's balances are the truth nothing is accrued: their next figure brings it. A catch-up goes day by day, so
that instalments falling due and payments arriving in between change the base on their own day.
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

from fairdue.core import accrual
from fairdue.core.codes import Component, PlanStatus
from fairdue.steps.age import Money, index_of, overdue_principal
from fairdue.steps.balances import BALANCE, matrix
from fairdue.steps.state import Config, State

DAY = np.timedelta64(1, "D")


def accrue(state: State, config: Config) -> State:
    """Adds what ran up since each account was last accrued: postings, carried remainders, and the balances they make."""
    if not config.owns_ledger or state.accounts.is_empty():
        return state
    a = state.accounts
    since = a["accrued_to"].to_numpy().astype("datetime64[D]")
    carry = (a["carry_interest"].to_numpy().copy(), a["carry_penalty"].to_numpy().copy())
    terms = _terms(a)
    before = matrix(a)
    balances, unknown = before.copy(), np.zeros(a.height, bool)
    day = since.min()
    while day < np.datetime64(config.as_of, "D"):
        owed = balances + _not_yet_paid(state, day)
        overdue = overdue_principal(state, owed[:, Component.PRINCIPAL], day.item() + timedelta(days=1))
        run = accrual.accrue(
            principal=owed[:, Component.PRINCIPAL],
            overdue_principal=overdue,
            unpaid_interest=np.where(overdue > 0, owed[:, Component.INTEREST], 0),
            terms=terms, start=np.maximum(since, day), end=np.maximum(since, day + DAY), carry=carry,
        )  # fmt: skip
        balances[:, Component.INTEREST] += run.interest
        balances[:, Component.PENALTY] += run.penalty
        carry, unknown = run.carry, unknown | run.unknown
        day = day + DAY
    return _posted(state, balances - before, carry, unknown)


def _terms(a: pl.DataFrame) -> accrual.Terms:
    """The contract's terms; while a plan performs it bears what the plan says, which is posted with its instalments."""
    planned = a["plan_status"].to_numpy() == PlanStatus.PERFORMING
    return accrual.Terms(
        annual_ppm=np.where(planned, 0, a["annual_ppm"].to_numpy()),
        penalty_ppm=np.where(planned, 0, a["penalty_ppm"].to_numpy()),
        basis=a["day_count"].to_numpy(), compound=a["compound"].to_numpy(),
    )  # fmt: skip


def _not_yet_paid(state: State, day: np.datetime64) -> Money:
    """Payments that are in the balance already but arrived only after `day`, shape (accounts, 5)."""
    later = state.facts.paid.filter(pl.col("value_date") > day.item())
    back = np.zeros((state.accounts.height, len(Component)), np.int64)
    np.add.at(back, (index_of(state, later), later["component"].to_numpy()), later["amount"].to_numpy())
    return back


def _posted(state: State, grown: Money, carry: tuple[Money, Money], unknown: npt.NDArray[np.bool_]) -> State:
    ids = state.accounts["account"]
    postings = pl.concat(
        pl.DataFrame({"account": ids, "component": np.full(len(ids), int(c), np.int8), "amount": grown[:, c]})
        for c in (Component.INTEREST, Component.PENALTY)
    ).filter(pl.col("amount") != 0)
    accounts = state.accounts.with_columns(
        *((pl.col(name) + pl.Series(grown[:, component])).alias(name) for component, name in BALANCE.items()),
        pl.Series("carry_interest", carry[0]), pl.Series("carry_penalty", carry[1]),
    )  # fmt: skip
    carried = accounts.select("account", "carry_interest", "carry_penalty", pl.Series("unknown", unknown))
    return state.with_(accounts=accounts, accruals=postings, accrued=carried)
