"""What may be typed about keys and endpoints, checked before it reaches an action."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fairdue.core.codes import Role
from fairdue.store import events
from fairdue.store.actions.keys import SERVICE_ROLES, Wanted
from fairdue.store.scopes import SCOPES

BIG = 2**53


class KeyForm(forms.Form):
    """A key somebody wants."""

    name = forms.CharField(max_length=50)
    works_as = forms.CharField(required=False, max_length=60)
    role = forms.TypedChoiceField(
        required=False, coerce=lambda said: Role(int(said)), empty_value=None,
        choices=[("", ""), *((int(role), role.name) for role in SERVICE_ROLES)],
    )  # fmt: skip
    scopes = forms.MultipleChoiceField(
        choices=[(scope, scope) for scope in SCOPES], error_messages={"required": _("Choose what the key is for.")}
    )
    until = forms.DateField(
        error_messages={"invalid": _("This is not a date. Write it as year-month-day, such as 2026-10-09.")}
    )
    per_minute = forms.IntegerField(required=False, min_value=1, max_value=60_000)

    def wanted(self) -> Wanted:
        """The key as the action wants it."""
        said: dict[str, Any] = self.cleaned_data
        return Wanted(
            said["name"], said["scopes"], said["until"], said["works_as"], said["role"], said["per_minute"] or 600
        )


class WebhookForm(forms.Form):
    """An endpoint somebody wants."""

    url = forms.CharField(max_length=500)
    types = forms.MultipleChoiceField(required=False, choices=[(one, one) for one in events.types()])
    note = forms.CharField(required=False, max_length=120)


class ResendForm(forms.Form):
    """From which event to which."""

    first = forms.IntegerField(min_value=1, max_value=BIG)
    last = forms.IntegerField(required=False, min_value=1, max_value=BIG)

    def span(self) -> tuple[int, int]:
        """First and last; one where only one was said."""
        said = self.cleaned_data
        return said["first"], said["last"] or said["first"]
