"""What is known about each case, as columns, and the aim that follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from fairdue.core import aims as kernel
from fairdue.core.codes import UNKNOWN
from fairdue.rules.outcomes import load_outcomes
from fairdue.rules.talk.aims import load_aims, outcome_codes
from fairdue.rules.talk.facts import Known, load_facts
from fairdue.steps.state import Config, State

I64 = npt.NDArray[np.int64]
MOST = 9  # counts in the table go up to this


def with_aims(cases: pl.DataFrame, state: State, config: Config) -> pl.DataFrame:
    """Adds `planned_aim` and `aim_row`; before the first contact the strategy proposes, then the last outcome does."""
    aims = {code: int(outcome.next_aim) for code, outcome in load_outcomes().all.items()}
    said = cases["last_outcome"].replace_strict(aims, default=None, return_dtype=pl.Int64)
    planned = cases["planned_aim"].cast(pl.Int64)
    columns = {**_columns(cases, state, config), "said": _codes(said), "planned": _codes(planned)}
    proposed = said.fill_null(planned).to_numpy().astype(np.int8)
    aim, row = kernel.choose(load_aims().rows, columns, proposed)
    return cases.with_columns(
        pl.Series("planned_aim", aim, dtype=pl.Int8), pl.Series("aim_row", row, dtype=pl.Int16),
        pl.Series("unanswered", columns["unanswered"]), pl.Series("talks", columns["talks"]), _told(cases, state),
    )  # fmt: skip


def _columns(cases: pl.DataFrame, state: State, config: Config) -> Mapping[str, I64]:
    unanswered, talks = _tries(cases, state)
    return {
        **_learned(cases, state, config.as_of),
        "outcome": _codes(cases["last_outcome"].replace_strict(outcome_codes(), default=None, return_dtype=pl.Int64)),
        "promise": cases["promise_state"].to_numpy().astype(np.int64),
        "broken": np.minimum(cases["broken_count"].to_numpy(), MOST),
        "own_word": ((cases["own_due"] >= 0) & (cases["own_due"] <= config.day_ends)).cast(pl.Int64).to_numpy(),
        "unanswered": unanswered,
        "talks": talks,
        "has_point": cases["has_point"].cast(pl.Int64).to_numpy(),
    }


def _told(cases: pl.DataFrame, state: State) -> pl.Series:
    """What had been learned by then, for the record: name=value, by name; null where nothing had."""
    known = pl.concat_str("name", "value", separator="=")
    one = (
        state.facts.learned.sort("customer", "name", "on")
        .group_by("customer", maintain_order=True)
        .agg(known.str.join("; ").alias("learned"))
    )
    return cases.select("customer").join(one, on="customer", how="left", maintain_order="left")["learned"]


def _codes(column: pl.Series) -> I64:
    return column.cast(pl.Int64).fill_null(UNKNOWN).to_numpy()


def _tries(cases: pl.DataFrame, state: State) -> tuple[I64, I64]:
    """Outbound tries since somebody last answered, and talks with the borrower: within the history that is gathered."""
    ours = state.facts.attempts.filter((pl.col("direction") == 0) & (pl.col("reserved") == 0)).sort("at")
    answered = (pl.col("answered") == 1).cast(pl.Int64)
    since = answered.cum_sum().over("customer") == answered.sum().over("customer")
    counted = (
        ours.with_columns((since & (pl.col("answered") == 0)).alias("missed"))
        .group_by("customer")
        .agg(
            pl.col("missed").sum().cast(pl.Int64).alias("unanswered"),
            (pl.col("talked") == 1).sum().cast(pl.Int64).alias("talks"),
        )
    )
    found = cases.select("customer").join(counted, on="customer", how="left", maintain_order="left").fill_null(0)
    return np.minimum(found["unanswered"].to_numpy(), MOST), np.minimum(found["talks"].to_numpy(), MOST)


def _learned(cases: pl.DataFrame, state: State, today: date) -> Mapping[str, I64]:
    """A column per fact the table asks for; what has gone stale is unknown again."""
    wanted = load_aims().columns
    return {name: _fact(cases, state, known, today) for name, known in load_facts().items() if name in wanted}


def _fact(cases: pl.DataFrame, state: State, known: Known, today: date) -> I64:
    said = state.facts.learned.filter(pl.col("name") == known.name)
    if known.fresh is not None:
        said = said.filter(pl.col("on") + pl.duration(days=known.fresh) >= today)
    one = said.sort("on").group_by("customer", maintain_order=True).last()
    code = one["value"].map_elements(known.code, return_dtype=pl.Int64)
    found = cases.select("customer").join(
        one.select("customer").with_columns(code.alias("code")), on="customer", how="left", maintain_order="left"
    )
    return _codes(found["code"])
