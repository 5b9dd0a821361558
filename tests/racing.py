"""Collectors in processes of their own who all want to reach the same people at the same minute."""

from __future__ import annotations

import random
from collections.abc import Sequence
from multiprocessing.synchronize import Barrier
from typing import Any

from django.db import OperationalError

from dying import FORKS
from fairdue.core.codes import Channel
from fairdue.store.access import NotYours
from fairdue.store.actions import contacts
from fairdue.store.actions.contacts import Proposed, Reservation
from fairdue.store.models import Case, Point, User
from worlds import World

OUTCOMES = {Channel.CALL: ("RPC_WILLING", "NA", "NA", "RPC_HANGUP"), Channel.SMS: ("SMS_SENT",)}


def work(world: World, seed: int, username: str, cases: Sequence[int], attempts: int, start: Barrier) -> None:
    """Take a case over, ask, and contact: with no regard for anybody else."""
    rng = random.Random(seed)
    with world.open():
        user = User.objects.get(username=username)
        start.wait()
        for _ in range(attempts):
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


def race(world: World, usernames: Sequence[str], cases: Sequence[int], attempts: int) -> None:
    """One process per collector, all begin together; raises if one of them fails."""
    start = FORKS.Barrier(len(usernames))
    runs: list[Any] = [
        FORKS.Process(target=work, args=(world, seed, username, cases, attempts, start))
        for seed, username in enumerate(usernames)
    ]
    for run in runs:
        run.start()
    for run in runs:
        run.join(900)
    assert [run.exitcode for run in runs] == [0] * len(runs)
