"""Starts work that goes on when the page is closed and the server restarted: a process of its own, by the one command."""

from __future__ import annotations

import os
import subprocess
import sys

from fairdue.store.models import ContactAudit

_children: list[subprocess.Popen[bytes]] = []


def start_audit(row: ContactAudit, lang: str) -> None:
    """Carry out an audit that was asked for; what it says goes into its folder."""
    _children[:] = [child for child in _children if child.poll() is None]
    row.folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "fairdue.cli", "audit", "work", str(row.pk)]
    with (row.folder / "log.txt").open("ab") as said:
        child = subprocess.Popen(  # noqa: S603 - our own command; the number is a key of a row
            command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True,
            env={**os.environ, "FAIRDUE_LANG": lang},
        )  # fmt: skip
    _children.append(child)
