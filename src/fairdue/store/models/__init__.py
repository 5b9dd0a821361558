"""Every table, one module per subject. Writes go through `store.actions`, reads through `store.access`."""

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
from fairdue.store.models.night import DemoClock, NightPart, NightRun, WorkItem
from fairdue.store.models.parties import Link, LinkEvidence, Organisation, Person, Point
from fairdue.store.models.plans import Approval, Means, Plan, PlanEvent, PlanPayment
from fairdue.store.models.proof import PackRevision, Replay, ReplayDifference
from fairdue.store.models.talk import CaseFact, OwnPromise, TalkStep
from fairdue.store.models.tasks import Task
from fairdue.store.models.tracks import Complaint, Track, TrackEvent, TrackEvidence
from fairdue.store.models.users import Team, User

__all__ = [
    "Account",
    "AccountMonth",
    "AccountPause",
    "Approval",
    "Attempt",
    "AuditHead",
    "AuditRow",
    "Batch",
    "Case",
    "CaseFact",
    "Complaint",
    "ContactAudit",
    "Decision",
    "DemoClock",
    "Instalment",
    "KeptFile",
    "LenderCheck",
    "Link",
    "LinkEvidence",
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
    "Replay",
    "ReplayDifference",
    "StageChange",
    "Stop",
    "TalkStep",
    "Task",
    "Team",
    "Track",
    "TrackEvent",
    "TrackEvidence",
    "User",
    "WorkItem",
]
