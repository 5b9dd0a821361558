"""Situations drawn at random from a seed: every product, role, stage, hardship, gap in what is known."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta

from fairdue.core.afford import Basis, Income, Outgoing
from fairdue.core.codes import UNKNOWN, LenderKind, Product, Role
from fairdue.core.plan_terms import Book, Hardship
from fairdue.core.plans import Situation
from fairdue.rules.living_costs import load_living_costs
from fairdue.rules.plans import load_book
from fairdue.rules.plans.household import Debt, Household, Judged, judge, situation

PLACES = ("北京", "上海", "天津", "杭州市", "泸州", "昆明", "", "Shanghai", "not a place")
FIRST = date(2024, 1, 1)


def household(draw: random.Random) -> Household:
    income = {line: (draw.randrange(0, 12_000_00), Basis(draw.randrange(2))) for line in Income if draw.random() < 0.3}
    outgoings = {line: draw.randrange(0, 3_000_00) for line in Outgoing if draw.random() < 0.3}
    return Household(
        draw.choice(PLACES), draw.randrange(1, 4), draw.randrange(3), income, outgoings,
        draw.choice((None, draw.randrange(0, 200_000_00))), draw.choice((0, draw.randrange(1, 32))),
        draw.choice(list(Hardship)), draw.choice((0, draw.randrange(0, 1_000_00))),
    )  # fmt: skip


def debt(draw: random.Random) -> Debt:
    kinds = (0, draw.randrange(1, 5_000), draw.randrange(0, 50_000_00))
    a = draw.randrange(0, 120_000_00)
    b, c, d, e = (draw.choice(kinds) for _ in range(4))
    return Debt(
        draw.choice(list(Product)), draw.choice(list(LenderKind)), (a, b, c, d, e),
        draw.choice((0, 1, 30, 31, 60, 61, 90, 91, 180, 181, 500)), draw.random() < 0.9,
        draw.choice((UNKNOWN, 0, draw.randrange(1, 400_000))), draw.choice((None, date(2019, 5, 1), date(2023, 5, 1))),
        draw.choice((UNKNOWN, 34_500)), draw.choice(("", "ART_561", "PRINCIPAL,COSTS,INTEREST,PENALTY,FEES")),
    )  # fmt: skip


def situations(seed: int, count: int) -> Iterator[tuple[Situation, Book, Household, Judged]]:
    """So many situations, each with the book that binds on its day and what the household said."""
    draw = random.Random(seed)
    for _ in range(count):
        on = FIRST + timedelta(days=draw.randrange(1100))
        asked, said = debt(draw), household(draw)
        judged = judge(said, on, load_living_costs())
        yield (
            situation(asked, said, judged, draw.choice(list(Role)), on),
            load_book("cn", on, asked.product, "CNY"),
            said,
            judged,
        )
