"""How the arrears came about, from the months before; and the size of the balance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fairdue.core.codes import Behaviour

I64 = npt.NDArray[np.int64]
NO_MONTH = -9  # a month nothing is known of; lenders' own codes go down to -2


@dataclass(frozen=True)
class BehaviourParams:
    """What the words mean. Shares are parts per million."""

    chronic_months: int  # late in at least so many of the five months before
    self_cure_stages: int  # only up to this stage (index) can a case be left to itself
    self_cure_paid_ppm: int  # share of the bill before last that was paid in the month before


def behaviour(missed: I64, billed: I64, paid: I64, stage: npt.NDArray[np.int8], params: BehaviourParams) -> npt.NDArray[np.int8]:
    """`Behaviour` per case. Shapes (n, 6), the month of the business date first, NO_MONTH unknown; `stage` (n,).

    `missed` counts months late (0 and below: not late). Nothing is concluded from the step into the latest month, whose
    codes a lender reports in another way than those before; first match wins.
    """
    before = missed[:, 1:]
    known = (before != NO_MONTH).all(axis=1)
    late = (before > 0) & known[:, None]
    first_time = known & ~late.any(axis=1)
    chronic = late.sum(axis=1) >= params.chronic_months
    improving = known & late[:, 1:].any(axis=1) & (before[:, 0] < before[:, 1])
    cures = first_time & (stage <= params.self_cure_stages) & _paid_before(billed, paid, params.self_cure_paid_ppm)
    return np.select(
        [cures, first_time, chronic, improving],
        [Behaviour.SELF_CURE, Behaviour.FIRST_TIME, Behaviour.CHRONIC, Behaviour.IMPROVING],
        Behaviour.OTHER,
    ).astype(np.int8)


def _paid_before(billed: I64, paid: I64, share_ppm: int) -> npt.NDArray[np.bool_]:
    """Was at least the share of the bill before paid in the month before? Unknown months: no."""
    bill, money = billed[:, 2], paid[:, 1]
    known = (bill != NO_MONTH) & (money != NO_MONTH)
    return known & (bill > 0) & (money * 1_000_000 >= np.minimum(bill, 2**42) * share_ppm)


def band(amount: I64, edges: tuple[int, ...]) -> npt.NDArray[np.int8]:
    """Which band an amount falls in: band i holds amounts from edges[i - 1] up to, not including, edges[i]."""
    return np.searchsorted(np.array(edges, np.int64), amount, side="right").astype(np.int8)
