from __future__ import annotations

import random
from datetime import date, timedelta
from fractions import Fraction

import pytest

from fairdue.core.codes import Component
from fairdue.core.schedules import (
    Payment,
    effective_annual_ppm,
    first_payment,
    level,
    months_from,
    present_value,
    with_interest,
    without_interest,
)
from fairdue.core.waterfall import ART_561, CARD_FROM_91

ON = date(2026, 1, 31)


def oracle(owed: int, payments: tuple[Payment, ...], on: date) -> float:
    """The yearly rate by Newton's method in floats: nothing of it is shared with what is tested."""
    rate = 0.1
    for _ in range(200):
        times = [((p.on - on).days / 365, p.amount) for p in payments]
        value = sum(a * (1 + rate) ** -t for t, a in times) - owed
        slope = sum(-t * a * (1 + rate) ** (-t - 1) for t, a in times)
        rate -= value / slope
    return rate * 1_000_000


def drawn(count: int) -> list[tuple[tuple[int, int, int, int, int], int, date, int]]:
    draw = random.Random(7)
    return [
        ((draw.randrange(100, 90_000_00), draw.randrange(9_000_00), draw.randrange(900_00), draw.randrange(90_00), 0),
         draw.randrange(1, 350_000), ON + timedelta(days=draw.randrange(10, 45)), draw.randrange(1, 61))
        for _ in range(count)
    ]  # fmt: skip


def test_equal_payments_add_up_to_the_cent_and_the_last_is_never_the_largest() -> None:
    draw = random.Random(3)
    for _ in range(5_000):
        total, count = draw.randrange(1, 90_000_00), draw.randrange(1, 61)
        found = level(total, count)
        if found is None:
            assert total < count * count, "only crumbs leave nothing for the last"
            continue
        assert (sum(found), len(found)) == (total, count)
        assert 0 < found[-1] <= found[0]
        assert len(set(found[:-1])) <= 1


def test_a_schedule_with_interest_pays_everything_and_nothing_more() -> None:
    """Replayed by an accountant: interest on what principal is left, payments in the order of the law."""
    for owed, rate, first, count in drawn(400):
        for order in (ART_561, CARD_FROM_91):
            days = months_from(first, count)
            found = with_interest(owed, order, rate, ON, days)
            if found is None:
                continue
            balance, before = list(owed), ON
            for payment in found:
                exact = Fraction(max(balance[0], 0) * rate * (payment.on - before).days, 365 * 1_000_000)
                assert abs(payment.interest - exact) <= Fraction(1, 2)
                balance[Component.INTEREST] += payment.interest
                left = payment.amount
                for part in order:
                    paid = min(left, balance[part])
                    balance[part] -= paid
                    left -= paid
                assert left == 0
                before = payment.on
            assert balance == [0] * 5
            assert sum(p.amount for p in found) == sum(owed) + sum(p.interest for p in found)
            assert found[-1].amount <= found[0].amount


def test_the_effective_cost_is_what_an_independent_method_finds_and_never_less() -> None:
    for owed, rate, first, count in drawn(250):
        found = with_interest(owed, ART_561, rate, ON, months_from(first, count))
        if found is None or sum(p.interest for p in found) == 0:
            continue
        cost = effective_annual_ppm(sum(owed), found, ON)
        assert -1 < cost - oracle(sum(owed), found, ON) < 2


def test_what_bears_no_interest_costs_nothing() -> None:
    found = without_interest(10_000_00, date(2026, 2, 28), 7)
    assert found is not None
    assert effective_annual_ppm(10_000_00, found, ON) == 0


def test_the_present_value_is_the_sum_of_the_discounted_payments() -> None:
    for owed, rate, first, count in drawn(100):
        found = without_interest(sum(owed), first, count)
        if found is not None:
            floats = sum(p.amount * (1 + rate / 1e6) ** (-(p.on - ON).days / 365) for p in found)
            assert present_value(found, ON, rate) == pytest.approx(floats, abs=1)
            assert present_value(found, ON, 0) == sum(owed)


def test_days_are_a_month_apart_and_end_with_the_month() -> None:
    assert months_from(date(2026, 1, 31), 3) == (date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31))


@pytest.mark.parametrize(
    ("pay_day", "first"),
    [
        (0, date(2026, 2, 28)),
        (10, date(2026, 2, 10)),
        (9, date(2026, 3, 9)),
        (31, date(2026, 2, 28)),
        (5, date(2026, 3, 5)),
    ],
)
def test_the_first_payment_follows_the_pay_day_and_leaves_time(pay_day: int, first: date) -> None:
    assert first_payment(ON, pay_day, 10) == first
