"""What can go wrong on the way through the courts, in words a person can act on."""

from __future__ import annotations

from fairdue.core.errors import Fault


class NotReady(Fault):
    """A precondition is missing."""

    code = "court.not-ready"
    en, en_remedy = (
        "The case cannot go to court: {lacking}.",
        "Bring what is missing; the page says for each what proves it.",
    )
    zh, zh_remedy = "该案件暂不能提交法院：{lacking_zh}。", "请补齐所缺事项；页面列明各项依据。"


class CourtReason(Fault):
    """Going to court has a reason."""

    code = "court.reason-needed"
    en, en_remedy = "Say why this step is taken.", "A sentence somebody else can judge."
    zh, zh_remedy = "请说明采取该步骤的原因。", "请写一句他人能据以判断的话。"


class CourtRole(Fault):
    """Not everybody files."""

    code = "court.role"
    en, en_remedy = "This is done by a team lead, compliance or finance.", "Ask one of them."
    zh, zh_remedy = "该事项由主管、合规或财务办理。", "请联系上述人员。"


class CourtOpen(Fault):
    """One procedure of a kind at a time."""

    code = "court.open-already"
    en, en_remedy = "A procedure of this kind is open for the case.", "Open it and go on there."
    zh, zh_remedy = "该案件已有同类程序在办。", "请在该程序中继续办理。"


class DayMissing(Fault):
    """A day is part of the step."""

    code = "court.day-missing"
    en, en_remedy = "“{step}” needs {what}.", "Fill it in as it stands in the court's paper."
    zh, zh_remedy = "“{step_zh}”须填写{what_zh}。", "请按法院文书填写。"


class CourtDayAhead(Fault):
    """What has not happened is not recorded."""

    code = "court.ahead"
    en, en_remedy = "{on} has not come yet.", "Enter the day on which it happened."
    zh, zh_remedy = "{on} 尚未到来。", "请填写实际发生的日期。"


class NotACost(Fault):
    """The amount cannot be booked."""

    code = "court.not-a-cost"
    en, en_remedy = "A cost of {amount} cannot be booked.", "Enter an amount above zero and the number of the receipt."
    zh, zh_remedy = "费用 {amount} 无法入账。", "请填写大于零的金额和票据编号。"


class NotALawFirm(Fault):
    """Only a law firm takes a case to court for a lender."""

    code = "court.no-law-firm"
    en, en_remedy = (
        "'{firm}' is no law firm on record.",
        "Choose one; an operator can mark an organisation as a law firm.",
    )
    zh, zh_remedy = "“{firm}”不是已登记的律师事务所。", "请选择律师事务所，或由运维人员登记。"


class HandedOver(Fault):
    """Where a file is, is never in doubt."""

    code = "court.handed-over"
    en, en_remedy = "The procedure is with a law firm already, or is not with one.", "Open it to see where it is."
    zh, zh_remedy = "该程序已在律师事务所，或并未移交。", "请打开该程序查看。"


class NoSuchDay(Fault):
    """A day of the court that is past or of no kind."""

    code = "court.no-such-day"
    en, en_remedy = "{due} cannot be set for that.", "Choose what the day is for, and a day that has not passed."
    zh, zh_remedy = "不能将 {due} 登记为该期限。", "请选择期限种类，并填写尚未过去的日期。"


class AgreementMissing(Fault):
    """Nobody can go to arbitration on an agreement that cannot be shown."""

    code = "court.agreement-missing"
    en, en_remedy = "Name the institution and where the agreement stands.", "For instance the clause of the contract."
    zh, zh_remedy = "请填写仲裁机构和仲裁协议所在条款。", "例如合同第几条。"
