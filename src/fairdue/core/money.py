"""Money as whole minor units: exact products, one way to round, one way to read and to write an amount.

A figure that cannot be kept exactly is refused; nothing is ever rounded on the way in, and no float touches an amount.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from fairdue.core.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

I64 = npt.NDArray[np.int64]
Ints = I64 | int
Rows = npt.NDArray[Any]  # int64 columns, or Python integers where a product passes int64

Mask = npt.NDArray[np.bool_]

LARGEST = np.iinfo(np.int64).max
_SAFE = 2.0**61  # a quarter of int64: room for the error of the float estimate and for a carry of up to 2**62


class MoneyOverflow(Fault):
    """A result does not fit the 64 bits an amount is kept in."""

    code = "money.overflow"
    en = "The amount in row {row} became too large to be kept exactly."
    en_remedy = "Check the amount, the rate and the dates of that row."
    zh = "第 {row} 行的金额超出系统可精确保存的范围。"
    zh_remedy = "请核对该行的金额、利率和日期。"


class NotAnAmount(Fault):
    """The text is not a plain decimal number."""

    code = "money.not-an-amount"
    en = "“{text}” is not an amount."
    en_remedy = "Write digits, a point before the decimals and, if wanted, a comma before every three digits: 1,234.56."
    zh = "“{text}”不是有效的金额。"
    zh_remedy = "请使用半角数字和小数点填写，千分位逗号可加可不加，例如 1,234.56。"


class TooManyDecimals(Fault):
    """The text is finer than the currency's smallest unit; rounding it would invent a figure."""

    code = "money.too-many-decimals"
    en = "“{text}” has {given} decimals, the currency has {exponent}."
    en_remedy = "Give the amount to the currency's smallest unit; it is never rounded here."
    zh = "“{text}”有 {given} 位小数，该币种最多 {exponent} 位。"
    zh_remedy = "请按币种的最小单位填写，系统不会自动四舍五入。"


class NothingToSplitBy(Fault):
    """Every weight of a row is zero, or one is negative."""

    code = "money.nothing-to-split-by"
    en = "The amount in row {row} cannot be split: its weights are all zero or one is negative."
    en_remedy = "Give weights of zero or more, at least one of them above zero."
    zh = "第 {row} 行的金额无法分摊：权重全部为零或含有负数。"
    zh_remedy = "请提供不小于零的权重，且至少一项大于零。"


@dataclass(frozen=True)
class Currency:
    """An ISO 4217 code and how many decimals its minor unit has (CNY 2, TWD 0 in books kept in whole dollars)."""

    code: str
    exponent: int


_AMOUNT = re.compile(r"([+-]?)(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d+))?", re.ASCII)


def format_minor(amount: int, exponent: int) -> str:
    """An amount of minor units as a person reads it: `format_minor(-123456, 2)` is `-1,234.56`."""
    units, rest = divmod(abs(int(amount)), 10**exponent)
    decimals = f".{rest:0{exponent}d}" if exponent else ""
    return f"{'-' if amount < 0 else ''}{units:,}{decimals}"


def parse_minor(text: str, exponent: int) -> int:
    """Minor units from a written amount. Raises `NotAnAmount`, `TooManyDecimals`, `MoneyOverflow` (row 1)."""
    found = _AMOUNT.fullmatch(text.strip())
    if found is None:
        raise NotAnAmount(text=text)
    sign, units, decimals = found[1], found[2].replace(",", ""), found[3] or ""
    if len(decimals) > exponent:
        raise TooManyDecimals(text=text, given=len(decimals), exponent=exponent)
    if len(units.lstrip("0")) + exponent > len(str(LARGEST)):
        raise MoneyOverflow(row=1)
    amount = int(units + decimals.ljust(exponent, "0"))
    if amount > LARGEST:
        raise MoneyOverflow(row=1)
    return -amount if sign == "-" else amount


def round_ratio(num: Rows, den: Rows | int) -> Rows:
    """`num / den` to the nearest whole number, a half away from zero. `den` > 0. The one rounding of the house.

    Half away from zero is what a borrower checks on paper (四舍五入), and it treats a charge and its mirror alike.
    """
    size = np.abs(num)
    whole = size // den
    rest = size - whole * den
    return np.sign(num) * (whole + (rest >= den - rest))


def scale(amount: Ints, num: Ints, den: Ints) -> I64:
    """`amount × num / den`, exact until rounded once by `round_ratio`; `den` > 0. Raises `MoneyOverflow`."""
    a, n, d = _aligned(amount, num, den)
    found = round_ratio(a * n, d)
    wide = _magnitude(a, n) >= _SAFE
    if wide.any():
        (found[wide],) = _in_python(lambda a, n, d: (round_ratio(a * n, d),), wide, a, n, d)
    return found


