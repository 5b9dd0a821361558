"""Lives that leave the normal work, told by dates: what stops, who hears of it, who decides, and how work resumes."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

import books
import cast
import track_lives
from fairdue.core.codes import Aim, Channel, Party, PointSource, PointStatus, Purpose, Role
from fairdue.core.decision import Action, DecisionReason
from fairdue.core.tracks import TrackState
from fairdue.store import audit, clock, decide
from fairdue.store.actions import answers, contacts, tracks
from fairdue.store.actions.answers import Findings, Letter
from fairdue.store.actions.contacts import Proposed, Refusal, Reservation
from fairdue.store.models import Case, Complaint, Decision, Link, Person, Point, Stop, Task, Track
from fairdue.store.seal import sealer
from worlds import World

DAY0 = books.AS_OF


def day(count: int) -> date:
    return DAY0 + timedelta(days=count)


def now(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def related(case: Case, party: Party, number: str) -> Point:
    """Somebody linked to the customer, with a number the contract names."""
    person = Person.objects.create(lender=case.lender, ref=f"R{number}", zone="Asia/Shanghai")
    Link.objects.create(customer=case.customer, person=person, party=party)
    return Point.objects.create(
        person=person, channel=Channel.CALL, value_sealed=sealer().seal(number), value_masked="***", value_index=number,
        source=PointSource.CONTRACT, reserved=True,
    )  # fmt: skip


def test_who_refuses_is_asked_for_the_cause_and_rests_and_nothing_else_happens(desk: World) -> None:
    case = track_lives.case()
    held = track_lives.ask(case)
    assert isinstance(held, Reservation)
    done = contacts.record(books.owner_of(case), held.attempt_id, "RPC_REFUSE")
    assert (done.next_aim, done.reason) == (Aim.LEARN_CAUSE, DecisionReason.CADENCE)
    assert not Track.objects.exists()
    assert not Stop.objects.exists(), "a refusal to pay is no reason to stop, and none to press"
    track_lives.sleep(day(1))
    assert now(case).reason == DecisionReason.CADENCE
    assert not track_lives.listed(case)


def test_a_dispute_that_is_rejected_goes_on_after_a_written_answer(desk: World) -> None:
    case = track_lives.case()
    track = track_lives.call(case, "RPC_DISPUTE", note="利息算错了")
    assert now(case).aim == Aim.SETTLE_DISPUTE
    for count in (1, 7, 14):
        track_lives.sleep(day(count))
        assert not track_lives.listed(case)
        assert isinstance(track_lives.ask(case), Refusal)
    track_lives.bring(track, "CONTRACT", "LEDGER")
    made = answers.write_answer(
        cast.user(cast.LEAD), track.pk, Letter("REJECTED", "按合同第三条计息，复核无误。", "", "zh")
    )
    assert made.code == "ANSWER"
    tracks.decide_track(cast.user(cast.LEAD), track.pk, "REJECTED", "interest follows clause 3")
    assert track_lives.listed(case)
    assert isinstance(track_lives.ask(case), Reservation)
    assert not Task.objects.filter(about="track", state="OPEN").exists()
    assert audit.verify() is None


def test_a_dispute_that_is_upheld_ends_in_corrections_and_nobody_calls_again(desk: World) -> None:
    case = track_lives.case()
    track = track_lives.call(case, "RPC_DISPUTE", note="这笔不是我借的")
    track_lives.bring(track, "LEDGER", "ANSWER")
    track_lives.at(day(9))
    tracks.decide_track(cast.user(cast.OFFICER), track.pk, "UPHELD", "another customer's account")
    due = {(t.role, t.due_on) for t in Task.objects.filter(kind="CORRECT")}
    assert due == {(Role.FINANCE, day(15)), (Role.COMPLIANCE, day(15))}, "five working days, over National Day"
    for count in (10, 30, 60):
        track_lives.sleep(day(count))
        assert (now(case).action, track_lives.listed(case)) == (Action.STOP, False)
    tracks.reopen(cast.user(cast.LEAD), track.pk, "the correction named the wrong account")
    track_lives.bring(track, "CONTRACT")
    tracks.decide_track(cast.user(cast.LEAD), track.pk, "UPHELD_IN_PART", "half of it is owed")
    assert now(case).action == Action.CONTACT
    assert audit.verify() is None


def test_after_a_death_the_family_may_be_asked_who_inherits_and_is_never_collected_from(desk: World) -> None:
    case = track_lives.case()
    son = related(case, Party.CONTACT, "15499990001")
    track = track_lives.call(case, "DECEASED", note="儿子接听，称父亲上月去世")
    assert (track.kind, track.due_on) == ("DEATH", day(30))
    assert Point.objects.get(person=case.customer).status == PointStatus.BLOCKED
    ask_heirs = Proposed(Channel.CALL, son.pk, party=Party.CONTACT, purpose=Purpose.REACH_SUCCESSOR)
    collect = Proposed(Channel.CALL, son.pk, party=Party.CONTACT, purpose=Purpose.COLLECT)
    assert told(case, ask_heirs) == "", "a word on the phone shows no death: the fact is not known"
    track_lives.bring(track, "DEATH")
    assert told(case, ask_heirs) == "YES"
    assert refused_by(case, ask_heirs) == set()
    assert {"CN-PARTY-01", "CN-PARTY-02"} & refused_by(case, collect), "never for money"
    track_lives.bring(track, "HEIRS", "ESTATE", "NOTICE")
    track_lives.at(day(25))
    tracks.decide_track(cast.user(cast.OFFICER), track.pk, "ESTATE_CLAIM", "estate of 12,000.00, two heirs")
    assert Track.objects.get(pk=track.pk).state == TrackState.DIVERTED
    track_lives.sleep(day(90))
    assert (now(case).action, now(case).reason) == (Action.STOP, DecisionReason.PAUSED)
    assert isinstance(track_lives.ask(case), Refusal)
    assert audit.verify() is None


def test_who_was_reported_dead_and_lives_is_worked_as_before(desk: World) -> None:
    case = track_lives.case()
    track = track_lives.call(case, "DECEASED", note="said a neighbour")
    track_lives.bring(track, "DEATH", "ALIVE")
    track_lives.at(day(3))
    tracks.decide_track(cast.user(cast.OFFICER), track.pk, "ALIVE", "came to the branch with the identity card")
    assert Point.objects.get(person=case.customer).status == PointStatus.GOOD
    assert not case.stops.filter(until=None).exists(), "the mark of the death is lifted with the stop"
    assert isinstance(track_lives.ask(case), Reservation)


def told(case: Case, wanted: Proposed) -> str:
    """What the guard was told about the debtor's capacity."""
    judged = decide.judge_all(decide.ask(now(case), clock.now_minute()), [wanted], books.owner_of(now(case)))
    return str(judged.facts.row(0).get("debtor_incapable", ""))


