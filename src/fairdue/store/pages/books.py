"""What came in and what became of it: files, their control totals, and the nights over them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from fairdue.store import access
from fairdue.store.access import NotYours
from fairdue.store.models import Batch, DailyStep, NightRun, User

SHOWN = 50


@dataclass(frozen=True)
class BatchPage:
    """One file: what came in, what was left out and why."""

    batch: Batch
    control: dict[str, Any]
    currency: str
    exponent: int


def batches(user: User) -> list[Batch]:
    """The newest files first."""
    return list(access.batches_for(user).order_by("-started_at")[:SHOWN])


def batch_page(user: User, batch_id: int) -> BatchPage:
    """One file with its control totals. Raises `NotYours`."""
    batch = access.batches_for(user).select_related("lender").filter(pk=batch_id).first()
    if batch is None:
        raise NotYours
    return BatchPage(batch, batch.control, batch.lender.currency, batch.lender.exponent)


def nights(user: User) -> list[NightRun]:
    """The newest nights first."""
    return list(access.nights_for(user).select_related("lender").order_by("-started_at")[:SHOWN])


DAYS_SHOWN = 3


@dataclass(frozen=True)
class Daily:
    """The work of a day."""

    on: date
    steps: tuple[DailyStep, ...]


def dailies(user: User) -> list[Daily]:
    """The steps of the newest days, in the order in which they were begun."""
    mine = access.daily_for(user)
    days = list(mine.order_by("-on").values_list("on", flat=True).distinct()[:DAYS_SHOWN])
    rows = list(mine.filter(on__in=days).order_by("began_at", "pk"))
    return [Daily(day, tuple(row for row in rows if row.on == day)) for day in days]
