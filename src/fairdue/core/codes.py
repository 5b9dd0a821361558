"""The field's vocabulary as small integers, so that a fact about a million contacts is one byte a row.

Every enumeration is a closed list: code in columns, name in files and the API, `label(lang)` on screens.
`UNKNOWN` (-1) is never a member: it is the absence of the fact, and the guard refuses on it.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Self

from fairdue.core.errors import Lang

UNKNOWN = -1
NO, YES = 0, 1  # with UNKNOWN: the three values of a yes/no fact


class Code(IntEnum):
    """A closed list with a Chinese and an English label per member."""

    zh: str
    en: str

    def __new__(cls, value: int, zh: str = "", en: str = "") -> Self:
        """Members are written `NAME = (number, "中文", "English")`."""
        member = int.__new__(cls, value)
        member._value_ = value
        member.zh = zh
        member.en = en
        return member

    def label(self, lang: Lang) -> str:
        """The word to show in `lang`."""
        return self.zh if lang == "zh" else self.en


class Component(Code):
    """What a balance is made of (S22). The number is the column in every balance matrix."""

    PRINCIPAL = (0, "本金", "Principal")
    INTEREST = (1, "利息", "Interest")
    PENALTY = (2, "罚息", "Penalty interest")
    FEES = (3, "费用", "Fees")
    COSTS = (4, "实现债权的费用", "Costs of enforcement")


class Channel(Code):
    """By what a person is reached."""

    CALL = (0, "电话", "Call")
    SMS = (1, "短信", "Text message")
    EMAIL = (2, "电子邮件", "E-mail")
    IM = (3, "即时通讯", "Instant message")
    APP = (4, "应用内消息", "In-app message")
    LETTER = (5, "信函", "Letter")
    VISIT = (6, "外访", "Visit")


class Mode(Code):
    """How a voice contact is made: GB/T 45251 counts the two apart."""

    NOTIFY = (0, "告知式", "Notification (incl. robot)")
    TALK = (1, "交互式", "Interactive")


class Direction(Code):
    """Who started the contact."""

    OUT = (0, "呼出", "Outbound")
    IN = (1, "呼入", "Inbound")


class Purpose(Code):
    """Why the person is contacted: what may be said depends on it."""

    COLLECT = (0, "催收", "Collect")
    RESTORE_CONTACT = (1, "恢复联系", "Restore contact")
    REACH_SUCCESSOR = (2, "联系利害关系人", "Reach heirs or interested parties")
    REMIND = (3, "到期提醒", "Reminder before the due date")
    SERVICE = (4, "客户服务", "Service asked for by the person")
    NOTICE = (5, "法定通知", "Notice the law asks for or allows")


class Party(Code):
    """Who the person is to the debt."""

    BORROWER = (0, "借款人", "Borrower")
    CO_BORROWER = (1, "共同借款人", "Co-borrower")
    GUARANTOR = (2, "担保人", "Guarantor")
    SPOUSE = (3, "配偶", "Spouse")
    HEIR = (4, "继承人", "Heir")
    CONTACT = (5, "联系人", "Contact person")
    EMPLOYER = (6, "单位", "Employer")
    ATTORNEY = (7, "律师", "Attorney")
    REPRESENTATIVE = (8, "法定代理人或遗产管理人", "Legal representative, guardian or executor")
    OTHER = (9, "其他第三人", "Any other person")


class Product(Code):
    """What kind of debt it is."""

    CARD = (0, "信用卡", "Credit card")
    CONSUMER = (1, "个人消费贷款", "Personal consumer loan")
    BUSINESS = (2, "个人经营贷款", "Personal business loan")
    MORTGAGE = (3, "住房贷款", "Mortgage")
    AUTO = (4, "汽车贷款", "Auto loan")
    OTHER = (5, "其他债务", "Any other debt")


class LenderKind(Code):
    """What kind of lender: price caps and some rules depend on it."""

    BANK = (0, "银行", "Bank")
    CONSUMER_FINANCE = (1, "消费金融公司", "Consumer-finance company")
    MICRO_LENDER = (2, "小额贷款公司", "Micro-lender")
    AUTO_FINANCE = (3, "汽车金融公司", "Auto-finance company")
    PRIVATE = (4, "民间出借人", "Private lender")
    DEBT_BUYER = (5, "债权受让人", "Debt buyer")


class OrgRole(Code):
    """In what capacity the organisation that collects acts: some law binds only one of them."""

    LENDER = (0, "贷款机构", "Lender")
    AGENCY = (1, "受托催收机构", "Agency on a lender's behalf")
    DEBT_BUYER = (2, "债权受让人", "Debt buyer")


class Act(Code):
    """What is proposed to be done. Most rules are about contacts; some about other acts the law bounds."""

    CONTACT = (0, "联系", "Contact somebody")
    PLACE = (1, "委外", "Place a debt with an agency")
    SUE = (2, "起诉", "Go to court")
    REPORT_CREDIT = (3, "报送不良信息", "Report to a credit bureau")
    AGREE_PLAN = (4, "签订分期协议", "Agree a plan")
    CHARGE = (5, "计收息费", "Charge interest, penalty or fees")
    ERASE = (6, "删除个人信息", "Erase personal data")
    KEEP = (7, "继续保存个人信息", "Go on keeping personal data")


class Place(Code):
    """Where the person is, as far as local law tells places apart."""

    ELSEWHERE = (0, "其他地区", "Elsewhere")
    US_MA = (1, "美国马萨诸塞州", "Massachusetts")
    US_NYC = (2, "美国纽约市", "New York City")
    GB_EAW = (3, "英格兰和威尔士", "England and Wales")
    GB_SCT = (4, "苏格兰", "Scotland")
    GB_NIR = (5, "北爱尔兰", "Northern Ireland")


class PointKind(Code):
    """What sort of number or address a contact point is."""

    MOBILE = (0, "手机", "Mobile phone")
    HOME = (1, "住宅电话", "Home phone")
    WORK = (2, "单位电话", "Work phone")
    OTHER_PHONE = (3, "其他电话", "Other phone")
    EMAIL = (4, "电子邮箱", "E-mail")
    WORK_EMAIL = (5, "单位邮箱", "Work e-mail")
    ACCOUNT = (6, "社交或应用账号", "Account of a messenger or an app")
    ADDRESS = (7, "地址", "Postal address")
    WORK_ADDRESS = (8, "单位地址", "Address of the workplace")


class GuaranteeKind(Code):
    """The guarantee as agreed; where that is unclear it is a general one (Civil Code art. 686)."""

    GENERAL = (0, "一般保证", "General")
    JOINT = (1, "连带责任保证", "Joint and several")
    UNCLEAR = (2, "约定不明", "Not or not clearly agreed")


class Poses(Code):
    """As whom the operator introduces the caller or signs the message."""

    LENDER = (0, "以贷款机构名义", "As the lender")
    AGENCY = (1, "以受托机构名义", "As the agency, for the lender")
    BUYER = (2, "以受让人名义", "As the buyer of the debt")
    NOBODY = (3, "未表明身份", "Without saying who calls")
    OTHER = (4, "以其他身份", "As somebody else")


class PlanStatus(Code):
    """Where the account's instalment plan stands."""

    NONE = (0, "无", "None")
    PERFORMING = (1, "履行中", "Performing")
    BREACHED = (2, "已违约", "Breached")


