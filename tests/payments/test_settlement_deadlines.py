"""A settlement by its dates: kept, late, short, taken back, beyond authority, paid too much; on both databases, and killed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

import cast
import planning
from books import AS_OF, owner_of
from fairdue.core.codes import Component, Party
from fairdue.core.ledger import PostingKind
from fairdue.core.settlement import SettlementState
from fairdue.documents import certificate as paper
from fairdue.jobs import night
from fairdue.store import audit, clock
from fairdue.store.access import NotYours
from fairdue.store.actions import approvals, ledger, payments, settlement_judge, settlements
from fairdue.store.actions.payments import Incoming, Received
from fairdue.store.actions.settlements import Part
from fairdue.store.models import (
    Account,
    Approval,
    Case,
    Certificate,
    Link,
    Organisation,
    PaymentLine,
    Person,
    Settlement,
    Suspense,
    Task,
)
from worlds import BOTH, KILLED, World, Worlds, opened

LAST = AS_OF + timedelta(days=10)


@pytest.fixture(params=BOTH)
def world(request: pytest.FixtureRequest, worlds: Worlds) -> Iterator[World]:
    with opened(worlds, request.param, cast.engage) as made:
        yield made


def lender() -> Organisation:
    return Organisation.objects.get(code="bank")


def owed(account: Account) -> int:
    return int(ledger.balances(account, clock.business_date(clock.now_minute(), cast.ZONE)).sum())


def offered(share: float = 0.995, days: tuple[int, ...] = (10,)) -> tuple[Case, Account, Settlement]:
    """An offer by the owner of a case, granted by whoever must."""
    case, account = planning.late_loan()
    total = int(owed(account) * share)
    parts = [
        Part(AS_OF + timedelta(days=day), total // len(days) + (total % len(days) if not n else 0))
        for n, day in enumerate(days)
    ]
    made = settlements.propose(owner_of(case), case.pk, account.pk, parts, "一次性还款，求结清")
    if made.state == SettlementState.AWAITING:
        asked = Approval.objects.get(kind="settlement", subject_id=made.pk)
        able = cast.LEAD if "LEAD" in asked.roles else cast.FINANCE
        approvals.decide(cast.user(able), asked.pk, grant=True)
    made.refresh_from_db()
    return case, account, made


def pays(account: Account, amount: int, on: date, ref: str = "S1", told: date | None = None) -> Received:
    clock.set_demo(cast.at(10, told or on))
    return payments.receive(
        "bank", lender(), Incoming("AGENCY", amount, "CNY", on, ref, to=((account.account_no, amount),))
    )


def state(made: Settlement) -> SettlementState:
    made.refresh_from_db()
    return SettlementState(made.state)


def test_paid_in_time_the_rest_is_let_off_and_all_that_follows_from_owing_nothing(world: World) -> None:
    case, account, made = offered()
    guarantor = Person.objects.create(lender=lender(), ref="G1", name_masked="保*")
    Link.objects.create(customer=account.customer, person=guarantor, party=Party.GUARANTOR, liable=True)
    before = owed(account)
    got = pays(account, made.total, LAST)
    assert (state(made), made.paid, made.ended_on) == (SettlementState.MET, made.total, LAST)
    assert owed(account) == 0
    case.refresh_from_db()
    assert (case.close_reason, case.closed_on) == ("SETTLED", LAST)
    assert Link.objects.get(person=guarantor).liable is False
    said = Certificate.objects.get()
    assert (said.paid, said.waived, said.settled_on) == (made.total, before - made.total, LAST)
    assert "减免方案履行完毕" in paper.WORDS["zh"]["text_waived"]
    payments.take_back("bank", got.line, LAST, "chargeback")
    assert state(made) == SettlementState.OFFERED  # its day has not passed
    assert owed(account) == before
    said.refresh_from_db()
    case.refresh_from_db()
    assert (said.void_on, case.closed_on, Link.objects.get(person=guarantor).liable) == (LAST, None, None)
    again = pays(account, made.total, LAST, "S2")
    assert (state(made), again.left) == (SettlementState.MET, 0)
    newest = Certificate.objects.get(void_on=None)
    assert (newest.paid, newest.waived) == (made.total, before - made.total)
    assert audit.verify() is None


def test_a_chargeback_after_its_day_lets_it_lapse(world: World) -> None:
    case, account, made = offered()
    before = owed(account)
    got = pays(account, made.total, LAST)
    clock.set_demo(cast.at(10, LAST + timedelta(days=20)))
    payments.take_back("bank", got.line, LAST + timedelta(days=20), "chargeback")
    case.refresh_from_db()
    assert (state(made), owed(account), case.closed_on) == (SettlementState.LAPSED, before, None)
    assert Task.objects.filter(kind="TELL_LAPSED", state="OPEN").count() == 1


def test_short_or_late_it_lapses_and_what_was_paid_stays(world: World) -> None:
    _, account, made = offered(days=(3, 10))
    before = owed(account)
    first = made.parts.order_by("due_on").first()
    assert first is not None
    pays(account, first.amount, AS_OF + timedelta(days=3))
    assert state(made) == SettlementState.OFFERED
    pays(account, made.total - first.amount - 1, LAST, "S2")
    assert (state(made), made.paid) == (SettlementState.OFFERED, made.total - 1)
    clock.set_demo(cast.at(1, LAST + timedelta(days=1)))
    night.run_night(lender(), LAST + timedelta(days=1))
    assert state(made) == SettlementState.LAPSED
    assert settlement_judge.of_lender("night", lender(), LAST + timedelta(days=1)) == 0
    pays(account, 1, LAST + timedelta(days=1), "S3")
    assert (state(made), owed(account)) == (SettlementState.LAPSED, before - made.total)
    assert not account.postings.filter(kind=PostingKind.WAIVER).exists()


def test_paid_in_time_and_told_late_it_is_kept(world: World) -> None:
    _, account, made = offered()
    clock.set_demo(cast.at(1, LAST + timedelta(days=2)))
    settlement_judge.of_lender("night", lender(), LAST + timedelta(days=2))
    assert state(made) == SettlementState.LAPSED
    pays(account, made.total, LAST, told=LAST + timedelta(days=3))
    assert (state(made), made.ended_on, owed(account)) == (SettlementState.MET, LAST, 0)


def test_more_than_was_agreed_waits_to_be_sent_back(world: World) -> None:
    _, account, made = offered()
    got = pays(account, made.total + 700, LAST)
    assert (got.booked, got.left) == (made.total, 700)
    assert Suspense.objects.get(line=got.line).reason == "OVERPAID"
    assert (state(made), owed(account)) == (SettlementState.MET, 0)


def test_beyond_authority_a_second_person_grants_and_beyond_everybodys_nobody_may(world: World) -> None:
    case, account = planning.late_loan()
    total = owed(account)
    with pytest.raises(settlements.NobodyMayGrant):
        settlements.propose(owner_of(case), case.pk, account.pk, [Part(LAST, total // 2)], "half")
    principal = int(ledger.balances(account, AS_OF)[Component.PRINCIPAL])
    made = settlements.propose(owner_of(case), case.pk, account.pk, [Part(LAST, principal * 9 // 10)], "nine tenths")
    assert (state(made), made.approvers) == (SettlementState.AWAITING, "FINANCE")
    asked = Approval.objects.get(kind="settlement", subject_id=made.pk)
    pays(account, made.total, AS_OF)  # before anybody granted it: it counts once somebody has
    assert state(made) == SettlementState.AWAITING
    approvals.decide(cast.user(cast.FINANCE), asked.pk, grant=True)
    assert (state(made), owed(account)) == (SettlementState.MET, 0)
    assert Certificate.objects.filter(account=account, void_on=None).count() == 1


def test_what_makes_no_settlement_is_refused_with_its_reason(world: World) -> None:
    case, account, _ = offered()
    owner, total = owner_of(case), owed(account)
    with pytest.raises(settlements.LiveOne):
        settlements.propose(owner, case.pk, account.pk, [Part(LAST, 5)], "again")
    settlements.withdraw(owner, Settlement.objects.get().pk, "asked to")
    for parts in ([], [Part(LAST, total)], [Part(LAST, 0)], [Part(AS_OF - timedelta(days=1), 5)],
                  [Part(LAST, 5), Part(LAST, 5)], [Part(AS_OF + timedelta(days=400), 5)]):  # fmt: skip
        with pytest.raises(settlements.NotASettlement):
            settlements.propose(owner, case.pk, account.pk, parts, "why")
    with pytest.raises(NotYours):
        settlements.propose(cast.user(cast.OTHER_TEAM), case.pk, account.pk, [Part(LAST, 5)], "why")


def test_killed_at_any_step_of_the_payment_that_settles_it_goes_on(world: World) -> None:
    _, account, made = offered()
    before = owed(account)
    for moment in ("judged", "let_off", "issued", "closed"):
        world.child("settling", str(account.pk), str(made.total), moment, code=KILLED)
        assert (owed(account), state(made)) == (before, SettlementState.OFFERED), moment
    world.child("settling", str(account.pk), str(made.total))
    world.child("settling", str(account.pk), str(made.total))
    assert (owed(account), state(made), PaymentLine.objects.count()) == (0, SettlementState.MET, 1)
    assert audit.verify() is None
