"""The audit chain is the event log: which of its rows are events for other systems, whose they are, and what they say.

A row is written in the transaction of its effect, numbered without gaps and in the order of commits; so whoever reads on
from a number misses nothing, and nothing can be lost between an effect and its event.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.db.models import F, Model, Q

from fairdue.core.errors import Lang
from fairdue.rules.reading import Reading, WrongFiles
from fairdue.store import models
from fairdue.store.models import AuditRow, Organisation

FILE = Path(__file__).parent / "catalogue.yaml"


@dataclass(frozen=True)
class EventType:
    """One verb of the chain as an event: its public type, the row it is about, what of its data is said."""

    verb: str
    type: str
    subject: str
    fields: tuple[str, ...]
    about: Mapping[Lang, str]


@dataclass(frozen=True)
class Event:
    """One event as it is sent: references and figures, nothing personal."""

    number: int
    type: str
    at: str
    subject: str
    subject_id: int
    case: int | None
    data: Mapping[str, Any]

    @property
    def id(self) -> str:
        """The same for every endpoint and every try: whoever gets it twice can tell."""
        return f"evt_{self.number}"

    def as_dict(self) -> dict[str, Any]:
        """For a program."""
        return {
            "id": self.id, "type": self.type, "timestamp": self.at, "subject": self.subject, "subject_id": self.subject_id,
            "case": self.case, "data": dict(self.data),
        }  # fmt: skip


# Subject of a row → its table, and the way from it to its lender and its case; empty: it has none.
WAYS: Mapping[str, tuple[type[Model], str, str]] = {
    "case": (models.Case, "lender_id", "pk"),
    "attempt": (models.Attempt, "case__lender_id", "case_id"),
    "promise": (models.Promise, "case__lender_id", "case_id"),
    "plan": (models.Plan, "case__lender_id", "case_id"),
    "means": (models.Means, "case__lender_id", "case_id"),
    "track": (models.Track, "case__lender_id", "case_id"),
    "approval": (models.Approval, "organisation_id", "case_id"),
    "task": (models.Task, "organisation_id", "case_id"),
    "account": (models.Account, "lender_id", ""),
    "certificate": (models.Certificate, "lender_id", "case_id"),
    "settlement": (models.Settlement, "account__lender_id", "case_id"),
    "write_off": (models.WriteOff, "lender_id", ""),
    "payment_line": (models.PaymentLine, "lender_id", ""),
    "batch": (models.Batch, "lender_id", ""),
    "book_upload": (models.BookUpload, "lender_id", ""),
    "night": (models.NightRun, "lender_id", ""),
}


@cache
def catalogue() -> Mapping[str, EventType]:
    """The events by their verb. Raises `WrongFiles`."""
    reading = _reading()
    return {verb: _type(reading, verb, said) for verb, said in reading.data["events"].items()}


@cache
def private() -> Mapping[str, str]:
    """The verbs that stay inside (`prefix*` for several), and why. Raises `WrongFiles`."""
    return {str(verb): str(why) for verb, why in _reading().data["private"].items()}


def _reading() -> Reading:
    reading = Reading(FILE, "events/catalogue.yaml")
    if reading.faults:
        raise WrongFiles(reading.faults)
    return reading


def _type(reading: Reading, verb: str, said: Any) -> EventType:
    reading.keys(said, ("type", "subject", "fields", "zh", "en"), (), verb)
    if reading.faults:
        raise WrongFiles(reading.faults)
    return EventType(verb, said["type"], said["subject"], tuple(said["fields"]), {"zh": said["zh"], "en": said["en"]})


def types() -> tuple[str, ...]:
    """The public types, sorted."""
    return tuple(sorted({one.type for one in catalogue().values()}))


def is_private(verb: str) -> bool:
    """Whether a verb stays inside on purpose."""
    return any(verb == one or (one.endswith("*") and verb.startswith(one[:-1])) for one in private())


def of(rows: Iterable[AuditRow], organisation: Organisation) -> list[Event]:
    """What of some rows of the chain is an event for an organisation: a lender's own; of an agency, the cases placed with it."""
    said = [(row, catalogue()[row.verb]) for row in rows if row.verb in catalogue() and row.subject_id is not None]
    theirs = _theirs([row for row, _ in said], organisation)
    return [
        _event(row, one, theirs[row.subject, row.subject_id or 0])
        for row, one in said
        if row.subject == one.subject and (row.subject, row.subject_id) in theirs
    ]


def _event(row: AuditRow, one: EventType, case: int | None) -> Event:
    data = json.loads(row.data)
    said = {name: data[name] for name in one.fields if name in data}
    return Event(row.pk, one.type, row.at.isoformat(timespec="seconds"), row.subject, row.subject_id or 0, case, said)


def _theirs(rows: list[AuditRow], organisation: Organisation) -> dict[tuple[str, int], int | None]:
    """The subjects that are the organisation's, with their case; one question to the database per kind of subject."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        wanted[row.subject].add(row.subject_id or 0)
    found: dict[tuple[str, int], int | None] = {}
    for subject, ids in wanted.items():
        if subject in WAYS:
            found |= {(subject, pk): case for pk, case in _of_table(subject, ids, organisation)}
    return found


def _of_table(subject: str, ids: set[int], organisation: Organisation) -> list[tuple[int, int | None]]:
    table, lender, case = WAYS[subject]
    mine = Q(**{lender: organisation.pk})
    placed = {"pk": "placed_with_id", "": ""}.get(case, "case__placed_with_id")
    if not organisation.is_lender:
        if not placed:
            return []
        mine = Q(**{placed: organisation.pk})
    rows = table._default_manager.filter(mine, pk__in=ids)  # noqa: SLF001 - Django's own name of it
    return (
        [(pk, None) for pk in rows.values_list("pk", flat=True)]
        if not case
        else list(rows.annotate(of_case=F(case)).values_list("pk", "of_case"))
    )


def after(number: int, organisation: Organisation, limit: int) -> tuple[list[Event], int]:
    """The events in the next rows of the chain, and the number to go on from; the same number where there are no more."""
    rows = list(AuditRow.objects.filter(pk__gt=number).order_by("pk")[:limit])
    return of(rows, organisation), rows[-1].pk if rows else number
