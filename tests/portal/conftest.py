"""The customers' site over the standing cast's book, fresh for every test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import cast
from fairdue.store.models import Case
from fairdue.web.portal.views import entry
from visiting import site
from worlds import World, Worlds, opened, worlds

__all__ = ["worlds"]


@pytest.fixture
def desk(worlds: Worlds, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A database with the cast and a worked book; the site answers without its pause, which one test measures."""
    monkeypatch.setattr(entry, "FLOOR", 0.0)
    with opened(worlds, "sqlite", cast.engage) as world, site():
        yield world


@pytest.fixture
def case(desk: World) -> Case:
    """The collector's first case."""
    return cast.case_of(cast.COLLECTOR)
