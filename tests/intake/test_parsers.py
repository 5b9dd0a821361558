"""Column parsers against plain scalar twins: what a person would say of one cell."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from loading import AS_OF
from stdnum.cn import ric

from fairdue.intake.canonical import BOOK, INT64, PEOPLE
from fairdue.intake.cells import Cells
from fairdue.intake.checks import resident_id_holds
from fairdue.intake.parsers import read, written

COLUMNS = {column.name: column for column in (*PEOPLE, *BOOK)}
few = settings(max_examples=80, deadline=None)


def parse(name: str, texts: list[str | None], parser: str = "", exponent: int = 2, **options: Any) -> list[Any]:
    """Values of a column of texts; None where there is a complaint."""
    column = COLUMNS[name]
    text = pl.Series(texts, dtype=pl.String)
    decimals = pl.repeat(exponent, len(texts), dtype=pl.Int64, eager=True)
    value, wrong = read(parser or column.parser, Cells(text, column, options, decimals, AS_OF))
    for complaint in wrong:
        value = value.set(complaint.rows.fill_null(value=False), None)
    return value.to_list()


def amount_twin(text: str, exponent: int) -> int | None:
    whole = text.lstrip("+-").split(".")[0]
    groups = whole.split(",")
    if len(groups) > 1 and (not 1 <= len(groups[0]) <= 3 or any(len(g) != 3 for g in groups[1:])):
        return None
    if not whole or not all(c in "0123456789,.+-" for c in text) or text[1:].count("-") + text[1:].count("+"):
        return None
    if "," in text.partition(".")[2]:
        return None
    try:
        minor = Decimal(text.replace(",", "")).scaleb(exponent)
    except InvalidOperation:
        return None
    return int(minor) if minor == int(minor) and INT64[0] <= minor <= INT64[1] else None


plain = st.decimals(-(10**13), 10**13, places=3, allow_nan=False).map(lambda d: f"{d:,}")
odd = st.text("0123456789,.+-", min_size=1, max_size=24)


@few
@given(
    st.lists(st.one_of(plain, odd, st.integers(-(2**70), 2**70).map(str)), min_size=1, max_size=30), st.integers(0, 4)
)
def test_an_amount_is_exact_or_refused(texts: list[str], exponent: int) -> None:
    assert parse("balance", list(texts), exponent=exponent) == [amount_twin(text, exponent) for text in texts]


@few
@given(st.lists(st.integers(*INT64), min_size=1, max_size=20), st.integers(0, 4))
def test_an_amount_written_is_the_amount_read(minor: list[int], exponent: int) -> None:
    shown = written(pl.Series(minor, dtype=pl.Int64).cast(pl.Int128), pl.repeat(exponent, len(minor), eager=True))
    assert parse("balance", shown.to_list(), exponent=exponent) == minor


@pytest.mark.parametrize(
    "text", ["NaN", "inf", "1e5", "0x10", "1_000", "1,00", "12,34.5", ".5", "--1", "+ 1", "", "一百"]
)
def test_what_only_looks_like_an_amount_is_refused(text: str) -> None:
    assert parse("balance", [text]) == [None]


def test_full_width_digits_are_digits() -> None:
    assert parse("balance", ["１，２３４．５０", "－３", "1.20"]) == [123450, -300, 120]


def test_minor_units_are_taken_as_they_are() -> None:
    assert parse("balance", ["1234", "12.5", "-3"], unit="minor") == [1234, None, -3]


@pytest.mark.parametrize(
    ("unit", "text", "ppm"),
    [("percent", "24%", 240_000), ("percent", "18.25", 182_500), ("fraction", "0.24", 240_000), ("ppm", "240000", 240_000),
     ("percent", "0.00005", None), ("fraction", "1.3", 1_300_000), ("ppm", "0.5", None), ("ppm", "24%", None)],
)  # fmt: skip
def test_a_rate_is_exact_parts_per_million(unit: str, text: str, ppm: int | None) -> None:
    assert parse("annual_ppm", [text], unit=unit) == [ppm]


def due_twin(missed: int, due_day: int) -> date | None:
    if missed < 1:
        return None
    back, months = 0, 0
    while True:
        year, month = divmod(AS_OF.year * 12 + AS_OF.month - 1 - months, 12)
        due = date(year, month + 1, min(due_day, calendar.monthrange(year, month + 1)[1]))
        back += due <= AS_OF
        if back == missed:
            return due
        months += 1


@few
@given(st.lists(st.integers(-2, 60), min_size=1, max_size=20), st.integers(1, 31))
def test_missed_payments_lead_to_the_oldest_due_date(missed: list[int], due_day: int) -> None:
    found = parse("oldest_unpaid_due", [str(k) for k in missed], "missed_payments", due_day=due_day)
    assert found == [due_twin(k, due_day) for k in missed]


@few
@given(st.lists(st.integers(0, 36_500), min_size=1, max_size=20))
def test_days_overdue_lead_to_the_due_date(days: list[int]) -> None:
    found = parse("oldest_unpaid_due", [str(n) for n in days], "days_overdue")
    assert found == [AS_OF - timedelta(days=n) if n else None for n in days]


def test_more_days_than_anyone_lives_are_refused() -> None:
    assert parse("oldest_unpaid_due", ["36501", "-1", "999999999999"], "days_overdue") == [None] * 3
    assert parse("oldest_unpaid_due", ["1000", "-2"], "missed_payments", due_day=15) == [None] * 2


@few
@given(st.lists(st.dates(date(1900, 1, 1), date(2200, 1, 1)), min_size=1, max_size=20))
def test_a_day_is_the_same_day_however_it_is_written(days: list[date]) -> None:
    for layout in ("{0.year}-{0.month:02}-{0.day:02}", "{0.year}/{0.month}/{0.day}", "{0.year}年{0.month}月{0.day}日"):
        assert parse("opened_on", [layout.format(day) for day in days]) == days
    assert parse("opened_on", [f"{day:%d/%m/%Y}" for day in days], formats=["%d/%m/%Y"]) == days


@pytest.mark.parametrize(
    "text", ["2025-02-29", "2026-13-01", "2026-00-10", "26-01-01", "1899-12-31", "2026-03-01 09:30:00"]
)
def test_a_day_that_does_not_exist_is_refused(text: str) -> None:
    assert parse("opened_on", [text]) == [None]


def test_days_without_separators_need_all_their_digits() -> None:
    assert parse("opened_on", ["20260301", "2026111", "202631"], formats=["%Y%m%d"]) == [date(2026, 3, 1), None, None]


numbers = st.builds(
    lambda region, born, serial: f"{region:06}{born:%Y%m%d}{serial:03}",
    st.sampled_from([110101, 310115, 440305, 510107]), st.dates(date(1930, 1, 1), date(2008, 1, 1)), st.integers(0, 999),
)  # fmt: skip


@few
@given(st.lists(st.tuples(numbers, st.sampled_from("0123456789X")), min_size=1, max_size=30))
def test_an_identity_number_holds_when_its_check_digit_does(drawn: list[tuple[str, str]]) -> None:
    texts = [number + digit for number, digit in drawn]
    assert resident_id_holds(pl.Series(texts)).to_list() == [ric.calc_check_digit(t) == t[-1] for t in texts]


@few
@given(st.lists(st.text("0123456789Xx-", max_size=20), min_size=1, max_size=20))
def test_what_is_no_identity_number_does_not_hold(texts: list[str]) -> None:
    for text, holds in zip(texts, resident_id_holds(pl.Series(texts)).to_list(), strict=True):
        assert not holds or ric.calc_check_digit(text) == text[-1]


@pytest.mark.parametrize(
    ("written_as", "kept"),
    [("13800000000", "13800000000"), ("+86 138-0000-0000", "13800000000"), ("008613800000000", "13800000000"),
     ("8613800000000", "13800000000"), ("１３８００００００００", "13800000000"), ("(010) 6234 5678", "01062345678"),
     ("0755-26001234", "075526001234"), ("+442079460958", "+442079460958"), ("00442079460958", "+442079460958"),
     ("12800000000", None), ("138000000000", None), ("95588", None), ("010-6234", None), ("+0123456789", None),
     ("13800000000;13900000000", None)],
)  # fmt: skip
def test_a_phone_number_is_kept_in_one_form(written_as: str, kept: str | None) -> None:
    assert parse("phone", [written_as]) == [kept]


def test_words_are_known_by_name_and_label_and_by_the_mapping() -> None:
    texts: list[str | None] = ["CARD", "card", "信用卡", "Credit card", "贷记卡", "PAYDAY", None]
    assert parse("product", texts, values={"贷记卡": "CARD"}) == [0, 0, 0, 0, 0, None, None]


def test_yes_no_and_neither() -> None:
    assert parse("phone_reserved", ["是", "否", "Y", "0", "TRUE", "maybe", None]) == [
        True,
        False,
        True,
        False,
        True,
        None,
        None,
    ]


def test_an_order_of_allocation_names_every_component_once() -> None:
    order = "costs, interest, penalty, fees, principal"
    assert parse("allocation_order", [order, "ART_561", "COSTS,INTEREST"]) == [order.upper(), "ART_561", None]
