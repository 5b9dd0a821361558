"""Runs a job in a process of its own and kills it, as a power cut would, at a named moment.

Preloaded once by a fork server: what dies is a copy that has all modules but nothing of the job yet.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import django

django.setup()

import books
from fairdue import steps
from fairdue.jobs import imports, night
from fairdue.store import audit, columns, lenders
from fairdue.store.actions import load
from fairdue.store.actions import night as publishing
from worlds import World

os.environ["PYTHONPATH"] = os.pathsep.join(sys.path)  # or the fork server finds nothing to preload
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["dying"])


def die() -> None:
    """No clean-up, no rollback by hand, nothing flushed."""
    os.kill(os.getpid(), signal.SIGKILL)


def after(call: Callable[..., Any], times: int) -> Callable[..., Any]:
    """The call, with death after its n-th run."""
    done = 0

    def counted(*args: Any, **kwargs: Any) -> Any:
        nonlocal done
        result = call(*args, **kwargs)
        done += 1
        if done == times:
            die()
        return result

    return counted


STEPS = tuple(step.__name__ for step in steps.CHAIN)


def arm(moment: str, times: int) -> None:
    """Lay the mine: the process dies right after the moment's n-th passing, before anything later is done."""
    job: Any = night
    if moment in STEPS:
        job.CHAIN = tuple(after(step, times) if step.__name__ == moment else step for step in job.CHAIN)
    elif moment in {"assign", "lists"}:
        setattr(job, moment, after(getattr(job, moment), times))
    elif moment in {"staged", "committed"}:
        name = {"staged": "stage", "committed": "commit"}[moment]
        for kind in (columns._Sqlite, columns._Arrow):
            setattr(kind, name, after(getattr(kind, name), times))
    elif moment == "statement":
        publishing._run, load._run = after(publishing._run, times), after(load._run, times)
    elif moment == "audited":
        audit.write = after(audit.write, times)
    elif moment == "published":
        publishing.publish, load.publish = after(publishing.publish, times), after(load.publish, times)
    else:
        raise ValueError(moment)


def run_night(world: World, as_of: date, partition: int, moment: str, times: int) -> None:
    """The night that will not see the morning."""
    with world.open():
        arm(moment, times)
        night.run_night(lenders.find(None), as_of, partition=partition)


def run_import(world: World, path: Path, as_of: date, chunk: int, moment: str, times: int) -> None:
    """The import that will not end."""
    with world.open():
        imports.CHUNK = chunk
        arm(moment, times)
        books.load(lenders.find(None), path, as_of=as_of)


def killed(target: Callable[..., None], *args: Any) -> bool:
    """Run it in a copy of the preloaded process; whether it was killed (False: it came to its end)."""
    process = FORKS.Process(target=target, args=args)
    process.start()
    process.join(120)
    assert process.exitcode in (0, -signal.SIGKILL), f"{target.__name__}{args} ended with {process.exitcode}"
    return process.exitcode != 0
