"""The guarantee period over columns: how long the guarantor can be held, and what has to be done within it.

民法典 692 (length; no interruption, suspension or extension), 693 (what keeps the right), 686 (unclear means general).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fairdue.core.codes import GuaranteeKind
from fairdue.core.dates import I64, Days, Mask, add_months
from fairdue.core.happened import Effect
from fairdue.core.limitation import NAT, Events, Standing


@dataclass(frozen=True)
class Guarantee:
    """Shape (n,). `last`: last day of the period; `kept_on`: the first day on which the right was claimed in time, else NaT.

    `cause`: place of the event that did it, -1 none. `by_law`: the statutory length applies, not an agreed day.
    """

    last: Days
    standing: npt.NDArray[np.int8]
    kept_on: Days
    cause: I64
    by_law: Mask


def joint(kind: npt.NDArray[np.integer]) -> Mask:
    """Which guarantees are joint; what is not known to be joint is general (art. 686)."""
    return np.asarray(kind == GuaranteeKind.JOINT)


def guarantee_ends(due: Days, agreed: Days, months: int) -> tuple[Days, Mask]:
    """Last days, and whether by law: `agreed` is NaT where none or none clear was agreed.

    An agreed day not after the due date counts as none agreed (art. 692).
    """
    by_law = np.isnat(agreed) | (agreed <= due)
    return np.where(np.isnat(due), NAT, np.where(by_law, add_months(due, months), agreed)), by_law


def guarantees(due: Days, agreed: Days, acts: Events, months: int, on: np.datetime64) -> Guarantee:
    """Where each guarantee stands at the end of the day `on`.

    `due`: due date of the principal debt; `acts`: what may keep the right (Effect.KEEPS), already of the kind that this
    guarantee asks for (general: suit or arbitration against the debtor; joint: a demand on the guarantor). Nothing done
    before the debt is due, or after the period, counts.
    """
    last, by_law = guarantee_ends(due, agreed, months)
    told, places = acts.by(on)
    in_time = (told.effect == Effect.KEEPS) & (told.day > due[told.row]) & (told.day <= last[told.row])
    at = np.flatnonzero(in_time)
    rows, first = np.unique(told.row[at], return_index=True)
    kept_on, cause = np.full(due.shape, NAT), np.full(due.shape, -1, np.int64)
    kept_on[rows], cause[rows] = told.day[at[first]], places[at[first]]
    standing = np.select(
        [np.isnat(due), ~np.isnat(kept_on), last < on],
        [Standing.UNKNOWN, Standing.KEPT, Standing.LAPSED],
        Standing.RUNNING,
    )
    return Guarantee(last, standing.astype(np.int8), kept_on, cause, by_law)
