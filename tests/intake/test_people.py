"""The invented people: always the same, plainly invented, and unreachable."""

from __future__ import annotations

from pathlib import Path

import phonenumbers
import polars as pl
import pytest
from loading import Whole, load

from fairdue.core.codes import PointSource, PointStatus
from fairdue.demo import people

REFS = [f"CUST-{at:06}" for at in range(1, 5_001)]


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    path = tmp_path_factory.mktemp("people") / "people.csv"
    assert people.write(path, REFS) == len(REFS)
    return load(path, people.MAPPING)


def test_they_come_in_by_the_same_door(crowd: Whole) -> None:
    assert (crowd.totals.loaded, crowd.totals.rejected) == (len(REFS), 0)


def test_the_same_references_give_the_same_people_in_any_company() -> None:
    alone = next(people.invent(["CUST-000077"]))
    assert alone == list(people.invent(REFS))[76]
    assert alone == people.Invented(
        "CUST-000077",
        alone.name,
        "OTHER",
        alone.id_no,
        alone.phone,
        "INVENTED",
        "1",
        "GOOD",
        alone.place,
        "Asia/Shanghai",
        "zh",
    )


def test_no_identity_number_is_one_an_authority_could_have_given(crowd: Whole) -> None:
    assert crowd.good["id_type"].unique().to_list() == ["OTHER"]
    assert crowd.good["id_no"].str.contains(r"^DEMO\d{8}$").all()


def test_everyone_is_marked_as_invented(crowd: Whole) -> None:
    assert crowd.good["invented"].all()
    with_phone = crowd.good.filter(pl.col("phone").is_not_null())
    assert (with_phone["phone_source"] == PointSource.INVENTED).all()


def test_no_number_can_ring(crowd: Whole) -> None:
    """Well formed, so that our checks take it; in no range that the number plan assigns."""
    for number in crowd.good["phone"].drop_nulls():
        parsed = phonenumbers.parse(number, "CN")
        assert phonenumbers.is_possible_number(parsed)
        assert not phonenumbers.is_valid_number(parsed)
        assert len(number) == 11


def test_no_two_people_share_a_number(crowd: Whole) -> None:
    numbers = crowd.good["phone"].drop_nulls()
    assert numbers.n_unique() == numbers.len()


def test_some_cannot_be_called_so_that_the_guard_has_something_to_refuse(crowd: Whole) -> None:
    without = crowd.good["phone"].null_count() / len(REFS)
    dead = (crowd.good["phone_status"] == PointStatus.INVALID).sum() / len(REFS)
    nowhere = crowd.good["zone"].null_count() / len(REFS)
    assert 0.02 < without < 0.04
    assert 0.03 < dead < 0.05
    assert 0.005 < nowhere < 0.015


def test_a_number_taken_is_not_given_twice(tmp_path: Path) -> None:
    taken: set[str] = set()
    first = people._number("CUST-1", taken)
    assert people._number("CUST-1", taken) != first
    assert len(taken) == 2
