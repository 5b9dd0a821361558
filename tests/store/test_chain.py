"""The chain asked live gives the night's answer, and the ledger behind it adds up to the cent."""

from __future__ import annotations

import json
from datetime import date, timedelta

import numpy as np
import pytest
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

import books
from books import AS_OF
from fairdue.core import ledger as kernel
from fairdue.core.codes import Component
from fairdue.core.ledger import PostingKind
from fairdue.jobs import night
from fairdue.store import decide, lenders
from fairdue.store.actions import ledger, pauses
from fairdue.store.models import Account, AuditRow, Case, Decision, Instalment, Posting
from worlds import BOTH, Worlds, opened

both = pytest.mark.parametrize("vendor", BOTH)
NEXT = AS_OF + timedelta(days=1)


def loaded_book() -> None:
    books.load(books.bank(), books.write(settings.HOME / "book.csv", books.rows(120)))


def lenders_book() -> None:
    books.load(books.bank(owns_ledger=False), books.write(settings.HOME / "book.csv", books.rows(60)))


def one_loan(**said: str) -> Account:
    """A loan of 12,000.00 at 24 % with a schedule of twelve months of 1,000.00, three of them overdue on AS_OF."""
    line = {"account_no": "L1", "customer_ref": "C1", "product": "CONSUMER", "principal": "12000.00", "balance": "12000.00",
            "annual_ppm": "240000", "penalty_ppm": "1500000", "day_count": "ACT360", "phone": "15400000001",
            "phone_source": "CONTRACT", "zone": "Asia/Shanghai"} | said  # fmt: skip
    lender = lenders.find(None)
    books.load(lender, books.write(settings.HOME / "loan.csv", [line]))
    account = Account.objects.get()
    due = [date(2026, 7, 15), date(2026, 8, 15), date(2026, 9, 15)] + [date(2027, month, 15) for month in range(1, 10)]
    Instalment.objects.bulk_create(Instalment(account=account, due_on=day, amount=1_000_00) for day in due)
    return account


def nights(first: date, last: date) -> None:
    for day in range((last - first).days + 1):
        night.run_night(lenders.find(None), first + timedelta(days=day))


SAME = ("allowed", "next_lawful", "action", "aim", "reason", "not_before", "treatment", "facts", "verdict")


@both
def test_the_night_s_decision_is_the_one_asked_live(worlds: Worlds, vendor: str) -> None:
    """Batch and one by one: every case of the night, asked again alone at the night's own moment."""
    with opened(worlds, vendor, loaded_book):
        nights(AS_OF, NEXT)
        made = Decision.objects.filter(as_of=NEXT, kind="night").select_related("case__lender", "case__customer")
        assert made.count() > 40
        for decision in made:
            live = decide.ask(decision.case, decision.at).state.cases.to_dicts()
            assert len(live) == 1
            for name in SAME:
                assert live[0][name] == getattr(decision, name), (decision.case, name)
            assert live[0]["value_terms"] == decision.value


@both
def test_a_payment_goes_to_interest_before_principal_and_a_surplus_stays_as_credit(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor):
        books.bank()
        account = one_loan(interest="30.00", fees="5.00", principal="100.00", balance="135.00")
        assert shares(ledger.record_payment("test", account, 50_00, AS_OF, "one")) == {
            Component.INTEREST: -30_00, Component.FEES: -5_00, Component.PRINCIPAL: -15_00,
        }  # fmt: skip
        ledger.record_payment("test", account, 100_00, AS_OF, "two")
        assert balance(account, AS_OF) == [-15_00, 0, 0, 0, 0]


def shares(rows: list[Posting]) -> dict[int, int]:
    return {row.component: row.amount for row in rows}


def balance(account: Account, on: date) -> list[int]:
    return ledger.balances(account, on).tolist()


def test_the_same_payment_twice_is_booked_once(worlds: Worlds) -> None:
    with opened(worlds, "sqlite"):
        books.bank()
        account = one_loan()
        first = ledger.record_payment("test", account, 50_00, AS_OF, "one")
        assert [p.pk for p in ledger.record_payment("test", account, 50_00, AS_OF, "one")] == [p.pk for p in first]
        assert balance(account, AS_OF) == [11_950_00, 0, 0, 0, 0]


