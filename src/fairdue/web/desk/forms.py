"""What may be typed, checked before it reaches an action. What the business thinks of it is the action's matter."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fairdue.core.codes import UNKNOWN, Channel, Code, Direction, Mode, Party, PayBy, Purpose, Sure, Told, Word
from fairdue.core.errors import Fault
from fairdue.core.money import parse_minor
from fairdue.rules.talk.facts import load_facts
from fairdue.store.actions.contacts import Proposed, WrapUp
from fairdue.store.actions.learn import From
from fairdue.store.actions.promises import Said
from fairdue.store.actions.words import Given
from fairdue.store.pages.compliance import Wanted
from fairdue.store.pages.worklist import Filters
from fairdue.web.ui.lang import lang


class LoginForm(AuthenticationForm):
    """User name and password."""

    error_messages = {  # noqa: RUF012 - Django's own name and shape
        "invalid_login": _("This user name and password do not belong together. Check both and try again."),
        "inactive": _("This login has been closed. Ask your operator."),
    }


class ClockForm(forms.Form):
    """A moment on the wall clock, or one of the two jumps."""

    at = forms.DateTimeField(required=False, input_formats=["%Y-%m-%dT%H:%M"])
    jump = forms.CharField(required=False, max_length=10)

    def clean_at(self) -> Any:
        """The moment as it was typed: which wall clock is meant, the view knows."""
        at = self.cleaned_data["at"]
        return at.replace(tzinfo=None) if at else None

    def clean(self) -> dict[str, Any]:
        """One of the two is needed."""
        data: dict[str, Any] = super().clean() or {}
        if not data.get("at") and not data.get("jump"):
            raise ValidationError("")
        return data


class FilterForm(forms.Form):
    """What narrows a list."""

    stage = forms.CharField(required=False, max_length=8)
    text = forms.CharField(required=False, max_length=80)
    show = forms.ChoiceField(
        required=False, choices=[("open", _("Still to do")), ("done", _("Done")), ("all", _("All"))]
    )
    page = forms.IntegerField(required=False, min_value=1)

    def filters(self) -> tuple[Filters, int]:
        """The filters and the page; what cannot be read narrows nothing."""
        self.is_valid()
        data = self.cleaned_data
        filters = Filters(data.get("stage", ""), data.get("text", "").strip(), data.get("show") or "open")
        return filters, data.get("page") or 1


def _code(kind: type[Code], *, unknown: bool = False, required: bool = True) -> forms.TypedChoiceField:
    numbers = [*([UNKNOWN] if unknown else []), *map(int, kind)]
    return forms.TypedChoiceField(required=required, choices=[(n, n) for n in numbers], coerce=int)


class ReserveForm(forms.Form):
    """One of the contacts the case page offered."""

    channel = _code(Channel)
    mode = _code(Mode, unknown=True)
    party = _code(Party)
    purpose = _code(Purpose)
    direction = _code(Direction, required=False)
    point_id = forms.IntegerField(required=False)

    def proposed(self) -> Proposed:
        """The contact as the guard wants to be asked."""
        return Proposed(**self.cleaned_data | {"direction": self.cleaned_data["direction"] or Direction.OUT})


class OutcomeForm(forms.Form):
    """What came of a contact. The amount is typed in the currency, and kept as typed when it cannot be read."""

    outcome = forms.CharField(max_length=30, error_messages={"required": _("Choose what came of the contact.")})
    amount = forms.CharField(required=False, max_length=30)
    on = forms.DateField(
        required=False,
        error_messages={"invalid": _("This is not a date. Write it as year-month-day, such as 2026-10-09.")},
    )
    note = forms.CharField(required=False, max_length=2000)
    pay_by = _code(PayBy, required=False)
    remind = forms.BooleanField(required=False)
    besides = forms.BooleanField(required=False)
    source = _code(Told, required=False)
    sure = _code(Sure, required=False)
    word_kind = _code(Word, required=False)
    word_on = forms.DateField(
        required=False,
        error_messages={"invalid": _("This is not a date. Write it as year-month-day, such as 2026-10-09.")},
    )
    word_text = forms.CharField(required=False, max_length=300)
    then = forms.ChoiceField(required=False, choices=[("next", ""), ("stay", "")])

    def __init__(self, *args: Any, exponent: int, **kwargs: Any) -> None:
        self.exponent = exponent
        super().__init__(*args, **kwargs)

    def wrap_up(self) -> WrapUp:
        """What the talk brought besides its outcome."""
        said = self.cleaned_data
        promise = Said(said["amount"], said["on"], _or(said["pay_by"], UNKNOWN), said["remind"], said["besides"])
        origin = From(_or(said["source"], Told.BORROWER), _or(said["sure"], Sure.SAID))
        return WrapUp(promise, typed_facts(self.data), origin, self._word())

    def _word(self) -> Given | None:
        said = self.cleaned_data
        if said["word_kind"] in ("", None) or said["word_on"] is None:
            return None
        return Given(said["word_kind"], said["word_on"], said["word_text"])

    def clean(self) -> dict[str, Any]:
        """A promise of ours needs both: what it is about, and the day."""
        data: dict[str, Any] = super().clean() or {}
        wanted = data.get("word_kind") not in ("", None) or bool(data.get("word_text"))
        if wanted and (data.get("word_kind") in ("", None) or data.get("word_on") is None):
            self.add_error("word_on", _("A promise of ours needs what it is about and a day."))
        return data

    def clean_amount(self) -> int | None:
        """Minor units; what is no amount is said in a sentence."""
        typed = self.cleaned_data["amount"].strip()
        if not typed:
            return None
        try:
            return parse_minor(typed, self.exponent)
        except Fault as fault:
            raise ValidationError(fault.sentence(lang())) from fault


def _or(value: Any, otherwise: int) -> int:
    """A code, where one was chosen."""
    return otherwise if value in ("", None) else int(value)


def typed_facts(data: Any) -> dict[str, str]:
    """What was typed about facts of the catalogue: fields named `fact-…`."""
    return {name: text for name in load_facts() if (text := str(data.get(f"fact-{name}", "")).strip())}


class StepForm(forms.Form):
    """One step of a talk: the node that was shown and the answer that was heard."""

    node = forms.CharField(max_length=30)
    answer = forms.CharField(max_length=30)


class FactForm(forms.Form):
    """Facts that came without a contact of ours: where from, and how sure."""

    source = _code(Told)
    sure = _code(Sure)


class DoneForm(forms.Form):
    """What was done about a promise of ours."""

    text = forms.CharField(required=False, max_length=300)


class ReassignForm(forms.Form):
    """To whom a case goes, and why."""

    to = forms.IntegerField(error_messages={"required": _("Choose a collector.")})
    reason = forms.CharField(required=False, max_length=300)
    case = forms.IntegerField()


class RefusalsForm(forms.Form):
    """What narrows the refusals; what cannot be read narrows nothing."""

    first = forms.DateField(required=False)
    last = forms.DateField(required=False)
    rule = forms.CharField(required=False, max_length=60)
    team = forms.IntegerField(required=False, min_value=1)
    show = forms.ChoiceField(required=False, choices=[("refused", _("Refused")), ("all", _("All"))])
    page = forms.IntegerField(required=False, min_value=1)

    def wanted(self) -> Wanted:
        """The filters."""
        self.is_valid()
        said = self.cleaned_data
        return Wanted(said.get("first"), said.get("last"), said.get("rule", ""), said.get("team"),
                      said.get("show") == "all", said.get("page") or 1)  # fmt: skip


class SearchForm(forms.Form):
    """A case, an account, a customer, a name or a number; and a day."""

    text = forms.CharField(required=False, max_length=80)
    on = forms.DateField(required=False)
