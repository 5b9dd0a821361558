"""Is a debt priced above what the courts enforce? Three answers: yes, no, cannot be told.

The figures are parameters, so that a dated rule pack can supply them; the ones given here have their source beside
them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from fairdue.core.codes import NO, UNKNOWN, YES, LenderKind

if TYPE_CHECKING:
    from fairdue.core.dates import Days

I8 = npt.NDArray[np.int8]
I64 = npt.NDArray[np.int64]

# Kinds whose cap is the licensed one. A debt buyer's is not known from the buyer: it follows the lender that made the
# loan.
LICENSED = (LenderKind.BANK, LenderKind.CONSUMER_FINANCE, LenderKind.AUTO_FINANCE, LenderKind.MICRO_LENDER)


@dataclass(frozen=True)
class PriceCap:
    """Caps on the whole yearly cost of a debt, parts per million.

    `licensed_ppm`: 24 %, interest, compound and penalty interest, damages and everything else together; above it a
    court reduces on the borrower's request (法发〔2017〕22号 §2, confidence V). Micro-lenders stand outside the
    private-lending interpretation (法释 on its scope, in force 2021-01-01, V) and their own guideline of December 2025
    names the same 24 % (小额贷款公司综合融资成本管理工作指引, S).
    `lpr_multiple`: private lenders may claim up to 4 times the one-year LPR at the formation of the contract,
    everything together (民间借贷规定 arts 25, 29, V), for contracts formed on or after `private_from`; older ones are
    split by art. 31.
    """

    licensed_ppm: int = 240_000
    lpr_multiple: int = 4
    private_from: np.datetime64 = np.datetime64("2020-08-20", "D")  # noqa: RUF009  # immutable


def above_cap(
    lender_kind: npt.NDArray[np.integer],
    annual_cost_ppm: I64,
    lpr_ppm: I64,
    formed_on: Days,
    cap: PriceCap = PriceCap(),
) -> I8:
    """YES where the cost passes the cap, NO where it does not, UNKNOWN where it cannot be told; shape (n,).

    `annual_cost_ppm`: all that is charged in a year, -1 unknown. `lpr_ppm`: the one-year LPR when the contract was
    formed,
    -1 unknown. `formed_on`: NaT unknown. The last two matter for private lenders only. UNKNOWN is never permission.
    """
    private = (lender_kind == LenderKind.PRIVATE) & (lpr_ppm != UNKNOWN) & (formed_on >= cap.private_from)
    known = (np.isin(lender_kind, LICENSED) | private) & (annual_cost_ppm != UNKNOWN)
    limit = np.where(private, cap.lpr_multiple * lpr_ppm, cap.licensed_ppm)
    return np.where(known, np.where(annual_cost_ppm > limit, YES, NO), UNKNOWN).astype(np.int8)
