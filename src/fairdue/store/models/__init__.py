"""Every table, one module per subject. Writes go through `store.actions`, reads through `store.access`."""

from fairdue.store.models.api import ApiBucket, ApiKey, ApiRequest, BookUpload, Caller, WebhookEndpoint, WebhookMessage
from fairdue.store.models.audit import AuditHead, AuditRow
from fairdue.store.models.audits import ContactAudit
from fairdue.store.models.book import (
    Account,
    AccountMonth,
    AccountPause,
    Batch,
    Instalment,
    LenderCheck,
    Posting,
)
from fairdue.store.models.casework import Attempt, Case, Decision, Promise, StageChange, Stop
from fairdue.store.models.court import (
    FilingBatch,
    Hearing,
    Proceeding,
    ProceedingCost,
    ProceedingDeadline,
    ProceedingStep,
)
from fairdue.store.models.files import KeptFile
from fairdue.store.models.legal import LapseDecision, LegalClock, LegalEvent
from fairdue.store.models.letters import Letter, LetterBatch, LetterEvent, Letterhead, LetterVolume, MailFile
from fairdue.store.models.night import DemoClock, NightPart, NightRun, WorkItem
from fairdue.store.models.outbox import Message, MessageEvent, OptOut, Pace, Reply
from fairdue.store.models.parties import Link, LinkEvidence, Organisation, Person, Point
from fairdue.store.models.payments import (
    BankStatement,
    Candidate,
    Certificate,
    Control,
    ControlDifference,
    KnownPayer,
    PaymentAsk,
    PaymentKnown,
    PaymentLine,
    PaymentMatch,
    Suspense,
    VirtualAccount,
)
from fairdue.store.models.plans import Approval, Means, Plan, PlanEvent, PlanPayment
from fairdue.store.models.proof import PackRevision, Replay, ReplayDifference
from fairdue.store.models.quality import Habit, Recording, Reminder, Review, Sample, Score, SelfCureTrial
from fairdue.store.models.site import Invitation, OurNumber, SiteTry, Transfer, Wish
from fairdue.store.models.talk import CaseFact, OwnPromise, TalkStep
from fairdue.store.models.tasks import Task
from fairdue.store.models.tracks import Complaint, Track, TrackEvent, TrackEvidence
from fairdue.store.models.users import Team, User

__all__ = [
    "Account",
    "AccountMonth",
    "AccountPause",
    "ApiBucket",
    "ApiKey",
    "ApiRequest",
    "Approval",
    "Attempt",
    "AuditHead",
    "AuditRow",
    "BankStatement",
    "Batch",
    "BookUpload",
    "Caller",
    "Candidate",
    "Case",
    "CaseFact",
    "Certificate",
    "Complaint",
    "ContactAudit",
    "Control",
    "ControlDifference",
    "Decision",
    "DemoClock",
    "FilingBatch",
    "Habit",
    "Hearing",
    "Instalment",
    "Invitation",
    "KeptFile",
    "KnownPayer",
    "LapseDecision",
    "LegalClock",
    "LegalEvent",
    "LenderCheck",
    "Letter",
    "LetterBatch",
    "LetterEvent",
    "LetterVolume",
    "Letterhead",
    "Link",
    "LinkEvidence",
    "MailFile",
    "Means",
    "Message",
    "MessageEvent",
    "NightPart",
    "NightRun",
    "OptOut",
    "Organisation",
    "OurNumber",
    "OwnPromise",
    "Pace",
    "PackRevision",
    "PaymentAsk",
    "PaymentKnown",
    "PaymentLine",
    "PaymentMatch",
    "Person",
    "Plan",
    "PlanEvent",
    "PlanPayment",
    "Point",
    "Posting",
    "Proceeding",
    "ProceedingCost",
    "ProceedingDeadline",
    "ProceedingStep",
    "Promise",
    "Recording",
    "Reminder",
    "Replay",
    "ReplayDifference",
    "Reply",
    "Review",
    "Sample",
    "Score",
    "SelfCureTrial",
    "SiteTry",
    "StageChange",
    "Stop",
    "Suspense",
    "TalkStep",
    "Task",
    "Team",
    "Track",
    "TrackEvent",
    "TrackEvidence",
    "Transfer",
    "User",
    "VirtualAccount",
    "WebhookEndpoint",
    "WebhookMessage",
    "Wish",
    "WorkItem",
]
