from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.db.utils import DatabaseError

import books
import cast
import track_lives
from fairdue.core.codes import Aim, Channel, PointStatus, Role
from fairdue.core.decision import Action, DecisionReason
from fairdue.core.tracks import STEPS, Step, StepImpossible, Then, TrackState, after, possible, stops
from fairdue.rules.tracks import load_tracks
from fairdue.store import access, audit, signals
from fairdue.store.access import NotYours
from fairdue.store.actions import track_faults as faults
from fairdue.store.actions import tracks
from fairdue.store.actions.contacts import Refusal, Reservation
from fairdue.store.models import AuditRow, Case, Person, Point, Task, Track, TrackEvent
from worlds import World

STOPPING = [kind.id for kind in load_tracks().values() if kind.stop]


@pytest.mark.parametrize("kind", STOPPING)
def test_what_a_track_stops_is_stopped_in_the_same_step_and_comes_back_with_it(desk: World, kind: str) -> None:
    case = track_lives.case()
    assert track_lives.listed(case)
    assert track_lives.next_is(case)
    track = tracks.open_track(cast.user(cast.COLLECTOR), case.pk, kind, "as told on the phone")
    assert not track_lives.listed(case)
    assert not track_lives.next_is(case)
    for channel in (Channel.CALL, Channel.SMS):
        refused = track_lives.ask(case, channel)
        assert isinstance(refused, Refusal)
        assert refused.next_lawful == -1, "no passage of time settles it"
    assert Case.objects.get(pk=case.pk).action == Action.STOP
    tracks.withdraw(
        cast.user(cast.OFFICER if Role.LEAD not in load_tracks()[kind].lifters else cast.LEAD), track.pk, "by mistake"
    )
    assert track_lives.listed(case)
    assert Case.objects.get(pk=case.pk).action == Action.CONTACT
    assert isinstance(track_lives.ask(case), Reservation)
    assert audit.verify() is None


def test_a_dispute_stops_on_either_database(both: World) -> None:
    case = track_lives.case()
    track = track_lives.call(case, "RPC_DISPUTE", note="金额不对，从未借过这么多")
    assert (track.kind, track.said, track.due_on) == (
        "DISPUTE",
        "金额不对，从未借过这么多",
        books.AS_OF + timedelta(days=15),
    )
    assert isinstance(track_lives.ask(case), Refusal)
    assert not track_lives.listed(case)
    assert {(t.kind, t.role) for t in Task.objects.all()} == {
        ("DECIDE_TRACK", Role.LEAD), ("COLLECT_EVIDENCE", Role.FINANCE),
    }  # fmt: skip
    track_lives.bring(track, "CONTRACT", "LEDGER", "ANSWER")
    tracks.decide_track(cast.user(cast.LEAD), track.pk, "REJECTED", "the contract and the ledger agree")
    assert Case.objects.get(pk=case.pk).reason == DecisionReason.CADENCE, (
        "talked today: the cadence, no longer the stop"
    )
    with pytest.raises(DatabaseError):
        TrackEvent.objects.update(note="rewritten")


def test_a_reservation_that_nobody_dialled_yet_runs_out_when_a_track_opens(desk: World) -> None:
    case = track_lives.case()
    held = track_lives.ask(case)
    assert isinstance(held, Reservation)
    tracks.open_track(cast.user(cast.LEAD), case.pk, "DISPUTE", "a letter came in")
    assert isinstance(track_lives.ask(case), Refusal)


def test_a_night_does_not_list_what_is_stopped_and_lists_it_again_after(desk: World) -> None:
    case = track_lives.case()
    track = tracks.open_track(cast.user(cast.COLLECTOR), case.pk, "ALREADY_PAID", "transferred yesterday")
    track_lives.sleep(books.AS_OF + timedelta(days=1))
    assert not track_lives.listed(case)
    assert Case.objects.get(pk=case.pk).aim == Aim.CHECK_PAYMENT
    track_lives.bring(track, "SEARCH", "TOLD")
    tracks.decide_track(cast.user(cast.FINANCE), track.pk, "NOT_FOUND", "nothing came")
    assert track_lives.listed(case)
    track_lives.sleep(books.AS_OF + timedelta(days=2))
    assert track_lives.listed(case)


