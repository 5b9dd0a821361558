"""Forms about people beside the borrower, numbers, and agencies: checked for shape only; what may be is the actions' matter."""

from __future__ import annotations

from typing import Any

from django import forms

from fairdue.core.codes import Channel, Party, PointSource
from fairdue.core.money import parse_minor
from fairdue.store.actions.agencies import Known
from fairdue.store.actions.people import SORTS, NewPerson, NewPoint, read


def _codes(kind: type[Any]) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(choices=[(int(one), one.en) for one in kind], coerce=int)


class FactForm(forms.Form):
    """One fact about a linked person, with its evidence."""

    fact = forms.ChoiceField(choices=[(name, name) for name in SORTS])
    value = forms.CharField(max_length=30)
    evidence = forms.CharField(required=False, max_length=1000)

    def typed(self, exponent: int) -> Any:
        """The value as the action wants it. Raises `ValueError` or a `Fault` where it cannot be read."""
        sort = SORTS[self.cleaned_data["fact"]]
        said = self.cleaned_data["value"]
        if sort.kind == "money":
            return parse_minor(said, exponent)
        if sort.values and said not in map(str, sort.values):
            raise ValueError(said)
        return read(sort, said)


class PersonForm(forms.Form):
    """Somebody linked to the debt."""

    name = forms.CharField(max_length=80)
    party = _codes(Party)
    source = _codes(PointSource)
    basis = forms.CharField(required=False, max_length=200)

    def person(self) -> NewPerson:
        """As the action wants it."""
        return NewPerson(**self.cleaned_data)


class PointForm(forms.Form):
    """A number or address."""

    person = forms.IntegerField()
    channel = _codes(Channel)
    value = forms.CharField(max_length=200)
    source = _codes(PointSource)
    basis = forms.CharField(required=False, max_length=200)

    def point(self) -> NewPoint:
        """As the action wants it."""
        said = self.cleaned_data
        return NewPoint(said["channel"], said["value"], said["source"], said["basis"])


class AgencyForm(forms.Form):
    """What is known of an agency; an empty choice is not known."""

    listed = forms.NullBooleanField()
    contract_end = forms.DateField(required=False)
    reviewed_on = forms.DateField(required=False)
    sub_contracted = forms.NullBooleanField()
    records_calls = forms.NullBooleanField()
    sender_approved = forms.NullBooleanField()
    reason = forms.CharField(required=False, max_length=300)

    def known(self) -> Known:
        """As the action wants it."""
        return Known(**{name: value for name, value in self.cleaned_data.items() if name != "reason"})
