"""A night that is killed at any moment and started again ends like one that was left alone."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.conf import settings

import books
import dying
from books import AS_OF
from fairdue.jobs import night
from fairdue.store import audit, lenders
from fairdue.store.models import Case, Decision, NightRun, Promise
from worlds import BOTH, Worlds, opened

PARTITION = 60  # several parts, so that a night can die with some of them done
NEXT = AS_OF + timedelta(days=1)


def worked_book() -> None:
    """A book of ours with a night behind it and promises that mature: every statement of the next night has work to do."""
    lender = books.bank(owns_ledger=True)
    books.load(lender, books.write(settings.HOME / "book.csv", books.rows(240)))
    night.run_night(lender, AS_OF, partition=PARTITION)
    for case in Case.objects.order_by("pk")[:10]:
        Promise.objects.create(case=case, made_on=AS_OF, amount=case.balance, due_on=AS_OF - timedelta(days=3))


def undisturbed(worlds: Worlds, vendor: str) -> dict[str, Any]:
    with opened(worlds, vendor, worked_book):
        night.run_night(lenders.find(None), NEXT, partition=PARTITION)
        return books.kept()


@pytest.fixture(scope="module")
def ends(worlds: Worlds) -> dict[str, dict[str, Any]]:
    """How the night ends when nobody disturbs it, per database; filled when first needed."""
    return {}


SOME = (("guard_and_decide", 2), ("lists", 1), ("statement", 9))
ALL = [
    *SOME,
    *((step, n) for step in dying.STEPS for n in (1, 3)),
    *((moment, n) for moment in ("staged", "committed") for n in (1, 4)),
    *((moment, 1) for moment in ("assign", "lists", "published")),
    *(("audited", n) for n in (1, 2)),
]
MOMENTS = [pytest.param(*m, marks=() if m in SOME else pytest.mark.slow) for m in dict.fromkeys(ALL)]


@pytest.mark.parametrize("vendor", BOTH)
@pytest.mark.parametrize(("moment", "times"), MOMENTS)
def test_a_killed_night_ends_as_one_that_was_left_alone(
    worlds: Worlds, ends: dict[str, Any], vendor: str, moment: str, times: int
) -> None:
    assert killed_and_mended(worlds, ends, vendor, moment, times)


@pytest.mark.slow
@pytest.mark.parametrize("vendor", BOTH)
def test_a_night_may_die_after_any_statement_of_its_publication(
    worlds: Worlds, ends: dict[str, Any], vendor: str
) -> None:
    survived = next(n for n in count(1) if not killed_and_mended(worlds, ends, vendor, "statement", n))
    assert survived > 10


def killed_and_mended(worlds: Worlds, ends: dict[str, Any], vendor: str, moment: str, times: int) -> bool:
    """Kill the night at the moment, look at what is there, start it again, and compare; False if the moment never came."""
    ends.setdefault(vendor, undisturbed(worlds, vendor))
    with opened(worlds, vendor, worked_book) as world:
        before = books.kept()
        if not dying.killed(dying.run_night, world, NEXT, PARTITION, moment, times):
            return False
        if moment != "published":
            assert told(books.kept()) == told(before), "half a night was seen"
        night.run_night(lenders.find(None), NEXT, partition=PARTITION)
        found = books.kept()
        for table, rows in ends[vendor].items():
            assert found[table] == rows, table
        assert audit.verify() is None
        assert books.stages_left() == []
        return True


def told(tables: dict[str, Any]) -> dict[str, Any]:
    """All but what a night says about itself."""
    return {name: rows for name, rows in tables.items() if name not in {"night", "audit"}}


def test_the_night_after_is_made_of_what_happened_since(worlds: Worlds) -> None:
    """The worked book really exercises accrual, promises, closing and opening."""
    with opened(worlds, "sqlite", worked_book):
        night.run_night(lenders.find(None), NEXT, partition=PARTITION)
        assert NightRun.objects.filter(state="PUBLISHED").count() == 2
        assert Promise.objects.filter(status="BROKEN").count() == 10
        assert Decision.objects.filter(as_of=NEXT).exists()
