"""Behaviour and balance bands: what the words mean, by example and against a plain twin."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from fairdue.core.codes import Behaviour
from fairdue.core.segment import NO_MONTH, BehaviourParams, band, behaviour

PARAMS = BehaviourParams(chronic_months=3, self_cure_days=20, self_cure_paid_ppm=200_000)
BEHAVIOURS = tuple(Behaviour)


def one(before: list[int], *, dpd: int = 15, billed: int = 1000, paid: int = 0, latest: int = 1) -> Behaviour:
    """A single case: the months before, newest first, and one bill and one payment for every month."""
    missed = np.array([[latest, *before]], np.int64)
    bills, money = np.full((1, 6), billed, np.int64), np.full((1, 6), paid, np.int64)
    return BEHAVIOURS[int(behaviour(missed, bills, money, np.array([dpd], np.int64), PARAMS)[0])]


def twin(missed: list[int], billed: list[int], paid: list[int], dpd: int, params: BehaviourParams) -> Behaviour:
    """The same, for one case, in plain Python."""
    before = missed[1:]
    if NO_MONTH in before:
        return Behaviour.OTHER
    late = [max(months, 0) for months in before]
    times = sum(1 for months in late if months)
    if times == 0:
        bill, money = billed[2], paid[1]
        known = NO_MONTH not in (bill, money) and bill > 0
        if known and 0 <= dpd <= params.self_cure_days and money * 1_000_000 >= bill * params.self_cure_paid_ppm:
            return Behaviour.SELF_CURE
        return Behaviour.FIRST_TIME
    if times >= params.chronic_months:
        return Behaviour.CHRONIC
    return Behaviour.IMPROVING if late[0] < late[1] else Behaviour.OTHER


def test_nobody_late_before_is_a_first_time() -> None:
    assert one([0, -1, -2, 0, 0]) is Behaviour.FIRST_TIME


def test_late_in_three_of_five_months_is_chronic() -> None:
    assert one([2, 0, 1, 0, 2]) is Behaviour.CHRONIC


def test_late_in_two_of_five_months_is_not_chronic() -> None:
    assert one([2, 0, 0, 0, 2]) is Behaviour.OTHER


def test_fewer_months_missed_than_the_month_before_is_improving() -> None:
    assert one([1, 2, 0, 0, 0]) is Behaviour.IMPROVING


def test_codes_below_zero_are_on_time_and_no_improvement() -> None:
    assert one([-1, 0, 0, 2, 0]) is Behaviour.OTHER


def test_who_was_never_late_and_paid_last_month_is_a_likely_self_cure() -> None:
    assert one([0] * 5, paid=200) is Behaviour.SELF_CURE


def test_a_payment_below_the_share_is_no_self_cure() -> None:
    assert one([0] * 5, paid=199) is Behaviour.FIRST_TIME


def test_a_likely_self_cure_that_has_not_paid_in_time_is_likely_no_more() -> None:
    assert one([0] * 5, paid=1000, dpd=20) is Behaviour.SELF_CURE
    assert one([0] * 5, paid=1000, dpd=21) is Behaviour.FIRST_TIME


def test_an_unknown_lateness_is_no_self_cure() -> None:
    assert one([0] * 5, paid=1000, dpd=-1) is Behaviour.FIRST_TIME


def test_without_a_bill_a_payment_shows_nothing() -> None:
    assert one([0] * 5, billed=0, paid=1000) is Behaviour.FIRST_TIME


def test_an_unknown_month_gives_no_name() -> None:
    assert one([0, 0, NO_MONTH, 0, 0]) is Behaviour.OTHER


def test_the_latest_month_says_nothing_about_behaviour() -> None:
    assert one([0] * 5, latest=8) is one([0] * 5, latest=NO_MONTH) is Behaviour.FIRST_TIME


def test_a_bill_as_large_as_money_can_be_does_not_overflow() -> None:
    assert one([0] * 5, billed=2**62, paid=2**62) is Behaviour.SELF_CURE


months = st.lists(st.integers(-2, 4) | st.just(NO_MONTH), min_size=6, max_size=6)
sums = st.lists(st.integers(0, 50_000) | st.just(NO_MONTH), min_size=6, max_size=6)
params = st.builds(BehaviourParams, st.integers(1, 5), st.integers(0, 30), st.integers(0, 1_000_000))
cases = st.lists(st.tuples(months, sums, sums, st.integers(-1, 40)), min_size=1, max_size=20)


@settings(max_examples=100, deadline=None)
@given(cases, params)
def test_columns_agree_with_the_twin_and_with_one_by_one(
    rows: list[tuple[list[int], list[int], list[int], int]], how: BehaviourParams
) -> None:
    missed, billed, paid = (np.array([row[i] for row in rows], np.int64) for i in range(3))
    dpd = np.array([row[3] for row in rows], np.int64)
    found = behaviour(missed, billed, paid, dpd, how)
    assert found.tolist() == [twin(*row, how) for row in rows]
    for i in range(len(rows)):
        alone = slice(i, i + 1)
        assert behaviour(missed[alone], billed[alone], paid[alone], dpd[alone], how)[0] == found[i]


def test_an_edge_belongs_to_the_band_above_it() -> None:
    assert band(np.array([-5, 0, 99, 100, 999, 1000, 10**15]), (100, 1000)).tolist() == [0, 0, 0, 1, 1, 2, 2]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(-(10**12), 10**12), min_size=1), st.lists(st.integers(0, 10**9), min_size=1, unique=True))
def test_a_band_is_the_number_of_edges_reached(amounts: list[int], edges: list[int]) -> None:
    ordered = tuple(sorted(edges))
    expected = [sum(1 for edge in ordered if amount >= edge) for amount in amounts]
    assert band(np.array(amounts, np.int64), ordered).tolist() == expected
