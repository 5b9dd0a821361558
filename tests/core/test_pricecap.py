"""Above the cap, within it, or not to be told: never silently fine."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairdue.core.codes import NO, UNKNOWN, YES, LenderKind
from fairdue.core.pricecap import PriceCap, above_cap

LATER = "2024-05-01"


def column(*values: int) -> npt.NDArray[np.int64]:
    return np.array(values, np.int64)


def above(kind: int, cost: int, lpr: int = -1, formed: str | None = None) -> int:
    return int(above_cap(column(kind), column(cost), column(lpr), np.array([formed or "NaT"], "datetime64[D]"))[0])


@pytest.mark.parametrize(
    "kind", [LenderKind.BANK, LenderKind.CONSUMER_FINANCE, LenderKind.AUTO_FINANCE, LenderKind.MICRO_LENDER]
)
def test_a_licensed_lender_is_above_the_cap_beyond_24_per_cent(kind: LenderKind) -> None:
    assert above(kind, 240_000) == NO
    assert above(kind, 240_001) == YES
    assert above(kind, -1) == UNKNOWN


def test_a_private_lender_is_above_the_cap_beyond_four_times_the_lpr() -> None:
    assert above(LenderKind.PRIVATE, 138_000, 34_500, LATER) == NO  # LPR of 3.45 %
    assert above(LenderKind.PRIVATE, 138_001, 34_500, LATER) == YES


def test_without_the_lpr_or_the_date_of_formation_a_private_loan_cannot_be_told() -> None:
    assert above(LenderKind.PRIVATE, 1, -1, LATER) == UNKNOWN
    assert above(LenderKind.PRIVATE, 1, 34_500, None) == UNKNOWN


def test_a_private_loan_formed_before_the_rule_cannot_be_told() -> None:
    assert above(LenderKind.PRIVATE, 1, 38_500, "2020-08-19") == UNKNOWN
    assert above(LenderKind.PRIVATE, 1, 38_500, "2020-08-20") == NO


@pytest.mark.parametrize("kind", [LenderKind.DEBT_BUYER, UNKNOWN])
def test_a_debt_buyer_or_an_unknown_lender_cannot_be_told(kind: int) -> None:
    assert above(kind, 1, 34_500, LATER) == UNKNOWN


def test_the_figures_can_come_from_a_rule_pack() -> None:
    stricter = PriceCap(licensed_ppm=200_000)
    verdict = above_cap(
        column(LenderKind.BANK), column(210_000), column(-1), np.array(["NaT"], "datetime64[D]"), stricter
    )
    assert verdict.tolist() == [YES]


def twin(kind: int, cost: int, lpr: int, formed: str) -> int:
    if kind in (UNKNOWN, LenderKind.DEBT_BUYER) or cost == UNKNOWN:
        return UNKNOWN
    if kind != LenderKind.PRIVATE:
        return YES if cost > 240_000 else NO
    if lpr == UNKNOWN or formed in ("NaT", "2019-01-01"):
        return UNKNOWN
    return YES if cost > 4 * lpr else NO


rows = st.tuples(
    st.sampled_from([UNKNOWN, *LenderKind]), st.integers(-1, 500_000), st.integers(-1, 100_000),
    st.sampled_from(["NaT", "2019-01-01", LATER]),
)  # fmt: skip


@given(st.lists(rows, min_size=1, max_size=20))
def test_verdicts_of_many_match_the_twin(many: list[tuple[int, int, int, str]]) -> None:
    kind, cost, lpr = (column(*[int(row[i]) for row in many]) for i in range(3))
    formed = np.array([row[3] for row in many], "datetime64[D]")
    assert above_cap(kind, cost, lpr, formed).tolist() == [twin(*row) for row in many]
