"""How the arrears came about, from the months before; and the size of the balance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fairdue.core.codes import Behaviour

I8 = npt.NDArray[np.int8]
I64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]
NO_MONTH = -9  # a month nothing is known of; lenders' own codes go down to -2
PPM = 1_000_000
_LARGEST = 2**42  # minor units; with a share in ppm the product stays inside 64 bits


@dataclass(frozen=True)
class BehaviourParams:
    """What the words mean. Shares are parts per million."""

    chronic_months: int  # late in at least so many of the five months before
    self_cure_days: int  # only up to so many days past due: who has not paid by then is no likely self-cure any more
    self_cure_paid_ppm: int  # share of the bill before last that was paid in the month before


def behaviour(missed: I64, billed: I64, paid: I64, dpd: I64, params: BehaviourParams) -> I8:
    """Name each case's `Behaviour`, shape (n,); OTHER where one of the five months before is unknown.

    `missed`, `billed` and `paid` have shape (n, 6), the month of the business date first, NO_MONTH unknown; `missed`
    counts months late (0 and below: not late), the others are minor units. `dpd` is in days, shape (n,). The latest
    month is left out: some lenders report it by another scale, so that the step into it says nothing. First match wins.
    """
    before = missed[:, 1:]
    known = (before != NO_MONTH).all(axis=1)
    months_late = np.where(known[:, None], np.maximum(before, 0), 0)
    times_late = (months_late > 0).sum(axis=1)
    first_time = known & (times_late == 0)
    early = (dpd >= 0) & (dpd <= params.self_cure_days)
    return np.select(
        [
            first_time & early & _paid_before(billed, paid, params.self_cure_paid_ppm),
            first_time,
            known & (times_late >= params.chronic_months),
            months_late[:, 0] < months_late[:, 1],
        ],
        [Behaviour.SELF_CURE, Behaviour.FIRST_TIME, Behaviour.CHRONIC, Behaviour.IMPROVING],
        Behaviour.OTHER,
    ).astype(np.int8)


def _paid_before(billed: I64, paid: I64, share_ppm: int) -> Bool:
    """Tell where at least this share of the bill before was paid in the month before; unknown months: no."""
    bill, money = billed[:, 2], paid[:, 1]
    known = (bill != NO_MONTH) & (money != NO_MONTH)
    enough = np.minimum(money, _LARGEST) * PPM >= np.minimum(bill, _LARGEST) * share_ppm
    paid_enough: Bool = known & (bill > 0) & enough
    return paid_enough


def band(amount: I64, edges: tuple[int, ...]) -> I8:
    """Tell the band an amount falls in: band i holds amounts from edges[i - 1] up to, not including, edges[i]."""
    return np.searchsorted(np.array(edges, np.int64), amount, side="right").astype(np.int8)
