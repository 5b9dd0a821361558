"""Money is exact or refused: never rounded twice, never wrapped around, never a float."""

from __future__ import annotations

from fractions import Fraction
from math import floor

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairdue.core import money

I64 = npt.NDArray[np.int64]
amounts = st.integers(-(2**63) + 1, 2**63 - 1)


def column(*values: int) -> I64:
    return np.array(values, np.int64)


def half_up(value: Fraction) -> int:
    """The scalar twin of the one rounding."""
    sign = -1 if value < 0 else 1
    return sign * floor(abs(value) + Fraction(1, 2))


@pytest.mark.parametrize(
    ("amount", "exponent", "text"),
    [
        (123_456, 2, "1,234.56"),
        (-5, 2, "-0.05"),
        (0, 2, "0.00"),
        (297_721_892, 0, "297,721,892"),
        (1_234, 3, "1.234"),
        (-(2**63) + 1, 2, "-92,233,720,368,547,758.07"),
    ],
)
def test_an_amount_is_written_with_its_decimals(amount: int, exponent: int, text: str) -> None:
    assert money.format_minor(amount, exponent) == text
    assert money.parse_minor(text, exponent) == amount


@given(amounts, st.integers(0, 4))
def test_what_is_written_reads_back(amount: int, exponent: int) -> None:
    assert money.parse_minor(money.format_minor(amount, exponent), exponent) == amount


def test_fewer_decimals_than_the_currency_has_are_enough() -> None:
    assert money.parse_minor("12.5", 2) == 1250
    assert money.parse_minor(" +7 ", 2) == 700


@pytest.mark.parametrize(
    "text", ["", "-", "1,2,3", "12,34.00", "1e5", "NaN", "1.", ".5", "１２", "1 000", "--1", "0x10", "1_000", "¥5"]
)
def test_what_is_not_an_amount_is_refused(text: str) -> None:
    with pytest.raises(money.NotAnAmount) as refused:
        money.parse_minor(text, 2)
    assert text in refused.value.sentence("en")
    assert text in refused.value.sentence("zh")


def test_too_many_decimals_are_refused_and_never_rounded() -> None:
    with pytest.raises(money.TooManyDecimals, match=r"“12\.345” has 3 decimals, the currency has 2"):
        money.parse_minor("12.345", 2)
    with pytest.raises(money.TooManyDecimals):
        money.parse_minor("12.500", 2)


@pytest.mark.parametrize("text", ["92233720368547758.08", "9" * 5000])
def test_an_amount_too_long_for_its_place_is_refused(text: str) -> None:
    with pytest.raises(money.MoneyOverflow):
        money.parse_minor(text, 2)


def test_a_half_is_rounded_away_from_zero() -> None:
    assert money.round_ratio(column(5, -5, 4, -4, 15, 0), 10).tolist() == [1, -1, 0, 0, 2, 0]


@given(st.lists(amounts, min_size=1, max_size=8), st.integers(1, 2**63 - 1))
def test_rounding_agrees_with_fractions(nums: list[int], den: int) -> None:
    assert money.round_ratio(column(*nums), den).tolist() == [half_up(Fraction(n, den)) for n in nums]


@given(amounts, st.integers(0, 2**40), st.integers(1, 2**40))
def test_a_scaled_amount_is_exact_or_refused(amount: int, num: int, den: int) -> None:
    wanted = half_up(Fraction(amount * num, den))
    if abs(wanted) > money.LARGEST:
        with pytest.raises(money.MoneyOverflow):
            money.scale(column(amount), num, den)
    else:
        assert money.scale(column(amount), num, den).tolist() == [wanted]


