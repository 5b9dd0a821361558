"""Collectors in processes of their own who all want to reach the same people at the same minute."""

from __future__ import annotations

import random
from collections.abc import Sequence
from multiprocessing.connection import wait as connection_wait
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import psycopg
from django.db import OperationalError

from dying import FORKS
from fairdue import steps
from fairdue.core.codes import Channel, Mode, Role
from fairdue.steps.guard import PROPOSAL, judge
from fairdue.steps.state import Config
from fairdue.store import clock, config, decide
from fairdue.store.access import NotYours
from fairdue.store.actions import attempts, contacts
from fairdue.store.actions.contacts import Proposed, Reservation
from fairdue.store.decide import Known
from fairdue.store.facts import DjangoReader, gather
from fairdue.store.models import Case, Organisation, Point, User
from worlds import World

OUTCOMES = {Channel.CALL: ("RPC_WILLING", "NA", "NA", "RPC_HANGUP"), Channel.SMS: ("SMS_SENT",)}


def work(world: World, seed: int, username: str, cases: Sequence[int], times: int, start: Barrier) -> None:
    """Take a case over, ask, and contact: with no regard for anybody else."""
    rng = random.Random(seed)
    with world.open():
        user = User.objects.get(username=username)
        start.wait()
        for _ in range(times):
            _contact(user, rng.choice(cases), rng)


def _contact(user: User, case_id: int, rng: random.Random) -> None:
    """Take the case over and ask; somebody else may be faster, or this one be sent away because too many wait."""
    try:
        _try(user, Case.objects.get(pk=case_id), rng)
    except (NotYours, contacts.NotReserved, contacts.UnknownOutcome):
        pass  # the case is somebody else's by now, or the place held is of the other channel
    except OperationalError as error:
        if "locked" not in str(error):  # SQLite makes no queue: who waits too long is sent away, and nothing was done
            raise


def _try(user: User, case: Case, rng: random.Random) -> None:
    """Half of the reservations are left open: what is under way counts too."""
    Case.objects.filter(pk=case.pk).update(owner=user, team=user.team)
    channel = rng.choice((Channel.CALL, Channel.CALL, Channel.SMS))
    held = contacts.reserve(user, case.pk, Proposed(channel, Point.objects.get(person_id=case.customer_id).pk))
    if isinstance(held, Reservation) and rng.random() < 0.5:
        contacts.record(user, held.attempt_id, rng.choice(OUTCOMES[channel]))


def race(world: World, usernames: Sequence[str], cases: Sequence[int], times: int) -> None:
    """One process per collector, all begin together; raises if one of them fails."""
    start = FORKS.Barrier(len(usernames))
    runs: list[Any] = [
        FORKS.Process(target=work, args=(world, seed, username, cases, times, start))
        for seed, username in enumerate(usernames)
    ]
    for run in runs:
        run.start()
    for run in runs:
        run.join(900)
    assert [run.exitcode for run in runs] == [0] * len(runs)


# The ledger's own door, for many thousands of attempts: what is known about each contact is gathered once for all, the past
# is read and the verdict made under the lock, as for a collector. Workers are killed at random and begin again where the last
# line of their log is: what they asked last is asked again under the same key.

TWO = (int(Channel.CALL), int(Channel.SMS))


class Knowledge:
    """What is known about a call and a text to each of some cases; small enough to hand to every process."""

    def __init__(self, cases: Sequence[Case], now: int) -> None:
        lender = cases[0].lender
        self.lender, self.now = lender.pk, now
        made = config.build(lender, clock.business_date(now, lender.zone), at=now)
        customers = [case.customer_id for case in cases]
        facts = gather(DjangoReader(), lender.pk, min(customers), max(customers), made.as_of, now)
        state = steps.run(facts, made)
        points = dict(Point.objects.filter(person__in=customers).values_list("person", "pk"))
        self.contacts = [
            (case.pk, case.customer_id, points[case.customer_id], channel) for case in cases for channel in TWO
        ]
        user = User.objects.filter(role=Role.COLLECTOR).order_by("pk")[0]
        rows = [
            decide._proposal(
                decide.Asked(case, made, state), Proposed(channel, points[case.customer_id]), case.customer, user
            )
            for case in cases for channel in TWO
        ]  # fmt: skip
        self.facts = judge(state, pl.DataFrame(rows, PROPOSAL, orient="row"), made).facts
        self.rows = {row["customer"]: row for row in state.cases.to_dicts()}

    def of(self, number: int, made: Config) -> Known:
        """One contact as the ledger wants it."""
        case, customer, point, channel = self.contacts[number]
        mode = int(Mode.TALK) if channel == Channel.CALL else -1
        return Known(case, customer, customer, point, channel, mode, 0, 0, 0, -1, self.facts.take(np.array([number])),
                     self.rows[customer], made)  # fmt: skip


