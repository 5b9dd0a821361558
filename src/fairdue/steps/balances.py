"""Balances by component as columns of the accounts frame, and as the matrix the kernels take."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from fairdue.core.codes import Component

BALANCE = {component: f"bal_{component.name.lower()}" for component in Component}


def with_balances(accounts: pl.DataFrame, balances: pl.DataFrame) -> pl.DataFrame:
    """Accounts with one column per component (0 where nothing was ever posted)."""
    for component, name in BALANCE.items():
        part = balances.filter(pl.col("component") == int(component)).select("account", pl.col("amount").alias(name))
        accounts = accounts.join(part, on="account", how="left", maintain_order="left")
    return accounts.with_columns(pl.col(list(BALANCE.values())).fill_null(0))


def matrix(accounts: pl.DataFrame) -> npt.NDArray[np.int64]:
    """Shape (accounts, 5), minor units."""
    return accounts.select(BALANCE.values()).to_numpy().astype(np.int64, copy=False)