def test_penalty_on_three_and_a_half_million_over_720_days_is_exact_to_the_cent() -> None:
    principal, rate, penalty, days = 356_000_000, 240_000, 1_500_000, 720  # CNY 3.56 M in fen at 24 % × 1.5
    assert principal * rate * (penalty // 10_000) * days > money.LARGEST  # even with the multiple in whole per cent
    assert 35_584 * rate * penalty * days > money.LARGEST  # with both in parts per million it ends below CNY 356
    wrapped = np.prod(column(principal, rate, penalty, days))
    assert int(wrapped) != principal * rate * penalty * days  # NumPy alone is wrong without a word
    whole, rest = money.muldiv_floor(principal, [rate, penalty, days], 10**12 * 360)
    assert (whole.tolist(), rest.tolist()) == ([256_320_000], [0])  # 36 % a year, two years of 360 days
    assert money.format_minor(int(whole[0]), 2) == "2,563,200.00"


factors = st.lists(st.integers(0, 2**40), min_size=0, max_size=3)


@given(amounts, factors, st.integers(1, 2**62), st.data())
def test_floor_and_remainder_are_exact_or_refused(amount: int, many: list[int], den: int, data: st.DataObject) -> None:
    carry = data.draw(st.integers(0, den - 1))
    product = amount
    for factor in many:
        product *= factor
    whole, rest = divmod(product + carry, den)
    if abs(whole) > money.LARGEST:
        with pytest.raises(money.MoneyOverflow):
            money.muldiv_floor(amount, many, den, carry)
    else:
        found = money.muldiv_floor(amount, many, den, carry)
        assert [part.tolist() for part in found] == [[whole], [rest]]


@given(st.lists(st.tuples(st.integers(-(10**15), 10**15), st.integers(0, 10**6)), min_size=1, max_size=20))
def test_a_batch_is_its_rows_one_by_one(rows: list[tuple[int, int]]) -> None:
    amount, factor = (column(*c) for c in zip(*rows, strict=True))
    batch = money.muldiv_floor(amount, [factor, 1_500_000], 10**12)
    single = [money.muldiv_floor(a, [f, 1_500_000], 10**12) for a, f in rows]
    assert batch[0].tolist() == [int(whole[0]) for whole, _ in single]
    assert batch[1].tolist() == [int(rest[0]) for _, rest in single]
    scaled = money.scale(amount, factor, 999_983)
    assert scaled.tolist() == [int(money.scale(a, f, 999_983)[0]) for a, f in rows]


@given(st.integers(0, 10**12), st.lists(st.integers(0, 10**6), min_size=1, max_size=30), st.integers(1, 10**12))
def test_many_steps_with_a_carry_are_one_step(amount: int, steps: list[int], den: int) -> None:
    total, carry = 0, column(0)
    for step in steps:
        whole, carry = money.muldiv_floor(amount, [step], den, carry)
        total += int(whole[0])
    once, rest = money.muldiv_floor(amount, [sum(steps)], den)
    assert (total, carry.tolist()) == (int(once[0]), rest.tolist())


def test_an_overflow_names_its_row() -> None:
    with pytest.raises(money.MoneyOverflow, match="row 3"):
        money.scale(column(1, 2, 2**62), 4, 1)
    with pytest.raises(money.MoneyOverflow, match="row 2"):
        money.checked_add(column(1, 2**62), column(1, 2**62))
    with pytest.raises(money.MoneyOverflow, match="row 2"):
        money.checked_sum(np.array([[1, 2], [2**62, 2**62]]))


@given(st.lists(st.tuples(amounts, amounts), min_size=1, max_size=5))
def test_sums_are_exact_or_refused(pairs: list[tuple[int, int]]) -> None:
    sums = [a + b for a, b in pairs]
    table = np.array(pairs, np.int64)
    if max(map(abs, sums)) <= money.LARGEST:
        assert money.checked_add(table[:, 0], table[:, 1]).tolist() == sums
        assert money.checked_sum(table).tolist() == sums


def split_twin(total: int, weights: list[int]) -> list[int]:
    """Largest remainder for one amount, as a person would do it."""
    if total < 0:
        return [-share for share in split_twin(-total, weights)]
    whole = sum(weights) or 1
    shares = [total * w // whole for w in weights]
    by_rest = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for i in by_rest[: total - sum(shares)]:
        shares[i] += 1
    return shares


weights_of = st.lists(st.integers(0, 2**40), min_size=1, max_size=6).filter(any)


@given(amounts, weights_of)
def test_a_split_adds_up_and_matches_the_twin(total: int, weights: list[int]) -> None:
    shares = money.split(total, np.array([weights]))[0].tolist()
    assert sum(shares) == total
    assert shares == split_twin(total, weights)


def test_a_split_is_fair_and_the_earlier_part_gets_the_odd_cent() -> None:
    shares = money.split(column(100, -100, 0), np.array([[1, 1, 1], [1, 1, 1], [0, 0, 0]]))
    assert shares.tolist() == [[34, 33, 33], [-34, -33, -33], [0, 0, 0]]


@pytest.mark.parametrize("weights", [[0, 0], [3, -1]])
def test_a_split_by_nothing_is_refused(weights: list[int]) -> None:
    with pytest.raises(money.NothingToSplitBy, match="row 1"):
        money.split(5, np.array([weights]))
