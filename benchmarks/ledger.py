"""Reservations a second: sixteen processes that ask for contacts to the same people, with the lock and by counting first.

The database is the one of FAIRDUE_DATABASE_URL (an empty PostgreSQL), else a SQLite file made for it.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import time
from collections.abc import Generator
from datetime import date
from pathlib import Path
from typing import Any

import bench
import synthetic

FORKS = multiprocessing.get_context("spawn")
MORNING = 10 * 60
KNOWN = 40  # contacts about which the ledger alone is asked again and again


def main() -> None:
    said = bench.arguments(__doc__, people=2_000, reservations=4_000, writers=16)
    with bench.home() as home:
        found = measure(home, said.people, said.reservations // said.writers, said.writers)
    bench.show(found | {"machine": bench.machine()}, as_json=said.json)


def measure(home: Path, people: int, each: int, writers: int) -> dict[str, Any]:
    cases = bench.apart(prepare, home, people)
    desk, ledger, naive = (
        race(worker, writers, each, cases) for worker in (ask_as_the_desk, ask_the_ledger, ask_naively)
    )
    count, over = bench.apart(exceeded)
    return {
        "database": "PostgreSQL" if os.environ.get("FAIRDUE_DATABASE_URL") else "SQLite", "people": len(cases),
        "writers": writers, "asked of each way": each * writers,
        "reservations a second": {
            "whole desk request (facts gathered, judged, recorded)": desk, "ledger alone (judged and recorded)": ledger,
            "naive (count, then insert)": naive,
        },
        "people over a cap of one text": {"with the lock": count, "naive": over},
    }  # fmt: skip


def prepare(home: Path, people: int) -> list[int]:
    """A book, its night, a collector for every writer who owns everything; the cases."""
    from django.db import connection

    from fairdue.core.codes import Role
    from fairdue.jobs import imports, night
    from fairdue.store.models import Case, User

    lender = synthetic.lender()
    User.objects.create(username="asker", display_name="asker", role=Role.COLLECTOR, organisation=lender, certified=True,
                        password="!")  # fmt: skip
    path = home / "book.csv"
    synthetic.write(path, people * 2)
    imports.import_file(lender, path, "canonical-book", kind="book", as_of=synthetic.AS_OF, actor="bench")
    night.run_night(lender, synthetic.NEXT, actor="bench")
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE naive (customer bigint)")
        cursor.execute("CREATE INDEX naive_customer ON naive (customer)")
    Case.objects.filter(closed_on=None).update(owner=User.objects.get(username="asker"))
    return list(Case.objects.filter(closed_on=None).order_by("pk").values_list("pk", flat=True)[:people])


def race(worker: Any, writers: int, each: int, cases: list[int]) -> int:
    """All begin together; asked and answered a second, over all."""
    start, seconds = FORKS.Barrier(writers + 1), FORKS.Queue()
    runs = [FORKS.Process(target=_run, args=(worker, seed, each, cases, start, seconds)) for seed in range(writers)]
    for run in runs:
        run.start()
    start.wait()
    longest: float = max(seconds.get() for _ in runs)
    for run in runs:
        run.join()
    return round(writers * each / longest)


def _run(worker: Any, seed: int, each: int, cases: list[int], start: Any, seconds: Any) -> None:
    import django

    django.setup()
    rng = random.Random(seed)  # noqa: S311 - a load, no secret
    ask = worker(cases)
    next(ask)  # what is done once is done
    start.wait()
    begun = time.perf_counter()
    for _ in range(each):
        ask.send(rng.choice(cases))
    seconds.put(time.perf_counter() - begun)


def ask_as_the_desk(cases: list[int]) -> Generator[None, int, None]:
    """What a click on a contact does: gather the facts, judge, record, reserve."""
    from fairdue.core.codes import Channel
    from fairdue.store import clock
    from fairdue.store.actions import contacts
    from fairdue.store.models import Case, User

    del cases
    clock.now_minute = _ten_in_the_morning
    user = User.objects.get(username="asker")
    case_id: int = yield
    while True:
        case = Case.objects.get(pk=case_id)
        contacts.reserve(user, case.pk, contacts.Proposed(Channel.SMS, case.customer.points.all()[0].pk))
        case_id = yield


def _ten_in_the_morning() -> int:
    from fairdue.core.dates import MINUTES, utc_of_local

    return utc_of_local((synthetic.NEXT - date(1970, 1, 1)).days * MINUTES + MORNING, "Asia/Shanghai")


def ask_the_ledger(cases: list[int]) -> Generator[None, int, None]:
    """The ledger's own part: what is known about the contact is gathered before the clock runs."""
    from fairdue.core.codes import Channel
    from fairdue.store import clock, decide
    from fairdue.store.actions import attempts, contacts
    from fairdue.store.models import Case, User

    clock.now_minute = _ten_in_the_morning
    user = User.objects.get(username="asker")
    mine = random.Random(os.getpid()).sample(cases, min(KNOWN, len(cases)))  # noqa: S311 - a load, no secret
    known = {}
    for case in Case.objects.filter(pk__in=mine).select_related("customer", "lender"):
        call = contacts.Proposed(Channel.CALL, case.customer.points.all()[0].pk)
        known[case.pk] = decide.about_contact(case, call, user, clock.now_minute())
    chosen = list(known)
    case_id: int = yield
    while True:
        attempts.reserve(user, known[chosen[case_id % len(chosen)]])
        case_id = yield


def ask_naively(cases: list[int]) -> Generator[None, int, None]:
    """Count, and where there is room insert: two statements, no lock, nothing judged, nothing recorded."""
    from django.db import connection

    del cases
    case_id: int = yield
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT COUNT(*) FROM naive WHERE customer = %s", [case_id])
            if cursor.fetchone()[0] < 1:
                cursor.execute("INSERT INTO naive VALUES (%s)", [case_id])
            case_id = yield


def exceeded() -> tuple[int, int]:
    """How many people got more than the one text a day that the lender allows."""
    from django.db import connection

    texts = "SELECT customer_id FROM attempt WHERE channel = 1 GROUP BY customer_id HAVING COUNT(*) > 1"
    naive = "SELECT customer FROM naive GROUP BY customer HAVING COUNT(*) > 1"
    with connection.cursor() as cursor:
        found = []
        for sql in (texts, naive):
            cursor.execute(f"SELECT COUNT(*) FROM ({sql}) x")
            found.append(int(cursor.fetchone()[0]))
    return found[0], found[1]


if __name__ == "__main__":
    main()
