"""Worlds of their own for the tests of the floor."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import cast
from worlds import World, Worlds, opened, worlds

__all__ = ["worlds"]


@pytest.fixture
def desk(worlds: Worlds) -> Iterator[World]:
    """A database with the cast and a worked book, thrown away afterwards."""
    with opened(worlds, "sqlite", cast.engage) as world:
        yield world
