"""What came in and what became of it: files, their control totals, and the nights over them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fairdue.store import access
from fairdue.store.access import NotYours
from fairdue.store.models import Batch, NightRun, User

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