def refused_by(case: Case, wanted: Proposed) -> set[str]:
    """The rules that stand against a contact; a place that was taken is given back."""
    owner = books.owner_of(now(case))
    answer = contacts.reserve(owner, case.pk, wanted)
    if isinstance(answer, Reservation):
        contacts.release(owner, answer.attempt_id)
        return set()
    return {said["rule"] for said in json.loads(Decision.objects.get(pk=answer.decision_id).verdict)}


def test_a_wrong_number_is_no_track_and_a_stolen_identity_is(desk: World) -> None:
    case = track_lives.case()
    held = track_lives.ask(case)
    assert isinstance(held, Reservation)
    done = contacts.record(books.owner_of(case), held.attempt_id, "TPC_UNKNOWN_PERSON")
    assert done.next_aim == Aim.RESTORE_CONTACT
    assert not Track.objects.exists()
    assert Point.objects.get(person=case.customer).status == PointStatus.WRONG

    other = cast.case_of(cast.COLLECTOR)
    track = track_lives.call(other, "FRAUD_ID", note="身份证丢过，从未办过贷款")
    who = {(t.kind, t.role) for t in Task.objects.filter(about_id=track.pk)}
    assert who == {("DECIDE_TRACK", Role.COMPLIANCE), ("TELL", Role.LEAD), ("COLLECT_EVIDENCE", Role.FINANCE)}
    track_lives.bring(track, "STATEMENT", "ORIGIN", "COMPARED", "ANSWER")
    track_lives.at(day(20))
    tracks.decide_track(cast.user(cast.OFFICER), track.pk, "NOT_THEIR_DEBT", "another face at the identity check")
    track_lives.sleep(day(21))
    assert (now(other).action, track_lives.listed(other)) == (Action.STOP, False)
    assert Task.objects.filter(kind="CORRECT", state="OPEN").count() == 2


