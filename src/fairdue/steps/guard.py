"""The guard over proposed contacts: the same facts in the same columns for the night, the desk and a live reservation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from fairdue.core import guard as kernel
from fairdue.core.codes import NO, UNKNOWN, YES, Channel, Direction, Mode, Party, PointStatus, Purpose
from fairdue.steps.state import Config, State

COOLING_DAYS = 3  # fairdue's own figure, no law
STOPS = {"disputed": "DISPUTE", "claims_paid": "CLAIMS_PAID", "ceased": "CEASE", "paused": "PAUSE"}
PROPOSAL = {
    "customer": pl.Int64, "reached": pl.Int64, "party": pl.Int8, "party_refused": pl.Int8, "point": pl.Int64,
    "channel": pl.Int8, "mode": pl.Int8, "direction": pl.Int8, "purpose": pl.Int8, "at": pl.Int64,
    "discloses_debt": pl.Int8, "operator_certified": pl.Int8,
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
    planned = _planned(state, config)
    judged = judge(state, planned, config)
    cases = state.cases.with_columns(
        planned["point"],
        (planned["point"] >= 0).alias("has_point"),
        pl.Series("allowed", judged.verdict.allowed),
        pl.Series("next_lawful", judged.next_lawful),
    )
    return state.with_(cases=cases), judged


def judge(state: State, proposals: pl.DataFrame, config: Config) -> Judged:
    """Ask the guard about proposals (columns of PROPOSAL), in the order given."""
    return judge_facts(_facts(state, proposals, config), history_of(state.facts.attempts), config)


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


def _planned(state: State, config: Config) -> pl.DataFrame:
    """The contact the treatment asks for: the borrower, at the best point for its channel."""
    best = best_points(rested(state.facts.points, config.as_of))
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
        pl.lit(YES, pl.Int8).alias("operator_certified"),
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
    """One point per customer and channel: working ones only, numbers reserved with the lender first, then the oldest."""
    return (
        points.filter(pl.col("status") == int(PointStatus.GOOD))
        .sort("reserved", "point", descending=[True, False])
        .group_by("customer", pl.col("channel").alias("point_channel"), maintain_order=True)
        .agg(pl.col("point").first())
    )


def _facts(state: State, proposals: pl.DataFrame, config: Config) -> kernel.Facts:
    case = state.cases.select("customer", "product", "plan_status", pl.col("balance").alias("owed"))
    stops = _stops(state.facts.stops)
    points = rested(state.facts.points, config.as_of).select(
        "point", "number", pl.col("source").alias("point_source"), pl.col("status").alias("point_status"),
        pl.col("reserved").alias("point_reserved"),
    )  # fmt: skip
    told = (
        proposals.join(case, on="customer", how="left", maintain_order="left")
        .join(state.facts.persons, on="customer", how="left", maintain_order="left")
        .join(points, on="point", how="left", maintain_order="left")
        .join(stops, on="customer", how="left", maintain_order="left")
        .with_columns(pl.when(pl.col("reached") < 0).then("human").otherwise("reached").alias("reached"))
    )
    zones, zone = _zones(told["zone"])
    column = _Told(told)
    return kernel.Facts.of(
        told.height, zones=zones, zone=zone, at=column("at"), channel=column("channel"), mode=column("mode"),
        direction=column("direction"), purpose=column("purpose"), party=column("party"), party_refused=column("party_refused"),
        product=column("product"), plan_status=column("plan_status"), owed=told["owed"].fill_null(0).to_numpy(),
        lender_kind=config.lender_kind, association_member=config.association_member,
        person=column("reached"), debtor=column("human"), debt=column("human"), point=column("number"),
        point_source=column("point_source"), point_status=column("point_status"),
        point_reserved=column("point_reserved"), agreed_from=column("agreed_from"), agreed_to=column("agreed_to"),
        consent_hours=(told["agreed_from"].fill_null(-1) >= 0).cast(pl.Int8).to_numpy(),
        debtor_incapable=_shown(told["incapable"]),
        lost_contact=NO, discloses_debt=column("discloses_debt"), operator_certified=column("operator_certified"),
        **{name: told[name].fill_null(NO).to_numpy() for name in STOPS},
    )  # fmt: skip


class _Told:
    """A column as the kernel wants it: what is not known is UNKNOWN, never NO."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self.frame = frame

    def __call__(self, name: str) -> npt.NDArray[np.int64]:
        return self.frame[name].cast(pl.Int64).fill_null(UNKNOWN).to_numpy()


def _shown(flag: pl.Series) -> npt.NDArray[np.int8]:
    """Yes where it was shown; where it was not nobody knows, and a rule that needs it refuses."""
    return flag.fill_null(NO).replace_strict({NO: UNKNOWN, YES: YES}, return_dtype=pl.Int8).to_numpy()


def _stops(stops: pl.DataFrame) -> pl.DataFrame:
    named = {**STOPS, "incapable": "INCAPABLE"}
    flags = [(pl.col("kind") == kind).any().cast(pl.Int8).alias(name) for name, kind in named.items()]
    return stops.group_by("customer").agg(flags)


def _zones(zone: pl.Series) -> tuple[tuple[str, ...], npt.NDArray[np.int16]]:
    names = tuple(sorted({z for z in zone.to_list() if z}))
    codes = {name: i for i, name in enumerate(names)}
    return names, np.array([codes.get(z, UNKNOWN) for z in zone.to_list()], np.int16)


def history_of(attempts: pl.DataFrame) -> kernel.History:
    """Everything that counts: confirmed contacts and live reservations, over all channels, people and agencies.

    Each counts for the human it reached, and for the debtor it was about.
    """
    a = attempts
    named = ("at", "channel", "mode", "direction", "party", "purpose", "answered", "talked", "reserved")
    return kernel.History.of(
        person=a["reached"].to_numpy(), debtor=a["human"].to_numpy(), debt=a["human"].to_numpy(),
        point=a["number"].to_numpy(), **{name: a[name].to_numpy() for name in named},
    )  # fmt: skip
