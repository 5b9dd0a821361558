"""However many work at once, nobody reserves a contact after the stop: the audit chain, which has one order, proves it."""

from __future__ import annotations

import json
import random
from multiprocessing.synchronize import Barrier
from typing import Any

import pytest

import cast
from dying import FORKS
from fairdue.core.codes import Channel, Role
from fairdue.store import audit
from fairdue.store.access import NotYours
from fairdue.store.actions import contacts, tracks
from fairdue.store.actions.contacts import Proposed, Reservation
from fairdue.store.models import Attempt, AuditRow, Case, Point, Track, User
from worlds import BOTH, World, Worlds, opened


def collector(world: World, seed: int, username: str, cases: list[int], start: Barrier) -> None:
    """Ask for contacts as fast as possible, and give most of them back."""
    rng = random.Random(seed)
    with world.open():
        user = User.objects.get(username=username)
        start.wait()
        for _ in range(25):
            case = Case.objects.get(pk=rng.choice(cases))
            point = Point.objects.get(person_id=case.customer_id).pk
            held = contacts.reserve(user, case.pk, Proposed(rng.choice((Channel.CALL, Channel.SMS)), point))
            if isinstance(held, Reservation) and rng.random() < 0.8:
                release(user, held.attempt_id)


def release(user: User, attempt_id: int) -> None:
    """Give it back, unless a track that opened meanwhile has let it run out."""
    try:
        contacts.release(user, attempt_id)
    except (contacts.NotReserved, NotYours):
        return


def lead(world: World, seed: int, cases: list[int], start: Barrier) -> None:
    """Open disputes in between, and withdraw some."""
    rng = random.Random(seed)
    with world.open():
        user = User.objects.get(username=cast.LEAD)
        start.wait()
        for case in rng.sample(cases, len(cases)):
            made = tracks.open_track(user, case, "DISPUTE", "a letter came in")
            if rng.random() < 0.3:
                tracks.withdraw(user, made.pk, "by mistake")


@pytest.mark.slow
@pytest.mark.parametrize("vendor", BOTH)
def test_nobody_reserves_a_contact_after_the_stop(worlds: Worlds, vendor: str) -> None:
    with opened(worlds, vendor, cast.engage) as world:
        by_owner = {name: owned(name) for name in (cast.COLLECTOR, cast.COLLEAGUE)}
        every = [case for cases in by_owner.values() for case in cases]
        start = FORKS.Barrier(3)
        runs: list[Any] = [
            FORKS.Process(target=collector, args=(world, seed, name, cases, start))
            for seed, (name, cases) in enumerate(by_owner.items())
        ]
        runs.append(FORKS.Process(target=lead, args=(world, 9, every, start)))
        for run in runs:
            run.start()
        for run in runs:
            run.join(300)
        assert [run.exitcode for run in runs] == [0, 0, 0]
        assert after_the_stop() == []
        assert Track.objects.count() == len(every)
        assert Attempt.objects.exists(), "somebody was faster than the dispute"
        assert audit.verify() is None


def owned(username: str) -> list[int]:
    found = Case.objects.filter(owner__username=username, owner__role=Role.COLLECTOR, action=0, closed_on=None)
    cases = [case.pk for case in found if Point.objects.filter(person_id=case.customer_id).count() == 1]
    assert len(cases) > 3
    return cases


def after_the_stop() -> list[int]:
    """Audit rows of reservations on a case whose stop was on."""
    stopped, wrong = set(), []
    for row in AuditRow.objects.order_by("pk"):
        case = json.loads(row.data).get("case")
        if row.verb == "track.open":
            stopped.add(case)
        elif row.verb == "track.withdraw":
            stopped.discard(Track.objects.get(pk=row.subject_id or 0).case_id)
        elif row.verb == "contact.reserve" and case in stopped:
            wrong.append(row.pk)
    return wrong
