"""The models of the API. Written by tools/make_client.py from docs/reference/openapi.json: do not edit."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

__all__ = [
    "AcceptIn",
    "AccountOut",
    "AccountOutPage",
    "AffordOut",
    "BatchPart",
    "BookIn",
    "BookOut",
    "BookOutPage",
    "BookedOut",
    "Both",
    "CancelIn",
    "CaseOffers",
    "CaseOut",
    "CaseOutPage",
    "CertificateOut",
    "CertificateOutPage",
    "ComponentOut",
    "ContactOut",
    "ContactOutPage",
    "CustomerOut",
    "DebtOffers",
    "DecidedPart",
    "DecisionLine",
    "DecisionLinePage",
    "DecisionOut",
    "DesignatedIn",
    "DialLineOut",
    "EventOut",
    "EventPage",
    "FoundSpan",
    "GuardPart",
    "GuardVerdict",
    "IncomeIn",
    "InstalmentOut",
    "LetterOut",
    "LetterOutPage",
    "LineOut",
    "ListIn",
    "ListOut",
    "MeansIn",
    "MeansOut",
    "MessageOut",
    "MessageOutPage",
    "Missing",
    "Money",
    "MovedOut",
    "NotOfferedOut",
    "OfferAnswer",
    "OfferOut",
    "OutcomeCode",
    "OutcomeCodes",
    "OutcomeIn",
    "OwedOut",
    "PaymentIn",
    "PaymentOut",
    "PaymentOutPage",
    "PlaceIn",
    "PlacementOut",
    "PlacementOutPage",
    "PlanLine",
    "PlanLinePage",
    "PlanOut",
    "PossibleList",
    "PossibleOut",
    "PromiseIn",
    "PromiseOut",
    "PromiseOutPage",
    "ProposeIn",
    "RecallIn",
    "RecordedOut",
    "ReferralOut",
    "ReserveIn",
    "ReservedOut",
    "ResultIn",
    "ResultOut",
    "ReversalIn",
    "RuleOut",
    "SpokenRule",
    "StatementOut",
    "StepOut",
    "WhyNotOut",
    "WordIn",
    "WordingFinding",
]


@dataclass(frozen=True, kw_only=True)
class AcceptIn:
    """The record of the borrower's consent."""

    how: Literal["RECORDED_CALL", "SIGNED", "PORTAL", "IN_WRITING"]
    words: str


@dataclass(frozen=True, kw_only=True)
class AccountOut:
    """A debt on the book."""

    id: int
    number_masked: str
    customer: str
    product: Literal["CARD", "CONSUMER", "BUSINESS", "MORTGAGE", "AUTO", "OTHER"]
    opened_on: date | None
    formed_on: date | None
    oldest_unpaid_due: date | None
    lender_balance: Money
    lender_as_of: date
    annual_ppm: int | None
    plan_status: Literal["NONE", "PERFORMING", "BREACHED"] | None
    components_known: bool


@dataclass(frozen=True, kw_only=True)
class AffordOut:
    """What can be afforded a month; minor units, -1 where it is not known."""

    income: int
    living: int
    protected: int
    debts: int
    left: int
    evidenced_ppm: int
    minimum: str
    minimum_amount: int
    minimum_source: Any
    needs: list[WhyNotOut]


@dataclass(frozen=True, kw_only=True)
class BatchPart:
    """What was read, loaded and rejected."""

    id: int
    rows_read: int
    rows_loaded: int
    rows_rejected: int
    control: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class BookIn:
    """How the file is to be read."""

    kind: Literal["book", "people", "schedule", "payments"]
    mapping: str
    as_of: date | None = None
    expect_rows: int | None = None
    expect_total: int | None = None


@dataclass(frozen=True, kw_only=True)
class BookOut:
    """A file that was sent and what became of it."""

    id: int
    kind: Literal["book", "people", "schedule", "payments"]
    mapping: str
    file: str
    size: int
    sha256: str
    as_of: date | None
    state: Literal["WAITING", "RUNNING", "LOADED", "FAILED"]
    fault: Both | None
    batch: BatchPart | None
    sent_by: str
    sent_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class BookedOut:
    """One part of a payment that was booked to a debt."""

    account: int
    number_masked: str
    amount: Money
    how: str
    score: int


