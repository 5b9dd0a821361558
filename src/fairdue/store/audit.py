"""The audit door: each row carries the hash of the one before, so that no row can be changed, dropped or moved unseen."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from fairdue.store import clock
from fairdue.store.models import AuditRow

CHAIN_LOCK = 0x66616972  # one writer of the chain at a time; SQLite's IMMEDIATE transactions already see to it
GENESIS = "0" * 64


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
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
    last = AuditRow.objects.order_by("-id").values_list("digest", flat=True).first()
    row = AuditRow(
        at=clock.wall(),
        business_at=clock.now_minute(),
        actor=actor,
        verb=verb,
        subject=subject,
        subject_id=subject_id,
        reason=reason,
        data=canonical(data),
        previous=last or GENESIS,
    )
    row.digest = digest(row)
    row.save(force_insert=True)
    return row


def _require_transaction() -> None:
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("An audit row is written inside the transaction it proves.")


def digest(row: AuditRow) -> str:
    """SHA-256 over every column but the digest itself."""
    said = [
        row.previous,
        row.at.isoformat(timespec="microseconds"),
        str(row.business_at),
        row.actor,
        row.verb,
        row.subject,
        str(row.subject_id),
        row.reason,
        row.data,
    ]
    return hashlib.sha256("\x1f".join(said).encode()).hexdigest()


@dataclass(frozen=True)
class ChainBreak:
    """The first row at which the chain does not hold."""

    row_id: int
    why: str  # "altered" or "missing before"


def verify() -> ChainBreak | None:
    """Walk the whole chain; None when it holds."""
    expected = GENESIS
    for row in AuditRow.objects.order_by("id").iterator(chunk_size=5_000):
        if row.previous != expected:
            return ChainBreak(row.pk, "missing before")
        if digest(row) != row.digest:
            return ChainBreak(row.pk, "altered")
        expected = row.digest
    return None
