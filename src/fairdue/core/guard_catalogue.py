"""The closed catalogue of facts the guard may be told, each with the place in a written situation that says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

import numpy as np

from fairdue.core import codes
from fairdue.core.codes import NO, UNKNOWN, YES, Code

UNKNOWN_MONEY = int(np.iinfo(np.int64).min)  # a credit balance is negative, and so is a day before 1970


class YesNo(Code):
    """A yes/no fact; its third value is UNKNOWN."""

    NO = (NO, "否", "No")
    YES = (YES, "是", "Yes")


class Form(Enum):
    """What the number of a fact means, in Chinese and in English."""

    CODE = ("代码", "code")
    MINUTE = ("UTC 分钟", "UTC minute")
    DAY = ("日期", "date")
    MONEY = ("金额（最小货币单位）", "amount in minor units")
    COUNT = ("数字", "number")
    ID = ("内部编号", "internal number")
    ZONE = ("IANA 时区", "IANA time zone")


@dataclass(frozen=True)
class Fact:
    """One thing the guard may be told.

    `path` is where a written situation says it. `values` is its list of codes; None for numbers, days and zones. `usual`
    stands where nobody says otherwise: no consent on record is none, nobody is dead or a debt sold that is not said to be.
    """

    zh: str
    en: str
    path: str
    values: type[Code] | None = None
    form: Form = Form.CODE
    usual: int | None = None

    @property
    def unknown(self) -> int:
        """The number that stands for "not known"."""
        return UNKNOWN_MONEY if self.form in (Form.MONEY, Form.DAY) else UNKNOWN

    @property
    def absent(self) -> int:
        """The number that stands where nothing is said."""
        return self.unknown if self.usual is None else self.usual


FACTS: Mapping[str, Fact] = {
    "history": Fact("历史联系", "past contacts", "history", YesNo, usual=YES),
    "at": Fact("联系时间", "time of the contact", "proposal.time", form=Form.MINUTE),
    "zone": Fact("对方所在时区", "time zone of the person", "person.zone", form=Form.ZONE),
    "act": Fact("拟进行的行为", "what is proposed to be done", "proposal.act", codes.Act, usual=int(codes.Act.CONTACT)),
    "channel": Fact("渠道", "channel", "proposal.channel", codes.Channel),
    "mode": Fact("语音方式", "kind of voice contact", "proposal.mode", codes.Mode),
    "direction": Fact("方向", "direction", "proposal.direction", codes.Direction),
    "purpose": Fact("联系目的", "purpose", "proposal.purpose", codes.Purpose),
    "person": Fact("被联系人", "the person contacted", "proposal.party", form=Form.ID),
    "debtor": Fact("债务人", "the debtor", "parties[].kind", form=Form.ID),
    "debt": Fact("债务", "the debt", "proposal.debts", form=Form.ID),
    "point": Fact("联系方式", "contact point", "proposal.point", form=Form.ID),
    "place": Fact("对方所在地", "where the person is", "person.place", codes.Place),
    "role": Fact("催收方的身份", "in what capacity the collector acts", "role", codes.OrgRole),
    "lender_kind": Fact("机构类型", "kind of lender", "lender.kind", codes.LenderKind),
    "association_member": Fact(
        "银行业协会会员单位", "member of the banking association", "lender.association_member", YesNo
    ),
    "product": Fact("产品", "product", "debts[].product", codes.Product),
    "formed_on": Fact("债务形成日", "day the debt was formed", "debts[].formed_on", form=Form.DAY),
    "owed": Fact("欠款金额", "amount owed", "debts[].owed", form=Form.MONEY),
    "days_past_due": Fact("逾期天数", "days past due", "debts[].days_past_due", form=Form.COUNT),
    "plan_status": Fact("分期协议状态", "status of the instalment plan", "debts[].plan", codes.PlanStatus),
    "plan_months": Fact("分期月数", "months of the plan", "proposal.plan_months", form=Form.COUNT),
    "disputed": Fact("异议处理中", "the debt is disputed", "debts[].disputed", YesNo),
    "verified": Fact("已就异议提供核实材料", "verification was sent after the dispute", "debts[].verified", YesNo),
    "suit_filed": Fact("已起诉", "a suit is filed", "debts[].suit_filed", YesNo),
    "judgment": Fact("已有生效判决", "there is a judgment", "debts[].judgment", YesNo),
    "time_barred": Fact("诉讼时效已届满", "the limitation period has run out", "debts[].time_barred", YesNo),
    "claims_paid": Fact("声称已还", "the person says it is paid", "flags: claims_paid", YesNo),
    "annual_cost": Fact(
        "年化综合成本（百万分之一）",
        "annual cost of what is demanded, parts per million",
        "debts[].annual_cost_ppm",
        form=Form.COUNT,
    ),
    "price_cap": Fact(
        "成立时的利率上限（百万分之一）",
        "highest annual cost enforceable when the debt was formed, parts per million",
        "debts[].price_cap_ppm",
        form=Form.COUNT,
    ),
    "penalty_ratio": Fact(
        "罚息利率与合同利率之比（百万分之一）",
        "overdue rate over the rate of the contract, parts per million",
        "debts[].penalty_ratio_ppm",
        form=Form.COUNT,
    ),
    "items_disclosed": Fact("收费项目均已明示", "every item demanded was disclosed", "debts[].items_disclosed", YesNo),
    "bought": Fact("债权已转让", "the debt was assigned", "debts[].assigned", YesNo, usual=NO),
    "assignment_notified_on": Fact(
        "转让通知到达日", "day notice of the assignment arrived", "debts[].assignment_notified_on", form=Form.DAY
    ),
    "first_contact": Fact("系首次联系", "this is the first communication", "debts[].first_contact_on", YesNo),
    "validation_sent": Fact(
        "债务核实通知已发出", "the validation notice was sent", "debts[].validation_sent_on", YesNo
    ),
    "validation_sent_on": Fact(
        "债务核实通知发出日", "day the validation notice was sent", "debts[].validation_sent_on", form=Form.DAY
    ),
    "first_contact_on": Fact("首次联系日", "day of the first communication", "debts[].first_contact_on", form=Form.DAY),
    "credit_told_on": Fact(
        "报送前告知日", "day the person was told before credit reporting", "debts[].credit_told_on", form=Form.DAY
    ),
    "last_action_on": Fact(
        "结清或最后一次催收之日", "day of settlement or of the last action", "debts[].last_action_on", form=Form.DAY
    ),
    "party": Fact("对方身份", "who the person is to the debt", "parties[].kind", codes.Party),
    "party_refused": Fact("该人已明确拒绝联系", "the person said not to be contacted", "parties[].refused", YesNo),
    "party_alive": Fact(
        "对方在世", "the person is alive", "parties[].alive", YesNo, usual=YES
    ),  # till a death is known
    "party_capable": Fact("对方有完全行为能力", "the person has full capacity", "parties[].capable", YesNo),
    "debtor_incapable": Fact(
        "债务人死亡或无完全行为能力",
        "the debtor is dead or without full capacity",
        "parties[].alive, parties[].capable",
        YesNo,
    ),
    "liable": Fact("已查实应承担责任", "liability is established", "parties[].liable", YesNo),
    "guarantee_kind": Fact("保证方式", "kind of guarantee", "parties[].guarantee_kind", codes.GuaranteeKind),
    "guarantee_lapsed": Fact("保证期间已届满", "the guarantee period has lapsed", "parties[].guarantee_lapsed", YesNo),
    "enforcement_failed": Fact(
        "已诉讼且强制执行仍不能清偿",
        "the debtor was sued and enforcement failed",
        "parties[].enforcement_failed",
        YesNo,
    ),
    "recourse_waived": Fact(
        "依法无须先执行债务人（民法典第六百八十七条例外）",
        "an exception frees the lender from enforcing against the debtor first",
        "parties[].recourse_waived",
        YesNo,
    ),
    "renounced": Fact("已放弃继承", "the heir has renounced", "parties[].renounced", YesNo),
    "beyond_estate": Fact(
        "要求超出遗产实际价值", "more is demanded than the estate is worth", "proposal.beyond_estate", YesNo
    ),
    "willing_to_repay": Fact(
        "明确表示愿意代为还款", "the person says they are willing to repay", "parties[].willing_to_repay", YesNo
    ),
    "point_source": Fact("联系方式来源", "where the contact point came from", "points[].source", codes.PointSource),
    "point_status": Fact("联系方式状态", "health of the contact point", "points[].status", codes.PointStatus),
    "point_reserved": Fact("预留联系方式", "reserved with the lender", "points[].reserved", YesNo),
    "point_kind": Fact("联系方式类型", "sort of contact point", "points[].kind", codes.PointKind),
    "point_own": Fact("联系方式属于被联系人", "the point belongs to the person contacted", "points[].owner", YesNo),
    "reserved_invalid": Fact("预留手机号码均已失效", "every reserved number is invalid", "points[].status", YesNo),
    "lost_contact": Fact(
        "债务人失联（已登记依据）",
        "the debtor cannot be reached (recorded with evidence)",
        "flags: lost_contact",
        YesNo,
    ),
    "agency_listed": Fact("机构在公示名单内", "the agency is on the published list", "organisations[].listed", YesNo),
    "contract_live": Fact(
        "委托合同有效", "the contract with the agency is in force", "organisations[].contract_end", YesNo
    ),
    "borrower_notified_on": Fact(
        "委外告知日",
        "day the borrower was told of the placement",
        "organisations[].borrower_notified_on",
        form=Form.DAY,
    ),
    "sub_contracted": Fact("系转委托", "sub-contracted by another agency", "organisations[].sub_contracted_by", YesNo),
    "delegation_agreed": Fact(
        "委托方同意转委托", "the lender agreed to onward delegation", "organisations[].delegation_agreed", YesNo
    ),
    "reviewed_on": Fact(
        "机构最近评估日", "day of the last review of the agency", "organisations[].reviewed_on", form=Form.DAY
    ),
    "consent_hours": Fact("已约定催收时间", "hours were agreed", "consents: hours", YesNo, usual=NO),
    "agreed_from": Fact(
        "约定开始时间", "agreed hours from (minute of the day)", "consents: hours.from", form=Form.COUNT
    ),
    "agreed_to": Fact("约定结束时间", "agreed hours to (minute of the day)", "consents: hours.to", form=Form.COUNT),
    "consent_frequency": Fact(
        "已另行约定联系频次", "another frequency was agreed", "consents: frequency", YesNo, usual=NO
    ),
    "consent_fresh": Fact(
        "七日内当面同意再次联系",
        "consent given directly within seven consecutive days",
        "consents: calls",
        YesNo,
        usual=NO,
    ),
    "consent_channel": Fact("同意使用该渠道", "consent to this channel", "consents: channel", YesNo, usual=NO),
    "channel_refused": Fact(
        "拒绝使用该渠道", "asked not to be contacted by this channel", "consents: channel_refused", YesNo
    ),
    "channel_consent_on": Fact(
        "同意短信联系或核验号码之日",
        "day text consent was given or the number last checked",
        "consents: text.given_on",
        form=Form.DAY,
    ),
    "consent_place": Fact(
        "同意在该地点联系", "consent to be contacted at this place", "consents: place", YesNo, usual=NO
    ),
    "consent_entry": Fact(
        "同意进入住所或办公场所", "consent to enter the home or office", "consents: entry", YesNo, usual=NO
    ),
    "consent_third_party": Fact(
        "同意联系第三人", "consent to contact third persons", "consents: third_party", YesNo, usual=NO
    ),
    "consent_attorney": Fact(
        "律师同意直接联系", "the attorney consents to direct contact", "consents: attorney", YesNo, usual=NO
    ),
    "consent_robot": Fact("同意接听自动语音", "consent to automated calls", "consents: robot", YesNo, usual=NO),
    "consent_sharing": Fact(
        "单独同意向其他机构提供信息", "separate consent to share data", "consents: sharing", YesNo, usual=NO
    ),
    "ceased": Fact("要求停止联系", "the person asked that contact stop", "flags: ceased", YesNo),
    "attorney": Fact("已委托律师", "represented by an attorney", "flags: attorney", YesNo),
    "vulnerable": Fact("弱势客户", "vulnerable", "flags: vulnerable", YesNo),
    "lacks_capacity": Fact("可能缺乏行为能力", "may lack mental capacity", "flags: lacks_capacity", YesNo),
    "adviser_plan": Fact(
        "债务咨询机构正在拟定方案", "a debt adviser is preparing a plan", "flags: adviser_plan", YesNo
    ),
    "bankrupt": Fact("破产或债务清理程序中", "in bankruptcy", "flags: bankruptcy", YesNo),
    "paused": Fact("停催中", "work is paused", "flags: paused", YesNo),
    "moratorium": Fact("法定或约定暂缓期", "a moratorium was granted", "flags: moratorium", YesNo),
    "moratorium_from": Fact("暂缓期开始日", "first day of a moratorium", "flags: moratorium.from", form=Form.DAY),
    "moratorium_until": Fact("暂缓期结束日", "first day after a moratorium", "flags: moratorium.until", form=Form.DAY),
    "forbearance_considered": Fact(
        "已考虑宽限方案", "forbearance was considered", "debts[].forbearance_considered", YesNo
    ),
    "place_inconvenient": Fact(
        "已知不便的地点", "a place known to be inconvenient", "proposal.place_inconvenient", YesNo
    ),
    "bad_moment": Fact(
        "丧事、灾害、婚礼或节庆期间", "bereavement, disaster, wedding or festival", "flags: bad_moment", YesNo
    ),
    "operator_certified": Fact("催收员持证", "the collector is certified", "operator.certified", YesNo),
    "exam_on": Fact("催收员最近考核日", "day of the collector's last exam", "operator.exam_on", form=Form.DAY),
    "visitors": Fact("外访人数", "number of visitors", "operator.visitors", form=Form.COUNT),
    "recording": Fact("全程录音录像", "the contact is recorded", "operator.recording", YesNo),
    "introduces_as": Fact(
        "表明的身份", "as whom the collector introduces himself", "operator.introduces_as", codes.Poses
    ),
    "names_lender": Fact("说明所代表的机构", "names the institution", "operator.names_lender", YesNo),
    "sender_approved": Fact(
        "发送号码或账号经机构同意", "the sender number or account is approved", "operator.sender_approved", YesNo
    ),
    "agent_announced": Fact(
        "已事先告知催收人员身份", "the borrower was told who the agent is", "operator.announced", YesNo
    ),
    "synthetic": Fact(
        "使用合成语音或生成内容", "the voice or text is generated", "proposal.synthetic", YesNo, usual=NO
    ),
    "labelled": Fact("已标识为合成内容", "it is labelled as generated", "proposal.labelled", YesNo),
    "discloses_debt": Fact("将透露债务信息", "debt details would be disclosed", "proposal.discloses_debt", YesNo),
    "identity_first": Fact("先核实身份", "identity is checked first", "proposal.identity_first", YesNo),
    "offers_opt_out": Fact("提供退订方式", "an opt-out is offered", "proposal.offers_opt_out", YesNo),
    "states_collector": Fact(
        "说明系催收人员来电", "says it comes from a debt collector", "proposal.states_collector", YesNo
    ),
    "gives_validation": Fact(
        "提供债务核实信息", "gives the validation information", "proposal.gives_validation", YesNo
    ),
    "letter_complete": Fact(
        "信函载明法定内容", "the letter has the contents the law asks for", "proposal.letter_complete", YesNo
    ),
    "publicly_visible": Fact("他人可见", "visible to others", "proposal.publicly_visible", YesNo),
    "threatens_suit": Fact("以起诉相告", "threatens a suit", "proposal.threatens_suit", YesNo),
    "enters": Fact("进入住所或办公场所", "enters the home or office", "proposal.enters", YesNo),
    "announced": Fact("已提前告知到访", "the visit was announced", "proposal.announced", YesNo),
    "asks_location_only": Fact(
        "只核实联系方式", "asks only for location information", "proposal.asks_location_only", YesNo
    ),
    "earlier_answer_wrong": Fact(
        "有理由认为先前答复有误", "the earlier answer is believed wrong", "proposal.earlier_answer_wrong", YesNo
    ),
    "transfer_notice_on": Fact(
        "债权转让告知日", "day the notice of transfer was given", "debts[].transfer_notice_on", form=Form.DAY
    ),
    "written_notice_on": Fact(
        "书面催收通知送达日", "day the written notice was sent", "debts[].written_notice_on", form=Form.DAY
    ),
    "payment_to_disputed": Fact(
        "款项冲抵有争议债务", "the payment goes to a disputed debt", "proposal.payment_to_disputed", YesNo
    ),
    "spoke_on": Fact(
        "与本人谈及该债务之日", "day the debt was last talked about with the person", "debts[].spoke_on", form=Form.DAY
    ),
}