@dataclass(frozen=True, kw_only=True)
class Both:
    """A sentence in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, kw_only=True)
class CancelIn:
    """Why the proposal is taken back."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class CaseOffers:
    """The choice sets of a case's debts, for the role of the key's user."""

    items: list[DebtOffers]


@dataclass(frozen=True, kw_only=True)
class CaseOut:
    """A case as it stands."""

    id: int
    customer: CustomerOut
    status: str
    stage: str
    dpd: int
    oldest_due: date | None
    balance: Money
    overdue_accounts: int
    action: Literal["CONTACT", "WAIT", "REST", "STOP", "REPAIR"] | None
    aim: (
        Literal[
            "REACH",
            "CONFIRM_IDENTITY",
            "TELL",
            "LEARN_CAUSE",
            "WIN_PROMISE",
            "CONFIRM_PROMISE",
            "BUILD_PLAN",
            "SETTLE_DISPUTE",
            "RESTORE_CONTACT",
            "CHECK_PAYMENT",
            "HAND_OVER",
            "REST",
            "LEARN_MEANS",
            "DELIVER_NOTICE",
            "KEEP_OUR_WORD",
        ]
        | None
    )
    channel: Literal["CALL", "SMS", "EMAIL", "IM", "APP", "LETTER", "VISIT"] | None
    reason: Both | None
    not_before: datetime | None
    review_on: date | None
    owner: str | None
    placed_with: str | None
    opened_on: date
    closed_on: date | None
    close_reason: str
    as_of: date | None
    decision: int | None


@dataclass(frozen=True, kw_only=True)
class CertificateOut:
    """A certificate that a debt is settled (结清证明)."""

    id: int
    account: int
    number_masked: str
    case: int | None
    code: str
    settled_on: date
    paid: Money
    waived: Money
    issued_at: datetime | None
    void_on: date | None


@dataclass(frozen=True, kw_only=True)
class ComponentOut:
    """One part of what is owed."""

    component: Literal["PRINCIPAL", "INTEREST", "PENALTY", "FEES", "COSTS"]
    amount: Money


@dataclass(frozen=True, kw_only=True)
class ContactOut:
    """One try to reach somebody."""

    id: int
    case: int
    state: Literal["RESERVED", "CONFIRMED", "RELEASED", "LAPSED"]
    channel: Literal["CALL", "SMS", "EMAIL", "IM", "APP", "LETTER", "VISIT"]
    mode: Literal["NOTIFY", "TALK"] | None
    party: Literal[
        "BORROWER",
        "CO_BORROWER",
        "GUARANTOR",
        "SPOUSE",
        "HEIR",
        "CONTACT",
        "EMPLOYER",
        "ATTORNEY",
        "REPRESENTATIVE",
        "OTHER",
    ]
    purpose: Literal["COLLECT", "RESTORE_CONTACT", "REACH_SUCCESSOR", "REMIND", "SERVICE", "NOTICE"]
    direction: Literal["OUT", "IN"]
    point: int | None
    point_masked: str
    operator: str | None
    at: datetime
    expires_at: datetime | None
    outcome: str
    decision: int
    name: str | None = None
    number: str | None = None


@dataclass(frozen=True, kw_only=True)
class CustomerOut:
    """Who it is about; never more than a list on the desk shows."""

    ref: str
    name_masked: str
    zone: str | None


@dataclass(frozen=True, kw_only=True)
class DebtOffers:
    """The choice set of one debt."""

    account: int
    number_masked: str
    product: Literal["CARD", "CONSUMER", "BUSINESS", "MORTGAGE", "AUTO", "OTHER"]
    owed: Money
    dpd: int
    offers: list[OfferOut]
    not_offered: list[NotOfferedOut]
    why: list[WhyNotOut]