class PointSource(Code):
    """Where a phone number or address came from (CN-PARTY-08: lawful sources only)."""

    CONTRACT = (0, "合同", "Contract")
    RESERVED = (1, "预留信息", "Reserved with the lender")
    AUTHORISED = (2, "债务人授权", "Authorised by the debtor")
    PUBLIC = (3, "合法公开渠道", "Lawful public channel")
    DISCLOSED_BY_CONTACT = (4, "预留联系人告知", "Told by the reserved contact")
    BUREAU = (5, "征信等依授权查询", "Credit bureau, under authorisation")
    INVENTED = (6, "演示虚构", "Invented for the demo")
    OTHER = (7, "其他来源", "Other source")


class PointStatus(Code):
    """Health of a contact point."""

    GOOD = (0, "正常", "In use")
    COOLING = (1, "暂停拨打", "Cooling down")
    INVALID = (2, "空号", "Invalid")
    WRONG = (3, "非本人", "Wrong person")
    BLOCKED = (4, "停止联系", "Blocked")


class Behaviour(Code):
    """How the borrower's arrears came about, from the months before."""

    FIRST_TIME = (0, "首次逾期", "First time")
    CHRONIC = (1, "习惯性逾期", "Chronic")
    IMPROVING = (2, "好转", "Improving")
    SELF_CURE = (3, "预计自行还款", "Likely self-cure")
    OTHER = (4, "其他", "Other")


