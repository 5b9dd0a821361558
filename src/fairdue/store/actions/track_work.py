"""The steps inside a track's step: its history, evidence, clock and tasks, and the case's place on the list."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from datetime import date
from pathlib import PurePath

import filetype

from fairdue.core.codes import Role
from fairdue.core.decision import Action
from fairdue.core.errors import Lang
from fairdue.rules.tracks import TrackKind, load_tracks
from fairdue.rules.tracks.parts import Choice, Extension, Tell
from fairdue.store import clock, signals, vault
from fairdue.store.actions import track_faults as faults
from fairdue.store.actions.tasks import About, Due, Whom, end_about, open_task
from fairdue.store.models import Attempt, Case, Task, Track, TrackEvent, TrackEvidence, User, WorkItem
from fairdue.store.seal import sealer

PACKERS = frozenset({Role.COMPLIANCE, Role.LEAD})  # who may take a whole file of a case out of the house
LARGEST = 8 * 2**20  # bytes of one file: scans and photographs, no films; a judgement of ours


def kind_of(kind_id: str) -> TrackKind:
    """The kind by its id. Raises `UnknownTrack`."""
    kind = load_tracks().get(kind_id)
    if kind is None:
        raise faults.UnknownTrack(kind=kind_id)
    return kind


def may(user: User, roles: frozenset[Role]) -> None:
    """Raises `RoleCannot` unless the user has one of the roles."""
    if Role(user.role) not in roles:
        named = sorted(roles)
        raise faults.RoleCannot(
            roles=", ".join(role.en.lower() for role in named), roles_zh="、".join(role.zh for role in named)
        )


def today_of(case: Case) -> date:
    """The business date at the lender's place."""
    return clock.business_date(clock.now_minute(), case.lender.zone)


def note(track: Track, actor: str, step: str, text: str, **data: object) -> TrackEvent:
    """One line of the track's history."""
    return TrackEvent.objects.create(track=track, at=clock.now_minute(), actor=actor, step=step, note=text, data=data)


def keep(track: Track, code: str, text: str, name: str, content: bytes, by: str) -> TrackEvidence:
    """Words, or a file sealed in the vault under its hash."""
    case = track.case
    kept = vault.keep(
        content, name=name, media_type=filetype.guess_mime(content) or "application/octet-stream", kind="evidence",
        keep_until=None, actor=by, lender=case.lender, person=case.customer,
    ) if content else None  # fmt: skip
    return TrackEvidence.objects.create(
        track=track, code=code, note=text, file_name=PurePath(name).name[:200], file=kept,
        file_sha256=hashlib.sha256(content).hexdigest() if content else "", file_size=len(content), added_by=by,
        at=clock.now_minute(),
    )  # fmt: skip


def content_of(evidence: TrackEvidence) -> bytes:
    """The file of a piece of evidence; nothing where it is words only. Raises `FileGone`."""
    if evidence.file is not None:
        return vault.read(evidence.file)
    return base64.b64decode(sealer().open(bytes(evidence.file_sealed))) if evidence.file_sealed else b""


def words_as_evidence(track: Track, kind: TrackKind, actor: str) -> None:
    """What the person said is the first evidence, where the kind counts it."""
    for known in kind.evidence:
        if known.words and track.said:
            keep(track, known.code, track.said, "", b"", actor)


def flagged(track: Track) -> list[dict[str, object]]:
    """Signs of organised claims, for a person to look at."""
    return [{"code": sign.code, "count": sign.count} for sign in signals.of_track(track)]


def start_clock(track: Track, kind: TrackKind, since: date) -> None:
    """Begin the clock anew from an event."""
    track.since, track.extended = since, 0
    track.due_on, track.provisional = kind.clock.last(since)
    basis = kind.clock.basis(since)
    track.clock_zh, track.clock_en = basis["zh"], basis["en"]


def extend(track: Track, extension: Extension, actor: str) -> None:
    """Move the last day, counted from the same start; the tasks that were due with the track move along."""
    before = track.due_on
    track.extended += 1
    track.due_on, track.provisional = extension.clock.last(track.since)
    basis = extension.clock.basis(track.since)
    track.clock_zh, track.clock_en = basis["zh"], basis["en"]
    Task.objects.filter(about="track", about_id=track.pk, state=Task.OPEN, due_on=before).update(
        due_on=track.due_on, clock=dict(basis)
    )
    if extension.tells_customer:
        detail: dict[Lang, str] = {
            "zh": f"告知客户：期限延长至 {track.due_on}，{extension.when['zh']}",
            "en": f"Tell the customer that it takes until {track.due_on}: {extension.when['en']}",
        }
        open_task(actor, track.lender, "ANSWER", Whom(role=Role.COMPLIANCE), due=Due(before, clock=basis),
                  about=About(track.case, "track", track.pk), detail=detail)  # fmt: skip


