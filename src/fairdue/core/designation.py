"""Which of several debts a payment pays: as the payer said, else in the order of the Civil Code.

民法典 art. 560 (confidence V): unless agreed otherwise the payer designates when paying. Where nothing was designated: debts that
are due first; of several due ones those without security or with the least; of equal security the most burdensome; of
equal burden in the order of their due dates; with equal due dates in proportion.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

I64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]
Days = npt.NDArray[np.datetime64]


@dataclass(frozen=True)
class Owed:
    """The debts of one payer, shape (n,): minor units, rates in parts per million a year, NaT where no day is known."""

    balance: I64
    due: Bool
    security: I64
    annual_ppm: I64
    due_on: Days


def rank(owed: Owed) -> I64:
    """The place of each debt in the order of art. 560, shape (n,); equal places share in proportion."""
    days = np.where(np.isnat(owed.due_on), np.iinfo(np.int64).max, owed.due_on.astype("datetime64[D]").astype(np.int64))
    keys = np.stack([~owed.due, np.where(owed.due, owed.security, 0), -owed.annual_ppm, days], axis=1).astype(np.int64)
    _, places = np.unique(keys, axis=0, return_inverse=True)
    return places.reshape(-1).astype(np.int64)


def split(amount: int, owed: Owed, designated: I64) -> tuple[I64, int]:
    """What each debt gets, shape (n,), and what is left over; together exactly `amount`, and none gets more than it owes.

    `designated` (n,) is what the payer said for each debt, zero where nothing was said.
    """
    room = np.maximum(owed.balance, 0)
    given = np.minimum(designated, room)
    over = np.cumsum(given) - amount
    given = np.where(over > 0, np.maximum(given - over, 0), given)
    left, places = amount - int(given.sum()), rank(owed)
    for place in np.unique(places):
        here = places == place
        got = _share(left, np.where(here, room - given, 0))
        given, left = given + got, left - int(got.sum())
    return given, left


def _share(amount: int, room: I64) -> I64:
    """In proportion to what is open, whole units, what rounding leaves to the first debts."""
    total = int(room.sum())
    if total <= amount:
        return room
    shares = np.array([amount * int(one) // total for one in room], np.int64)
    for at in np.flatnonzero(room > shares)[: amount - int(shares.sum())]:
        shares[at] += 1
    return shares
