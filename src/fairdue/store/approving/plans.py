"""Plans beyond the authority of whoever proposes them."""

from __future__ import annotations

from fairdue.core.codes import Product, Role
from fairdue.core.money import format_minor
from fairdue.core.plan_terms import OfferKind
from fairdue.core.plans import find
from fairdue.rules.plans import load_terms
from fairdue.store import clock, offers
from fairdue.store.actions import plans
from fairdue.store.approving import Kind, Shown, Text
from fairdue.store.models import Approval, Plan, User


def _plan(approval: Approval) -> Plan:
    return Plan.objects.select_related("account", "case__lender", "case__customer").get(pk=approval.subject_id)


def may(approval: Approval, user: User) -> Text:
    """Whether the user's own row of the matrix covers it, asked of the engine with today's figures."""
    plan = _plan(approval)
    today = clock.business_date(clock.now_minute(), plan.case.lender.zone)
    offer = find(offers.ask(plan.case, plan.account, Role(user.role), today).found, plan.code, plan.months)
    if offer is None:
        return {"zh": "按今日数据该方案不再可提供", "en": "with today's figures it is not offered any more"}
    if offer.approvers:
        return {"zh": "超出您的权限", "en": "it is beyond your authority"}
    return {}


def show(approval: Approval, user: User) -> Shown:
    """What is asked and the difference it makes."""
    plan = _plan(approval)
    money = plan.account.exponent
    owed, waived = sum(plan.balances), sum(plan.waived)
    title = load_terms(plan.terms).titles[plan.code]
    lines: list[tuple[Text, str]] = [
        ({"zh": "欠款", "en": "Owed"}, format_minor(owed, money)),
        ({"zh": "减免", "en": "Let off"}, format_minor(waived, money)),
        ({"zh": "减免比例", "en": "Share let off"}, f"{waived * 100 / max(owed, 1):.1f} %"),
        ({"zh": "应还合计", "en": "To be paid"}, format_minor(plan.total, money)),
        ({"zh": "期数", "en": "Months"}, str(plan.months)),
        ({"zh": "现值", "en": "Present value"}, format_minor(plan.pv, money)),
        ({"zh": "违约可能（判断）", "en": "Risk of breaking (judgement)"}, f"{plan.risk_ppm / 10_000:.1f} %"),
    ]
    kind, product = OfferKind(plan.kind), Product(plan.account.product)
    named: Text = {"zh": f"{product.zh}：{title['zh']}（{kind.zh}）", "en": f"{product.en}: {title['en']} ({kind.en})"}
    return Shown(named, tuple(lines), may(approval, user), ("plan", plan.pk), asks_counting=True)


def granted(approval: Approval, user: User, counts: bool) -> None:
    """It may be accepted now."""
    plans.granted(_plan(approval), user, counts)


def refused(approval: Approval, user: User, reason: str) -> None:
    """It ends."""
    plans.refused(_plan(approval), user, reason)


KIND = Kind("plan", {"zh": "还款方案", "en": "Repayment plan"}, show, may, granted, refused)
