"""The data behind plans: what ships is complete and sourced, and whatever is wrong in a file is said with its line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from fairdue.core.codes import Product, Role
from fairdue.core.plan_terms import Hardship, OfferKind
from fairdue.rules import authority, living_costs, plans
from fairdue.rules.reading import WrongFiles
from fairdue.rules.schema import CONFIDENCE

TERMS = plans.HERE / "terms" / "cn.yaml"
MATRIX = authority.HERE / "cn.yaml"
COSTS = living_costs.HERE / "cn.yaml"
WRONG: list[tuple[Callable[[Path], object], Path, str, str, str]] = [
    (plans.read_terms, TERMS, "kind: DEFERRAL", "kind: GIFT", "'kind' cannot be 'GIFT'"),
    (
        plans.read_terms,
        TERMS,
        "hardships: [JOB_LOSS, ILLNESS, DISASTER]",
        "hardships: [BOREDOM]",
        "cannot be 'BOREDOM'",
    ),
    (plans.read_terms, TERMS, "{PENALTY: 100, FEES: 100}", "{PENALTY: 120}", "no more than all can be waived"),
    (plans.read_terms, TERMS, "{PENALTY: 100, FEES: 100}", "{PRINCIPAL: 10}", "only a write-down waives principal"),
    (plans.read_terms, TERMS, "    least_days: 10 ", "    least_hours: 10 ", "'least_hours' is not known"),
    (plans.read_terms, TERMS, "  2024-01-01:", "  someday:", "'someday' is no date"),
    (
        plans.read_terms,
        TERMS,
        "months: [1, 2, 3, 6]\n",
        "months: [1]\n        rate: 100\n",
        "a deferral bears and waives nothing",
    ),
    (authority.read_authority, MATRIX, "role: LEAD", "role: KING", "'role' cannot be 'KING'"),
    (authority.read_authority, MATRIX, "      dpd: [1, 180]\n", "", "'dpd' is missing"),
    (living_costs.read_living_costs, COSTS, 'adult: "1045"', 'adult: "much"', "cannot be read"),
    (living_costs.read_living_costs, COSTS, "confidence: V}", "confidence: sure}", "this confidence is not known"),
    (living_costs.read_living_costs, COSTS, 'source: "津民规〔2025〕6号", ', "", "'source' is missing"),
]


@pytest.mark.parametrize(("read", "file", "right", "wrong", "said"), WRONG, ids=[w[4] for w in WRONG])
def test_what_is_wrong_is_said_with_its_line(
    read: Callable[[Path], object], file: Path, right: str, wrong: str, said: str, tmp_path: Path
) -> None:
    text = file.read_text("utf-8")
    assert right in text
    broken = tmp_path / file.name
    broken.write_text(text.replace(right, wrong, 1), "utf-8")
    with pytest.raises(WrongFiles) as found:
        read(broken)
    assert any(
        said in fault.sentence("en") and f"{file.name}, line " in fault.sentence("en") for fault in found.value.faults
    )
    assert all(fault.sentence("zh") for fault in found.value.faults)


def test_every_figure_and_every_rule_has_its_source() -> None:
    costs = living_costs.load_living_costs()
    figures = [f for _, those in costs.places.values() for f in those]
    assert len(figures) >= 10
    for figure in figures:
        assert figure.link.startswith("http")
        assert figure.confidence in {"V", "S"}
        assert 0 < figure.adult <= figure.child
    for law in plans.load_law():
        assert law.link.startswith("https://") or law.link.startswith("http://")
        assert law.confidence in CONFIDENCE


def test_the_law_is_dated() -> None:
    assert plans.law_at(date(2011, 1, 12)).card_months is None
    assert plans.law_at(date(2011, 1, 13)).card_months == 60
    assert plans.law_at(date(2017, 8, 4)).price.licensed_ppm == 240_000


def test_terms_are_for_their_currency_and_their_days_only() -> None:
    terms = plans.load_terms("cn")
    assert terms.at(date(2023, 12, 31), Product.CARD, "CNY") is None
    assert terms.at(date(2026, 1, 1), Product.CARD, "USD") is None
    assert authority.load_authority("cn").at(date(2026, 1, 1), "USD").grants == ()
    with pytest.raises(plans.NoTerms):
        plans.load_terms("nobody's")


def test_an_agency_grants_nothing_and_nobody_waives_more_than_the_matrix_says() -> None:
    matrix = authority.load_authority("cn").at(date(2026, 1, 1), "CNY")
    assert {g.role for g in matrix.grants} == {Role.COLLECTOR, Role.LEAD, Role.FINANCE}
    assert all(g.principal_ppm == 0 for g in matrix.grants if OfferKind.WRITE_DOWN not in g.kinds)


def test_who_lost_the_job_is_told_where_to_turn_in_both_languages() -> None:
    for hardship in (Hardship.JOB_LOSS, Hardship.ILLNESS, Hardship.OVER_INDEBTED):
        notes = plans.referrals_for(hardship)
        assert notes
        assert all(note.text["zh"] and note.text["en"] for note in notes)
