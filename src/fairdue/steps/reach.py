"""Which number, channel and hour: the borrower's points in the order to try them, and what that means for today's plan."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt
import polars as pl

from fairdue.core import dates
from fairdue.core import reach as kernel
from fairdue.core import value as values
from fairdue.core.codes import NO, YES, Channel, Direction, PointStatus
from fairdue.rules.talk.waterfall import Waterfall, load_waterfall
from fairdue.steps.rows import row_of, taken
from fairdue.steps.state import Config, State

I64 = npt.NDArray[np.int64]
WEEK, DAY = 7 * 24 * 60, 24 * 60
AHEAD = 8  # days a rest is looked at: after seven no try of today counts any more


def ranked(state: State, config: Config, points: pl.DataFrame) -> pl.DataFrame:
    """Every point of a case with `tries`, `answered`, `chance` (now), `better` (a later band, -1: none), in order of trying."""
    figures = load_waterfall()
    told = _of_cases(points, state)
    tries, answered = _history(told, state, config, figures)
    now = kernel.band_of(_minute(told["zone"], np.full(told.height, config.at, np.int64), config), figures.bands)
    chances = kernel.chance(tries, answered, _prior(told, config, figures), figures.strength)
    chance = chances[np.arange(told.height), np.maximum(now, 0)]
    order = kernel.best_first(
        told["customer"].to_numpy(), told["status"].to_numpy() == PointStatus.GOOD,
        np.isin(told["source"].to_numpy(), [int(source) for source in figures.lawful]), chance,
        told["reserved"].to_numpy().astype(np.int64), told["point"].to_numpy(),
    )  # fmt: skip
    return told.with_columns(
        pl.Series("tries", tries.sum(1)), pl.Series("answered", answered.sum(1)), pl.Series("band", now),
        pl.Series("chance", chance, dtype=pl.Int64),
        pl.Series("best_band", np.argmax(chances, axis=1), dtype=pl.Int64),
        pl.Series("best_chance", chances.max(axis=1), dtype=pl.Int64),
        pl.Series("better", kernel.better_hour(chances, now, figures.wait_ppm), dtype=pl.Int64),
    )[order]  # fmt: skip


def _of_cases(points: pl.DataFrame, state: State) -> pl.DataFrame:
    """The points of people with a case, with `stage_index` and `zone`."""
    cases, persons = state.cases, state.facts.persons
    whom = points["customer"].to_numpy()
    row = row_of(cases["customer"].to_numpy(), whom)
    known = np.flatnonzero(row >= 0)
    zones = [*persons["zone"].to_list(), None]  # the last: nobody of that number
    zone = [zones[r] for r in row_of(persons["customer"].to_numpy(), whom[known]).tolist()]
    stage = pl.Series("stage_index", cases["stage_index"].to_numpy()[row[known]])
    return points[known].hstack([stage, pl.Series("zone", zone, pl.String)])


def _prior(points: pl.DataFrame, config: Config, figures: Waterfall) -> I64:
    """Where every point begins: the stage's chance, less for a number that was not reserved with the lender."""
    stage = np.array(config.strategy.value.reach_ppm, np.int64)[points["stage_index"].to_numpy()]
    weight = np.where(points["reserved"].to_numpy() == YES, values.PPM, figures.unreserved_ppm)
    prior: I64 = stage * weight // values.PPM
    return prior


def _history(points: pl.DataFrame, state: State, config: Config, figures: Waterfall) -> tuple[I64, I64]:
    """Outbound calls at each point and band: how many, and how many of them were answered."""
    told = _Tried(state)
    row = row_of(points["point"].to_numpy(), told["point"])
    calls = told.ours & (told["channel"] == Channel.CALL) & (told["answered"] >= 0) & (row >= 0)
    row, at, picked = row[calls], told["at"][calls], told["answered"][calls] == YES
    zones = points["zone"].to_list()
    zone = pl.Series([zones[r] for r in row.tolist()], dtype=pl.String)
    band = kernel.band_of(_minute(zone, at, config), figures.bands)
    shape = (points.height, len(figures.bands) - 1)
    return kernel.counted(row, band, np.ones(len(row), bool), *shape), kernel.counted(row, band, picked, *shape)