def test_a_decision_needs_its_evidence_its_role_and_a_reason(desk: World) -> None:
    case = track_lives.case()
    track = tracks.open_track(cast.user(cast.COLLECTOR), case.pk, "DISPUTE", "never borrowed that much")
    with pytest.raises(faults.EvidenceMissing) as missing:
        tracks.decide_track(cast.user(cast.LEAD), track.pk, "REJECTED", "because")
    assert "Ledger" in missing.value.sentence("en")
    assert "账务明细" in missing.value.sentence("zh")
    track_lives.bring(track, "CONTRACT", "LEDGER", "ANSWER")
    with pytest.raises(faults.RoleCannot) as role:
        tracks.decide_track(cast.user(cast.COLLECTOR), track.pk, "REJECTED", "because")
    assert "team lead" in role.value.sentence("en")
    with pytest.raises(faults.ReasonNeeded):
        tracks.decide_track(cast.user(cast.LEAD), track.pk, "REJECTED", " ")
    with pytest.raises(faults.UnknownDecision):
        tracks.decide_track(cast.user(cast.LEAD), track.pk, "SHRUG", "because")
    assert Track.objects.get(pk=track.pk).state == TrackState.OPEN
    assert not track_lives.listed(case)


def test_an_upheld_dispute_never_comes_back_and_opens_the_corrections(desk: World) -> None:
    case = track_lives.case()
    track = track_lives.call(case, "RPC_DISPUTE", note="not mine")
    track_lives.bring(track, "LEDGER", "ANSWER")
    tracks.decide_track(cast.user(cast.LEAD), track.pk, "UPHELD", "booked on the wrong person")
    assert Track.objects.get(pk=track.pk).state == TrackState.DIVERTED
    track_lives.sleep(books.AS_OF + timedelta(days=30))
    assert isinstance(track_lives.ask(case), Refusal)
    assert not track_lives.listed(case)
    open_now = Task.objects.filter(state="OPEN").values_list("kind", "role")
    assert set(open_now) == {("CORRECT", Role.FINANCE), ("CORRECT", Role.COMPLIANCE)}


def test_nobody_approves_an_own_request_and_the_clock_counts_from_the_same_start(desk: World) -> None:
    track = tracks.open_track(cast.user(cast.COLLECTOR), track_lives.case().pk, "COMPLAINT", "called at work")
    first = track.due_on
    tracks.ask_extension(cast.user(cast.OFFICER), track.pk, "recordings must come from the agency")
    with pytest.raises(faults.AskedAlready):
        tracks.ask_extension(cast.user(cast.OFFICER), track.pk, "again")
    with pytest.raises(faults.OwnRequest):
        tracks.answer_extension(cast.user(cast.OFFICER), track.pk, "fine", grant=True)
    with pytest.raises(faults.RoleCannot):
        tracks.answer_extension(cast.user(cast.COLLECTOR), track.pk, "fine", grant=True)
    made = tracks.answer_extension(cast.user(cast.LEAD), track.pk, "it is complex", grant=True)
    assert (first - track.since, made.due_on - track.since) == (timedelta(15), timedelta(30))
    assert Task.objects.get(kind="ANSWER_COMPLAINT").due_on == made.due_on
    assert Task.objects.filter(kind="ANSWER", role=Role.COMPLIANCE, due_on=first).exists(), (
        "the customer is told in time"
    )
    second = cast.user(cast.FINANCE)
    tracks.ask_extension(second, track.pk, "an expert is heard")
    with pytest.raises(faults.RoleCannot):
        tracks.answer_extension(cast.user(cast.LEAD), track.pk, "fine", grant=True)
    made = tracks.answer_extension(cast.user(cast.OFFICER), track.pk, "board approved, minutes 12", grant=True)
    assert made.due_on - track.since == timedelta(60)
    with pytest.raises(faults.NoExtension):
        tracks.ask_extension(second, track.pk, "and more")


def test_an_extension_that_is_refused_changes_no_day(desk: World) -> None:
    track = tracks.open_track(cast.user(cast.COLLECTOR), track_lives.case().pk, "DISPUTE", "too much interest")
    tracks.ask_extension(cast.user(cast.COLLECTOR), track.pk, "the archive is slow")
    made = tracks.answer_extension(cast.user(cast.LEAD), track.pk, "the archive is on line", grant=False)
    assert (made.due_on, made.extended, made.asked_by) == (track.due_on, 0, None)
    with pytest.raises(faults.NothingAsked):
        tracks.answer_extension(cast.user(cast.LEAD), track.pk, "again", grant=True)


