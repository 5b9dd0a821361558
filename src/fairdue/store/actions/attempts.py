"""The attempt ledger's own door: the verdict and the place it gives, under the lock on the human, both or neither.

What the guard is told about a contact besides the past may have been gathered before; the past is read under the lock.
"""

from __future__ import annotations

import json

from django.db import transaction

from fairdue.core.codes import Channel
from fairdue.core.errors import Fault
from fairdue.rules.outcomes import Outcome, load_outcomes
from fairdue.store import audit, clock, decide
from fairdue.store.access import NotYours
from fairdue.store.decide import Known
from fairdue.store.locks import lock_people
from fairdue.store.models import Attempt, Decision, PhoneCall, User

RESERVED_MINUTES = 30
LAPSED_AT_ONCE = 5_000


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


class WasDialled(Fault):
    """The number has rung, or may have: it counts."""

    code = "contact.was-dialled"
    en, en_remedy = "The number was dialled; this contact counts.", "Record what came of it."
    zh, zh_remedy = "号码已拨出，本次联系须计次。", "请记录本次联系的结果。"


class KeyReused(Fault):
    """The asker's key stands for another request already."""

    code = "contact.key-reused"
    en, en_remedy = "The request key '{key}' was used for another request.", "Use a new key for every new request."
    zh, zh_remedy = "请求键“{key}”已用于另一请求。", "每个新请求请使用新的请求键。"


def lock(known_customer: int, reached: int, point_id: int | None) -> None:
    """Hold everybody a contact could count against: the debtor, whom it reaches, and the number."""
    lock_people([known_customer, reached], [point_id] if point_id is not None else [])


@transaction.atomic
def reserve(user: User, known: Known, key: str | None = None) -> tuple[Decision, Attempt | None]:
    """Lock, ask, and take the place where it is allowed. The same key again gives the same answer. Raises `KeyReused`."""
    lock(known.customer_id, known.reached_id, known.point_id)
    found = answered(user, known.case_id, known.channel, known.point_id, key)
    return take(user, known, key) if found is None else found


def take(user: User, known: Known, key: str | None = None) -> tuple[Decision, Attempt | None]:
    """The verdict over the past as it is now, recorded, and the place in the ledger where it allows; under the lock."""
    decision = decide.record_contact(known, user, key)
    if not decision.allowed:
        audit.write(
            user.username, "contact.refuse", "case", known.case_id, decision=decision.pk, sha256=decision.seal()
        )
        return decision, None
    attempt = Attempt.objects.create(
        case_id=known.case_id, customer_id=known.customer_id, person_id=known.reached_id, party=known.party,
        point_id=known.point_id, channel=known.channel, mode=known.mode, purpose=known.purpose,
        direction=known.direction, organisation_id=user.organisation_id, operator=user, at=decision.at,
        expires_at=decision.at + RESERVED_MINUTES, aim=known.aim, decision=decision,
    )  # fmt: skip
    audit.write(user.username, "contact.reserve", "attempt", attempt.pk, case=known.case_id, decision=decision.pk,
                sha256=decision.seal())  # fmt: skip
    return decision, attempt


@transaction.atomic
def confirm(user: User, attempt_id: int, outcome: str) -> Attempt:
    """The contact was made and came to this, as a machine that sent or dialled reports it: it counts from now as what it was.

    Also when the reservation has lapsed. Once confirmed it stays as it is. What follows for the case is decided by
    whoever wraps the contact up, or by the night. Raises `NotYours`, `NotReserved`, `UnknownOutcome`.
    """
    attempt = held(user, attempt_id)
    if attempt.state == Attempt.CONFIRMED and attempt.outcome == outcome:
        return attempt
    if attempt.state not in {Attempt.RESERVED, Attempt.LAPSED}:
        raise NotReserved
    known = load_outcomes().find(outcome)
    if known is None or Channel(attempt.channel) not in known.channels:
        raise UnknownOutcome(outcome=outcome)
    settle(attempt, known)
    audit.write(user.username, "contact.confirm", "attempt", attempt.pk, case=attempt.case_id, outcome=outcome,
                late=attempt.late)  # fmt: skip
    return attempt


def settle(attempt: Attempt, known: Outcome, note: str = "") -> None:
    """The attempt becomes what it was; under the lock."""
    attempt.state, attempt.outcome, attempt.note = Attempt.CONFIRMED, known.code, note.strip()
    attempt.answered, attempt.talked, attempt.recorded_at = known.answered, known.talked, clock.now_minute()
    attempt.save()


@transaction.atomic
def release(user: User, attempt_id: int) -> None:
    """Give an unused reservation back; it no longer counts. Raises `NotYours`, `NotReserved`, `WasDialled`."""
    attempt = held(user, attempt_id)
    if attempt.state != Attempt.RESERVED:
        raise NotReserved
    _never_dialled(attempt)
    attempt.state = Attempt.RELEASED
    attempt.save(update_fields=["state"])
    audit.write(user.username, "contact.release", "attempt", attempt.pk, case=attempt.case_id)


def _never_dialled(attempt: Attempt) -> None:
    """A call that waits is taken back; one whose phone rings is hung up first. Raises `WasDialled`."""
    call = PhoneCall.objects.filter(attempt=attempt).first()
    if call is not None and call.left_at is not None:
        raise WasDialled
    if call is not None and call.running:
        call.state, call.hang_up, call.ended_at = PhoneCall.EXPIRED, True, clock.wall()
        call.save()


@transaction.atomic
def lapse(actor: str, now: int | None = None) -> int:
    """Mark reservations whose time is over; they had ceased to count when it was over. How many there were."""
    over = Attempt.objects.filter(state=Attempt.RESERVED, expires_at__lte=clock.now_minute() if now is None else now)
    ids = list(over.order_by("pk").values_list("pk", flat=True)[:LAPSED_AT_ONCE])
    if ids:
        Attempt.objects.filter(pk__in=ids, state=Attempt.RESERVED).update(state=Attempt.LAPSED)
        audit.write(actor, "contact.lapse", "attempt", None, attempts=ids)
    return len(ids)


def held(user: User, attempt_id: int) -> Attempt:
    """The user's own attempt as it stands, its human locked. Raises `NotYours`."""
    attempt = (
        Attempt.objects.filter(pk=attempt_id, operator=user).select_related("case__lender", "case__customer").first()
    )
    if attempt is None:
        raise NotYours
    lock_people([attempt.customer_id])
    attempt.refresh_from_db(fields=["state", "outcome", "recorded_at"])
    return attempt


def answered(
    user: User, case_id: int, channel: int, point_id: int | None, key: str | None
) -> tuple[Decision, Attempt | None] | None:
    """The answer this request was given before; None where it is new. Raises `KeyReused`."""
    decision = Decision.objects.filter(actor=user, request_key=key).first() if key else None
    if decision is None:
        return None
    attempt = Attempt.objects.filter(decision=decision).first()
    contact = json.loads(decision.facts).get("contact", {})
    same = contact.get("channel") == Channel(channel).name and (attempt is None or attempt.point_id == point_id)
    if (decision.case_id, decision.kind) != (case_id, "contact") or not same:
        raise KeyReused(key=key)
    return decision, attempt
