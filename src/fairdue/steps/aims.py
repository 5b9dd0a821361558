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
from fairdue.steps.rows import row_of
from fairdue.steps.state import Config, State

I64 = npt.NDArray[np.int64]
Days = npt.NDArray[np.datetime64]
MOST = 9  # counts in the table go up to this


def with_aims(cases: pl.DataFrame, state: State, config: Config) -> pl.DataFrame:
    """Adds `planned_aim` and `aim_row`; before the first contact the strategy proposes, then the last outcome does."""
    aims = {code: int(outcome.next_aim) for code, outcome in load_outcomes().all.items()}
    said = _numbers(cases["last_outcome"], aims)
    planned = _numbers(cases["planned_aim"])
    columns = {**_columns(cases, state, config), "said": said, "planned": planned}
    proposed = np.where(said != UNKNOWN, said, planned).astype(np.int8)
    aim, row = kernel.choose(load_aims().rows, columns, proposed)
    return cases.with_columns(
        pl.Series("planned_aim", aim, dtype=pl.Int8), pl.Series("aim_row", row, dtype=pl.Int16),
        pl.Series("unanswered", columns["unanswered"]), pl.Series("talks", columns["talks"]), _told(cases, state),
    )  # fmt: skip


def _columns(cases: pl.DataFrame, state: State, config: Config) -> Mapping[str, I64]:
    unanswered, talks = _tries(cases, state)
    due = _numbers(cases["own_due"])
    return {
        **_learned(cases, state, config.as_of),
        "outcome": _numbers(cases["last_outcome"], outcome_codes()),
        "promise": cases["promise_state"].to_numpy().astype(np.int64),
        "broken": np.minimum(cases["broken_count"].to_numpy(), MOST),
        "own_word": np.where(cases["own_due"].is_null().to_numpy(), UNKNOWN, (due >= 0) & (due <= config.day_ends)),
        "unanswered": unanswered,
        "talks": talks,
        "has_point": cases["has_point"].to_numpy().astype(np.int64),
    }


def _told(cases: pl.DataFrame, state: State) -> pl.Series:
    """What had been learned by then, for the record: name=value, by name; null where nothing had."""
    learned = state.facts.learned
    if learned.is_empty():
        return pl.Series("learned", [None] * cases.height, pl.String)
    known = pl.concat_str("name", "value", separator="=")
    one = (
        learned.sort("customer", "name", "on")
        .group_by("customer", maintain_order=True)
        .agg(known.str.join("; ").alias("learned"))
    )
    return cases.select("customer").join(one, on="customer", how="left", maintain_order="left")["learned"]


def _numbers(column: pl.Series, codes: Mapping[str, int] | None = None) -> I64:
    """A column as numbers, words by their codes; UNKNOWN where nothing is said."""
    said = column.to_list() if codes is None else [codes.get(word) for word in column.to_list()]
    return np.array([UNKNOWN if number is None else number for number in said], np.int64)


def _tries(cases: pl.DataFrame, state: State) -> tuple[I64, I64]:
    """Outbound tries since somebody last answered, and talks with the borrower: within the history that is gathered."""
    a = state.facts.attempts
    row = row_of(cases["customer"].to_numpy(), a["customer"].to_numpy())
    ours = np.flatnonzero((row >= 0) & (a["direction"].to_numpy() == 0) & (a["reserved"].to_numpy() == 0))
    ours = ours[np.argsort(a["at"].to_numpy()[ours], kind="stable")]
    row, answered, talked = row[ours], a["answered"].to_numpy()[ours] == 1, a["talked"].to_numpy()[ours] == 1
    place, last = np.arange(len(ours)), np.full(cases.height, -1)
    np.maximum.at(last, row[answered], place[answered])
    missed = (a["answered"].to_numpy()[ours] == 0) & (place > last[row])
    found = (np.bincount(row[which], minlength=cases.height) for which in (missed, talked))
    unanswered, talks = (np.minimum(many, MOST).astype(np.int64) for many in found)
    return unanswered, talks


def _learned(cases: pl.DataFrame, state: State, today: date) -> Mapping[str, I64]:
    """A column per fact the table asks for; what has gone stale is unknown again."""
    wanted = {name: known for name, known in load_facts().items() if name in load_aims().columns}
    found = {name: np.full(cases.height, UNKNOWN, np.int64) for name in wanted}
    learned = state.facts.learned
    if learned.is_empty():
        return found
    told = learned.sort("on", maintain_order=True)
    row = row_of(cases["customer"].to_numpy(), told["customer"].to_numpy())
    names, on = told["name"].to_numpy(), told["on"].to_numpy().astype("datetime64[D]")
    for name, known in wanted.items():
        which = np.flatnonzero((names == name) & (row >= 0) & ~_stale(on, known, today))
        found[name][row[which]] = _codes(told["value"], which, known)  # of several the newest is written last
    return found


def _stale(on: Days, known: Known, today: date) -> npt.NDArray[np.bool_]:
    if known.fresh is None:
        return np.zeros(len(on), bool)
    return np.asarray(on + np.timedelta64(known.fresh, "D") < np.datetime64(today, "D"))


def _codes(values: pl.Series, which: I64, known: Known) -> list[int]:
    return [known.code(value) for value in values.gather(which).to_list()]
