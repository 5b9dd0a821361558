"""Settlements negotiated for one debt: so much by such days, and the rest is let off; beyond authority a second person grants.

What is let off is held against the lender's authority matrix, as every plan is; what no row covers cannot be offered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from django.db import transaction

from fairdue.core import waterfall
from fairdue.core.codes import Component, Role
from fairdue.core.errors import Fault
from fairdue.core.plan_state import RUNNING
from fairdue.core.plan_terms import OfferKind
from fairdue.core.plans import Offer
from fairdue.core.plans import granted as may_grant
from fairdue.core.schedules import Split
from fairdue.core.settlement import SettlementState
from fairdue.store import access, audit, clock, offers
from fairdue.store.access import NotYours
from fairdue.store.actions import approvals, ledger, settled, settlement_judge, tasks
from fairdue.store.actions.plan_judge import receipts
from fairdue.store.actions.plans import MAY_PROPOSE, PlanReason, PlanRuns
from fairdue.store.locks import lock_person
from fairdue.store.models import Account, Approval, Case, Settlement, SettlementPart, User

KIND = "settlement"  # of approval
MOST_PARTS = 6  # a judgement of ours: more than that is a plan
MOST_DAYS = 180  # a judgement of ours: an offer that is open for longer is a plan


class NotASettlement(Fault):
    """The figures or days make no settlement."""

    code = "settlement.not-one"
    en = "This is no settlement: {why}."
    en_remedy = (
        "Give one to {most} payments above zero, each later than the one before, by {last}, together less than is owed."
    )
    zh = "不构成减免结清方案：{why_zh}。"
    zh_remedy = "请填写 1 至 {most} 笔大于零的还款，日期依次递增，自今日起至 {last}，合计须少于欠款。"


class NobodyMayGrant(Fault):
    """No row of the authority matrix covers it."""

    code = "settlement.beyond-authority"
    en, en_remedy = (
        "Nobody may let off {off} of this debt at its stage.",
        "Ask for more, or offer what the engine offers.",
    )
    zh, zh_remedy = "按审批权限，该笔债务目前任何岗位均不能减免 {off}。", "请提高还款金额，或使用系统可提供的方案。"


class LiveOne(Fault):
    """One offer at a time."""

    code = "settlement.live"
    en, en_remedy = "An offer to settle this debt is open or waits for approval.", "Withdraw it first, and say why."
    zh, zh_remedy = "该笔债务已有有效或待审批的减免结清方案。", "如需更改，请先撤回并说明原因。"


@dataclass(frozen=True)
class Part:
    """One payment of the offer, minor units."""

    on: date
    amount: int


@transaction.atomic
def propose(user: User, case_id: int, account_id: int, parts: Sequence[Part], reason: str) -> Settlement:
    """Offer to settle a debt; beyond the authority of the user it waits for approval.

    Raises `NotYours`, `PlanReason`, `NotASettlement`, `PlanRuns`, `LiveOne`, `NobodyMayGrant`.
    """
    case = _mine(user, case_id)
    account = case.customer.accounts.select_related("lender").filter(pk=account_id).first()
    if account is None:
        raise NotYours
    lock_person(case.customer_id)
    today = _today(case)
    if not reason.strip():
        raise PlanReason
    _free(account)
    owed = np.maximum(ledger.balances(account, today), 0)
    _check(parts, int(owed.sum()), today)
    waived = _let_off(account, owed, sum(part.amount for part in parts), today)
    approvers, counts = _authority(user, case, account, parts, waived, today)
    made = Settlement.objects.create(
        case=case, account=account, state=int(SettlementState.AWAITING if approvers else SettlementState.OFFERED), since=today,
        before=sum(amount for _, day, amount in receipts([account.pk], today) if day == today),
        total=sum(part.amount for part in parts), last_on=parts[-1].on, balances=owed.tolist(), waived=list(waived),
        approvers=",".join(role.name for role in approvers), counts=counts, proposed_by=user, reason=reason.strip()[:300],
    )  # fmt: skip
    SettlementPart.objects.bulk_create(SettlementPart(settlement=made, due_on=p.on, amount=p.amount) for p in parts)
    if approvers:
        approvals.ask(KIND, made.pk, case, approvers, user, reason)
    audit.write(user.username, "settlement.propose", "settlement", made.pk, reason=reason, case=case.pk, account=account.pk,
                total=made.total, waived=sum(waived), last=made.last_on)  # fmt: skip
    return made


def _free(account: Account) -> None:
    if account.plans.filter(state__in=[int(s) for s in RUNNING]).exists():
        raise PlanRuns
    if account.settlements.filter(state__in=(SettlementState.AWAITING, SettlementState.OFFERED)).exists():
        raise LiveOne


def _check(parts: Sequence[Part], owed: int, today: date) -> None:
    last = today + timedelta(days=MOST_DAYS)
    days, amounts = [part.on for part in parts], [part.amount for part in parts]
    wrong = (
        (not 1 <= len(parts) <= MOST_PARTS, "the number of payments is not possible", "还款笔数不在允许范围内"),
        (any(amount <= 0 for amount in amounts), "an amount is not above zero", "有金额不大于零"),
        (any(not today <= day <= last for day in days), "a day is not possible", "有日期不在允许范围内"),
        (days != sorted(set(days)), "the days are not in order", "日期未依次递增"),
        (
            sum(amounts) >= owed,
            "it comes to what is owed or more, so nothing would be let off",
            "合计不少于欠款，没有减免",
        ),
    )
    for is_wrong, en, zh in wrong:
        if is_wrong:
            raise NotASettlement(why=en, why_zh=zh, most=MOST_PARTS, last=last)


def _let_off(account: Account, owed: np.ndarray[tuple[int], np.dtype[np.int64]], total: int, today: date) -> Split:
    """What would be left by component after the payment, in the order of the law or the contract."""
    order = waterfall.order_for(account.product, ledger.dpd_of(account, today), account.allocation_order)
    paid, _ = waterfall.allocate(np.array([total]), owed[None, :], order)
    a, b, c, d, e = (owed - paid[0]).tolist()
    return a, b, c, d, e


def _authority(
    user: User, case: Case, account: Account, parts: Sequence[Part], waived: Split, today: date
) -> tuple[tuple[Role, ...], bool]:
    asked = offers.ask(case, account, Role(user.role), today)
    kind = OfferKind.WRITE_DOWN if waived[Component.PRINCIPAL] else OfferKind.SETTLEMENT
    months = max(1, -(-(parts[-1].on - today).days // 30))
    offer = Offer(
        code="NEGOTIATED", kind=kind, months=months, payments=(), waived=waived, at_end=True, total=sum(p.amount for p in parts),
        interest=0, annual_ppm=0, eac_ppm=0, pv=0, expected=0, risk_ppm=0, share_ppm=0, review_on=None, approvers=(),
        counts=True, order=(),
    )  # fmt: skip
    found = may_grant(asked.situation, asked.book, offer)
    if found is None:
        raise NobodyMayGrant(off=f"{sum(waived) / 10**account.exponent:,.{account.exponent}f} {account.currency}")
    return found


@transaction.atomic
def withdraw(user: User, settlement_id: int, reason: str) -> Settlement:
    """Take an offer back that nothing was paid on yet. Raises `NotYours`, `PlanReason`, `PaidOn`."""
    found = get(user, settlement_id)
    _mine(user, found.case_id)
    lock_person(found.account.customer_id)
    found.refresh_from_db()
    if found.state not in (SettlementState.AWAITING, SettlementState.OFFERED):
        raise NotYours
    if not reason.strip():
        raise PlanReason
    settlement_judge.of_account(user.username, found.account, _today(found.case))
    found.refresh_from_db()
    if found.paid > 0 or found.state == SettlementState.MET:
        raise PaidOn
    _end(found, SettlementState.WITHDRAWN, user.username, reason)
    approvals.withdraw(KIND, found.pk, user.username)
    return found


class PaidOn(Fault):
    """Somebody relied on it."""

    code = "settlement.paid-on"
    en, en_remedy = "Something was paid under this offer: it stands until its last day.", "Let it be kept or lapse."
    zh, zh_remedy = "客户已按该方案还款，方案在到期日前继续有效。", "请待其履行或到期。"


def _end(found: Settlement, state: SettlementState, by: str, reason: str) -> None:
    found.state = state
    found.save(update_fields=["state"])
    audit.write(by, f"settlement.{state.name.lower()}", "settlement", found.pk, reason=reason)


def may(approval: Approval, user: User) -> bool:
    """Whether the row of the user's role covers it, with today's figures."""
    found = Settlement.objects.select_related("account", "case__lender").get(pk=approval.subject_id)
    today = _today(found.case)
    if found.parts.order_by("due_on").first().due_on < today:  # type: ignore[union-attr]  # it has parts
        return False
    owed = np.maximum(ledger.balances(found.account, today), 0)
    parts = [Part(p.due_on, p.amount) for p in found.parts.order_by("due_on")]
    try:
        approvers, _ = _authority(
            user, found.case, found.account, parts, _let_off(found.account, owed, found.total, today), today
        )
    except NobodyMayGrant:
        return False
    return not approvers


def granted(settlement_id: int, user: User, *, counts: bool) -> None:
    """A second person approved it, inside the caller's transaction: it stands, and what was paid since counts."""
    found = Settlement.objects.select_related("account__lender", "case__lender").get(pk=settlement_id)
    lock_person(found.account.customer_id)
    found.counts = found.counts and counts
    found.save(update_fields=["counts"])
    _end(found, SettlementState.OFFERED, user.username, "")
    settlement_judge.of_account(user.username, found.account, _today(found.case))
    settled.look(user.username, found.account)
    _answer(found, user)


