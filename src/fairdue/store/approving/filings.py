"""Going to court: whoever prepared it never lets it go alone."""

from __future__ import annotations

from fairdue.core.money import format_minor
from fairdue.core.proceedings import Procedure
from fairdue.store import court_ready
from fairdue.store.actions import court
from fairdue.store.approving import Kind, Shown, Text
from fairdue.store.models import Approval, Proceeding, User

FIGURES = (
    ("fee", "法院费用", "Court fee"), ("cost", "费用合计", "Cost in all"),
    ("net", "预期净值（判断）", "Expected net (judgement)"),
)  # fmt: skip


def _proceeding(approval: Approval) -> Proceeding:
    return Proceeding.objects.select_related("case__lender", "case__customer", "lender").get(pk=approval.subject_id)


def may(approval: Approval, _user: User) -> Text:
    """Not while something that must be true is not."""
    found = _proceeding(approval)
    lacking = court_ready.lacking(Procedure(found.procedure), court_ready.ready(found.case).needs)
    if not lacking:
        return {}
    return {"zh": "；".join(n.zh for n in lacking), "en": "; ".join(n.en for n in lacking)}


def show(approval: Approval, user: User) -> Shown:
    """What is claimed, what it costs and what it is worth, as it was seen when it was prepared."""
    found = _proceeding(approval)
    kind, money = Procedure(found.procedure), found.lender.exponent
    way = found.economics.get("ways", {}).get(kind.name, {})
    lines: list[tuple[Text, str]] = [({"zh": "诉请金额", "en": "Claim"}, format_minor(found.claim, money))]
    for key, zh, en in FIGURES:
        if key in way:
            lines.append(({"zh": zh, "en": en}, format_minor(way[key], money)))
    lines.append(({"zh": "继续催收的预期净值（判断）", "en": "Going on asking (judgement)"},
                  format_minor(found.economics.get("asking", 0), money)))  # fmt: skip
    title: Text = {"zh": f"{kind.zh}：案件 {found.case_id}", "en": f"{kind.en}: case {found.case_id}"}
    return Shown(title, tuple(lines), may(approval, user), ("court", found.pk))


def granted(approval: Approval, user: User, _counts: bool) -> None:
    """It may be filed."""
    court.granted(_proceeding(approval), user)


def refused(approval: Approval, user: User, reason: str) -> None:
    """Back to its papers."""
    court.refused(_proceeding(approval), user, reason)


KIND = Kind(court.KIND, {"zh": "提交法院", "en": "Going to court"}, show, may, granted, refused)
