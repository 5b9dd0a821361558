"""The worth of acting now: exact, explained term by term, less with every further contact."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from fairdue.core.value import Value, ValueParams, value

PARAMS = ValueParams(
    reach_ppm=(300_000, 200_000),
    falloff_ppm=(1_000_000, 885_000, 823_000, 277_000),
    uplift_ppm=((100_000, 50_000), (200_000, 80_000)),
    recoverable_ppm=(150_000, 100_000),
    cost_minor=(150, 5),
    delay_ppm=60_000,
    revision="test",
)


def worth(stage: int = 0, behaviour: int = 0, channel: int = 0, balance: int = 1_000_000, attempts: int = 0) -> Value:
    return worths([(stage, behaviour, channel, balance, attempts)])


def worths(cases: list[tuple[int, int, int, int, int]]) -> Value:
    stage, behaviour, channel = (np.array([case[i] for case in cases], np.int8) for i in range(3))
    balance, attempts = (np.array([case[i] for case in cases], np.int64) for i in (3, 4))
    return value(stage, behaviour, channel, balance, attempts, PARAMS)


def test_the_terms_multiply_to_the_value() -> None:
    # 1,000,000 × 15 % = 150,000 recoverable; × 30 % = 45,000; × 10 % = 4,500; less 150 for the call
    assert worth().terms(0) == {
        "expected": 4_350, "p_reach_ppm": 300_000, "uplift_ppm": 100_000, "recoverable": 150_000, "cost": 150,
    }  # fmt: skip


def test_each_further_contact_is_worth_less_until_the_last_figure_stays() -> None:
    found = [int(worth(attempts=n).expected[0]) for n in range(6)]
    assert found == [4350, 3832, 3553, 1096, 1096, 1096]


def test_a_credit_balance_is_worth_no_more_than_the_cost() -> None:
    assert worth(balance=-500).expected.tolist() == [-150]


def test_a_cheaper_channel_is_worth_more_at_the_same_effect() -> None:
    assert worth(channel=1).expected[0] - worth(channel=0).expected[0] == 145


def test_the_largest_balance_is_still_exact() -> None:
    balance = 2**62
    recovered = balance * 150_000 // 10**6 * 300_000 // 10**6 * 100_000 // 10**6
    assert worth(balance=balance).expected.tolist() == [recovered - 150]


zero_or_one = st.integers(0, 1)
rows = st.lists(
    st.tuples(zero_or_one, zero_or_one, zero_or_one, st.integers(-(10**6), 2**62), st.integers(0, 20)), min_size=1
)


def twin(stage: int, behaviour: int, channel: int, balance: int, attempts: int) -> int:
    """The formula for one case in plain Python integers."""
    million = 1_000_000
    fall = PARAMS.falloff_ppm[min(attempts, len(PARAMS.falloff_ppm) - 1)]
    reach = PARAMS.reach_ppm[stage] * fall // million
    recoverable = max(balance, 0) * PARAMS.recoverable_ppm[stage] // million
    return recoverable * reach // million * PARAMS.uplift_ppm[stage][behaviour] // million - PARAMS.cost_minor[channel]


@settings(max_examples=100, deadline=None)
@given(rows)
def test_columns_agree_with_the_twin_and_with_one_by_one(cases: list[tuple[int, int, int, int, int]]) -> None:
    found = worths(cases).expected.tolist()
    assert found == [twin(*case) for case in cases]
    assert found == [int(worth(*case).expected[0]) for case in cases]
