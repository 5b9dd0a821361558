"""The chart of refusals by day, as numbers an SVG is drawn from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django import template

from fairdue.core.codes import Channel, Code, Direction, label
from fairdue.core.guard_facts import YesNo
from fairdue.store.pages.compliance import Day, RefusalsPage
from fairdue.web.ui.lang import lang
from fairdue.web.ui.templatetags.fairdue import DASH, clock_time

register = template.Library()

WIDTH, TOP, BASE = 960, 24, 144
MONDAY = 0
FEW = 14  # up to so many days, each is named; then the Mondays


@dataclass(frozen=True)
class Bar:
    """One day: the column, the column's whole width to click on, and whether the day is named below."""

    day: Day
    left: float
    step: float
    x: float
    y: float
    width: float
    height: float
    middle: float
    named: bool


@register.simple_tag
def bars(days: Sequence[Day]) -> list[Bar]:
    """The columns of the chart in its own units."""
    step = WIDTH / max(len(days), 1)
    width = min(step * 0.7, 40.0)
    found = []
    for n, day in enumerate(days):
        height = max(day.share * (BASE - TOP) / 1000, 2.0 if day.count else 0.0)
        middle = n * step + step / 2
        found.append(
            Bar(
                day,
                named=len(days) <= FEW or day.on.weekday() == MONDAY,
                left=round(n * step, 1),
                step=round(step, 1),
                x=round(middle - width / 2, 1),
                y=round(BASE - height, 1),
                width=round(width, 1),
                height=round(height, 1),
                middle=round(middle, 1),
            )
        )
    return found


@register.simple_tag
def highest(days: Sequence[Day]) -> int:
    """The figure at the top of the chart."""
    return max((day.count for day in days), default=0)


@register.simple_tag
def narrowed(page: RefusalsPage, **changed: Any) -> str:
    """The address of the page with something changed; an empty value lifts a filter."""
    wanted = page.wanted
    said: dict[str, Any] = {
        "first": page.first, "last": page.last, "rule": wanted.rule, "team": wanted.team,
        "show": "all" if wanted.everything else "",
    }  # fmt: skip
    return "?" + urlencode({name: value for name, value in (said | changed).items() if value not in ("", None)})


@register.simple_tag
def period(page: RefusalsPage, days: int, ending: int = 0) -> str:
    """The address of the last so many days, ending so many days before today."""
    last: date = page.today - timedelta(days=ending)
    return narrowed(page, first=last - timedelta(days=days - 1), last=last)


PAST: tuple[tuple[str, type[Code]], ...] = (
    ("channel", Channel), ("direction", Direction), ("answered", YesNo), ("talked", YesNo), ("reserved", YesNo),
)  # fmt: skip


@register.simple_tag
def past_rows(history: str | None, zone: str) -> list[list[str]]:
    """The past contacts a decision was told, the newest first, in words."""
    said = json.loads(history or "{}")
    rows = [
        [clock_time(at, zone), *(label(kind, said[name][n], lang()) if name in said else DASH for name, kind in PAST)]
        for n, at in enumerate(said.get("at", ()))
    ]
    return sorted(rows, reverse=True)
