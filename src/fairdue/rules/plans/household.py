"""From what a household said and what a debt is to the situation the engine is asked about: the same for every caller."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from fairdue.core.afford import Basis, Income, Means, Minimum, Outgoing, afford
from fairdue.core.codes import UNKNOWN, LenderKind, Product, Role
from fairdue.core.plan_terms import Hardship
from fairdue.core.plan_why import Why, WhyNot
from fairdue.core.plans import Situation
from fairdue.core.schedules import Split
from fairdue.rules.living_costs import Floor, LivingCosts


@dataclass(frozen=True)
class Household:
    """What the borrower said, minor units a month; a line that is not there was not said.

    `income`: amount and whether it rests on evidence. `lump`: a sum at hand, None where not asked. `plans`: instalments of
    other plans that perform here.
    """

    place: str = ""
    adults: int = 1
    children: int = 0
    income: Mapping[Income, tuple[int, Basis]] = field(default_factory=dict)
    outgoings: Mapping[Outgoing, int] = field(default_factory=dict)
    lump: int | None = None
    pay_day: int = 0
    hardship: Hardship = Hardship.NONE
    plans: int = 0


@dataclass(frozen=True)
class Judged:
    """What can be spared, minor units a month; UNKNOWN where it cannot be told."""

    income: int
    living: int
    protected: int
    debts: int
    left: int
    evidenced_ppm: int
    floor: Floor
    needs: tuple[WhyNot, ...]


@dataclass(frozen=True)
class Debt:
    """One debt as the engine needs it."""

    product: Product
    lender_kind: LenderKind
    balances: Split
    dpd: int
    components_known: bool = True
    annual_ppm: int = UNKNOWN
    formed_on: date | None = None
    lpr_ppm: int = UNKNOWN
    contract_order: str = ""


def judge(h: Household, on: date, costs: LivingCosts) -> Judged:
    """What the household can spare on a date."""
    floor = costs.floor(costs.place_of(h.place), h.adults, h.children, on)
    found = afford(
        Means(
            income=np.array([[h.income.get(line, (UNKNOWN, 0))[0] for line in Income]], np.int64),
            income_basis=np.array([[h.income.get(line, (0, Basis.STATED))[1] for line in Income]], np.int8),
            outgoings=np.array([[h.outgoings.get(line, UNKNOWN) for line in Outgoing]], np.int64),
            minimum=np.array([floor.amount], np.int64), minimum_kind=np.array([int(floor.kind)], np.int8),
            plans=np.array([h.plans], np.int64),
        )
    )  # fmt: skip
    needs = [WhyNot.of(Why.INCOME_UNKNOWN)] if found.needs_income[0] else []
    needs += [WhyNot.of(Why.OUTGOINGS_UNKNOWN)] if found.needs_outgoings[0] else []
    return Judged(
        int(found.income[0]), int(found.living[0]), int(found.protected[0]), int(found.debts[0]), int(found.left[0]),
        int(found.evidenced_ppm[0]), floor, tuple(needs),
    )  # fmt: skip


def situation(debt: Debt, h: Household, judged: Judged, role: Role, on: date) -> Situation:
    """What the engine is asked."""
    return Situation(
        on=on, product=debt.product, lender_kind=debt.lender_kind, balances=debt.balances, dpd=debt.dpd, role=role,
        left=judged.left, protected=judged.protected, evidenced_ppm=judged.evidenced_ppm,
        lump=UNKNOWN if h.lump is None else h.lump, hardship=h.hardship, components_known=debt.components_known,
        annual_ppm=debt.annual_ppm, formed_on=debt.formed_on, lpr_ppm=debt.lpr_ppm, pay_day=h.pay_day,
        contract_order=debt.contract_order, needs=judged.needs,
    )  # fmt: skip


def place_known(judged: Judged) -> bool:
    """Whether the protected minimum is the place's own figure in force."""
    return judged.floor.kind == Minimum.CURRENT