@both
def test_a_reversal_is_the_mirror_of_the_payment_and_stands_once(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor):
        books.bank()
        account = one_loan(interest="30.00", principal="100.00", balance="130.00")
        before = balance(account, AS_OF)
        ledger.record_payment("test", account, 50_00, AS_OF, "one")
        rows = ledger.reverse_payment("test", account, "one", "returned by the bank", NEXT)
        assert {row.kind for row in rows} == {PostingKind.REVERSAL}
        assert balance(account, AS_OF) == [80_00, 0, 0, 0, 0]
        assert balance(account, NEXT) == before
        with pytest.raises(ledger.AlreadyReversed):
            ledger.reverse_payment("test", account, "one", "again", NEXT)


@both
@pytest.mark.parametrize("amount", [0, -1])
def test_nothing_and_less_than_nothing_are_no_payment(worlds: Worlds, vendor: str, amount: int) -> None:
    with opened(worlds, vendor):
        books.bank()
        account = one_loan()
        with pytest.raises(ledger.NotAPayment):
            ledger.record_payment("test", account, amount, AS_OF, "one")


def test_a_statement_closes_with_the_balance_of_any_date(worlds: Worlds) -> None:
    """The ledger in the database, read by the kernel's statement, agrees with the balance asked for each day."""
    with opened(worlds, "sqlite"):
        books.bank()
        account = one_loan()
        night.run_night(lenders.find(None), AS_OF)
        ledger.record_payment("test", account, 777_77, AS_OF, "one")
        nights(NEXT, NEXT + timedelta(days=2))
        ledger.reverse_payment("test", account, "one", "returned", NEXT)
        nights(NEXT + timedelta(days=3), NEXT + timedelta(days=4))
        postings = columns_of(account)
        for day in range(6):
            on = AS_OF + timedelta(days=day)
            told = kernel.statement(postings, 0, np.datetime64(AS_OF, "D"), np.datetime64(on, "D"))
            assert told.closing.tolist() == balance(account, on)
            moved = [int(told.lines.amount[told.lines.component == c].sum()) for c in Component]
            assert (told.opening + moved).tolist() == told.closing.tolist()


def columns_of(account: Account) -> kernel.Postings:
    rows = list(account.postings.order_by("pk"))
    return kernel.Postings(
        seq=np.array([r.pk for r in rows]), account=np.zeros(len(rows), np.int64),
        value_date=np.array([r.value_date for r in rows], "datetime64[D]"),
        component=np.array([r.component for r in rows], np.int8), amount=np.array([r.amount for r in rows]),
        kind=np.array([r.kind for r in rows], np.int8), ref=np.array([r.ref for r in rows]),
        reverses=np.array([r.reverses_id or kernel.NO_REVERSAL for r in rows]),
    )  # fmt: skip


@pytest.mark.parametrize(
    "vendor", ["sqlite", pytest.param("postgresql", marks=[pytest.mark.postgres, pytest.mark.slow])]
)
def test_day_by_day_and_one_catch_up_night_give_the_same_cent(worlds: Worlds, vendor: str) -> None:
    """Twenty-four days with payments in between, and for one customer due dates too: night by night, or in one go."""
    last = AS_OF + timedelta(days=24)
    ends = []
    for step in (1, 24, 13):
        with opened(worlds, vendor, loaded_book):
            _plan(Account.objects.order_by("pk")[1])
            day = AS_OF
            pay_on = AS_OF + timedelta(days=14)
            paid = False
            while day < last:
                day = min(day + timedelta(days=step), last)
                if day >= pay_on and not paid:
                    paid = True
                    for account in Account.objects.filter(pk__lte=Account.objects.order_by("pk")[0].pk + 20):
                        pay_principal(account, 123_45, pay_on)
                night.run_night(lenders.find(None), day)
            ends.append(
                sorted(
                    (a.account_no, *balance(a, last), a.carry_interest, a.carry_penalty) for a in Account.objects.all()
                )
            )
    assert ends[0] == ends[1] == ends[2]


def _plan(account: Account) -> None:
    """Every five days something falls due: the base of interest and of penalty changes in between."""
    due = [AS_OF + timedelta(days=5 * n) for n in range(-2, 5)]
    Instalment.objects.bulk_create(Instalment(account=account, due_on=day, amount=100_00) for day in due)


def pay_principal(account: Account, amount: int, on: date) -> None:
    """A posting of a payment, with its allocation given: what is allocated must not depend on when the night ran."""
    Posting.objects.create(
        account=account, value_date=on, component=Component.PRINCIPAL, amount=-amount, kind=PostingKind.PAYMENT,
        ref="middle", booked_at="2026-10-14T00:00Z",
    )  # fmt: skip


