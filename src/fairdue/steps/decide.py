"""What is best among what is lawful: one decision per case, with everything it follows from beside it."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from fairdue.core import dates
from fairdue.core import decision as kernel
from fairdue.core import value as values
from fairdue.core.codes import UNKNOWN, Behaviour
from fairdue.core.guard import reasons
from fairdue.steps.aims import with_aims
from fairdue.steps.guard import Judged
from fairdue.steps.known import STOPS
from fairdue.steps.past import told, told_unknown
from fairdue.steps.reach import worn_until
from fairdue.steps.rows import counted
from fairdue.steps.state import Config, State

WEEK = 7 * 24 * 60
CASE_FACTS = (
    "stage", "dpd", "oldest_due", "balance", "overdue_accounts", "behaviour", "band", "callback_at", "last_contact_at",
    "promise_until", "promise_broken", "broken_count", "remind_on", "attempts_7d", "unanswered", "talks", "has_point",
    "last_outcome", "own_due", "learned", "aim_row", "plan_runs",
)  # fmt: skip


def decide(state: State, config: Config, judged: Judged) -> State:
    """Adds the decision, the value of acting now, and the record of both, as JSON."""
    cases = with_aims(state.cases.with_columns(_attempts_this_week(state, config)), state, config)
    worth = _worth(cases, config)
    flags = {name: judged.facts[name] == 1 for name in STOPS}
    made = kernel.decide(
        kernel.Situation(
            as_of=np.datetime64(config.as_of, "D"), at=np.full(cases.height, config.at, np.int64),
            owed=cases["balance"].to_numpy(), oldest_due=_days(cases["oldest_due"]),
            planned_aim=cases["planned_aim"].to_numpy().astype(np.int64),
            cadence_days=cases["cadence"].to_numpy().astype(np.int64),
            last_contact_on=_day_at(cases["last_contact_at"], config.zone), callback_at=cases["callback_at"].to_numpy(),
            promise_until=_days(cases["promise_until"]), promise_broken=cases["promise_broken"].to_numpy(),
            remind_on=_days(cases["remind_on"]), after_breaking=cases["planned_aim"].to_numpy().astype(np.int64),
            worn_until=worn_until(cases, state, config), better_at=cases["better_at"].to_numpy(),
            has_point=cases["has_point"].to_numpy(), allowed=cases["allowed"].to_numpy(),
            next_lawful=cases["next_lawful"].to_numpy(), plan_runs=cases["plan_runs"].to_numpy(), **flags,
        )
    )  # fmt: skip
    decided = cases.with_columns(
        pl.Series("action", made.action), pl.Series("aim", made.aim), pl.Series("reason", made.reason),
        pl.Series("not_before", made.not_before), pl.Series("review_on", made.review_on),
        pl.Series("value", worth.expected), pl.lit(config.at, pl.Int64).alias("at"),
        _facts_json(cases, judged), _verdict_json(judged, config), _terms_json(worth),
        pl.Series("history", told(judged.facts, judged.history), dtype=pl.String),
    )  # fmt: skip
    return state.with_(cases=decided)


def _days(column: pl.Series) -> npt.NDArray[np.datetime64]:
    return column.to_numpy().astype("datetime64[D]")


def _day_at(instants: pl.Series, zone: str) -> npt.NDArray[np.datetime64]:
    """The local day of instants (utc_minute, -1: none) at the lender's place."""
    at = instants.to_numpy()
    return dates.local_day(at, np.zeros(len(at), np.int16), (zone,))


def _attempts_this_week(state: State, config: Config) -> pl.Series:
    a = state.facts.attempts
    recent = (a["direction"].to_numpy() == 0) & (a["at"].to_numpy() > config.at - WEEK)
    return pl.Series("attempts_7d", counted(state.cases["customer"].to_numpy(), a["customer"].to_numpy()[recent]))


def _worth(cases: pl.DataFrame, config: Config) -> values.Value:
    return values.value(
        cases["stage_index"].to_numpy(), cases["behaviour"].to_numpy(), cases["channel"].to_numpy(),
        cases["balance"].to_numpy(), cases["attempts_7d"].to_numpy(), config.strategy.value,
    )  # fmt: skip


def _facts_json(cases: pl.DataFrame, judged: Judged) -> pl.Series:
    """Everything the guard and the decision were told: enough to ask both again."""
    known = cases.select(*CASE_FACTS, "treatment").iter_rows(named=True)
    rows = [
        _dump({"case": _said(case), "contact": judged.facts.row(i), **told_unknown(judged.facts, i)})
        for i, case in enumerate(known)
    ]
    return pl.Series("facts", rows, dtype=pl.String)


def _said(case: dict[str, Any]) -> dict[str, Any]:
    """Facts of a case without what is not there, codes by name."""
    said = {name: value for name, value in case.items() if value is not None and value != UNKNOWN}
    return said | ({"behaviour": Behaviour(said["behaviour"]).name} if "behaviour" in said else {})


def _verdict_json(judged: Judged, config: Config) -> pl.Series:
    return pl.Series("verdict", [_dump(said) for said in verdicts(judged, config)], dtype=pl.String)


def verdicts(judged: Judged, config: Config) -> list[list[dict[str, object]]]:
    """Per proposal the rules that spoke: refused, lacked a fact (and which), advised against. Empty: nothing spoke."""
    book, verdict = config.pack.at(config.as_of), judged.verdict
    spoke = np.any(verdict.refused | verdict.unknown | verdict.advised, axis=1)
    return [
        [reason.as_dict() for reason in reasons(book, verdict, judged.facts, i)] if spoke[i] else []
        for i in range(len(judged.facts))
    ]


def _terms_json(worth: values.Value) -> pl.Series:
    return pl.Series("value_terms", [_dump(worth.terms(i)) for i in range(len(worth.expected))], dtype=pl.String)


def _dump(said: object) -> str:
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