@dataclass(frozen=True, kw_only=True)
class DecidedPart:
    """What was decided among what is lawful."""

    action: Literal["CONTACT", "WAIT", "REST", "STOP", "REPAIR"] | None
    aim: (
        Literal[
            "REACH",
            "CONFIRM_IDENTITY",
            "TELL",
            "LEARN_CAUSE",
            "WIN_PROMISE",
            "CONFIRM_PROMISE",
            "BUILD_PLAN",
            "SETTLE_DISPUTE",
            "RESTORE_CONTACT",
            "CHECK_PAYMENT",
            "HAND_OVER",
            "REST",
            "LEARN_MEANS",
            "DELIVER_NOTICE",
            "KEEP_OUR_WORD",
        ]
        | None
    )
    reason: Both | None
    not_before: datetime | None
    strategy_revision: str
    value: dict[str, Any]
    actor: str


@dataclass(frozen=True, kw_only=True)
class DecisionLine:
    """One decision in a list."""

    id: int
    case: int
    kind: Literal["night", "contact", "outcome", "track", "plan"]
    at: datetime
    allowed: bool
    action: Literal["CONTACT", "WAIT", "REST", "STOP", "REPAIR"] | None


@dataclass(frozen=True, kw_only=True)
class DecisionOut:
    """One decision explained: facts → guard → decision."""

    id: int
    case: int
    kind: Literal["night", "contact", "outcome", "track", "plan"]
    at: datetime
    facts: dict[str, Any]
    guard: GuardPart
    decision: DecidedPart


@dataclass(frozen=True, kw_only=True)
class DesignatedIn:
    """What one debt is to get, as the payer said."""

    account_no: str
    amount: int


@dataclass(frozen=True, kw_only=True)
class DialLineOut:
    """One number to be dialled once, within its window."""

    line: int
    case: int
    number: str
    window_from: datetime
    window_until: datetime
    owner: str
    mode: Literal["NOTIFY", "TALK"]
    announce: str


@dataclass(frozen=True, kw_only=True)
class EventOut:
    """One event, as webhooks carry it: references and figures, nothing personal."""

    id: str
    type: str
    timestamp: str
    subject: str
    subject_id: int
    case: int | None
    data: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class EventPage:
    """Some events, in the order in which they happened."""

    items: list[EventOut]
    next: str


@dataclass(frozen=True, kw_only=True)
class FoundSpan:
    """A place in the words."""

    turn: int | None = None
    start: int
    end: int
    code: str
    verdict: Literal["pass", "review", "block"]
    text: str
    why: str


@dataclass(frozen=True, kw_only=True)
class GuardPart:
    """What the law said."""

    allowed: bool
    pack: str
    pack_revision: str
    reasons: list[RuleOut]
    next_lawful: datetime | None


@dataclass(frozen=True, kw_only=True)
class GuardVerdict:
    """The guard's answer, as `fairdue guard check --json` writes it."""

    id: Any = None
    allowed: bool
    rules: list[str]
    articles: list[Both]
    next_lawful: str | None
    missing: list[str]
    reasons: list[SpokenRule]
    advice: list[SpokenRule]
    ignored: list[str]
    on: date
    pack: str
    revision: str


@dataclass(frozen=True, kw_only=True)
class IncomeIn:
    """One line of income."""

    amount: int
    evidenced: bool = False


@dataclass(frozen=True, kw_only=True)
class InstalmentOut:
    """One payment of a schedule; minor units."""

    on: date
    amount: int
    interest: int


@dataclass(frozen=True, kw_only=True)
class LetterOut:
    """One letter with its life."""

    id: int
    case: int
    number: str
    kind: str
    language: str
    as_of: date
    state: str
    written_at: datetime | None
    pages: int
    sha256: str
    post_number: str
    steps: list[StepOut]


@dataclass(frozen=True, kw_only=True)
class LineOut:
    """One line of the ledger: positive raises what is owed."""

    on: date
    number_masked: str
    kind: Literal["OPENING", "ACCRUAL", "FEE", "COST", "PAYMENT", "WAIVER", "LENDER_UPDATE", "REVERSAL", "WRITE_OFF"]
    component: Literal["PRINCIPAL", "INTEREST", "PENALTY", "FEES", "COSTS"]
    amount: Money
    balance: Money
    ref: str


