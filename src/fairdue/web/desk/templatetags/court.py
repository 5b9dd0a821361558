"""Words of a procedure's history."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from fairdue.core.proceedings import CourtState
from fairdue.web.ui.lang import lang

register = template.Library()


@register.filter
def court_step(name: str) -> str:
    """A step of a procedure, or what was done beside its steps."""
    if name in CourtState.__members__:
        return CourtState[name].label(lang())
    words = {
        "PREPARE": _("Papers prepared"), "HEARING": _("Hearing set"), "HEARING_HELD": _("Hearing held"),
        "HEARING_MOVED": _("Hearing moved"), "COST": _("Cost booked"), "HAND_OVER": _("Handed over"),
        "TAKE_BACK": _("Taken back"), "DAY_SET": _("Day set by the court"), "DAY_KEPT": _("Day of the court kept"),
    }  # fmt: skip
    return words.get(name, name)
