"""Finds the lender a command means."""

from __future__ import annotations

from fairdue.core.errors import Fault
from fairdue.store.models import Organisation


class NoLender(Fault):
    """There is no such lender, or more than one and none was named."""

    code = "store.no-lender"
    en, en_remedy = "Which lender? Known: {known}.", "Name one with --lender CODE; add one with 'fairdue lender add'."
    zh, zh_remedy = "未能确定委托机构。已有：{known}。", "请用 --lender 指定；新增请用 fairdue lender add。"


def find(code: str | None) -> Organisation:
    """The lender with this code, or the only one. Raises `NoLender`."""
    lenders = {org.code: org for org in Organisation.objects.filter(is_lender=True)}
    if code is None and len(lenders) == 1:
        return next(iter(lenders.values()))
    if code not in lenders:
        raise NoLender(known=", ".join(sorted(lenders)) or "-")
    return lenders[code]


class NoOrganisation(Fault):
    """Nobody of that code is known."""

    code = "store.no-organisation"
    en, en_remedy = "There is no lender or agency '{code}'.", "Known: {known}."
    zh, zh_remedy = "没有代码为“{code}”的机构。", "已有：{known}。"


def organisation(code: str) -> Organisation:
    """The lender or agency of that code. Raises `NoOrganisation`."""
    found = Organisation.objects.filter(code=code).first()
    if found is None:
        known = Organisation.objects.order_by("code").values_list("code", flat=True)
        raise NoOrganisation(code=code, known=", ".join(known) or "-")
    return found