def refused(settlement_id: int, user: User, reason: str) -> None:
    """A second person refused it, inside the caller's transaction."""
    found = Settlement.objects.select_related("account", "case__lender").get(pk=settlement_id)
    _end(found, SettlementState.REFUSED, user.username, reason)
    _answer(found, user)


def _answer(found: Settlement, by: User) -> None:
    """Whoever asked owes the borrower the answer by tomorrow."""
    tasks.open_task(
        by.username, found.case.lender, "ANSWER", tasks.Whom(owner=found.proposed_by),
        due=tasks.Due(on=_today(found.case) + timedelta(days=1)), about=tasks.About(found.case, "settlement", found.pk),
    )  # fmt: skip


def get(user: User, settlement_id: int) -> Settlement:
    """One settlement of a case the user may read. Raises `NotYours`."""
    found = access.settlements_for(user).filter(pk=settlement_id).first()
    if found is None:
        raise NotYours
    return found


def _mine(user: User, case_id: int) -> Case:
    case = access.get_case(user, case_id)
    owns = user.role != Role.COLLECTOR or access.may_contact(user, case)
    if case.closed_on is not None or user.role not in MAY_PROPOSE or not owns:
        raise NotYours
    return case


def _today(case: Case) -> date:
    return clock.business_date(clock.now_minute(), case.lender.zone)
