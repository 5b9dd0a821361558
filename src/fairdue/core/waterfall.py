"""What a payment pays first: the order of the law or of the contract, and the exact allocation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from fairdue.core.codes import Component, Product
from fairdue.core.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Sequence

I8 = npt.NDArray[np.int8]
I64 = npt.NDArray[np.int64]

Order = tuple[Component, ...]  # every component once, what is paid first in front

_C = Component

# 民法典 art. 561 (confidence V), unless agreed otherwise: costs of enforcing the claim, then interest, then the debt
# itself. Penalty interest is interest, after the older contract interest. Agreed fees are not costs of enforcement, so
# they may not go first; as a side claim to the debt they stand with the interest, at its end. A contract may place them
# elsewhere.
ART_561: Order = (_C.COSTS, _C.INTEREST, _C.PENALTY, _C.FEES, _C.PRINCIPAL)

# 商业银行信用卡业务监督管理办法 art. 57 (confidence S: second-hand): cards up to 90 days overdue pay interest and fees
# before principal, from 91 days on principal before interest and fees. Costs of enforcement it does not name stay where
# art. 561 has them.
CARD_TO_90: Order = (_C.COSTS, _C.INTEREST, _C.PENALTY, _C.FEES, _C.PRINCIPAL)
CARD_FROM_91: Order = (_C.COSTS, _C.PRINCIPAL, _C.INTEREST, _C.PENALTY, _C.FEES)
CARD_FLIPS_AT = 91

NAMED: dict[str, Order] = {"ART_561": ART_561, "CARD_TO_90": CARD_TO_90, "CARD_FROM_91": CARD_FROM_91}


class OrderIncomplete(Fault):
    """An allocation order must name every component exactly once."""

    code = "waterfall.order-incomplete"
    en = "“{order}” is not an allocation order."
    en_remedy = "Name ART_561, or list each of {components} once, separated by commas."
    zh = "“{order}”不是有效的冲还顺序。"
    zh_remedy = "请填写 ART_561，或将 {components} 各列一次，以英文逗号分隔。"


class NegativePayment(Fault):
    """Money going back to the borrower is not a payment."""

    code = "waterfall.negative-payment"
    en = "The payment in row {row} is below zero."
    en_remedy = "Reverse the payment that was booked by mistake instead."
    zh = "第 {row} 行的还款金额为负数。"
    zh_remedy = "如需撤销误记的还款，请作冲正。"


def parse_order(text: str) -> Order:
    """An order from its name in `NAMED`, or from all component names with commas. Raises `OrderIncomplete`."""
    if text in NAMED:
        return NAMED[text]
    names = [name.strip() for name in text.split(",")]
    if sorted(names) != sorted(c.name for c in Component):
        raise OrderIncomplete(order=text, components=", ".join(c.name for c in Component))
    return tuple(Component[name] for name in names)


def order_for(product: npt.ArrayLike, dpd: npt.ArrayLike, contract_order: str | Sequence[str] = "") -> I8:
    """The order that binds, shape (n, 5): columns of `Component` numbers, what is paid first in front.

    `contract_order` as `parse_order` reads it, empty where the contract says nothing: then 民法典 art. 561 speaks. A
    card that is overdue follows art. 57 whatever its contract says; for other loans no rule that turns the order at 90
    days exists. A product that is unknown counts as no card. Raises `OrderIncomplete`.
    """
    texts, which = np.unique(np.atleast_1d(np.asarray(contract_order, np.str_)), return_inverse=True)
    known = np.array([parse_order(t) if t else ART_561 for t in texts.tolist()], np.int8)
    kind, late, row = np.broadcast_arrays(np.atleast_1d(product), np.atleast_1d(dpd), which)
    order: I8 = known[row]
    card = kind == Product.CARD
    order[card & (late > 0)] = CARD_TO_90
    order[card & (late >= CARD_FLIPS_AT)] = CARD_FROM_91
    return order


def allocate(payment: I64, balances: I64, order: I8 | Order) -> tuple[I64, I64]:
    """Allocated per component, shape (n, 5), and what is left over, shape (n,); together exactly the payment.

    `payment` (n,) and `balances` (n, 5) in minor units, `order` (n, 5) or (5,). No component gets more than is owed on
    it; one that is in credit gets nothing. Raises `NegativePayment`.
    """
    if (payment < 0).any():
        raise NegativePayment(row=int((payment < 0).argmax()) + 1)
    ranks = np.broadcast_to(np.asarray(order, np.int64), balances.shape)
    owed = np.maximum(balances, 0)
    allocated, left, rows = np.zeros_like(balances), payment.copy(), np.arange(len(payment))
    for column in ranks.T:
        taken = np.minimum(left, owed[rows, column])
        allocated[rows, column] = taken
        left -= taken
    return allocated, left
