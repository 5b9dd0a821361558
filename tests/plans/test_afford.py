from __future__ import annotations

import random
from datetime import date

import numpy as np
import pytest

import plan_draws
from fairdue.core.afford import Basis, Income, Means, Minimum, Outgoing, afford
from fairdue.core.codes import UNKNOWN
from fairdue.core.plan_why import Why
from fairdue.rules.living_costs import load_living_costs
from fairdue.rules.plans.household import Household, judge

ON = date(2025, 6, 1)


def twin(
    income: list[int], basis: list[int], outgoings: list[int], minimum: int, kind: int, plans: int
) -> tuple[int, ...]:
    """The same for one household, the way a person reckons it."""
    said = [amount for amount in income if amount != UNKNOWN]
    living = [amount for line, amount in enumerate(outgoings) if amount != UNKNOWN and line != Outgoing.DEBTS]
    debts = max(outgoings[Outgoing.DEBTS], 0) + plans
    protected = max(sum(living), minimum)
    left = UNKNOWN
    if said and (living or kind == Minimum.CURRENT):
        left = max(sum(said) - protected - debts, 0)
    proven = sum(a for a, b in zip(income, basis, strict=True) if a != UNKNOWN and b == Basis.EVIDENCED)
    share = proven * 1_000_000 // sum(said) if said and sum(said) else 0
    return (sum(said) if said else UNKNOWN, sum(living) if living else UNKNOWN, protected, debts, left, share)


def test_columns_reckon_like_a_person_row_by_row() -> None:
    draw = random.Random(4)
    rows = [
        ([draw.choice((UNKNOWN, draw.randrange(10_000_00))) for _ in range(6)], [draw.randrange(2) for _ in range(6)],
         [draw.choice((UNKNOWN, draw.randrange(3_000_00))) for _ in range(9)], draw.randrange(3_000_00),
         draw.randrange(2), draw.randrange(500_00))
        for _ in range(3_000)
    ]  # fmt: skip
    a, b, c, d, e, f = (np.array([row[i] for row in rows]) for i in range(6))
    found = afford(Means(a, b, c, d, e, f))
    columns = (found.income, found.living, found.protected, found.debts, found.left, found.evidenced_ppm)
    assert [tuple(int(x[i]) for x in columns) for i in range(len(rows))] == [twin(*row) for row in rows]


def test_without_an_income_nothing_is_left_over() -> None:
    assert judge(Household("上海"), ON, load_living_costs()).left == UNKNOWN


def test_where_the_place_is_unknown_living_costs_must_be_said() -> None:
    income = {Income.WAGE: (6_000_00, Basis.STATED)}
    judged = judge(Household("昆明", income=income), ON, load_living_costs())
    assert judged.left == UNKNOWN
    assert [w.why for w in judged.needs] == [Why.OUTGOINGS_UNKNOWN]
    said = judge(Household("昆明", income=income, outgoings={Outgoing.FOOD: 900_00}), ON, load_living_costs())
    assert (said.protected, said.left) == (1_595_00, 4_405_00), "the highest figure known stands in: Shanghai's"


def test_where_the_figure_is_in_force_it_protects_who_said_less() -> None:

    income = {Income.WAGE: (6_000_00, Basis.EVIDENCED)}
    judged = judge(Household("上海", 1, 1, income, {Outgoing.FOOD: 900_00}), ON, load_living_costs())
    assert (judged.protected, judged.left, judged.evidenced_ppm) == (1_595_00 + 2_075_00, 2_330_00, 1_000_000)


@pytest.mark.parametrize(
    ("place", "on", "amount", "kind"),
    [
        ("北京", date(2024, 6, 30), 1_395_00, Minimum.CURRENT),
        ("北京", date(2025, 1, 1), 1_595_00, Minimum.HIGHEST_KNOWN),  # 18 months after July 2023
        ("上海", date(2024, 6, 30), 1_510_00, Minimum.CURRENT),
        ("上海", date(2024, 7, 1), 1_595_00, Minimum.CURRENT),
        ("天津", date(2025, 8, 31), 1_595_00, Minimum.HIGHEST_KNOWN),
        ("天津", date(2025, 9, 1), 1_045_00, Minimum.CURRENT),
        ("杭州市西湖区", date(2025, 1, 22), 1_259_00, Minimum.CURRENT),
        ("杭州市西湖区", date(2025, 1, 23), 1_301_00, Minimum.CURRENT),
        ("", date(2025, 1, 23), 1_595_00, Minimum.HIGHEST_KNOWN),
    ],
)
def test_the_minimum_follows_the_published_figures_by_date(place: str, on: date, amount: int, kind: Minimum) -> None:
    costs = load_living_costs()
    floor = costs.floor(costs.place_of(place), 1, 0, on)
    assert (floor.amount, floor.kind) == (amount, kind)
    assert floor.figure.link.startswith("http")


def test_a_stand_in_is_never_below_a_figure_that_is_known() -> None:
    costs = load_living_costs()
    for _, _, said, judged in plan_draws.situations(11, 500):
        known = [f for _, figures in costs.places.values() for f in figures]
        if judged.floor.kind == Minimum.HIGHEST_KNOWN:
            heads = [f.adult * said.adults + f.child * said.children for f in known if f.since <= date(2024, 1, 1)]
            assert judged.floor.amount >= max(heads)
