"""Which number, channel and hour: the borrower's points in the order to try them, and what that means for today's plan."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from fairdue.core import dates
from fairdue.core import reach as kernel
from fairdue.core import value as values
from fairdue.core.codes import NO, YES, Channel, Direction, PointStatus
from fairdue.rules.talk.waterfall import Waterfall, load_waterfall
from fairdue.steps.state import Config, State

I64 = npt.NDArray[np.int64]
WEEK, DAY = 7 * 24 * 60, 24 * 60
AHEAD = 8  # days a rest is looked at: after seven no try of today counts any more


def ranked(state: State, config: Config, points: pl.DataFrame) -> pl.DataFrame:
    """Every point of a case with `tries`, `answered`, `chance` (now), `better` (a later band, -1: none), in order of trying."""
    figures = load_waterfall()
    told = points.join(state.cases.select("customer", "stage_index"), on="customer", how="inner", maintain_order="left")
    told = told.join(state.facts.persons.select("customer", "zone"), on="customer", how="left", maintain_order="left")
    tries, answered = _history(told, state, config, figures)
    now = kernel.band_of(_minute(told, np.full(told.height, config.at, np.int64), config), figures.bands)
    chances = kernel.chance(tries, answered, _prior(told, config, figures), figures.strength)
    found = told.with_columns(
        pl.Series("tries", tries.sum(1)), pl.Series("answered", answered.sum(1)), pl.Series("band", now),
        pl.Series("chance", chances[np.arange(told.height), np.maximum(now, 0)], dtype=pl.Int64),
        pl.Series("best_band", np.argmax(chances, axis=1), dtype=pl.Int64),
        pl.Series("best_chance", chances.max(axis=1), dtype=pl.Int64),
        pl.Series("better", kernel.better_hour(chances, now, figures.wait_ppm), dtype=pl.Int64),
    )  # fmt: skip
    order = kernel.best_first(
        found["customer"].to_numpy(), (found["status"] == int(PointStatus.GOOD)).to_numpy(),
        found["source"].is_in([int(source) for source in figures.lawful]).to_numpy(), found["chance"].to_numpy(),
        found["reserved"].cast(pl.Int64).to_numpy(), found["point"].to_numpy(),
    )  # fmt: skip
    return found[order]


def _prior(points: pl.DataFrame, config: Config, figures: Waterfall) -> I64:
    """Where every point begins: the stage's chance, less for a number that was not reserved with the lender."""
    stage = np.array(config.strategy.value.reach_ppm, np.int64)[points["stage_index"].to_numpy()]
    weight = np.where(points["reserved"].to_numpy() == YES, values.PPM, figures.unreserved_ppm)
    prior: I64 = stage * weight // values.PPM
    return prior


def _history(points: pl.DataFrame, state: State, config: Config, figures: Waterfall) -> tuple[I64, I64]:
    """Outbound calls at each point and band: how many, and how many of them were answered."""
    calls = state.facts.attempts.filter(
        (pl.col("direction") == int(Direction.OUT)) & (pl.col("channel") == int(Channel.CALL)) & (pl.col("reserved") == NO)
        & (pl.col("answered") >= 0)
    )  # fmt: skip
    where = pl.DataFrame({"point": points["point"], "row": np.arange(points.height), "zone": points["zone"]})
    at = calls.select("point", "at", "answered").join(where, on="point", how="inner", maintain_order="left")
    band = kernel.band_of(_minute(at, at["at"].to_numpy(), config), figures.bands)
    row, picked = at["row"].to_numpy().astype(np.int64), at["answered"].to_numpy() == YES
    shape = (points.height, len(figures.bands) - 1)
    return kernel.counted(row, band, np.ones(len(row), bool), *shape), kernel.counted(row, band, picked, *shape)


def _minute(frame: pl.DataFrame, at: I64, config: Config) -> I64:
    """The minute of the local day; where the person's zone is unknown, the lender's serves for this estimate."""
    zone = frame["zone"].fill_null("").replace("", config.zone)
    names = tuple(sorted(set(zone.to_list()))) or (config.zone,)
    codes = zone.replace_strict({name: i for i, name in enumerate(names)}, return_dtype=pl.Int16).to_numpy()
    return dates.local_minute(at.astype(np.int64), codes, names) % DAY


