"""Two hundred collectors at work on PostgreSQL through the real actions; and the same taking under lock by other means.

FAIRDUE_DATABASE_URL names an empty PostgreSQL. Each collector works a case every `pace` seconds; a time runs from the click to
the answer, waiting for one of the server's threads included.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import bench
import psycopg
import synthetic

SERVERS, THREADS = 2 * (os.cpu_count() or 1), 2  # processes and threads in each, as `fairdue serve` has them
TAKERS, EACH, WORK = (
    60,
    10,
    0.005,
)  # connections of the comparison, cases each of them takes, seconds inside a transaction
P95_TARGET = 150.0
TIMES: dict[str, list[float]] = {}


def main() -> None:
    said = bench.arguments(__doc__, collectors=200, accounts=20_000, pace=25, rounds=4)
    url = os.environ.get("FAIRDUE_DATABASE_URL", "")
    if not url:
        raise SystemExit("Set FAIRDUE_DATABASE_URL to an empty PostgreSQL database.")
    os.environ["FAIRDUE_DEMO"] = "1"  # the business clock stands at ten in the morning
    os.environ["POLARS_MAX_THREADS"] = "1"  # as `fairdue serve` has it
    with bench.home() as home:
        sizes = bench.apart(fill, str(home), said.accounts, said.collectors)
        context = multiprocessing.get_context("spawn")
        begun = time.perf_counter()
        with context.Pool(SERVERS) as pool:
            parts = pool.starmap(server, [(n, said.collectors, said.pace, said.rounds) for n in range(SERVERS)])
        seconds = time.perf_counter() - begun
        result = {
            **sizes, "collectors": said.collectors, "servers": f"{SERVERS} processes of {THREADS} threads",
            "pace_seconds_per_case": said.pace, "seconds": round(seconds, 1), **summary(parts),
            "locks": compared(url), "target_p95_ms": P95_TARGET, "load_average": round(os.getloadavg()[0], 1),
            "machine": bench.machine(),
        }  # fmt: skip
    bench.show(result, as_json=said.json)


def fill(home: str, accounts: int, collectors: int) -> dict[str, Any]:
    """A book, its night, one shared queue, and the collectors."""
    from fairdue.core.codes import Role
    from fairdue.core.dates import MINUTES, utc_of_local
    from fairdue.jobs import imports, night
    from fairdue.store import clock
    from fairdue.store.models import CaseQueue, Organisation, QueuePlace, Team, User

    lender = Organisation.objects.create(
        code="bank",
        name_zh="甲银行",
        name_en="Bank A",
        association_member=True,
        pack="cn",
        policy="steady",
        records_calls=True,
    )
    team = Team.objects.create(organisation=lender, name="one")
    User.objects.bulk_create(
        User(username=f"c{n}", display_name=f"c{n}", role=Role.COLLECTOR, organisation=lender, team=team, certified=True,
             exam_on=synthetic.AS_OF - timedelta(days=30), password="!")
        for n in range(collectors)
    )  # fmt: skip
    book = Path(home) / "book.csv"
    synthetic.write(book, accounts)
    imports.import_file(lender, book, "canonical-book", kind="book", as_of=synthetic.AS_OF, actor="bench")
    CaseQueue.objects.create(lender=lender, name="all")
    night.run_night(lender, synthetic.AS_OF)
    at = (synthetic.AS_OF - date(1970, 1, 1)).days * MINUTES + 10 * 60
    clock.set_demo(utc_of_local(at, lender.zone))
    return {"accounts": accounts, "cases_in_queue": QueuePlace.objects.count()}


def server(number: int, collectors: int, pace: int, rounds: int) -> tuple[dict[str, list[float]], list[int]]:
    """One process of the desk with its share of the collectors."""
    import django

    django.setup()
    stand_still()
    mine = range(number, collectors, SERVERS)
    given: list[int] = []
    with ThreadPoolExecutor(THREADS) as desk:
        list(desk.map(lambda _: warm(), range(THREADS)))
        people = [threading.Thread(target=collect, args=(desk, f"c{n}", n, pace, rounds, given)) for n in mine]
        for person in people:
            person.start()
        for person in people:
            person.join()
    return TIMES, given


def stand_still() -> None:
    """Ten in the morning all the while, without asking the database for the demo's clock, which nobody's desk does."""
    from django.conf import settings

    from fairdue.store import clock

    stand = clock.from_minute(clock.now_minute())
    settings.DEMO, clock.wall = False, lambda: stand


def warm() -> None:
    """A connection for each thread, and the rules read, before anybody clicks."""
    from fairdue.store import decide
    from fairdue.store.models import Case

    decide.ask(Case.objects.select_related("lender", "customer").filter(closed_on=None)[0], 29_680_000)
    time.sleep(0.2)


def collect(desk: ThreadPoolExecutor, name: str, seed: int, pace: int, rounds: int, given: list[int]) -> None:
    """Next case, look, contact, talk, wrap up; again."""
    rng = random.Random(seed)  # noqa: S311 - a load, no secret
    time.sleep(rng.random() * pace)
    for _ in range(rounds):
        case = click(desk, "get_next", take, name)
        if case is None:
            return
        given.append(case)
        time.sleep(pace * rng.uniform(0.2, 0.4))
        attempt = click(desk, "reserve", reserve, name, case)
        time.sleep(pace * rng.uniform(0.4, 0.8))
        if attempt is not None:
            click(desk, "wrap_up", wrap_up, name, attempt)


def click(desk: ThreadPoolExecutor, what: str, call: Callable[..., Any], *args: Any) -> Any:
    """Milliseconds from the click to the answer."""
    begun = time.perf_counter()
    answer = desk.submit(call, *args).result()
    TIMES.setdefault(what, []).append((time.perf_counter() - begun) * 1000)
    return answer


def take(name: str) -> int | None:
    from fairdue.store.actions import giving
    from fairdue.store.models import User

    case = giving.get_next(User.objects.select_related("organisation").get(username=name))
    return case.pk if case else None


def reserve(name: str, case: int) -> int | None:
    from fairdue.core.codes import Channel
    from fairdue.store.actions import contacts
    from fairdue.store.models import Point, User

    user = User.objects.select_related("organisation").get(username=name)
    point = Point.objects.filter(person__cases=case).order_by("pk").values_list("pk", flat=True)[0]
    held = contacts.reserve(user, case, contacts.Proposed(Channel.CALL, point))
    return held.attempt_id if isinstance(held, contacts.Reservation) else None


def wrap_up(name: str, attempt: int) -> None:
    from fairdue.store.actions import contacts
    from fairdue.store.models import User

    contacts.record(User.objects.select_related("organisation").get(username=name), attempt, "RPC_WILLING")


def quantiles(times: list[float]) -> dict[str, float]:
    """p50, p95, p99 in milliseconds."""
    ordered = sorted(times)
    return {f"p{q}": round(ordered[min(len(ordered) - 1, len(ordered) * q // 100)], 1) for q in (50, 95, 99)}


def summary(parts: list[tuple[dict[str, list[float]], list[int]]]) -> dict[str, Any]:
    """Quantiles by step, and how many cases two collectors were given."""
    given = Counter(case for _, cases in parts for case in cases)
    steps = {
        step: [ms for times, _ in parts for ms in times.get(step, [])] for step in ("get_next", "reserve", "wrap_up")
    }
    said = {f"{step}_ms": str(quantiles(times)) for step, times in steps.items() if times}
    return {**said, "given": sum(given.values()), "given_twice": sum(1 for count in given.values() if count > 1)}


FREE = "SELECT id FROM floor_bench WHERE held_by IS NULL ORDER BY rank DESC LIMIT 1"
WAYS = {
    "select, then update": "",
    "FOR UPDATE, waiting": " FOR UPDATE",
    "FOR UPDATE SKIP LOCKED": " FOR UPDATE SKIP LOCKED",
}


def compared(url: str) -> dict[str, str]:
    """The same taking in bare SQL three ways, sixty connections at once: what goes wrong and what it costs."""
    found = {}
    for way, lock in WAYS.items():
        with psycopg.connect(url, autocommit=True) as db:
            db.execute("DROP TABLE IF EXISTS floor_bench")
            db.execute("CREATE TABLE floor_bench (id INT PRIMARY KEY, rank INT, held_by INT)")
            db.execute("INSERT INTO floor_bench SELECT n, n * 7919 % 10007, NULL FROM generate_series(1, 5000) n")
            db.execute("CREATE INDEX ON floor_bench (rank DESC) WHERE held_by IS NULL")
        found[way] = race(url, FREE + lock)
    with psycopg.connect(url, autocommit=True) as db:
        db.execute("DROP TABLE floor_bench")
    return found


def race(url: str, sql: str) -> str:
    """All begin together; each takes its cases one after the other."""
    start, lock = threading.Barrier(TAKERS), threading.Lock()
    times: list[float] = []
    got: Counter[int] = Counter()
    empty = 0

    def taker(number: int) -> None:
        nonlocal empty
        with psycopg.connect(url) as db:
            start.wait()
            for _ in range(EACH):
                begun = time.perf_counter()
                row = db.execute(sql).fetchone()
                time.sleep(WORK)  # what else the transaction does
                if row:
                    db.execute("UPDATE floor_bench SET held_by = %s WHERE id = %s", [number, row[0]])
                db.commit()
                with lock:
                    times.append((time.perf_counter() - begun) * 1000)
                    got[row[0] if row else 0] += 1
                    empty += row is None

    threads = [threading.Thread(target=taker, args=(n,)) for n in range(TAKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    twice = sum(1 for case, count in got.items() if case and count > 1)
    return f"{quantiles(times)} ms, {twice} cases to more than one, {empty} times empty-handed"


if __name__ == "__main__":
    main()
