"""Lives told by dates: what was promised, what came in, what was learned, and what the next contact is for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from books import minute, owner_of
from fairdue.core.codes import Aim, Sure, Told, Word
from fairdue.core.decision import Action, DecisionReason
from fairdue.rules.talk.aims import load_aims
from fairdue.store import audit, clock
from fairdue.store.actions import contacts, learn, ledger, words
from fairdue.store.actions.contacts import WrapUp
from fairdue.store.actions.promises import PromiseTooFar, PromiseTooMuch, Said
from fairdue.store.models import CaseFact, OwnPromise, Promise
from scenarios.test_lives import FIRST, Life, days, one_borrower
from worlds import BOTH, World, Worlds, opened

A, R = Action, DecisionReason


@pytest.fixture(params=BOTH)
def world(worlds: Worlds, request: pytest.FixtureRequest) -> Iterator[World]:
    with opened(worlds, request.param, one_borrower) as made:
        yield made


def statuses() -> list[tuple[str, int]]:
    return [(p.status, p.paid) for p in Promise.objects.order_by("pk")]


def pay(life: Life, amount: int, day: date, ref: str = "transfer 1") -> None:
    clock.set_demo(minute(day, "16:00"))
    ledger.record_payment("bank", life.account, amount, day, ref)


def test_who_forgot_pays_on_the_day_and_the_promise_is_kept_when_the_money_comes(world: World) -> None:
    life = Life()
    life.night(FIRST)
    life.call("RPC_PTP", wrap_up=WrapUp(Said(1_000_00, days(FIRST, 3)), {"cause": "FORGOT"}))
    pay(life, 1_000_00, days(FIRST, 2))
    assert statuses() == [("KEPT", 1_000_00)], "judged with the payment, before any night"
    life.night(days(FIRST, 3))
    assert (life.case.closed_on, Promise.objects.get().judged_on) == (None, days(FIRST, 2))
    assert audit.verify() is None


def test_a_promise_partly_kept_leads_to_the_rest_and_a_promise_broken_twice_to_the_means(world: World) -> None:
    life = Life()
    life.night(FIRST)
    life.call("RPC_PTP_PARTIAL", wrap_up=WrapUp(Said(800_00, days(FIRST, 2)), {"cause": "SHORT_OF_MONEY"}))
    pay(life, 300_00, days(FIRST, 2))
    assert statuses() == [("OPEN", 300_00)]
    case = life.night(days(FIRST, 6))
    assert statuses() == [("PARTLY_KEPT", 300_00)]
    assert life.why() == (A.CONTACT, R.PROMISE_BROKEN)
    assert case.aim == Aim.WIN_PROMISE, "part was kept: agree on the rest"

    day = days(FIRST, 6)
    for expected in (Aim.WIN_PROMISE, Aim.LEARN_MEANS):  # the cause is known; the second time the means come first
        life.call("RPC_PTP", wrap_up=WrapUp(Said(500_00, days(day, 1))))
        day = days(day, 5)
        case = life.night(day)
        assert (life.why(), case.aim) == ((A.CONTACT, R.PROMISE_BROKEN), expected)
    with pytest.raises(PromiseTooFar):
        life.call("RPC_PTP", wrap_up=WrapUp(Said(500_00, days(day, 30))))
    assert [s for s, _ in statuses()] == ["PARTLY_KEPT", "BROKEN", "BROKEN"]


def test_a_third_broken_promise_goes_to_the_lead_and_only_the_same_day_is_accepted(world: World) -> None:
    life = Life()
    day, case = FIRST, life.night(FIRST)
    for _ in range(3):
        life.call("RPC_PTP", wrap_up=WrapUp(Said(500_00, days(day, 1))))
        day = days(day, 5)
        case = life.night(day)
    assert case.aim == Aim.HAND_OVER
    with pytest.raises(PromiseTooFar):
        life.call("RPC_PTP", wrap_up=WrapUp(Said(500_00, days(day, 1))))
    life.call("RPC_PTP", wrap_up=WrapUp(Said(500_00, day)))
    assert statuses()[-1] == ("OPEN", 0)


def test_a_reversal_undoes_a_promise_that_was_kept(world: World) -> None:
    life = Life()
    life.night(FIRST)
    life.call("RPC_PTP", wrap_up=WrapUp(Said(1_000_00, days(FIRST, 1))))
    pay(life, 1_000_00, days(FIRST, 1))
    life.night(days(FIRST, 2))
    assert statuses() == [("KEPT", 1_000_00)]
    life.night(days(FIRST, 9))
    ledger.reverse_payment("bank", life.account, "transfer 1", "bounced", days(FIRST, 9))
    assert statuses() == [("BROKEN", 0)], "the mirror is dated nine days later and still undoes the payment"
    life.night(days(FIRST, 10))
    assert life.why() == (A.CONTACT, R.PROMISE_BROKEN)
    assert audit.verify() is None


def test_two_promises_beside_each_other_are_paid_in_order(world: World) -> None:
    life = Life()
    life.night(FIRST)
    life.call("RPC_PTP", wrap_up=WrapUp(Said(400_00, days(FIRST, 2))))
    held = life.ask("15:00")
    assert isinstance(held, contacts.Reservation)
    owner = owner_of(life.case)
    with pytest.raises(PromiseTooMuch):
        contacts.record(owner, held.attempt_id, "RPC_PTP",
                        wrap_up=WrapUp(Said(2_700_00, days(FIRST, 9), besides=True)))  # fmt: skip
    contacts.record(owner, held.attempt_id, "RPC_PTP", wrap_up=WrapUp(Said(600_00, days(FIRST, 9), besides=True)))
    pay(life, 500_00, days(FIRST, 2))
    assert statuses() == [("KEPT", 400_00), ("OPEN", 100_00)]
    life.night(days(FIRST, 4))
    assert life.why() == (A.REST, R.PROMISE_RUNNING)


def test_a_newer_promise_takes_the_place_of_the_old_one_which_keeps_its_history(world: World) -> None:
    life = Life()
    life.night(FIRST)
    life.call("RPC_PTP", wrap_up=WrapUp(Said(400_00, days(FIRST, 2))))
    held = life.ask("15:00")
    assert isinstance(held, contacts.Reservation)
    contacts.record(owner_of(life.case), held.attempt_id, "RPC_PTP", wrap_up=WrapUp(Said(400_00, days(FIRST, 5))))
    first, second = Promise.objects.order_by("pk")
    assert (first.status, first.superseded_by, second.status) == ("SUPERSEDED", second, "OPEN")
    pay(life, 400_00, days(FIRST, 5))
    assert statuses() == [("SUPERSEDED", 0), ("KEPT", 400_00)]


def test_a_reminder_is_given_the_day_before_to_those_who_asked(world: World) -> None:
    life = Life()
    life.night(FIRST)
    life.call("RPC_PTP", wrap_up=WrapUp(Said(400_00, days(FIRST, 5), remind=True)))
    life.night(days(FIRST, 3))
    assert life.why() == (A.REST, R.PROMISE_RUNNING)
    case = life.night(days(FIRST, 4))
    assert (life.why(), case.aim) == ((A.CONTACT, R.REMIND), Aim.CONFIRM_PROMISE)
    life.call("RPC_WILLING")
    assert life.why() == (A.REST, R.PROMISE_RUNNING), "reminded once"


def test_what_was_learned_sets_the_next_aim_and_is_never_overwritten(world: World) -> None:
    life = Life()
    life.night(FIRST)
    recorded = life.call("RPC_WILLING", wrap_up=WrapUp(facts={"cause": "JOB_LOST"}))
    assert recorded.next_aim == Aim.LEARN_MEANS
    case, owner = life.case, owner_of(life.case)
    assert "收支" in load_aims().why(case.aim_row)["zh"]
    learn.learn(owner, case.pk, {"income": "4500", "outgoings": "3900.50"}, learn.From(Told.DOCUMENT, Sure.SHOWN))
    learn.learn(owner, case.pk, {"income": "4800"}, learn.From(Told.DOCUMENT, Sure.CHECKED))
    case = life.night(days(FIRST, 5))
    assert case.aim == Aim.BUILD_PLAN
    assert [(f.name, f.value) for f in CaseFact.objects.order_by("pk")] == [
        ("cause", "JOB_LOST"), ("income", "450000"), ("outgoings", "390050"), ("income", "480000"),
    ]  # fmt: skip
    assert {n: f.value for n, f in learn.current(case).items()} == {
        "cause": "JOB_LOST", "income": "480000", "outgoings": "390050"}  # fmt: skip
    with pytest.raises(Exception, match="append-only"):
        CaseFact.objects.update(value="FORGOT")


def test_who_named_hours_is_planned_for_them(world: World) -> None:
    life = Life()
    life.night(FIRST)
    life.call("RPC_WILLING", wrap_up=WrapUp(facts={"best_hours": "18:30-20:00"}))
    day = FIRST
    while life.night(day).action != A.CONTACT:
        day = days(day, 1)
    assert life.case.not_before == minute(day, "18:30")
    decision = life.case.decision
    assert decision is not None
    assert "best_hours=18:30-20:00" in decision.facts


def test_facts_grow_stale_and_are_asked_again(world: World) -> None:
    life = Life()
    life.night(FIRST)
    life.call("RPC_WILLING", wrap_up=WrapUp(facts={"cause": "JOB_LOST", "income": "4500", "outgoings": "4000"}))
    assert life.night(days(FIRST, 5)).aim == Aim.BUILD_PLAN
    assert life.night(days(FIRST, 61)).aim == Aim.WIN_PROMISE, "the cause of two months ago says nothing of today"


def test_a_wrong_person_ends_the_number_and_asks_for_another(world: World) -> None:
    life = Life()
    life.night(FIRST)
    life.call("TPC_UNKNOWN_PERSON")
    assert life.why()[1] == R.NO_POINT
    assert life.case.aim == Aim.RESTORE_CONTACT


def test_our_own_word_is_kept_first_and_counted_like_the_borrowers(world: World) -> None:
    life = Life()
    life.night(FIRST)
    given = words.Given(Word.CORRECTION, days(FIRST, 4), "重复计收的手续费")
    life.call("RPC_WILLING", wrap_up=WrapUp(word=given))
    case = life.night(days(FIRST, 4))
    assert case.aim == Aim.KEEP_OUR_WORD
    word = OwnPromise.objects.get()
    with pytest.raises(words.HowWasItKept):
        words.done(owner_of(case), word.pk, " ")
    words.done(owner_of(case), word.pk, "已冲正 35 元")
    assert life.night(days(FIRST, 5)).aim != Aim.KEEP_OUR_WORD
    with pytest.raises(words.WordDone):
        words.done(owner_of(case), word.pk, "again")


def test_a_call_back_is_kept_by_calling_back(world: World) -> None:
    life = Life()
    life.night(FIRST)
    with pytest.raises(words.WordIncomplete):
        life.call("RPC_CALLBACK")
    life.call("RPC_CALLBACK", wrap_up=WrapUp(Said(None, days(FIRST, 2))))
    life.night(days(FIRST, 2))
    assert life.why() == (A.CONTACT, R.CALLBACK_DUE)
    life.call("NA")
    word = OwnPromise.objects.get()
    assert (word.kind, word.standing(word.done_at)) == (Word.CALL_BACK, "KEPT")


def test_five_unanswered_calls_lead_to_a_notice_in_writing(world: World) -> None:
    life = Life()
    day, case = FIRST, life.night(FIRST)
    for _ in range(5):
        while life.night(day).action != A.CONTACT:
            day = days(day, 1)
        life.call("NA")
        case = life.case
    assert case.aim == Aim.DELIVER_NOTICE
    assert timedelta(0) < day - FIRST