def test_a_night_accrues_what_the_contract_says(worlds: Worlds) -> None:
    """12,000.00 of which 3,000.00 overdue, 24 % and 36 % on actual/360: by hand, for one day."""
    with opened(worlds, "sqlite"):
        books.bank()
        account = one_loan()
        nights(AS_OF, NEXT)
        interest, penalty = 9_000_00 * 24 // 36_000, 3_000_00 * 36 // 36_000
        assert balance(account, NEXT) == [12_000_00, interest, penalty, 0, 0]


def test_where_the_lender_is_the_truth_a_night_posts_nothing(worlds: Worlds) -> None:
    with opened(worlds, "sqlite", lenders_book):
        before = books.kept("posting")
        nights(AS_OF, NEXT)
        assert books.kept("posting") == before


@both
def test_paying_the_oldest_instalment_moves_m3_to_m2(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor):
        books.bank()
        account = one_loan()
        night.run_night(lenders.find(None), AS_OF)
        case = Case.objects.get()
        assert (case.stage, case.dpd, case.oldest_due) == ("M3", 77, date(2026, 7, 15))
        ledger.record_payment("test", account, 1_000_00, AS_OF, "july")
        night.run_night(lenders.find(None), NEXT)
        case.refresh_from_db()
        assert (case.stage, case.dpd, case.oldest_due) == ("M2", 47, date(2026, 8, 15))
        assert list(case.stage_changes.order_by("on").values_list("stage_from", "stage_to")) == [
            ("M0", "M3"),
            ("M3", "M2"),
        ]


@both
def test_a_pause_entered_after_the_fact_takes_its_days_off(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor):
        books.bank()
        account = one_loan()
        night.run_night(lenders.find(None), AS_OF)
        assert Case.objects.get().dpd == 77
        pauses.pause("test", account, date(2026, 8, 1), date(2026, 8, 21), "flood")
        night.run_night(lenders.find(None), AS_OF)
        assert Case.objects.get().dpd == 77 - 20
        night.run_night(lenders.find(None), NEXT)
        assert Case.objects.get().dpd == 78 - 20
        assert ledger.dpd_of(account, NEXT) == 78 - 20


def test_a_pause_says_why_and_runs_forward(worlds: Worlds) -> None:
    with opened(worlds, "sqlite"):
        books.bank()
        account = one_loan()
        with pytest.raises(pauses.PauseBackwards):
            pauses.pause("test", account, date(2026, 8, 21), date(2026, 8, 21), "flood")
        with pytest.raises(pauses.PauseWithoutReason):
            pauses.pause("test", account, date(2026, 8, 1), date(2026, 8, 21), " ")
        with pytest.raises(pauses.NoAccount):
            pauses.find_account(lenders.find(None), "L2")
        assert not account.pauses.exists()
        pauses.pause(
            "test", pauses.find_account(lenders.find(None), "L1"), date(2026, 8, 1), date(2026, 8, 21), "flood"
        )
        assert AuditRow.objects.filter(verb="account.pause", reason="flood").count() == 1


@how(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(paid=st.lists(st.tuples(st.integers(1, 4_000_00), st.integers(0, 5), st.booleans()), max_size=5))
def test_whatever_is_paid_and_reversed_the_night_and_the_account_agree(
    worlds: Worlds, paid: list[tuple[int, int, bool]]
) -> None:
    """The days past due of the night, in columns, and of one account asked alone; balances never change by themselves."""
    with opened(worlds, "sqlite"):
        books.bank()
        account = one_loan(annual_ppm="0", penalty_ppm="0")
        net = 0
        for number, (amount, after, undone) in enumerate(paid):
            on = AS_OF + timedelta(days=after)
            ledger.record_payment("test", account, amount, on, str(number))
            if undone:
                ledger.reverse_payment("test", account, str(number), "returned", on)
            net += 0 if undone else amount
        last = AS_OF + timedelta(days=6)
        night.run_night(lenders.find(None), last)
        assert sum(balance(account, last)) == 12_000_00 - net
        case = Case.objects.filter(closed_on=None).first()
        late = ledger.dpd_of(account, last) if net < 12_000_00 else 0
        assert (case.dpd if case else 0) == late
        assert (case is None) == (late == 0)
        if case and case.decision:
            assert json.loads(case.decision.facts)["case"]["balance"] == case.balance == 12_000_00 - net
