"""Serves the desk with Granian; Ctrl-C ends it cleanly."""

from __future__ import annotations

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels


def serve(host: str, port: int) -> None:
    """Serve until interrupted."""
    Granian(
        "fairdue.web.desk.wsgi:application", address=host, port=port, interface=Interfaces.WSGI, workers=1,
        blocking_threads=4, log_level=LogLevels.warning, log_access=False,
    ).serve()  # fmt: skip
