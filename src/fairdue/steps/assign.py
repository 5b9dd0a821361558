"""Who does it, and in which order: one owner per case, even loads by value, lists by expected value of acting now."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from fairdue.core.decision import Action
from fairdue.steps.state import Config

NOBODY = -1
LISTS = {"customer": pl.Int64, "owner": pl.Int64, "position": pl.Int32, "value": pl.Int64}
DAY = 24 * 60


@dataclass(frozen=True)
class Worker:
    """A collector who may be given cases."""

    user: int
    certified: bool


def assign(cases: pl.DataFrame, workers: Sequence[Worker]) -> pl.DataFrame:
    """Cases with an owner. An owner keeps a case; new cases go, largest first, to whoever has the least balance.

    Without a certified collector a case stays unowned: nobody else may work it.
    """
    able = sorted(w.user for w in workers if w.certified)
    owner = cases["owner"].to_numpy().copy()
    balance = cases["balance"].to_numpy()
    owner[~np.isin(owner, able)] = NOBODY
    loads = [(int(balance[owner == user].sum()), user) for user in able]
    heapq.heapify(loads)
    free = np.flatnonzero((owner == NOBODY) & cases["in_arrears"].to_numpy())
    for row in free[np.lexsort((cases["customer"].to_numpy()[free], -balance[free]))] if able else ():
        load, user = heapq.heappop(loads)
        owner[row] = user
        heapq.heappush(loads, (load + int(balance[row]), user))
    return cases.with_columns(pl.Series("owner", owner))


def lists(cases: pl.DataFrame, config: Config) -> pl.DataFrame:
    """Every owned case with its place on today's list; 0 where it has none today.

    On the list: what may be contacted now or later today, as many as one person can do well in a day. Order: call-backs
    and broken promises are words to be kept and followed, so they come first; then the expected value of acting now; ties
    by customer.
    """
    due = (pl.col("action") == int(Action.CONTACT)) | (
        (pl.col("action") == int(Action.WAIT)) & (pl.col("not_before") < config.day_ends)
    )
    owned = cases.filter((pl.col("owner") != NOBODY) & pl.col("in_arrears")).with_columns(due.alias("due"))
    ordered = owned.sort(
        "due", pl.col("reason").is_in(config.first), "value", "customer", descending=[True, True, True, False]
    )
    place = pl.int_range(1, pl.len() + 1).over("owner")
    listed = pl.col("due") & (place <= config.list_length)
    return ordered.with_columns(pl.when(listed).then(place).otherwise(0).cast(pl.Int32).alias("position")).select(
        *LISTS
    )
