"""One lock per person, held to the end of the transaction: no race, no second channel, no second agency passes it."""

from __future__ import annotations

from django.db import connection, transaction

PERSON_SPACE = 0x7065 << 44  # keeps person locks apart from the audit chain's


def lock_person(person_id: int) -> None:
    """Wait for, and hold, the right to decide about this person.

    PostgreSQL: an advisory lock. SQLite: the IMMEDIATE transaction already is the only writer.
    Raises `TransactionManagementError` outside a transaction: the lock would protect nothing.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A person is locked inside the transaction that decides.")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PERSON_SPACE + person_id])
