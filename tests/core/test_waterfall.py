"""A payment pays in the order of the law or the contract, and not a cent is lost."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairdue.core import waterfall
from fairdue.core.codes import Component, Product

C = Component
OWED = np.array([[100, 20, 10, 5, 3]], np.int64)  # principal, interest, penalty, fees, costs


def column(*values: int) -> npt.NDArray[np.int64]:
    return np.array(values, np.int64)


def pays(amount: int, product: Product, dpd: int, contract: str = "") -> list[int]:
    allocated, _ = waterfall.allocate(column(amount), OWED, waterfall.order_for(product, dpd, contract))
    return [int(share) for share in allocated[0]]


def test_art_561_pays_costs_then_interest_then_the_debt() -> None:
    assert pays(3, Product.CONSUMER, 200) == [0, 0, 0, 0, 3]
    assert pays(23, Product.CONSUMER, 200) == [0, 20, 0, 0, 3]
    assert pays(38, Product.CONSUMER, 200) == [0, 20, 10, 5, 3]
    assert pays(39, Product.CONSUMER, 200) == [1, 20, 10, 5, 3]


@pytest.mark.parametrize(("dpd", "principal"), [(0, 0), (1, 0), (90, 0), (91, 27), (400, 27)])
def test_a_card_pays_principal_first_from_day_91(dpd: int, principal: int) -> None:
    assert pays(30, Product.CARD, dpd)[C.PRINCIPAL] == principal


@pytest.mark.parametrize("product", [p for p in Product if p is not Product.CARD])
def test_no_other_loan_turns_its_order_at_90_days(product: Product) -> None:
    assert pays(30, product, 91) == pays(30, product, 90)


def test_a_contract_sets_the_order_of_a_loan_but_not_of_an_overdue_card() -> None:
    contract = "PRINCIPAL, COSTS, INTEREST, PENALTY, FEES"
    assert pays(30, Product.CONSUMER, 10, contract) == [30, 0, 0, 0, 0]
    assert pays(30, Product.CARD, 10, contract) == pays(30, Product.CARD, 10)
    assert pays(30, Product.CARD, 0, contract) == [30, 0, 0, 0, 0]


def test_orders_of_many_accounts_are_those_of_each() -> None:
    product, dpd = column(Product.CARD, Product.CARD, Product.AUTO), column(5, 95, 95)
    contract = ["", "ART_561", "FEES,COSTS,INTEREST,PENALTY,PRINCIPAL"]
    together = waterfall.order_for(product, dpd, contract)
    one_by_one = [waterfall.order_for(p, d, c)[0].tolist() for p, d, c in zip(product, dpd, contract, strict=True)]
    assert together.tolist() == one_by_one
    assert together[1].tolist() == list(waterfall.CARD_FROM_91)


@pytest.mark.parametrize(
    "text", ["PRINCIPAL", "COSTS,INTEREST,PENALTY,FEES,FEES", "ART_562", "costs,interest,penalty,fees,principal"]
)
def test_an_order_that_leaves_a_component_out_is_refused(text: str) -> None:
    with pytest.raises(waterfall.OrderIncomplete) as refused:
        waterfall.parse_order(text)
    assert text in refused.value.sentence("zh")


def test_every_named_order_names_every_component_once() -> None:
    assert all(sorted(order) == list(Component) for order in waterfall.NAMED.values())


def test_what_is_not_owed_is_left_over() -> None:
    allocated, left = waterfall.allocate(column(200), OWED, waterfall.ART_561)
    assert allocated.tolist() == OWED.tolist()
    assert left.tolist() == [62]


def test_a_component_in_credit_gets_nothing_and_gives_nothing() -> None:
    allocated, left = waterfall.allocate(column(30), np.array([[100, -50, 0, 0, 0]]), waterfall.ART_561)
    assert allocated.tolist() == [[30, 0, 0, 0, 0]]
    assert left.tolist() == [0]


def test_a_payment_below_zero_is_refused() -> None:
    with pytest.raises(waterfall.NegativePayment, match="row 2"):
        waterfall.allocate(column(5, -1), np.vstack((OWED, OWED)), waterfall.ART_561)


def allocate_twin(payment: int, balances: list[int], order: list[int]) -> tuple[list[int], int]:
    """Pay one component after the other."""
    shares = [0] * len(balances)
    for component in order:
        shares[component] = min(payment, max(balances[component], 0))
        payment -= shares[component]
    return shares, payment


amounts = st.integers(-(2**62), 2**63 - 1)
rows = st.tuples(st.integers(0, 2**63 - 1), st.lists(amounts, min_size=5, max_size=5), st.permutations(range(5)))


@given(st.lists(rows, min_size=1, max_size=8))
def test_allocation_is_exact_never_negative_and_matches_the_twin(many: list[tuple[int, list[int], list[int]]]) -> None:
    payment = column(*[p for p, _, _ in many])
    balances, order = np.array([b for _, b, _ in many]), np.array([o for _, _, o in many], np.int8)
    allocated, left = waterfall.allocate(payment, balances, order)
    assert (allocated >= 0).all()
    assert [sum(a) + rest for a, rest in zip(allocated.tolist(), left.tolist(), strict=True)] == payment.tolist()
    assert list(zip(allocated.tolist(), left.tolist(), strict=True)) == [allocate_twin(*row) for row in many]