def test_a_complaint_takes_its_time_with_approval_and_ends_with_a_letter(desk: World) -> None:
    case = track_lives.case()
    track = track_lives.call(case, "RPC_COMPLAINT", note="晚上十点多还打电话，要求道歉")
    assert (track.due_on, Complaint.objects.get().number) == (day(15), f"2026-{track.pk:07}")
    track_lives.at(day(12))
    tracks.ask_extension(cast.user(cast.OFFICER), track.pk, "the agency has not sent its recordings")
    tracks.answer_extension(cast.user(cast.LEAD), track.pk, "approved", grant=True)
    track.refresh_from_db()
    assert track.due_on == day(30)
    told_first = Task.objects.get(kind="ANSWER", about_id=track.pk)
    assert told_first.due_on == day(15), "the customer hears of it before the first clock runs out"
    track_lives.at(day(28))
    officer = cast.user(cast.OFFICER)
    answers.sort_complaint(officer, track.pk, Findings(
        category="TIME", came_by="DESK", root_cause="SYSTEM", wants="an apology", findings="the call was at 22:07",
        redress="an apology; the agency is warned", learned="the dialler of the agency stops at 21:30",
    ))  # fmt: skip
    answers.write_answer(officer, track.pk, Letter("UPHELD", "来电时间为22:07，超出约定时间。", "向您致歉。", "zh"))
    tracks.decide_track(officer, track.pk, "UPHELD", "the recording shows it")
    assert now(case).action == Action.CONTACT
    complaint = Complaint.objects.get()
    assert (complaint.regulator_class, complaint.answered_on) == ("COLLECTION", day(28))
    assert audit.verify() is None


def test_a_bankruptcy_diverts_and_comes_back_only_on_the_courts_paper(desk: World) -> None:
    case = track_lives.case()
    track = tracks.open_track(cast.user(cast.COLLECTOR), case.pk, "BANKRUPTCY", "court notice of 28 September", day(-2))
    assert (track.since, track.due_on) == (day(-2), day(10)), (
        "five working days over National Day and the day worked for it"
    )
    assert isinstance(track_lives.ask(case), Refusal)
    track_lives.bring(track, "ORDER", "CLAIM", "FILED")
    tracks.decide_track(cast.user(cast.OFFICER), track.pk, "CLAIM_FILED", "filed with the administrator")
    track_lives.sleep(day(60))
    assert not track_lives.listed(case)
    tracks.reopen(cast.user(cast.OFFICER), track.pk, "the court closed it without discharge")
    track_lives.bring(track, "ENDED")
    tracks.decide_track(cast.user(cast.OFFICER), track.pk, "DISMISSED", "order of 27 November")
    assert now(case).action == Action.CONTACT
    assert audit.verify() is None


@pytest.mark.parametrize(("lang", "said"), [("en", "1 day overdue"), ("zh", "已超期 1 天")])
def test_the_command_warns_and_fails_when_a_clock_has_run_out(
    desk: World, lang: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from click.testing import CliRunner

    from fairdue.commands.tracks import tracks_due

    monkeypatch.setenv("FAIRDUE_LANG", lang)
    track = tracks.open_track(cast.user(cast.COLLECTOR), track_lives.case().pk, "COMPLAINT", "too often")
    run = CliRunner().invoke
    assert run(tracks_due, ["--lender", "bank"]).exit_code == 0
    track_lives.at(track.due_on)
    near = run(tracks_due, ["--lender", "bank", "--json"])
    assert (near.exit_code, json.loads(near.output)["tracks"][0]["days_left"]) == (0, 0)
    track_lives.at(track.due_on + timedelta(days=1))
    late = run(tracks_due, ["--lender", "bank"])
    assert (late.exit_code, said in late.output) == (1, True)
    tracks.withdraw(cast.user(cast.OFFICER), track.pk, "by mistake")
    assert run(tracks_due, ["--lender", "bank"]).exit_code == 0


def test_the_report_counts_what_came_in_and_what_was_decided_in_time(desk: World) -> None:
    from click.testing import CliRunner

    from fairdue.commands.tracks import tracks_complaints
    from fairdue.docgen.answers import COMPLAINTS

    officer = cast.user(cast.OFFICER)
    for number in range(2):
        case = cast.case_of(cast.COLLECTOR)
        track = tracks.open_track(cast.user(cast.COLLECTOR), case.pk, "COMPLAINT", "too often, and at night")
        answers.sort_complaint(
            officer, track.pk, Findings(category="TIME", root_cause="SYSTEM", learned="stops at 21:30")
        )
        track_lives.bring(track, "ANSWER")
        track_lives.at(day(20 * number))
        tracks.decide_track(officer, track.pk, "UPHELD", "the recording shows it")
        track_lives.at(DAY0)
    said = CliRunner().invoke(
        tracks_complaints, ["--lender", "bank", "--from", DAY0.isoformat(), "--to", DAY0.isoformat(), "--json"]
    )
    found = json.loads(said.output)
    assert set(found) == set(COMPLAINTS)
    assert (found["received"], found["decided"], found["in_time"]) == (2, 2, 1)
    assert found["rows"] == [{
        "decision": "UPHELD", "regulator_class": "COLLECTION", "category": "TIME", "came_by": "DESK",
        "root_cause": "SYSTEM", "count": 2,
    }]  # fmt: skip
