"""Who does it, and in which order: one owner per case, even loads by value, lists by expected value of acting now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import polars as pl

from fairdue.core.deal import NOBODY, Cases, Hands, Ints, deal
from fairdue.core.decision import Action
from fairdue.steps.state import Config

LISTS = {"customer": pl.Int64, "owner": pl.Int64, "position": pl.Int32, "value": pl.Int64}
ASKED = {"customer": pl.Int64, "skill": pl.String}
DAY = 24 * 60


@dataclass(frozen=True)
class Worker:
    """A collector who may be given cases. `minutes`: of work in a usual week; `today`: on the day; None: not recorded."""

    user: int
    certified: bool
    skills: frozenset[str] = frozenset()
    minutes: int | None = None
    today: int | None = None


@dataclass(frozen=True)
class Floor:
    """What assigning knows beside the cases.

    `asked`: customers a skill is asked for, and the skill; `aside`: customers that go to nobody's list (returned, shared);
    `effort`: minutes a case of an aim takes.
    """

    asked: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=ASKED))
    aside: frozenset[int] = frozenset()
    effort: Mapping[int, int] = field(default_factory=dict)


def assign(cases: pl.DataFrame, workers: Sequence[Worker], floor: Floor = Floor()) -> pl.DataFrame:
    """Cases with an owner. An owner who may work a case keeps it; the rest are dealt even in time and in money.

    Without anybody who is certified, has the skills asked for and is at work at all, a case stays unowned.
    """
    able = sorted((w for w in workers if w.certified), key=lambda w: w.user)
    index = {worker.user: number for number, worker in enumerate(able)}
    owner = cases["owner"].to_numpy()
    held = np.array([index.get(int(user), NOBODY) for user in owner], np.int64)
    dealt = cases["in_arrears"].to_numpy() & ~np.isin(cases["customer"].to_numpy(), sorted(floor.aside))
    rows = np.flatnonzero(dealt)
    kind, may = _kinds(cases["customer"], floor.asked, able)
    found = np.full(cases.height, NOBODY, np.int64)
    found[rows] = deal(
        Cases(_minutes(cases, floor)[rows], cases["balance"].to_numpy()[rows], kind[rows], held[rows]),
        Hands(_capacity(able), may),
    )  # fmt: skip
    users = np.array([worker.user for worker in able] or [NOBODY], np.int64)
    given = np.where(found == NOBODY, NOBODY, users[np.maximum(found, 0)])
    kept = np.where((held != NOBODY) & ~cases["in_arrears"].to_numpy(), owner, given)  # a cured case changes no hands
    return cases.with_columns(pl.Series("owner", kept))


def _minutes(cases: pl.DataFrame, floor: Floor) -> Ints:
    if "aim" not in cases.columns or not floor.effort:
        return np.ones(cases.height, np.int64)
    aims = cases["aim"].cast(pl.Int64).replace_strict(dict(floor.effort), default=1, return_dtype=pl.Int64)
    minutes: Ints = np.maximum(aims.to_numpy(), 1)
    return minutes


def _capacity(able: Sequence[Worker]) -> Ints:
    """Where no hours are recorded of anybody, all weigh the same; somebody without hours among others weighs their mean."""
    known = [worker.minutes for worker in able if worker.minutes]
    usual = sum(known) // len(known) if known else 1
    return np.array([usual if worker.minutes is None else worker.minutes for worker in able], np.int64)


def _kinds(customers: pl.Series, asked: pl.DataFrame, able: Sequence[Worker]) -> tuple[Ints, npt.NDArray[np.bool_]]:
    """Per case the row of the table that says who may work it, and that table."""
    sets = asked.group_by("customer").agg(pl.col("skill").unique().sort().str.join("|").alias("skills"))
    joined = pl.DataFrame({"customer": customers}).join(sets, on="customer", how="left", maintain_order="left")
    said = joined["skills"].fill_null("")
    names = sorted(set(said.to_list()) | {""})
    kind = said.replace_strict({name: i for i, name in enumerate(names)}, return_dtype=pl.Int64).to_numpy()
    wanted = [frozenset(name.split("|")) if name else frozenset[str]() for name in names]
    may = np.array([[need <= worker.skills for worker in able] for need in wanted], bool).reshape(len(names), len(able))
    return kind, may


def lists(
    cases: pl.DataFrame, config: Config, workers: Sequence[Worker] = (), effort: Mapping[int, int] | None = None
) -> pl.DataFrame:
    """Every owned case with its place on today's list; 0 where it has none today.

    On the list: what may be contacted now or later today, as many as fit into the owner's working time of the day (where it
    is recorded) and at most `list_length`. Order: call-backs
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
    listed = pl.col("due") & (place <= config.list_length) & _fits(workers, effort or {})
    return ordered.with_columns(pl.when(listed).then(place).otherwise(0).cast(pl.Int32).alias("position")).select(
        *LISTS
    )


def _fits(workers: Sequence[Worker], effort: Mapping[int, int]) -> pl.Expr:
    """Whether a case and those before it on the list fit into the day; without recorded hours everything does."""
    today = {worker.user: worker.today for worker in workers if worker.today is not None}
    if not today:
        return pl.lit(value=True)
    room = pl.col("owner").replace_strict(today, default=None, return_dtype=pl.Int64)
    takes = pl.col("aim").cast(pl.Int64).replace_strict(dict(effort), default=1, return_dtype=pl.Int64)
    return room.is_null() | (takes.cum_sum().over("owner") <= room)
