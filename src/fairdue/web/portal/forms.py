"""What may be typed on the site. What was typed is kept as typed; what cannot be read is said beside its field."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from fairdue.core.codes import Channel
from fairdue.core.errors import Fault
from fairdue.core.money import parse_minor
from fairdue.store.actions.site_entry import Facts
from fairdue.store.actions.site_said import REFUSABLE, Wishes
from fairdue.web.portal.words import say

NO_HOUR: Any = -1  # what the stubs take for text
HALF_HOURS = tuple(range(0, 24 * 60, 30))
LANGUAGES = ("zh", "en")
PREFERS = ("CALL", "SMS", "EMAIL", "LETTER")


def _needed() -> str:
    return say("error.needed")


class FactsForm(forms.Form):
    """The two facts somebody is recognised by."""

    id_tail = forms.CharField(max_length=12, required=False)
    phone_tail = forms.CharField(max_length=8, required=False)

    def facts(self) -> Facts:
        """What was typed, whatever it is: a form that cannot be read gets the answer of a wrong one."""
        self.is_valid()
        return Facts(self.cleaned_data.get("id_tail", ""), self.cleaned_data.get("phone_tail", ""))


class MoneyForm(forms.Form):
    """An amount as it is typed in the currency."""

    amount = forms.CharField(max_length=20, required=False)

    def __init__(self, *args: Any, exponent: int, **kwargs: Any) -> None:
        self.exponent = exponent
        super().__init__(*args, **kwargs)

    def clean_amount(self) -> int:
        """Minor units."""
        try:
            amount = parse_minor(self.cleaned_data["amount"].strip(), self.exponent)
        except Fault as fault:
            raise ValidationError(say("error.amount")) from fault
        if amount <= 0:
            raise ValidationError(say("error.amount"))
        return amount


class DayForm(MoneyForm):
    """An amount and the day on which it will be paid."""

    on = forms.DateField(required=False)
    remind = forms.BooleanField(required=False)

    def clean_on(self) -> Any:
        """A day."""
        if self.cleaned_data["on"] is None:
            raise ValidationError(say("error.day"))
        return self.cleaned_data["on"]


class PayForm(MoneyForm):
    """How much, on which account."""

    account = forms.IntegerField()


class SayForm(forms.Form):
    """Words, and files beside them."""

    words = forms.CharField(max_length=2000, required=False)
    about = forms.CharField(max_length=30, required=False)

    def clean_words(self) -> str:
        """Something."""
        words = str(self.cleaned_data["words"]).strip()
        if not words:
            raise ValidationError(_needed())
        return words


class WishForm(forms.Form):
    """When, how and in which language somebody wants to be reached."""

    start = forms.TypedChoiceField(
        choices=[("", ""), *((m, m) for m in HALF_HOURS)], coerce=int, required=False, empty_value=NO_HOUR
    )
    end = forms.TypedChoiceField(
        choices=[("", ""), *((m, m) for m in HALF_HOURS)], coerce=int, required=False, empty_value=NO_HOUR
    )
    refused = forms.MultipleChoiceField(choices=[(c.name, c.name) for c in REFUSABLE], required=False)
    prefers = forms.ChoiceField(choices=[("", ""), *((p, p) for p in PREFERS)], required=False)
    language = forms.ChoiceField(choices=[("", ""), *((code, code) for code in LANGUAGES)], required=False)
    word = forms.CharField(max_length=20, required=False)

    def wishes(self) -> Wishes:
        """As the action wants it."""
        said = self.cleaned_data
        return Wishes(said["start"], said["end"], tuple(Channel[name] for name in said["refused"]), said["prefers"],
                      said["language"], said["word"])  # fmt: skip
