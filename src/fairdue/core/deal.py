"""Who is dealt what: loads in working time even within one case, values balanced among those who are even."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

NOBODY = -1
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Hands:
    """The people: `capacity` in minutes of the same span (0: takes nothing), `able` (kinds of case x people)."""

    capacity: Ints
    able: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Cases:
    """The cases: `minutes` of work (at least 1), `value`, `kind` (row of `able`), `holder` (index of a person, or NOBODY)."""

    minutes: Ints
    value: Ints
    kind: Ints
    holder: Ints


def deal(cases: Cases, hands: Hands) -> Ints:
    """The person of each case. Who holds a case and may work it keeps it; NOBODY where nobody may.

    The rest go, the dearest first, to whoever has the least value among those whose share of working time stays within one
    case of the least loaded. A share is minutes scaled by capacity: half the hours carry half the work.
    """
    holder = kept(cases, hands)
    scale = _scale(hands.capacity)
    minutes, value = np.zeros(len(scale), np.int64), np.zeros(len(scale), np.int64)
    has = holder != NOBODY
    np.add.at(minutes, holder[has], cases.minutes[has])
    np.add.at(value, holder[has], cases.value[has])
    load = minutes * scale
    longest = int(cases.minutes.max(initial=0)) * int(scale.max(initial=0))
    people = [np.flatnonzero(row & (hands.capacity > 0)) for row in hands.able]
    for case in _order(cases, np.flatnonzero(~has)):
        able = people[cases.kind[case]]
        if not len(able):
            continue
        after = load[able] + cases.minutes[case] * scale[able]
        even = able[after <= load[able].min() + longest]
        chosen = (
            int(even[np.lexsort((even, load[even], value[even] * scale[even]))[0]]) if len(even) > 1 else int(even[0])
        )
        holder[case] = chosen
        load[chosen] += cases.minutes[case] * scale[chosen]
        value[chosen] += cases.value[case]
    return holder


def kept(cases: Cases, hands: Hands) -> Ints:
    """The holders who may keep their case: able to work it and at work at all; NOBODY for the others."""
    holder = np.where(cases.holder >= 0, cases.holder, 0)
    stays = (cases.holder != NOBODY) & (hands.capacity.size > 0)
    if hands.capacity.size:
        stays &= hands.able[cases.kind, holder] & (hands.capacity[holder] > 0)
    return np.where(stays, holder, NOBODY).astype(np.int64)


def _order(cases: Cases, free: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    return free[np.lexsort((free, -cases.minutes[free], -cases.value[free]))]


def _scale(capacity: Ints) -> Ints:
    """How much a minute weighs for each: the longest hours weigh 60, half of them 120."""
    most = int(capacity.max(initial=0))
    return np.where(capacity > 0, most * 60 // np.maximum(capacity, 1), 0).astype(np.int64)
