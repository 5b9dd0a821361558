"""What the pages about audits of contact logs show: how far one has come, what it found, what may be fetched."""

from __future__ import annotations

import fcntl
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fairdue.store import access, clock
from fairdue.store.actions.audits import UNDER_WAY
from fairdue.store.models import ContactAudit, User

# Files of an audit that may be fetched, and whether they name people.
FILES = {
    "report.zh.html": False, "report.en.html": False, "report.zh.pdf": False, "report.en.pdf": False, "summary.json": False,
    "missing.csv": False, "duplicates.csv": False, "breaches.csv": True, "breaches.parquet": True, "rejects.csv": True,
}  # fmt: skip
STARTS_WITHIN = 20  # seconds
STEPS = ("wait", "read", "judge", "write")


@dataclass(frozen=True)
class Progress:
    """How far the work has come: the step, its share (0 to 100; None: not known), seconds left in it; whether it lives."""

    step: str
    percent: int | None
    seconds_left: int | None
    alive: bool

    @property
    def steps(self) -> tuple[tuple[str, str], ...]:
        """Every step with `done`, `now` or `later`."""
        here = STEPS.index(self.step)
        return tuple((name, "done" if n < here else "now" if n == here else "later") for n, name in enumerate(STEPS))


def audits(user: User) -> list[ContactAudit]:
    """The newest first."""
    return list(access.contact_audits_for(user)[:100])


def progress(row: ContactAudit) -> Progress | None:
    """None where nothing is under way."""
    if row.state not in UNDER_WAY:
        return None
    said = _status(row.folder / "status.json")
    step = str(said.get("what", "wait"))
    done, total, seconds = said.get("done", 0), said.get("total"), said.get("seconds", 0)
    percent = min(100, int(100 * done / total)) if total else None
    left = int(seconds * (total - done) / done) if total and 0 < done < total else None
    alive = _alive(row.folder / "lock") or _just_started(row.folder / "log.txt")
    return Progress(step if step in STEPS else "wait", percent, left, alive)


def _status(path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found


def _alive(path: Path) -> bool:
    """Whether somebody works at it: the lock is held as long as the process lives."""
    try:
        with path.open("r+") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _just_started(path: Path) -> bool:
    """Whether the work was started a moment ago: a process needs that long to take its lock."""
    return path.is_file() and clock.wall().timestamp() - path.stat().st_mtime < STARTS_WITHIN


def files(row: ContactAudit) -> list[tuple[str, int]]:
    """What may be fetched, with its size in bytes."""
    there = [(name, row.out / name) for name in FILES]
    return [(name, path.stat().st_size) for name, path in there if path.is_file()] if row.state == "DONE" else []


def file_of(row: ContactAudit, name: str) -> Path:
    """One of them. Raises `NotYours` for a name that is none, or is not there."""
    path = row.out / name
    if name not in FILES or row.state != "DONE" or not path.is_file():
        raise access.NotYours
    return path
