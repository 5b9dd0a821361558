"""Serves a site with Granian; Ctrl-C ends it cleanly."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

SITES = ("desk", "portal")
LAST_REQUESTS = 10  # seconds to finish what was asked when told to stop; a worker told while it starts does not hear it


def serve(host: str, port: int, site: str = "desk", workers: int | None = None) -> None:
    """Serve one of `SITES` until interrupted, with two worker processes for each processor unless told otherwise.

    Within a worker the frames' library keeps to one thread: a click is about one customer, whose frames have a few rows, and
    handing those to a pool of threads costs more than the work. The pool is made at its first use, hence in time here.
    """
    os.environ.setdefault("POLARS_MAX_THREADS", "1")
    Granian(
        f"fairdue.web.{site}.wsgi:application", address=host, port=port, interface=Interfaces.WSGI,
        workers=workers or 2 * (os.cpu_count() or 1), blocking_threads=2, log_level=LogLevels.error, log_access=False,
        workers_kill_timeout=LAST_REQUESTS,
    ).serve()  # fmt: skip


@contextmanager
def beside(host: str, port: int, site: str) -> Iterator[subprocess.Popen[bytes]]:
    """Serve a site in a process of its own, with settings of its own, until the end of the block.

    Not a fork: the threads of the frames' library do not live on in one, and the first page that asks it would wait for ever.
    """
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": f"fairdue.web.sites.{site}"}
    said = [sys.executable, "-m", "fairdue.cli", "serve", "--site", site, "--host", host, "--port", str(port)]
    process = subprocess.Popen(said, env=environment)  # noqa: S603 - our own command
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=20)
