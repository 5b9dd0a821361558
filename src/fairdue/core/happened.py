"""What happens to a claim in law: the closed list of events that start, restart, hold, suspend or end a period.

Which of them does what depends on the period and the place, and stands with its article in `rules/periods`.
"""

from __future__ import annotations

from fairdue.core.codes import Code


class Happened(Code):
    """One thing that happened to a claim, on a day that can be proved."""

    DEMAND = (0, "催告函送达债务人", "A demand reached the debtor")
    DEDUCTION = (1, "依约从债务人账户扣款", "Deducted from the debtor's account")
    PUBLIC_NOTICE = (2, "公告催收", "Notice published while the debtor was missing")
    PAYMENT = (3, "债务人部分还款", "The debtor paid a part")
    PROMISE = (4, "债务人承诺还款", "The debtor promised to pay")
    PLAN = (5, "达成还款方案", "A repayment plan was agreed")
    EXTENSION_ASKED = (6, "债务人请求延期", "The debtor asked for more time")
    NEW_GUARANTEE = (7, "债务人提供担保", "The debtor gave security")
    ACKNOWLEDGED = (8, "债务人书面承认债务", "The debtor acknowledged the debt in writing")
    SET_OFF = (9, "主张抵销", "Set-off was declared")
    ASSIGNMENT_NOTICED = (10, "债权转让通知到达", "Notice of the assignment arrived")
    DEBT_ASSUMED = (11, "债务承担", "Somebody assumed the debt")
    SUIT = (12, "起诉", "Suit")
    ARBITRATION = (13, "申请仲裁", "Arbitration")
    PAYMENT_ORDER = (14, "申请支付令", "Payment order")
    BANKRUPTCY_CLAIM = (15, "申报破产债权", "Claim filed in bankruptcy")
    DECLARATION = (16, "申请宣告失踪或死亡", "Petition to declare the debtor missing or dead")
    PRESERVATION = (17, "申请诉前保全", "Preservation before the suit")
    ENFORCEMENT = (18, "申请强制执行", "Enforcement")
    JOINDER = (19, "申请追加当事人", "Joinder to proceedings")
    MEDIATION = (20, "申请调解", "Mediation")
    POLICE_REPORT = (21, "报案", "Report to the police or a prosecutor")
    FORCE_MAJEURE = (22, "不可抗力", "Force majeure")
    INCAPACITY = (23, "权利人无行为能力且无法定代理人", "The creditor lacks capacity and a representative")
    SUCCESSION = (24, "继承人或遗产管理人未确定", "No heir or administrator is determined")
    CONTROLLED = (25, "权利人被义务人控制", "The creditor is controlled by the debtor")
    OTHER_OBSTACLE = (26, "其他障碍", "Another obstacle")
    JUDGMENT = (27, "判决、裁决或调解书生效", "A judgment, award or court settlement took effect")
    WAIVED = (28, "期限届满后债务人书面同意履行", "After expiry the debtor agreed in writing to perform")
    ACCELERATED = (29, "贷款加速到期", "The loan was accelerated")
    REFUSED = (30, "未定期限，债务人明确拒绝或宽限期满", "No due date: the debtor refused, or the time given ran out")
    GUARANTOR_DEMAND = (31, "向保证人主张权利", "A demand reached the guarantor")
    GUARANTOR_SUIT = (32, "对保证人起诉或申请仲裁", "Suit or arbitration against the guarantor")
    ENFORCEMENT_FAILED = (33, "强制执行后仍不能清偿", "Enforcement against the debtor failed")
    SETTLED_IN_ENFORCEMENT = (34, "执行和解", "A settlement was made in enforcement")
    VALIDATION_SENT = (35, "债务核实通知寄出", "The validation notice was sent")
    DISPUTED = (36, "债务人提出异议", "The debtor disputed the debt")


PROCEDURES = frozenset({
    Happened.SUIT, Happened.ARBITRATION, Happened.PAYMENT_ORDER, Happened.BANKRUPTCY_CLAIM, Happened.DECLARATION,
    Happened.PRESERVATION, Happened.ENFORCEMENT, Happened.JOINDER, Happened.MEDIATION, Happened.POLICE_REPORT,
    Happened.GUARANTOR_SUIT,
})  # fmt: skip
"""They last: from the day of filing to the day on which they end."""
OBSTACLES = frozenset({
    Happened.FORCE_MAJEURE, Happened.INCAPACITY, Happened.SUCCESSION, Happened.CONTROLLED, Happened.OTHER_OBSTACLE,
})  # fmt: skip
"""They last too; a period stands still where the law says so."""


class Effect(Code):
    """What an event does to a period."""

    NONE = (0, "无影响", "Nothing")
    RESTARTS = (1, "中断，重新计算", "Interrupts: the period begins anew")
    HOLDS = (2, "中断，程序终结后重新计算", "Interrupts: the period begins anew when the procedure ends")
    SUSPENDS = (3, "中止", "Suspends")
    REVIVES = (4, "届满后重新起算", "Begins anew after expiry")
    SETTLES = (5, "已有生效法律文书，不再计算", "There is a judgment: the period has done its work")
    STARTS = (6, "起算", "Starts the period")
    KEEPS = (7, "在期间内主张，权利得以保全", "Done within the period, it keeps the right")
