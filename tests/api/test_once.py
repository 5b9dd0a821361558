"""A write is carried out once per Idempotency-Key, whatever the network, other processes or a power cut do; rates hold."""

from __future__ import annotations

import json
import signal
from contextlib import suppress
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError

import asking
import cast
from dying import FORKS, die
from fairdue.store import audit, clock
from fairdue.store.actions import keys
from fairdue.store.models import ApiBucket, ApiKey, ApiRequest, Attempt, AuditRow, Decision, Means
from fairdue.web.api import once
from worlds import BOTH, World, Worlds, opened

both = pytest.mark.parametrize("vendor", BOTH)
FORK = "5f0c1d0e-8a3b-4c53-9f6e-0a9d6a3d2b11"


def test_the_same_request_again_gets_the_same_answer_and_does_nothing(desk: World) -> None:
    case = cast.case_of(cast.COLLECTOR)
    mine = asking.program(cast.COLLECTOR)
    wanted = {"channel": "CALL", "point": case.customer.points.get().pk}
    first = mine.send("POST", f"/cases/{case.pk}/contacts", wanted, key=FORK)
    rows = AuditRow.objects.count(), Attempt.objects.count()
    again = mine.send("POST", f"/cases/{case.pk}/contacts", wanted, key=FORK)
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert (first.headers.get(once.REPLAYED), again.headers[once.REPLAYED]) == (None, "true")
    assert rows == (AuditRow.objects.count(), Attempt.objects.count())


def test_another_request_under_the_same_key_is_refused(desk: World) -> None:
    case = cast.case_of(cast.COLLECTOR)
    mine = asking.program(cast.COLLECTOR)
    mine.post(f"/cases/{case.pk}/means", {"adults": 2}, 201, key=FORK)
    assert mine.post(f"/cases/{case.pk}/means", {"adults": 3}, 422, key=FORK)["code"] == "api.idempotency-key-reused"
    other = asking.program(cast.COLLECTOR)  # keys of another program are its own
    other.post(f"/cases/{case.pk}/means", {"adults": 3}, 201, key=FORK)
    assert Means.objects.filter(case=case).count() == 2


def test_a_write_without_a_key_of_its_own_is_not_carried_out(desk: World) -> None:
    case = cast.case_of(cast.COLLECTOR)
    mine = asking.program(cast.COLLECTOR)
    for key in ("short", "with space in it", "x" * 65):
        assert mine.post(f"/cases/{case.pk}/means", {}, 400, key=key)["code"] == "api.no-idempotency-key"
    assert not Means.objects.exists()


def test_an_error_changes_nothing_and_leaves_the_key_free(desk: World) -> None:
    case = cast.case_of(cast.COLLECTOR)
    mine = asking.program(cast.COLLECTOR)
    held = mine.post(f"/cases/{case.pk}/contacts", {"channel": "CALL", "point": case.customer.points.get().pk}, 201)
    before = AuditRow.objects.count()
    promise = {"amount": case.balance + 1, "on": str(case.as_of)}
    said = mine.post(f"/contacts/{held['contact']}/outcome", {"outcome": "PTP", "promise": promise}, 422, key=FORK)
    assert said["code"] in {"contact.promise-too-much", "contact.unknown-outcome"}
    assert AuditRow.objects.count() == before
    assert not ApiRequest.objects.filter(idempotency_key=FORK).exists()


def test_a_refusal_of_the_guard_is_an_answer_and_is_kept(desk: World) -> None:
    case = cast.case_of(cast.COLLECTOR)
    mine = asking.program(cast.COLLECTOR)
    clock.set_demo(cast.at(23))
    wanted = {"channel": "CALL", "point": case.customer.points.get().pk}
    first = mine.post(f"/cases/{case.pk}/contacts", wanted, 409, key=FORK)
    clock.set_demo(cast.at(10))
    assert mine.post(f"/cases/{case.pk}/contacts", wanted, 409, key=FORK) == first
    assert Decision.objects.filter(kind="contact", case=case).count() == 1


def test_what_is_kept_of_an_answer_cannot_be_read_from_the_table(desk: World) -> None:
    case = cast.case_of(cast.COLLECTOR)
    mine = asking.program(cast.COLLECTOR)
    mine.post(f"/cases/{case.pk}/means", {}, 201, key=FORK)
    row = ApiRequest.objects.get(idempotency_key=FORK)
    assert row.status == 201
    assert b"case" not in bytes(row.body_sealed)


