"""The past that counts: contacts and live reservations as columns, and exact counts of them per local day.

Sorted once per scope and zone; a cap is then two binary searches in a running total, whatever it counts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple, Self

import numpy as np

from fairdue.core import dates
from fairdue.core.codes import NO, YES, Code
from fairdue.core.guard_facts import I64, Bool, Ints, Rows, UnknownFact

DAY_BITS = 20  # days since 1970 need 16; the rest of a key is the rank of the person or point


class Scope(Code):
    """Over what contacts are summed."""

    PERSON = (0, "同一债务人", "Per debtor")
    POINT = (1, "同一联系方式", "Per contact point")


class Unit(Code):
    """What is counted. The four are kept apart: most mistakes in caps come from mixing them up."""

    ATTEMPT = (0, "拨打次数", "Attempts, whatever came of them")
    CONNECTED = (1, "接通次数", "Answered calls")
    EFFECTIVE_TALK = (2, "有效通话次数", "Effective talks with the debtor")
    UNANSWERED = (3, "未接通次数", "Unanswered attempts")


class _Sorted(NamedTuple):
    """The past in the order of its keys (rank of the scope, local day)."""

    order: Rows
    keys: I64
    ids: Ints


@dataclass(frozen=True)
class History:
    """Past contacts and live reservations, shape (m,): over all channels, collectors and agencies.

    `person` is the debtor the contact was about, `at` is utc_minute, `answered` and `talked` (an effective talk with
    the debtor) are YES, NO or unknown. `reserved` is YES for a place taken by a contact that is still under way: it
    counts as whatever it may become.
    """

    at: Ints
    person: Ints
    point: Ints
    channel: Ints
    mode: Ints
    direction: Ints
    party: Ints
    answered: Ints
    talked: Ints
    reserved: Ints
    _sorted: dict[tuple[Scope, str], _Sorted] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """A contact that counts has a time. Raises `UnknownFact`."""
        if len(self.at) and self.at.min() < 0:
            raise UnknownFact(name="at", value=int(self.at.min()))

    @classmethod
    def none(cls) -> Self:
        """No past."""
        return cls(*(np.zeros(0, np.int64) for _ in range(10)))

    def counts_as(self, unit: Unit) -> Bool:
        """Which contacts count as the unit, shape (m,). What is not known counts."""
        if unit == Unit.ATTEMPT:
            return np.ones(len(self.at), bool)
        column, otherwise = {
            Unit.CONNECTED: (self.answered, NO),
            Unit.EFFECTIVE_TALK: (self.talked, NO),
            Unit.UNANSWERED: (self.answered, YES),
        }[unit]
        return np.not_equal(column, otherwise) | np.equal(self.reserved, YES)

    def count(self, counted: Bool, scope: Scope, ids: Ints, zone: str, first_day: I64, last_day: I64) -> I64:
        """How many of the `counted` contacts each of `ids` had from `first_day` to `last_day` (included), shape (n,).

        Days are local days since 1970 in `zone`.
        """
        past = self._by(scope, zone)
        if not len(past.ids):
            return np.zeros(len(ids), np.int64)
        total = np.concatenate(([0], np.cumsum(counted[past.order])))
        rank = np.minimum(np.searchsorted(past.ids, ids), len(past.ids) - 1)
        start, end = (np.searchsorted(past.keys, (rank << DAY_BITS) + day) for day in (first_day, last_day + 1))
        return np.where(past.ids[rank] == ids, total[end] - total[start], 0)

    def _by(self, scope: Scope, zone: str) -> _Sorted:
        key = (scope, zone)
        if key not in self._sorted:
            local = dates.local_minute(self.at.astype(np.int64), np.zeros(len(self.at), np.int16), (zone,))
            ids, rank = np.unique(self.person if scope == Scope.PERSON else self.point, return_inverse=True)
            keys = (rank.astype(np.int64) << DAY_BITS) + local // dates.MINUTES
            order = np.argsort(keys, kind="stable")
            self._sorted[key] = _Sorted(order, keys[order], ids)
        return self._sorted[key]