class Standing(Code):
    """What became of an account in a night: every account is one of these, so that what came in adds up."""

    IN_CASE = (0, "逾期，列入案件", "Overdue: in a case")
    NOT_OVERDUE = (1, "未逾期", "Not overdue")
    OWES_NOTHING = (2, "标记逾期但没有欠款，不联系", "Marked late but owes nothing: nobody is contacted")
    BELOW_FLOOR = (3, "逾期金额未达起催标准", "Overdue below the floor")


class Tone(Code):
    """How the talk is held: early stages serve, later stages insist (S25)."""

    SERVICE = (0, "服务", "Service")
    FIRM = (1, "坚定", "Firm")
    FORMAL = (2, "正式", "Formal")


class Aim(Code):
    """What one contact is for (S32)."""

    REACH = (0, "联系到本人", "Reach the right person")
    CONFIRM_IDENTITY = (1, "核实身份", "Confirm identity")
    TELL = (2, "告知欠款", "Tell what is owed")
    LEARN_CAUSE = (3, "了解逾期原因", "Learn the cause")
    WIN_PROMISE = (4, "取得还款承诺", "Win a promise")
    CONFIRM_PROMISE = (5, "确认承诺", "Confirm the promise")
    BUILD_PLAN = (6, "制定还款方案", "Build a plan")
    SETTLE_DISPUTE = (7, "核查异议", "Settle the dispute")
    RESTORE_CONTACT = (8, "恢复联系", "Restore contact")
    CHECK_PAYMENT = (9, "核查到账", "Find the payment")
    HAND_OVER = (10, "转交专人", "Hand over")
    REST = (11, "暂不联系", "Let rest")
    LEARN_MEANS = (12, "了解收支", "Learn income and outgoings")
    DELIVER_NOTICE = (13, "送达通知", "Deliver a notice")
    KEEP_OUR_WORD = (14, "兑现我方承诺", "Keep our own word")


class PayBy(Code):
    """How a promise is to be paid."""

    APP = (0, "官方应用", "Lender's app")
    TRANSFER = (1, "转账至还款账户", "Transfer to the repayment account")
    DEBIT = (2, "自动扣款", "Direct debit")
    COUNTER = (3, "网点", "Branch counter")
    OTHER = (4, "其他方式", "Other way")


class Told(Code):
    """Where a fact on a case comes from."""

    BORROWER = (0, "借款人所述", "Told by the borrower")
    THIRD = (1, "第三人所述", "Told by a third person")
    DOCUMENT = (2, "书面材料", "From a document")
    LENDER = (3, "机构记录", "From the lender's records")
    OBSERVED = (4, "工作人员观察", "Observed by the collector")


class Sure(Code):
    """How sure a fact is."""

    SAID = (0, "口头陈述", "Said")
    SHOWN = (1, "有材料佐证", "Supported by a document")
    CHECKED = (2, "已核实", "Checked")


class Word(Code):
    """What the lender may promise on its own side (S16)."""

    CALL_BACK = (0, "按约再联系", "Call back")
    CORRECTION = (1, "更正账务", "Correct the account")
    WAIVER = (2, "提交减免申请", "Apply for the waiver")
    DOCUMENT = (3, "提供材料", "Send a document")
    ANSWER = (4, "答复问题", "Answer a question")


class Role(Code):
    """Who a user of the desk is."""

    COLLECTOR = (0, "催收员", "Collector")
    LEAD = (1, "主管", "Team lead")
    STRATEGIST = (2, "策略", "Strategist")
    COMPLIANCE = (3, "合规", "Compliance officer")
    FINANCE = (4, "财务", "Finance")
    AGENCY = (5, "委外机构", "Agency user")
    OPERATOR = (6, "运维", "Operator")


def label(kind: type[Code], value: int, lang: Lang) -> str:
    """The word for a code that may be unknown."""
    if value == UNKNOWN:
        return "未知" if lang == "zh" else "unknown"
    return kind(value).label(lang)
