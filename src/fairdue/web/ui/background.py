"""Starts work that goes on when the request is answered and the server restarted: a process of its own, by the one command."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

_children: list[subprocess.Popen[bytes]] = []


def start(folder: Path, lang: str, *said: str) -> None:
    """Start a command; what it prints goes into the folder."""
    _children[:] = [child for child in _children if child.poll() is None]
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "log.txt").open("ab") as out:
        child = subprocess.Popen(  # noqa: S603 - our own command; the arguments are ours
            [sys.executable, "-m", "fairdue.cli", *said], stdin=subprocess.DEVNULL, stdout=out, stderr=out,
            start_new_session=True, env={**os.environ, "FAIRDUE_LANG": lang},
        )  # fmt: skip
    _children.append(child)
