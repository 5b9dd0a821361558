"""What a file becomes: the columns every book, person, schedule, payment and contact has, whatever the sender called them."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from fairdue.core.codes import Code, Party, PointSource, PointStatus, Product
from fairdue.core.dates import DayCount
from fairdue.core.guard_facts import FACTS, Fact, Form, YesNo
from fairdue.core.guard_history import PAST

INT64 = (-(2**63), 2**63 - 1)
MONTHS = range(1, 7)

# Our own columns in a chunk, beside those of the file: the row as a person sees it, how many fields it has, and what
# stands behind the last column. A file's columns with such names (a mended file of rejected rows) are not read.
OWN = "fairdue_"
ROW, FIELDS, EXTRA = "fairdue_row", "fairdue_fields", "fairdue_extra"

_GOOD, _BORROWER = int(PointStatus.GOOD), int(Party.BORROWER)
FOUND = ""  # the parser of a column that no mapping fills: it follows from others


class IdType(Code):
    """What document an identity number is of. Kept as its name: it is shown, never counted."""

    RESIDENT_ID = (0, "身份证", "Resident identity card")
    PASSPORT = (1, "护照", "Passport")
    HK_MACAO_PERMIT = (2, "港澳居民来往内地通行证", "Travel permit, Hong Kong and Macao")
    TAIWAN_PERMIT = (3, "台湾居民来往大陆通行证", "Travel permit, Taiwan")
    FOREIGNER_ID = (4, "外国人永久居留身份证", "Foreigner's permanent residence card")
    MILITARY = (5, "军官证", "Military identity card")
    OTHER = (6, "其他证件", "Other document")


@dataclass(frozen=True)
class Column:
    """One canonical column: how it is read unless the mapping says otherwise, how it is kept, what it means.

    `absent` is kept where the file says nothing (None: null). `personal` values are never repeated in a sentence.
    """

    name: str
    parser: str
    dtype: type[pl.DataType]
    zh: str
    en: str
    required: bool = False
    absent: int | str | bool | None = None
    codes: type[Code] | None = None
    low: int = INT64[0]
    high: int = INT64[1]
    length: int = 80
    personal: bool = False


def _money(name: str, zh: str, en: str, *, required: bool = False, low: int = INT64[0]) -> Column:
    return Column(name, "amount", pl.Int64, zh, en, required=required, low=low)


def _code(name: str, codes: type[Code], zh: str, en: str, absent: int = -1, *, required: bool = False) -> Column:
    return Column(name, "code", pl.Int8, zh, en, required=required, absent=absent, codes=codes)


def _past(prefix: str, parser: str, dtype: type[pl.DataType], zh: str, en: str, low: int, high: int) -> list[Column]:
    """Six months of history: 1 is the month of the book's date."""
    return [
        Column(f"{prefix}_{n}", parser, dtype, f"近第 {n} 个月{zh}", f"Month {n} back: {en}", low=low, high=high)
        for n in MONTHS
    ]


_PERSON = (
    Column("name", "text", pl.String, "姓名", "Name", personal=True),
    Column("id_type", "id_type", pl.String, "证件类型", "Kind of identity document", codes=IdType),
    Column("id_no", "id_no", pl.String, "证件号码", "Identity number", personal=True, length=40),
    Column("phone", "phone", pl.String, "本人电话（大陆号码为本国格式，其余以 + 开头）",
           "Phone: mainland China without prefix, any other in E.164", personal=True),
    _code("phone_source", PointSource, "号码来源", "Where the number came from"),
    Column("phone_reserved", "yes_no", pl.Boolean, "是否为预留号码", "Is it the number reserved with the lender"),
    _code("phone_status", PointStatus, "号码状态（未注明视为正常）", "Health of the number; in use unless said", _GOOD),
    Column("address", "text", pl.String, "地址", "Address", personal=True, length=200),
    Column("place", "text", pl.String, "所在城市", "Town"),
    Column("zone", "zone", pl.String, "时区（IANA 名称）", "Time zone, IANA name", length=40),
    Column("language", "language", pl.String, "语言", "Language, such as zh or en", length=12),
    Column("invented", "yes_no", pl.Boolean, "是否虚构（仅演示）", "Invented for a demo", absent=False),
)  # fmt: skip

BOOK = (
    Column("account_no", "text", pl.String, "账号", "Account number", required=True),
    Column("customer_ref", "text", pl.String, "客户号", "The lender's number of the customer", required=True),
    _code("product", Product, "产品", "Product"),
    Column("currency", "currency", pl.String, "币种", "Currency, ISO 4217"),
    Column("exponent", "int", pl.Int8, "金额小数位数", "Decimals of the currency's amounts", low=0, high=4),
    Column("as_of", "date", pl.Date, "账面日期", "The date the figures are of"),
    Column("opened_on", "date", pl.Date, "开户（放款）日", "Opened on"),
    Column("formed_on", "date", pl.Date, "债权形成日", "Day the debt was formed"),
    _money("credit_limit", "授信额度", "Credit limit", low=0),
    _money("principal", "本金", "Principal"),
    _money("interest", "利息", "Interest", low=0),
    _money("penalty", "罚息", "Penalty interest", low=0),
    _money("fees", "费用", "Fees", low=0),
    _money("costs", "实现债权的费用", "Costs of enforcement", low=0),
    _money("balance", "欠款总额", "Total owed", required=True),
    Column("components_known", FOUND, pl.Boolean, "是否分列本息费", "Whether the balance is split", absent=False),
    Column("oldest_unpaid_due", "date", pl.Date, "最早未还应还日（无逾期为空）", "Oldest unpaid due date; empty: none"),
    Column("missed_payments", "int", pl.Int16, "逾期期数", "Payments missed", low=0, high=999),
    Column("annual_ppm", "rate", pl.Int64, "年利率（百万分之一）", "Annual rate, parts per million", absent=-1, low=0),
    Column("penalty_ppm", "rate", pl.Int64, "罚息倍数（百万分之一，1.5 倍为 1500000）",
           "Penalty multiplier, parts per million: 1.5 times is 1500000", absent=-1, low=0),
    _code("day_count", DayCount, "计息基础", "Day count"),
    Column("compound", "yes_no", pl.Boolean, "是否计收复利", "Whether unpaid interest bears interest", absent=False),
    Column("allocation_order", "order", pl.String, "合同约定的冲还顺序", "Contract's order of allocation", absent=""),
    *_PERSON,
    *_past("missed", "int", pl.Int8, "逾期期数（委托方原始代码）", "lender's arrears code", -128, 127),
    *_past("billed", "amount", pl.Int64, "账单金额", "billed", *INT64),
    *_past("paid", "amount", pl.Int64, "还款金额", "paid", *INT64),
)  # fmt: skip