@dataclass(frozen=True, kw_only=True)
class ListIn:
    """Which list is wanted."""

    name: str
    limit: int = 100
    robot: bool = False


@dataclass(frozen=True, kw_only=True)
class ListOut:
    """The lines that may be dialled now; each has its place in the attempt ledger until its window ends."""

    lines: list[DialLineOut]
    refused: int


@dataclass(frozen=True, kw_only=True)
class MeansIn:
    """What a person said of income and outgoings; a line that was not said is unknown, not zero."""

    income: dict[str, IncomeIn] = field(default_factory=dict)
    outgoings: dict[str, int] = field(default_factory=dict)
    place: str = ""
    adults: int = 1
    children: int = 0
    hardship: Literal["NONE", "JOB_LOSS", "ILLNESS", "INCOME_FELL", "DISASTER", "OVER_INDEBTED", "OTHER"] = "NONE"
    pay_day: int = 0
    lump: int | None = None
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class MeansOut:
    """They were kept; the offers follow from them."""

    id: int
    case: int
    on: date


@dataclass(frozen=True, kw_only=True)
class MessageOut:
    """One message, with its words as they were or will be sent."""

    id: int
    case: int
    channel: Literal["CALL", "SMS", "EMAIL", "IM", "APP", "LETTER", "VISIT"]
    party: Literal[
        "BORROWER",
        "CO_BORROWER",
        "GUARANTOR",
        "SPOUSE",
        "HEIR",
        "CONTACT",
        "EMPLOYER",
        "ATTORNEY",
        "REPRESENTATIVE",
        "OTHER",
    ]
    purpose: Literal["COLLECT", "RESTORE_CONTACT", "REACH_SUCCESSOR", "REMIND", "SERVICE", "NOTICE"]
    point: int | None
    point_masked: str
    frame: str
    language: str
    text: str | None
    state: Literal[
        "HELD", "QUEUED", "LEAVING", "LEFT", "DELIVERED", "READ", "FAILED", "UNKNOWN", "STOPPED", "CANCELLED", "EXPIRED"
    ]
    why: str
    queued_at: datetime | None
    left_at: datetime | None
    delivered_at: datetime | None
    read_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Missing:
    """A fact the rule needs and the situation does not tell."""

    zh: str
    en: str
    path: str


@dataclass(frozen=True, kw_only=True)
class Money:
    """An amount in whole minor units of a currency: 12345 with exponent 2 is 123.45."""

    minor: int
    currency: str
    exponent: int


@dataclass(frozen=True, kw_only=True)
class MovedOut:
    """What changed hands."""

    cases: list[int]


@dataclass(frozen=True, kw_only=True)
class NotOfferedOut:
    """One way out that is not offered, and why."""

    code: str
    kind: Literal["INSTALMENTS", "RELIEF", "DEFERRAL", "SETTLEMENT", "WRITE_DOWN"]
    months: int
    why: list[WhyNotOut]


@dataclass(frozen=True, kw_only=True)
class OfferAnswer:
    """The choice set of a situation, as `fairdue offers --json` writes it."""

    id: Any = None
    afford: AffordOut
    offers: list[OfferOut]
    not_offered: list[NotOfferedOut]
    why: list[WhyNotOut]
    referrals: list[ReferralOut]
    revision: str


@dataclass(frozen=True, kw_only=True)
class OfferOut:
    """One way out that is offered; amounts in minor units, rates in parts per million."""

    code: str
    title: Both
    kind: Literal["INSTALMENTS", "RELIEF", "DEFERRAL", "SETTLEMENT", "WRITE_DOWN"]
    months: int
    payments: list[InstalmentOut]
    total: int
    interest: int
    annual_ppm: int
    eac_ppm: int
    waived: dict[str, int]
    waived_at_end: bool
    pv: int
    expected: int
    risk_ppm: int
    risk_is: Literal["judgement"]
    share_ppm: int
    review_on: date | None
    approvers: list[Literal["COLLECTOR", "LEAD", "STRATEGIST", "COMPLIANCE", "FINANCE", "AGENCY", "OPERATOR"]]
    counts: bool
    order: list[Literal["PRINCIPAL", "INTEREST", "PENALTY", "FEES", "COSTS"]]


