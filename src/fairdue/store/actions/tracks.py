"""Tracks: opened by what somebody said or by hand, fed with evidence, extended with approval, decided, and ended.

What a track stops is stopped, and what it lifts is lifted, in the transaction of the step: the guard sees the stop, the case
is decided again, the place on the list goes or comes back, and reservations that nobody has dialled yet run out.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction

from fairdue.core.codes import Role
from fairdue.core.tracks import Step, TrackState, after, missing, stops
from fairdue.rules.outcomes import Outcome
from fairdue.rules.tracks import TrackKind
from fairdue.rules.tracks.parts import Choice
from fairdue.rules.windows import load_windows
from fairdue.store import access, audit, clock, decide
from fairdue.store.actions import legal_clocks, paid_search
from fairdue.store.actions import track_faults as faults
from fairdue.store.actions import track_work as work
from fairdue.store.actions.tasks import About, Due, Whom, end_about, open_task
from fairdue.store.locks import lock_person
from fairdue.store.models import Attempt, Case, Complaint, Point, Stop, Track, User

MAY_OPEN = frozenset({Role.COLLECTOR, Role.LEAD, Role.COMPLIANCE, Role.FINANCE, Role.AGENCY})


@transaction.atomic
def open_track(user: User, case_id: int, kind_id: str, said: str, since: date | None = None) -> Track:
    """Open a track by hand. The day of the event is today unless it was before.

    Raises `NotYours`, `UnknownTrack`, `WordsNeeded`, `DayAhead`, `RoleCannot`; one of the kind that is open gets the words.
    """
    lock_person(access.get_case(user, case_id).customer_id)
    case = access.get_case(user, case_id)
    kind = work.kind_of(kind_id)
    work.may(user, MAY_OPEN)
    if not said.strip():
        raise faults.WordsNeeded
    today = work.today_of(case)
    if since is not None and since > today:
        raise faults.DayAhead(day=since)
    track = _open(case, kind, user, said.strip(), since or today, None)
    _decide_again(track, user, "OPEN")
    return track


def open_by_outcome(attempt: Attempt, outcome: Outcome, today: date, point_was: int | None) -> Track:
    """Open the track of an outcome inside the contact's transaction, which decides the case again afterwards."""
    user = attempt.operator
    assert user is not None, "an outcome is recorded by somebody"  # noqa: S101 - what the door guarantees
    blocked = {"point": attempt.point_id, "point_was": point_was} if outcome.point_status is not None else {}
    said = attempt.note or f"{outcome.label['zh']} / {outcome.label['en']}"
    track = _open(attempt.case, work.kind_of(outcome.track), user, said, today, attempt, **blocked)
    _decide_cases(track, user, "OPEN", list(work.of_same_person(track)))
    return track


def _open(
    case: Case, kind: TrackKind, user: User, said: str, since: date, attempt: Attempt | None, **data: object
) -> Track:
    standing = Track.objects.filter(case=case, kind=kind.id, state__in=(TrackState.OPEN, TrackState.HELD)).first()
    if standing is not None:
        work.note(standing, user.username, "NOTE", said, **data)
        return standing
    last, provisional = kind.clock.last(since)
    basis = kind.clock.basis(since)
    track = Track.objects.create(
        case=case, lender=case.lender, kind=kind.id, revision=kind.revision, since=since, opened_by=user,
        attempt=attempt, said=said, due_on=last, provisional=provisional, clock_zh=basis["zh"], clock_en=basis["en"],
    )  # fmt: skip
    work.note(track, user.username, "OPEN", said, **data)
    work.words_as_evidence(track, kind, user.username)
    _stop(track, kind)
    _beside(track, kind, user)
    work.tell(track, kind.tells, user.username)
    paid_search.begin(user.username, track)
    # the words of a person stay out of the trail, which nobody can erase
    audit.write(user.username, "track.open", "track", track.pk, case=case.pk, kind=kind.id, due=last)
    _reckon(track, user)
    return track


def _beside(track: Track, kind: TrackKind, user: User) -> None:
    """A complaint has a row of its own; signs of organised claims are flagged for a person and for nothing else."""
    if kind.id == "COMPLAINT":
        Complaint.objects.create(
            track=track,
            number=f"{track.since.year}-{track.pk:07}",
            received_on=track.since,
            came_by="DESK" if user.speaks_for is None else "APP",
            category="",
        )
    track.flagged = work.flagged(track)
    if track.flagged:
        track.save(update_fields=["flagged"])
        open_task(user.username, track.lender, "LOOK_AT_SIGNALS", Whom(role=Role.COMPLIANCE),
                  about=About(track.case, "track", track.pk))  # fmt: skip


