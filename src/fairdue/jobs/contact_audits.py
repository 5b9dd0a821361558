"""Carries out an audit of a contact log that was asked for at the desk, in a process of its own.

One at a time, as each needs its memory; the others wait. What it does stands in a small file beside the reports; killed, it
goes on where it was when it is asked for again.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import connection

from fairdue.core.errors import Fault, Lang
from fairdue.logaudit import deliver
from fairdue.logaudit.faults import Stopped
from fairdue.logaudit.order import Order
from fairdue.store.actions import audits
from fairdue.store.models import ContactAudit

EVERY = 1.0  # seconds between two notes of how far it has come
BIG = ("collectors", "days", "hours", "files")  # of the summary: it stays in the report, and out of the database


class Unforeseen(Fault):
    """Something that is not the log's fault."""

    code = "audit.unforeseen"
    en = "The audit broke off: {what}."
    en_remedy = "Go on with it; if it breaks off again, ask your operator to look at {log}."
    zh = "审计意外中断：{what}。"
    zh_remedy = "请继续；如再次中断，请运维人员查看 {log}。"


def work(audit_id: int, lang: Lang) -> ContactAudit:
    """Carry out the audit and note what became of it."""
    row = ContactAudit.objects.get(pk=audit_id)
    row.folder.mkdir(parents=True, exist_ok=True)
    with _alone(row.folder / "lock"):
        note(row.folder, "wait", 0, None, 0.0)
        with _alone(Path(settings.HOME) / "audits" / "lock"):
            (row.folder / "stop").unlink(missing_ok=True)
            begun = audits.settle(audit_id, "RUNNING")
            return _carried_out(begun, lang) if begun.state == "RUNNING" else begun


def _carried_out(row: ContactAudit, lang: Lang) -> ContactAudit:
    connection.close()  # it may take an hour; the database is told when it is over
    try:
        made = deliver.audit(_order(row, lang), _noting(row.folder), (row.folder / "stop").exists)
    except Stopped:
        return audits.settle(row.pk, "STOPPED")
    except Fault as fault:
        return _failed(row, fault)
    except Exception as error:
        _failed(row, Unforeseen(what=type(error).__name__, log=str(row.folder / "log.txt")))
        raise
    return audits.settle(row.pk, "DONE", result={name: value for name, value in made.items() if name not in BIG})


def _failed(row: ContactAudit, fault: Fault) -> ContactAudit:
    return audits.settle(row.pk, "FAILED", fault={"zh": fault.sentence("zh"), "en": fault.sentence("en")})


def _order(row: ContactAudit, lang: Lang) -> Order:
    return Order(
        (row.log,), row.mapping, row.pack, row.out, row.policy, row.zone or None, row.clock or None, row.assume, lang,
        title=row.title,
    )  # fmt: skip


def _noting(folder: Path) -> Callable[[str, int, int | None], None]:
    """A report that notes how far the work has come, at most once a second."""
    began: dict[str, float] = {}
    last = [0.0]

    def report(what: str, done: int, total: int | None) -> None:
        now = time.monotonic()
        began.setdefault(what, now)
        if now - last[0] >= EVERY or done == 0:
            last[0] = now
            note(folder, what, done, total, now - began[what])

    return report


def note(folder: Path, what: str, done: int, total: int | None, seconds: float) -> None:
    """Write down how far the work has come, whole or not at all."""
    growing = folder / "status.growing"
    said: dict[str, Any] = {"what": what, "done": done, "total": total, "seconds": round(seconds, 1)}
    growing.write_text(json.dumps(said), "utf-8")
    growing.rename(folder / "status.json")


@contextmanager
def _alone(path: Path) -> Iterator[IO[str]]:
    """Hold a lock that the system lets go of when the process ends, however it ends."""
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file