def say(world: World, text: str, path: str, key: str, start: Barrier, out: Path) -> None:
    """One process that sends the request as soon as all are ready."""
    with world.open():
        mine = asking.Program(text)
        start.wait()
        while True:
            answer = mine.send("POST", path, {"adults": 2}, key=key)
            if answer.status_code != 500:  # SQLite makes no queue: who waits too long is sent away
                break
        out.write_bytes(answer.content)


@both
def test_eight_at_once_with_one_key_have_one_effect_and_one_answer(worlds: Worlds, vendor: str, tmp_path: Path) -> None:
    with opened(worlds, vendor, cast.engage) as world:
        case = cast.case_of(cast.COLLECTOR)
        text = asking.key_for(cast.COLLECTOR)
        start = FORKS.Barrier(8)
        path = f"/cases/{case.pk}/means"
        runs: list[Any] = [
            FORKS.Process(target=say, args=(world, text, path, FORK, start, tmp_path / str(n))) for n in range(8)
        ]
        for run in runs:
            run.start()
        for run in runs:
            run.join(120)
        assert [run.exitcode for run in runs] == [0] * 8
        assert Means.objects.filter(case=case).count() == 1
        assert len({(tmp_path / str(n)).read_bytes() for n in range(8)}) == 1
        assert AuditRow.objects.filter(verb="means.say").count() == 1


def say_and_die(world: World, text: str, path: str, moment: str) -> None:
    """A process that dies while it carries the request out."""
    with world.open():
        if moment == "audited":
            real = audit.write

            def write(*said: Any, **more: Any) -> Any:
                row = real(*said, **more)
                die()
                return row

            trail: Any = audit
            trail.write = write
        else:
            module: Any = once
            module.sealer = die  # asked for when the answer is kept, after everything was done
        asking.Program(text).send("POST", path, {"adults": 2}, key=FORK)


@both
@pytest.mark.parametrize("moment", ["audited", "answered"])
def test_a_kill_in_the_middle_leaves_nothing_and_the_request_is_sent_again(
    worlds: Worlds, vendor: str, moment: str
) -> None:
    with opened(worlds, vendor, cast.engage) as world:
        case = cast.case_of(cast.COLLECTOR)
        text = asking.key_for(cast.COLLECTOR)
        path = f"/cases/{case.pk}/means"
        process = FORKS.Process(target=say_and_die, args=(world, text, path, moment))
        process.start()
        process.join(120)
        assert process.exitcode == -signal.SIGKILL
        assert (Means.objects.count(), ApiRequest.objects.count()) == (0, 0)
        asking.Program(text).post(path, {"adults": 2}, 201, key=FORK)
        assert (Means.objects.count(), audit.verify()) == (1, None)


def test_a_rate_is_said_and_held(desk: World) -> None:
    mine = asking.Program(asking.key_for(cast.COLLECTOR, per_minute=3))
    answers = [mine.send("GET", "/outcomes") for _ in range(4)]
    assert [a.status_code for a in answers] == [200, 200, 200, 429]
    assert [a.headers["RateLimit"].split(";")[1] for a in answers] == ["r=2", "r=1", "r=0", "r=0"]
    assert answers[0].headers["RateLimit-Policy"] == '"requests";q=3;w=60'
    assert 1 <= int(answers[3].headers["Retry-After"]) <= 20
    assert json.loads(answers[3].content)["code"] == "api.too-many-requests"
    ApiBucket.objects.update(at=0)  # much time passes
    assert mine.send("GET", "/outcomes").status_code == 200


def take(world: World, key: int, times: int, out: Path) -> None:
    """Take tokens; how many were given."""
    given = 0
    with world.open():
        row = ApiKey.objects.get(pk=key)
        for _ in range(times):
            with suppress(OperationalError):  # SQLite makes no queue: who waits too long is sent away
                given += keys.take_token(row).wait == 0
    out.write_text(str(given))


@both
def test_a_rate_holds_over_processes(worlds: Worlds, vendor: str, tmp_path: Path) -> None:
    with opened(worlds, vendor, cast.engage) as world:
        key, _ = asking.made(cast.COLLECTOR, per_minute=40)
        runs: list[Any] = [FORKS.Process(target=take, args=(world, key.pk, 30, tmp_path / str(n))) for n in range(4)]
        for run in runs:
            run.start()
        for run in runs:
            run.join(120)
        given = sum(int((tmp_path / str(n)).read_text()) for n in range(4))
        assert 40 <= given <= 40 + 40 * 30 // 60  # what refilled meanwhile: at most half a minute's worth
