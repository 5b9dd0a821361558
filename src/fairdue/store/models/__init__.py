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
from fairdue.store.models.files import KeptFile
from fairdue.store.models.floor import (
    Absence,
    CaseOrder,
    CaseQueue,
    QueuePlace,
    Shift,
    SkillNeed,
    StaffSkill,
)
from fairdue.store.models.night import DemoClock, NightPart, NightRun, WorkItem
from fairdue.store.models.parties import Link, Organisation, Person, Point
from fairdue.store.models.plans import Approval, Means, Plan, PlanEvent, PlanPayment
from fairdue.store.models.proof import PackRevision, Replay, ReplayDifference
from fairdue.store.models.talk import CaseFact, OwnPromise, TalkStep
from fairdue.store.models.tasks import Task
from fairdue.store.models.tracks import Complaint, Track, TrackEvent, TrackEvidence
from fairdue.store.models.users import Team, User

__all__ = [
    "Absence",
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
    "Batch",
    "BookUpload",
    "Caller",
    "Case",
    "CaseFact",
    "CaseOrder",
    "CaseQueue",
    "Complaint",
    "ContactAudit",
    "Decision",
    "DemoClock",
    "Instalment",
    "KeptFile",
    "LenderCheck",
    "Link",
    "Means",
    "NightPart",
    "NightRun",
    "Organisation",
    "OwnPromise",
    "PackRevision",
    "Person",
    "Plan",
    "PlanEvent",
    "PlanPayment",
    "Point",
    "Posting",
    "Promise",
    "QueuePlace",
    "Replay",
    "ReplayDifference",
    "Shift",
    "SkillNeed",
    "StaffSkill",
    "StageChange",
    "Stop",
    "TalkStep",
    "Task",
    "Team",
    "Track",
    "TrackEvent",
    "TrackEvidence",
    "User",
    "WebhookEndpoint",
    "WebhookMessage",
    "WorkItem",
]
