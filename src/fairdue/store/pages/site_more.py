"""The rest of what is kept about a person, as it stands in its rows: by table, the way from the person, and the columns.

With the hand-written tables of `site_data` this is every column of the register of personal text (`store/personal.py`),
or the reason why not is written here; a test holds the three together.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.apps import apps

from fairdue.store import clock
from fairdue.store.models import Person
from fairdue.store.seal import sealer

Row = dict[str, Any]
# Table of the file → model, the way from its row to the person, its columns.
PLAIN: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "relations": ("LinkEvidence", "link__person", ("fact", "value", "note", "at")),
    "pauses": ("AccountPause", "account__customer", ("starts_on", "ends_on", "reason")),
    "virtual_accounts": ("VirtualAccount", "account__customer", ("number",)),
    "case_orders": ("CaseOrder", "case__customer", ("kind", "state", "until", "reason", "asked_on", "ended_on", "ended_why")),
    "plan_steps": ("PlanEvent", "plan__account__customer", ("at", "state_to", "note")),
    "approvals": ("Approval", "case__customer", ("kind", "state", "asked_at", "reason", "decided_at", "decision_reason")),
    "our_promises": ("OwnPromise", "case__customer", ("made_at", "text", "due_at", "done_at", "done_text")),
    "tasks": ("Task", "case__customer", ("kind", "state", "created_at", "due_on", "detail", "outcome", "evidence")),
    "steps_of_what_was_raised": ("TrackEvent", "track__case__customer", ("at", "step", "note", "data")),
    "complaints": ("Complaint", "track__case__customer",
                   ("number", "received_on", "category", "wants", "findings", "redress", "learned", "answered_on")),
    "letters": ("Letter", "person", ("number", "kind", "lang", "as_of", "state", "written_at", "post_no")),
    "steps_of_letters": ("LetterEvent", "letter__person", ("at", "on", "step", "note", "source")),
    "letters_by_email": ("DeliveryConsent", "point__person", ("basis", "agreed_on", "ended_on", "at")),
    "messages": ("Message", "person", ("channel", "lang", "state", "queued_at", "left_at", "read_at", "text_sealed", "reason")),
    "replies": ("Reply", "person", ("at", "channel", "text_sealed", "meaning")),
    "payments": ("PaymentLine", "matches__account__customer",
                 ("source", "paid_on", "amount", "currency", "payer_masked", "account_tail", "said")),
    "requests_about_payments": ("PaymentAsk", "account__customer", ("kind", "state", "amount", "paid_on", "reason")),
    "settlements": ("Settlement", "account__customer", ("state", "since", "total", "last_on", "paid", "reason")),
    "write_offs": ("WriteOff", "account__customer", ("state", "on", "reason", "undone_on", "undo_reason")),
    "legal_events": ("LegalEvent", "account__customer", ("kind", "on", "note", "void_at", "void_why")),
    "lapse_decisions": ("LapseDecision", "clock__account__customer", ("last", "choice", "state", "reason", "decided_on")),
    "arbitration": ("ArbitrationAgreement", "account__customer", ("institution", "note", "void_at", "void_why")),
    "proceedings": ("Proceeding", "case__customer",
                    ("procedure", "state", "court", "reference", "claim", "reason", "filed_on", "decided_on", "outcome")),
    "steps_of_proceedings": ("ProceedingStep", "proceeding__case__customer", ("on", "step", "note", "data")),
    "hearings": ("Hearing", "proceeding__case__customer", ("at", "place", "state", "outcome")),
    "court_costs": ("ProceedingCost", "proceeding__case__customer", ("kind", "on", "amount", "ref")),
}  # fmt: skip

DERIVED = ("_masked", "_index")  # made from a column that is in the file, to search and to show by
# What is kept and not in the file, and why.
EXCUSED: Mapping[str, str] = {
    "Letter.facts_sealed": "the letter made of them is in the file",
    "Message.given_sealed": "the message made of them is in the file",
    "TrackEvidence.file_sealed": "the paper itself is in the file",
    "KeptFile.key_sealed": "a key that opens a file says nothing of anybody",
    "PaymentLine.payer_sealed": "whoever paid may be somebody else; the masked name is in the file",
    "Sample.answer": "an appraisal of a colleague's work, which is the colleague's; the contact itself is in the file",
    "Review.feedback": "the same",
    "Score.note": "the same",
}


def more(person: Person) -> dict[str, list[Row]]:
    """Every plain table of the person."""
    return {name: _rows(person, *said) for name, said in PLAIN.items()}


def _rows(person: Person, model: str, way: str, columns: tuple[str, ...]) -> list[Row]:
    found = apps.get_model("store", model)._default_manager.filter(**{way: person}).order_by("pk").distinct()  # noqa: SLF001 - any model's manager
    return [
        {name.removesuffix("_sealed"): _said(name, value) for name, value in row.items()}
        for row in found.values(*columns)
    ]


def _said(name: str, value: Any) -> Any:
    if name.endswith("_sealed"):
        return sealer().open(bytes(value)) if value else None
    if name == "at" or name.endswith("_at"):
        return None if value is None or value < 0 else clock.from_minute(value, "UTC").isoformat()
    return value
