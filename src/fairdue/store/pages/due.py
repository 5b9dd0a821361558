"""What runs out soon, for a warning by command: no names, only numbers."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from fairdue.core.errors import Lang
from fairdue.core.tracks import TrackState
from fairdue.rules.tracks import load_tracks
from fairdue.store import clock
from fairdue.store.actions.answers import number_of
from fairdue.store.models import Organisation, Track


@dataclass(frozen=True)
class DueRow:
    """One clock: which track, on which case, its last day and how many days are left (negative: overdue)."""

    number: str
    kind: str
    case: int
    due_on: date
    days_left: int
    extension_asked: bool

    def as_dict(self) -> dict[str, Any]:
        """For a program."""
        return asdict(self)

    def line(self, lang: Lang) -> str:
        """For a person."""
        title = load_tracks()[self.kind].title[lang]
        if lang == "zh":
            left = f"已超期 {-self.days_left} 天" if self.days_left < 0 else f"剩 {self.days_left} 天"
            return f"{self.due_on}  {left}  {title} {self.number}  案件 {self.case}"
        days = f"{abs(self.days_left)} day{'' if abs(self.days_left) == 1 else 's'}"
        left = f"{days} overdue" if self.days_left < 0 else f"{days} left"
        return f"{self.due_on}  {left}  {title} {self.number}  case {self.case}"


def tracks_due(lender: Organisation, within: int) -> list[DueRow]:
    """Undecided tracks of a lender that are overdue or fall due within some days, the next to run out first."""
    today = clock.business_date(clock.now_minute(), lender.zone)
    last = today + timedelta(days=within)
    found = Track.objects.filter(lender=lender, state=TrackState.OPEN, due_on__lte=last).order_by("due_on", "pk")
    return [
        DueRow(number_of(t), t.kind, t.case_id, t.due_on, (t.due_on - today).days, t.asked_by_id is not None)
        for t in found
    ]
