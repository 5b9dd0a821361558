"""What a household can spare: income less what it needs to live, never less than the protected minimum.

The borrower's own words count first; evidence is optional and only said beside them. What was not asked is unknown, and
unknown is never zero: without an income, or without any figure for living, nothing is said to be left over.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fairdue.core.codes import UNKNOWN, Code
from fairdue.core.money import I64, checked_add, checked_sum, muldiv_floor

I8 = npt.NDArray[np.int8]
Mask = npt.NDArray[np.bool_]
PPM = 1_000_000


class Income(Code):
    """Where money comes from, month by month."""

    WAGE = (0, "工资薪金", "Wages")
    BUSINESS = (1, "经营收入", "Business")
    PENSION = (2, "养老金", "Pension")
    BENEFIT = (3, "失业金、救助等", "Benefits")
    FAMILY = (4, "家人支持", "Support from family")
    OTHER = (5, "其他收入", "Other income")


class Outgoing(Code):
    """What money is needed for, month by month. Instalments on other debts are the last one."""

    HOUSING = (0, "房租、房贷", "Housing")
    FOOD = (1, "伙食", "Food")
    UTILITIES = (2, "水电燃气通讯", "Utilities and phone")
    TRANSPORT = (3, "交通", "Transport")
    MEDICAL = (4, "医疗", "Medical")
    EDUCATION = (5, "教育", "Education")
    CARE = (6, "赡养抚养", "Care of children and parents")
    OTHER = (7, "其他生活支出", "Other living costs")
    DEBTS = (8, "其他债务月供", "Instalments on other debts")


class Basis(Code):
    """On what a figure rests."""

    STATED = (0, "本人陈述", "Stated")
    EVIDENCED = (1, "有凭证", "Evidenced")


class Minimum(Code):
    """How well the protected minimum is known."""

    CURRENT = (0, "当地现行标准", "The place's figure in force")
    HIGHEST_KNOWN = (
        1,
        "当地标准未知或已过期，采用已知最高标准",
        "The place's figure is not known or out of date; the highest known one is used",
    )


@dataclass(frozen=True)
class Means:
    """What households said, one row each, minor units a month; UNKNOWN (-1) where not said.

    `income` (n, 6) by `Income`, `income_basis` likewise by `Basis`; `outgoings` (n, 9) by `Outgoing`. `minimum` (n,): the
    least this household needs by an official figure; `minimum_kind` (n,) by `Minimum`. `plans` (n,): instalments of plans
    that already perform here.
    """

    income: I64
    income_basis: I8
    outgoings: I64
    minimum: I64
    minimum_kind: I8
    plans: I64


@dataclass(frozen=True)
class Afford:
    """What is left over, minor units a month, shape (n,); UNKNOWN where it cannot be told.

    `living`: what was said of living costs, without debts. `protected`: what is never touched, the larger of `living` and
    the minimum. `left`: income less `protected` less instalments elsewhere, never below zero. `evidenced_ppm`: the part of
    the income that rests on evidence. `needs_income`, `needs_outgoings`: what must still be asked.
    """

    income: I64
    living: I64
    protected: I64
    debts: I64
    left: I64
    evidenced_ppm: I64
    needs_income: Mask
    needs_outgoings: Mask


def afford(m: Means) -> Afford:
    """What each household can spare a month. Raises `MoneyOverflow`.

    Where the place's own figure is not in force or not known, the highest figure known stands in for it and the household
    must have said its own living costs: a stand-in alone could be too low for them.
    """
    income, said_income = _said(m.income)
    living, said_living = _said(m.outgoings[:, : int(Outgoing.DEBTS)])
    debts = checked_add(np.maximum(m.outgoings[:, int(Outgoing.DEBTS)], 0), m.plans)
    needs_outgoings = ~said_living & (m.minimum_kind != Minimum.CURRENT)
    protected = np.maximum(np.where(said_living, living, 0), m.minimum)
    known = said_income & ~needs_outgoings & (m.minimum >= 0)
    left = np.where(known, np.maximum(income - protected - debts, 0), UNKNOWN)
    proven, _ = _said(np.where(m.income_basis == Basis.EVIDENCED, m.income, UNKNOWN))
    share, _ = muldiv_floor(np.where(income > 0, proven, 0), [PPM], np.maximum(income, 1))
    return Afford(
        np.where(said_income, income, UNKNOWN), np.where(said_living, living, UNKNOWN), protected, debts, left, share,
        ~said_income, needs_outgoings,
    )  # fmt: skip


def _said(lines: I64) -> tuple[I64, Mask]:
    """The sum of what was said, and whether anything was."""
    return checked_sum(np.maximum(lines, 0)), (lines != UNKNOWN).any(axis=1)


def household_minimum(adult: I64, child: I64, adults: I64, children: I64) -> I64:
    """The least a household needs: a monthly figure per adult and per child under 16, shape (n,)."""
    return checked_add(adult * adults, child * children)