@dataclass(frozen=True, kw_only=True)
class OutcomeCode:
    """One code a contact may come to."""

    code: str
    label: Both
    channels: list[Literal["CALL", "SMS", "EMAIL", "IM", "APP", "LETTER", "VISIT"]]
    needs: str | None


@dataclass(frozen=True, kw_only=True)
class OutcomeCodes:
    """All of them."""

    items: list[OutcomeCode]


@dataclass(frozen=True, kw_only=True)
class OutcomeIn:
    """What came of a contact; codes are at /outcomes."""

    outcome: str
    note: str = ""
    promise: PromiseIn | None = None
    call_back_on: date | None = None
    facts: dict[str, str] = field(default_factory=dict)
    told_by: Literal["BORROWER", "THIRD", "DOCUMENT", "LENDER", "OBSERVED"] = "BORROWER"
    sure: Literal["SAID", "SHOWN", "CHECKED"] = "SAID"
    own_promise: WordIn | None = None


@dataclass(frozen=True, kw_only=True)
class OwedOut:
    """What is owed on one account."""

    account: int
    number_masked: str
    components: list[ComponentOut]
    total: Money


@dataclass(frozen=True, kw_only=True)
class AccountOutPage:
    """A page of AccountOut."""

    items: list[AccountOut]
    next: str | None


@dataclass(frozen=True, kw_only=True)
class BookOutPage:
    """A page of BookOut."""

    items: list[BookOut]
    next: str | None


@dataclass(frozen=True, kw_only=True)
class CaseOutPage:
    """A page of CaseOut."""

    items: list[CaseOut]
    next: str | None


@dataclass(frozen=True, kw_only=True)
class CertificateOutPage:
    """A page of CertificateOut."""

    items: list[CertificateOut]
    next: str | None


@dataclass(frozen=True, kw_only=True)
class ContactOutPage:
    """A page of ContactOut."""

    items: list[ContactOut]
    next: str | None


@dataclass(frozen=True, kw_only=True)
class DecisionLinePage:
    """A page of DecisionLine."""

    items: list[DecisionLine]
    next: str | None


@dataclass(frozen=True, kw_only=True)
class LetterOutPage:
    """A page of LetterOut."""

    items: list[LetterOut]
    next: str | None


@dataclass(frozen=True, kw_only=True)
class MessageOutPage:
    """A page of MessageOut."""

    items: list[MessageOut]
    next: str | None


@dataclass(frozen=True, kw_only=True)
class PaymentOutPage:
    """A page of PaymentOut."""

    items: list[PaymentOut]
    next: str | None


@dataclass(frozen=True, kw_only=True)
class PlacementOutPage:
    """A page of PlacementOut."""

    items: list[PlacementOut]
    next: str | None


@dataclass(frozen=True, kw_only=True)
class PlanLinePage:
    """A page of PlanLine."""

    items: list[PlanLine]
    next: str | None


@dataclass(frozen=True, kw_only=True)
class PromiseOutPage:
    """A page of PromiseOut."""

    items: list[PromiseOut]
    next: str | None


@dataclass(frozen=True, kw_only=True)
class PaymentIn:
    """Money that came in."""

    reference: str
    amount: int
    currency: str
    paid_on: date
    payer: str = ""
    payer_account: str = ""
    virtual_account: str = ""
    text: str = ""
    designated: list[DesignatedIn] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class PaymentOut:
    """Money that came in, or (negative) was taken back, and where it was booked."""

    id: int
    source: str
    reference: str
    paid_on: date
    amount: Money
    payer_masked: str
    booked: list[BookedOut]
    waiting: Money | None
    reverses: int | None
    reason: str
    known_at: datetime


@dataclass(frozen=True, kw_only=True)
class PlaceIn:
    """Cases for an agency."""

    agency: str
    cases: list[int]
    told_on: date | None = None
    reason: str


@dataclass(frozen=True, kw_only=True)
class PlacementOut:
    """A case that is with an agency."""

    case: int
    agency: str
    customer: str
    borrower_told_on: date | None
    stage: str
    dpd: int
    balance: Money
    opened_on: date
    closed_on: date | None


