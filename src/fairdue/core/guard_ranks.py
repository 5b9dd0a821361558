"""Keys of the past by rank: whom or what a contact is counted for, as small numbers one after the other."""

from __future__ import annotations

from typing import NamedTuple, Self

import numpy as np

from fairdue.core.guard_facts import I64, Ints


class Ranked(NamedTuple):
    """Keys by rank: small numbers one after the other, so that answers lie in an array.

    Keys that lie close together need no search: a rank is then the distance from the lowest, and may stand for a key
    that nobody has. Where the lowest is near zero, it is the key itself: no copy of it is made.
    """

    rank: I64  # of each row
    size: int  # how many ranks
    low: int  # the key of rank 0 where a rank is a distance
    ids: I64 | None  # by rank, sorted, where keys lie too far apart

    @classmethod
    def of(cls, keys: I64) -> Self:
        """Rank some keys."""
        if not len(keys):
            return cls(keys, 0, 0, None)
        low, high = int(keys.min()), int(keys.max())
        close = 8 * len(keys) + 1024
        if high <= close:
            return cls(keys, high + 1, 0, None)
        if high - low <= close:
            return cls(keys - low, high - low + 1, low, None)
        ids, rank = np.unique(keys, return_inverse=True)
        return cls(rank.astype(np.int64, copy=False), len(ids), 0, ids)

    def of_keys(self, keys: list[Ints]) -> I64:
        """The rank of each key asked about, -1 where it has no past."""
        ids = joined(keys)
        if self.ids is None:
            return np.where((ids >= self.low) & (ids < self.low + self.size), ids - self.low, -1)
        rank = np.minimum(np.searchsorted(self.ids, ids), self.size - 1)
        return np.where(self.ids[rank] == ids, rank, -1)


def joined(keys: list[Ints]) -> I64:
    """One number for one or two keys; -1 where one of them is not known."""
    if len(keys) == 1:
        return keys[0].astype(np.int64, copy=False)
    first, second = (key.astype(np.int64) for key in keys)
    return np.where((first >= 0) & (second >= 0), (first << 31) + second, -1)
