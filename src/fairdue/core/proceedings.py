"""The way through the courts: which procedures there are, where each stands, and what may follow.

A step the table does not allow is impossible, so no wording can state a filing, a hearing or a judgment that was not recorded.
"""

from __future__ import annotations

from collections.abc import Mapping

from fairdue.core.codes import Code
from fairdue.core.errors import Fault


class Procedure(Code):
    """What is applied for."""

    PAYMENT_ORDER = (0, "支付令", "Payment order")
    SMALL_CLAIM = (1, "小额诉讼", "Small claim")
    SUIT = (2, "民事诉讼", "Suit")
    MEDIATION = (3, "调解", "Mediation")
    ARBITRATION = (4, "仲裁", "Arbitration")
    PRESERVATION = (5, "财产保全", "Preservation of property")
    ENFORCEMENT = (6, "强制执行", "Enforcement")
    BANKRUPTCY_CLAIM = (7, "申报破产债权", "Claim in bankruptcy")
    CONFIRMATION = (8, "申请司法确认调解协议", "Judicial confirmation of a settlement")


class CourtState(Code):
    """Where a procedure stands."""

    PREPARING = (0, "准备材料", "Papers being prepared")
    ASKED = (1, "待审批", "Waiting for approval to file")
    APPROVED = (2, "已批准，待提交", "Approved, to be filed")
    FILED = (3, "已提交", "Filed")
    ACCEPTED = (4, "已受理（立案）", "Accepted by the court")
    HEARD = (5, "审理中", "Being heard")
    DECIDED = (6, "已作出裁判", "Decided")
    EFFECTIVE = (7, "裁判已生效", "The decision took effect")
    CLOSED = (8, "已结束", "Closed")
    WITHDRAWN = (9, "已撤回", "Withdrawn")
    REJECTED = (10, "不予受理或驳回", "Rejected")


S = CourtState
NEXT: Mapping[CourtState, frozenset[CourtState]] = {
    S.PREPARING: frozenset({S.ASKED, S.WITHDRAWN}),
    S.ASKED: frozenset({S.APPROVED, S.PREPARING, S.WITHDRAWN}),
    S.APPROVED: frozenset({S.FILED, S.WITHDRAWN}),
    S.FILED: frozenset({S.ACCEPTED, S.REJECTED, S.WITHDRAWN}),
    S.ACCEPTED: frozenset({S.HEARD, S.DECIDED, S.REJECTED, S.WITHDRAWN, S.CLOSED}),
    S.HEARD: frozenset({S.DECIDED, S.REJECTED, S.WITHDRAWN, S.CLOSED}),
    S.DECIDED: frozenset({S.EFFECTIVE, S.HEARD, S.CLOSED}),
    S.EFFECTIVE: frozenset({S.CLOSED}),
    S.CLOSED: frozenset(), S.WITHDRAWN: frozenset(), S.REJECTED: frozenset(),
}  # fmt: skip
BEFORE_COURT = frozenset({S.PREPARING, S.ASKED, S.APPROVED})
IN_COURT = frozenset({S.FILED, S.ACCEPTED, S.HEARD, S.DECIDED})
OVER = frozenset({S.CLOSED, S.WITHDRAWN, S.REJECTED})
OPEN = frozenset(CourtState) - OVER
TITLES = frozenset({
    Procedure.PAYMENT_ORDER, Procedure.SMALL_CLAIM, Procedure.SUIT, Procedure.MEDIATION, Procedure.ARBITRATION,
    Procedure.CONFIRMATION,
})  # fmt: skip
"""Procedures that can end in a title from which enforcement is asked for."""


class CourtCost(Code):
    """What going to court costs."""

    ACCEPTANCE = (0, "案件受理费", "Court fee")
    APPLICATION = (1, "申请费", "Application fee")
    PRESERVATION = (2, "保全费", "Preservation fee")
    SERVICE = (3, "公告送达费", "Cost of service by publication")
    LAWYER = (4, "律师费", "Lawyer's fee")
    ARBITRATION = (5, "仲裁费", "Arbitration fee")
    OTHER = (6, "其他费用", "Other cost")


class CourtStepImpossible(Fault):
    """The procedure stands elsewhere."""

    code = "court.step-impossible"
    en, en_remedy = "From “{state}” there is no way to “{to}”.", "Open the procedure again to see what is possible."
    zh, zh_remedy = "当前为“{state_zh}”，不能转为“{to_zh}”。", "请重新打开该程序，查看可办理的事项。"


def move(state: CourtState, to: CourtState) -> CourtState:
    """Where the procedure stands after a step. Raises `CourtStepImpossible`."""
    if to not in NEXT[state]:
        raise CourtStepImpossible(state=state.en, to=to.en, state_zh=state.zh, to_zh=to.zh)
    return to
