"""Interest to the cent: one run or day by day, on every basis, for one account or for all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairdue.core import accrual
from fairdue.core.accrual import Accrued, Terms
from fairdue.core.dates import DayCount

START = date(2026, 1, 1)


def column(*values: int) -> npt.NDArray[np.int64]:
    return np.array(values, np.int64)


@dataclass(frozen=True)
class Loan:
    """One account in plain numbers."""

    principal: int = 10_000_00
    overdue: int = 0
    unpaid: int = 0
    annual: int = 240_000
    penalty: int = 1_500_000
    basis: int = DayCount.ACT360
    compound: bool = False

    def run(self, start: date | np.datetime64, end: date | np.datetime64, carry: tuple[int, int] = (0, 0)) -> Accrued:
        """One account is a column of one."""
        terms = Terms(column(self.annual), column(self.penalty), column(self.basis), np.array([self.compound]))
        money = (column(self.principal), column(self.overdue), column(self.unpaid))
        return accrual.accrue(
            *money, terms, np.datetime64(start), np.datetime64(end), (column(carry[0]), column(carry[1]))
        )


def charged(run: Accrued) -> tuple[int, int]:
    return int(run.interest[0]), int(run.penalty[0])


@pytest.mark.parametrize(
    ("basis", "end", "interest"),
    [
        (DayCount.ACT360, date(2026, 1, 31), 200_00),  # 10,000 × 24 % × 30/360
        (DayCount.ACT365, date(2027, 1, 1), 2_400_00),  # a whole year
        (DayCount.T30360, date(2026, 3, 1), 400_00),  # two months of thirty days
    ],
)
def test_contract_interest_runs_on_principal_that_is_not_due(basis: DayCount, end: date, interest: int) -> None:
    assert charged(Loan(basis=basis).run(START, end)) == (interest, 0)


def test_overdue_principal_bears_the_penalty_rate_in_place_of_the_contract_rate() -> None:
    assert charged(Loan(overdue=4_000_00).run(START, START + timedelta(days=30))) == (
        120_00,
        120_00,
    )  # 6,000 at 24 %, 4,000 at 36 %


def test_unpaid_interest_bears_the_penalty_rate_only_where_compounding_is_agreed() -> None:
    end = START + timedelta(days=30)
    assert charged(Loan(overdue=10_000_00, unpaid=1_000_00).run(START, end)) == (0, 300_00)
    assert charged(Loan(overdue=10_000_00, unpaid=1_000_00, compound=True).run(START, end)) == (0, 330_00)


def test_a_credit_balance_bears_nothing() -> None:
    assert charged(Loan(principal=-5_000_00, overdue=100, unpaid=-100, compound=True).run(START, date(2027, 1, 1))) == (
        0,
        0,
    )


def test_more_overdue_than_there_is_principal_bears_no_more_than_the_principal() -> None:
    assert charged(Loan(overdue=99_000_00).run(START, START + timedelta(days=30))) == (0, 300_00)


def test_a_rate_that_is_unknown_charges_nothing_and_says_so() -> None:
    run = Loan(annual=-1, overdue=100_00).run(START, date(2026, 6, 1), carry=(7, 8))
    assert charged(run) == (0, 0)
    assert run.unknown.tolist() == [True]
    assert [int(c[0]) for c in run.carry] == [7, 8]


def test_an_unknown_penalty_multiple_stops_the_penalty_alone() -> None:
    run = Loan(penalty=-1, overdue=4_000_00).run(START, START + timedelta(days=30))
    assert charged(run) == (120_00, 0)
    assert run.unknown.tolist() == [True]
    assert Loan(penalty=-1).run(START, START + timedelta(days=30)).unknown.tolist() == [False]


def test_an_unknown_basis_or_date_charges_nothing_and_says_so() -> None:
    for run in (Loan(basis=-1).run(START, date(2026, 6, 1)), Loan().run(np.datetime64("NaT"), date(2026, 6, 1))):
        assert charged(run) == (0, 0)
        assert run.unknown.tolist() == [True]


def test_interest_does_not_run_backwards() -> None:
    with pytest.raises(accrual.PeriodBackwards, match="Row 1: interest cannot run from 2026-01-02 back to 2026-01-01"):
        Loan().run(date(2026, 1, 2), date(2026, 1, 1))


def test_a_bank_s_penalty_multiple_lies_between_1_3_and_1_5() -> None:
    multiples = column(1_299_999, 1_300_000, 1_500_000, 1_500_001, -1)
    assert accrual.band_check(multiples).tolist() == [True, False, False, True, True]


def twin(loan: Loan, start: date, end: date, carry: tuple[int, int]) -> tuple[int, int, int, int]:
    """The contract on paper, in Python integers: (interest, penalty, carried interest, carried penalty)."""

    def thirty(day: date) -> int:
        return day.year * 360 + day.month * 30 + min(day.day, 30)

    days = thirty(end) - thirty(start) if loan.basis == DayCount.T30360 else (end - start).days
    parts = days * (26_280 // 365 if loan.basis == DayCount.ACT365 else 26_280 // 360)
    principal = max(loan.principal, 0)
    overdue = min(max(loan.overdue, 0), principal)
    penal = overdue + (max(loan.unpaid, 0) if loan.compound else 0)
    interest = divmod((principal - overdue) * loan.annual * parts + carry[0], 10**6 * 26_280)
    penalty = divmod(penal * loan.annual * loan.penalty * parts + carry[1], 10**12 * 26_280)
    return interest[0], penalty[0], interest[1], penalty[1]


loans = st.builds(
    Loan,
    principal=st.integers(-1_000, 10**12),
    overdue=st.integers(-1_000, 10**12),
    unpaid=st.integers(-1_000, 10**10),
    annual=st.integers(0, 400_000),
    penalty=st.integers(1_000_000, 2_000_000),
    basis=st.sampled_from(DayCount),
    compound=st.booleans(),
)


@given(st.lists(loans, min_size=1, max_size=6), st.integers(0, 800))
def test_all_accounts_at_once_match_the_twin_one_by_one(many: list[Loan], length: int) -> None:
    end, carry = START + timedelta(days=length), (123_456, 987_654_321)
    terms = Terms(
        column(*[loan.annual for loan in many]), column(*[loan.penalty for loan in many]),
        column(*[loan.basis for loan in many]), np.array([loan.compound for loan in many]),
    )  # fmt: skip
    principal, overdue = column(*[loan.principal for loan in many]), column(*[loan.overdue for loan in many])
    unpaid = column(*[loan.unpaid for loan in many])
    carried = (np.full(len(many), carry[0]), np.full(len(many), carry[1]))
    run = accrual.accrue(principal, overdue, unpaid, terms, np.datetime64(START), np.datetime64(end), carried)
    found = zip(run.interest.tolist(), run.penalty.tolist(), *(c.tolist() for c in run.carry), strict=True)
    assert list(found) == [twin(loan, START, end, carry) for loan in many]


@given(loans, st.dates(date(2023, 1, 1), date(2027, 1, 1)), st.integers(1, 70))
def test_day_by_day_is_one_catch_up_run_to_the_cent(loan: Loan, start: date, length: int) -> None:
    total, carry = [0, 0], (0, 0)
    for day in range(length):
        run = loan.run(start + timedelta(days=day), start + timedelta(days=day + 1), carry)
        total = [so_far + now for so_far, now in zip(total, charged(run), strict=True)]
        carry = (int(run.carry[0][0]), int(run.carry[1][0]))
    once = loan.run(start, start + timedelta(days=length))
    assert tuple(total) == charged(once)
    assert carry == (int(once.carry[0][0]), int(once.carry[1][0]))


@given(loans, st.integers(0, 200), st.integers(0, 200), st.integers(0, 10**9))
def test_compounding_day_by_day_is_one_run_per_due_date(loan: Loan, first: int, second: int, falls_due: int) -> None:
    """Interest that falls due enters the base on its day; cutting the stretches before and after it changes nothing."""
    turn, end = START + timedelta(days=first), START + timedelta(days=first + second)
    later = Loan(**{**vars(loan), "unpaid": max(loan.unpaid, 0) + falls_due, "compound": True})
    before = Loan(**{**vars(loan), "compound": True}).run(START, turn)
    once = later.run(turn, end, (int(before.carry[0][0]), int(before.carry[1][0])))
    middle = turn + timedelta(days=second // 3)
    part = later.run(turn, middle, (int(before.carry[0][0]), int(before.carry[1][0])))
    rest = later.run(middle, end, (int(part.carry[0][0]), int(part.carry[1][0])))
    assert charged(once) == tuple(a + b for a, b in zip(charged(part), charged(rest), strict=True))


def test_a_change_of_basis_keeps_the_carried_fraction() -> None:
    loan = Loan(principal=1_00, annual=180_000)  # half a fen in ten days of 360
    first = loan.run(START, START + timedelta(days=10))
    assert charged(first) == (0, 0)
    carried = (int(first.carry[0][0]), int(first.carry[1][0]))
    other = Loan(principal=1_00, annual=182_500, basis=DayCount.ACT365)  # and half a fen in ten days of 365
    assert charged(other.run(START, START + timedelta(days=10), carried)) == (1, 0)


def test_a_book_without_accounts_accrues_nothing() -> None:
    none = column()
    run = accrual.accrue(
        none, none, none, Terms(none, none, none, none > 0), np.datetime64("2026-01-01"), np.datetime64("2026-02-01")
    )
    assert [len(part) for part in (run.interest, run.penalty, run.unknown, *run.carry)] == [0] * 5
