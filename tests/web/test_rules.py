"""The rule browser: found by words, read in full, in both languages."""

from __future__ import annotations

import pytest

import cast
from fairdue.rules import in_words
from fairdue.rules.load import PACKS, load_pack, names
from person import Person
from worlds import World


def test_a_rule_is_found_by_the_words_of_its_title(desk: World) -> None:
    page = Person(cast.OFFICER).get("/rules/?q=unanswered")
    assert "CN-FREQ-03" in page
    assert "CN-TIME-01" not in page
    assert "No rule is like this" in Person(cast.OFFICER).get("/rules/?q=unicorn")


def test_a_rule_is_read_in_full_with_its_cases(desk: World) -> None:
    page = Person(cast.OFFICER).get("/rules/?rule=CN-PARTY-03")
    assert "Only if the debtor cannot be reached" in page
    assert "From 2026-01-30" in page
    assert "Cases of this rule" in page


def test_another_pack_can_be_looked_at_and_an_unknown_one_is_the_lenders_own(desk: World) -> None:
    assert "US-FREQ-02" in Person(cast.OFFICER).get("/rules/?pack=us")
    assert "CN-FREQ-02" in Person(cast.OFFICER).get("/rules/?pack=atlantis")


def test_what_is_narrowed_stays_narrowed_when_a_rule_is_opened(desk: World) -> None:
    assert "q=talk&amp;rule=CN-FREQ-02" in Person(cast.OFFICER).get("/rules/?q=talk").replace("?q", "q")


@pytest.mark.parametrize("name", names(PACKS))
def test_every_rule_that_ships_is_said_in_words_of_both_languages(name: str) -> None:
    for rule in load_pack(name).rules:
        for test in (test for _, test in rule.dated if test is not None):
            zh, en = in_words.test(test, "zh"), in_words.test(test, "en")
            assert zh.endswith("。"), rule.id
            assert en.endswith("."), rule.id
            assert zh != en
