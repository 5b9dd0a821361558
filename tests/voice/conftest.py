"""A desk with the standing cast, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import cast
from worlds import BOTH, World, Worlds, opened, worlds

__all__ = ["worlds"]


@pytest.fixture
def desk(worlds: Worlds) -> Iterator[World]:
    """A database with the cast and a worked book, thrown away afterwards."""
    with opened(worlds, "sqlite", cast.engage) as world:
        yield world


@pytest.fixture(params=BOTH)
def both(worlds: Worlds, request: pytest.FixtureRequest) -> Iterator[World]:
    """The same on either database."""
    with opened(worlds, request.param, cast.engage) as world:
        yield world
