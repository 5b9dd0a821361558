"""Worlds of their own, and a desk with a letterhead and addresses."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import lettering
from worlds import World, Worlds, opened, worlds

__all__ = ["worlds"]


@pytest.fixture
def desk(worlds: Worlds) -> Iterator[World]:
    with opened(worlds, "sqlite", lettering.engage) as world:
        yield world
