"""What a contact taught becomes a fact on the case: with its source, its day and how sure it is; nothing is overwritten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from fairdue.core.codes import Sure, Told
from fairdue.core.errors import Fault
from fairdue.rules.talk import facts as catalogue
from fairdue.store import access, audit, clock
from fairdue.store.access import NotYours
from fairdue.store.locks import lock_person
from fairdue.store.models import Attempt, Case, CaseFact, User


class NothingLearned(Fault):
    """The form came back empty."""

    code = "fact.nothing"
    en, en_remedy = "Nothing was filled in.", "Fill in at least one fact."
    zh, zh_remedy = "没有填写任何内容。", "请至少填写一项。"


@dataclass(frozen=True)
class From:
    """Where facts come from."""

    source: int = Told.BORROWER
    sure: int = Sure.SAID


def current(case: Case) -> dict[str, CaseFact]:
    """The facts that stand for the person, by name: newest case or not, superseded ones left out."""
    rows = CaseFact.objects.filter(case__customer_id=case.customer_id, superseded_by=None)
    return {fact.name: fact for fact in rows.select_related("by", "attempt").order_by("on", "pk")}


@transaction.atomic
def learn(user: User, case_id: int, typed: Mapping[str, str], origin: From) -> list[CaseFact]:
    """Keep facts that came without a contact of ours: a letter, a document. Raises `NotYours`, `NothingLearned`, `NotAFact`."""
    case = access.get_case(user, case_id)
    lock_person(case.customer_id)
    if not access.may_contact(user, case):
        raise NotYours
    made = keep(case, None, user, typed, origin, clock.business_date(clock.now_minute(), case.lender.zone))
    if not made:
        raise NothingLearned
    audit.write(user.username, "case.learn", "case", case.pk, facts=sorted(f.name for f in made))
    return made


def keep(
    case: Case, attempt: Attempt | None, user: User | None, typed: Mapping[str, str], origin: From, today: date
) -> list[CaseFact]:
    """Keep what was typed, inside the caller's transaction; what says the same with no more certainty is not kept twice."""
    known = current(case)
    made = []
    for name, text in typed.items():
        if not text.strip():
            continue
        value = catalogue.find(name).parse(text, case.lender.exponent)
        before = known.get(name)
        if before and before.value == value and before.sure >= origin.sure and before.on == today:
            continue
        made.append(CaseFact.objects.create(
            case=case, name=name, value=value, source=origin.source, sure=origin.sure, attempt=attempt, by=user, on=today,
            supersedes=before,
        ))  # fmt: skip
    return made
