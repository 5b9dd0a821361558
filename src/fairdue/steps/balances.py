"""Balances by component as columns of the accounts frame, and as the matrix the kernels take."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from fairdue.core.codes import Component
from fairdue.steps.rows import row_of

BALANCE = {component: f"bal_{component.name.lower()}" for component in Component}


def with_balances(accounts: pl.DataFrame, balances: pl.DataFrame) -> pl.DataFrame:
    """Accounts with one column per component (0 where nothing was ever posted)."""
    owed = np.zeros((accounts.height, len(BALANCE)), np.int64)
    row = row_of(accounts["account"].to_numpy(), balances["account"].to_numpy())
    mine = row >= 0
    owed[row[mine], balances["component"].to_numpy()[mine]] = balances["amount"].to_numpy()[mine]
    return accounts.with_columns(pl.Series(name, owed[:, component]) for component, name in BALANCE.items())


def matrix(accounts: pl.DataFrame) -> npt.NDArray[np.int64]:
    """Shape (accounts, 5), minor units."""
    return accounts.select(BALANCE.values()).to_numpy().astype(np.int64, copy=False)
