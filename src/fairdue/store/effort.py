"""How long a case of an aim takes: measured from what was recorded, else the judgement that is said to be one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median

from django.db.models import F

from fairdue.rules.effort import load_effort
from fairdue.store.models import Attempt

ENOUGH = 30  # contacts of an aim from which its median is used; a judgement of ours
WINDOW = 90 * 24 * 60
READ = 20_000  # the newest contacts looked at


@dataclass(frozen=True)
class Effort:
    """Minutes of one aim, from how many contacts; `measured` False: the judgement of rules/effort.yaml."""

    minutes: int
    contacts: int
    measured: bool


def efforts(lender_id: int, now: int) -> Mapping[int, Effort]:
    """By aim. From the minute a contact was taken to the minute its outcome was written, of people, in the last 90 days."""
    done = Attempt.objects.filter(
        case__lender_id=lender_id, state=Attempt.CONFIRMED, operator__isnull=False, recorded_at__gte=F("at"),
        at__gt=now - WINDOW, at__lte=now, recorded_at__lte=F("expires_at"),
    )  # fmt: skip
    took: dict[int, list[int]] = defaultdict(list)
    for aim, at, recorded in done.order_by("-at").values_list("aim", "at", "recorded_at")[:READ]:
        took[aim].append((recorded or at) - at)
    return {aim: _of(judged, took.get(aim, [])) for aim, judged in load_effort().items()}


def _of(judged: int, took: list[int]) -> Effort:
    if len(took) < ENOUGH:
        return Effort(judged, len(took), measured=False)
    return Effort(max(1, round(median(took))), len(took), measured=True)


def minutes(lender_id: int, now: int) -> dict[int, int]:
    """Minutes by aim."""
    return {aim: effort.minutes for aim, effort in efforts(lender_id, now).items()}
