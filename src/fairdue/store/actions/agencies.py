"""Agencies: what is known of each, which cases are placed with it, and taking them back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.db import transaction

from fairdue.core.errors import Fault
from fairdue.store import audit, clock
from fairdue.store.actions.setup import Exists
from fairdue.store.locks import lock_people
from fairdue.store.models import Case, Organisation, WorkItem


class NoAgency(Fault):
    """No agency goes by that code."""

    code = "agency.unknown"
    en, en_remedy = (
        "There is no agency '{name}'.",
        "List them with 'fairdue agencies list'; add one with 'fairdue agencies add'.",
    )
    zh, zh_remedy = "没有代码为“{name}”的机构。", "可用 fairdue agencies list 查看，用 fairdue agencies add 新增。"


class AgencyReason(Fault):
    """Every change of what is known of an agency has a reason."""

    code = "agency.reason-needed"
    en, en_remedy = "This needs a reason.", "Say which document or decision it follows from."
    zh, zh_remedy = "须填写原因。", "请说明依据的文件或决定。"


class NotPlaceable(Fault):
    """Some cases cannot change hands."""

    code = "agency.not-placeable"
    en = "These cases cannot be placed: {cases}."
    en_remedy = "Only open cases of this lender that are with nobody else can be placed; take the others back first."
    zh = "以下案件不能委托：{cases}。"
    zh_remedy = "仅可委托本机构未结且未委托他人的案件；其余请先收回。"


class TellFirst(Fault):
    """The borrower is told before the agency begins."""

    code = "agency.told-ahead"
    en, en_remedy = (
        "{on} is still to come.",
        "Give the day on which the borrowers were told; leave it out if they were not.",
    )
    zh, zh_remedy = "{on} 尚未到来。", "请填写已告知借款人的日期；尚未告知请留空。"


@dataclass(frozen=True)
class Known:
    """What rules ask about an agency; None: not known, and rules that need it refuse."""

    listed: bool | None = None
    contract_end: date | None = None
    reviewed_on: date | None = None
    sub_contracted: bool | None = None
    records_calls: bool | None = None
    sender_approved: bool | None = None


FACTS = tuple(field.name for field in fields(Known))


def find(code: str) -> Organisation:
    """An agency by its code. Raises `NoAgency`."""
    found = Organisation.objects.filter(code=code, is_lender=False).first()
    if found is None:
        raise NoAgency(name=code)
    return found


@transaction.atomic
def add(actor: str, lender: Organisation, code: str, name_zh: str, name_en: str) -> Organisation:
    """A new agency; nothing is known of it yet. Raises `Exists`."""
    if Organisation.objects.filter(code=code).exists():
        raise Exists(name=code)
    made = Organisation.objects.create(
        code=code, is_lender=False, name_zh=name_zh, name_en=name_en, zone=lender.zone, currency=lender.currency,
        exponent=lender.exponent, pack=lender.pack,
    )  # fmt: skip
    audit.write(actor, "agency.add", "organisation", made.pk, code=code)
    return made


@transaction.atomic
def describe(actor: str, agency: Organisation, known: Known, reason: str) -> dict[str, Any]:
    """Set what is known of an agency; what changed, by name. Raises `AgencyReason`."""
    if not reason.strip():
        raise AgencyReason
    agency = Organisation.objects.select_for_update().get(pk=agency.pk)
    changed = {name: value for name in FACTS if (value := getattr(known, name)) != getattr(agency, name)}
    if changed:
        Organisation.objects.filter(pk=agency.pk).update(**changed)
        audit.write(actor, "agency.describe", "organisation", agency.pk, reason=reason.strip(), **changed)
    return changed


@transaction.atomic
def place(
    actor: str, lender: Organisation, agency: Organisation, case_ids: Sequence[int], told_on: date | None, reason: str
) -> int:
    """Place open cases of a lender with an agency: all or none. `told_on`: the borrowers were told on that day.

    Until they were told, rules of law that ask for it refuse the agency's contacts. Raises `NotPlaceable`, `TellFirst`,
    `AgencyReason`.
    """
    if not reason.strip():
        raise AgencyReason
    if told_on is not None and told_on > clock.business_date(clock.now_minute(), lender.zone):
        raise TellFirst(on=told_on.isoformat())
    cases = _locked(lender, case_ids, closed_on=None, placed_with=None)
    cases.update(placed_with=agency, borrower_told_on=told_on, owner=None, locked_by=None, locked_until=-1)
    return _moved(actor, "case.place", case_ids, reason, agency=agency.code, told_on=told_on)


@transaction.atomic
def take_back(actor: str, lender: Organisation, case_ids: Sequence[int], reason: str) -> int:
    """Take placed cases back to the lender: all or none. Raises `NotPlaceable`, `AgencyReason`."""
    if not reason.strip():
        raise AgencyReason
    cases = _locked(lender, case_ids, placed_with__isnull=False)
    cases.update(placed_with=None, borrower_told_on=None)
    return _moved(actor, "case.take-back", case_ids, reason)


def _locked(lender: Organisation, case_ids: Sequence[int], **must: Any) -> Any:
    lock_people(Case.objects.filter(pk__in=case_ids, lender=lender).values_list("customer_id", flat=True))
    cases = Case.objects.filter(pk__in=case_ids, lender=lender, **must)
    missing = sorted(set(case_ids) - set(cases.values_list("pk", flat=True)))
    if missing:
        raise NotPlaceable(cases=", ".join(map(str, missing)))
    return cases


def _moved(actor: str, verb: str, case_ids: Sequence[int], reason: str, **said: Any) -> int:
    WorkItem.objects.filter(case__in=case_ids, done_at__lt=0).update(done_at=clock.now_minute())
    for case_id in sorted(case_ids):
        audit.write(actor, verb, "case", case_id, reason=reason.strip(), **said)
    return len(case_ids)
