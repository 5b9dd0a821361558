"""What may be typed about a track, checked before it reaches an action."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fairdue.core.codes import UNKNOWN
from fairdue.core.errors import Fault
from fairdue.core.money import parse_minor
from fairdue.web.ui.lang import lang

DOES = ("evidence", "ask", "grant", "refuse", "decide", "resume", "withdraw", "reopen", "answer", "heir")


class OpenForm(forms.Form):
    """Which way off the normal work, what was said, since when."""

    kind = forms.CharField(max_length=30, error_messages={"required": _("Choose what it is.")})
    said = forms.CharField(required=False, max_length=4000)
    since = forms.DateField(
        required=False,
        error_messages={"invalid": _("This is not a date. Write it as year-month-day, such as 2026-10-09.")},
    )


class StepForm(forms.Form):
    """One step, with its reason and what belongs to it."""

    do = forms.ChoiceField(choices=[(name, name) for name in DOES])
    code = forms.CharField(required=False, max_length=30)
    reason = forms.CharField(required=False, max_length=4000)
    redress = forms.CharField(required=False, max_length=4000)
    language = forms.CharField(required=False, max_length=2)
    name = forms.CharField(required=False, max_length=120)
    share = forms.CharField(required=False, max_length=30)
    file = forms.FileField(required=False)

    def __init__(self, *args: Any, exponent: int, **kwargs: Any) -> None:
        self.exponent = exponent
        super().__init__(*args, **kwargs)

    def clean_share(self) -> int:
        """Minor units; -1 where nothing was written; what is no amount is said in a sentence."""
        typed = self.cleaned_data["share"].strip()
        try:
            return parse_minor(typed, self.exponent) if typed else UNKNOWN
        except Fault as fault:
            raise ValidationError(fault.sentence(lang())) from fault


class FindingsForm(forms.Form):
    """How a complaint is sorted and what was found."""

    category = forms.CharField(required=False, max_length=30)
    came_by = forms.CharField(required=False, max_length=30)
    root_cause = forms.CharField(required=False, max_length=30)
    regulator_class = forms.CharField(required=False, max_length=30)
    wants = forms.CharField(required=False, max_length=4000)
    findings = forms.CharField(required=False, max_length=4000)
    redress = forms.CharField(required=False, max_length=4000)
    learned = forms.CharField(required=False, max_length=4000)
    about_user = forms.CharField(required=False, max_length=60)
