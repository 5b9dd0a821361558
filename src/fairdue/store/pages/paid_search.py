"""What a track shows of the search for a payment: the newest look, its rows for those who see money, or why there are none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fairdue.core.codes import Role
from fairdue.core.found_payment import Agrees
from fairdue.store.models import PaidSearch, PaymentLine, Track, User
from fairdue.store.paid_search import Place, WhyNot

SEES_ROWS = frozenset({Role.FINANCE, Role.LEAD, Role.COMPLIANCE})
LOOKS_AGAIN = frozenset({Role.FINANCE, Role.LEAD})


@dataclass(frozen=True)
class FoundRow:
    """One payment that may be it. Where it lies with somebody else, nothing of them is shown."""

    line: PaymentLine
    place: Place
    score: int
    agrees: tuple[Agrees, ...]


@dataclass(frozen=True)
class SearchShown:
    """The newest look."""

    row: PaidSearch
    on: date | None
    looked: int
    count: int
    rows: tuple[FoundRow, ...]
    why: WhyNot | None
    again: bool


def shown(track: Track, user: User) -> SearchShown | None:
    """The newest search of a track; none where it is about something else. Two queries."""
    newest = track.searches.order_by("-pk").first() if track.kind == "ALREADY_PAID" else None
    if newest is None:
        return None
    may = Role(user.role) in SEES_ROWS
    lines = PaymentLine.objects.in_bulk([one["line"] for one in newest.found]) if may else {}
    rows = tuple(
        FoundRow(lines[one["line"]], Place[one["place"]], one["score"], tuple(Agrees[name] for name in one["agrees"]))
        for one in newest.found if one["line"] in lines
    )  # fmt: skip
    return SearchShown(newest, newest.paid_on, sum(newest.looked.values()), len(newest.found), rows,
                       WhyNot[newest.why] if newest.why else None, Role(user.role) in LOOKS_AGAIN)  # fmt: skip
