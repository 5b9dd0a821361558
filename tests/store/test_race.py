"""No cap is exceeded, however many ask at once; counting first and writing afterwards would not do."""

from __future__ import annotations

import threading
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection

import books
import racing
from books import AS_OF, minute
from fairdue.core.codes import Role
from fairdue.jobs import night
from fairdue.store import audit, clock
from fairdue.store.models import Attempt, Case, Organisation, User
from worlds import BOTH, World, Worlds, opened

TALKS, TEXTS, UNANSWERED = 2, 1, 6  # a day, by the policy of the lender (talks, texts) and the law (unanswered dials)


def crowd() -> None:
    """Four hundred people with a case each, sixteen collectors, ten in the morning."""
    lender = books.bank()
    for number in range(5, 17):
        books.hire(f"collector{number}", Role.COLLECTOR, lender)
    late = [line for line in books.rows(1_200) if line["oldest_unpaid_due"] and line["zone"]]
    books.load(lender, books.write(settings.HOME / "book.csv", late))
    night.run_night(lender, AS_OF)
    clock.set_demo(minute(AS_OF, "10:00"))


def exceeded() -> list[Any]:
    """Whose caps were broken: counts over confirmed contacts and what is still under way."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT customer_id, MAX(point_id), "
            "SUM(CASE WHEN channel = 0 AND (state = 'RESERVED' OR talked = 1) THEN 1 ELSE 0 END) AS talks, "
            "SUM(CASE WHEN channel = 1 THEN 1 ELSE 0 END) AS texts, "
            "SUM(CASE WHEN channel = 0 AND (state = 'RESERVED' OR answered = 0) THEN 1 ELSE 0 END) AS unanswered "
            "FROM attempt WHERE state IN ('RESERVED', 'CONFIRMED') GROUP BY customer_id"
        )
        return [row for row in cursor.fetchall() if row[2] > TALKS or row[3] > TEXTS or row[4] > UNANSWERED]


def run(worlds: Worlds, vendor: str, people: int, collectors: int, attempts: int) -> None:
    with opened(worlds, vendor, crowd) as world:
        cases = list(Case.objects.filter(closed_on=None).order_by("pk").values_list("pk", flat=True)[:people])
        users = list(
            User.objects.filter(role=Role.COLLECTOR).order_by("pk").values_list("username", flat=True)[:collectors]
        )
        assert (len(cases), len(users)) == (people, collectors)
        racing.race(world, users, cases, attempts)
        assert exceeded() == []
        assert Attempt.objects.count() > people, "they did not get in each other's way"
        assert audit.verify() is None


@pytest.mark.parametrize("vendor", BOTH)
def test_a_few_collectors_at_once_exceed_no_cap(worlds: Worlds, vendor: str) -> None:
    run(worlds, vendor, people=8, collectors=4, attempts=12)


@pytest.mark.slow
@pytest.mark.parametrize("vendor", BOTH)
def test_sixteen_collectors_at_once_exceed_no_cap(worlds: Worlds, vendor: str) -> None:
    run(worlds, vendor, people=120, collectors=16, attempts=75)


@pytest.mark.postgres
def test_counting_first_and_writing_afterwards_exceeds_a_cap(worlds: Worlds) -> None:
    """What the reservation is there against: two who count at the same moment both find room for the last place.

    The barrier stands for bad luck: it makes the moment certain.
    """
    with opened(worlds, "postgresql") as world:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE naive (customer integer)")
        both_counted = threading.Barrier(2, timeout=30)
        callers = [threading.Thread(target=_count_then_insert, args=(world, both_counted)) for _ in range(2)]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join()
        with connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM naive WHERE customer = 1")
            assert cursor.fetchone()[0] == TEXTS + 1


def _count_then_insert(world: World, both_counted: threading.Barrier) -> None:
    with psycopg.connect(world.url) as db:
        row = db.execute("SELECT COUNT(*) FROM naive WHERE customer = 1").fetchone()
        assert row is not None
        both_counted.wait()
        if row[0] < TEXTS:
            db.execute("INSERT INTO naive VALUES (1)")


@pytest.mark.postgres
def test_the_lock_makes_the_second_wait(worlds: Worlds) -> None:
    from django.db import transaction

    from fairdue.store.locks import PERSON_SPACE, lock_person

    with opened(worlds, "postgresql") as world, transaction.atomic():
        lock_person(7)
        with psycopg.connect(world.url) as other:
            assert other.execute("SELECT pg_try_advisory_xact_lock(%s)", [PERSON_SPACE + 7]).fetchone() == (False,)
            assert other.execute("SELECT pg_try_advisory_xact_lock(%s)", [PERSON_SPACE + 8]).fetchone() == (True,)


@pytest.mark.postgres
def test_the_lock_of_a_person_fits_the_database_s_number(worlds: Worlds) -> None:
    with opened(worlds, "postgresql"):
        from django.db import transaction

        from fairdue.store.locks import lock_person

        with transaction.atomic():
            lock_person(2**43)
        assert not Organisation.objects.exists()
