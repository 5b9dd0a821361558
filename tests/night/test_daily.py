"""The work of a day: in its order, each step once, what fails is named and stops nothing else, what was killed goes on."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.conf import settings

import books
import cast
from dying import FORKS
from fairdue.jobs import daily as job
from fairdue.store import audit, clock, lenders, vault
from fairdue.store.actions import daily as record
from fairdue.store.actions import recordings, reminders
from fairdue.store.models import Attempt, AuditRow, DailyStep, KeptFile, NightRun
from worlds import BOTH, KILLED, World, Worlds, opened

NEXT = books.AS_OF + timedelta(days=1)


@pytest.fixture(params=BOTH)
def world(worlds: Worlds, request: pytest.FixtureRequest) -> Iterator[World]:
    with opened(worlds, request.param, cast.engage) as made:
        yield made


def states() -> dict[str, str]:
    return dict(DailyStep.objects.filter(on=NEXT).order_by("pk").values_list("step", "state"))


def dies_after(world: World, steps: int) -> None:
    """The power goes when so many steps were ticked off."""
    count = 0
    end = record.end

    def counted(*said: Any) -> None:
        nonlocal count
        end(*said)
        count += 1
        if count == steps:
            os.kill(os.getpid(), signal.SIGKILL)

    with world.open(), patch.object(record, "end", counted):
        job.run(lenders.find("bank"), NEXT)


def test_a_day_is_done_in_order_once_and_a_second_run_does_nothing(world: World) -> None:
    clock.set_demo(cast.at(4, NEXT))
    first = json.loads(world.fairdue("daily", "--on", NEXT, "--lender", "bank", "--json"))
    assert [(one["step"], one["state"], one["before"]) for one in first["steps"]] == [
        (code, "DONE", False) for code in job.CODES
    ]
    assert job.CODES.index("recordings") < job.CODES.index("files")
    assert NightRun.objects.filter(as_of=NEXT, state="PUBLISHED").count() == 1
    trail = AuditRow.objects.count()
    again = json.loads(world.fairdue("daily", "--on", NEXT, "--lender", "bank", "--json"))
    assert all(one["before"] for one in again["steps"])
    assert [one["figures"] for one in again["steps"]] == [one["figures"] for one in first["steps"]]
    assert AuditRow.objects.count() == trail
    assert audit.verify() is None


@pytest.mark.parametrize("steps", [1, 3])
def test_a_day_that_was_killed_between_steps_goes_on_where_it_stopped(world: World, steps: int) -> None:
    run = FORKS.Process(target=dies_after, args=(world, steps))
    run.start()
    run.join(120)
    assert run.exitcode == KILLED
    assert list(states()) == list(job.CODES[:steps])
    made = job.run(lenders.find("bank"), NEXT)
    assert [one.before for one in made.told] == [number < steps for number in range(len(job.CODES))]
    assert set(states().values()) == {"DONE"}
    assert NightRun.objects.filter(as_of=NEXT, state="PUBLISHED").count() == 1


def test_a_step_that_fails_is_named_and_stops_only_what_needs_it(world: World) -> None:
    lender = lenders.find("bank")
    with (
        patch.object(reminders, "make", side_effect=ZeroDivisionError),
        patch.object(recordings, "retain", side_effect=vault.FileGone(name="a", why="it was dropped", why_zh="已删除")),
    ):
        made = job.run(lender, NEXT)
    assert made.failed
    assert {step: state for step, state in states().items() if state != "DONE"} == {
        "reminders": "FAILED", "queue": "WAITS", "recordings": "FAILED", "files": "WAITS",
    }  # fmt: skip
    assert DailyStep.objects.get(step="recordings").fault == "vault.gone"
    assert "it was dropped" in job.as_text(made, "en")
    assert "已删除" in job.as_text(made, "zh")
    assert not job.run(lender, NEXT).failed
    assert set(states().values()) == {"DONE"}


def test_a_recording_of_an_open_case_outlives_the_day_on_which_files_are_dropped(world: World) -> None:
    lender, case = lenders.find("bank"), cast.case_of(cast.COLLECTOR)
    given: dict[str, Any] = {"media_type": "text/plain", "actor": "test", "lender": lender, "keep_until": books.AS_OF}
    call = vault.keep(b"a call", name="call.wav", kind=recordings.KIND, person=case.customer, **given)
    old = vault.keep(b"old", name="old.txt", kind="LETTER", person=None, **given)
    job.run(lender, NEXT, skip=("night",))
    assert vault.read(KeptFile.objects.get(pk=call.pk)) == b"a call"
    with pytest.raises(vault.FileGone):
        vault.read(KeptFile.objects.get(pk=old.pk))


def test_two_at_once_are_refused_and_samples_are_drawn_once_a_week(world: World) -> None:
    lender = lenders.find("bank")
    with job._alone(lender), pytest.raises(job.Running):
        job.run(lender, NEXT)
    with pytest.raises(job.NoSuchStep):
        job.run(lender, NEXT, skip=("lunch",))
    monday = NEXT - timedelta(days=NEXT.weekday())
    for day in (monday, monday + timedelta(days=1), monday + timedelta(days=7)):
        job.run(lender, day, skip=tuple(code for code in job.CODES if code != "sample"))
    figures = list(DailyStep.objects.order_by("on").values_list("figures__this_week", flat=True))
    assert figures == [None, True, None]
    assert not Attempt.objects.filter(state=Attempt.RESERVED).exists()
    assert (settings.HOME / f"daily-{lender.pk}.lock").exists()
