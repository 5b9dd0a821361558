"""Draws, agreement and intervals against plain twins and figures of the literature."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from fairdue.core import quality
from fairdue.core.quality import PPM


def test_a_draw_follows_from_its_seed_and_takes_about_its_share() -> None:
    numbers = np.arange(1, 100_001, dtype=np.int64)
    one = quality.drawn(numbers, "bank 2026", 100_000)
    assert (one == quality.drawn(numbers, "bank 2026", 100_000)).all()
    assert (one != quality.drawn(numbers, "bank 2027", 100_000)).any()
    assert abs(int(one.sum()) - 10_000) < 400, "four standard deviations are 379"
    assert (quality.drawn(numbers, "bank 2026", 300_000) | ~one).all(), "a greater share keeps who was drawn"
    assert not quality.drawn(numbers, "x", 0).any()
    assert quality.drawn(numbers, "x", PPM).all()


def test_within_each_collector_the_share_is_rounded_up_and_never_below_the_least() -> None:
    random = Random(7)
    for _ in range(200):
        count = random.randrange(1, 80)
        numbers = np.array(random.sample(range(10_000), count), np.int64)
        group = np.array([random.randrange(4) for _ in range(count)], np.int64)
        share, least = random.randrange(PPM), random.randrange(4)
        taken = quality.drawn_by_group(numbers, group, "seed", share, least)
        for one in set(group.tolist()):
            size = int((group == one).sum())
            assert int(taken[group == one].sum()) == min(size, max(-(-size * share // PPM), least))
        again = random.sample(range(count), count)
        assert (quality.drawn_by_group(numbers[again], group[again], "seed", share, least) == taken[again]).all()


def test_kappa_is_that_of_the_two_by_two_table_and_silent_where_it_says_nothing() -> None:
    first = np.repeat([1, 1, 0, 0], [20, 5, 10, 15])
    second = np.repeat([1, 0, 1, 0], [20, 5, 10, 15])
    assert quality.agreement(first, second, 30) == quality.Agreement(50, 35, 400_000), "0.70 seen, 0.50 by chance"
    assert quality.agreement(first, second, 51).kappa_ppm is None
    assert quality.agreement(np.ones(40, np.int64), np.ones(40, np.int64), 30) == quality.Agreement(40, 40, None)
    assert quality.agreement(np.array([], np.int64), np.array([], np.int64), 0) == quality.Agreement(0, 0, None)


PRINTED = [
    (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611), (1, 29, 0.0061, 0.1718),
]  # fmt: skip


@pytest.mark.parametrize(("part", "whole", "low", "high"), PRINTED)
def test_intervals_are_those_newcombe_prints(part: int, whole: int, low: float, high: float) -> None:
    """Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3."""
    found = quality.rate(part, whole)
    assert found.low_ppm is not None
    assert found.high_ppm is not None
    assert found.low_ppm / PPM == pytest.approx(low, abs=6e-5)
    assert found.high_ppm / PPM == pytest.approx(high, abs=6e-5)


def test_the_difference_is_the_one_newcombe_prints() -> None:
    """Newcombe (1998), Statistics in Medicine 17, 873-890, table II, method 10: 56/70 less 48/80."""
    found = quality.difference(quality.rate(56, 70), quality.rate(48, 80))
    assert found is not None
    assert [round(one / PPM, 4) for one in found] == [0.2, 0.0524, 0.3339]
    assert quality.difference(quality.rate(0, 0), quality.rate(1, 2)) is None
