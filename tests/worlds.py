"""A database of its own for a test, SQLite or PostgreSQL, with its home folder and its child processes.

What is proved here needs commits, kills and append-only tables, so a transaction that is rolled back at the end of a test
will not do. A world is a copy of a migrated template; while it is open, Django and the column connection both work in it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.utils import load_backend

import pg
from fairdue.web.sites.base import _database

SOURCE = Path(__file__).resolve().parent.parent / "src"
TESTS = Path(__file__).resolve().parent
KILLED = -9
_number = count(1)


@dataclass(frozen=True)
class World:
    """Where one test's data lives. `url` is empty for SQLite."""

    home: Path
    url: str = ""

    @property
    def vendor(self) -> str:
        return "postgresql" if self.url else "sqlite"

    @property
    def environment(self) -> dict[str, str]:
        """What a child process needs to work in this world."""
        paths = os.pathsep.join((str(SOURCE), str(TESTS)))
        return {**os.environ, "FAIRDUE_HOME": str(self.home), "FAIRDUE_DATABASE_URL": self.url, "PYTHONPATH": paths,
                "FAIRDUE_LANG": "en"}  # fmt: skip

    def fairdue(self, *said: object, code: int = 0) -> str:
        """The command line in a child process; what it printed."""
        return self._child(["-m", "fairdue.cli", *map(str, said)], code)

    def child(self, module: str, *said: object, code: int = 0) -> str:
        """A module of the tests in a child process; what it printed."""
        return self._child(["-m", module, *map(str, said)], code)

    def start(self, module: str, *said: object) -> subprocess.Popen[str]:
        """A child process that runs beside the test."""
        return subprocess.Popen(
            [sys.executable, "-m", module, *map(str, said)], env=self.environment, text=True, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )  # fmt: skip

    def _child(self, said: list[str], code: int) -> str:
        done = subprocess.run(
            [sys.executable, *said], env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == code, f"{said}: {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
        return done.stdout

    @contextmanager
    def open(self) -> Iterator[World]:
        """Django works in this world until the end of the block."""
        before, home, files = connections["default"], settings.HOME, settings.VAULT_FOLDER
        connections["default"] = _wrapper(self)
        settings.HOME, settings.VAULT_FOLDER = self.home, self.home / "vault"
        try:
            yield self
        finally:
            connections["default"].close()
            connections["default"], settings.HOME, settings.VAULT_FOLDER = before, home, files


def _wrapper(world: World) -> Any:
    made = dict(_database(world.url))
    if not world.url:
        made["NAME"] = str(world.home / "fairdue.db")
        made["OPTIONS"] = made["OPTIONS"] | {"init_command": made["OPTIONS"]["init_command"].replace("=FULL", "=OFF")}
    made.setdefault("OPTIONS", {})
    made["CONN_MAX_AGE"] = 0
    absent: dict[str, Any] = {
        "ATOMIC_REQUESTS": False,
        "AUTOCOMMIT": True,
        "CONN_HEALTH_CHECKS": False,
        "TIME_ZONE": None,
    }
    absent |= {"TEST": {}, "USER": "", "PASSWORD": "", "HOST": "", "PORT": ""}
    return load_backend(made["ENGINE"]).DatabaseWrapper(absent | made, "default")


class Worlds:
    """Makes worlds from templates: one per (vendor, way of filling it), filled once."""

    def __init__(self, folder: Path, unblock: Callable[[], Any]) -> None:
        self.folder = folder
        self.unblock = unblock
        self._server: Any = None
        self._server_url = ""
        self._templates: dict[tuple[str, str], World] = {}

    def make(self, vendor: str, fill: Callable[[], object] | None = None) -> World:
        """A fresh world; `fill` is run once per vendor and copied from then on."""
        template = self._template(vendor, fill)
        return self._copy(vendor, template)

    def remove(self, world: World) -> None:
        """Give the space back."""
        shutil.rmtree(world.home, ignore_errors=True)
        if world.url:
            pg.drop(self._server_url, world.home.name)

    def close(self) -> None:
        """Stop the server, if one was started."""
        if self._server is not None:
            self._server.__exit__(None, None, None)

    def _template(self, vendor: str, fill: Callable[[], object] | None) -> World:
        key = (vendor, "" if fill is None else f"{fill.__module__}.{fill.__qualname__}")
        if key not in self._templates:
            world = self._copy(vendor, None if fill is None else self._template(vendor, None))
            with self.unblock(), world.open():
                call_command("migrate", verbosity=0)
                if fill is not None:
                    fill()
            self._templates[key] = world
        return self._templates[key]

    def _copy(self, vendor: str, template: World | None) -> World:
        home = self.folder / f"world{next(_number)}"
        if template is None:
            home.mkdir()
        else:
            shutil.copytree(template.home, home)
        if vendor == "sqlite":
            return World(home)
        if self._server is None:
            self._server = pg.server(self.folder / "pg")
            self._server_url = self._server.__enter__()
        return World(home, pg.create(self._server_url, home.name, template.home.name if template else "template1"))


@pytest.fixture(scope="session")
def worlds(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Iterator[Worlds]:
    """The maker of worlds of this process."""
    made = Worlds(tmp_path_factory.mktemp("worlds"), django_db_blocker.unblock)
    yield made
    made.close()


BOTH = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgres))


@contextmanager
def opened(worlds: Worlds, vendor: str, fill: Callable[[], object] | None = None) -> Iterator[World]:
    """A fresh world that is open until the end of the block."""
    world = worlds.make(vendor, fill)
    try:
        with worlds.unblock(), world.open():
            yield world
    finally:
        worlds.remove(world)
