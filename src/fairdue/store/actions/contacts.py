"""Contacts: the guard's verdict and the reservation in one transaction under a lock per person, then the outcome.

No race, no second channel and no second agency can exceed a cap: whoever asks second sees the first one's reservation.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction

from fairdue.core.codes import UNKNOWN, Channel, Direction, Mode, Party, Purpose, Word
from fairdue.core.errors import Fault
from fairdue.rules.outcomes import Outcome, load_outcomes
from fairdue.store import access, audit, clock, decide, quiet
from fairdue.store.access import NotYours
from fairdue.store.actions import attempts, giving, learn, promises, talk, tracks, words
from fairdue.store.actions.attempts import KeyReused, NotReserved, UnknownOutcome, lapse, release
from fairdue.store.models import Attempt, Case, Decision, Link, Point, Stop, User, WorkItem

__all__ = [
    "KeyReused", "NotReserved", "Proposed", "QuietNow", "Recorded", "Refusal", "Reservation", "UnknownOutcome", "WrapUp", "lapse",
    "record", "release", "reserve",
]  # fmt: skip


@dataclass(frozen=True)
class Reservation:
    """The contact may be made now."""

    attempt_id: int
    expires: int


@dataclass(frozen=True)
class Refusal:
    """The contact may not be made; the decision says why and from when it may."""

    decision_id: int
    next_lawful: int


class QuietNow(Fault):
    """Money came, or may have come: nobody is asked for it."""

    code = "contact.quiet"
    en, en_remedy = "{why}.", "Nothing needs to be done: the case comes back by itself if anything is still owed."
    zh, zh_remedy = "{why_zh}。", "无需操作：如仍有欠款，案件会自动恢复。"


ASKS = frozenset({Purpose.COLLECT, Purpose.REMIND, Purpose.RESTORE_CONTACT})  # what a payment makes pointless


@dataclass(frozen=True)
class Recorded:
    """What follows from the outcome."""

    case_id: int
    next_aim: int
    reason: int
    not_before: int


@dataclass(frozen=True)
class Proposed:
    """A contact somebody wants to make."""

    channel: int
    point_id: int | None
    mode: int = Mode.TALK
    party: int = Party.BORROWER
    purpose: int = Purpose.COLLECT
    direction: int = Direction.OUT
    letter_complete: int = UNKNOWN  # a letter holds what the law asks of it
    discloses: bool = False  # it names the debt, whatever its purpose
    offers_opt_out: int = UNKNOWN  # the message says how to hear no more


def reserve(user: User, case_id: int, wanted: Proposed, *, key: str | None = None) -> Reservation | Refusal:
    """Ask the guard and, if it allows, take the place in the attempt ledger: both or neither.

    A refusal is recorded like a permission. The same `key` again gives the answer it was given, whatever has happened
    since. Raises `NotYours` for a case the user does not work, `KeyReused`, `QuietNow`.
    """
    with transaction.atomic():
        before = access.get_case(user, case_id)
        person = decide.reached(before, wanted)
        attempts.lock(before.customer_id, person.pk, wanted.point_id)
        known = attempts.answered(user, case_id, wanted.channel, wanted.point_id, key)
        if known is not None:
            return _answer(*known)
        giving.hold_on(user, case_id)
        case = access.get_case(user, case_id)  # again under the lock: it may have changed hands
        if not access.may_contact(user, case) or not decide.is_theirs(case, wanted, person):
            raise NotYours
        now = clock.now_minute()
        held = Attempt.objects.filter(case=case, operator=user, state=Attempt.RESERVED, expires_at__gt=now).first()
        if held is not None:
            return Reservation(held.pk, held.expires_at)
        _loud(case, wanted)
        return _answer(*attempts.take(user, decide.about_contact(case, wanted, user, now, person), key))


def _loud(case: Case, wanted: Proposed) -> None:
    """Raises `QuietNow` where a contact of ours would ask for money that came or may have come."""
    why = quiet.why_quiet(case) if wanted.direction == Direction.OUT and wanted.purpose in ASKS else None
    if why is not None and why is not quiet.CLAIMED:  # a claim is a stop: the guard says so itself, with its article
        raise QuietNow(why=why.en, why_zh=why.zh)


def _answer(decision: Decision, attempt: Attempt | None) -> Reservation | Refusal:
    if attempt is None:
        return Refusal(decision.pk, decision.next_lawful)
    return Reservation(attempt.pk, attempt.expires_at)


@dataclass(frozen=True)
class WrapUp:
    """What a talk brought besides its outcome: the promise, facts as typed (with their origin), and our own word."""

    promise: promises.Said = field(default_factory=lambda: promises.Said(None, None))
    facts: Mapping[str, str] = field(default_factory=dict)
    origin: learn.From = field(default_factory=learn.From)
    word: words.Given | None = None


@transaction.atomic
def record(
    user: User, attempt_id: int, outcome: str, *, note: str = "", amount: int | None = None, on: date | None = None,
    key: str | None = None, wrap_up: WrapUp | None = None,
) -> Recorded:  # fmt: skip
    """Confirm a contact by its outcome, draw the consequences, and decide what comes next: one transaction.

    An outcome that comes after the reservation has lapsed confirms it too: the contact was made and counts.
    `amount` (minor units) and `on` are the promise, or the day of an agreed call-back, where no `wrap_up` says more. The
    same `key` again changes nothing. Raises `NotReserved`, `UnknownOutcome`, `KeyReused`, and the faults of a promise, a
    fact or our own word.
    """
    said = wrap_up or WrapUp(promises.Said(amount, on))
    attempt = attempts.held(user, attempt_id)
    if (done := _recorded(user, attempt, key)) is not None:
        return done
    _require_open(attempt, Attempt.RESERVED, Attempt.LAPSED)
    case = attempt.case
    known = load_outcomes().find(outcome)
    if known is None or Channel(attempt.channel) not in known.channels:
        raise UnknownOutcome(outcome=outcome)
    today = clock.business_date(clock.now_minute(), case.lender.zone)
    attempts.settle(attempt, known, note)
    _wrap_up(attempt, known, user, said, today)
    _consequences(attempt, known, today, said.promise.on)
    decision = decide.after_outcome(case, attempt, known, user, key)
    _finish(case)
    audit.write(user.username, "contact.record", "attempt", attempt.pk, case=case.pk, outcome=outcome,
                late=attempt.late, decision=decision.pk, sha256=decision.seal())  # fmt: skip
    return Recorded(case.pk, decision.aim, decision.reason, decision.not_before)


def _recorded(user: User, attempt: Attempt, key: str | None) -> Recorded | None:
    """What followed when this outcome was recorded before. Raises `KeyReused`."""
    decision = Decision.objects.filter(actor=user, request_key=key).first() if key else None
    if decision is None:
        return None
    if json.loads(decision.facts).get("outcome", {}).get("attempt") != attempt.pk:
        raise KeyReused(key=key)
    return Recorded(decision.case_id, decision.aim, decision.reason, decision.not_before)


def _require_open(attempt: Attempt, *states: str) -> None:
    if attempt.state not in states:
        raise NotReserved


def _wrap_up(attempt: Attempt, known: Outcome, user: User, said: WrapUp, today: date) -> None:
    """What the talk brought besides its outcome: a promise, facts heard along the script or typed, our own word."""
    case = attempt.case
    if known.promises:
        promises.promise(case, attempt, said.promise, today)
    learn.keep(case, attempt, user, {**talk.standing(attempt).heard, **said.facts}, said.origin, today)
    words.kept_by_contact(attempt)
    if known.calls_back:
        if said.promise.on is None:
            raise words.WordIncomplete(first=today, last=today + timedelta(days=words.FARTHEST_DAYS))
        words.give(case, attempt, user, words.Given(Word.CALL_BACK, said.promise.on), today)
    if said.word is not None:
        words.give(case, attempt, user, said.word, today)


def _consequences(attempt: Attempt, known: Outcome, today: date, on: date | None) -> None:
    """What the outcome does to the number, to the person, and to normal work."""
    case = attempt.case
    point_was = attempt.point.status if attempt.point is not None else None
    if known.point_status is not None and attempt.point_id is not None:
        Point.objects.filter(pk=attempt.point_id).update(status=int(known.point_status), status_on=today)
    if known.refuses_for_ever:
        Link.objects.filter(customer=case.customer, person=attempt.person).update(refused_on=today)
    if known.track:
        tracks.open_by_outcome(attempt, known, today, point_was)
    elif known.stop:
        Stop.objects.create(case=case, kind=known.stop, since=today, attempt=attempt, reason=known.code)
    case.callback_at = _callback(case, known, on)


def _callback(case: Case, known: Outcome, on: date | None) -> int:
    if not known.calls_back or on is None:
        return -1
    return decide.day_start(on, case.lender.zone)


def _finish(case: Case) -> None:
    """The place on the list is done and the lock is off; the case itself carries the new decision already."""
    WorkItem.objects.filter(case=case, done_at__lt=0).update(done_at=clock.now_minute())
    case.locked_by, case.locked_until = None, -1
    case.save(update_fields=["locked_by", "locked_until", "callback_at"])
    giving.finish(case)
