"""The real book: 30,000 card accounts, read as they were published, to the counts that are known of them."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from datetime import date
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest
from loading import AS_OF, Whole, load

from fairdue import intake
from fairdue.demo import book


@pytest.fixture(scope="module")
def cards() -> Whole:
    return load(book.path(), book.MAPPING)


@pytest.fixture(scope="module")
def published() -> list[dict[str, str]]:
    with gzip.open(book.path(), "rt", encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def late(whole: Whole) -> pl.DataFrame:
    return whole.good.filter((pl.col("missed_payments") >= 1) & (pl.col("balance") > 0))


def test_the_bytes_are_those_that_were_published() -> None:
    digest = sha256(gzip.decompress(book.path().read_bytes())).hexdigest()
    assert digest in book.path().with_name("ATTRIBUTION.md").read_text("utf-8")


def test_all_rows_load(cards: Whole) -> None:
    assert (cards.totals.read, cards.totals.loaded, cards.totals.rejected) == (30_000, 30_000, 0)
    assert cards.good.schema == pl.Schema(intake.schema("book"))


def test_the_late_accounts_are_those_of_the_book(cards: Whole) -> None:
    found = late(cards)
    assert (found.height, found["balance"].sum()) == (5_129, 297_721_892)
    by_missed = Counter(min(k, 7) for k in found["missed_payments"])
    assert by_missed == {1: 1_999, 2: 2_667, 3: 322, 4: 76, 5: 26, 6: 11, 7: 28}


def test_accounts_that_are_late_and_owe_nothing_load_and_are_counted(cards: Whole) -> None:
    assert cards.totals.late_owing_nothing == 1_689


def test_the_sum_of_the_book_is_the_sum_of_the_file(cards: Whole, published: list[dict[str, str]]) -> None:
    total = sum(int(row["BILL_AMT1"]) for row in published)
    assert cards.totals.as_dict()["sums"] == {"TWD": {"read": total, "loaded": total, "left_out": 0, "unreadable": 0}}


def test_a_due_date_is_the_fifteenth_of_the_month_the_oldest_missed_payment_fell_due(cards: Whole) -> None:
    dues = dict(late(cards).select("missed_payments", "oldest_unpaid_due").unique().iter_rows())
    assert dues == {k: date(2026, 10 - k, 15) for k in range(1, 9)}
    current = cards.good.filter(pl.col("missed_payments") == 0)
    assert current["oldest_unpaid_due"].null_count() == current.height


def test_history_is_kept_as_the_lender_wrote_it(cards: Whole, published: list[dict[str, str]]) -> None:
    for at in range(0, 30_000, 997):
        row, theirs = cards.good.row(at, named=True), published[at]
        assert row["account_no"] == f"CARD-{int(theirs['ID']):06}"
        assert row["balance"] == row["principal"] == row["billed_1"] == int(theirs["BILL_AMT1"])
        assert [row[f"missed_{n}"] for n in range(1, 7)] == [int(theirs[f"PAY_{n}"]) for n in (0, 2, 3, 4, 5, 6)]
        assert [row[f"paid_{n}"] for n in range(1, 7)] == [int(theirs[f"PAY_AMT{n}"]) for n in range(1, 7)]


def test_what_is_not_needed_is_not_loaded(cards: Whole) -> None:
    """PIPL art. 6; and the label is the future."""
    source = intake.open_source(book.path(), intake.load_mapping(book.MAPPING))
    assert {"SEX", "EDUCATION", "MARRIAGE", "AGE", "default"} <= set(source.columns)
    assert source.notices == ()
    values = {str(v) for name in cards.good.columns for v in cards.good[name].unique()[:50] if v is not None}
    assert not values & {"F", "M", "University", "Married", "Single", "Y", "N"}


@pytest.mark.parametrize("size", [1_000, 29_999])
def test_the_size_of_the_chunks_does_not_matter(cards: Whole, size: int) -> None:
    again = load(book.path(), book.MAPPING, size)
    assert again.good.equals(cards.good)
    assert again.totals == cards.totals


def test_a_book_without_its_date_is_not_loaded() -> None:
    mapping = intake.load_mapping(book.MAPPING)
    frame = next(intake.open_source(book.path(), mapping).chunks(10))
    with pytest.raises(intake.AsOfMissing, match="cards"):
        intake.parse_chunk(mapping, frame, intake.Context(file="cards.csv.gz"))


def test_before_the_due_day_the_last_due_date_is_in_the_month_before(tmp_path: Path) -> None:
    mapping = intake.load_mapping(book.MAPPING)
    frame = next(intake.open_source(book.path(), mapping).chunks(10))
    parsed = intake.parse_chunk(mapping, frame, intake.Context(as_of=date(2026, 3, 14)))
    first = parsed.good.row(0, named=True)
    assert (first["missed_payments"], first["oldest_unpaid_due"]) == (2, date(2026, 1, 15))
    assert AS_OF.day >= 15