class _Tried:
    """The columns of the attempts; `ours` are those that were made by us, not only reserved."""

    def __init__(self, state: State) -> None:
        self.frame = state.facts.attempts
        self.ours = (self["direction"] == Direction.OUT) & (self["reserved"] == NO)

    def __getitem__(self, name: str) -> I64:
        column: I64 = self.frame[name].to_numpy()
        return column


def _minute(zones: pl.Series, at: I64, config: Config) -> I64:
    """The minute of the local day; where the person's zone is unknown, the lender's serves for this estimate."""
    zone = [said or config.zone for said in zones.to_list()]
    names = tuple(sorted(set(zone))) or (config.zone,)
    codes = {name: i for i, name in enumerate(names)}
    return dates.local_minute(at.astype(np.int64), np.array([codes[z] for z in zone], np.int16), names) % DAY


def with_channel(state: State) -> pl.DataFrame:
    """The cases with a text message planned where the last calls, so many in a row, were not answered."""
    told = _Tried(state)
    whom = told["customer"][told.ours]
    missed = ((told["channel"] == Channel.CALL) & (told["answered"] == NO))[told.ours]
    order = np.lexsort((told["at"][told.ours], whom))
    worn = kernel.last_in_a_row(whom[order], missed[order], load_waterfall().text_after)
    channel = state.cases["channel"].to_numpy()
    text = (channel == Channel.CALL) & np.isin(state.cases["customer"].to_numpy(), worn)
    return state.cases.with_columns(pl.Series("channel", np.where(text, int(Channel.SMS), channel).astype(np.int8)))


def better_at(cases: pl.DataFrame, points: pl.DataFrame, state: State, config: Config) -> I64:
    """When today the planned number is more likely to be answered, utc_minute; -1 where now is as good.

    Hours the person named go before what the tries of the number say.
    """
    figures = load_waterfall()
    now = _minute(points["zone"], np.full(points.height, config.at, np.int64), config)
    better = points["better"].to_numpy()
    at = np.where(better >= 0, config.at + np.array(figures.bands, np.int64)[np.maximum(better, 0)] - now, -1)
    at = _named_hours(points, state, config, now, at)
    row = row_of(points["point"].to_numpy(), cases["point"].to_numpy())
    return np.where(cases["channel"].to_numpy() == Channel.CALL, taken(at, row, -1), -1)


def _named_hours(points: pl.DataFrame, state: State, config: Config, now: I64, otherwise: I64) -> I64:
    """The start of the hours a person named, where they are still to come today; -1 within and after them."""
    learned = state.facts.learned
    if learned.is_empty():
        return otherwise
    said = learned.filter(pl.col("name") == "best_hours").sort("on", maintain_order=True)
    begin = {whom: _begins(value) for whom, value in said.select("customer", "value").iter_rows()}  # the newest stays
    starts = [begin.get(whom) for whom in points["customer"].to_list()]
    named = np.array([start is not None for start in starts], bool)
    begins = np.array([start or 0 for start in starts], np.int64)
    return np.where(named, np.where(begins > now, config.at + begins - now, -1), otherwise)


def _begins(hours: str) -> int:
    """The minute of the day at which hours as they are kept ("18:00-20:00") begin."""
    hour, minute, *_ = re.findall(r"\d+", hours)
    return int(hour) * 60 + int(minute)


def worn_until(cases: pl.DataFrame, state: State, config: Config) -> npt.NDArray[np.datetime64]:
    """The day until which a rest is worth more than another try; today where it is not."""
    told = _Tried(state)
    row = row_of(cases["customer"].to_numpy(), told["customer"])
    ours = told.ours & (row >= 0)
    row, at = row[ours], told["at"][ours]
    tries = np.zeros((cases.height, AHEAD), np.int64)
    for days in range(AHEAD):
        np.add.at(tries[:, days], row[at > config.at + days * DAY - WEEK], 1)
    rest = values.rest_days(
        cases["stage_index"].to_numpy(), cases["behaviour"].to_numpy(), cases["channel"].to_numpy(),
        cases["balance"].to_numpy(), tries, config.strategy.value,
    )  # fmt: skip
    until: npt.NDArray[np.datetime64] = np.datetime64(config.as_of, "D") + rest.astype("timedelta64[D]")
    return until