@dataclass(frozen=True, kw_only=True)
class PlanLine:
    """One plan in a list."""

    id: int
    case: int
    account: int
    code: str
    kind: Literal["INSTALMENTS", "RELIEF", "DEFERRAL", "SETTLEMENT", "WRITE_DOWN"]
    months: int
    state: Literal[
        "PROPOSED",
        "AWAITING",
        "APPROVED",
        "REJECTED",
        "CANCELLED",
        "PERFORMING",
        "MISSED",
        "BROKEN",
        "COMPLETED",
        "SUPERSEDED",
    ]
    total: Money
    paid: Money
    proposed_on: date
    accepted_on: date | None
    ended_on: date | None


@dataclass(frozen=True, kw_only=True)
class PlanOut:
    """One plan with its figures and schedule."""

    id: int
    case: int
    account: int
    code: str
    kind: Literal["INSTALMENTS", "RELIEF", "DEFERRAL", "SETTLEMENT", "WRITE_DOWN"]
    months: int
    state: Literal[
        "PROPOSED",
        "AWAITING",
        "APPROVED",
        "REJECTED",
        "CANCELLED",
        "PERFORMING",
        "MISSED",
        "BROKEN",
        "COMPLETED",
        "SUPERSEDED",
    ]
    total: Money
    paid: Money
    proposed_on: date
    accepted_on: date | None
    ended_on: date | None
    title: Both
    balances: list[ComponentOut]
    waived: list[ComponentOut]
    waived_at_end: bool
    interest: Money
    annual_ppm: int
    eac_ppm: int
    risk_ppm: int
    review_on: date | None
    approvers: list[Literal["COLLECTOR", "LEAD", "STRATEGIST", "COMPLIANCE", "FINANCE", "AGENCY", "OPERATOR"]]
    counts: bool
    payments: list[InstalmentOut]
    consent: Literal["RECORDED_CALL", "SIGNED", "PORTAL", "IN_WRITING"] | None
    accepted_at: datetime | None
    agreement_sha256: str


@dataclass(frozen=True, kw_only=True)
class PossibleList:
    """What could be done about a case, in the order in which it is worth trying."""

    items: list[PossibleOut]


@dataclass(frozen=True, kw_only=True)
class PossibleOut:
    """A contact that could be made, and whether it may be made now."""

    channel: Literal["CALL", "SMS", "EMAIL", "IM", "APP", "LETTER", "VISIT"]
    mode: Literal["NOTIFY", "TALK"] | None
    party: Literal[
        "BORROWER",
        "CO_BORROWER",
        "GUARANTOR",
        "SPOUSE",
        "HEIR",
        "CONTACT",
        "EMPLOYER",
        "ATTORNEY",
        "REPRESENTATIVE",
        "OTHER",
    ]
    purpose: Literal["COLLECT", "RESTORE_CONTACT", "REACH_SUCCESSOR", "REMIND", "SERVICE", "NOTICE"]
    point: int | None
    point_masked: str
    point_status: Literal["GOOD", "COOLING", "INVALID", "WRONG", "BLOCKED"] | None
    allowed: bool
    reasons: list[RuleOut]
    next_lawful: datetime | None


@dataclass(frozen=True, kw_only=True)
class PromiseIn:
    """What was promised."""

    amount: int
    on: date
    pay_by: Literal["APP", "TRANSFER", "DEBIT", "COUNTER", "OTHER"] | None = None
    remind: bool = False
    besides: bool = False


@dataclass(frozen=True, kw_only=True)
class PromiseOut:
    """A promise to pay. Whether it was kept is judged by the system from payments, never by hand."""

    id: int
    case: int
    contact: int | None
    made_on: date
    amount: Money
    due_on: date
    pay_by: Literal["APP", "TRANSFER", "DEBIT", "COUNTER", "OTHER"] | None
    remind: bool
    grace_days: int
    status: Literal["OPEN", "KEPT", "PARTLY_KEPT", "BROKEN", "SUPERSEDED"]
    paid: Money
    judged_on: date | None
    superseded_by: int | None


