"""Decisions: every reason by example, the order of the policies, and the columns against a plain twin."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairdue.core.codes import Aim
from fairdue.core.decision import NEVER, Action, DecisionReason, Decisions, Situation, decide

TODAY = date(2026, 9, 30)
NINE = 29_845_500  # 2026-09-30T09:00 at UTC+8
DAY = 1440
R, A = DecisionReason, Action
FLAGS = ("promise_broken", "paused", "disputed", "claims_paid", "ceased", "has_point", "allowed", "plan_runs")
DATES = ("oldest_due", "last_contact_on", "promise_until", "remind_on", "worn_until")


@dataclass(frozen=True)
class Row:
    """One case as a person would tell it; by default due today, lawful and never contacted."""

    owed: int = 100_000
    oldest_due: date | None = TODAY - timedelta(15)
    planned_aim: int = Aim.WIN_PROMISE
    cadence_days: int = 4
    last_contact_on: date | None = None
    callback_at: int = -1
    promise_until: date | None = None
    promise_broken: bool = False
    paused: bool = False
    disputed: bool = False
    claims_paid: bool = False
    ceased: bool = False
    has_point: bool = True
    allowed: bool = True
    next_lawful: int = NINE
    remind_on: date | None = None
    worn_until: date | None = None
    after_breaking: int = Aim.LEARN_CAUSE
    plan_runs: bool = False


def situation(rows: list[Row]) -> Situation:
    def column(name: str) -> object:
        values = [getattr(row, name) for row in rows]
        if name in DATES:
            return np.array(["NaT" if v is None else v for v in values], "datetime64[D]")
        return np.array(values, bool if name in FLAGS else np.int64)

    columns = {field.name: column(field.name) for field in fields(Row)}
    return Situation(as_of=np.datetime64(TODAY), at=np.full(len(rows), NINE), **columns)  # type: ignore[arg-type]  # built by name


Told = tuple[int, int, int, int, date | None]


def told(made: Decisions, i: int) -> Told:
    review: date | None = made.review_on[i].item()
    return int(made.action[i]), int(made.aim[i]), int(made.reason[i]), int(made.not_before[i]), review


def one(row: Row) -> Told:
    return told(decide(situation([row])), 0)


def ahead(days: int) -> date:
    return TODAY + timedelta(days)


CASES: dict[str, tuple[Row, Told]] = {
    "due now": (Row(), (A.CONTACT, Aim.WIN_PROMISE, R.DUE_NOW, NINE, None)),
    "nothing owed": (Row(owed=0), (A.STOP, Aim.REST, R.NOTHING_OWED, NEVER, None)),
    "a credit balance": (Row(owed=-1), (A.STOP, Aim.REST, R.NOTHING_OWED, NEVER, None)),
    "asked to cease": (Row(ceased=True), (A.STOP, Aim.HAND_OVER, R.CEASED, NEVER, None)),
    "says it is paid": (Row(claims_paid=True), (A.STOP, Aim.CHECK_PAYMENT, R.CHECK_PAYMENT, NEVER, None)),
    "disputed": (Row(disputed=True), (A.STOP, Aim.SETTLE_DISPUTE, R.DISPUTED, NEVER, None)),
    "paused": (Row(paused=True), (A.STOP, Aim.WIN_PROMISE, R.PAUSED, NEVER, None)),
    "no point": (Row(has_point=False, allowed=False, next_lawful=-1),
                 (A.REPAIR, Aim.RESTORE_CONTACT, R.NO_POINT, NEVER, None)),
    "refused for good": (Row(allowed=False, next_lawful=-1), (A.STOP, Aim.WIN_PROMISE, R.LAW_REFUSES, NEVER, None)),
    "refused until tomorrow": (Row(allowed=False, next_lawful=NINE + 1380),
                               (A.WAIT, Aim.WIN_PROMISE, R.LAW_LATER, NINE + 1380, ahead(1))),
    "a promise runs": (Row(promise_until=ahead(2)),
                       (A.REST, Aim.CONFIRM_PROMISE, R.PROMISE_RUNNING, NINE + 3 * DAY, ahead(3))),
    "the last day of a promise": (Row(promise_until=TODAY),
                                  (A.REST, Aim.CONFIRM_PROMISE, R.PROMISE_RUNNING, NINE + DAY, ahead(1))),
    "a promise broke": (Row(promise_until=ahead(-1), promise_broken=True, last_contact_on=ahead(-2)),
                        (A.CONTACT, Aim.LEARN_CAUSE, R.PROMISE_BROKEN, NINE, None)),
    "a broken promise was followed up": (Row(promise_until=ahead(-3), promise_broken=True, last_contact_on=ahead(-1)),
                                         (A.REST, Aim.WIN_PROMISE, R.CADENCE, NINE + 3 * DAY, ahead(3))),
    "a broken promise leads to what the aims' table says": (
        Row(promise_until=ahead(-1), promise_broken=True, after_breaking=Aim.BUILD_PLAN),
        (A.CONTACT, Aim.BUILD_PLAN, R.PROMISE_BROKEN, NINE, None)),
    "a reminder that was asked for": (Row(promise_until=ahead(4), remind_on=TODAY, last_contact_on=ahead(-2)),
                                      (A.CONTACT, Aim.CONFIRM_PROMISE, R.REMIND, NINE, None)),
    "a reminder that was given": (Row(promise_until=ahead(4), remind_on=TODAY, last_contact_on=TODAY),
                                  (A.REST, Aim.CONFIRM_PROMISE, R.PROMISE_RUNNING, NINE + 5 * DAY, ahead(5))),
    "a reminder before its day": (Row(promise_until=ahead(5), remind_on=ahead(1)),
                                  (A.REST, Aim.CONFIRM_PROMISE, R.PROMISE_RUNNING, NINE + 6 * DAY, ahead(6))),
    "a plan that is kept": (Row(plan_runs=True, callback_at=NINE), (A.REST, Aim.REST, R.PLAN_RUNNING, NINE + DAY, ahead(1))),
    "a dispute under a plan": (Row(plan_runs=True, disputed=True), (A.STOP, Aim.SETTLE_DISPUTE, R.DISPUTED, -1, None)),
    "tried too often of late": (Row(last_contact_on=ahead(-4), worn_until=ahead(2)),
                                (A.REST, Aim.WIN_PROMISE, R.WORN_OUT, NINE + 2 * DAY, ahead(2))),
    "a call-back is kept however often was tried": (Row(callback_at=NINE, worn_until=ahead(2)),
                                                    (A.CONTACT, Aim.WIN_PROMISE, R.CALLBACK_DUE, NINE, None)),
    "a call-back later": (Row(callback_at=NINE + 2 * DAY),
                          (A.WAIT, Aim.WIN_PROMISE, R.CALLBACK_LATER, NINE + 2 * DAY, ahead(2))),
    "a call-back due": (Row(callback_at=NINE, last_contact_on=ahead(-1)),
                        (A.CONTACT, Aim.WIN_PROMISE, R.CALLBACK_DUE, NINE, None)),
    "contacted two days ago": (Row(last_contact_on=ahead(-2)),
                               (A.REST, Aim.WIN_PROMISE, R.CADENCE, NINE + 2 * DAY, ahead(2))),
    "contacted long enough ago": (Row(last_contact_on=ahead(-4)), (A.CONTACT, Aim.WIN_PROMISE, R.DUE_NOW, NINE, None)),
    "a likely self-cure": (Row(planned_aim=Aim.REST, cadence_days=20),
                           (A.REST, Aim.REST, R.SELF_CURE, NINE + 5 * DAY, ahead(5))),
    "a self-cure whose review is overdue": (Row(planned_aim=Aim.REST, cadence_days=10),
                                            (A.REST, Aim.REST, R.SELF_CURE, NINE + DAY, ahead(1))),
    "a self-cure nobody can reach": (Row(planned_aim=Aim.REST, cadence_days=20, has_point=False, allowed=False),
                                     (A.REST, Aim.REST, R.SELF_CURE, NINE + 5 * DAY, ahead(5))),
    "a self-cure who asked for a call": (Row(planned_aim=Aim.REST, callback_at=NINE),
                                         (A.CONTACT, Aim.TELL, R.CALLBACK_DUE, NINE, None)),
    "a self-cure who asked for a later call": (Row(planned_aim=Aim.REST, callback_at=NINE + DAY),
                                               (A.WAIT, Aim.TELL, R.CALLBACK_LATER, NINE + DAY, ahead(1))),
    "a self-cure without a due date": (Row(planned_aim=Aim.REST, cadence_days=20, oldest_due=None),
                                       (A.REST, Aim.REST, R.SELF_CURE, NINE + 20 * DAY, ahead(20))),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_case_is_decided_as_told(name: str) -> None:
    row, expected = CASES[name]
    assert one(row) == expected


def test_every_reason_has_an_example() -> None:
    assert {expected[2] for _, expected in CASES.values()} == {int(reason) for reason in DecisionReason}


def test_all_examples_together_come_out_as_one_by_one() -> None:
    made = decide(situation([row for row, _ in CASES.values()]))
    assert [told(made, i) for i in range(len(CASES))] == [expected for _, expected in CASES.values()]


def test_no_cases_no_decisions() -> None:
    assert len(decide(situation([])).action) == 0


def test_every_reason_and_action_speaks_both_languages() -> None:
    assert all(code.zh and code.en for kind in (DecisionReason, Action) for code in kind)


def test_a_rest_is_not_cut_short_by_a_lawful_hour_that_comes_sooner() -> None:
    row = Row(last_contact_on=TODAY, allowed=False, next_lawful=NINE + 60)
    assert one(row)[2:] == (R.CADENCE, NINE + 4 * DAY, ahead(4))


def test_a_due_call_back_still_waits_for_the_lawful_hour() -> None:
    assert one(Row(callback_at=NINE, allowed=False, next_lawful=NINE + 60))[:4:2] == (A.WAIT, R.LAW_LATER)


def test_a_broken_promise_does_not_open_what_is_disputed() -> None:
    assert one(Row(promise_broken=True, disputed=True))[2] == R.DISPUTED


@pytest.mark.parametrize("stop", ["paused", "disputed", "claims_paid", "ceased"])
def test_nothing_undoes_a_stop(stop: str) -> None:
    urgent = Row(callback_at=NINE, promise_broken=True, promise_until=ahead(-1))
    assert one(replace(urgent, **{stop: True}))[0] == A.STOP  # type: ignore[arg-type]  # the name of a yes/no fact


def twin(row: Row) -> tuple[DecisionReason, Action]:
    """The policies for one case, as plain sentences."""
    if row.owed <= 0:
        return R.NOTHING_OWED, A.STOP
    stops = {"ceased": R.CEASED, "claims_paid": R.CHECK_PAYMENT, "disputed": R.DISPUTED, "paused": R.PAUSED}
    for stop, reason in stops.items():
        if getattr(row, stop):
            return reason, A.STOP
    if row.plan_runs:
        return R.PLAN_RUNNING, A.REST
    return left_alone(row) or out_of_reach(row) or resting(row) or acting(row)


Answer = tuple[DecisionReason, Action] | None


def left_alone(row: Row) -> Answer:
    if row.promise_until is not None and row.promise_until >= TODAY and not reminding(row):
        return R.PROMISE_RUNNING, A.REST
    asked = row.callback_at >= 0 or broken(row) or reminding(row)
    return (R.SELF_CURE, A.REST) if row.planned_aim == Aim.REST and not asked else None


def out_of_reach(row: Row) -> Answer:
    if not row.has_point:
        return R.NO_POINT, A.REPAIR
    return (R.LAW_REFUSES, A.STOP) if not row.allowed and row.next_lawful < 0 else None


def resting(row: Row) -> Answer:
    if row.callback_at > NINE:
        return R.CALLBACK_LATER, A.WAIT
    if row.callback_at >= 0 or broken(row) or reminding(row):
        return None
    if row.last_contact_on is not None and (TODAY - row.last_contact_on).days < row.cadence_days:
        return R.CADENCE, A.REST
    return (R.WORN_OUT, A.REST) if row.worn_until is not None and row.worn_until > TODAY else None


def acting(row: Row) -> tuple[DecisionReason, Action]:
    if not row.allowed:
        return R.LAW_LATER, A.WAIT
    if row.callback_at >= 0:
        return R.CALLBACK_DUE, A.CONTACT
    if broken(row):
        return R.PROMISE_BROKEN, A.CONTACT
    return (R.REMIND if reminding(row) else R.DUE_NOW), A.CONTACT


def reminding(row: Row) -> bool:
    """The day of a reminder has come, nobody has been in touch since, and it can be sent now or later."""
    if row.remind_on is None or row.promise_until is None or row.promise_broken:
        return False
    if row.remind_on > TODAY or row.promise_until < TODAY or not row.has_point:
        return False
    told = row.last_contact_on is not None and row.last_contact_on >= row.remind_on
    return not told and (row.allowed or row.next_lawful >= 0)


def broken(row: Row) -> bool:
    """Broken, and nobody has been in touch since the last day of grace."""
    if not row.promise_broken or row.last_contact_on is None or row.promise_until is None:
        return row.promise_broken
    return row.last_contact_on <= row.promise_until


some_day = st.none() | st.integers(-40, 10).map(ahead)
rows = st.builds(
    Row,
    owed=st.integers(-1, 2), oldest_due=some_day, planned_aim=st.sampled_from([Aim.REST, Aim.TELL, Aim.WIN_PROMISE]),
    cadence_days=st.integers(1, 30), last_contact_on=some_day, promise_until=some_day,
    callback_at=st.sampled_from([-1, NINE - 1, NINE, NINE + 1, NINE + 3 * DAY]),
    promise_broken=st.booleans(), paused=st.booleans(), disputed=st.booleans(), claims_paid=st.booleans(),
    ceased=st.booleans(), has_point=st.booleans(), allowed=st.booleans(),
    next_lawful=st.sampled_from([-1, NINE, NINE + 1, NINE + DAY]), remind_on=some_day, worn_until=some_day,
    plan_runs=st.booleans(),
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.lists(rows, min_size=1, max_size=20))
def test_columns_agree_with_the_twin_and_with_one_by_one(cases: list[Row]) -> None:
    made = decide(situation(cases))
    assert [(made.reason[i], made.action[i]) for i in range(len(cases))] == [twin(row) for row in cases]
    assert [told(made, i) for i in range(len(cases))] == [one(row) for row in cases]


@settings(max_examples=100, deadline=None)
@given(rows)
def test_nobody_is_contacted_against_the_law_or_before_a_rest_is_over(row: Row) -> None:
    action, aim, _, not_before, review = one(row)
    if action == A.CONTACT:
        assert row.allowed
        assert row.has_point
        assert row.owed > 0
        assert aim != Aim.REST
        assert not_before == NINE
    if action in (A.REST, A.WAIT):
        assert review is not None
        assert review >= TODAY
        assert not_before >= NINE
    if action in (A.STOP, A.REPAIR):
        assert (not_before, review) == (NEVER, None)