PEOPLE = (
    Column("customer_ref", "text", pl.String, "客户号", "The lender's number of the customer", required=True),
    _code("party", Party, "与债务的关系（默认借款人）", "Who it is to the debt; the borrower unless said", _BORROWER),
    *_PERSON,
)

SCHEDULE = (
    Column("account_no", "text", pl.String, "账号", "Account number", required=True),
    Column("due_on", "date", pl.Date, "应还日", "Due on", required=True),
    _money("amount", "应还金额", "Amount due", required=True, low=1),
)

PAYMENTS = (
    Column("account_no", "text", pl.String, "账号", "Account number", required=True),
    Column("paid_on", "date", pl.Date, "还款日", "Paid on", required=True),
    _money("amount", "还款金额", "Amount paid", required=True, low=1),
    Column("reference", "text", pl.String, "流水号", "Reference of the payment", required=True),
)

# What a log says of a contact in columns of their own; every other fact of the guard is read under its own name.
_OF_A_LOG = (
    Column("contact_id", "text", pl.String, "联系编号", "The log's own number of the contact"),
    Column("debtor", "text", pl.String, "债务人标识（次数按此累计）", "Who the debtor is: contacts are counted by it",
           required=True),
    Column("person", "text", pl.String, "被联系人标识（非债务人本人时）", "Who was contacted, where it is not the debtor"),
    Column("debt", "text", pl.String, "债务标识", "Which debt it was about"),
    Column("point", "text", pl.String, "联系方式（号码或地址，仅用于区分）",
           "Number or address, to tell one from another; it may be hashed", personal=True, length=200),
    Column("at", "moment", pl.Int64, "开始时间", "When it began", required=True),
    Column("zone", "zone", pl.String, "对方所在时区（IANA 名称）", "Time zone of the person, IANA name", length=40),
    Column("agency", "text", pl.String, "催收机构", "Agency"),
    Column("collector", "text", pl.String, "催收员", "Collector"),
    Column("answered", "yes_no", pl.Boolean, "是否接通", "Whether it was answered"),
    Column("talked", "yes_no", pl.Boolean, "是否与本人有效通话", "Whether it became an effective talk with the person"),
)  # fmt: skip
_CLOCKS = ("agreed_from", "agreed_to")


def _fact(name: str, fact: Fact) -> Column:
    if fact.values is YesNo:
        return Column(name, "yes_no", pl.Boolean, fact.zh, fact.en)
    if fact.values is not None:
        return _code(name, fact.values, fact.zh, fact.en)
    if fact.form == Form.DAY:
        return Column(name, "date", pl.Date, fact.zh, fact.en)
    return Column(name, "clock" if name in _CLOCKS else "int", pl.Int64, fact.zh, fact.en)


def _of_guard() -> dict[str, Fact]:
    """What else the guard may be told of a contact; `act` is always one, money needs a currency, which a log has not."""
    past = {name: PAST[name] for name in ("consented", "misdialled")}
    return {name: fact for name, fact in FACTS.items() if fact.form not in _NOT_IN_A_LOG and name != "act"} | past


_NOT_IN_A_LOG = (Form.ID, Form.MONEY, Form.MINUTE, Form.ZONE)
CONTACTS = (*_OF_A_LOG, *(_fact(name, fact) for name, fact in _of_guard().items()))

KINDS: dict[str, tuple[Column, ...]] = {
    "book": BOOK,
    "people": PEOPLE,
    "schedule": SCHEDULE,
    "payments": PAYMENTS,
    "contacts": CONTACTS,
}

# What may stand only once in a file.
KEYS: dict[str, tuple[str, ...]] = {
    "book": ("account_no",),
    "people": ("customer_ref", "party", "name", "phone"),
    "schedule": ("account_no", "due_on"),
    "payments": ("account_no", "reference"),
    "contacts": (),  # the audit itself looks for contacts that stand twice: over millions of rows keys are not kept
}
WITHOUT_MONEY = ("people", "contacts")

# What is added up for reconciliation.
TOTAL_OF = {"book": "balance", "schedule": "amount", "payments": "amount"}

COMPONENTS = ("principal", "interest", "penalty", "fees", "costs")

# Dates that cannot lie after the date of the book.
NOT_AFTER_BOOK = ("opened_on", "formed_on", "oldest_unpaid_due", "paid_on")


def schema(kind: str) -> dict[str, type[pl.DataType]]:
    """Columns and types of the parsed rows of a kind, `row_no` first."""
    return {"row_no": pl.Int64} | {column.name: column.dtype for column in KINDS[kind]}
