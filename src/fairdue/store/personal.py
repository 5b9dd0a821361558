"""Which columns say something about a person: the register that erasing works through, complete by test.

Numbers, codes, dates and amounts stay: without a name, a number or a customer reference they point to nobody.
"""

from __future__ import annotations

# Model → its columns of personal text; emptied when a person is erased.
PERSONAL: dict[str, tuple[str, ...]] = {
    "Person": ("ref", "name_sealed", "name_masked", "name_index", "id_type", "id_sealed", "id_masked", "id_index", "place",
               "language"),
    "Point": ("value_sealed", "value_masked", "value_index"),
    "Account": ("account_no",),
    "AccountPause": ("reason",),
    "Attempt": ("note",),
    "Stop": ("reason",),
    "CaseOrder": ("reason", "ended_why"),
    "Means": ("place", "income", "outgoings", "words"),
    "Plan": ("reason", "consent_words"),
    "PlanEvent": ("note",),
    "Approval": ("reason", "decision_reason"),
    "CaseFact": ("value",),
    "OwnPromise": ("text", "done_text"),
    "Task": ("detail", "outcome", "evidence"),
    "Track": ("said", "asked_why", "decision"),
    "TrackEvent": ("note", "data"),
    "TrackEvidence": ("note", "file_name", "file_sealed"),
    "KeptFile": ("name", "key_sealed"),
    "Complaint": ("wants", "findings", "redress", "learned"),
}  # fmt: skip

# Text that names no person: codes, hashes, states, names of users of the desk and of organisations.
# The proof stays whole: `AuditRow.reason` and `Posting.ref` are what somebody typed, and must name nobody.
IMPERSONAL: dict[str, tuple[str, ...]] = {
    "AuditRow": ("actor", "verb", "subject", "reason", "data", "previous", "digest"),
    "AuditHead": ("digest",),
    "Organisation": ("code", "name_zh", "name_en", "zone", "currency", "pack", "policy", "strategy", "terms"),
    "Person": ("zone",),
    "Batch": ("identity", "kind", "file_name", "file_sha256", "mapping", "mapping_revision", "state", "control",
              "rejects_file"),
    "Account": ("currency", "allocation_order"),
    "Posting": ("ref",),
    "Team": ("name",),
    "User": ("password", "username", "display_name", "language"),
    "Case": ("close_reason", "status", "stage", "script"),
    "StageChange": ("stage_from", "stage_to"),
    "Decision": ("kind", "facts", "pack", "pack_revision", "strategy_revision", "verdict", "value", "history",
                 "request_key"),
    "Attempt": ("state", "outcome"),
    "Promise": ("status",),
    "Stop": ("kind",),
    "SkillNeed": ("kind", "code", "skill"),
    "StaffSkill": ("skill", "given_by"),
    "Absence": ("kind", "entered_by", "cancelled_by"),
    "CaseQueue": ("name", "stages", "products", "tracks", "skill"),
    "CaseOrder": ("kind", "state", "ended_by", "before"),
    "NightRun": ("identity", "pack", "pack_revision", "strategy_revision", "state", "summary"),
    "Plan": ("code", "balances", "waived", "order", "approvers", "terms", "revision", "text_sha256"),
    "PlanEvent": ("by",),
    "Approval": ("kind", "roles", "state"),
    "PackRevision": ("revision", "name", "law_revision", "policy_revision", "content"),
    "Replay": ("identity",),
    "ReplayDifference": ("what",),
    "CaseFact": ("name",),
    "TalkStep": ("node", "answer", "to"),
    "Task": ("kind", "about", "clock", "state", "created_by", "ended_by"),
    "Track": ("kind", "revision", "clock_zh", "clock_en", "flagged"),
    "TrackEvent": ("actor", "step"),
    "TrackEvidence": ("code", "file_sha256", "added_by"),
    "ContactAudit": ("title", "file_name", "mapping", "pack", "policy", "zone", "clock", "assume", "state", "result", "fault"),
    "KeptFile": ("kind", "media_type", "sha256", "handle", "added_by"),
    "ApiKey": ("name", "prefix", "secret_hash", "scopes", "created_by", "revoked_by"),
    "ApiRequest": ("idempotency_key", "request_sha256", "media_type", "body_sealed"),  # references; gone after 48 hours
    "BookUpload": ("actor", "kind", "mapping", "file_name", "sha256", "state", "fault"),
    "Caller": ("password", "username", "display_name", "language"),
    "WebhookEndpoint": ("url", "types", "secret_sealed", "note", "created_by", "ended_by"),
    "WebhookMessage": ("type", "body", "state", "last_fault"),
    "Complaint": ("number", "came_by", "category", "root_cause", "regulator_class", "answer_sha256"),
}  # fmt: skip
