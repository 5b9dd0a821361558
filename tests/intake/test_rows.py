"""What rows become: currencies, defaults, sums, duplicates across chunks."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from loading import AS_OF, book, load, write

from fairdue import intake
from fairdue.intake.seen import SeenKeys


def test_a_balance_that_is_not_split_is_all_principal_and_says_so(tmp_path: Path) -> None:
    rows = book(tmp_path / "b.csv", "principal,interest", ",", "60,40", "100,")
    good = load(rows).good
    assert good["principal"].to_list() == [10000, 6000, 10000]
    assert good["interest"].to_list() == [0, 4000, 0]
    assert good["components_known"].to_list() == [False, True, True]


def test_what_is_not_said_is_unknown_and_not_no(tmp_path: Path) -> None:
    row = load(book(tmp_path / "b.csv", "zone", "")).good.row(0, named=True)
    assert [row[name] for name in ("product", "annual_ppm", "penalty_ppm", "day_count", "phone_source")] == [-1] * 5
    assert [row[name] for name in ("phone_reserved", "zone", "formed_on", "missed_1")] == [None] * 4


def test_a_currency_has_its_own_decimals(tmp_path: Path) -> None:
    path = book(tmp_path / "b.csv", "currency", "CNY", "JPY", "BHD", "")
    good = load(path).good
    assert good["balance"].to_list() == [10_000, 100, 100_000, 10_000]
    assert good["exponent"].to_list() == [2, 0, 3, 2]


def test_the_lenders_currency_may_have_other_decimals(tmp_path: Path) -> None:
    mapping = intake.load_mapping("canonical-book")
    source = intake.open_source(book(tmp_path / "b.csv", "currency", "", "TWD", "CNY"), mapping)
    context = intake.Context(as_of=AS_OF, currency="TWD", exponent=0)
    parsed = intake.parse_chunk(mapping, next(source.chunks()), context)
    assert parsed.good["balance"].to_list() == [100, 100, 10_000]


def test_amounts_without_a_currency_are_not_money(tmp_path: Path) -> None:
    mapping = intake.load_mapping("canonical-book")
    frame = next(intake.open_source(book(tmp_path / "b.csv", "name", ""), mapping).chunks())
    with pytest.raises(intake.FileFault) as said:
        intake.parse_chunk(mapping, frame, intake.Context(as_of=AS_OF))
    assert said.value.code == "intake.currency-missing"


def test_a_blank_currency_is_a_fault_of_the_row_where_no_currency_is_usual(tmp_path: Path) -> None:
    mapping = intake.load_mapping("canonical-book")
    frame = next(intake.open_source(book(tmp_path / "b.csv", "currency", "CNY", ""), mapping).chunks())
    parsed = intake.parse_chunk(mapping, frame, intake.Context(as_of=AS_OF))
    assert parsed.rejects.select("row_no", "code").rows() == [(3, "row.blank")]


def test_defaults_fill_blank_cells_and_missing_columns(tmp_path: Path) -> None:
    mapping = write(
        tmp_path / "m.yaml",
        "kind: book\ncurrency: CNY\ncolumns:\n  account_no:\n  customer_ref:\n  balance:\n"
        "  product: {default: CARD}\n  zone: {default: Asia/Shanghai}\n  phone_source: {default: CONTRACT}\n",
    )
    good = load(book(tmp_path / "b.csv", "product", "AUTO", ""), mapping).good
    assert good["product"].to_list() == [4, 0]
    assert good["zone"].to_list() == ["Asia/Shanghai"] * 2
    assert good["phone_source"].to_list() == [0, 0]


def test_several_columns_are_added_up_to_the_cent(tmp_path: Path) -> None:
    path = write(
        tmp_path / "b.csv",
        "案件编号,委案金额,本金,滞纳金,服务费,违约金\nP1,100.06,100,0.01,0.02,0.03\nP2,100,100,,,\nP3,100,,,,\n"
        "P4,1,1,90000000000000000,90000000000000000,0\n",
    )
    whole = load(path, "placement-workbook")
    assert whole.good["fees"].to_list() == [6, 0, 0]
    assert whole.good["components_known"].to_list() == [True, True, False]
    assert whole.rejects.select("row_no", "code").rows() == [(5, "row.too-large")]


def test_the_first_name_that_the_file_has_is_read(tmp_path: Path) -> None:
    path = write(tmp_path / "b.csv", "案件编号,客户号,委案金额（RMB）,逾期天数\nP1,K7,100,30\n")
    row = load(path, "placement-workbook").good.row(0, named=True)
    assert (row["account_no"], row["customer_ref"], row["balance"]) == ("P1", "K7", 10_000)
    assert str(row["oldest_unpaid_due"]) == "2026-08-31"


def test_columns_nobody_reads_are_named(tmp_path: Path) -> None:
    path = book(tmp_path / "b.csv", "oldest_unpaid_due,remark", ",x")
    [notice] = intake.open_source(path, intake.load_mapping("canonical-book")).notices
    assert notice.fields["columns"] == "remark"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from("ABCDEFGH"), min_size=1, max_size=30), st.integers(1, 7))
def test_a_key_is_found_again_in_whatever_chunk_it_stood(keys: list[str], size: int) -> None:
    seen, found = SeenKeys(), []
    for at in range(0, len(keys), size):
        part = keys[at : at + size]
        rows = pl.Series(range(at, at + len(part)), dtype=pl.Int64)
        found += seen.first_rows(pl.Series(part), rows).to_list()
    assert found == [None if keys.index(key) == at else keys.index(key) for at, key in enumerate(keys)]


def test_keys_with_one_hash_are_still_two_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pl.Series, "hash", lambda self, **_: pl.repeat(7, self.len(), dtype=pl.UInt64, eager=True))
    seen = SeenKeys()
    assert seen.first_rows(pl.Series(["A"]), pl.Series([2])).to_list() == [None]
    assert seen.first_rows(pl.Series(["B", "A"]), pl.Series([3, 4])).to_list() == [None, 2]


def test_rows_without_a_key_are_never_the_same(tmp_path: Path) -> None:
    path = write(tmp_path / "b.csv", "account_no,customer_ref,balance\n,C1,1\n,C1,1\n")
    assert set(load(path).rejects["code"]) == {"row.blank"}


def test_a_personal_value_is_never_repeated(tmp_path: Path) -> None:
    secret = "11010119900307123X"
    path = write(
        tmp_path / "p.csv", f"customer_ref,name,id_no,phone,phone_source\nC1,{'王' * 90},{secret},1380013800,CONTRACT\n"
    )
    rejects = load(path, "canonical-people").rejects
    assert rejects.height == 3
    assert not any(word in str(rejects.rows()) for word in (secret, "王王", "1380013800"))
