"""What a lead types to set up the floor: dates, hours, lists of codes."""

from __future__ import annotations

from typing import Any

from django import forms

from fairdue.core.codes import Product
from fairdue.store.actions.staffing import ABSENCES, QueueSaid

MINUTES = 60


def codes(typed: str) -> tuple[str, ...]:
    """Codes separated by commas or spaces, in capitals."""
    return tuple(code.upper() for code in typed.replace(",", " ").replace("，", " ").split())


class SkillForm(forms.Form):
    """A skill of somebody."""

    user = forms.IntegerField()
    skill = forms.CharField(max_length=30)
    until = forms.DateField(required=False)


class NeedForm(forms.Form):
    """What a stage, product or track asks for."""

    kind = forms.CharField(max_length=8)
    code = forms.CharField(max_length=30)
    skill = forms.CharField(max_length=30, required=False)


class ShiftForm(forms.Form):
    """The hours of somebody; the same on each day chosen."""

    user = forms.IntegerField()
    days = forms.MultipleChoiceField(choices=[(str(n), str(n)) for n in range(7)], required=False)
    starts = forms.TimeField()
    ends = forms.TimeField()
    breaks = forms.IntegerField(min_value=0, max_value=480)

    def hours(self) -> tuple[list[int], int, int, int]:
        """Weekdays, and minutes of the day."""
        said = self.cleaned_data
        first, last = (said[name].hour * MINUTES + said[name].minute for name in ("starts", "ends"))
        return [int(day) for day in said["days"]], first, last, said["breaks"]


class AbsenceForm(forms.Form):
    """Days away."""

    user = forms.IntegerField()
    first = forms.DateField()
    last = forms.DateField()
    kind = forms.ChoiceField(choices=[(kind, kind) for kind in ABSENCES])


class CalendarForm(forms.Form):
    """The country whose holidays a team keeps."""

    country = forms.CharField(max_length=8, required=False)


class DayForm(forms.Form):
    """A day of the team's own."""

    on = forms.DateField()
    works = forms.ChoiceField(choices=[("free", ""), ("works", ""), ("usual", "")])
    note = forms.CharField(max_length=100, required=False)

    def answer(self) -> bool | None:
        """Worked, free, or as the calendar says."""
        return {"free": False, "works": True, "usual": None}[self.cleaned_data["works"]]


class QueueForm(forms.Form):
    """A shared queue."""

    name = forms.CharField(max_length=60)
    stages = forms.CharField(required=False, max_length=200)
    products = forms.MultipleChoiceField(choices=[(p.name, p.name) for p in Product], required=False)
    tracks = forms.CharField(required=False, max_length=200)
    skill = forms.CharField(required=False, max_length=30)
    keeps = forms.BooleanField(required=False)
    own_team = forms.BooleanField(required=False)
    active = forms.BooleanField(required=False)

    def said(self) -> QueueSaid:
        """As the action wants it."""
        typed: dict[str, Any] = self.cleaned_data
        rest = {name: typed[name] for name in ("name", "skill", "keeps", "own_team", "active")}
        stages, tracks, products = codes(typed["stages"]), codes(typed["tracks"]), tuple(typed["products"])
        return QueueSaid(**rest, stages=stages, products=products, tracks=tracks)


class OrderForm(forms.Form):
    """An order about a case."""

    kind = forms.ChoiceField(choices=[(kind, kind) for kind in ("KEEP", "STOP", "RETURN")])
    reason = forms.CharField(max_length=300)
    until = forms.DateField(required=False)
