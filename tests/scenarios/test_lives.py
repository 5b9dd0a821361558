"""Three lives told by dates: what the system does on each day, and why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.conf import settings

import books
from books import minute, owner_of
from fairdue.core.codes import Aim, Channel
from fairdue.core.decision import Action, DecisionReason
from fairdue.jobs import night
from fairdue.store import audit, clock, lenders
from fairdue.store.actions import contacts, ledger, work
from fairdue.store.actions.contacts import Proposed, Refusal, Reservation
from fairdue.store.models import Account, Case, Decision, Organisation, Point, Stop, WorkItem
from fairdue.store.reasons import of_decision
from worlds import World, Worlds, opened

DUE, FIRST = date(2026, 9, 20), date(2026, 9, 30)


def days(of: date, count: int) -> date:
    return of + timedelta(days=count)


class Life:
    """One borrower, one account, one collector, and a calendar."""

    def __init__(self) -> None:
        self.lender = lenders.find(None)
        self.day = FIRST

    @property
    def case(self) -> Case:
        return Case.objects.select_related("owner", "decision", "lender").latest("pk")

    @property
    def account(self) -> Account:
        return Account.objects.get()

    def night(self, day: date) -> Case:
        """The night before the working day, and the clock at ten."""
        self.day = day
        night.run_night(self.lender, day)
        clock.set_demo(minute(day, "10:00"))
        return self.case

    def ask(self, at: str = "10:00", channel: Channel = Channel.CALL) -> Reservation | Refusal:
        clock.set_demo(minute(self.day, at))
        point = Point.objects.get(person=self.case.customer)
        return contacts.reserve(owner_of(self.case), self.case.pk, Proposed(channel, point.pk))

    def call(self, outcome: str, at: str = "10:00", **said: object) -> contacts.Recorded:
        held = self.ask(at)
        assert isinstance(held, Reservation), "the call should have been allowed"
        return contacts.record(owner_of(self.case), held.attempt_id, outcome, **said)  # type: ignore[arg-type]  # by name

    def why(self) -> tuple[Action, DecisionReason]:
        return Action(self.case.action), DecisionReason(self.case.reason)

    def listed(self) -> bool:
        return WorkItem.objects.filter(case=self.case, as_of=self.day, done_at=-1).exists()


def one_borrower() -> None:
    """A consumer loan of 3,000.00, ten days late on the first day; the lender's figures are the truth."""
    lender = books.bank(owns_ledger=False)
    assert Organisation.objects.count() == 1
    line = {
        "account_no": "L1", "customer_ref": "C1", "product": "CONSUMER", "principal": "2900.00", "interest": "100.00",
        "balance": "3000.00", "oldest_unpaid_due": DUE.isoformat(), "name": "周明", "phone": "15400000001",
        "phone_source": "CONTRACT", "phone_reserved": "yes", "zone": "Asia/Shanghai", "language": "zh",
        **{f"missed_{back}": 0 for back in range(1, 7)}, **{f"billed_{back}": "300.00" for back in range(1, 7)},
        **{f"paid_{back}": "0.00" for back in range(1, 7)},
    }  # fmt: skip
    books.load(lender, books.write(settings.HOME / "book.csv", [line]))


@pytest.fixture
def world(worlds: Worlds) -> Iterator[World]:
    with opened(worlds, "sqlite", one_borrower) as made:
        yield made


def test_who_forgot_promises_pays_and_is_left_in_peace(world: World) -> None:
    life = Life()

    case = life.night(FIRST)
    assert (case.stage, case.dpd, case.balance) == ("M1", 10, 3_000_00)
    assert life.why() == (Action.CONTACT, DecisionReason.DUE_NOW)
    assert life.listed()
    assert work.get_next(owner_of(case)) == case

    recorded = life.call("RPC_PTP", amount=3_000_00, on=days(FIRST, 3))
    assert (recorded.next_aim, recorded.reason) == (Aim.CONFIRM_PROMISE, DecisionReason.PROMISE_RUNNING)
    assert life.why() == (Action.REST, DecisionReason.PROMISE_RUNNING)
    assert not life.listed()

    for day in (1, 2):
        life.night(days(FIRST, day))
        assert life.why() == (Action.REST, DecisionReason.PROMISE_RUNNING)
        assert not life.listed()

    ledger.record_payment("bank", life.account, 3_000_00, days(FIRST, 2), "transfer 1")
    case = life.night(days(FIRST, 3))
    assert (case.closed_on, case.close_reason) == (days(FIRST, 3), "CURED")
    assert case.promises.get().status == "KEPT"
    assert not WorkItem.objects.filter(as_of=days(FIRST, 3)).exists()
    assert audit.verify() is None


def test_who_cannot_pay_now_promises_breaks_it_and_is_followed_up_once(world: World) -> None:
    life = Life()

    life.night(FIRST)
    recorded = life.call("RPC_HARDSHIP", note="失业一个月")
    assert recorded.next_aim == Aim.BUILD_PLAN
    assert life.why() == (Action.REST, DecisionReason.CADENCE)

    rested = days(FIRST, 1)
    while life.night(rested).action != Action.CONTACT:
        assert life.why() == (Action.REST, DecisionReason.CADENCE)
        rested = days(rested, 1)
    assert days(FIRST, 1) < rested <= days(FIRST, 7)

    promised = days(rested, 2)
    life.call("RPC_PTP_PARTIAL", amount=500_00, on=promised)
    for after in range(1, 6):
        life.night(days(rested, after))
        assert life.why() == (Action.REST, DecisionReason.PROMISE_RUNNING), "the day promised and three of grace"

    followed = days(rested, 6)
    case = life.night(followed)
    assert case.promises.get().status == "BROKEN"
    assert life.why() == (Action.CONTACT, DecisionReason.PROMISE_BROKEN)
    assert (case.aim, WorkItem.objects.get(case=case, as_of=followed).position) == (Aim.LEARN_CAUSE, 1)

    life.call("RPC_WILLING")
    life.night(days(followed, 1))
    assert life.why() == (Action.REST, DecisionReason.CADENCE), "followed up once, not chased"
    assert audit.verify() is None


def test_who_disputes_the_debt_is_not_called_again_until_it_is_settled(world: World) -> None:
    life = Life()

    life.night(FIRST)
    recorded = life.call("RPC_DISPUTE", note="称从未借款")
    assert (recorded.next_aim, recorded.reason) == (Aim.SETTLE_DISPUTE, DecisionReason.DISPUTED)
    assert life.why() == (Action.STOP, DecisionReason.DISPUTED)

    for day in (1, 5, 20):
        life.night(days(FIRST, day))
        assert life.why() == (Action.STOP, DecisionReason.DISPUTED)
        assert not life.listed()
        assert work.get_next(owner_of(life.case)) is None
        for channel in (Channel.CALL, Channel.SMS):
            refused = life.ask(channel=channel)
            assert isinstance(refused, Refusal)
            named = of_decision(Decision.objects.get(pk=refused.decision_id))
            assert any(why.status == "REFUSED" and "异议" in why.title["zh"] for why in named)
            assert refused.next_lawful == -1, "no passage of time settles a dispute"

    Stop.objects.update(until=days(FIRST, 21))
    life.night(days(FIRST, 21))
    assert life.why() == (Action.CONTACT, DecisionReason.DUE_NOW)
    assert isinstance(life.ask(), Reservation)
    assert audit.verify() is None
