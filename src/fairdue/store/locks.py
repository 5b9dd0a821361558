"""Whoever decides about a person waits for, and holds, the lock on that human until the end of the transaction.

No race, no second channel, no second agency, no second customer number passes it. Locks are taken in one fixed order:
everybody (shared), then humans, then numbers, each rising; the audit chain last. So nobody waits in a circle.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection, transaction
from django.db.models import BigIntegerField, Value

from fairdue.store.models import Person, Point

# The upper bits keep the kinds of lock apart, and all of them from other advisory locks of the database.
EVERYBODY = 0x6162 << 44
PERSON_SPACE = 0x7065 << 44
NUMBER_SPACE = 0x7068 << 44


def lock_person(person_id: int) -> None:
    """Wait for, and hold, the right to decide about this human, under whichever customer numbers he is known.

    PostgreSQL: an advisory lock. SQLite: the IMMEDIATE transaction already is the only writer.
    Raises `TransactionManagementError` outside a transaction: the lock would protect nothing.
    """
    lock_people([person_id])


def lock_people(person_ids: Iterable[int], point_ids: Iterable[int] = ()) -> None:
    """Hold several humans, and the numbers or addresses they would be reached at, together.

    Raises `TransactionManagementError` outside a transaction.
    """
    _require_transaction()
    if connection.vendor != "postgresql":
        return
    people, points, held = tuple(person_ids), tuple(point_ids), set[int]()
    while wanted := sorted(_keys(people, points) - held):  # again: who belongs together may change while one waits
        _take(wanted)
        held.update(wanted)


def lock_everybody() -> None:
    """Hold all people at once, for work in bulk that would otherwise take their locks in an order of its own."""
    _require_transaction()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [EVERYBODY])


def _require_transaction() -> None:
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A person is locked inside the transaction that decides.")


def _keys(people: tuple[int, ...], points: tuple[int, ...]) -> set[int]:
    """In one question: the human of each person, the number of each point; a row that is not there stands for itself."""
    held = {PERSON_SPACE: dict.fromkeys(people), NUMBER_SPACE: dict.fromkeys(points)}
    asked = [
        Person.objects.filter(pk__in=people).values_list(Value(PERSON_SPACE, BigIntegerField()), "pk", "human"),
        Point.objects.filter(pk__in=points).values_list(Value(NUMBER_SPACE, BigIntegerField()), "pk", "number"),
    ]
    for space, pk, same in asked[0].union(asked[1]) if points else asked[0]:
        held[space][pk] = same
    return {space + (same or pk) for space, rows in held.items() for pk, same in rows.items()}


def _take(keys: list[int]) -> None:
    """In one statement, which takes them from left to right."""
    each = ", ".join(["pg_advisory_xact_lock(%s)"] * len(keys))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock_shared(%s), {each}", [EVERYBODY, *keys])
