"""The guard over proposed contacts: the same facts in the same columns for the night, the desk and a live reservation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from fairdue.core import guard as kernel
from fairdue.core.codes import NO, UNKNOWN, YES, Channel, Direction, Mode, Party, PointStatus, Purpose
from fairdue.steps.known import OF_PERSON, OWN, known
from fairdue.steps.reach import better_at, ranked, with_channel
from fairdue.steps.state import Config, State

COOLING_DAYS = 3  # fairdue's own figure, no law
PROPOSAL = {
    "customer": pl.Int64, "reached": pl.Int64, "party": pl.Int8, "party_refused": pl.Int8, "point": pl.Int64,
    "channel": pl.Int8, "mode": pl.Int8, "direction": pl.Int8, "purpose": pl.Int8, "at": pl.Int64,
    "discloses_debt": pl.Int8, "operator_certified": pl.Int8, "exam_on": pl.Date, "party_alive": pl.Int8,
    "by_agency": pl.Int8, "letter_complete": pl.Int8, "offers_opt_out": pl.Int8, **OWN,
    **dict.fromkeys(OF_PERSON, pl.Int8),
}  # fmt: skip


@dataclass(frozen=True)
class Judged:
    """What the guard said about each proposal, and what it was told."""

    facts: kernel.Facts
    verdict: kernel.Verdict
    next_lawful: npt.NDArray[np.int64]
    history: kernel.History


def guard(state: State, config: Config) -> tuple[State, Judged]:
    """Adds the planned contact and the guard's answer to the cases; gives the answer itself for the record."""
    state = state.with_(cases=with_channel(state))
    points = ranked(state, config, rested(state.facts.points, config.as_of))
    planned = _planned(state, config, points)
    judged = judge(state, planned, config)
    cases = state.cases.with_columns(
        planned["point"],
        (planned["point"] >= 0).alias("has_point"),
        pl.Series("allowed", judged.verdict.allowed),
        pl.Series("next_lawful", judged.next_lawful),
    )
    cases = cases.with_columns(pl.Series("better_at", better_at(cases, points, state, config), dtype=pl.Int64))
    return state.with_(cases=cases), judged


def judge(state: State, proposals: pl.DataFrame, config: Config) -> Judged:
    """Ask the guard about proposals (columns of PROPOSAL), in the order given."""
    points = rested(state.facts.points, config.as_of)
    return judge_facts(known(state, proposals, points, config), history_of(state.facts.attempts), config)


def judge_facts(facts: kernel.Facts, history: kernel.History, config: Config) -> Judged:
    """Ask the guard about proposals that are facts already."""
    verdict = kernel.judge(config.pack.at(config.as_of), facts, history)
    return Judged(facts, verdict, _next_lawful(config, facts, history, verdict), history)


def _next_lawful(
    config: Config, facts: kernel.Facts, history: kernel.History, verdict: kernel.Verdict
) -> npt.NDArray[np.int64]:
    """Only what is refused needs looking for; what is allowed is allowed now."""
    out = facts["at"].astype(np.int64)
    waiting = np.flatnonzero(~verdict.allowed)
    if len(waiting):
        out[waiting] = kernel.next_lawful(config.pack, facts.take(waiting), history)
    return out


def _planned(state: State, config: Config, points: pl.DataFrame) -> pl.DataFrame:
    """The contact the treatment asks for: the borrower, at the best point for its channel."""
    best = best_points(points)
    cases = state.cases.with_columns(_point_channel(pl.col("channel")).alias("point_channel")).join(
        best, on=["customer", "point_channel"], how="left", maintain_order="left"
    )
    talk = pl.when(pl.col("channel") == int(Channel.CALL)).then(int(Mode.TALK)).otherwise(UNKNOWN)
    return cases.select(
        "customer",
        pl.lit(UNKNOWN, pl.Int64).alias("reached"),
        pl.lit(int(Party.BORROWER), pl.Int8).alias("party"),
        pl.lit(NO, pl.Int8).alias("party_refused"),
        pl.col("point").fill_null(-1),
        pl.col("channel"),
        talk.cast(pl.Int8).alias("mode"),
        pl.lit(int(Direction.OUT), pl.Int8).alias("direction"),
        pl.lit(int(Purpose.COLLECT), pl.Int8).alias("purpose"),
        pl.lit(config.at, pl.Int64).alias("at"),
        pl.lit(YES, pl.Int8).alias("discloses_debt"),
        pl.lit(YES, pl.Int8).alias("operator_certified"),  # of the owner's own the desk asks when it is made
        pl.lit(config.as_of, pl.Date).alias("exam_on"),
        pl.lit(YES, pl.Int8).alias("party_alive"),
        pl.lit(UNKNOWN, pl.Int8).alias("by_agency"),
        pl.lit(YES, pl.Int8).alias("letter_complete"),  # kinds of letter that lack something cannot be loaded
        pl.lit(UNKNOWN, pl.Int8).alias("offers_opt_out"),  # the words are chosen when it is sent
        *(pl.lit(None, kind).alias(name) for name, kind in OWN.items()),
        *(pl.lit(UNKNOWN, pl.Int8).alias(name) for name in OF_PERSON),
    )


def _point_channel(channel: pl.Expr) -> pl.Expr:
    """Texts go to the phone that is also called."""
    return pl.when(channel == int(Channel.SMS)).then(int(Channel.CALL)).otherwise(channel).cast(pl.Int8)


def rested(points: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Points with a number that has cooled down back in use: switched off or refused yesterday says little of next week."""
    cooled = (pl.col("status") == int(PointStatus.COOLING)) & (
        pl.col("status_on") + pl.duration(days=COOLING_DAYS) <= as_of
    )
    good = pl.lit(int(PointStatus.GOOD), pl.Int8)
    return points.with_columns(pl.when(cooled).then(good).otherwise("status").alias("status"))


def best_points(points: pl.DataFrame) -> pl.DataFrame:
    """One point per customer and channel: working ones only, the first of those in the order given."""
    return (
        points.filter(pl.col("status") == int(PointStatus.GOOD))
        .group_by("customer", pl.col("channel").alias("point_channel"), maintain_order=True)
        .agg(pl.col("point").first())
    )


def history_of(attempts: pl.DataFrame) -> kernel.History:
    """Everything that counts: confirmed contacts and live reservations, over all channels, people and agencies.

    Each counts for the human it reached, and for the debtor it was about.
    """
    a = attempts
    named = (
        "at", "channel", "mode", "direction", "party", "purpose", "answered", "talked", "reserved", "point_kind",
        "to_reserved",
    )  # fmt: skip
    return kernel.History.of(
        person=a["reached"].to_numpy(), debtor=a["human"].to_numpy(), debt=a["human"].to_numpy(),
        point=a["number"].to_numpy(), **{name: a[name].to_numpy() for name in named},
    )  # fmt: skip
