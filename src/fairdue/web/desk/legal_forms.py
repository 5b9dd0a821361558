"""What may be typed about legal events, lapses and procedures, checked before it reaches an action."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fairdue.core.codes import Code
from fairdue.core.dates import MINUTES, utc_of_local
from fairdue.core.errors import Fault
from fairdue.core.happened import Happened
from fairdue.core.money import parse_minor
from fairdue.core.proceedings import CourtCost, CourtState, Procedure
from fairdue.store.actions.court import Said
from fairdue.store.actions.filing import SIMILAR
from fairdue.web.ui.lang import lang

NO_DATE = _("This is not a date. Write it as year-month-day, such as 2026-10-09.")
LARGEST = 20 * 2**20  # bytes of one paper; a judgement of ours


def _codes(kind: type[Code]) -> list[tuple[str, str]]:
    return [(code.name, code.name) for code in kind]


def _day(*, needed: bool = False) -> forms.DateField:
    return forms.DateField(required=needed, error_messages={"invalid": NO_DATE, "required": _("Enter the day.")})


class EventForm(forms.Form):
    """One legal event with its proof."""

    kind = forms.ChoiceField(choices=_codes(Happened), error_messages={"required": _("Choose what happened.")})
    on = _day(needed=True)
    ended_on = _day()
    perform_by = _day()
    guarantor = forms.IntegerField(required=False)
    note = forms.CharField(required=False, max_length=300)
    file = forms.FileField(required=False)

    def clean_file(self) -> Any:
        """Not larger than a scan is."""
        sent = self.cleaned_data["file"]
        if sent is not None and sent.size > LARGEST:
            raise ValidationError(_("The file is larger than 20 MB. Split or compress it."))
        return sent


class PrepareForm(forms.Form):
    """Which way to court, and why."""

    procedure = forms.ChoiceField(choices=_codes(Procedure), error_messages={"required": _("Choose a procedure.")})
    court = forms.CharField(required=False, max_length=200)
    reason = forms.CharField(required=False, max_length=300)
    property = forms.IntegerField(required=False, min_value=0, max_value=100)


class CourtStepForm(forms.Form):
    """One step of a procedure, with what the court's paper says."""

    do = forms.ChoiceField(
        choices=[
            (n, n) for n in ("ask", "step", "hearing", "held", "moved", "cost", "hand", "back", "file", "day", "kept")
        ]
    )
    to = forms.ChoiceField(required=False, choices=[("", ""), *_codes(CourtState)])
    kind = forms.ChoiceField(required=False, choices=[("", ""), *_codes(CourtCost)])
    on = _day()
    at = forms.DateTimeField(required=False, error_messages={"invalid": _("This is not a date and time.")})
    served_on = _day()
    perform_by = _day()
    court = forms.CharField(required=False, max_length=200)
    reference = forms.CharField(required=False, max_length=100)
    amount = forms.CharField(required=False, max_length=30)
    ref = forms.CharField(required=False, max_length=120)
    firm = forms.CharField(required=False, max_length=60)
    hearing = forms.IntegerField(required=False)
    code = forms.CharField(required=False, max_length=20)
    note = forms.CharField(required=False, max_length=300)
    failed = forms.BooleanField(required=False)

    def __init__(self, *args: Any, exponent: int, zone: str, **kwargs: Any) -> None:
        self.exponent, self.zone = exponent, zone
        super().__init__(*args, **kwargs)

    def clean_amount(self) -> int | None:
        """Minor units; None where nothing was written; what is no amount is said in a sentence."""
        typed = self.cleaned_data["amount"].strip()
        try:
            return parse_minor(typed, self.exponent) if typed else None
        except Fault as fault:
            raise ValidationError(fault.sentence(lang())) from fault

    @property
    def minute(self) -> int:
        """The moment typed, on the lender's clock, utc_minute; 0 where none was."""
        at = self.cleaned_data["at"]
        if at is None:
            return 0
        day = (at.date() - date(1970, 1, 1)).days * MINUTES
        return utc_of_local(day + at.hour * 60 + at.minute, self.zone)

    @property
    def said(self) -> Said:
        """What comes with a step."""
        typed = self.cleaned_data
        return Said(typed["on"], typed["note"], typed["court"], typed["reference"], typed["served_on"], typed["perform_by"],
                    typed["amount"], typed["failed"])  # fmt: skip


class FilingForm(forms.Form):
    """Many like cases: their numbers, one a line or with commas between."""

    procedure = forms.ChoiceField(choices=[(kind.name, kind.name) for kind in SIMILAR])
    title = forms.CharField(required=False, max_length=120)
    court = forms.CharField(required=False, max_length=200)
    reason = forms.CharField(required=False, max_length=300)
    cases = forms.CharField(max_length=40_000, error_messages={"required": _("Enter the numbers of the cases.")})

    def clean_cases(self) -> list[int]:
        """The numbers; what is none is named."""
        words = self.cleaned_data["cases"].replace(",", " ").replace("，", " ").split()
        wrong = [word for word in words if not word.isdigit()]
        if wrong:
            raise ValidationError(_("These are no case numbers: %(words)s."), params={"words": ", ".join(wrong[:10])})
        return [int(word) for word in words]
