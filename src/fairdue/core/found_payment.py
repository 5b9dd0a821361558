"""How well incoming money fits what a customer says was paid: points for every thing that agrees, over columns.

The weights are judgements of ours, not measurements: they order rows for a person, who decides. Nothing is booked by them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fairdue.core.codes import Code
from fairdue.core.dates import Days

I8 = npt.NDArray[np.int8]
I64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]

MOST = 99
LEAST = 40  # fewer points are not shown to anybody
NEAR_DAYS, FAR_DAYS = 3, 10
NEAR_PPM = 10_000  # a fee of the bank's, a slip in the fen


class Agrees(Code):
    """What agrees, with its points in `POINTS`."""

    NUMBER = (0, "附言写有账号", "The account number is in its text")
    SLIP = (1, "附言账号差一位", "Its text is one character off the account number")
    AMOUNT = (2, "金额一致", "The amount is the one named")
    NEAR = (3, "金额相近", "The amount is near the one named")
    USUAL = (4, "金额为应还或约定金额", "The amount is one that was due or promised")
    DAY = (5, "日期一致", "The day is the one named")
    DAYS = (6, "日期相近", "The day is near the one named")
    NAME = (7, "付款人姓名一致", "The payer's name agrees")
    TAIL = (8, "付款账户尾号一致", "The payer's account tail agrees")
    PAYER = (9, "曾为其还款的付款人", "The payer paid for this customer before")
    OWN = (10, "已入该客户账户", "It is booked to this customer")


POINTS = np.array([40, 25, 35, 20, 20, 20, 10, 25, 15, 25, 30], np.int64)
WHO = (
    Agrees.NUMBER,
    Agrees.SLIP,
    Agrees.NAME,
    Agrees.TAIL,
    Agrees.PAYER,
    Agrees.OWN,
)  # without one of these it is anybody's


@dataclass(frozen=True)
class Rows:
    """Incoming money, shape (n,): minor units, days, and what agrees that needs texts."""

    amount: I64
    on: Days
    number: Bool
    slip: Bool
    name: Bool
    tail: Bool
    payer: Bool
    own: Bool


def points(rows: Rows, amount: int, on: np.datetime64, usual: I64) -> tuple[I64, I64]:
    """Points per row (0: not to be shown) and what agrees as bits, shape (n,).

    `amount` 0 and `on` not a time: the customer did not say. `usual`: sums that were due or promised.
    """
    agrees = np.zeros((len(POINTS), len(rows.amount)), np.bool_)
    agrees[Agrees.NUMBER], agrees[Agrees.SLIP] = rows.number, rows.slip & ~rows.number
    agrees[Agrees.NAME], agrees[Agrees.TAIL], agrees[Agrees.PAYER] = rows.name, rows.tail, rows.payer
    agrees[Agrees.OWN] = rows.own
    said = amount > 0
    agrees[Agrees.AMOUNT] = said & (rows.amount == amount)
    agrees[Agrees.NEAR] = (
        said & ~agrees[Agrees.AMOUNT] & (np.abs(rows.amount - amount) * 1_000_000 <= amount * NEAR_PPM)
    )
    agrees[Agrees.USUAL] = ~agrees[Agrees.AMOUNT] & ~agrees[Agrees.NEAR] & np.isin(rows.amount, usual)
    if not np.isnat(on):
        apart = np.abs((rows.on - on).astype("timedelta64[D]").astype(np.int64))
        agrees[Agrees.DAY], agrees[Agrees.DAYS] = apart <= NEAR_DAYS, (apart > NEAR_DAYS) & (apart <= FAR_DAYS)
    total = np.minimum((agrees * POINTS[:, None]).sum(axis=0), MOST)
    whose = agrees[list(map(int, WHO))].any(axis=0) | (agrees[Agrees.AMOUNT] & agrees[Agrees.DAY])
    bits = (agrees * (1 << np.arange(len(POINTS)))[:, None]).sum(axis=0)
    return np.where(whose & (total >= LEAST), total, 0), bits.astype(np.int64)


def of_bits(bits: int) -> tuple[Agrees, ...]:
    """What agrees, the weightiest first."""
    found = [one for one in Agrees if bits >> int(one) & 1]
    return tuple(sorted(found, key=lambda one: -int(POINTS[one])))