def test_what_is_held_stays_stopped_until_somebody_resumes_it(desk: World) -> None:
    case = track_lives.case()
    track = tracks.open_track(cast.user(cast.COLLECTOR), case.pk, "ILLNESS", "in hospital until May")
    tracks.decide_track(cast.user(cast.LEAD), track.pk, "RESTS", "left in peace")
    held = Track.objects.get(pk=track.pk)
    assert (held.state, held.review_on) == (TrackState.HELD, books.AS_OF + timedelta(days=30))
    review = Task.objects.get(kind="REVIEW_TRACK")
    assert (review.due_on, review.role) == (held.review_on, Role.LEAD)
    track_lives.sleep(books.AS_OF + timedelta(days=40))
    assert not track_lives.listed(case), "a review that is late frees nobody"
    with pytest.raises(faults.RoleCannot):
        tracks.resume(cast.user(cast.COLLECTOR), track.pk, "better")
    tracks.resume(cast.user(cast.LEAD), track.pk, "back at home, wants a plan")
    assert track_lives.listed(case)


def test_what_was_ended_is_opened_again_and_stops_again(desk: World) -> None:
    case = track_lives.case()
    track = tracks.open_track(cast.user(cast.COLLECTOR), case.pk, "DISPUTE", "wrong interest")
    track_lives.bring(track, "CONTRACT", "LEDGER", "ANSWER")
    tracks.decide_track(cast.user(cast.LEAD), track.pk, "REJECTED", "agrees with the contract")
    track_lives.at(books.AS_OF + timedelta(days=3))
    again = tracks.reopen(cast.user(cast.COLLECTOR), track.pk, "a receipt turned up")
    assert (again.state, again.since) == (TrackState.OPEN, books.AS_OF + timedelta(days=3))
    assert isinstance(track_lives.ask(case), Refusal)
    assert Task.objects.filter(kind="DECIDE_TRACK", state="OPEN").count() == 1


def test_two_tracks_stop_until_both_are_lifted(desk: World) -> None:
    case = track_lives.case()
    one = tracks.open_track(cast.user(cast.COLLECTOR), case.pk, "DISPUTE", "wrong interest")
    other = tracks.open_track(cast.user(cast.COLLECTOR), case.pk, "ILLNESS", "in hospital")
    tracks.withdraw(cast.user(cast.LEAD), one.pk, "taken back")
    assert isinstance(track_lives.ask(case), Refusal)
    tracks.withdraw(cast.user(cast.LEAD), other.pk, "taken back")
    assert isinstance(track_lives.ask(case), Reservation)


def test_one_of_a_kind_at_a_time_gathers_what_is_said(desk: World) -> None:
    case = track_lives.case()
    one = tracks.open_track(cast.user(cast.COLLECTOR), case.pk, "DISPUTE", "wrong interest")
    same = tracks.open_track(cast.user(cast.LEAD), case.pk, "DISPUTE", "and wrong fees")
    assert same == one
    assert [event.note for event in one.events.order_by("pk")] == ["wrong interest", "and wrong fees"]
    with pytest.raises(IntegrityError):
        Track.objects.create(case=case, lender=case.lender, kind="DISPUTE", since=one.since, due_on=one.due_on)


def test_a_number_that_fraud_blocked_is_in_use_again_when_nothing_was_shown(desk: World) -> None:
    case = track_lives.case()
    track = track_lives.call(case, "FRAUD_ID", note="somebody used my identity card")
    assert Point.objects.get(person=case.customer).status == PointStatus.BLOCKED
    track_lives.bring(track, "ORIGIN", "COMPARED", "ANSWER")
    tracks.decide_track(cast.user(cast.OFFICER), track.pk, "NOT_SHOWN", "face and signature agree")
    assert Point.objects.get(person=case.customer).status == PointStatus.GOOD


def test_a_stop_about_the_person_outlives_the_case_and_one_about_a_debt_does_not(desk: World) -> None:
    case = track_lives.case()
    death = track_lives.call(case, "DECEASED", note="the son says so")
    track_lives.bring(death, "DEATH", "HEIRS")
    tracks.decide_track(cast.user(cast.OFFICER), death.pk, "NO_ESTATE", "all heirs renounced")
    Case.objects.filter(pk=case.pk).update(closed_on=books.AS_OF, close_reason="CURED")
    track_lives.sleep(books.AS_OF + timedelta(days=1))
    new = Case.objects.get(customer=case.customer, closed_on=None)
    assert (new.action, new.reason) == (Action.STOP, DecisionReason.PAUSED)
    death.stops.update(kind="DISPUTE")
    Track.objects.filter(pk=death.pk).update(kind="DISPUTE")
    track_lives.sleep(books.AS_OF + timedelta(days=2))
    new.refresh_from_db()
    assert new.reason != DecisionReason.DISPUTED