def muldiv_floor(amount: Ints, factors: Sequence[Ints], den: Ints, carry: Ints = 0) -> tuple[I64, I64]:
    """`(amount × factors… + carry)` divided by `den`: whole part and remainder, exact.

    All columns of shape (n,) or numbers; factors ≥ 0, 0 < den ≤ 2**62, 0 ≤ carry < den. The remainder, handed in again
    as the next carry, makes many small steps give the same sum as one large one. Raises `MoneyOverflow`.

    What `factors` and `den` share is divided out first: rates are round figures, so nearly every row then fits int64.
    """
    a, d, c, *given = _aligned(amount, den, carry, 1, *factors)
    factor = _product(*given)
    shared = np.gcd(factor, d)
    lead, tail = np.divmod(c, shared)
    whole, rest = np.divmod(a * (factor // shared) + lead, d // shared)
    rest = rest * shared + tail
    wide = (_magnitude(*given) >= _SAFE) | (_magnitude(a, factor // shared) >= _SAFE)
    if wide.any():
        whole[wide], rest[wide] = _in_python(_floor_and_rest, wide, a, d, c, *given)
    return whole, rest


def _floor_and_rest(amount: Rows, den: Rows, carry: Rows, *factors: Rows) -> tuple[Rows, Rows]:
    product = _product(amount, *factors) + carry
    whole = product // den
    return whole, product - whole * den


def split(total: Ints, weights: I64) -> I64:
    """Shares of `total` (n,) in proportion to `weights` (n, k), shape (n, k), adding up to `total` exactly.

    What rounding down leaves goes one unit each to the largest remainders, the earlier column first on a tie. A
    negative total is split like the positive one. Raises `NothingToSplitBy`.
    """
    (totals,) = _aligned(total)
    sums = np.broadcast_to(checked_sum(weights), totals.shape)
    bad = (weights < 0).any(axis=1) | ((sums == 0) & (totals != 0))
    if bad.any():
        raise NothingToSplitBy(row=int(bad.argmax()) + 1)
    shape = (len(totals), weights.shape[1])
    each = [np.broadcast_to(c[:, None], shape).ravel() for c in (np.abs(totals), np.maximum(sums, 1))]
    parts = muldiv_floor(each[0], [np.broadcast_to(weights, shape).ravel()], each[1])
    shares, rests = (part.reshape(shape) for part in parts)
    rank = (-rests).argsort(axis=1, kind="stable").argsort(axis=1, kind="stable")
    left = np.abs(totals) - shares.sum(axis=1)
    return np.asarray(np.sign(totals)[:, None] * (shares + (rank < left[:, None])), np.int64)


def checked_add(a: Ints, b: Ints) -> I64:
    """`a + b`. Raises `MoneyOverflow` instead of wrapping around."""
    left, right = _aligned(a, b)
    total = left + right
    _refuse(np.flatnonzero(((left ^ total) & (right ^ total)) < 0))
    return total


def checked_sum(amounts: I64) -> I64:
    """Sums along the last axis, shape (n,) for (n, k). Raises `MoneyOverflow` instead of wrapping around."""
    if np.abs(amounts.astype(np.float64)).sum(axis=-1).max(initial=0.0) < _SAFE:
        return np.atleast_1d(amounts.sum(axis=-1))
    exact = np.atleast_1d(amounts.astype(object).sum(axis=-1))
    return _narrow(exact, np.arange(len(exact)))


def _aligned(*columns: Ints) -> tuple[I64, ...]:
    """The columns at one length, at least one dimension: NumPy warns of overflow in single numbers, not in columns."""
    return np.broadcast_arrays(*(np.atleast_1d(np.asarray(c, np.int64)) for c in columns))


def _product(first: Rows, *more: Rows) -> Rows:
    for column in more:
        first = first * column
    return first


def _magnitude(*columns: I64) -> npt.NDArray[np.float64]:
    """About how large the product of the columns is; right to one part in a million million."""
    return np.abs(np.asarray(_product(*(c.astype(np.float64) for c in columns)), np.float64))


def _in_python(formula: Callable[..., tuple[Rows, ...]], rows: Mask, *columns: I64) -> tuple[I64, ...]:
    """The formula for some rows in Python integers, which have no largest value."""
    numbers = np.flatnonzero(rows)
    return tuple(_narrow(part, numbers) for part in formula(*(c[rows].astype(object) for c in columns)))


def _narrow(values: Rows, rows: npt.NDArray[np.integer]) -> I64:
    """Python integers as int64; `rows` are their row numbers, for the message."""
    _refuse(rows[[abs(v) > LARGEST for v in values.tolist()]])
    return values.astype(np.int64)


def _refuse(too_large: npt.NDArray[np.integer]) -> None:
    if len(too_large):
        raise MoneyOverflow(row=int(too_large[0]) + 1)
