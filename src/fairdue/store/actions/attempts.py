"""The attempt ledger's own door: the verdict and the place it gives, under the lock on the human, both or neither.

What the guard is told about a contact besides the past may have been gathered before; the past is read under the lock.
"""

from __future__ import annotations

import json

from django.db import transaction

from fairdue.core.codes import Channel
from fairdue.core.errors import Fault
from fairdue.store import audit, decide
from fairdue.store.decide import Known
from fairdue.store.locks import lock_people
from fairdue.store.models import Attempt, Decision, User

RESERVED_MINUTES = 30


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