def ledger_worker(
    world: World, number: int, username: str, knowledge: Knowledge, attempts_each: int, log: Path
) -> None:
    """Ask for contacts until all are asked for; two of three that are given are made and come to something."""
    done = len(log.read_text().splitlines()) if log.exists() else 0
    with world.open(), log.open("a", buffering=1) as acknowledged:
        user = User.objects.get(username=username)
        lender = Organisation.objects.get(pk=knowledge.lender)
        made = config.build(lender, clock.business_date(knowledge.now, lender.zone), at=knowledge.now)
        for n in range(done, attempts_each):
            acknowledged.write(" ".join(map(str, _ask(user, knowledge, made, number, n))) + "\n")


def _ask(user: User, knowledge: Knowledge, made: Config, number: int, n: int) -> tuple[int, int, str]:
    """One attempt: the decision, the attempt (0: refused), what it came to."""
    rng = random.Random(number << 32 | n)  # asked again after a kill, it is the same request
    known = knowledge.of(rng.randrange(len(knowledge.contacts)), made)
    decision, attempt = attempts.reserve(user, known, f"{number}-{n}")
    outcome = rng.choice(("RPC_WILLING", "NA", "NA")) if known.channel == Channel.CALL else "SMS_SENT"
    if attempt is None or rng.random() < 1 / 3:
        return decision.pk, attempt.pk if attempt else 0, "-"
    attempts.confirm(user, attempt.pk, outcome)
    return decision.pk, attempt.pk, outcome


def kill_at_random(
    world: World, usernames: Sequence[str], knowledge: Knowledge, attempts_each: int, folder: Path, every: float
) -> int:
    """One process per collector; every so often one of them is killed and another takes over its place. How many died.

    Only one that got an answer since it began is killed, and nobody once half have ended: on a slow machine they would hardly
    ever come to an end otherwise.
    """
    rng, killed = random.Random(len(usernames)), 0
    logs = [folder / f"acknowledged-{number}" for number in range(len(usernames))]

    began = dict.fromkeys(range(len(usernames)), 0)

    def size(number: int) -> int:
        return logs[number].stat().st_size if logs[number].exists() else 0

    def start(number: int) -> Any:
        began[number] = size(number)
        made = FORKS.Process(
            target=ledger_worker, args=(world, number, usernames[number], knowledge, attempts_each, logs[number])
        )
        made.start()
        return made

    running = {number: start(number) for number in range(len(usernames))}
    while running:
        connection_wait([process.sentinel for process in running.values()], timeout=every)
        for number, process in list(running.items()):
            if process.exitcode is not None:
                assert process.exitcode == 0, f"a worker ended with {process.exitcode}"
                del running[number]
        busy = [number for number in running if size(number) > began[number]]
        if busy and 2 * len(running) > len(usernames):
            number = rng.choice(busy)
            running[number].kill()
            running[number].join()
            killed += running[number].exitcode == -9
            running[number] = start(number)
    return killed


def acknowledged(folder: Path) -> list[tuple[int, int, str]]:
    """Every answer that a worker got: decision, attempt (0: refused), outcome."""
    lines = [line.split() for log in sorted(folder.glob("acknowledged-*")) for line in log.read_text().splitlines()]
    return [(int(decision), int(attempt), outcome) for decision, attempt, outcome in lines]


def naive_worker(url: str, number: int, customers: Sequence[int], attempts_each: int, start: Barrier) -> None:
    """The same load by counting first and writing afterwards: one text a day for each."""
    rng = random.Random(number)
    with psycopg.connect(url, autocommit=True) as db:
        start.wait()
        for _ in range(attempts_each):
            customer = rng.choice(customers)
            row = db.execute("SELECT COUNT(*) FROM naive WHERE customer = %s", [customer]).fetchone()
            if row is not None and row[0] < 1:
                db.execute("INSERT INTO naive VALUES (%s)", [customer])


def naive_race(url: str, workers: int, customers: Sequence[int], attempts_each: int) -> None:
    """All begin together."""
    start = FORKS.Barrier(workers)
    runs: list[Any] = [
        FORKS.Process(target=naive_worker, args=(url, number, customers, attempts_each, start))
        for number in range(workers)
    ]
    for run in runs:
        run.start()
    for run in runs:
        run.join(300)
    assert [run.exitcode for run in runs] == [0] * workers
