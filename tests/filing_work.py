"""Processes that go through a batch for a court: one that dies on the way, and several at once."""

from __future__ import annotations

from multiprocessing.synchronize import Barrier
from typing import Any

import cast
import dying
from dying import FORKS
from fairdue.jobs import filing as jobs
from fairdue.store import vault
from fairdue.store.actions import court
from worlds import World


def run_and_die(world: World, batch_id: int, moment: str, times: int) -> None:
    """Die after so many files were sealed, or so many cases asked for: before their transaction is committed."""
    with world.open():
        if moment == "sealed":
            vault.keep = dying.after(vault.keep, times)
        else:
            court.ask = dying.after(court.ask, times)
        jobs.run_batch(cast.user(cast.LEAD), batch_id)


def _run(world: World, batch_id: int, start: Barrier) -> None:
    with world.open():
        start.wait()
        jobs.run_batch(cast.user(cast.LEAD), batch_id)


def run_at_once(world: World, batch_id: int, processes: int) -> None:
    """Several processes go through the same batch at the same time."""
    start = FORKS.Barrier(processes)
    runs: list[Any] = [FORKS.Process(target=_run, args=(world, batch_id, start)) for _ in range(processes)]
    for run in runs:
        run.start()
    for run in runs:
        run.join(300)
    assert [run.exitcode for run in runs] == [0] * processes
