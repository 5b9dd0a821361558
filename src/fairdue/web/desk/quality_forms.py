"""What may be typed about quality, checked before it reaches an action."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms

from fairdue.rules.quality import load_scorecard
from fairdue.store.actions.quality import Judged


class DrawForm(forms.Form):
    """The days whose contacts are drawn from."""

    first = forms.DateField()
    last = forms.DateField()


class RecordingForm(forms.Form):
    """A sound, a transcript, or both."""

    sound = forms.FileField(required=False)
    transcript = forms.FileField(required=False)


def judged(said: Mapping[str, str]) -> dict[str, Judged]:
    """The scores that were typed, by item; one that is no figure is none."""
    return {
        code: Judged(int(said[code]), said.get(f"{code}-note", ""))
        for code in load_scorecard().items
        if said.get(code, "").lstrip("-").isdigit()
    }
