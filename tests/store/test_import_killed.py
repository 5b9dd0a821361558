"""An import that is killed at any moment leaves the book as it was, and the same file again goes on to the same end."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.conf import settings

import books
import dying
from books import AS_OF
from fairdue.jobs import imports
from fairdue.store import audit, lenders
from worlds import BOTH, World, Worlds, opened

LATER = AS_OF + timedelta(days=30)
CHUNK = 40


def first_book() -> None:
    """A lender whose figures are the truth, with one book loaded: the next one is full of changes."""
    books.load(books.bank(owns_ledger=False), books.write(settings.HOME / "first.csv", books.rows(150)))


def second_book(world: World) -> Any:
    """A later book: some accounts are gone, some new, most differ; the path is the same in every world."""
    lines = [line | {"paid_1": "12.00"} for line in books.rows(210, as_of=LATER)[30:]]
    return books.write(world.home / "second.csv", lines)


@pytest.fixture(scope="module")
def ends(worlds: Worlds) -> dict[str, dict[str, Any]]:
    """What the book becomes when nobody disturbs the import, per database; filled when first needed."""
    return {}


def undisturbed(worlds: Worlds, vendor: str) -> dict[str, Any]:
    with opened(worlds, vendor, first_book) as world:
        books.load(lenders.find(None), second_book(world), as_of=LATER)
        return books.kept()


SOME = (("staged", 2), ("statement", 5))
ALL = [
    *SOME,
    *(("staged", n) for n in (1, 5)),
    *(("committed", n) for n in (1, 2, 3, 6)),
    ("audited", 2),
    ("published", 1),
]
MOMENTS = [pytest.param(*m, marks=() if m in SOME else pytest.mark.slow) for m in ALL]


@pytest.mark.parametrize("vendor", BOTH)
@pytest.mark.parametrize(("moment", "times"), MOMENTS)
def test_a_killed_import_ends_as_one_that_was_left_alone(
    worlds: Worlds, ends: dict[str, Any], vendor: str, moment: str, times: int
) -> None:
    assert killed_and_mended(worlds, ends, vendor, moment, times)


@pytest.mark.slow
@pytest.mark.parametrize("vendor", BOTH)
def test_an_import_may_die_after_any_statement_of_its_publication(
    worlds: Worlds, ends: dict[str, Any], vendor: str
) -> None:
    survived = next(n for n in count(1) if not killed_and_mended(worlds, ends, vendor, "statement", n))
    assert survived > 10


def killed_and_mended(worlds: Worlds, ends: dict[str, Any], vendor: str, moment: str, times: int) -> bool:
    """Kill the import at the moment, look at what is there, load again, compare; False if the moment never came."""
    ends.setdefault(vendor, undisturbed(worlds, vendor))
    with opened(worlds, vendor, first_book) as world:
        before, path = books.kept(), second_book(world)
        if not dying.killed(dying.run_import, world, path, LATER, CHUNK, moment, times):
            return False
        if moment != "published":
            assert told(books.kept()) == told(before), "half an import was seen"
        loaded = books.load(lenders.find(None), path, as_of=LATER)
        assert loaded.batch.state == "LOADED"
        found = books.kept()
        for table, rows in ends[vendor].items():
            assert found[table] == rows, table
        assert audit.verify() is None
        assert books.stages_left() == []
        return True


def told(tables: dict[str, Any]) -> dict[str, Any]:
    """All but what an import says about itself."""
    return {name: rows for name, rows in tables.items() if name not in {"batch", "audit"}}


def test_the_chunk_is_what_the_imports_take(worlds: Worlds) -> None:
    """The second book has several chunks, or the moments after the first would never come."""
    with opened(worlds, "sqlite", first_book) as world:
        loaded = books.load(lenders.find(None), second_book(world), as_of=LATER)
        assert loaded.batch.rows_read > 4 * CHUNK
        assert imports.CHUNK > CHUNK