@dataclass(frozen=True, kw_only=True)
class ProposeIn:
    """One of the options that are offered."""

    account: int
    code: str
    months: int
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class RecallIn:
    """Cases to be taken back."""

    cases: list[int]
    reason: str


@dataclass(frozen=True, kw_only=True)
class RecordedOut:
    """What follows from the outcome."""

    case: int
    next_aim: (
        Literal[
            "REACH",
            "CONFIRM_IDENTITY",
            "TELL",
            "LEARN_CAUSE",
            "WIN_PROMISE",
            "CONFIRM_PROMISE",
            "BUILD_PLAN",
            "SETTLE_DISPUTE",
            "RESTORE_CONTACT",
            "CHECK_PAYMENT",
            "HAND_OVER",
            "REST",
            "LEARN_MEANS",
            "DELIVER_NOTICE",
            "KEEP_OUR_WORD",
        ]
        | None
    )
    reason: Both | None
    not_before: datetime | None


@dataclass(frozen=True, kw_only=True)
class ReferralOut:
    """Where somebody may find help."""

    title: Both
    text: Both


@dataclass(frozen=True, kw_only=True)
class ReserveIn:
    """A contact somebody wants to make now."""

    channel: Literal["CALL", "SMS", "EMAIL", "IM", "APP", "LETTER", "VISIT"]
    point: int | None = None
    mode: Literal["NOTIFY", "TALK"] = "TALK"
    party: Literal[
        "BORROWER",
        "CO_BORROWER",
        "GUARANTOR",
        "SPOUSE",
        "HEIR",
        "CONTACT",
        "EMPLOYER",
        "ATTORNEY",
        "REPRESENTATIVE",
        "OTHER",
    ] = "BORROWER"
    purpose: Literal["COLLECT", "RESTORE_CONTACT", "REACH_SUCCESSOR", "REMIND", "SERVICE", "NOTICE"] = "COLLECT"
    direction: Literal["OUT", "IN"] = "OUT"


@dataclass(frozen=True, kw_only=True)
class ReservedOut:
    """The contact may be made until it expires; name and number are at /contacts/{id} as long as it holds."""

    contact: int
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class ResultIn:
    """What came of a line."""

    at: datetime
    outcome: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class ResultOut:
    """What became of the report."""

    line: int
    outside: bool
    again: bool


@dataclass(frozen=True, kw_only=True)
class ReversalIn:
    """The bank took the money back."""

    on: date
    reason: str
    reference: str = ""


@dataclass(frozen=True, kw_only=True)
class RuleOut:
    """One rule's part in a verdict."""

    rule: str
    status: Literal["REFUSED", "UNKNOWN", "ADVISED"]
    title: Both
    instrument: Both
    article: Both
    link: str
    confidence: str
    remedy: Both
    missing: list[Both]


@dataclass(frozen=True, kw_only=True)
class SpokenRule:
    """One rule that speaks."""

    rule: str
    status: Literal["REFUSED", "UNKNOWN", "ADVISED"]
    title: Both
    sentence: Both
    article: Both
    link: str
    confidence: str
    confidence_label: Both
    missing: list[Missing]
    remedy: Both


@dataclass(frozen=True, kw_only=True)
class StatementOut:
    """What is owed at the end of a day, and every line that led there."""

    on: date
    total: Money
    accounts: list[OwedOut]
    lines: list[LineOut]


@dataclass(frozen=True, kw_only=True)
class StepOut:
    """One thing that happened to a letter."""

    step: str
    on: date
    note: str


@dataclass(frozen=True, kw_only=True)
class WhyNotOut:
    """Why something is not offered."""

    zh: str
    en: str
    reason: str
    rule: str
    fields: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class WordIn:
    """What we promised."""

    kind: Literal["CALL_BACK", "CORRECTION", "WAIVER", "DOCUMENT", "ANSWER"]
    on: date
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class WordingFinding:
    """What was found, as `fairdue wording check --json` writes it."""

    id: Any = None
    verdict: Literal["pass", "review", "block"]
    codes: list[str]
    spans: list[FoundSpan]
    articles: list[str]
    better: str | None
