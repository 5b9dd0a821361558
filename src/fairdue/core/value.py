"""What acting now is worth: chance to reach × rise in the chance to be paid × what can be recovered − cost of the step.

A stated formula with stated parameters, to be replaced by a model that proves itself; whatever replaces it keeps this
form, so that the page can always show the terms. Whole numbers throughout: chances in parts per million, money in minor
units.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Mapping

I8 = npt.NDArray[np.int8]
I64 = npt.NDArray[np.int64]
PPM = 1_000_000


@dataclass(frozen=True)
class ValueParams:
    """The parameters of the formula; tables are indexed by the codes of stage, behaviour and channel."""

    reach_ppm: tuple[int, ...]  # by stage: chance that one attempt reaches the person
    falloff_ppm: tuple[int, ...]  # by attempts in the last seven days: what is left of that chance (the last one stays)
    uplift_ppm: tuple[tuple[int, ...], ...]  # by stage and behaviour: rise in the chance to recover, once reached
    recoverable_ppm: tuple[int, ...]  # by stage: share of the balance one success brings in
    cost_minor: tuple[int, ...]  # by channel
    delay_ppm: int  # what each day of waiting takes from the value of a contact
    revision: str


@dataclass(frozen=True)
class Value:
    """The worth of acting now and its terms, shape (n,): chances in ppm, the rest in minor units.

    `p_reach_ppm` is after the fall-off; `expected` may be below zero: the step costs more than it brings.
    """

    expected: I64
    p_reach_ppm: I64
    uplift_ppm: I64
    recoverable: I64
    cost: I64

    def terms(self, row: int) -> Mapping[str, int]:
        """Name the terms of one case, for the page."""
        return {name: int(getattr(self, name)[row]) for name in self.__dataclass_fields__}


def value(stage: I8, behaviour: I8, channel: I8, balance: I64, attempts: I64, params: ValueParams) -> Value:
    """Value one contact now, per case, shape (n,).

    `stage`, `behaviour` and `channel` are codes, `balance` minor units (below zero: nothing to recover), `attempts` the
    contacts tried in the last seven days.
    """
    fall = np.array(params.falloff_ppm, np.int64)[np.minimum(attempts, len(params.falloff_ppm) - 1)]
    reach = np.array(params.reach_ppm, np.int64)[stage] * fall // PPM
    uplift = np.array(params.uplift_ppm, np.int64)[stage, behaviour]
    recoverable = _share(np.maximum(balance, 0), np.array(params.recoverable_ppm, np.int64)[stage])
    cost = np.array(params.cost_minor, np.int64)[channel]
    return Value(_share(_share(recoverable, reach), uplift) - cost, reach, uplift, recoverable, cost)


def rest_days(stage: I8, behaviour: I8, channel: I8, balance: I64, tries: I64, params: ValueParams) -> I64:
    """For how many days a rest is worth more than another try, shape (n,); 0: try now.

    `tries` has shape (n, d): the contacts that will lie within the last seven days if the next one waits 0, 1 … d - 1 days.
    As they age the chance of the next one recovers, and each day of waiting takes its share: the best day wins, the first of
    equals. A first contact is never put off.
    """
    worth = np.stack(
        [value(stage, behaviour, channel, balance, tries[:, d], params).expected for d in range(tries.shape[1])], axis=1
    )
    left = np.maximum(PPM - np.arange(tries.shape[1], dtype=np.int64) * params.delay_ppm, 0)
    later = np.where(worth > 0, _share(worth, np.broadcast_to(left, worth.shape)), worth)
    best = np.where(worth[:, 0] > 0, np.argmax(later, axis=1), tries.shape[1] - 1)
    return np.where(tries[:, 0] > 0, best, 0).astype(np.int64)


def _share(amount: I64, ppm: I64) -> I64:
    """Take `ppm` of `amount`, floored; split so that the product cannot pass 64 bits."""
    return amount // PPM * ppm + amount % PPM * ppm // PPM