def test_another_teams_track_is_not_there(desk: World) -> None:
    track = tracks.open_track(cast.user(cast.COLLECTOR), track_lives.case().pk, "DISPUTE", "wrong interest")
    sees = {name for name in cast.EVERYBODY if access.tracks_for(cast.user(name)).filter(pk=track.pk).exists()}
    assert sees == {cast.COLLECTOR, cast.LEAD, cast.OFFICER, cast.FINANCE}
    for name in set(cast.EVERYBODY) - sees:
        for step in (tracks.resume, tracks.withdraw, tracks.reopen, tracks.ask_extension):
            with pytest.raises(NotYours):
                step(cast.user(name), track.pk, "because")
        with pytest.raises(NotYours):
            tracks.open_track(cast.user(name), track.case_id, "DISPUTE", "x")
    assert TrackEvent.objects.count() == 1


def test_a_track_needs_words_a_kind_and_a_day_that_was(desk: World) -> None:
    case = track_lives.case()
    who = cast.user(cast.COLLECTOR)
    for kind, said, since, fault in (
        ("DISPUTE", " ", None, faults.WordsNeeded), ("NONSENSE", "x", None, faults.UnknownTrack),
        ("DISPUTE", "x", books.AS_OF + timedelta(days=1), faults.DayAhead),
    ):  # fmt: skip
        with pytest.raises(fault):
            tracks.open_track(who, case.pk, kind, said, since)
    assert not Track.objects.exists()
    assert track_lives.listed(case)


def test_evidence_is_a_text_or_a_file_that_comes_back_byte_for_byte(desk: World) -> None:
    from fairdue.store.actions import track_work

    track = tracks.open_track(cast.user(cast.COLLECTOR), track_lives.case().pk, "DISPUTE", "wrong interest")
    content = bytes(range(256)) * 40
    tracks.add_evidence(cast.user(cast.COLLECTOR), track.pk, "CONTRACT", "", "../../合同.pdf", content)
    made = track.evidence.get(code="CONTRACT")
    assert (made.file_name, made.file_size, track_work.content_of(made)) == ("合同.pdf", len(content), content)
    assert content[:64] not in bytes(made.file_sealed or b"")
    for code, note, sent, fault in (
        ("SHOE", "x", b"", faults.UnknownEvidence), ("CONTRACT", " ", b"", faults.NothingAdded),
        ("CONTRACT", "", bytes(track_work.LARGEST + 1), faults.FileTooLarge),
    ):  # fmt: skip
        with pytest.raises(fault):
            tracks.add_evidence(cast.user(cast.COLLECTOR), track.pk, code, note, "x", sent)


def test_the_same_words_of_many_are_flagged_for_a_person_and_for_nothing_else(desk: World) -> None:
    cases = list(Case.objects.filter(owner__isnull=False, closed_on=None)[:4])
    words = "根据相关法律法规，贵司综合年化利率超过法定上限，本人要求立即停止催收并提供全部合同材料。"
    made = [tracks.open_track(books.owner_of(case), case.pk, "DISPUTE", words) for case in cases[:3]]
    assert [track.flagged for track in made] == [[], [], [{"code": "SAME_WORDS", "count": 2}]]
    assert Task.objects.get(kind="LOOK_AT_SIGNALS").role == Role.COMPLIANCE
    plain = tracks.open_track(
        books.owner_of(cases[3]), cases[3].pk, "DISPUTE", "上个月的利息好像多算了，请帮我核对一下流水。"
    )
    assert plain.flagged == []
    assert (made[2].due_on, made[2].state) == (plain.due_on, plain.state), "nothing is handled otherwise"


def test_texts_are_alike_by_their_pieces_whatever_the_punctuation() -> None:
    one, other = "本人要求立即停止催收", "本人，要求立即停止催收！"
    assert signals.similar_ppm(signals.pieces(one), signals.pieces(other)) == 1_000_000
    assert signals.similar_ppm(signals.pieces(one), signals.pieces("我下周发工资就还")) == 0
    assert signals.similar_ppm(signals.pieces(""), signals.pieces(one)) == 0


