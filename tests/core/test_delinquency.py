"""How late an account is, day by day and against a plain count."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairdue.core import delinquency
from fairdue.core.delinquency import M_STAGES, S_STAGES, StageTable

ORIGIN = date(2026, 1, 1)
AS_OF = np.datetime64("2026-09-30")
Rows = list[tuple[int, int, int]]


def days(*texts: str | None) -> npt.NDArray[np.datetime64]:
    return np.array(["NaT" if t is None else t for t in texts], "datetime64[D]")


def column(*values: int) -> npt.NDArray[np.int64]:
    return np.array(values, np.int64)


def on(*offsets: int | None) -> npt.NDArray[np.datetime64]:
    """Days counted from ORIGIN; None is unknown."""
    return np.array(
        [np.datetime64("NaT") if o is None else ORIGIN + timedelta(days=o) for o in offsets], "datetime64[D]"
    )


def test_the_due_date_itself_is_on_time_and_the_next_day_is_one_day_late() -> None:
    late = delinquency.days_past_due(days("2026-09-30", "2026-09-29", "2026-10-15", None), AS_OF)
    assert late.tolist() == [0, 1, 0, 0]


def test_paused_days_do_not_age_and_never_make_up_for_more_than_there_is() -> None:
    late = delinquency.days_past_due(days("2026-09-20", "2026-09-20"), AS_OF, column(4, 40))
    assert late.tolist() == [6, 0]


def paused(due: str | None, *spans: tuple[str, str | None]) -> int:
    starts, ends = (days(*side) for side in zip(*spans, strict=True))
    account = np.zeros(len(spans), np.int64)
    return int(delinquency.paused_days(account, starts, ends, days(due), AS_OF)[0])


def test_days_under_two_pauses_count_once() -> None:
    assert paused("2026-09-01", ("2026-09-10", "2026-09-15"), ("2026-09-12", "2026-09-18")) == 8


def test_a_pause_inside_another_adds_nothing() -> None:
    assert (
        paused("2026-09-01", ("2026-09-10", "2026-09-20"), ("2026-09-12", "2026-09-14"), ("2026-09-19", "2026-09-21"))
        == 11
    )


def test_a_pause_before_the_due_date_or_after_today_does_not_count() -> None:
    assert paused("2026-09-20", ("2026-08-01", "2026-09-21")) == 0
    assert paused("2026-09-20", ("2026-08-01", "2026-09-22")) == 1
    assert paused("2026-09-20", ("2026-10-01", "2026-12-01")) == 0


def test_a_pause_without_an_end_is_still_running() -> None:
    assert paused("2026-09-20", ("2026-09-26", None)) == 5


def test_a_pause_entered_after_the_fact_counts_like_any_other() -> None:
    assert paused("2026-06-01", ("2026-09-01", "2026-09-03"), ("2026-07-01", "2026-07-11")) == 12


def test_nothing_unpaid_has_nothing_to_pause() -> None:
    assert paused(None, ("2026-09-01", "2026-09-10")) == 0


def test_a_pause_without_a_start_is_refused() -> None:
    with pytest.raises(delinquency.PauseWithoutStart, match="row 3"):
        delinquency.paused_days(column(0, 2), days("2026-09-01", None), days(None, None), on(0, 0, 0), AS_OF)


def aged_twin(due: int | None, today: int, pauses: list[tuple[int, int]]) -> int:
    """Days past due counted one day at a time."""
    if due is None:
        return 0
    return sum(not any(a <= day < b for a, b in pauses) for day in range(due + 1, today + 1))


spans = st.lists(st.tuples(st.integers(0, 3), st.integers(-40, 60), st.integers(0, 40)), max_size=12)
dues = st.lists(st.none() | st.integers(-60, 60), min_size=4, max_size=4)


@given(dues, spans, st.integers(0, 60))
def test_ageing_matches_a_count_day_by_day(due: list[int | None], pauses: Rows, today: int) -> None:
    account = column(*[a for a, _, _ in pauses])
    starts, ends = on(*[s for _, s, _ in pauses]), on(*[s + length for _, s, length in pauses])
    as_of = on(today)[0]
    off = delinquency.paused_days(account, starts, ends, on(*due), as_of)
    late = delinquency.days_past_due(on(*due), as_of, off)
    assert late.tolist() == [
        aged_twin(d, today, [(s, s + length) for a, s, length in pauses if a == i]) for i, d in enumerate(due)
    ]


def test_paying_one_instalment_of_three_moves_m3_to_m2() -> None:
    due_on, amount = days("2026-07-15", "2026-08-15", "2026-09-15"), column(100, 100, 100)
    account = column(0, 0, 0)
    for paid, stage in ((0, "M3"), (99, "M3"), (100, "M2"), (200, "M1"), (300, "M0")):
        oldest = delinquency.oldest_unpaid_due(account, due_on, amount, column(paid))
        late = delinquency.days_past_due(oldest, AS_OF)
        assert M_STAGES.codes[M_STAGES.stage(late)[0]] == stage


def test_an_account_without_a_schedule_has_no_unpaid_due_date() -> None:
    oldest = delinquency.oldest_unpaid_due(column(1), days("2026-09-15"), column(100), column(0, 0, 0))
    assert oldest.astype(str).tolist() == ["NaT", "2026-09-15", "NaT"]


def oldest_twin(instalments: list[tuple[int, int]], paid: int) -> int | None:
    """Pay the oldest first until the money is gone."""
    left = max(paid, 0)
    for due, amount in sorted(instalments):
        if amount > left:
            return due
        left -= amount
    return None


instalments_of = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 400), st.integers(0, 5_000)), max_size=20)
paid_of = st.lists(st.integers(-100, 20_000), min_size=4, max_size=4)


@given(instalments_of, paid_of)
def test_the_oldest_unpaid_instalment_matches_the_twin(rows: Rows, paid: list[int]) -> None:
    rows = list({(a, d): (a, d, amount) for a, d, amount in rows}.values())
    account, amount = column(*[a for a, _, _ in rows]), column(*[m for _, _, m in rows])
    found = delinquency.oldest_unpaid_due(account, on(*[d for _, d, _ in rows]), amount, column(*paid))
    wanted = on(*[oldest_twin([(d, m) for a, d, m in rows if a == i], p) for i, p in enumerate(paid)])
    assert found.astype(str).tolist() == wanted.astype(str).tolist()


@pytest.mark.parametrize(
    ("dpd", "code"),
    [(0, "M0"), (1, "M1"), (30, "M1"), (31, "M2"), (90, "M3"), (91, "M4"), (180, "M6"), (181, "M6+"), (9_999, "M6+")],
)
def test_a_month_of_lateness_is_thirty_days(dpd: int, code: str) -> None:
    assert M_STAGES.codes[M_STAGES.stage(column(dpd))[0]] == code


def test_the_first_month_can_be_cut_finer() -> None:
    assert [S_STAGES.codes[i] for i in S_STAGES.stage(column(0, 1, 10, 11, 30, 31))] == [
        "M0",
        "S1",
        "S1",
        "S2",
        "S2",
        "M2",
    ]


@pytest.mark.parametrize(
    ("codes", "lower"),
    [
        (("M0", "M1"), (2,)),
        (("M0", "M1", "M2"), (1, 1)),
        (("M0", "M1", "M2"), (1, 31, 61)),
        (("M0", "M1", "M1"), (1, 31)),
        (("M0",), ()),
    ],
)
def test_stages_that_do_not_rise_from_one_day_are_refused(codes: tuple[str, ...], lower: tuple[int, ...]) -> None:
    with pytest.raises(delinquency.StagesOutOfOrder):
        StageTable(codes, lower)


def test_the_customer_is_as_late_as_the_worst_account_that_counts() -> None:
    customer, dpd = column(0, 0, 1, 1, 2), column(40, 200, 10, 95, 300)
    balance = column(9_000, 4_999, 6_000, 5_001, -100)
    assert delinquency.customer_max(customer, 4, dpd, balance, floor=5_000).tolist() == [40, 95, 0, 0]


def test_nobody_is_late_with_nothing_owed_even_without_a_floor() -> None:
    assert delinquency.customer_max(column(0, 1), 2, column(90, 90), column(0, -5), floor=-10).tolist() == [0, 0]


accounts_of = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 400), st.integers(-50, 200)), max_size=20)


@given(accounts_of, st.integers(-10, 100))
def test_the_customer_maximum_matches_the_twin(rows: Rows, floor: int) -> None:
    customer, dpd, balance = (column(*[row[i] for row in rows]) for i in range(3))
    wanted = [max((d for c, d, b in rows if c == i and b > 0 and b > floor), default=0) for i in range(5)]
    assert delinquency.customer_max(customer, 5, dpd, balance, floor).tolist() == wanted


def test_a_stage_history_tells_only_the_changes_in_order_of_days() -> None:
    account = column(7, 7, 7, 7, 9)
    seen = delinquency.stage_history(account, on(3, 1, 2, 4, 1), column(35, 5, 8, 0, 61), M_STAGES)
    told = zip(seen.account.tolist(), seen.on.tolist(), seen.before.tolist(), seen.after.tolist(), strict=True)
    day = [ORIGIN + timedelta(days=n) for n in range(5)]
    assert list(told) == [(7, day[1], -1, 1), (7, day[3], 1, 2), (7, day[4], 2, 0), (9, day[1], -1, 3)]


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 300), st.integers(0, 200)), max_size=20))
def test_a_stage_history_matches_the_twin(rows: Rows) -> None:
    rows = list({(a, d): (a, d, late) for a, d, late in rows}.values())
    account, on_day, dpd = (column(*[row[i] for row in rows]) for i in range(3))
    seen = delinquency.stage_history(account, on(*on_day.tolist()), dpd, M_STAGES)
    wanted, last = [], dict.fromkeys(range(3), -1)
    for a, day, late in sorted(rows):
        stage = min((late + 29) // 30, 7)
        if stage != last[a]:
            wanted.append((a, ORIGIN + timedelta(days=day), last[a], stage))
        last[a] = stage
    assert list(zip(*(part.tolist() for part in seen), strict=True)) == wanted


def test_a_book_without_accounts_is_not_late() -> None:
    none, never = column(), on()
    assert delinquency.oldest_unpaid_due(none, never, none, none).shape == (0,)
    assert delinquency.paused_days(none, never, never, never, AS_OF).shape == (0,)
    assert delinquency.customer_max(none, 0, none, none).shape == (0,)
    assert delinquency.stage_history(none, never, none, M_STAGES).account.shape == (0,)