def with_channel(state: State) -> pl.DataFrame:
    """The cases with a text message planned where the last calls, so many in a row, were not answered."""
    after = load_waterfall().text_after
    ours = state.facts.attempts.filter((pl.col("direction") == int(Direction.OUT)) & (pl.col("reserved") == NO)).sort(
        "at"
    )
    missed = (pl.col("channel") == int(Channel.CALL)) & (pl.col("answered") == NO)
    last = ours.group_by("customer", maintain_order=True).agg(
        (missed.tail(after).all() & (pl.len() >= after)).alias("worn_calls")
    )
    cases = state.cases.join(last, on="customer", how="left", maintain_order="left")
    text = (pl.col("channel") == int(Channel.CALL)) & pl.col("worn_calls").fill_null(value=False)
    return cases.with_columns(
        pl.when(text).then(int(Channel.SMS)).otherwise("channel").cast(pl.Int8).alias("channel")
    ).drop("worn_calls")


def better_at(cases: pl.DataFrame, points: pl.DataFrame, state: State, config: Config) -> I64:
    """When today the planned number is more likely to be answered, utc_minute; -1 where now is as good.

    Hours the person named go before what the tries of the number say.
    """
    figures = load_waterfall()
    now = _minute(points, np.full(points.height, config.at, np.int64), config)
    starts = np.array(figures.bands, np.int64)[np.maximum(points["better"].to_numpy(), 0)]
    at = np.where(points["better"].to_numpy() >= 0, config.at + starts - now, -1)
    at = _named_hours(points, state, config, now, at)
    by_point = points.select("point").with_columns(pl.Series("better_at", at, dtype=pl.Int64)).unique("point")
    joined = cases.select("point", "channel").join(by_point, on="point", how="left", maintain_order="left")
    calls = (joined["channel"] == int(Channel.CALL)).to_numpy()
    return np.where(calls, joined["better_at"].fill_null(-1).to_numpy(), -1)


def _named_hours(points: pl.DataFrame, state: State, config: Config, now: I64, otherwise: I64) -> I64:
    """The start of the hours a person named, where they are still to come today; -1 within and after them."""
    said = (
        state.facts.learned.filter(pl.col("name") == "best_hours")
        .sort("on")
        .group_by("customer", maintain_order=True)
        .last()
    )
    parts = said.select("customer", pl.col("value").str.extract_all(r"\d+").cast(pl.List(pl.Int64)).alias("parts"))
    starts = parts.select("customer", (pl.col("parts").list.get(0) * 60 + pl.col("parts").list.get(1)).alias("start"))
    start = points.select("customer").join(starts, on="customer", how="left", maintain_order="left")["start"]
    named, begins = start.is_not_null().to_numpy(), start.fill_null(0).to_numpy()
    return np.where(named, np.where(begins > now, config.at + begins - now, -1), otherwise)


def worn_until(cases: pl.DataFrame, state: State, config: Config) -> npt.NDArray[np.datetime64]:
    """The day until which a rest is worth more than another try; today where it is not."""
    ours = state.facts.attempts.filter((pl.col("direction") == int(Direction.OUT)) & (pl.col("reserved") == NO))
    rows = ours.select("customer", "at").join(
        cases.select("customer").with_row_index("row"), on="customer", how="inner"
    )
    tries = np.zeros((cases.height, AHEAD), np.int64)
    for days in range(AHEAD):
        still = rows.filter(pl.col("at") > config.at + days * DAY - WEEK)
        np.add.at(tries[:, days], still["row"].to_numpy(), 1)
    rest = values.rest_days(
        cases["stage_index"].to_numpy(), cases["behaviour"].to_numpy(), cases["channel"].to_numpy(),
        cases["balance"].to_numpy(), tries, config.strategy.value,
    )  # fmt: skip
    until: npt.NDArray[np.datetime64] = np.datetime64(config.as_of, "D") + rest.astype("timedelta64[D]")
    return until
