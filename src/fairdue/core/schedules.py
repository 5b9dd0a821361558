"""Schedules of payments, exact to the minor unit, and what they cost and are worth.

Level payments: every payment is the same but the last, which is what remains and never more. Interest of a plan runs on
principal only, by actual days over 365, each span rounded once. Money is whole minor units throughout; rates
are parts per million; the two figures that need powers are worked out in decimals of fifty digits, never in floats alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal

import numpy as np

from fairdue.core.codes import Component
from fairdue.core.dates import add_months
from fairdue.core.waterfall import Order

PPM = 1_000_000
DAYS_A_YEAR = 365
_EXACT = Context(prec=50)
_HIGHEST = 100 * PPM  # ten thousand per cent a year: beyond it no rate is looked for
_P, _I = int(Component.PRINCIPAL), int(Component.INTEREST)

Split = tuple[int, int, int, int, int]  # minor units by `Component`


@dataclass(frozen=True)
class Payment:
    """One payment: its day, its amount, and the interest of its month that is in it, minor units."""

    on: date
    amount: int
    interest: int = 0


def months_from(first: date, count: int) -> tuple[date, ...]:
    """`count` days a month apart, from `first`; the last day of a month that has no such day (民法典 art. 202)."""
    days = add_months(np.full(count, np.datetime64(first, "D")), np.arange(count))
    return tuple(day.item() for day in days)


def first_payment(on: date, pay_day: int, least_days: int) -> date:
    """The first pay day (day of the month) that is at least `least_days` after `on`; a month later where none is known."""
    if pay_day <= 0:
        return months_from(on, 2)[1]
    month = on.replace(day=1)
    for start in months_from(month, 4):
        day = months_from(start, 2)[1].toordinal() - start.toordinal()
        found = start.replace(day=min(pay_day, day))
        if (found - on).days >= least_days:
            return found
    raise AssertionError  # within four months there is a pay day that far away, for any sensible number of days


def level(total: int, count: int) -> tuple[int, ...] | None:
    """`count` equal amounts adding up to `total`, the last one what remains; None where the last would be nothing."""
    each = -(-total // count)
    last = total - each * (count - 1)
    return (*(each,) * (count - 1), last) if last > 0 else None


def without_interest(total: int, first: date, count: int) -> tuple[Payment, ...] | None:
    """A schedule of `total` in `count` monthly payments that bear nothing."""
    amounts = level(total, count)
    if amounts is None:
        return None
    return tuple(Payment(day, amount) for day, amount in zip(months_from(first, count), amounts, strict=True))


def with_interest(
    owed: Split, order: Order, annual_ppm: int, on: date, days: Sequence[date]
) -> tuple[Payment, ...] | None:
    """A level schedule from `on` whose unpaid principal bears interest: the smallest payment that clears all in time.

    Up to each day the interest on what principal is left is added (actual days over 365), then the payment is allocated by
    `order`. None where no level payment leaves something for the last day.
    """
    spans = [(late - early).days for early, late in zip((on, *days), days, strict=False)]
    low = -(-sum(owed) // len(days))
    high = -(-(sum(owed) + _interest(owed[_P], annual_ppm, sum(spans)) + len(days)) // len(days))
    while low < high:
        middle = (low + high) // 2
        if _run(owed, order, annual_ppm, spans, middle)[0] > middle:
            low = middle + 1
        else:
            high = middle
    last, interest = _run(owed, order, annual_ppm, spans, low)
    if last <= 0:
        return None
    amounts = (*(low,) * (len(days) - 1), last)
    return tuple(Payment(*row) for row in zip(days, amounts, interest, strict=True))


def _interest(principal: int, annual_ppm: int, days: int) -> int:
    """Interest on a sum for some days, rounded once, a half upwards."""
    den = DAYS_A_YEAR * PPM
    return (2 * max(principal, 0) * annual_ppm * days + den) // (2 * den)


def _run(owed: Split, order: Order, annual_ppm: int, spans: Sequence[int], each: int) -> tuple[int, list[int]]:
    """What remains for the last payment when the others are `each`, and the interest of every span."""
    balance, interest = list(owed), []
    for number, span in enumerate(spans, 1):
        grown = _interest(balance[_P], annual_ppm, span)
        balance[_I] += grown
        interest.append(grown)
        left = each if number < len(spans) else 0
        for component in order:
            taken = min(left, max(balance[component], 0))
            balance[component] -= taken
            left -= taken
    return sum(balance), interest


def present_value(payments: Sequence[Payment], on: date, annual_ppm: int) -> int:
    """What the payments are worth on a day at a yearly rate, minor units, rounded once."""
    worth = _value(payments, on, annual_ppm)
    return int(worth.to_integral_value(ROUND_HALF_UP))


def _value(payments: Sequence[Payment], on: date, annual_ppm: int) -> Decimal:
    """Σ amount × (1 + r)^(−days/365), exact to fifty digits."""
    if annual_ppm == 0:
        return Decimal(sum(p.amount for p in payments))
    a_day = _EXACT.power(_EXACT.divide(Decimal(PPM), Decimal(PPM + annual_ppm)), _EXACT.divide(Decimal(1), DAYS_A_YEAR))
    worth = Decimal(0)
    for p in payments:
        worth = _EXACT.add(worth, _EXACT.multiply(Decimal(p.amount), _EXACT.power(a_day, (p.on - on).days)))
    return worth


def effective_annual_ppm(owed: int, payments: Sequence[Payment], on: date) -> int:
    """The yearly cost of paying `owed` by these payments instead of on `on`, parts per million, never understated.

    The least whole ppm r at which Σ amount × (1 + r)^(−days/365) ≤ `owed` (the equation of XIRR, actual days over 365),
    found by halving; 0 where nothing more than `owed` is paid.
    """
    if sum(p.amount for p in payments) <= owed:
        return 0
    low, high = _around(owed, payments, on)
    while low < high:
        middle = (low + high) // 2
        if _value(payments, on, middle) <= owed:
            high = middle
        else:
            low = middle + 1
    return low


def _around(owed: int, payments: Sequence[Payment], on: date) -> tuple[int, int]:
    """Bounds that hold the answer: guessed in floats to save time, then checked exactly."""
    low, high = 0.0, float(_HIGHEST)
    amounts = np.array([p.amount for p in payments], float)
    years = np.array([(p.on - on).days for p in payments]) / DAYS_A_YEAR
    for _ in range(48):
        middle = (low + high) / 2
        if float((amounts * (1 + middle / PPM) ** -years).sum()) <= owed:
            high = middle
        else:
            low = middle
    near = int(high)
    first, last = max(near - 2, 0), near + 2
    if (first and _value(payments, on, first) <= owed) or _value(payments, on, last) > owed:
        return 0, _HIGHEST
    return first, last
