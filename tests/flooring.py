"""A floor of collectors in processes of their own who all ask for the next case at once, and one of whom may be killed."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any
from unittest.mock import patch

from django.conf import settings
from django.db import OperationalError

import books
from dying import FORKS
from fairdue.core.codes import Channel, Role
from fairdue.jobs import night
from fairdue.store import audit, clock
from fairdue.store.actions import contacts, giving
from fairdue.store.actions.contacts import Proposed, Reservation
from fairdue.store.models import CaseQueue, Point, User
from worlds import World

COLLECTORS = 6


def shared_floor() -> None:
    """A hundred and more late cases that belong to nobody, one queue for all, six collectors, ten in the morning."""
    lender = books.bank()
    for number in range(5, COLLECTORS + 1):
        books.hire(f"collector{number}", Role.COLLECTOR, lender, None)
    late = [line for line in books.rows(260) if line["oldest_unpaid_due"] and line["zone"]]
    books.load(lender, books.write(settings.HOME / "book.csv", late))
    CaseQueue.objects.create(lender=lender, name="all")
    night.run_night(lender, books.AS_OF)
    clock.set_demo(books.minute(books.AS_OF, "10:00"))


def worker(world: World, username: str, times: int, log: Path, start: Barrier) -> None:
    """Ask again and again; every answer is a line of the log before anything else is done with it."""
    with world.open(), log.open("a", buffering=1) as told:
        user = User.objects.get(username=username)
        start.wait()
        for _ in range(times):
            case = _next(user)
            if case is None:
                return
            told.write(f"{case}\n")
            _contact(user, case)


def _next(user: User) -> int | None:
    while True:
        try:
            found = giving.get_next(user)
        except OperationalError as error:
            if "locked" not in str(error):  # SQLite makes no queue: who waits too long asks again
                raise
            continue
        return None if found is None else found.pk


def _contact(user: User, case: int) -> None:
    point = Point.objects.get(person__cases=case)
    while True:
        try:
            held = contacts.reserve(user, case, Proposed(Channel.CALL, point.pk))
            assert isinstance(held, Reservation), "a case that was given may be contacted"
            contacts.record(user, held.attempt_id, "RPC_WILLING")
        except OperationalError as error:
            if "locked" not in str(error):
                raise
            continue
        return


def all_at_once(world: World, usernames: Sequence[str], times: int, folder: Path) -> list[list[int]]:
    """One process per collector, all begin together; the cases each of them was given. Raises if one of them fails."""
    start = FORKS.Barrier(len(usernames))
    runs: list[Any] = [
        FORKS.Process(target=worker, args=(world, name, times, folder / name, start)) for name in usernames
    ]
    for run in runs:
        run.start()
    for run in runs:
        run.join(300)
    assert [run.exitcode for run in runs] == [0] * len(runs)
    return [[int(line) for line in (folder / name).read_text().split()] for name in usernames]


def takes_and_dies(world: World, username: str) -> None:
    """Is given a case, and the power goes."""
    with world.open():
        assert giving.get_next(User.objects.get(username=username)) is not None
        os.kill(os.getpid(), signal.SIGKILL)


def dies_while_taking(world: World, username: str) -> None:
    """The power goes after the rows are written and before the transaction ends."""
    with world.open(), patch.object(audit, "write", lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)):
        giving.get_next(User.objects.get(username=username))
