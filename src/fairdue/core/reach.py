"""Which number, and at which hour: the chance that a point is answered, learned from its own tries, over columns.

A stated estimate, to be replaced by a model that proves itself: every point begins with a prior chance worth a few tries,
and each try moves it. So a number that is not answered falls behind one that was never tried, and an hour at which the
person picks up comes before the others. Chances are parts per million.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

I64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]
PPM = 1_000_000
NO_BAND = -1


def band_of(hour_minute: I64, edges: Sequence[int]) -> I64:
    """The band of the day for minutes of the local day, shape (n,); NO_BAND before the first edge and from the last on."""
    found = np.searchsorted(np.asarray(edges, np.int64), hour_minute, side="right") - 1
    return np.where((found >= 0) & (found < len(edges) - 1), found, NO_BAND).astype(np.int64)


def counted(point: I64, band: I64, flag: Bool, points: int, bands: int) -> I64:
    """How many rows fall on each point and band, shape (points, bands); rows without a band are left out."""
    table = np.zeros((points, bands), np.int64)
    fits = flag & (band >= 0) & (point >= 0)
    np.add.at(table, (point[fits], band[fits]), 1)
    return table


def chance(tries: I64, answered: I64, prior_ppm: I64, strength: int) -> I64:
    """The chance that a try is answered, per point and band, shape (n, b).

    `tries` and `answered` are (n, b). A band borrows from the whole day of its point, the point from the prior (shape
    (n,)), each with the weight of `strength` tries.
    """
    day = (answered.sum(1) * PPM + prior_ppm * strength) // (tries.sum(1) + strength)
    found: I64 = (answered * PPM + day[:, None] * strength) // (tries + strength)
    return found


def best_first(owner: I64, usable: Bool, lawful: Bool, chance_now: I64, reserved: I64, point: I64) -> I64:
    """Row numbers in the order to try them: per owner, lawful before unlawful, then by chance, reserved, oldest first."""
    order = np.lexsort((point, -reserved, -chance_now, ~lawful, ~usable, owner))
    return order.astype(np.int64)


def better_hour(chance_by_band: I64, band: I64, times_ppm: int) -> I64:
    """The later band of the same day that is worth waiting for, shape (n,); NO_BAND where now is as good.

    Worth waiting for: its chance is at least `times_ppm` of that of the band that runs.
    """
    bands = np.arange(chance_by_band.shape[1])
    later = bands[None, :] > band[:, None]
    later_chance = np.where(later, chance_by_band, -1)
    best = np.argmax(later_chance, axis=1)
    rows = np.arange(len(band))
    now = chance_by_band[rows, np.maximum(band, 0)]
    worth = (band >= 0) & (later_chance[rows, best] * PPM >= now * times_ppm) & (later_chance[rows, best] > now)
    return np.where(worth, best, NO_BAND).astype(np.int64)


def last_in_a_row(whom: I64, missed: npt.NDArray[np.bool_], many: int) -> I64:
    """Who missed each of the last `many` tries; rows stand by person, and for each in the order of time."""
    people, starts, counts = np.unique(whom, return_index=True, return_counts=True)
    seen = np.concatenate([[0], np.cumsum(missed)])
    ends = starts + counts
    enough = counts >= many
    row = seen[ends] - seen[np.maximum(ends - many, 0)]
    found: I64 = people[enough & (row == many)]
    return found
