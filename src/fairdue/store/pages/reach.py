"""Why one number comes before another, and which hours are better: the waterfall in words."""

from __future__ import annotations

from dataclasses import dataclass

from fairdue.core.codes import PointSource
from fairdue.rules.talk.waterfall import load_waterfall
from fairdue.steps.guard import rested
from fairdue.steps.reach import ranked
from fairdue.store.decide import Asked
from fairdue.store.models import Case


@dataclass(frozen=True)
class Odds:
    """What is known of one number: its tries, its chance now, the hours that are best, and a later band worth waiting for."""

    tries: int
    answered: int
    chance: int
    best_hours: str
    best_chance: int
    wait_for: str
    reserved: int
    source: int
    lawful: bool


def waterfall(asked: Asked, case: Case) -> dict[int, Odds]:
    """The person's points by number, in the order to try them."""
    figures = load_waterfall()
    rows = ranked(asked.state, asked.config, rested(asked.state.facts.points, asked.config.as_of))
    return {
        row["point"]: Odds(
            row["tries"], row["answered"], row["chance"], figures.name(row["best_band"]), row["best_chance"],
            figures.name(row["better"]) if row["better"] >= 0 else "", row["reserved"], row["source"],
            row["source"] >= 0 and PointSource(row["source"]) in figures.lawful,
        )
        for row in rows.to_dicts() if row["customer"] == case.customer_id
    }  # fmt: skip
