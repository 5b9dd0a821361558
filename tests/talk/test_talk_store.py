"""The talk where it is kept: identity before everything, nobody else's talk, numbers in their order, words of ours."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from django.urls import reverse

import cast
from books import minute, owner_of
from fairdue.core.codes import Channel, PointSource, Word
from fairdue.core.decision import Action, DecisionReason
from fairdue.rules.talk.graph import load_graph
from fairdue.store import access, audit, clock
from fairdue.store.actions import contacts, talk
from fairdue.store.actions.contacts import Proposed, Reservation
from fairdue.store.models import Attempt, AuditRow, Case, CaseFact, OwnPromise, Point, Promise
from fairdue.store.pages import callers, case_page, words_page
from fairdue.store.seal import mask_tail, sealer
from fairdue.store.situation import kept_share, per_day, slots
from person import Person
from scenarios.test_lives import FIRST, Life, days, one_borrower
from worlds import World, Worlds, opened


def held(case: Case, **said: Any) -> Attempt:
    user = owner_of(case)
    found = contacts.reserve(user, case.pk, Proposed(Channel.CALL, case.customer.points.get().pk, **said))
    assert isinstance(found, Reservation)
    return Attempt.objects.get(pk=found.attempt_id)


def say(attempt: Attempt, *answers: str) -> None:
    assert attempt.operator is not None
    for answer in answers:
        talk.step(attempt.operator, attempt.pk, talk.standing(attempt).node, answer)


def test_before_identity_no_page_of_the_talk_holds_a_fact_of_the_debt(desk: World) -> None:
    person, case = Person(cast.COLLECTOR), cast.case_of(cast.COLLECTOR)
    attempt = held(case)
    facts = {name: text for name, text in slots(case).items() if name in ("amount", "due_date", "per_day") and text}
    assert len(facts) == 3
    path = reverse("talk", args=[case.pk, attempt.pk])
    early = load_graph().before_identity()
    for answers in (("other",), ("<back", "busy"), ("<back", "self"), ("refuses",), ("gives",), ("mismatch",)):
        for answer in answers:
            node = talk.standing(attempt).node
            part = person.client.post(path, {"node": node, "answer": answer}, headers={"HX-Request": "true"})
            assert part.status_code == 200
            assert not [text for text in facts.values() if text in part.content.decode()], answer
            assert talk.standing(attempt).node in early
    attempt.refresh_from_db()
    assert attempt.identity_at == -1
    say(attempt, "<back")
    part = person.client.post(path, {"node": "identity", "answer": "confirmed"}, headers={"HX-Request": "true"})
    assert facts["amount"] in part.content.decode()
    attempt.refresh_from_db()
    assert attempt.identity_at >= 0
    assert AuditRow.objects.filter(verb="identity.confirm", subject_id=attempt.pk).count() == 1
    assert audit.verify() is None


def test_a_script_that_is_read_beforehand_names_no_fact_of_the_debt(desk: World) -> None:
    case = cast.case_of(cast.COLLECTOR)
    page = case_page(cast.user(cast.COLLECTOR), case.pk)
    words = " ".join(block.filled("zh", page.slots) for block in page.script)
    assert slots(case)["amount"] not in words
    assert "核实身份后显示" in words


def test_the_talk_of_another_collector_is_not_there(desk: World) -> None:
    attempt = held(cast.case_of(cast.COLLECTOR))
    with pytest.raises(access.NotYours):
        talk.step(cast.user(cast.COLLEAGUE), attempt.pk, "open", "self")
    assert not attempt.steps.exists()


def test_an_answer_of_another_node_is_refused_and_nothing_moves(desk: World) -> None:
    attempt = held(cast.case_of(cast.COLLECTOR))
    assert attempt.operator is not None
    for node, answer in (("open", "confirmed"), ("identity", "confirmed"), ("open", "<back"), ("open", "frame:none")):
        with pytest.raises(talk.NoSuchAnswer):
            talk.step(attempt.operator, attempt.pk, node, answer)
    say(attempt, "hangup")
    contacts.record(attempt.operator, attempt.pk, "RPC_HANGUP")
    with pytest.raises(talk.TalkOver):
        talk.step(attempt.operator, attempt.pk, "done", "<back")


def test_a_way_of_asking_is_kept_so_that_its_effect_can_be_measured(desk: World) -> None:
    attempt = held(cast.case_of(cast.COLLECTOR))
    say(attempt, "self", "confirmed", "now", "frame:positive", "frame:positive", "promises")
    assert talk.standing(attempt).frames == ("positive",)
    assert talk.standing(attempt).node == "commit"


def test_without_scripts_the_talk_goes_on_by_whole_pages(desk: World) -> None:
    person, case = Person(cast.COLLECTOR, "zh-hans"), cast.case_of(cast.COLLECTOR)
    attempt = held(case)
    page = person.post(reverse("talk", args=[case.pk, attempt.pk]), node="open", answer="other")
    assert "不是本人" in page
    page = person.post(reverse("talk", args=[case.pk, attempt.pk]), node="open", answer="other")
    assert "通话已不在该步骤" in page


def test_what_was_heard_is_kept_with_the_outcome_and_typed_facts_go_before_it(desk: World) -> None:
    person, case = Person(cast.COLLECTOR), cast.case_of(cast.COLLECTOR)
    attempt = held(case)
    say(attempt, "self", "confirmed", "listens", "job", "tells")
    page = person.post(
        reverse("record", args=[case.pk, attempt.pk]), outcome="RPC_HARDSHIP", then="stay",
        **{"fact-cause": "INCOME_FELL", "fact-income": "4,500.00", "fact-household": "3", "source": "0", "sure": "1"},
    )  # fmt: skip
    assert "Recorded" in page
    assert {f.name: (f.value, f.sure) for f in CaseFact.objects.all()} == {
        "told": ("2026-09-30", 1), "cause": ("INCOME_FELL", 1), "work": ("SEEKING", 1), "income": ("450000", 1),
        "household": ("3", 1),
    }  # fmt: skip
    assert "4,500.00" in person.get(reverse("case", args=[case.pk]))


def test_what_cannot_be_read_is_shown_again_and_nothing_is_recorded(desk: World) -> None:
    person, case = Person(cast.COLLECTOR), cast.case_of(cast.COLLECTOR)
    attempt = held(case)
    path = reverse("record", args=[case.pk, attempt.pk])
    for typed, sentence in (
        ({"fact-income": "a lot"}, "cannot be read as: Income a month"),
        ({"word_text": "fee", "word_kind": ""}, "A promise of ours needs what it is about and a day"),
        ({"word_kind": "1", "word_on": "2029-01-01"}, "A promise of ours needs what it is about and a day from"),
    ):
        answer = person.client.post(path, {"outcome": "RPC_WILLING", **typed})
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
    assert "a lot" in person.client.post(path, {"outcome": "RPC_WILLING", "fact-income": "a lot"}).content.decode()
    attempt.refresh_from_db()
    assert (attempt.state, CaseFact.objects.count(), OwnPromise.objects.count()) == ("RESERVED", 0, 0)


def test_facts_from_a_letter_are_kept_with_their_source(desk: World) -> None:
    person, case = Person(cast.COLLECTOR), cast.case_of(cast.COLLECTOR)
    path = reverse("learn", args=[case.pk])
    assert "Kept" in person.post(path, **{"fact-bureau": "REPORTED", "source": "3", "sure": "2"})
    assert "Nothing was filled in" in person.post(path, source="3", sure="2")
    assert "how sure they are" in person.post(path, **{"fact-bureau": "REPORTED"})
    assert Person(cast.COLLEAGUE).status(path, post=True, source=3, sure=2) == 404
    attempt = held(case)
    say(attempt, "self", "confirmed")
    assert "reported to the credit register" in person.get(reverse("case", args=[case.pk]))


def test_a_caller_is_found_by_number_or_reference_among_the_own_cases_only(desk: World) -> None:
    case, user = cast.case_of(cast.COLLECTOR), cast.user(cast.COLLECTOR)
    number = sealer().open(bytes(case.customer.points.get().value_sealed))
    for text in (number, f"+86 {number[:3]}-{number[3:]}", case.customer.ref.lower(), str(case.pk)):
        assert case in callers(user, text), text
        assert case not in callers(cast.user(cast.OTHER_TEAM), text)
    assert callers(user, " ") == ()
    assert "None of your cases fits" in Person(cast.OTHER_TEAM).get("/caller/", text=number)


def test_a_call_that_comes_in_at_night_is_taken_and_counts_against_nothing(desk: World) -> None:
    clock.set_demo(cast.at(23))
    case = cast.case_of(cast.COLLECTOR)
    before = case.decision
    attempt = held(case, purpose=4, direction=1)
    assert talk.standing(attempt).node == "answer"
    say(attempt, "self", "confirmed")
    contacts.record(owner_of(case), attempt.pk, "RPC_WILLING")
    case.refresh_from_db()
    assert before is not None
    clock.set_demo(cast.at(10, days(FIRST, 1)))
    assert isinstance(
        contacts.reserve(owner_of(case), case.pk, Proposed(0, case.customer.points.get().pk)), Reservation
    )


def test_rates_of_both_sides_stand_side_by_side(desk: World) -> None:
    case, user = cast.case_of(cast.COLLECTOR), cast.user(cast.COLLECTOR)
    now = clock.now_minute()
    for due, done in ((now + 10, now), (now - 10, now), (now - 10, -1), (now + 10, -1)):
        OwnPromise.objects.create(case=case, kind=Word.ANSWER, owner=user, made_at=now - 99, due_at=due, done_at=done)
    for status in ("KEPT", "KEPT", "BROKEN", "PARTLY_KEPT", "OPEN", "SUPERSEDED"):
        Promise.objects.create(case=case, made_on=FIRST, amount=1, due_on=FIRST, status=status)
    page = words_page(user)
    assert ((page.ours.kept, page.ours.judged), (page.theirs.kept, page.theirs.judged)) == ((1, 3), (2, 4))
    assert (page.ours.percent, page.theirs.percent) == (33, 50)
    assert not words_page(cast.user(cast.COLLEAGUE)).open


def test_a_share_of_kept_promises_is_said_only_from_a_hundred_on_and_above_one_half(desk: World) -> None:
    case = cast.case_of(cast.COLLECTOR)

    def judged(status: str, count: int) -> None:
        Promise.objects.bulk_create(
            Promise(case=case, made_on=FIRST, amount=1, due_on=FIRST, status=status, judged_on=FIRST)
            for _ in range(count)
        )

    judged("KEPT", 72)
    judged("BROKEN", 27)
    assert kept_share(case) == ""
    judged("PARTLY_KEPT", 1)
    assert kept_share(case) == "72 %"
    judged("BROKEN", 44)
    assert kept_share(case) == ""


def test_what_a_day_costs_is_said_only_where_every_term_is_known(desk: World) -> None:
    case = cast.case_of(cast.COLLECTOR)
    late = [a for a in case.customer.accounts.all() if a.oldest_unpaid_due]
    principal = [sum(p.amount for p in a.postings.filter(component=0)) for a in late]
    assert per_day(case) == sum(max(p, 0) * 240_000 * 1_500_000 // (10**12 * 360) for p in principal)
    late[0].penalty_ppm = -1
    late[0].save()
    assert per_day(case) is None
    assert "interest" not in {one.id for one in _told(case).consequences}


def _told(case: Case):  # type: ignore[no-untyped-def]  # the talk of a fresh contact, identity confirmed
    attempt = held(case)
    say(attempt, "self", "confirmed")
    found = case_page(owner_of(case), case.pk).talk
    assert found is not None
    return found


def second_number(life: Life) -> Point:
    person = life.case.customer
    return Point.objects.create(
        person=person, channel=Channel.CALL, value_sealed=sealer().seal("15400000002"),
        value_masked=mask_tail("15400000002"), value_index=sealer().index("15400000002"), source=PointSource.AUTHORISED,
        reserved=False,
    )  # fmt: skip


def call(life: Life, point: Point, at: str, outcome: str) -> None:
    clock.set_demo(minute(life.day, at))
    found = contacts.reserve(owner_of(life.case), life.case.pk, Proposed(Channel.CALL, point.pk))
    assert isinstance(found, Reservation)
    contacts.record(owner_of(life.case), found.attempt_id, outcome)


def test_the_number_that_is_not_answered_falls_behind_and_an_hour_that_is_comes_first(worlds: Worlds) -> None:
    with opened(worlds, "sqlite", one_borrower):
        life = Life()
        life.night(FIRST)
        first, second = Point.objects.get(), second_number(life)
        order = [way.point_id for way in case_page(owner_of(life.case), life.case.pk).possible]
        assert order == [first.pk, second.pk], "the number reserved with the lender comes first"
        for day in (0, 5):
            life.night(days(FIRST, day))
            call(life, first, "10:00", "NA")
        life.night(days(FIRST, 10))
        ways = case_page(owner_of(life.case), life.case.pk).possible
        assert [way.point_id for way in ways] == [second.pk, first.pk]
        assert ways[1].odds is not None
        assert (ways[1].odds.tries, ways[1].odds.answered, ways[1].odds.wait_for) == (2, 0, "11:00–13:30")


def test_after_three_unanswered_calls_a_text_is_planned_and_after_it_a_call_again(worlds: Worlds) -> None:
    with opened(worlds, "sqlite", one_borrower):
        life = Life()
        day, case = FIRST, life.night(FIRST)
        for _ in range(3):
            assert case.channel == Channel.CALL
            while life.night(day).action != Action.CONTACT:
                day = days(day, 1)
            call(life, Point.objects.get(), "10:00", "NA")
            case = life.case
        while life.night(day).action != Action.CONTACT:
            day = days(day, 1)
        assert life.case.channel == Channel.SMS
        way = case_page(owner_of(life.case), life.case.pk).possible[0]
        assert (way.channel, way.allowed) == (Channel.SMS, True)
        found = contacts.reserve(owner_of(life.case), life.case.pk, Proposed(Channel.SMS, way.point_id))
        assert isinstance(found, Reservation)
        assert talk.standing(Attempt.objects.get(pk=found.attempt_id)).node == "message"
        contacts.record(owner_of(life.case), found.attempt_id, "SMS_SENT")
        assert life.case.channel == Channel.CALL


def test_another_try_rests_while_a_rest_is_worth_more(worlds: Worlds) -> None:
    with opened(worlds, "sqlite", one_borrower):
        life, tried, reasons = Life(), [], set()
        for day in range(15):
            if life.night(days(FIRST, day)).action == Action.CONTACT:
                call(life, Point.objects.get(), "10:00", "NA")
                tried.append(day)
            reasons.add(life.why()[1])
        assert tried[0] == 0
        assert DecisionReason.CADENCE in reasons
        assert all(later - earlier >= 3 for earlier, later in pairwise(tried))
