"""Agencies as they are shown: what is known of each, and what is not, which refuses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q

from fairdue.core.errors import Lang
from fairdue.store import clock
from fairdue.store.actions.agencies import FACTS
from fairdue.store.models import Organisation, User

WORDS: dict[str, dict[Lang, str]] = {
    "listed": {"zh": "在公示名单", "en": "on the published list"},
    "contract_end": {"zh": "合同至", "en": "contract until"},
    "reviewed_on": {"zh": "最近评估", "en": "last review"},
    "sub_contracted": {"zh": "转委托", "en": "sub-contracted"},
    "records_calls": {"zh": "全程录音录像", "en": "records every call and visit"},
    "sender_approved": {"zh": "仅用认可号码", "en": "only approved senders"},
}
YES: dict[bool, dict[Lang, str]] = {True: {"zh": "是", "en": "yes"}, False: {"zh": "否", "en": "no"}}
NOT_KNOWN: dict[Lang, str] = {"zh": "未知", "en": "not known"}


@dataclass(frozen=True)
class AgencyFact:
    """One fact: its name, the value, and how it is said. `bad`: it refuses the agency's contacts as it stands."""

    name: str
    words: dict[Lang, str]
    value: bool | date | None
    said: dict[Lang, str]
    bad: bool


@dataclass(frozen=True)
class AgencyRow:
    """One agency with its open cases."""

    agency: Organisation
    cases: int
    facts: tuple[AgencyFact, ...]

    def as_dict(self) -> dict[str, Any]:
        """For a program."""
        return {"code": self.agency.code, "name_zh": self.agency.name_zh, "name_en": self.agency.name_en, "cases": self.cases,
                **{fact.name: fact.value for fact in self.facts}}  # fmt: skip

    def line(self, lang: Lang) -> str:
        """For a person."""
        name = self.agency.name_zh if lang == "zh" else self.agency.name_en
        facts = "; ".join(f"{fact.words[lang]}: {fact.said[lang]}" for fact in self.facts)
        return f"{self.agency.code}  {name}  {self.cases}  {facts}"


def agency_rows(user: User | None = None) -> tuple[AgencyRow, ...]:
    """Every agency; the cases counted are those of the user's lender, or all for whoever runs the machine."""
    here = Q(placed_cases__closed_on=None)
    if user is not None:
        here &= Q(placed_cases__lender_id=user.organisation_id)
    rows = (
        Organisation.objects.filter(is_lender=False)
        .annotate(open_cases=Count("placed_cases", filter=here))
        .order_by("code")
    )
    return tuple(AgencyRow(row, row.open_cases, tuple(_fact(row, name) for name in FACTS)) for row in rows)


def _fact(agency: Organisation, name: str) -> AgencyFact:
    value = getattr(agency, name)
    said = NOT_KNOWN if value is None else _words(value)
    today = clock.business_date(clock.now_minute(), agency.zone)
    bad = value is None or (value < today if name == "contract_end" else value is (name == "sub_contracted"))
    return AgencyFact(name, WORDS[name], value, said, bad)


def _words(value: bool | date) -> dict[Lang, str]:
    return YES[value] if isinstance(value, bool) else {"zh": str(value), "en": str(value)}
