"""Words of the templates: money, dates, codes, icons. They format; they decide nothing."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fairdue.core import clocks, codes, decision, happened, proceedings, suing, tracks
from fairdue.core.codes import Code
from fairdue.core.errors import Fault
from fairdue.core.ledger import PostingKind
from fairdue.core.money import format_minor
from fairdue.core.plan_state import PlanState
from fairdue.store import clock
from fairdue.web.ui.lang import lang

register = template.Library()

ICONS = Path(__file__).resolve().parent.parent / "static" / "vendor" / "lucide"
DASH = "–"
MODULES = (codes, tracks, clocks, happened, proceedings, suing)
NAMED = tuple(found for module in MODULES for found in vars(module).values())
KINDS: dict[str, type[Code]] = {
    kind.__name__: kind
    for kind in (*NAMED, decision.Action, decision.DecisionReason, PostingKind, PlanState)
    if isinstance(kind, type) and issubclass(kind, Code) and kind is not Code
}
CHANNEL_ICONS = ("phone", "message-square", "mail", "message-circle", "smartphone", "file-text", "map-pin")


@register.filter
def money(amount: int | None, exponent: int) -> str:
    """Minor units as a person reads them; a dash where the amount is not known."""
    return DASH if amount is None else format_minor(int(amount), int(exponent))


@register.filter
def code(value: int | None, kind: str) -> str:
    """The word for a code of `core`: `{{ row.aim|code:"Aim" }}`."""
    return codes.label(KINDS[kind], codes.UNKNOWN if value is None else int(value), lang())


@register.filter
def said(thing: Any) -> str:
    """The text of a pair {zh, en}, of anything with `zh` and `en`, or the sentence of a fault."""
    if thing is None:
        return ""
    if isinstance(thing, str):
        return thing
    if isinstance(thing, Fault):
        return thing.sentence(lang())
    if isinstance(thing, dict):
        return str(thing.get(lang(), ""))
    if isinstance(thing, tuple):
        return str(thing[0] if lang() == "zh" else thing[1])
    return str(getattr(thing, lang()))


@register.filter
def field(thing: Any, name: str) -> str:
    """The half of a bilingual record in this language: `{{ row|field:"reason" }}` reads `reason_zh` or `reason_en`."""
    return str(getattr(thing, f"{name}_{lang()}"))


@register.filter
def percent(ppm: int | None) -> str:
    """Parts per million as per cent with one decimal."""
    return DASH if ppm is None or ppm < 0 else f"{ppm / 10_000:.1f} %"


@register.filter
def channel_icon(channel: int) -> str:
    """The sign of a channel."""
    return CHANNEL_ICONS[channel] if 0 <= channel < len(CHANNEL_ICONS) else "circle-question-mark"


@register.filter
def channel_word(name: str) -> str:
    """The word for a channel by its name."""
    return codes.Channel[name].label(lang())


@cache
def _drawing(name: str) -> str:
    drawn = (ICONS / f"{name}.svg").read_text("utf-8")
    return drawn[drawn.index(">", drawn.index("<svg")) + 1 : drawn.index("</svg>")].strip()


@register.simple_tag
def icon(name: str) -> SafeString:
    """A sign beside a word; it never stands alone, so it is hidden from screen readers."""
    body = mark_safe(_drawing(name))  # noqa: S308 - a file of this project
    return format_html('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', body)


def relative(day: date, today: date) -> str:
    """How far a day is away, in words."""
    days = (day - today).days
    if days in (-1, 0, 1):
        return {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}[days]
    if days > 0:
        return ngettext("in %(n)s day", "in %(n)s days", days) % {"n": days}
    return ngettext("%(n)s day ago", "%(n)s days ago", -days) % {"n": -days}


@register.simple_tag(takes_context=True)
def day(context: template.Context, value: date | None) -> SafeString | str:
    """A date with the distance beside it: 2026-03-02 · in 9 days."""
    if value is None:
        return DASH
    away = relative(value, context["business"].date)
    return format_html('<time datetime="{0}">{0}</time> <span class="soft">{1}</span>', value.isoformat(), away)


@register.filter
def clock_time(minute: int | None, zone: str) -> str:
    """Date and time of a minute on the wall clock of a zone."""
    if minute is None or minute < 0:
        return DASH
    return f"{clock.from_minute(minute, zone or 'UTC'):%Y-%m-%d %H:%M}"


@register.filter
def hours(minute: int | None, zone: str) -> str:
    """The time of day of a minute on the wall clock of a zone."""
    return DASH if minute is None or minute < 0 else f"{clock.from_minute(minute, zone or 'UTC'):%H:%M}"


@register.simple_tag(takes_context=True)
def moment(context: template.Context, minute: int | datetime | None, zone: str = "") -> SafeString | str:
    """A minute (or an aware datetime) on the wall clock of a zone, with the distance in days when it is not today."""
    if minute is None or (isinstance(minute, int) and minute < 0):
        return DASH
    zone = zone or context["business"].zone
    at = minute.astimezone(ZoneInfo(zone)) if isinstance(minute, datetime) else clock.from_minute(minute, zone)
    away = relative(at.date(), clock.from_minute(context["business"].minute, zone).date())
    text = f"{at:%Y-%m-%d %H:%M}"
    return format_html('<time datetime="{}">{}</time> <span class="soft">{}</span>', at.isoformat(), text, away)


@register.simple_tag(takes_context=True)
def stamp(context: template.Context, at: datetime | None) -> SafeString | str:
    """When the machine did something: wall-clock time, which in the demo has nothing to do with the business clock."""
    if at is None:
        return DASH
    local = at.astimezone(ZoneInfo(context["business"].zone))
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), f"{local:%Y-%m-%d %H:%M}")
