"""Interest and penalty interest, exact to the minor unit however the period is cut.

What a period leaves over below one minor unit is carried: running day by day and catching up in one run give the same
cent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from fairdue.core.codes import UNKNOWN
from fairdue.core.dates import Days, day_count
from fairdue.core.errors import Fault
from fairdue.core.money import muldiv_floor

I64 = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

PPM = 1_000_000
# A year in parts that both 360 and 365 days divide, so that a carried remainder outlives a change of basis.
YEAR_PARTS = 26_280
_PARTS_A_DAY = np.array([YEAR_PARTS // 360, YEAR_PARTS // 365, YEAR_PARTS // 360], np.int64)  # by DayCount
_INTEREST_DEN = PPM * YEAR_PARTS
_PENALTY_DEN = PPM * PPM * YEAR_PARTS

# 银发〔2003〕251号 §3 (confidence V): overdue bank loans bear 1.3 to 1.5 times the contract rate, from 2004-01-01 on.
BAND_LOW, BAND_HIGH = 1_300_000, 1_500_000


class PeriodBackwards(Fault):
    """Interest cannot run from a later day to an earlier one."""

    code = "accrual.period-backwards"
    en = "Row {row}: interest cannot run from {start} back to {end}."
    en_remedy = "Give an end on or after the start; reverse postings to undo interest."
    zh = "第 {row} 行：计息期间有误，止息日 {end} 早于起息日 {start}。"
    zh_remedy = "请使止息日不早于起息日；如需撤销已计利息，请作冲正。"


@dataclass(frozen=True)
class Terms:
    """What the contract says, columns of shape (n,); -1 where unknown.

    `annual_ppm`: contract rate, parts per million a year. `penalty_ppm`: what overdue sums bear instead, as a multiple
    of the contract rate (1_500_000 is 1.5 times). `basis`: `DayCount`. `compound`: unpaid interest bears the penalty
    rate too.
    """

    annual_ppm: I64
    penalty_ppm: I64
    basis: npt.NDArray[np.integer]
    compound: Mask


class Accrued(NamedTuple):
    """What ran up, minor units, shape (n,).

    `carry`: remainders of interest and penalty for the next run. `unknown`: something was to bear interest, but a term
    or a date it depends on is unknown, so nothing was charged on it.
    """

    interest: I64
    penalty: I64
    carry: tuple[I64, I64]
    unknown: Mask


def accrue(
    principal: I64,
    overdue_principal: I64,
    unpaid_interest: I64,
    terms: Terms,
    start: Days | np.datetime64,
    end: Days | np.datetime64,
    carry: tuple[I64, I64] | None = None,
) -> Accrued:
    """Interest and penalty from `start` (excluded) to `end` (included) on sums that stay the same in between.

    Shapes (n,), minor units. `principal` is all of it, `overdue_principal` the part past due, `unpaid_interest`
    contract interest past due. The contract rate runs on principal not past due; the penalty rate runs in its place on
    principal past due and, under `compound`, on unpaid interest (银发〔2003〕251号 §3). Penalty interest itself bears
    nothing: whether it may is disputed, so it is not charged. Sums below zero bear nothing. Raises `PeriodBackwards`,
    `MoneyOverflow`.
    """
    start, end = (np.broadcast_to(np.asarray(day, "datetime64[D]"), principal.shape) for day in (start, end))
    _refuse_backwards(start, end)
    carried = carry or (np.zeros_like(principal), np.zeros_like(principal))
    overdue = np.clip(overdue_principal, 0, np.maximum(principal, 0))
    bearing = np.maximum(principal, 0) - overdue
    penal = overdue + np.where(terms.compound, np.maximum(unpaid_interest, 0), 0)
    parts = day_count(start, end, terms.basis) * _PARTS_A_DAY[terms.basis]
    undated = np.isnat(start) | np.isnat(end) | (terms.annual_ppm == UNKNOWN) | (terms.basis == UNKNOWN)
    unpriced = undated | (terms.penalty_ppm == UNKNOWN)
    annual, multiple = np.maximum(terms.annual_ppm, 0), np.maximum(terms.penalty_ppm, 0)
    interest, left = muldiv_floor(np.where(undated, 0, bearing), [annual, parts], _INTEREST_DEN, carried[0])
    penalty, rest = muldiv_floor(np.where(unpriced, 0, penal), [annual, multiple, parts], _PENALTY_DEN, carried[1])
    return Accrued(interest, penalty, (left, rest), (undated & (bearing > 0)) | (unpriced & (penal > 0)))


def band_check(penalty_ppm: I64) -> Mask:
    """Where a bank's penalty multiple lies outside 1.3 to 1.5 (银发〔2003〕251号 §3); an unknown one does."""
    return (penalty_ppm < BAND_LOW) | (penalty_ppm > BAND_HIGH)


def _refuse_backwards(start: Days, end: Days) -> None:
    backwards = end < start
    if backwards.any():
        row = int(backwards.argmax())
        raise PeriodBackwards(row=row + 1, start=start[row], end=end[row])
