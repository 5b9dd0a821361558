"""The only place that reads a clock. The business clock is the wall clock, except in the demo, where it can be moved."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from fairdue.store.models import DemoClock

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def wall() -> datetime:
    """Now, in UTC: for records of when the machine did something."""
    return datetime.now(UTC)  # noqa: TID251 - this module is the edge where the clock is read


def to_minute(moment: datetime) -> int:
    """Whole minutes since the epoch of an aware datetime."""
    return int((moment - EPOCH).total_seconds() // 60)


def from_minute(minute: int, zone: str = "UTC") -> datetime:
    """The aware datetime of a minute, on the wall clock of `zone`."""
    return (EPOCH + timedelta(minutes=int(minute))).astimezone(ZoneInfo(zone))


def now_minute() -> int:
    """The business clock in minutes since the epoch."""
    if settings.DEMO:
        stand = DemoClock.objects.first()
        if stand is not None:
            return stand.at
    return to_minute(wall())


def business_date(minute: int, zone: str) -> date:
    """The calendar day at a place."""
    return from_minute(minute, zone).date()


@transaction.atomic
def set_demo(minute: int) -> None:
    """Move the demo's clock. Nothing happens outside demo mode."""
    if settings.DEMO:
        DemoClock.objects.update_or_create(pk=1, defaults={"at": minute})
