"""No cap is exceeded, however many ask at once; counting first and writing afterwards would not do."""

from __future__ import annotations

import threading
from collections.abc import Callable
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
from fairdue.store import audit, clock, decide
from fairdue.store.actions.contacts import Proposed
from fairdue.store.models import Attempt, Case, Decision, Organisation, Point, User
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


PEOPLE, ATTEMPTS, PROCESSES = 2_000, 20_000, 16


def city() -> None:
    """Two thousand people with a case each, sixteen collectors, ten in the morning."""
    lender = books.bank()
    for number in range(5, 17):
        books.hire(f"collector{number}", Role.COLLECTOR, lender)
    late = [line for line in books.rows(5_000) if line["oldest_unpaid_due"] and line["zone"]]
    books.load(lender, books.write(settings.HOME / "book.csv", late))
    night.run_night(lender, AS_OF)
    clock.set_demo(minute(AS_OF, "10:00"))


def crowded(people: int) -> list[Case]:
    found = list(Case.objects.filter(closed_on=None).select_related("lender").order_by("pk")[:people])
    assert len(found) == people
    return found


@pytest.mark.parametrize("vendor", BOTH)
def test_the_ledger_is_told_what_the_desk_is_told(worlds: Worlds, vendor: str) -> None:
    """What the race hands to the ledger is, fact by fact, what a collector's own request gathers."""
    with opened(worlds, vendor, crowd):
        cases = crowded(20)
        knowledge = racing.Knowledge(cases, clock.now_minute())
        for number, (case, channel) in enumerate((case, channel) for case in cases for channel in racing.TWO):
            user, point = books.owner_of(case), Point.objects.get(person_id=case.customer_id).pk
            known = decide.about_contact(case, Proposed(channel, point), user, clock.now_minute())
            mine = knowledge.of(number, known.config)
            assert mine.facts.row(0) == known.facts.row(0)
            assert (mine.case, mine.mode, mine.reached_id) == (known.case, known.mode, known.reached_id)


@pytest.mark.slow
@pytest.mark.parametrize("vendor", BOTH)
def test_sixteen_processes_killed_at_random_exceed_no_cap_and_lose_nothing(worlds: Worlds, vendor: str) -> None:
    killed_at_random(worlds, vendor, city, PEOPLE, ATTEMPTS // PROCESSES, every=4)


@pytest.mark.parametrize("vendor", BOTH)
def test_a_few_processes_killed_at_random_exceed_no_cap_and_lose_nothing(worlds: Worlds, vendor: str) -> None:
    killed_at_random(worlds, vendor, crowd, 12, 25, every=0.4)


def killed_at_random(
    worlds: Worlds, vendor: str, fill: Callable[[], object], people: int, each: int, every: float
) -> None:
    """What was acknowledged is there as it was acknowledged; every request was answered once; no cap is exceeded."""
    with opened(worlds, vendor, fill) as world:
        users = list(User.objects.filter(role=Role.COLLECTOR).order_by("pk").values_list("username", flat=True))
        knowledge = racing.Knowledge(crowded(people), clock.now_minute())
        assert racing.kill_at_random(world, users, knowledge, each, world.home, every) > 0
        said = racing.acknowledged(world.home)
        answers = dict(Decision.objects.filter(kind="contact").values_list("pk", "allowed"))
        places = {pk: (decision, state, outcome or "-") for pk, decision, state, outcome in Attempt.objects.values_list(
            "pk", "decision_id", "state", "outcome")}  # fmt: skip
        assert len(said) == len(answers) == each * len(users)
        for decision, attempt, outcome in said:
            assert answers[decision] == bool(attempt)
            state = "RESERVED" if outcome == "-" else "CONFIRMED"
            assert not attempt or places[attempt] == (decision, state, outcome)
        assert len(places) == sum(answers.values()) > people
        assert exceeded() == []
        assert not all(answers.values()), "they did not get in each other's way"
        assert audit.verify() is None


@pytest.mark.slow
@pytest.mark.postgres
def test_the_same_load_by_counting_first_and_writing_afterwards_breaks_caps(worlds: Worlds) -> None:
    """Nobody arranges bad luck here: the load alone does it."""
    with opened(worlds, "postgresql") as world:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE naive (customer integer)")
            cursor.execute("CREATE INDEX naive_customer ON naive (customer)")
        racing.naive_race(world.url, PROCESSES, range(PEOPLE), ATTEMPTS // PROCESSES)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT COUNT(*) FROM (SELECT customer FROM naive GROUP BY customer HAVING COUNT(*) > 1) broken"
            )
            assert cursor.fetchone()[0] > 0


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
