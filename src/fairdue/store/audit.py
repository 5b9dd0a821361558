"""The audit door: each row carries the hash of the one before, so that no row can be changed, dropped or moved unseen."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from fairdue.store import clock
from fairdue.store.chain import GENESIS, HEAD, ChainBreak, digest, verify
from fairdue.store.models import AuditHead, AuditRow

__all__ = ["ChainBreak", "Said", "canonical", "verify", "write", "write_many"]

CHAIN_LOCK = 0x66616972  # for the first row of all; SQLite's IMMEDIATE transactions have one writer anyway


def canonical(data: dict[str, Any]) -> str:
    """JSON with one spelling, so that a hash can be taken of it."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def write(  # the door takes the whole sentence: who, did what, to what, why
    actor: str, verb: str, subject: str, subject_id: int | None = None, *, reason: str = "", **data: Any
) -> AuditRow:
    """Append a row to the chain, inside the caller's transaction.

    Raises `TransactionManagementError` outside one: an action and its audit row stand or fall together.
    """
    _require_transaction()
    now = clock.now_minute()  # before the lock: everybody who acts waits for whoever holds it
    head = _head()
    row = AuditRow(
        pk=head.last_id + 1,  # without gaps: a number that is not there was there
        at=clock.wall(),
        business_at=now,
        actor=actor,
        verb=verb,
        subject=subject,
        subject_id=subject_id,
        reason=reason,
        data=canonical(data),
        previous=head.digest,
    )
    row.digest = digest(row)
    row.save(force_insert=True)
    head.last_id, head.digest, head.rows = row.pk, row.digest, head.rows + 1
    head.save()
    return row


@dataclass(frozen=True)
class Said:
    """One row to be: what was done, to what."""

    verb: str
    subject: str
    subject_id: int | None
    data: dict[str, Any] = field(default_factory=dict)
    reason: str = ""


def write_many(actor: str, said: Sequence[Said]) -> None:
    """Append rows in their order, inside the caller's transaction, as `write` would one after the other."""
    _require_transaction()
    if not said:
        return
    head, wall, now = _head(), clock.wall(), clock.now_minute()
    rows = []
    for one in said:
        row = AuditRow(
            pk=head.last_id + 1, at=wall, business_at=now, actor=actor, verb=one.verb, subject=one.subject,
            subject_id=one.subject_id, reason=one.reason, data=canonical(one.data), previous=head.digest,
        )  # fmt: skip
        row.digest = digest(row)
        head.last_id, head.digest, head.rows = head.last_id + 1, row.digest, head.rows + 1
        rows.append(row)
    AuditRow.objects.bulk_create(rows)
    head.save()


def _require_transaction() -> None:
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("An audit row is written inside the transaction it proves.")


def _head() -> AuditHead:
    """The end of the chain, held until the end of the transaction: one writer at a time."""
    found = AuditHead.objects.select_for_update().filter(pk=HEAD).first()
    if found is not None:
        return found
    if connection.vendor == "postgresql":  # there is no row to hold yet
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
    return AuditHead.objects.filter(pk=HEAD).first() or AuditHead(pk=HEAD, last_id=0, digest=GENESIS, rows=0)