def test_every_way_through_the_states_keeps_the_stop_until_somebody_lifts_it() -> None:
    import random

    draw = random.Random(20260930)
    lifting = {Step.RESUME, Step.WITHDRAW}
    for _ in range(2000):
        state = TrackState.OPEN
        for _ in range(8):
            step, then = draw.choice(list(Step)), draw.choice(list(Then))
            try:
                to = after(state, step, then)
            except StepImpossible:
                assert step not in possible(state)
                continue
            if stops(state) and not stops(to):
                assert step in lifting or (step == Step.DECIDE and then == Then.RESUME)
            state = to


def test_a_decision_without_what_it_leads_to_is_no_step() -> None:
    with pytest.raises(StepImpossible):
        after(TrackState.OPEN, Step.DECIDE)
    assert set(STEPS) == set(TrackState)


@pytest.mark.parametrize("how", ["by hand", "by outcome"])
def test_who_died_under_one_customer_number_is_left_in_peace_under_all(both: World, how: str) -> None:
    case, other = track_lives.case(), cast.case_of(cast.COLLECTOR, 1)
    Person.objects.filter(pk__in=(case.customer_id, other.customer_id)).update(human=case.customer_id)
    if how == "by hand":
        track = tracks.open_track(cast.user(cast.LEAD), case.pk, "DEATH", "a letter from the family")
    else:
        track = track_lives.call(case, "DECEASED", note="the son says so")
    assert not track_lives.listed(other)
    assert isinstance(track_lives.ask(other), Refusal)
    track_lives.bring(track, "DEATH", "ALIVE")
    tracks.decide_track(cast.user(cast.OFFICER), track.pk, "ALIVE", "came to the branch")
    assert track_lives.listed(other)
    assert isinstance(track_lives.ask(other), Reservation)


def test_a_dispute_of_one_debt_does_not_stop_another(desk: World) -> None:
    case, other = track_lives.case(), cast.case_of(cast.COLLECTOR, 1)
    Person.objects.filter(pk__in=(case.customer_id, other.customer_id)).update(human=case.customer_id)
    tracks.open_track(cast.user(cast.LEAD), case.pk, "DISPUTE", "wrong interest on the card")
    assert track_lives.listed(other)
    assert isinstance(track_lives.ask(other), Reservation)


def test_what_stops_nothing_leaves_the_list_and_a_reservation_alone(desk: World) -> None:
    case = track_lives.case()
    held = track_lives.ask(case)
    tracks.open_track(cast.user(cast.LEAD), case.pk, "HARDSHIP", "lost the job")
    assert track_lives.ask(case) == held
    assert track_lives.listed(case)


def test_the_words_of_a_person_are_not_in_the_trail_that_nobody_can_erase(desk: World) -> None:
    track = track_lives.call(track_lives.case(), "RPC_DISPUTE", note="my neighbour Li Hua has seen it")
    tracks.add_evidence(cast.user(cast.LEAD), track.pk, "CUSTOMER", "a letter of Li Hua")
    rows = AuditRow.objects.filter(subject="track")
    assert rows.count() == 2
    assert "Li Hua" not in " ".join(f"{row.reason} {row.data}" for row in rows)


def test_a_decision_ends_what_it_settles_and_leaves_what_is_still_to_be_done(desk: World) -> None:
    track = track_lives.call(track_lives.case(), "FRAUD_ID", note="not me")
    tracks.ask_extension(cast.user(cast.LEAD), track.pk, "the police are slow")
    track_lives.bring(track, "ORIGIN", "COMPARED", "ANSWER")
    tracks.decide_track(cast.user(cast.OFFICER), track.pk, "NOT_SHOWN", "face and signature agree")
    assert dict(Task.objects.filter(about_id=track.pk).values_list("kind", "state")) == {
        "DECIDE_TRACK": "DONE", "TELL": "OPEN", "COLLECT_EVIDENCE": "CANCELLED", "APPROVE_EXTENSION": "CANCELLED",
    }  # fmt: skip
    tracks.reopen(cast.user(cast.LEAD), track.pk, "new evidence")
    tracks.withdraw(cast.user(cast.OFFICER), track.pk, "by mistake")
    assert not Task.objects.filter(about_id=track.pk, state="OPEN").exists()
