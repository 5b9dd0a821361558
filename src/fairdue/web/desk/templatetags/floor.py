"""Words and small drawings of the floor's pages."""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from fairdue.core.share import Share
from fairdue.store.actions import daily
from fairdue.store.approving.orders import TITLES
from fairdue.store.models import CaseOrder, CaseQueue, Shift
from fairdue.web.ui.lang import lang

register = template.Library()
WIDTH, HEIGHT, PPM = 120, 12, 1_000_000
SIGNALS = {
    "certificate": _("No valid certificate"), "certificate-soon": _("Certificate runs out soon"),
    "broken": _("More promises broken than elsewhere"), "overdue": _("Our word is overdue"),
    "own": _("Our word too often late"), "ageing": _("Cases without follow-up"),
    "refused": _("Many contacts refused"), "load": _("Too much work for the day"),
}  # fmt: skip
CERTIFICATES = {
    "HELD": _("valid"), "NONE": _("none"), "UNKNOWN": _("unknown"), "AHEAD": _("not passed yet"), "LAPSED": _("lapsed"),
}  # fmt: skip
ABSENCES = {"HOLIDAY": _("Holiday"), "SICK": _("Sick"), "TRAINING": _("Training"), "OTHER": _("Other")}
STATES = {
    "ASKED": _("asked for"), "IN_FORCE": _("in force"), "REFUSED": _("refused"), "UNDONE": _("undone"),
    "EXPIRED": _("expired"),
}  # fmt: skip
WEEKDAYS = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))


@register.filter
def signal_word(code: str) -> str:
    """What stands out, in words."""
    return str(SIGNALS[code])


@register.filter
def certificate_word(state: str) -> str:
    """How a certificate stands."""
    return str(CERTIFICATES[state])


@register.filter
def absence_word(kind: str) -> str:
    """Why somebody is away."""
    return str(ABSENCES[kind])


@register.filter
def weekday_word(day: int) -> str:
    """The day of the week, Monday 0."""
    return str(WEEKDAYS[day])


@register.filter
def shift_words(shift: Shift) -> str:
    """Mon 09:00-18:00."""
    hours = "-".join(f"{minute // 60:02}:{minute % 60:02}" for minute in (shift.starts, shift.ends))
    return f"{WEEKDAYS[shift.weekday]} {hours}"


@register.filter
def daily_step(code: str) -> str:
    """A step of the work of a day."""
    return daily.TITLES[code][lang()] if code in daily.TITLES else code


@register.filter
def daily_figures(figures: dict[str, object]) -> str:
    """What a step did."""
    return daily.said(figures, lang())


@register.filter
def order_word(order: CaseOrder) -> str:
    """The kind of an order."""
    return TITLES[order.kind][lang()]


@register.filter
def order_state(state: str) -> str:
    """How far an order is."""
    return str(STATES[state])


@register.filter
def queue_takes(queue: CaseQueue) -> str:
    """Which cases go into a queue."""
    parts = [" ".join(codes) for codes in (queue.stages, queue.products, queue.tracks) if codes]
    return " · ".join(parts) or str(_("every case without an owner"))


@register.filter
def bucket_word(bucket: tuple[int, int]) -> str:
    """A span of days."""
    first, last = bucket
    if last >= PPM:
        return str(_("over %(n)s days") % {"n": first - 1})
    return str(_("%(first)s–%(last)s days") % {"first": first, "last": last})


@register.simple_tag
def interval(share: Share) -> SafeString:
    """A share as a dot in its interval on a line from none to all, with the figures beside it."""
    if not share.of:
        return format_html('<span class="soft">{}</span>', "–")
    low, high, dot = (round(value * WIDTH / PPM, 1) for value in (share.low, share.high, share.ppm))
    text = f"{share.ppm / 10_000:.0f} % ({share.hits}/{share.of})"
    title = f"{share.low / 10_000:.0f}–{share.high / 10_000:.0f} %"
    return format_html(
        '<svg width="{w}" height="{h}" viewBox="-4 0 128 {h}" role="img" aria-label="{t}"><title>{t}</title>'
        '<line x1="0" x2="{w}" y1="6" y2="6" stroke="currentColor" opacity=".2"></line>'
        '<line x1="{a}" x2="{b}" y1="6" y2="6" stroke="currentColor" stroke-width="3" opacity=".5"></line>'
        '<circle cx="{d}" cy="6" r="4" fill="currentColor"></circle></svg> <span class="num small">{s}</span>',
        w=WIDTH, h=HEIGHT, t=title, a=low, b=high, d=dot, s=text,
    )  # fmt: skip


@register.simple_tag
def ageing_bar(counts: Sequence[int]) -> SafeString:
    """The buckets as one bar, the darker the longer the cases wait."""
    total, at, parts = sum(counts) or 1, 0.0, []
    for number, count in enumerate(counts):
        width = count * WIDTH / total
        parts.append((round(at, 1), round(width, 1), HEIGHT, round(0.15 + number * 0.2, 2)))
        at += width
    bars = format_html_join(
        "", '<rect x="{}" y="0" width="{}" height="{}" fill="currentColor" opacity="{}"></rect>', parts
    )
    return format_html('<svg width="{}" height="{}" aria-hidden="true">{}</svg>', WIDTH, HEIGHT, bars)
