"""The ledger only grows, and every balance and statement follows from its lines."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairdue.core import ledger
from fairdue.core.codes import Component
from fairdue.core.ledger import NO_REVERSAL, PostingKind, Postings

ORIGIN = date(2026, 1, 1)
Line = tuple[int, int, int, int]  # account, day, component, amount


def day(offset: int) -> np.datetime64:
    return np.datetime64(ORIGIN + timedelta(days=offset))


def column(*values: int) -> npt.NDArray[np.int64]:
    return np.array(values, np.int64)


def book(*lines: Line, kind: PostingKind = PostingKind.OPENING) -> Postings:
    return Postings(
        seq=np.arange(1, len(lines) + 1),
        account=column(*[line[0] for line in lines]),
        value_date=np.array([day(line[1]) for line in lines], "datetime64[D]"),
        component=np.array([line[2] for line in lines], np.int8),
        amount=column(*[line[3] for line in lines]),
        kind=np.full(len(lines), kind, np.int8),
        ref=np.array([f"R{i}" for i in range(len(lines))], np.str_),
        reverses=np.full(len(lines), NO_REVERSAL),
    )


SMALL = book(
    (0, 0, Component.PRINCIPAL, 1_000),
    (0, 30, Component.INTEREST, 20),
    (0, 31, Component.INTEREST, -20),
    (0, 31, Component.PRINCIPAL, -80),
)


def test_the_balance_of_a_day_holds_all_lines_up_to_its_end() -> None:
    assert ledger.balance_at(SMALL, 2, day(30)).tolist() == [[1_000, 20, 0, 0, 0], [0] * 5]
    assert ledger.balance_at(SMALL, 1, day(31)).tolist() == [[920, 0, 0, 0, 0]]


def test_a_statement_runs_line_by_line_from_opening_to_closing() -> None:
    told = ledger.statement(SMALL, 0, day(30), day(31))
    assert told.opening.tolist() == [1_000, 0, 0, 0, 0]
    assert told.lines.seq.tolist() == [2, 3, 4]
    assert told.running.sum(axis=1).tolist() == [1_020, 1_000, 920]
    assert told.closing.tolist() == told.running[-1].tolist()


def test_a_statement_of_a_quiet_month_opens_and_closes_the_same() -> None:
    told = ledger.statement(SMALL, 0, day(40), day(70))
    assert len(told.lines) == 0
    assert told.running.shape == (0, 5)
    assert told.opening.tolist() == told.closing.tolist() == [920, 0, 0, 0, 0]


lines = st.tuples(st.integers(0, 2), st.integers(0, 60), st.integers(0, 4), st.integers(-(10**9), 10**9))


def balance_twin(posted: list[Line], account: int, until: int) -> list[int]:
    return [sum(m for a, d, c, m in posted if a == account and d <= until and c == k) for k in range(5)]


@given(st.lists(lines, max_size=25), st.integers(-1, 61))
def test_balances_match_the_twin(posted: list[Line], until: int) -> None:
    assert ledger.balance_at(book(*posted), 3, day(until)).tolist() == [
        balance_twin(posted, a, until) for a in range(3)
    ]


@given(st.lists(lines, max_size=25), st.integers(0, 60), st.integers(0, 60))
def test_a_statement_equals_the_balances_of_its_days(posted: list[Line], a: int, b: int) -> None:
    start, end = sorted((a, b))
    postings = book(*posted)
    told = ledger.statement(postings, 1, day(start), day(end))
    assert told.opening.tolist() == ledger.balance_at(postings, 3, day(start - 1))[1].tolist()
    assert told.closing.tolist() == ledger.balance_at(postings, 3, day(end))[1].tolist()
    steps = np.diff(np.vstack((told.opening, told.running)), axis=0)
    assert steps.sum(axis=1).tolist() == told.lines.amount.tolist()
    assert told.lines.value_date.tolist() == sorted(told.lines.value_date.tolist())


@given(st.lists(lines, min_size=1, max_size=10), st.data())
def test_a_reversal_leaves_what_would_be_without_the_line(posted: list[Line], data: st.DataObject) -> None:
    wrong = data.draw(st.lists(st.integers(1, len(posted)), min_size=1, unique=True))
    postings = book(*posted)
    mirror = ledger.reverse(postings, column(*wrong), day(61))
    kept = [line for number, line in enumerate(posted, 1) if number not in wrong]
    assert ledger.balance_at(postings.append(mirror), 3, day(61)).tolist() == [
        balance_twin(kept, a, 61) for a in range(3)
    ]
    assert (
        ledger.balance_at(postings.append(mirror), 3, day(60)).tolist()
        == ledger.balance_at(postings, 3, day(60)).tolist()
    )


def test_a_reversal_names_what_it_undoes_and_is_numbered_after_the_rest() -> None:
    mirror = ledger.reverse(SMALL, column(4, 3), day(40))
    assert mirror.seq.tolist() == [5, 6]
    assert mirror.reverses.tolist() == [3, 4]
    assert mirror.amount.tolist() == [20, 80]
    assert set(mirror.kind.tolist()) == {PostingKind.REVERSAL}
    assert mirror.ref.tolist() == ["R2", "R3"]


def test_nothing_is_reversed_twice() -> None:
    once = SMALL.append(ledger.reverse(SMALL, column(4), day(40)))
    with pytest.raises(ledger.ReversedTwice, match="Posting 4 "):
        ledger.reverse(once, column(3, 4), day(41))


def test_a_reversal_is_not_reversed() -> None:
    once = SMALL.append(ledger.reverse(SMALL, column(4), day(40)))
    with pytest.raises(ledger.ReversalStands, match="Posting 5 "):
        ledger.reverse(once, column(5), day(41))


def test_a_line_that_does_not_exist_is_not_reversed() -> None:
    with pytest.raises(ledger.NoSuchPosting, match="posting 99"):
        ledger.reverse(SMALL, column(1, 99), day(41))


def test_columns_of_different_lengths_are_refused() -> None:
    with pytest.raises(ledger.ColumnsDiffer):
        replace(SMALL, amount=column(1))


def test_the_lender_s_figure_less_ours_is_the_difference() -> None:
    ours = np.array([[100, 5, 0, 0, 0], [50, 0, 0, 0, 0]])
    assert ledger.lender_check(ours, column(105, 60)).tolist() == [0, 10]
    by_component = np.array([[100, 0, 5, 0, 0], [50, 0, 0, 0, 0]])
    assert ledger.lender_check(ours, by_component).tolist() == [[0, -5, 5, 0, 0], [0] * 5]


def test_posting_the_difference_makes_the_books_agree() -> None:
    lenders = np.array([[900, 30, 0, 0, 0]])
    gap = ledger.lender_check(ledger.balance_at(SMALL, 1, day(40)), lenders)[0]
    update = book(*[(0, 40, c, int(gap[c])) for c in Component if gap[c]], kind=PostingKind.LENDER_UPDATE)
    assert ledger.balance_at(SMALL.append(update), 1, day(40)).tolist() == lenders.tolist()
