"""Dealing against a plain twin: even within one case's minutes, values balanced, holders kept."""

from __future__ import annotations

import random

import numpy as np

from fairdue.core.deal import NOBODY, Cases, Hands, deal


def twin(
    minutes: list[int], value: list[int], may: list[list[bool]], held: list[int], capacity: list[int]
) -> list[int]:
    people, most = range(len(capacity)), max(capacity, default=0)
    scale = [most * 60 // c if c else 0 for c in capacity]
    load, worth, found = [0] * len(capacity), [0] * len(capacity), [NOBODY] * len(minutes)

    def give(case: int, who: int) -> None:
        found[case] = who
        load[who] += minutes[case] * scale[who]
        worth[who] += value[case]

    for case, who in enumerate(held):
        if who != NOBODY and may[case][who] and capacity[who]:
            give(case, who)
    room = max(minutes, default=0) * max(scale, default=0)
    for case in sorted(
        (c for c in range(len(minutes)) if found[c] == NOBODY), key=lambda c: (-value[c], -minutes[c], c)
    ):
        able = [p for p in people if may[case][p] and capacity[p]]
        if able:
            least = min(load[p] for p in able)
            even = [p for p in able if load[p] + minutes[case] * scale[p] <= least + room]
            give(case, min(even, key=lambda p: (worth[p] * scale[p], load[p], p)))
    return found


def draw(rng: random.Random, *, plain: bool) -> tuple[list[int], list[int], list[list[bool]], list[int], list[int]]:
    people, cases = rng.randint(1, 6), rng.randint(0, 40)
    capacity = [2400] * people if plain else [rng.choice((0, 600, 1200, 2400)) for _ in range(people)]
    may = [[plain or rng.random() < 0.7 for _ in range(people)] for _ in range(cases)]
    held = [NOBODY if plain else rng.randint(-1, people - 1) for _ in range(cases)]
    return (
        [rng.randint(1, 20) for _ in range(cases)],
        [rng.randint(0, 10**6) for _ in range(cases)],
        may,
        held,
        capacity,
    )


def dealt(
    minutes: list[int], value: list[int], may: list[list[bool]], held: list[int], capacity: list[int]
) -> list[int]:
    table = np.array(may, bool).reshape(len(minutes), len(capacity))
    columns = [np.array(column, np.int64) for column in (minutes, value, range(len(minutes)), held)]
    return deal(Cases(*columns), Hands(np.array(capacity, np.int64), table)).tolist()  # type: ignore[no-any-return]


def test_the_kernel_deals_like_its_twin() -> None:
    rng = random.Random(7)
    for _ in range(300):
        drawn = draw(rng, plain=False)
        assert dealt(*drawn) == twin(*drawn)


def test_loads_are_even_within_one_case() -> None:
    rng = random.Random(11)
    for _ in range(200):
        minutes, value, may, held, capacity = draw(rng, plain=True)
        found = dealt(minutes, value, may, held, capacity)
        load = [0] * len(capacity)
        for case, who in enumerate(found):
            load[who] += minutes[case]
        assert max(load) - min(load) <= max(minutes, default=0)
