"""Words of the pages of quality: reasons of a draw, states of a sample, lengths of a sound."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.translation import gettext as _

from fairdue.rules.outcomes import load_outcomes
from fairdue.rules.quality import load_sampling, load_scorecard
from fairdue.store.models import Sample
from fairdue.store.self_cure import Arm
from fairdue.store.sound import Turn
from fairdue.web.ui.lang import lang
from fairdue.wording.finding import WORDS, Verdict

register = template.Library()
HUNDREDTH = 10_000  # of a share in parts per million


@register.filter
def drawn_for(code: str) -> str:
    """Why a contact was drawn; a code that is no longer in the policy is shown as it is."""
    reason = load_sampling().reasons.get(code)
    return reason.label[lang()] if reason else code


@register.filter
def group_name(code: str) -> str:
    """A side of the contact."""
    return load_scorecard().groups[code][lang()]


@register.filter
def share(ppm: int | None) -> str:
    """Parts per million as whole per cent; a dash where nobody was heard."""
    return "–" if ppm is None else f"{round(ppm / HUNDREDTH)} %"


@register.filter
def kappa(ppm: int | None) -> str:
    """A coefficient with two decimals."""
    return "–" if ppm is None else f"{ppm / 1_000_000:.2f}"


@register.filter
def clock(seconds: float) -> str:
    """Seconds as minutes and seconds; a dash where unknown."""
    return "–" if seconds < 0 else f"{int(seconds) // 60}:{int(seconds) % 60:02}"


@register.filter
def speaker(turn: Turn) -> str:
    """Who speaks."""
    return {"collector": _("Collector"), "debtor": _("Customer")}.get(turn.speaker, _("Somebody else"))


@register.filter
def verdict_word(name: str) -> str:
    """The word for a verdict of the wording check."""
    return WORDS[Verdict[name.upper()]][lang()]


@register.filter
def waits_for(sample: Sample) -> str:
    """What a sample waits for."""
    words = {
        Sample.OPEN: _("First review"), Sample.FIRST: _("Blind second review"), Sample.DIFFER: _("Settle the differences"),
    }  # fmt: skip
    return words.get(sample.state, _("Answer of the collector") if sample.answered_at < 0 else _("Answered"))


@register.filter
def score_of(typed: dict[str, str], code: str) -> str:
    """What was typed for an item before something was refused."""
    return typed.get(code, "")


@register.filter
def note_of(typed: dict[str, str], code: str) -> str:
    """The note that was typed for an item."""
    return typed.get(f"{code}-note", "")


@register.filter
def numbered(things: Iterable[object]) -> list[tuple[str, object]]:
    """Things with their places as words, to compare with what was typed."""
    return [(str(i), thing) for i, thing in enumerate(things)]


@register.filter
def outcome_name(code: str) -> str:
    """What a contact came to."""
    known = load_outcomes().find(code)
    return known.label[lang()] if known else code or "–"


@register.filter
def tenths(ppm: int | None) -> str:
    """Parts per million as per cent with one decimal, below zero too."""
    return "–" if ppm is None else f"{ppm / HUNDREDTH:.1f} %"


@register.filter
def per_case(arm: Arm) -> str:
    """Contacts for each case that was followed."""
    return f"{arm.contacts / arm.cured.whole:.2f}" if arm.cured.whole else "–"
