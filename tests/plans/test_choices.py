"""What is never offered, whatever the situation: drawn from a seed, judged by rules written a second time."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

import plan_draws
from fairdue.core.codes import Component, LenderKind, Product, Role
from fairdue.core.plan_terms import Book, Hardship, OfferKind
from fairdue.core.plan_why import Why
from fairdue.core.plans import Offer, Situation, choices, find
from fairdue.rules.plans import load_book

COUNT = 2_000
ON = date(2025, 6, 1)
CARD = Situation(
    on=ON, product=Product.CARD, lender_kind=LenderKind.BANK, balances=(20_000_00, 1_500_00, 800_00, 200_00, 0), dpd=95,
    role=Role.COLLECTOR, left=1_200_00, protected=3_000_00, annual_ppm=182_500,
)  # fmt: skip


def book(s: Situation) -> Book:
    return load_book("cn", s.on, s.product, "CNY")


@pytest.fixture(scope="module")
def everything() -> list[tuple[Situation, Book, Offer]]:
    found = [(s, b, offer) for s, b, _, _ in plan_draws.situations(1, COUNT) for offer in choices(s, b).offers]
    assert len(found) > COUNT, "the draw reaches what it should"
    return found


def test_no_offer_ever_touches_the_protected_minimum() -> None:
    tried = 0
    for s, b, said, judged in plan_draws.situations(2, COUNT):
        for offer in choices(s, b).offers:
            if offer.kind == OfferKind.DEFERRAL:
                assert offer.payments == ()
                continue
            largest, tried = max(p.amount for p in offer.payments), tried + 1
            if s.lump >= 0 and offer.code in {"settle", "settle-part"}:
                assert largest <= (said.lump or 0)
                continue
            income = sum(amount for amount, _ in said.income.values())
            spent = sum(said.outgoings.values()) + said.plans
            assert income - largest - said.plans >= judged.floor.amount
            assert income - largest - spent >= 0
    assert tried > COUNT


def test_no_offer_ever_breaks_the_law(everything: list[tuple[Situation, Book, Offer]]) -> None:
    for s, _, offer in everything:
        if s.product == Product.CARD:
            assert offer.months <= 60
        if offer.interest:
            assert s.annual_ppm > 0
            licensed = s.lender_kind in {LenderKind.BANK, LenderKind.CONSUMER_FINANCE, LenderKind.MICRO_LENDER,
                                         LenderKind.AUTO_FINANCE}  # fmt: skip
            private = s.lender_kind == LenderKind.PRIVATE and s.lpr_ppm > 0 and s.formed_on is not None
            assert licensed or (private and (s.formed_on or date.min) >= date(2020, 8, 20))
            assert max(offer.eac_ppm, offer.annual_ppm) <= (240_000 if licensed else 4 * s.lpr_ppm)


def test_no_offer_ever_breaks_the_authority_matrix(everything: list[tuple[Situation, Book, Offer]]) -> None:
    def may(role: Role, s: Situation, offer: Offer, b: Book) -> bool:
        principal = offer.waived[0]
        side = sum(offer.waived[1:])
        owed_side = sum(s.balances[1:4])
        return any(
            g.role == role and s.product in g.products and offer.kind in g.kinds and g.dpd_from <= s.dpd <= g.dpd_to
            and offer.months <= g.months and principal + side <= g.amount
            and (not side or side / max(owed_side, 1) <= g.side_ppm / 1e6 + 1e-9)
            and (not principal or principal / s.balances[0] <= g.principal_ppm / 1e6 + 1e-9)
            for g in b.authority.grants
        )  # fmt: skip

    kinds = Counter[str]()
    for s, b, offer in everything:
        kinds["alone" if not offer.approvers else "approved"] += 1
        assert s.role in {Role.COLLECTOR, Role.LEAD, Role.FINANCE}, "whoever is not in the matrix offers nothing"
        if offer.approvers:
            assert not may(s.role, s, offer, b)
            assert s.role not in offer.approvers
            assert all(may(role, s, offer, b) for role in offer.approvers)
        else:
            assert may(s.role, s, offer, b)
    assert min(kinds.values()) > 50


def test_no_offer_ever_costs_more_than_it_says(everything: list[tuple[Situation, Book, Offer]]) -> None:
    for s, _, offer in everything:
        owed = sum(s.balances)
        if offer.kind == OfferKind.DEFERRAL:
            assert (offer.total, offer.interest, offer.eac_ppm) == (0, 0, 0)
            continue
        assert offer.total == sum(p.amount for p in offer.payments) == owed - sum(offer.waived) + offer.interest
        assert len(offer.payments) == offer.months
        assert all(0 <= w <= b for w, b in zip(offer.waived, s.balances, strict=True))
        assert all(a.on < b.on for a, b in zip(offer.payments, offer.payments[1:], strict=False))
        assert offer.payments[0].on > s.on
        assert (offer.eac_ppm == 0) == (offer.interest == 0)
        assert offer.pv <= offer.total


def test_whatever_is_not_offered_says_why_in_both_languages() -> None:
    reasons = Counter[Why]()
    for s, b, _, _ in plan_draws.situations(3, 600):
        found = choices(s, b)
        assert found.why or found.offers or found.refused
        for why in [*found.why, *(w for r in found.refused for w in r.why)]:
            reasons[why.why] += 1
            assert "{" not in why.sentence("zh", 2) + why.sentence("en", 2), why
        assert all(r.why for r in found.refused)
    never = {Why.NO_TERMS, Why.ABLE, Why.CARD_MONTHS, Why.TOO_LATE, Why.NOTHING_OWED}
    assert set(Why) - set(reasons) <= never, "the draw reaches every reason that these terms can give"


def test_a_card_plan_may_run_sixty_months_and_no_longer() -> None:
    terms = book(CARD).terms
    assert terms is not None
    longer = replace(terms, options=tuple(replace(o, months=(60, 61)) for o in terms.options if o.code == "plan"))
    found = choices(CARD, replace(book(CARD), terms=longer))
    assert find(found, "plan", 60) is not None
    assert [(r.months, w.why, w.why.rule) for r in found.refused for w in r.why] == [
        (61, Why.CARD_MONTHS, "CN-FORB-01")
    ]
    loan = choices(replace(CARD, product=Product.CONSUMER), replace(book(CARD), terms=longer))
    assert Why.CARD_MONTHS not in {w.why for r in loan.refused for w in r.why}


def test_a_card_plan_is_not_for_whoever_can_pay_at_once() -> None:
    found = choices(replace(CARD, left=30_000_00), book(CARD))
    assert Why.ABLE in {w.why for r in found.refused for w in r.why if r.code == "plan"}


def test_a_cost_above_the_cap_is_refused_and_an_unknown_cap_is_no_permission() -> None:
    dear = choices(replace(CARD, annual_ppm=240_001), book(CARD))
    assert {w.why for r in dear.refused for w in r.why if r.code == "plan-interest" and r.months >= 36} == {Why.PRICE}
    lent = replace(CARD, lender_kind=LenderKind.PRIVATE, product=Product.CONSUMER, formed_on=date(2023, 1, 1))
    unknown = choices(lent, book(lent))
    assert {w.why for r in unknown.refused for w in r.why if r.code == "plan-interest" and r.months >= 36} == {
        Why.PRICE_UNKNOWN
    }
    assert find(unknown, "plan", 36) is not None, "what costs nothing passes no cap"


def test_deferral_is_for_who_lost_the_job_even_before_the_income_is_known() -> None:
    jobless = replace(CARD, left=-1, hardship=Hardship.JOB_LOSS)
    offer = find(choices(jobless, book(CARD)), "defer", 3)
    assert offer is not None
    assert (offer.review_on, offer.approvers) == (date(2025, 9, 1), ())
    assert find(choices(replace(jobless, hardship=Hardship.NONE), book(CARD)), "defer", 3) is None


def test_a_write_down_waives_what_it_says_and_is_not_counted_for_performance() -> None:
    ill = replace(CARD, dpd=200, hardship=Hardship.ILLNESS, evidenced_ppm=500_000, lump=15_000_00)
    offer = find(choices(ill, book(CARD)), "settle-part", 1)
    assert offer is not None
    assert (offer.total, offer.let_off) == (14_000_00, 8_500_00)
    assert offer.waived[Component.PRINCIPAL] == 6_000_00
    assert (offer.at_end, offer.approvers, offer.counts) == (True, (Role.FINANCE,), False)


def test_relief_is_judged_to_be_kept_more_often_than_a_mere_longer_term() -> None:
    ill = replace(CARD, hardship=Hardship.ILLNESS, evidenced_ppm=600_000, left=2_500_00)
    found = choices(ill, book(CARD))
    plan, longer, relief = (find(found, *key) for key in (("plan", 24), ("plan", 48), ("relief-interest", 24)))
    assert plan is not None
    assert longer is not None
    assert relief is not None
    assert relief.risk_ppm < plan.risk_ppm < longer.risk_ppm
