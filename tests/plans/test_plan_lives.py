"""Lives with a plan, told by dates: what the system does on each day, to the cent."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from django.conf import settings

import books
from books import minute, owner_of
from fairdue.core.codes import Channel, LenderKind, PlanStatus, Product, Role
from fairdue.core.consent import Consent
from fairdue.core.decision import Action, DecisionReason
from fairdue.core.plan_state import PlanState
from fairdue.core.plan_terms import Hardship
from fairdue.jobs import night
from fairdue.store import agreements, audit, clock, lenders, offers
from fairdue.store.access import NotYours
from fairdue.store.actions import approvals, contacts, learn, ledger, plan_judge, plans
from fairdue.store.actions.contacts import Proposed, Refusal, Reservation
from fairdue.store.actions.plans import Said
from fairdue.store.models import Account, Approval, Case, Decision, Plan, PlanEvent, Point, Task, User, WorkItem
from fairdue.store.reasons import of_decision
from worlds import BOTH, Worlds, opened

FIRST = date(2026, 6, 2)
WAGE = {"WAGE": (6_000_00, True)}
SPENDS = {"HOUSING": 1_500_00, "FOOD": 1_400_00}


def book_of(product: str, dpd: int, principal: int = 9_000_00) -> dict[str, object]:
    due = FIRST - timedelta(days=dpd)
    return {
        "account_no": "L1", "customer_ref": "C1", "product": product, "principal": books.cents(principal),
        "interest": "300.00", "penalty": "120.00", "fees": "80.00", "balance": books.cents(principal + 500_00),
        "oldest_unpaid_due": due.isoformat(), "name": "周明", "phone": "15400000001", "phone_source": "CONTRACT",
        "phone_reserved": "yes", "zone": "Asia/Shanghai", "language": "zh", "place": "上海", "annual_ppm": "146000",
        "penalty_ppm": "1500000", "day_count": "ACT365", "compound": "no",
        **{f"missed_{back}": 1 for back in range(1, 7)}, **{f"billed_{back}": "300.00" for back in range(1, 7)},
        **{f"paid_{back}": "0.00" for back in range(1, 7)},
    }  # fmt: skip


def start(product: str, dpd: int, *, own: bool = True) -> None:
    lender = books.bank(owns_ledger=own)
    books.hire("finance", Role.FINANCE, lender)
    User.objects.update(exam_on=FIRST - timedelta(days=30))
    books.load(lender, books.write(settings.HOME / "book.csv", [book_of(product, dpd)]), as_of=FIRST)


def a_card() -> None:
    """A card of 9,500.00, 95 days late."""
    start("CARD", 95)


def a_loan() -> None:
    """A consumer loan of 9,500.00, 200 days late."""
    start("CONSUMER", 200)


class Life:
    """One borrower, one debt, one collector, and a calendar."""

    def __init__(self) -> None:
        self.lender = lenders.find(None)
        self.night(FIRST)

    @property
    def case(self) -> Case:
        return Case.objects.select_related("owner", "decision", "lender", "customer").latest("pk")

    @property
    def account(self) -> Account:
        return Account.objects.get()

    @property
    def plan(self) -> Plan:
        return Plan.objects.latest("pk")

    @property
    def collector(self) -> User:
        return owner_of(self.case)

    @property
    def lead(self) -> User:
        return User.objects.get(role=Role.LEAD, team=self.collector.team)

    def owed(self) -> int:
        return int(ledger.balances(self.account, self.day).sum())

    def night(self, day: date) -> Case:
        self.day = day
        night.run_night(self.lender, day)
        clock.set_demo(minute(day, "10:00"))
        return self.case

    def says(self, **more: object) -> None:
        said = {"income": WAGE, "outgoings": SPENDS, "place": "上海"} | more
        plans.say_means(self.collector, self.case.pk, Said(**said))  # type: ignore[arg-type]  # by name

    def agrees(self, code: str, months: int, reason: str = "") -> Plan:
        plan = plans.propose(self.collector, self.case.pk, self.account.pk, code, months, reason)
        if plan.state == PlanState.AWAITING:
            approvals.decide(self.approver(), Approval.objects.latest("pk").pk, grant=True)
        return plans.accept(self.collector, plan.pk, Consent.RECORDED_CALL, "同意，录音 0421")

    def approver(self) -> User:
        roles = Approval.objects.latest("pk").roles
        return self.lead if "LEAD" in roles else User.objects.get(username="finance")

    def pays(self, amount: int, day: date, ref: str) -> None:
        self.day = max(self.day, day)
        clock.set_demo(minute(self.day, "11:00"))
        ledger.record_payment("bank", self.account, amount, day, ref)

    def calls(self) -> Reservation | Refusal:
        point = Point.objects.get(person=self.case.customer)
        return contacts.reserve(self.collector, self.case.pk, Proposed(Channel.CALL, point.pk))

    def rests(self) -> bool:
        return (self.case.action, self.case.reason) == (Action.REST, DecisionReason.PLAN_RUNNING)


@pytest.fixture
def begin(worlds: Worlds, request: pytest.FixtureRequest) -> Iterator[Callable[[Callable[[], None]], Life]]:
    from contextlib import ExitStack

    with ExitStack() as stack:

        def _begin(fill: Callable[[], None], vendor: str = "sqlite") -> Life:
            stack.enter_context(opened(worlds, vendor, fill))
            return Life()

        yield _begin


Begin = Callable[..., Life]


def test_a_card_plan_of_twelve_months_is_kept_and_nobody_calls_meanwhile(begin: Begin) -> None:
    life = begin(a_card)
    life.says()
    owed = life.owed()
    assert owed == 9_500_00
    plan = life.agrees("plan", 12)
    dues = list(plan.payments.order_by("number").values_list("due_on", "amount"))
    assert (sum(a for _, a in dues), plan.total, len(dues)) == (owed, owed, 12)
    assert (life.account.plan_status, life.rests()) == (PlanStatus.PERFORMING, True)
    assert not WorkItem.objects.filter(case=life.case, done_at__lt=0).exists()

    refused = life.calls()
    assert isinstance(refused, Refusal)
    named = of_decision(Decision.objects.get(pk=refused.decision_id))
    assert "CN-FORB-02" in {why.rule for why in named if why.status == "REFUSED"}

    for number, (due, amount) in enumerate(dues):
        life.pays(amount, due, f"payment {number}")
        life.night(due + timedelta(days=1))
        assert life.owed() == owed - sum(a for _, a in dues[: number + 1]), "nothing accrues while the plan is kept"
    assert (life.plan.state, life.plan.paid, life.owed()) == (PlanState.COMPLETED, owed, 0)
    assert (life.case.closed_on, life.case.close_reason) == (dues[-1][0] + timedelta(days=1), "CURED")
    assert life.account.plan_status == PlanStatus.NONE
    assert audit.verify() is None


def test_who_lost_the_job_plans_misses_replans_and_settles(begin: Begin) -> None:
    life = begin(a_loan)
    life.says(hardship=Hardship.JOB_LOSS, income={}, outgoings=SPENDS)
    deferred = life.agrees("defer", 3)
    assert (deferred.review_on, list(deferred.payments.all())) == (date(2026, 9, 2), [])
    life.night(date(2026, 7, 15))
    assert life.rests()
    assert life.owed() == 9_500_00, "a deferral bears nothing"

    life.night(date(2026, 9, 2))
    assert life.plan.state == PlanState.COMPLETED
    assert (life.case.action, life.case.reason) == (Action.CONTACT, DecisionReason.CALLBACK_DUE), "the review is due"

    first = misses_makes_up_and_breaks(life)
    life.says(hardship=Hardship.JOB_LOSS, income={"WAGE": (4_000_00, True)}, lump=7_000_00)
    settled = life.agrees("settle-part", 1, "父母资助，一次结清")
    assert (settled.supersedes, settled.counts) == (first, False), "granted by finance, not counted for performance"
    before = life.owed()
    life.pays(settled.total, life.day + timedelta(days=1), "settlement")
    assert (life.plan.state, life.owed()) == (PlanState.COMPLETED, 0)
    let_off = sum(-p.amount for p in life.account.postings.filter(kind=5))
    assert settled.total + let_off == before == sum(settled.balances)
    assert let_off == sum(settled.waived)
    life.night(life.day + timedelta(days=1))
    assert life.case.close_reason == "CURED"
    states = list(PlanEvent.objects.order_by("pk").values_list("state_to", flat=True))
    assert states.count(PlanState.MISSED) == 2
    assert PlanState.BROKEN in states
    assert audit.verify() is None


def misses_makes_up_and_breaks(life: Life) -> Plan:
    """Twelve months are agreed on a new wage; the first payment comes ten days late, the second never."""
    life.says(hardship=Hardship.JOB_LOSS, income={"WAGE": (5_000_00, False)})
    owed = life.owed()
    plan = life.agrees("plan", 12, "新工作")
    assert plan.total == owed
    due, second = plan.payments.order_by("number")[:2]
    life.night(due.due_on + timedelta(days=3))
    assert life.plan.state == PlanState.PERFORMING, "three days of grace"
    life.night(due.due_on + timedelta(days=4))
    assert (life.plan.state, life.rests()) == (PlanState.MISSED, True), "missed, not yet broken: still left alone"
    life.pays(due.amount, due.due_on + timedelta(days=10), "late")
    assert life.plan.state == PlanState.PERFORMING
    life.night(second.due_on + timedelta(days=30))
    assert life.plan.state == PlanState.MISSED
    life.night(second.due_on + timedelta(days=31))
    assert (life.plan.state, life.account.plan_status) == (PlanState.BROKEN, PlanStatus.BREACHED)
    assert not life.rests()
    assert isinstance(life.calls(), Reservation)
    contacts.record(life.collector, Decision.objects.latest("pk").attempt_set.get().pk, "RPC_HARDSHIP")
    return plan


def test_a_reversed_payment_undoes_what_followed_from_it(begin: Begin) -> None:
    life = begin(a_loan)
    life.says(hardship=Hardship.ILLNESS, lump=7_000_00)
    settled = life.agrees("settle-part", 1)
    owed = life.owed()
    life.pays(settled.total, FIRST + timedelta(days=5), "settlement")
    assert (life.plan.state, life.owed()) == (PlanState.COMPLETED, 0)
    life.day = FIRST + timedelta(days=6)
    clock.set_demo(minute(life.day, "11:00"))
    ledger.reverse_payment("bank", life.account, "settlement", "空头", life.day)
    assert (life.plan.state, life.owed()) == (PlanState.PERFORMING, owed)
    assert life.account.plan_status == PlanStatus.PERFORMING


def test_a_plan_that_bears_interest_costs_exactly_what_the_agreement_says(begin: Begin) -> None:
    life = begin(a_card)
    life.says()
    plan = life.agrees("plan-interest", 6)
    assert plan.interest > 0
    rows = list(plan.payments.order_by("number"))
    for row in rows:
        life.night(row.due_on)
        life.pays(row.amount, row.due_on, f"payment {row.number}")
    assert (life.owed(), life.plan.state) == (0, PlanState.COMPLETED)
    posted = sum(p.amount for p in life.account.postings.filter(kind=1))
    assert posted == plan.interest == plan.total - 9_500_00
    assert agreements.facts(life.plan, "x").total == sum(-p.amount for p in life.account.postings.filter(kind=4))


def test_relief_is_let_off_when_the_plan_begins_and_stays_let_off(begin: Begin) -> None:
    life = begin(a_card)
    life.says(hardship=Hardship.ILLNESS)
    plan = life.agrees("relief-interest", 6)
    assert (life.owed(), plan.total) == (9_000_00, 9_000_00)
    life.night(FIRST + timedelta(days=120))
    assert life.plan.state == PlanState.BROKEN
    accrued = sum(p.amount for p in life.account.postings.filter(kind=1))
    assert life.owed() == 9_000_00 + accrued
    life.night(FIRST + timedelta(days=121))
    assert sum(p.amount for p in life.account.postings.filter(kind=1)) > accrued, "the contract's interest runs again"


def test_a_replan_over_a_running_plan_needs_a_reason_and_keeps_the_old_one(begin: Begin) -> None:
    life = begin(a_card)
    life.says()
    first = life.agrees("plan", 6)
    with pytest.raises(plans.PlanReason):
        plans.propose(life.collector, life.case.pk, life.account.pk, "plan", 12)
    second = life.agrees("plan", 12, "孩子住院")
    first.refresh_from_db()
    assert (first.state, second.state, second.supersedes) == (PlanState.SUPERSEDED, PlanState.PERFORMING, first)
    assert life.account.plan_status == PlanStatus.PERFORMING


def test_nobody_approves_their_own_request_and_only_whoever_may_grant_it(begin: Begin) -> None:
    life = begin(a_loan)
    life.says(hardship=Hardship.ILLNESS, lump=7_000_00)
    plan = plans.propose(life.collector, life.case.pk, life.account.pk, "settle-part", 1)
    asked = Approval.objects.get()
    assert (plan.state, asked.roles) == (PlanState.AWAITING, "FINANCE")
    with pytest.raises(plans.NotOpen):
        plans.accept(life.collector, plan.pk, Consent.SIGNED, "x")
    with pytest.raises(NotYours):
        approvals.decide(life.lead, asked.pk, grant=True)
    finance = User.objects.get(username="finance")
    with pytest.raises(approvals.RefusalReason):
        approvals.decide(finance, asked.pk, grant=False)
    approvals.decide(finance, asked.pk, grant=False, reason="收入凭证不足")
    plan.refresh_from_db()
    assert plan.state == PlanState.REJECTED
    with pytest.raises(approvals.ApprovalDecided):
        approvals.decide(finance, asked.pk, grant=True)
    own = plans.propose(life.lead, life.case.pk, life.account.pk, "settle-part", 1)
    mine = Approval.objects.latest("pk")
    Approval.objects.filter(pk=mine.pk).update(asked_by=finance)
    with pytest.raises(approvals.OwnRequest):
        approvals.decide(finance, mine.pk, grant=True)
    assert own.state == PlanState.AWAITING


def test_consent_is_to_the_figures_of_the_day(begin: Begin) -> None:
    life = begin(a_card)
    life.says()
    plan = plans.propose(life.collector, life.case.pk, life.account.pk, "plan", 12)
    for how, words in ((None, "好"), (Consent.SIGNED, "  ")):
        with pytest.raises(plans.ConsentNeeded):
            plans.accept(life.collector, plan.pk, how, words)
    life.night(FIRST + timedelta(days=2))
    with pytest.raises(plans.FiguresChanged):
        plans.accept(life.collector, plan.pk, Consent.SIGNED, "好")
    again = plans.work_out_again(life.collector, plan.pk)
    done = plans.accept(life.collector, again.pk, Consent.SIGNED, "好")
    assert (done.total, done.text_sha256) == (life.owed(), agreements.digest(done))
    plan.refresh_from_db()
    assert plan.state == PlanState.CANCELLED


def test_what_the_engine_does_not_offer_cannot_be_proposed(begin: Begin) -> None:
    life = begin(a_card)
    life.says()
    for code, months in (("plan", 3), ("settle", 1), ("plan", 61), ("nonsense", 1)):
        with pytest.raises(plans.NotOffered) as said:
            plans.propose(life.collector, life.case.pk, life.account.pk, code, months)
        assert said.value.sentence("zh")
        assert said.value.sentence("en")
    other = User.objects.exclude(pk=life.collector.pk).filter(role=Role.COLLECTOR).first()
    assert other is not None
    with pytest.raises(NotYours):
        plans.propose(other, life.case.pk, life.account.pk, "plan", 12)
    assert not Plan.objects.exists()


def test_the_desk_asks_the_same_engine_as_the_command(begin: Begin) -> None:
    from fairdue.rules.plans import asked as command

    life = begin(a_card)
    life.says(lump=9_000_00, pay_day=10, hardship=Hardship.JOB_LOSS)
    desk = offers.ask(life.case, life.account, Role.COLLECTOR, life.day)
    line = command.ask({
        "on": life.day.isoformat(), "product": Product.CARD.name, "lender_kind": LenderKind.BANK.name, "role": "COLLECTOR",
        "balances": {"PRINCIPAL": 900_000, "INTEREST": 30_000, "PENALTY": 12_000, "FEES": 8_000}, "dpd": 95,
        "annual_ppm": 146_000, "income": {"WAGE": {"amount": 600_000, "evidenced": True}},
        "outgoings": {"HOUSING": 150_000, "FOOD": 140_000}, "place": "上海", "lump": 900_000, "pay_day": 10,
        "hardship": "JOB_LOSS",
    })  # fmt: skip
    assert line.found == desk.found


@pytest.mark.parametrize("vendor", BOTH)
def test_judging_twice_changes_nothing_on_either_database(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, a_card):
        life = Life()
        life.says()
        plan = life.agrees("plan-interest", 12)
        due = plan.payments.get(number=1)
        life.night(due.due_on + timedelta(days=4))
        assert life.plan.state == PlanState.MISSED
        events, owed = PlanEvent.objects.count(), life.owed()
        assert owed == 9_500_00 + due.interest
        assert plan_judge.of_lender("night", life.lender, life.day) == 0
        assert night.run_night(life.lender, life.day).again
        assert (PlanEvent.objects.count(), life.owed()) == (events, owed)
        assert audit.verify() is None


def test_what_was_said_and_what_happened_cannot_be_rewritten(begin: Begin) -> None:
    from django.db.utils import DatabaseError

    life = begin(a_card)
    life.says()
    life.agrees("plan", 12)
    for model in (PlanEvent, type(life.plan.means)):
        with pytest.raises(DatabaseError):
            model.objects.all().delete()  # type: ignore[union-attr]  # both are models


def test_a_second_debt_is_planned_from_what_the_first_plan_leaves(begin: Begin) -> None:
    life = begin(a_card)
    life.says()
    life.agrees("plan", 12)
    judged = offers.ask(life.case, life.account, Role.COLLECTOR, life.day).judged
    other = Account.objects.get()
    other.pk, other.account_no = None, "L2"
    other.save()
    second = offers.ask(life.case, other, Role.COLLECTOR, life.day).judged
    most = max(p.amount for p in life.plan.payments.all())
    assert second.left == judged.left - most


def test_a_schedule_paid_a_little_early_costs_what_it_says_and_one_cleared_early_costs_less(begin: Begin) -> None:
    life = begin(a_card)
    life.says()
    plan = life.agrees("plan-interest", 6)
    for row in plan.payments.order_by("number"):
        life.pays(row.amount, row.due_on - timedelta(days=2), f"payment {row.number}")
        life.night(row.due_on - timedelta(days=1))
    assert (life.plan.state, life.owed()) == (PlanState.COMPLETED, 0)
    assert sum(p.amount for p in life.account.postings.filter(kind=1)) == plan.interest


def test_who_clears_the_debt_early_does_not_pay_interest_that_is_not_due(begin: Begin) -> None:
    life = begin(a_card)
    life.says()
    plan = life.agrees("plan-interest", 12)
    first = plan.payments.get(number=1)
    life.night(first.due_on)
    life.pays(life.owed(), first.due_on, "all of it")
    assert (life.plan.state, life.owed(), life.plan.paid) == (PlanState.COMPLETED, 0, 9_500_00 + first.interest)


def test_what_was_said_is_a_fact_of_the_case_and_an_answer_is_owed_after_an_approval(begin: Begin) -> None:
    life = begin(a_card)
    life.says(hardship=Hardship.ILLNESS, pay_day=10)
    facts = {name: fact.value for name, fact in learn.current(life.case).items()}
    assert facts == {"cause": "ILLNESS", "income": "600000", "outgoings": "290000", "household": "1", "payday": "10"}
    plan = plans.propose(life.collector, life.case.pk, life.account.pk, "relief-interest", 6)
    assert not Task.objects.exists()
    approvals.decide(life.approver(), Approval.objects.get().pk, grant=True)
    task = Task.objects.get()
    assert (task.owner, task.kind, task.due_on, task.state) == (
        life.collector,
        "ANSWER",
        FIRST + timedelta(days=1),
        "OPEN",
    )
    plans.accept(life.collector, plan.pk, Consent.PORTAL, "同意")
    task.refresh_from_db()
    assert task.state == "DONE"


@pytest.mark.slow
def test_whatever_is_paid_and_reversed_the_ledger_and_the_plan_agree(begin: Begin) -> None:
    """A seeded walk through payments, reversals and nights: the same money, and the state a person would find."""
    draw = random.Random(21)
    life = begin(a_card)
    life.says()
    life.agrees("plan-interest", 12)
    standing: dict[str, tuple[date, int]] = {}
    for step in range(60):
        day = life.day + timedelta(days=draw.randrange(1, 9))
        if standing and draw.random() < 0.2:
            ref = draw.choice(sorted(standing))
            del standing[ref]
            life.day = day
            clock.set_demo(minute(day, "11:00"))
            ledger.reverse_payment("bank", life.account, ref, "退票", day)
        else:
            amount = draw.randrange(100_00, 1_200_00)
            standing[f"p{step}"] = (day, amount)
            life.pays(amount, day, f"p{step}")
        life.night(day)
        agrees_with_a_person(life, standing)
        if life.plan.state in (PlanState.BROKEN, PlanState.COMPLETED) and life.owed() <= 0:
            break
    assert audit.verify() is None


def agrees_with_a_person(life: Life, standing: dict[str, tuple[date, int]]) -> None:
    plan, got = life.plan, sum(amount for _, amount in standing.values())
    postings = life.account.postings.all()
    assert plan.paid == got
    assert life.owed() == 9_500_00 + sum(p.amount for p in postings.filter(kind=1)) - got
    needed, broken, missed = 0, False, False
    for row in plan.payments.order_by("number"):
        needed += row.amount
        last = row.due_on + timedelta(days=plan.break_days)
        in_time = sum(amount for day, amount in standing.values() if day <= last)
        broken |= last < life.day and in_time < needed
        missed |= row.due_on + timedelta(days=plan.grace_days) < life.day and got < needed
    done = got >= plan.total or (life.owed() <= 0 and not broken)
    expected = (
        PlanState.BROKEN
        if broken
        else PlanState.COMPLETED
        if done
        else PlanState.MISSED
        if missed
        else PlanState.PERFORMING
    )
    assert plan.state == expected, (life.day, standing)


def a_long_card() -> None:
    """A card of 24,500.00, 200 days late."""
    lender = books.bank()
    books.hire("finance", Role.FINANCE, lender)
    User.objects.update(exam_on=FIRST - timedelta(days=30))
    books.load(lender, books.write(settings.HOME / "book.csv", [book_of("CARD", 200, 24_000_00)]), as_of=FIRST)


def test_a_card_plan_of_sixty_months_ends_on_its_last_day_with_nothing_owed(begin: Begin) -> None:
    life = begin(a_long_card)
    life.says(income={"WAGE": (3_420_00, True)})
    asked = offers.ask(life.case, life.account, Role.COLLECTOR, life.day).found
    assert {o.months for o in asked.offers if o.payments} == {60}
    plan = life.agrees("plan", 60)
    dues = list(plan.payments.order_by("number").values_list("due_on", "amount"))
    assert (len(dues), dues[-1][0]) == (60, date(2031, 6, 2))
    for number, (due, amount) in enumerate(dues):
        assert life.plan.state == PlanState.PERFORMING
        life.pays(amount, due, f"payment {number}")
    assert (life.plan.state, life.owed(), life.plan.paid) == (PlanState.COMPLETED, 0, 24_500_00)


def test_payments_that_come_by_file_are_judged_like_any_other(begin: Begin) -> None:
    life = begin(a_card)
    life.says()
    plan = life.agrees("plan", 12)
    first, second = plan.payments.order_by("number")[:2]
    life.night(first.due_on + timedelta(days=4))
    assert life.plan.state == PlanState.MISSED
    line = {"account_no": "L1", "paid_on": first.due_on.isoformat(), "amount": books.cents(first.amount + second.amount),
            "reference": "bank 1"}  # fmt: skip
    books.load(life.lender, books.write(settings.HOME / "paid.csv", [line]), "payments", as_of=None)
    assert (life.plan.state, life.plan.paid) == (PlanState.PERFORMING, first.amount + second.amount)
