"""A track's page, the panel of tracks on a case, and the board of clocks: what stands where, what is possible and what not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case as Case_
from django.db.models import DateField, F, Q, QuerySet, When

from fairdue.core.codes import Role
from fairdue.core.errors import Fault, Lang
from fairdue.core.tracks import STOPPING, TrackState, missing, possible
from fairdue.rules.complaints import Taxonomy, load_signals, load_taxonomy
from fairdue.rules.tracks import TrackKind, load_tracks
from fairdue.rules.tracks.parts import Choice, EvidenceKind, Extension
from fairdue.store import access, clock
from fairdue.store.actions import track_faults as faults
from fairdue.store.actions import track_work as work
from fairdue.store.actions.tracks import MAY_OPEN
from fairdue.store.models import Case, Complaint, Task, Track, TrackEvent, TrackEvidence, User
from fairdue.store.pages import paid_search
from fairdue.store.pages.paid_search import SearchShown
from fairdue.store.pages.tasks import TaskRow, task_rows

Text = Mapping[Lang, str]
SOON_DAYS = 3


@dataclass(frozen=True)
class TrackRow:
    """One track in a list."""

    track: Track
    title: Text
    state: TrackState
    clock: Text
    last: date  # the last day of its clock or, while it is held, of its review
    days_left: int
    running: bool
    urgency: str  # stop, attention, ""


@dataclass(frozen=True)
class ChoiceRow:
    """A decision that could be taken: possible, or why not."""

    choice: Choice
    why_not: Fault | None


@dataclass(frozen=True)
class EvidenceRow:
    """A kind of evidence and what has been brought."""

    kind: EvidenceKind
    items: tuple[TrackEvidence, ...]


@dataclass(frozen=True)
class TrackPage:
    """Everything the page of a track shows."""

    row: TrackRow
    kind: TrackKind
    evidence: tuple[EvidenceRow, ...]
    choices: tuple[ChoiceRow, ...]
    steps: frozenset[str]
    extension: Extension | None
    may_approve: bool
    may_lift: bool
    may_pack: bool
    answered_here: bool
    heirs_here: bool
    decided: Text | None
    signs: tuple[tuple[Text, int], ...]
    events: tuple[TrackEvent, ...]
    tasks: tuple[TaskRow, ...]
    complaint: Complaint | None
    taxonomy: Taxonomy | None
    colleagues: tuple[User, ...]
    sorts: bool
    zone: str
    today: date
    search: SearchShown | None = None


@dataclass(frozen=True)
class CaseTracks:
    """The panel on a case: what is off the normal work, and what can be opened."""

    rows: tuple[TrackRow, ...]
    kinds: tuple[TrackKind, ...]
    may_open: bool


def case_tracks(user: User, case: Case, today: date) -> CaseTracks:
    """Tracks of a case the user was shown; one query."""
    rows = tuple(_row(track, today) for track in case.tracks.order_by("-pk"))
    return CaseTracks(rows, tuple(load_tracks().values()), Role(user.role) in MAY_OPEN and case.closed_on is None)


def _row(track: Track, today: date) -> TrackRow:
    state = TrackState(track.state)
    held = state == TrackState.HELD and track.review_on is not None
    last = track.review_on if held and track.review_on else track.due_on
    left = (last - today).days
    running = state == TrackState.OPEN or held
    urgency = "" if not running or left > SOON_DAYS else "attention" if left >= 0 else "stop"
    clock: Text = {"zh": track.clock_zh, "en": track.clock_en}
    return TrackRow(track, load_tracks()[track.kind].title, state, clock, last, left, running, urgency)


def track_page(user: User, track_id: int) -> TrackPage:
    """The page of a track the user may read. Raises `NotYours`."""
    track = access.get_track(user, track_id)
    kind, today = load_tracks()[track.kind], work.today_of(track.case)
    brought = tuple(track.evidence.defer("file_sealed").order_by("pk"))
    state, role = TrackState(track.state), Role(user.role)
    extension = kind.extensions[track.extended] if track.extended < len(kind.extensions) else None
    complaint = Complaint.objects.select_related("about_user", "handler").filter(track=track).first()
    chosen = kind.choice(track.decision) if track.decision else None
    sorts = complaint is not None and role == Role.COMPLIANCE and complaint.about_user_id != user.pk
    return TrackPage(
        row=_row(track, today), kind=kind,
        evidence=tuple(EvidenceRow(k, tuple(e for e in brought if e.code == k.code)) for k in kind.evidence),
        choices=tuple(ChoiceRow(c, _why_not(c, kind, user, brought, complaint)) for c in kind.decisions),
        steps=frozenset(step.name for step in possible(state)), extension=extension,
        may_approve=extension is not None and role in extension.approvers and track.asked_by_id != user.pk,
        may_lift=role in kind.lifters, may_pack=role in work.PACKERS,
        answered_here=state in STOPPING and any(k.code == "ANSWER" for k in kind.evidence) and role in kind.deciders,
        heirs_here=kind.id == "DEATH" and state in STOPPING and role in kind.deciders,
        decided=chosen.label if chosen else None, signs=_signs(track, role), events=tuple(track.events.order_by("-pk")),
        tasks=task_rows(user, Task.objects.filter(about="track", about_id=track.pk), today), complaint=complaint,
        taxonomy=load_taxonomy() if complaint else None, colleagues=_colleagues(user) if sorts else (), sorts=sorts,
        zone=track.case.lender.zone, today=today, search=paid_search.shown(track, user),
    )  # fmt: skip


def _why_not(
    choice: Choice, kind: TrackKind, user: User, brought: tuple[TrackEvidence, ...], complaint: Complaint | None
) -> Fault | None:
    """The first thing that stands against a decision, as the action would say it."""
    try:
        work.may(user, choice.by)
    except Fault as fault:
        return fault
    lacking = missing(choice.needs, (one.code for one in brought))
    if lacking:
        return faults.lacking(lacking, kind.evidence)
    return faults.of_complaint(complaint, user)


def _signs(track: Track, role: Role) -> tuple[tuple[Text, int], ...]:
    """Signs of organised claims are for those who look at them, not for whoever works the case."""
    if role not in {Role.COMPLIANCE, Role.LEAD}:
        return ()
    known = load_signals()
    return tuple((known[sign["code"]].label, sign["count"]) for sign in track.flagged if sign["code"] in known)


def _colleagues(user: User) -> tuple[User, ...]:
    return tuple(User.objects.filter(organisation_id=user.organisation_id, is_active=True).order_by("display_name"))


@dataclass(frozen=True)
class Board:
    """Clocks that run, the next to run out first; what is late, what is near, and complaints by root cause."""

    rows: tuple[tuple[TrackRow, Complaint | None], ...]
    late: int
    near: int
    running: int
    kinds: tuple[TrackKind, ...]
    kind: str
    causes: tuple[tuple[Text, int, int], ...]
    today: date
    zone: str


SHOWN = 300


def clocks_of(tracks: QuerySet[Track]) -> QuerySet[Any]:
    """Tracks whose clock runs: undecided by their last day, held ones by their review; the day is `last`."""
    waiting = Q(state=TrackState.OPEN) | Q(state=TrackState.HELD, review_on__isnull=False)
    by_review = When(state=TrackState.HELD, then=F("review_on"))
    return tracks.filter(waiting).annotate(last=Case_(by_review, default=F("due_on"), output_field=DateField()))


def track_board(user: User, kind: str = "") -> Board:
    """Tracks the user may read that wait for a decision or a review, in the order in which their clocks run out."""
    zone = user.organisation.zone
    today = clock.business_date(clock.now_minute(), zone)
    found = clocks_of(access.tracks_for(user))
    wanted = found.filter(kind=kind) if kind else found
    tracks = wanted.select_related("case__customer", "complaint").order_by("last", "pk")[:SHOWN]
    rows = [(_row(track, today), getattr(track, "complaint", None)) for track in tracks]
    return Board(
        tuple(rows), sum(r.urgency == "stop" for r, _ in rows), sum(r.urgency == "attention" for r, _ in rows),
        len(rows), tuple(load_tracks().values()), kind, _causes(user), today, zone,
    )  # fmt: skip


def _causes(user: User) -> tuple[tuple[Text, int, int], ...]:
    """Complaints by root cause: how many, and how many of them were upheld, wholly or in part."""
    known = load_taxonomy().root_causes
    count: dict[str, list[int]] = {}
    found = Complaint.objects.filter(track__in=access.tracks_for(user)).exclude(root_cause="")
    for cause, decision in found.values_list("root_cause", "track__decision"):
        row = count.setdefault(cause, [0, 0])
        row[0] += 1
        row[1] += decision in {"UPHELD", "UPHELD_IN_PART"}
    return tuple(
        (known[c], n, upheld) for c, (n, upheld) in sorted(count.items(), key=lambda i: -i[1][0]) if c in known
    )
