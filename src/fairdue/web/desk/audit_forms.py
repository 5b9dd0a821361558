"""How a log is to be audited, as it is typed: mapping, clocks, and what is assumed where the log does not say."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from fairdue.logaudit.order import PRESETS, assumable
from fairdue.logaudit.preview import Preview, mappings
from fairdue.logaudit.sentences import fact_label
from fairdue.store.actions.audits import Ordered
from fairdue.store.models import ContactAudit
from fairdue.web.ui.lang import lang

COLLECTION = "collection-calls"
OFTEN = ("product", "lender_kind", "association_member", "point_source", "operator_certified", "plan_status")
PREFIX = "fact-"


def asked_facts(row: ContactAudit) -> tuple[str, ...]:
    """Facts worth assuming: those that were missing last time, those assumed before, and the usual ones."""
    missing = [name for one in row.result.get("not_judged", ()) for name in one["missing"].split()]
    named = dict.fromkeys((*PRESETS[COLLECTION], *row.assume, *missing, *OFTEN))
    return tuple(name for name in named if name in assumable())


class OrderForm(forms.Form):
    """One field for each fact that may be assumed, beside the rest; empty: nothing is assumed."""

    title = forms.CharField(required=False, max_length=120)
    mapping = forms.ChoiceField(error_messages={"required": _("Choose how the columns are to be read.")})
    zone = forms.CharField(required=False, max_length=40)
    clock = forms.CharField(max_length=40, error_messages={"required": _("Say by which clock the log is written.")})
    by_policy = forms.BooleanField(required=False)
    calls = forms.ChoiceField(
        choices=[("yes", "yes"), ("no", "no")],
        error_messages={"required": _("Say whether these are collection calls; the report states your answer.")},
    )

    def __init__(self, *args: Any, facts: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.facts = facts
        self.fields["mapping"] = forms.ChoiceField(choices=[(name, name) for name in mappings()])
        for name in facts:
            choices = [("", ""), *((code.name, code.label(lang())) for code in assumable()[name])]
            label = fact_label(name, lang())
            self.fields[PREFIX + name] = forms.ChoiceField(required=False, choices=choices, label=label)

    @classmethod
    def of(cls, row: ContactAudit, seen: Preview | None) -> dict[str, Any]:
        """What stands in it at first: what was asked before, or the likeliest mapping and the lender's clock."""
        before = bool(row.mapping)
        guessed = seen.mappings[0].name if seen else ""
        zone = row.lender.zone
        return {
            "title": row.title, "by_policy": bool(row.policy), "mapping": row.mapping or guessed,
            "zone": row.zone if before else zone,
            "clock": row.clock if before else zone, **{PREFIX + name: value for name, value in row.assume.items()},
            **({"calls": "yes" if PRESETS[COLLECTION].items() <= row.assume.items() else "no"} if before else {}),
        }  # fmt: skip

    def clean_zone(self) -> str:
        """A zone, or none."""
        return self._zone("zone")

    def clean_clock(self) -> str:
        """A zone."""
        return self._zone("clock")

    def _zone(self, name: str) -> str:
        said = str(self.cleaned_data[name]).strip()
        if said and said not in available_timezones():
            raise forms.ValidationError(_("This is not a time zone. Write it like Asia/Shanghai."))
        return said

    def ordered(self, row: ContactAudit) -> Ordered:
        """The order: what is assumed of collection calls, and each fact that was chosen."""
        data = self.cleaned_data
        assume = dict(PRESETS[COLLECTION]) if data["calls"] == "yes" else {}
        assume |= {name: data[PREFIX + name] for name in self.facts if data[PREFIX + name]}
        policy = row.lender.policy if data["by_policy"] else ""
        return Ordered(
            data["title"].strip(),
            data["mapping"],
            row.lender.pack,
            policy,
            data["zone"],
            data["clock"],
            assume,
        )

    def fact_fields(self) -> list[forms.BoundField]:
        """The fields of the facts."""
        return [self[PREFIX + name] for name in self.facts]
