"""What runs out soon and what was complained about, for commands: no names, only numbers."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F

from fairdue.core.errors import Lang
from fairdue.rules.tracks import load_tracks
from fairdue.store import clock
from fairdue.store.actions.answers import number_of
from fairdue.store.models import Complaint, Organisation, Track
from fairdue.store.pages.tracks import clocks_of


@dataclass(frozen=True)
class DueRow:
    """One clock: which track, on which case, its last day and how many days are left (negative: overdue)."""

    number: str
    kind: str
    case: int
    due_on: date
    days_left: int
    extension_asked: bool

    def line(self, lang: Lang) -> str:
        """For a person."""
        title = load_tracks()[self.kind].title[lang]
        if lang == "zh":
            left = f"已超期 {-self.days_left} 天" if self.days_left < 0 else f"剩 {self.days_left} 天"
            return f"{self.due_on}  {left}  {title} {self.number}  案件 {self.case}"
        days = f"{abs(self.days_left)} day{'' if abs(self.days_left) == 1 else 's'}"
        left = f"{days} overdue" if self.days_left < 0 else f"{days} left"
        return f"{self.due_on}  {left}  {title} {self.number}  case {self.case}"


@dataclass(frozen=True)
class Due:
    """Tracks whose decision or review is overdue or falls due within some days, the next to run out first."""

    today: date
    within: int
    late: int
    tracks: tuple[DueRow, ...]

    def as_dict(self) -> dict[str, Any]:
        """For a program."""
        return asdict(self)


def tracks_due(lender: Organisation, within: int) -> Due:
    """What of a lender's runs out."""
    today = clock.business_date(clock.now_minute(), lender.zone)
    last = today + timedelta(days=within)
    found = clocks_of(Track.objects.filter(lender=lender)).filter(last__lte=last).order_by("last", "pk")
    rows = tuple(
        DueRow(number_of(t), t.kind, t.case_id, t.last, (t.last - today).days, t.asked_by_id is not None) for t in found
    )
    return Due(today, within, sum(row.days_left < 0 for row in rows), rows)


@dataclass(frozen=True)
class ComplaintsReport:
    """Complaints received in a period, by the regulator's class and ours: what the report to the regulator is made of."""

    first: date
    last: date
    received: int
    decided: int
    in_time: int
    rows: tuple[dict[str, Any], ...]

    def as_dict(self) -> dict[str, Any]:
        """For a program."""
        return asdict(self)


BY = ("regulator_class", "category", "came_by", "root_cause")


def complaints_report(lender: Organisation, first: date, last: date) -> ComplaintsReport:
    """Count the complaints received from `first` to `last`."""
    found = Complaint.objects.filter(track__lender=lender, received_on__range=(first, last))
    decided = found.exclude(track__decision="")
    rows = found.values(*BY, "track__decision").annotate(count=Count("pk")).order_by(*BY, "track__decision")
    return ComplaintsReport(
        first, last, found.count(), decided.count(), decided.filter(track__decided_on__lte=F("track__due_on")).count(),
        tuple({"decision": row.pop("track__decision"), **row} for row in map(dict, rows)),
    )  # fmt: skip