@transaction.atomic
def add_evidence(
    user: User, track_id: int, code: str, note: str, name: str = "", content: bytes = b"", *, by: str = ""
) -> None:
    """Add words or a file. Raises `NotYours`, `StepImpossible`, `UnknownEvidence`, `NothingAdded`, `FileTooLarge`."""
    track = _locked(user, track_id)
    kind = work.kind_of(track.kind)
    after(TrackState(track.state), Step.ADD_EVIDENCE)
    asked = next((known for known in kind.evidence if known.code == code), None)
    if asked is None:
        raise faults.UnknownEvidence(code=code)
    if not note.strip() and not content:
        raise faults.NothingAdded
    if len(content) > work.LARGEST:
        raise faults.FileTooLarge(megabytes=work.LARGEST // 2**20)
    made = work.keep(track, code, note.strip(), name, content, by or user.username)
    if asked.marks and not track.stops.filter(kind=asked.marks, until=None).exists():
        _put(track, asked.marks)
    work.note(track, user.username, "EVIDENCE", note.strip(), code=code, evidence=made.pk, sha256=made.file_sha256)
    audit.write(user.username, "track.evidence", "track", track.pk, code=code, sha256=made.file_sha256)


@transaction.atomic
def read_file(user: User, track_id: int, evidence_id: int) -> tuple[str, bytes]:
    """Name and bytes of a file; that somebody read it is recorded. Raises `NotYours`."""
    track = access.get_track(user, track_id)
    found = track.evidence.filter(pk=evidence_id, file_size__gt=0).first()
    if found is None:
        raise access.NotYours
    audit.write(user.username, "track.read-file", "track", track.pk, evidence=found.pk, sha256=found.file_sha256)
    return found.file_name or f"{found.code}-{found.pk}", work.content_of(found)


@transaction.atomic
def ask_extension(user: User, track_id: int, reason: str) -> None:
    """Ask for a longer time. Raises `NotYours`, `StepImpossible`, `NoExtension`, `ReasonNeeded`, `AskedAlready`."""
    track = _locked(user, track_id)
    kind = work.kind_of(track.kind)
    after(TrackState(track.state), Step.EXTEND)
    if track.extended >= len(kind.extensions):
        raise faults.NoExtension
    if track.asked_by_id is not None:
        raise faults.AskedAlready
    track.asked_by, track.asked_why = user, _reason(reason)
    track.save(update_fields=["asked_by", "asked_why"])
    for role in sorted(kind.extensions[track.extended].approvers):
        open_task(user.username, track.lender, "APPROVE_EXTENSION", Whom(role=role), due=Due(track.due_on),
                  about=About(track.case, "track", track.pk), detail=track.asked_why)  # fmt: skip
    work.note(track, user.username, "EXTENSION_ASKED", track.asked_why)
    audit.write(user.username, "track.extension-ask", "track", track.pk, reason=track.asked_why)


@transaction.atomic
def answer_extension(user: User, track_id: int, reason: str, *, grant: bool) -> Track:
    """Grant or refuse what somebody else asked for, counted from the same start.

    Raises `NotYours`, `StepImpossible`, `NothingAsked`, `RoleCannot`, `OwnRequest`, `ReasonNeeded`.
    """
    track = _locked(user, track_id)
    kind = work.kind_of(track.kind)
    after(TrackState(track.state), Step.EXTEND)
    if track.asked_by_id is None:
        raise faults.NothingAsked
    extension = kind.extensions[track.extended]
    work.may(user, extension.approvers)
    if track.asked_by_id == user.pk:
        raise faults.OwnRequest
    said = _reason(reason)
    end_about(user.username, "track", track.pk, said, only=["APPROVE_EXTENSION"])
    if grant:
        work.extend(track, extension, user.username)
    track.asked_by, track.asked_why = None, ""
    track.save()
    work.note(track, user.username, "EXTENDED" if grant else "EXTENSION_REFUSED", said, due=str(track.due_on))
    audit.write(user.username, "track.extension-grant" if grant else "track.extension-refuse", "track", track.pk,
                reason=said, due=track.due_on)  # fmt: skip
    _reckon(track, user)
    return track


@transaction.atomic
def decide_track(user: User, track_id: int, code: str, reason: str) -> Track:
    """Decide, on evidence. Raises `NotYours`, `StepImpossible` and every fault of a decision in `track_faults`."""
    track = _locked(user, track_id)
    kind = work.kind_of(track.kind)
    choice = kind.choice(code)
    if choice is None:
        raise faults.UnknownDecision(code=code)
    state = after(TrackState(track.state), Step.DECIDE, choice.then)
    work.may(user, choice.by)
    _complete(track, kind, choice, user)
    today = work.today_of(track.case)
    track.decision, track.decided_by, track.decided_on = code, user, today
    track.review_on = choice.review.last(today)[0] if choice.review else None
    _move(track, state, user, "DECIDE", _reason(reason), decision=code)
    work.tell(track, choice.tasks, user.username, choice=choice)
    return track


def _complete(track: Track, kind: TrackKind, choice: Choice, user: User) -> None:
    lacking = missing(choice.needs, track.evidence.values_list("code", flat=True))
    if lacking:
        raise faults.lacking(lacking, kind.evidence)
    against = faults.of_complaint(Complaint.objects.filter(track=track).first(), user)
    if against is not None:
        raise against


@transaction.atomic
def resume(user: User, track_id: int, reason: str) -> Track:
    """Let normal work resume. Raises `NotYours`, `StepImpossible`, `RoleCannot`, `ReasonNeeded`."""
    return _lifted(user, track_id, Step.RESUME, reason)


@transaction.atomic
def withdraw(user: User, track_id: int, reason: str) -> Track:
    """It was opened by mistake. Raises like `resume`."""
    return _lifted(user, track_id, Step.WITHDRAW, reason)


def _lifted(user: User, track_id: int, step: Step, reason: str) -> Track:
    track = _locked(user, track_id)
    state = after(TrackState(track.state), step)
    work.may(user, work.kind_of(track.kind).lifters)
    track.review_on = None
    return _move(track, state, user, step.name, _reason(reason))


@transaction.atomic
def reopen(user: User, track_id: int, reason: str) -> Track:
    """Look into it again: what it stops stops at once, and the clock begins anew. Raises like `open_track`."""
    track = _locked(user, track_id)
    kind = work.kind_of(track.kind)
    state = after(TrackState(track.state), Step.REOPEN)
    work.may(user, MAY_OPEN)
    said = _reason(reason)
    other = Track.objects.filter(case=track.case, kind=track.kind, state__in=(TrackState.OPEN, TrackState.HELD))
    if other.exclude(pk=track.pk).exists():
        raise faults.AnotherOpen
    work.start_clock(track, kind, work.today_of(track.case))
    track.decision, track.review_on = "", None
    _move(track, state, user, "REOPEN", said)
    work.tell(track, kind.tells, user.username)
    return track


def _move(track: Track, state: TrackState, user: User, step: str, reason: str, **data: object) -> Track:
    """The one place where a track changes its state: tasks, stop, list and decision follow."""
    track.state = state
    track.ended_on = None if state in {TrackState.OPEN, TrackState.HELD} else work.today_of(track.case)
    track.asked_by, track.asked_why = None, ""
    track.save()
    work.end_tasks(track, user.username, reason, withdrawn=step == Step.WITHDRAW.name)
    work.note(track, user.username, step, reason, **data)
    audit.write(user.username, f"track.{step.lower()}", "track", track.pk, reason=reason, state=state.name, **data)
    _stop(track, work.kind_of(track.kind))
    _decide_again(track, user, step)
    _reckon(track, user)
    return track


def _reckon(track: Track, user: User) -> None:
    """Where the answer stands follows at once, if it is a clock."""
    if any(window.track == track.kind for window in load_windows().values()):
        legal_clocks.refresh(user.username, track.lender, track.case.customer_id)


def _stop(track: Track, kind: TrackKind) -> None:
    """Put the track's stop on, or lift it, as its state says; numbers it blocked are in use again when it is lifted."""
    if not kind.stop:
        return
    standing = track.stops.filter(until=None)
    if not stops(TrackState(track.state)):
        standing.update(until=work.today_of(track.case))
        _unblock(track, work.today_of(track.case))
    elif not standing.filter(kind=kind.stop).exists():
        _put(track, kind.stop)


def _put(track: Track, kind: str) -> None:
    Stop.objects.create(case=track.case, kind=kind, since=work.today_of(track.case), attempt=track.attempt, track=track,
                        reason=track.said[:200])  # fmt: skip


def _unblock(track: Track, today: date) -> None:
    for event in track.events.filter(step__in=("OPEN", "NOTE")):
        if event.data.get("point"):
            Point.objects.filter(pk=event.data["point"]).update(status=event.data["point_was"], status_on=today)


def _decide_again(track: Track, user: User, step: str) -> None:
    """Decide the case anew, and every case of the same person that the stop is about too."""
    _decide_cases(track, user, step, [track.case, *work.of_same_person(track)])


def _decide_cases(track: Track, user: User, step: str, cases: list[Case]) -> None:
    kind = work.kind_of(track.kind)
    for case in cases:
        if case.closed_on is not None:
            continue
        if kind.stop and stops(TrackState(track.state)):
            work.take_off(case, clock.now_minute())
        decision = decide.after_track(case, track, step, user)
        work.put_back(case)
        audit.write(user.username, "case.decide", "case", case.pk, decision=decision.pk, track=track.pk,
                    sha256=decision.seal())  # fmt: skip


def _locked(user: User, track_id: int) -> Track:
    lock_person(access.get_track(user, track_id).case.customer_id)
    return access.get_track(user, track_id)


def _reason(reason: str) -> str:
    if not reason.strip():
        raise faults.ReasonNeeded
    return reason.strip()[:300]
