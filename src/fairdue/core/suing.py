"""Whether going to court is worth it, over columns: claim, fees, odds, time and what can be recovered, against going on asking.

Fees follow a table of brackets; odds, time and other costs are parameters that say they are judgement. A case in which something
that must be true is not known may not be filed: what is missing is named, never assumed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fairdue.core.codes import Code
from fairdue.core.dates import I64, Mask

PPM = 1_000_000
BASE = 10_000  # rates of a fee table are parts of ten thousand
MONTHS_A_YEAR = 12


@dataclass(frozen=True)
class FeeTable:
    """A fee by brackets: up to `upto[0]` the fixed sum, then each part at its own rate; the last bracket has no end.

    `least` and `most` bound the whole (0: no upper bound); `numerator/denominator`: the share of it that is paid.
    """

    fixed: int
    upto: tuple[int, ...]
    rate: tuple[int, ...]  # of ten thousand, one more than `upto` has steps after the first
    most: int = 0
    numerator: int = 1
    denominator: int = 1


def fee(amount: I64, table: FeeTable) -> I64:
    """What is paid on amounts in minor units, shape (n,), rounded up to a whole minor unit."""
    edges = np.array(table.upto, np.int64)
    total = np.full(amount.shape, table.fixed * BASE, np.int64)
    for low, high, rate in zip(edges, [*edges[1:], np.iinfo(np.int64).max], table.rate, strict=True):
        total += np.clip(amount - low, 0, high - low) * rate
    whole = -(-total // BASE)
    whole = np.minimum(whole, table.most) if table.most else whole
    return np.asarray(-(-whole * table.numerator // table.denominator), np.int64)


@dataclass(frozen=True)
class Route:
    """What is known or judged about one procedure: fees by law, the rest judgement."""

    fees: FeeTable
    win_ppm: int
    months: int
    other_cost: int
    lawyer_ppm: int  # of the claim
    refunded: bool  # the loser bears the fee


@dataclass(frozen=True)
class Worth:
    """Minor units, shape (n,): `net` = chance to win × what can be recovered, discounted by time, less what it costs."""

    fee: I64
    cost: I64
    recovered: I64
    net: I64


def worth(claim: I64, property_ppm: I64, route: Route, discount_ppm: int) -> Worth:
    """Value one procedure for claims of which `property_ppm` could be recovered from what the debtor is known to have."""
    paid = fee(claim, route.fees)
    cost = paid + route.other_cost + claim * route.lawyer_ppm // PPM
    sought = claim + (paid if route.refunded else 0)
    expected = sought * property_ppm // PPM * route.win_ppm // PPM
    later = expected * MONTHS_A_YEAR * PPM // (MONTHS_A_YEAR * PPM + discount_ppm * route.months)
    return Worth(paid, cost, np.asarray(later, np.int64), np.asarray(later - cost, np.int64))


def asking_worth(claim: I64, willing_ppm: I64, cost: int) -> I64:
    """What going on asking is worth: the share still paid willingly, less the cost of asking."""
    return np.asarray(claim * willing_ppm // PPM - cost, np.int64)


class Needs(Code):
    """What must be true before a case goes to court."""

    CLOCK_OPEN = (0, "诉讼时效未届满", "The claim is not time-barred")
    DEMAND_SERVED = (
        1,
        "已有送达的催告或其他主张",
        "A demand was served, or the claim was made in another provable way",
    )
    PAPERS = (2, "合同等证据材料齐备", "The contract and other papers are there")
    AMOUNT = (3, "欠款余额大于零且构成已知", "Something is owed, and it is known what it is made of")
    NO_PLAN = (4, "没有正常履行的还款方案", "No plan is being kept")
    ALIVE = (
        5,
        "债务人在世（否则以继承人等为被告）",
        "The debtor is alive; else heirs are sued",
    )
    NOT_BANKRUPT = (
        6,
        "债务人未进入破产程序（否则应申报债权）",
        "The debtor is not bankrupt (else the claim is filed there)",
    )
    NO_DISPUTE = (7, "没有未处理完毕的异议", "No dispute is open")
    AGREED_ARBITRATION = (9, "合同订有仲裁条款或另有仲裁协议", "Arbitration was agreed on")
    NO_ARBITRATION = (
        10,
        "没有仲裁协议（有协议的，法院不予受理）",
        "No arbitration was agreed on (else a court does not take the case)",
    )
    NOT_QUIET = (8, "没有核查中的还款主张", "No claim of having paid is being checked")


def unmet(said: Mapping[Needs, npt.NDArray[np.int8]], needed: tuple[Needs, ...]) -> npt.NDArray[np.int32]:
    """Bit k of each row: what `Needs(k)` asks for is not so, or not known (anything but 1), shape (n,)."""
    found: npt.NDArray[np.int32] = np.zeros(len(next(iter(said.values()))), np.int32)
    for need in needed:
        found |= (said[need] != 1).astype(np.int32) << np.int32(int(need))
    return found


def best(nets: npt.NDArray[np.int64], possible: Mask) -> I64:
    """The column of the greatest net value among what is possible, shape (n,); -1 where nothing is worth more than nothing."""
    shown = np.where(possible, nets, np.iinfo(np.int64).min)
    at = np.argmax(shown, axis=1)
    top = shown[np.arange(len(nets)), at]
    return np.where(top > 0, at, -1).astype(np.int64)
