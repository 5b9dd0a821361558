"""Forms about means and plans. What was typed is kept as typed; what cannot be read is said beside its field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fairdue.core.afford import Income, Outgoing
from fairdue.core.codes import Code
from fairdue.core.consent import Consent
from fairdue.core.errors import Fault
from fairdue.core.money import format_minor, parse_minor
from fairdue.core.plan_terms import Hardship
from fairdue.store.actions.plans import Said
from fairdue.store.models import Means
from fairdue.web.ui.lang import lang


class AmountField(forms.CharField):
    """An amount in the currency, as minor units; empty: not said."""

    def __init__(self, *, exponent: int, **kwargs: Any) -> None:
        self.exponent = exponent
        super().__init__(required=False, max_length=20, **kwargs)

    def clean(self, value: Any) -> Any:
        """Minor units, or None."""
        typed = str(super().clean(value) or "").strip()
        if not typed:
            return None
        try:
            return parse_minor(typed, self.exponent)
        except Fault as fault:
            raise ValidationError(fault.sentence(lang())) from fault


class MeansForm(forms.Form):
    """Income and outgoings on one page: the lines of the two code lists, and what is around them."""

    place = forms.CharField(required=False, max_length=80)
    adults = forms.IntegerField(min_value=1, max_value=20, initial=1)
    children = forms.IntegerField(min_value=0, max_value=20, initial=0, required=False)
    hardship = forms.TypedChoiceField(choices=[(int(h), h.name) for h in Hardship], coerce=int, required=False)
    pay_day = forms.IntegerField(min_value=0, max_value=31, required=False)
    words = forms.CharField(required=False, max_length=2000)

    def __init__(self, *args: Any, exponent: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for income in Income:
            self.fields[f"income_{income.name}"] = AmountField(exponent=exponent)
            self.fields[f"evidenced_{income.name}"] = forms.BooleanField(required=False)
        for outgoing in Outgoing:
            self.fields[f"out_{outgoing.name}"] = AmountField(exponent=exponent)
        self.fields["lump"] = AmountField(exponent=exponent)

    def income_rows(self) -> Iterator[tuple[Code, forms.BoundField, forms.BoundField]]:
        """Each line of income: its word, the amount, the tick for evidence."""
        for line in Income:
            yield line, self[f"income_{line.name}"], self[f"evidenced_{line.name}"]

    def outgoing_rows(self) -> Iterator[tuple[Code, forms.BoundField]]:
        """Each line of outgoings: its word and the amount."""
        for line in Outgoing:
            yield line, self[f"out_{line.name}"]

    def hardships(self) -> Iterator[tuple[Hardship, bool]]:
        """Each hardship, and whether it is chosen."""
        chosen = str(self["hardship"].value() or 0)
        for hardship in Hardship:
            yield hardship, chosen == str(int(hardship))

    def said(self) -> Said:
        """What was said, for the action."""
        d = self.cleaned_data
        income = {
            line.name: (d[f"income_{line.name}"], d[f"evidenced_{line.name}"])
            for line in Income
            if d[f"income_{line.name}"] is not None
        }
        outgoings = {line.name: d[f"out_{line.name}"] for line in Outgoing if d[f"out_{line.name}"] is not None}
        return Said(income, outgoings, d["place"], d["adults"], d["children"] or 0, Hardship(d["hardship"] or 0),
                    d["pay_day"] or 0, d["lump"], d["words"])  # fmt: skip


def remembered(means: Means | None, learned: Mapping[str, Any], place: str, exponent: int) -> dict[str, Any]:
    """What was said last, as it stands in the form; before that, what the talks have taught."""
    if means is None:
        return {"place": place} | dict(learned)
    found: dict[str, Any] = {
        "place": means.place or place, "adults": means.adults, "children": means.children, "hardship": means.hardship,
        "pay_day": means.pay_day or "", "words": means.words,
        "lump": "" if means.lump is None else format_minor(means.lump, exponent),
    }  # fmt: skip
    for line, said in means.income.items():
        found |= {f"income_{line}": format_minor(said["amount"], exponent), f"evidenced_{line}": said["evidenced"]}
    return found | {f"out_{line}": format_minor(amount, exponent) for line, amount in means.outgoings.items()}


class ProposeForm(forms.Form):
    """One of the options of the page."""

    account = forms.IntegerField()
    option = forms.RegexField(
        r"^[a-z-]+/\d{1,3}$", error_messages={"required": _("Choose an option."), "invalid": _("Choose an option.")}
    )
    reason = forms.CharField(required=False, max_length=300)

    def chosen(self) -> tuple[str, int]:
        """The option's code and its months."""
        code, months = self.cleaned_data["option"].split("/")
        return code, int(months)


class ConsentForm(forms.Form):
    """How the borrower agreed."""

    how = forms.TypedChoiceField(
        choices=[(int(c), c.name) for c in Consent], coerce=int, required=False, empty_value=None
    )
    words = forms.CharField(required=False, max_length=2000)


class DecideForm(forms.Form):
    """The second person's answer."""

    do = forms.ChoiceField(choices=[("grant", ""), ("refuse", "")])
    reason = forms.CharField(required=False, max_length=300)
    uncounted = forms.BooleanField(required=False)