def tell(track: Track, tells: Iterable[Tell], actor: str, choice: Choice | None = None) -> None:
    """Make the tasks of an opening or of a decision, and that of its review."""
    today = today_of(track.case)
    about = About(track.case, "track", track.pk)
    for one in tells:
        own = one.clock.basis(today) if one.clock else {"zh": track.clock_zh, "en": track.clock_en}
        due = Due(one.clock.last(today)[0] if one.clock else track.due_on, clock=own)  # type: ignore[arg-type]  # zh and en
        team = track.case.team if one.role == Role.LEAD else None
        open_task(
            actor, track.lender, one.task, Whom(team=team, role=one.role), due=due, about=about, detail=one.detail
        )
    if choice is not None and choice.review is not None:
        due = Due(track.review_on, clock=choice.review.basis(today))
        role = min(choice.by)
        team = track.case.team if role == Role.LEAD else None
        open_task(
            actor, track.lender, "REVIEW_TRACK", Whom(team=team, role=role), due=due, about=about, detail=choice.next
        )


DECIDED = ("DECIDE_TRACK", "ANSWER_COMPLAINT", "REVIEW_TRACK", "FOUND_MAYBE")  # done by the step itself
MOOT = ("COLLECT_EVIDENCE", "APPROVE_EXTENSION")  # nobody needs them any more


def end_tasks(track: Track, actor: str, reason: str, *, withdrawn: bool) -> None:
    """End what the step has settled; whoever must know, correct or tell the customer still has to."""
    if withdrawn:
        end_about(actor, "track", track.pk, reason, done=False)
        return
    end_about(actor, "track", track.pk, reason, only=DECIDED)
    end_about(actor, "track", track.pk, reason, only=MOOT, done=False)


def of_same_person(track: Track) -> tuple[Case, ...]:
    """Other open cases of the same human at the lender, where the track is about the person and not about one debt."""
    human = track.case.customer.human
    if human is None or not kind_of(track.kind).follows_person:
        return ()
    found = Case.objects.filter(customer__human=human, lender_id=track.lender_id, closed_on=None).exclude(
        pk=track.case_id
    )
    return tuple(found.select_related("customer", "lender"))


def take_off(case: Case, now: int) -> None:
    """Nobody works it any more today: the place on the list is done, and what was reserved may not be dialled now."""
    WorkItem.objects.filter(case=case, done_at__lt=0).update(done_at=now)
    Attempt.objects.filter(case=case, state=Attempt.RESERVED, expires_at__gt=now).update(expires_at=now)
    Case.objects.filter(pk=case.pk).update(locked_by=None, locked_until=-1)


def take_off_all(cases: list[int], now: int) -> None:
    """The same for many."""
    WorkItem.objects.filter(case__in=cases, done_at__lt=0).update(done_at=now)
    Attempt.objects.filter(case__in=cases, state=Attempt.RESERVED, expires_at__gt=now).update(expires_at=now)
    held = Case.objects.filter(pk__in=cases).exclude(locked_by=None, locked_until=-1)
    held.update(locked_by=None, locked_until=-1)


def put_back(case: Case) -> None:
    """A case that may be contacted again gets its place on the owner's list of today back, or one behind the others."""
    if case.action != Action.CONTACT or case.owner_id is None:
        return
    place = WorkItem.objects.filter(case=case, as_of=today_of(case)).first()
    if place is not None:
        worked = case.attempts.filter(state=Attempt.CONFIRMED, at__gte=_midnight(case)).exists()
        if not worked:
            WorkItem.objects.filter(pk=place.pk).update(done_at=-1)
        return
    last = WorkItem.objects.filter(owner_id=case.owner_id, as_of=today_of(case)).order_by("-position").first()
    if last is not None:  # a day without a list waits for its night
        WorkItem.objects.create(as_of=last.as_of, owner_id=case.owner_id, position=last.position + 1, case=case,
                                decision=case.decision, value=case.value)  # fmt: skip


def _midnight(case: Case) -> int:
    now = clock.from_minute(clock.now_minute(), case.lender.zone)
    return clock.now_minute() - now.hour * 60 - now.minute
