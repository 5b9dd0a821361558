"""Windows as data: answers that are due, and times during which something may not be done.

A length stands in one place only: in the file of the track, of the period, or of the duty to keep records.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from fairdue.core.clocks import Deadlines, Unit, deadlines
from fairdue.core.dates import Days, Mask
from fairdue.core.errors import Lang
from fairdue.rules import periods
from fairdue.rules.calendars import china
from fairdue.rules.clocks import Clock, Source
from fairdue.rules.periods import PeriodKind
from fairdue.rules.periods.cases import validation_ends
from fairdue.rules.reading import Reading, WrongFiles
from fairdue.rules.retention import Retention, of_lender
from fairdue.rules.tracks import load_tracks

FILE = Path(__file__).parent / "windows.yaml"
NEEDED = ("ours", "warn", "meanwhile")
OPTIONAL = ("track", "period", "retention")
CHINESE_LAW = frozenset({"cn", "demo"})  # the lengths of the tracks are those of Chinese law


@dataclass(frozen=True)
class Window:
    """One kind of window."""

    kind: PeriodKind
    track: str
    ours: bool
    warn: tuple[int, ...]  # days before the last day, rising nearness
    meanwhile: Mapping[Lang, str]

    def clock(self, extended: int = 0) -> Clock | None:
        """Its length where a track has it, after so many extensions."""
        if not self.track:
            return None
        kind = load_tracks()[self.track]
        return kind.extensions[min(extended, len(kind.extensions)) - 1].clock if extended else kind.clock

    def source(self, pack: str, extended: int = 0, lender_kind: int = -1) -> Source | None:
        """Where its length is written; None: nothing is encoded for the place."""
        if self.track:
            found = self.clock(extended)
            return found.source if found else None
        if self.kind == PeriodKind.RETENTION:
            duty = of_lender(lender_kind, pack)
            return (
                Source(duty.instrument, {"zh": duty.article, "en": duty.article}, duty.link, duty.confidence)
                if duty
                else None
            )
        period = periods.find(self.kind, pack)
        return period.source if period else None


@cache
def load_windows() -> Mapping[PeriodKind, Window]:
    """The shipped windows. Raises `WrongFiles`."""
    reading = Reading(FILE, f"windows/{FILE.name}")
    found: dict[PeriodKind, Window] = {}
    for name, said in reading.data.items():
        if name not in PeriodKind.__members__ or not reading.keys(said, NEEDED, OPTIONAL, name):
            continue
        found[PeriodKind[name]] = Window(
            PeriodKind[name],
            said.get("track", ""),
            said["ours"] is True,
            tuple(said["warn"]),
            reading.both(said, "meanwhile"),
        )
    if reading.faults:
        raise WrongFiles(reading.faults)
    return found


def track_ends(start: Days, clock: Clock) -> Deadlines:
    """Last days of answers that are due a track's time after their start, shape (n,)."""
    return deadlines(start, clock.count, clock.unit, china(), moves=clock.moves)


def validation_lasts(sent: Days, pack: str) -> Days | None:
    """Last days of the validation period of notices sent on some days; None: the law of the place has none."""
    period = periods.find(PeriodKind.VALIDATION, pack)
    return None if period is None else np.asarray(validation_ends(period, sent), "datetime64[D]")


def retention_lasts(last_thing: Days, duty: Retention) -> Days:
    """The last day on which the records of people must be kept, after the last thing that happened."""
    years = deadlines(last_thing, duty.years, Unit.YEARS, china(), moves=False).last
    leap = _is_leap_day(last_thing) & ~_is_leap_day(years)
    return np.where(
        leap, years, years - np.timedelta64(1, "D")
    )  # the first free day is the day of the same name, as erasing has it


def _is_leap_day(days: Days) -> Mask:
    months = days.astype("datetime64[M]")
    of_month = (days - months.astype("datetime64[D]")).astype(np.int64)
    return np.asarray((months.astype(np.int64) % 12 == 1) & (of_month == 28), bool)  # noqa: PLR2004 - 29 February
