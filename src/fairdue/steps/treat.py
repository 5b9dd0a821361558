"""Segment → treatment: the row of the strategy's decision table that fits the case."""

from __future__ import annotations

import polars as pl

from fairdue.steps.state import Config, State


def treat(state: State, config: Config) -> State:
    """Adds the treatment's row number and its fields to the cases."""
    c = state.cases
    row = config.strategy.table.lookup(c["stage_index"].to_numpy(), c["band"].to_numpy(), c["behaviour"].to_numpy())
    fields = pl.DataFrame(
        [
            {"treatment": i, "planned_aim": int(t.aim), "channel": int(t.channel), "tone": int(t.tone),
             "cadence": t.cadence_days, "script": t.script, "priority": t.priority}
            for i, t in enumerate(config.strategy.treatments)
        ],
        schema={"treatment": pl.Int32, "planned_aim": pl.Int8, "channel": pl.Int8, "tone": pl.Int8,
                "cadence": pl.Int32, "script": pl.String, "priority": pl.Int32},
    )  # fmt: skip
    chosen = c.with_columns(pl.Series("treatment", row, dtype=pl.Int32))
    return state.with_(cases=chosen.join(fields, on="treatment", how="left", maintain_order="left"))
