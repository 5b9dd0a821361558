"""Numbers and hours: what was answered comes first, what was not falls behind, and a try must be worth more than a rest."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from fairdue.core import reach
from fairdue.core.value import PPM, rest_days, value
from fairdue.rules.reading import WrongFiles
from fairdue.rules.strategy import load_strategy
from fairdue.rules.talk.waterfall import FILE, load_waterfall, read_waterfall

EDGES = (480, 660, 810, 1020, 1140, 1320)


def whole(*values: int) -> np.ndarray:
    return np.array(values, np.int64)


def test_the_bands_of_a_day() -> None:
    minutes = whole(0, 479, 480, 659, 660, 1319, 1320)
    assert reach.band_of(minutes, EDGES).tolist() == [-1, -1, 0, 0, 1, 4, -1]


def chances(tries: list[list[int]], answered: list[list[int]], prior: int = 300_000) -> np.ndarray:
    return reach.chance(np.array(tries), np.array(answered), np.full(len(tries), prior), 4)


def test_a_number_that_was_never_tried_has_the_chance_of_its_stage() -> None:
    assert chances([[0, 0]], [[0, 0]]).tolist() == [[300_000, 300_000]]


def test_a_missed_call_lowers_the_hour_more_than_the_day_and_the_day_more_than_another_number() -> None:
    found = chances([[2, 0], [0, 0]], [[0, 0], [0, 0]])
    assert found[0, 0] < found[0, 1] < found[1, 0]


def test_an_answered_call_raises_its_hour_most() -> None:
    found = chances([[1, 1]], [[1, 0]])
    assert found[0, 0] > 300_000 > found[0, 1] > 0


def test_chances_agree_with_the_plain_twin() -> None:
    draw = random.Random(3)
    for _ in range(200):
        bands, prior, strength = draw.randint(1, 5), draw.randint(0, PPM), draw.randint(1, 9)
        tries = [draw.randint(0, 9) for _ in range(bands)]
        answered = [draw.randint(0, n) for n in tries]
        day = (sum(answered) * PPM + prior * strength) // (sum(tries) + strength)
        expected = [(a * PPM + day * strength) // (n + strength) for a, n in zip(answered, tries, strict=True)]
        found = reach.chance(np.array([tries]), np.array([answered]), whole(prior), strength)
        assert found[0].tolist() == expected
        assert all(0 <= one <= PPM for one in expected)


def test_the_order_is_working_lawful_likely_reserved_oldest() -> None:
    order = reach.best_first(
        whole(1, 1, 1, 1, 1), np.array([False, True, True, True, True]), np.array([True, False, True, True, True]),
        whole(900, 900, 100, 200, 200), whole(1, 1, 1, 0, 1), whole(1, 2, 3, 4, 5),
    )  # fmt: skip
    assert order.tolist() == [4, 3, 2, 1, 0]


def test_a_later_hour_is_waited_for_only_where_it_is_much_better() -> None:
    by_band = np.array([[100, 149, 90], [100, 150, 300], [300, 100, 100], [100, 900, 100]])
    assert reach.better_hour(by_band, whole(0, 0, 0, 2), 1_500_000).tolist() == [-1, 2, -1, -1]
    assert reach.better_hour(by_band, whole(-1, -1, -1, -1), 1_500_000).tolist() == [-1] * 4


PARAMS = load_strategy("cn").at(date(2026, 9, 30)).value


def rest(ages: list[int], balance: int = 1_000_000) -> int:
    """Days to rest for somebody tried so many days ago, once each."""
    tries = np.array([[sum(age + days < 7 for age in ages) for days in range(8)]])
    one = np.zeros(1, np.int8)
    return int(rest_days(one + 1, one, one, np.array([balance]), tries, PARAMS)[0])


def test_a_first_try_is_never_put_off_and_a_second_is_worth_it() -> None:
    assert rest([]) == 0
    assert rest([3]) == 0


def test_a_third_try_in_a_week_waits_until_the_first_is_out_of_sight() -> None:
    assert rest([6, 3]) == 1
    assert rest([5, 3, 1]) == 2


def test_a_try_that_costs_more_than_it_brings_rests_a_week() -> None:
    assert rest([1], balance=10) == 7


def test_the_best_day_agrees_with_the_plain_twin() -> None:
    draw = random.Random(11)
    one = np.zeros(1, np.int8)
    for _ in range(200):
        ages, balance = [draw.randint(0, 6) for _ in range(draw.randint(1, 8))], draw.randint(0, 10_000_000)
        worths = []
        for days in range(8):
            tries = sum(age + days < 7 for age in ages)
            now = int(value(one + 1, one, one, np.array([balance]), whole(tries), PARAMS).expected[0])
            left = PPM - days * PARAMS.delay_ppm
            worths.append((now // PPM * left + now % PPM * left // PPM) if now > 0 else now)
        first = int(value(one + 1, one, one, np.array([balance]), whole(len(ages)), PARAMS).expected[0])
        assert rest(ages, balance) == (worths.index(max(worths)) if first > 0 else 7), (ages, balance)


def test_the_figures_are_read_with_their_faults(tmp_path: Path) -> None:
    assert load_waterfall().name(0) == "08:00–11:00"
    for before, after, sentence in (
        ('"11:00"', '"07:00"', "the hours must rise"), ("BUREAU", "BUREAUX", "'BUREAUX' is no source"),
        ("strength: 4", "strength: many", "'strength' must be a whole number"), ('"08:00"', '"8 am"', "'8 am' is no hour"),
    ):  # fmt: skip
        file = tmp_path / "waterfall.yaml"
        file.write_text(FILE.read_text("utf-8").replace(before, after, 1), "utf-8")
        with pytest.raises(WrongFiles) as wrong:
            read_waterfall(file)
        assert sentence in wrong.value.sentence("en")
