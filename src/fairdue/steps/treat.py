"""Segment → treatment: the row of the strategy's decision table that fits the case."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from fairdue.core.strategy import NO_ROW
from fairdue.rules.treatments import Treatment
from fairdue.steps.state import Config, State

FIELDS = {
    "treatment": pl.Int32, "planned_aim": pl.Int8, "channel": pl.Int8, "tone": pl.Int8, "cadence": pl.Int32,
    "script": pl.String, "priority": pl.Int32,
}  # fmt: skip


def treat(state: State, config: Config) -> State:
    """Adds the treatment's row number and its fields to the cases."""
    c = state.cases
    row = config.strategy.table.lookup(c["stage_index"].to_numpy(), c["band"].to_numpy(), c["behaviour"].to_numpy())
    fields = _fields(config.strategy.treatments)[row]  # NO_ROW is -1: the last
    return state.with_(cases=c.hstack(fields))


def _fields(treatments: Sequence[Treatment]) -> pl.DataFrame:
    """What each treatment of a strategy says, by its number; the last row is where there is none."""
    said = [
        (i, int(t.aim), int(t.channel), int(t.tone), t.cadence_days, t.script, t.priority)
        for i, t in enumerate(treatments)
    ]
    nothing = (NO_ROW, *[None] * (len(FIELDS) - 1))
    columns = zip(FIELDS.items(), zip(*said, nothing, strict=True), strict=True)
    return pl.DataFrame([pl.Series(name, values, kind) for (name, kind), values in columns])
