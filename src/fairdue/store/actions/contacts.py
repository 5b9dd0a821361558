"""Contacts: the guard's verdict and the reservation in one transaction under a lock per person, then the outcome.

No race, no second channel and no second agency can exceed a cap: whoever asks second sees the first one's reservation.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from fairdue.core.codes import UNKNOWN, Channel, Direction, Mode, Party, Purpose
from fairdue.core.errors import Fault
from fairdue.rules.outcomes import Outcome, load_outcomes
from fairdue.store import access, audit, clock, decide
from fairdue.store.access import NotYours
from fairdue.store.actions import tracks
from fairdue.store.locks import lock_person
from fairdue.store.models import Attempt, Case, Decision, Link, Point, Promise, Stop, User, WorkItem

RESERVED_MINUTES = 30
FAR_FUTURE_DAYS = 60  # a promise further away is a plan, not a promise


class UnknownOutcome(Fault):
    """The code is not in the vocabulary, or not for this channel."""

    code = "contact.unknown-outcome"
    en, en_remedy = "There is no outcome {outcome} for this contact.", "Choose one of the outcomes shown."
    zh, zh_remedy = "本次联系没有结果码“{outcome}”。", "请从页面给出的结果中选择。"


class NotReserved(Fault):
    """The contact is no longer open."""

    code = "contact.not-reserved"
    en, en_remedy = "This contact is no longer open.", "Open the case again and choose a contact."
    zh, zh_remedy = "本次联系已结束或已释放。", "请重新打开案件并选择联系方式。"


class PromiseIncomplete(Fault):
    """A promise needs an amount and a day."""

    code = "contact.promise-incomplete"
    en = "A promise needs an amount above zero and a date from {first} to {last}."
    en_remedy = "Enter both; a later date or several payments are a plan."
    zh, zh_remedy = "承诺须填写大于零的金额和 {first} 至 {last} 之间的日期。", "请补全；更晚或分次还款请走分期方案。"


class PromiseTooMuch(Fault):
    """More was promised than is owed."""

    code = "contact.promise-too-much"
    en, en_remedy = "The promise is larger than what is owed.", "Enter at most the amount owed."
    zh, zh_remedy = "承诺金额超过欠款总额。", "请填写不超过欠款的金额。"


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


def reserve(user: User, case_id: int, wanted: Proposed) -> Reservation | Refusal:
    """Ask the guard and, if it allows, take the place in the attempt ledger: both or neither.

    A refusal is recorded like a permission. Raises `NotYours` for a case the user does not work.
    """
    with transaction.atomic():
        lock_person(access.get_case(user, case_id).customer_id)
        case = access.get_case(user, case_id)  # again under the lock: it may have changed hands
        if not access.may_contact(user, case):
            raise NotYours
        now = clock.now_minute()
        held = Attempt.objects.filter(case=case, operator=user, state=Attempt.RESERVED, expires_at__gt=now).first()
        if held is not None:
            return Reservation(held.pk, held.expires_at)
        decision = decide.about_contact(case, wanted, user, now)
        if not decision.allowed:
            audit.write(user.username, "contact.refuse", "case", case.pk, decision=decision.pk)
            return Refusal(decision.pk, decision.next_lawful)
        attempt = _reserved(case, wanted, user, decision, now)
        audit.write(user.username, "contact.reserve", "attempt", attempt.pk, case=case.pk, decision=decision.pk)
        return Reservation(attempt.pk, attempt.expires_at)


def _reserved(case: Case, wanted: Proposed, user: User, decision: Decision, now: int) -> Attempt:
    return Attempt.objects.create(
        case=case, customer=case.customer, person=decide.reached(case, wanted), party=wanted.party,
        point_id=wanted.point_id, channel=wanted.channel,
        mode=wanted.mode if wanted.channel == Channel.CALL else UNKNOWN, purpose=wanted.purpose,
        direction=wanted.direction, organisation=user.organisation, operator=user, at=now,
        expires_at=now + RESERVED_MINUTES, aim=case.aim, decision=decision,
    )  # fmt: skip


@transaction.atomic
def release(user: User, attempt_id: int) -> None:
    """Give an unused reservation back; it no longer counts. Raises `NotReserved`."""
    attempt = _held(user, attempt_id)
    attempt.state = Attempt.RELEASED
    attempt.save(update_fields=["state"])
    audit.write(user.username, "contact.release", "attempt", attempt.pk, case=attempt.case_id)


@transaction.atomic
def record(
    user: User, attempt_id: int, outcome: str, *, note: str = "", amount: int | None = None, on: date | None = None
) -> Recorded:
    """Confirm a contact by its outcome, draw the consequences, and decide what comes next: one transaction.

    `amount` (minor units) and `on` are the promise, or the day of an agreed call-back. Raises `NotReserved`,
    `UnknownOutcome`, `PromiseIncomplete`, `PromiseTooMuch`.
    """
    attempt = _held(user, attempt_id)
    case = attempt.case
    known = load_outcomes().find(outcome)
    if known is None or Channel(attempt.channel) not in known.channels:
        raise UnknownOutcome(outcome=outcome)
    today = clock.business_date(clock.now_minute(), case.lender.zone)
    if known.promises:
        _promise(attempt, amount, on, today)
    _confirm(attempt, known, note)
    _consequences(attempt, known, today, on)
    decision = decide.after_outcome(case, attempt, known, user)
    _finish(case)
    audit.write(user.username, "contact.record", "attempt", attempt.pk, case=case.pk, outcome=outcome,
                decision=decision.pk)  # fmt: skip
    return Recorded(case.pk, decision.aim, decision.reason, decision.not_before)


def _held(user: User, attempt_id: int) -> Attempt:
    attempt = (
        Attempt.objects.filter(pk=attempt_id, operator=user).select_related("case__lender", "case__customer").first()
    )
    if attempt is None:
        raise NotYours
    lock_person(attempt.customer_id)
    attempt.refresh_from_db(fields=["state"])
    if attempt.state != Attempt.RESERVED:
        raise NotReserved
    return attempt


def _confirm(attempt: Attempt, known: Outcome, note: str) -> None:
    attempt.state, attempt.outcome, attempt.note = Attempt.CONFIRMED, known.code, note.strip()
    attempt.answered, attempt.talked = known.answered, known.talked
    attempt.save()


def _promise(attempt: Attempt, amount: int | None, on: date | None, today: date) -> None:
    last = today + timedelta(days=FAR_FUTURE_DAYS)
    if amount is None or amount <= 0 or on is None or not today <= on <= last:
        raise PromiseIncomplete(first=today, last=last)
    if amount > attempt.case.balance:
        raise PromiseTooMuch
    attempt.case.promises.filter(status="OPEN").update(status="SUPERSEDED")
    Promise.objects.create(case=attempt.case, attempt=attempt, made_on=today, amount=amount, due_on=on)


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
