"""Files of a book that came in by the API: taken, loaded, or failed with the reason; each step with its audit row."""

from __future__ import annotations

import shutil
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import transaction

from fairdue.core.errors import Fault
from fairdue.store import audit, clock
from fairdue.store.models import Batch, BookUpload, User

KINDS = ("book", "people", "schedule", "payments")
OPEN = ("WAITING", "RUNNING")


@dataclass(frozen=True)
class Sent:
    """A file and how it is to be read."""

    kind: str
    mapping: str
    file_name: str
    size: int
    sha256: str
    as_of: date | None
    expect_rows: int | None
    expect_total: int | None


def take(user: User, sent: Sent) -> BookUpload:
    """Note a file that was handed over, inside the caller's transaction; the caller puts it in its place."""
    made = BookUpload.objects.create(
        lender_id=user.organisation_id, asked_by=user, actor=user.username, asked_at=clock.wall(), **asdict(sent)
    )
    audit.write(user.username, "book.upload", "book_upload", made.pk, kind=sent.kind, file=sent.file_name, size=sent.size,
                sha256=sent.sha256)  # fmt: skip
    return made


def begin(upload_id: int) -> BookUpload | None:
    """The file is being loaded, also when an attempt before was killed; None where it has ended."""
    found = BookUpload.objects.filter(pk=upload_id, state__in=OPEN).select_related("lender").first()
    if found is not None:
        BookUpload.objects.filter(pk=found.pk).update(state="RUNNING")
    return found


def loaded(upload_id: int, batch: Batch) -> None:
    """The file became a batch; the bytes that came are deleted."""
    _end(upload_id, "LOADED", batch=batch)


def failed(upload_id: int, fault: Fault) -> None:
    """The file as a whole could not be loaded: nothing of it was."""
    said = {"code": fault.code, "zh": fault.sentence("zh"), "en": fault.sentence("en")}
    _end(upload_id, "FAILED", fault=said)


@transaction.atomic
def _end(upload_id: int, state: str, **found: Any) -> None:
    row = BookUpload.objects.select_for_update().get(pk=upload_id)
    if row.state not in OPEN:
        return
    row.state, row.ended_at = state, clock.wall()
    for name, value in found.items():
        setattr(row, name, value)
    row.save(update_fields=["state", "ended_at", *found])
    audit.write(row.actor, f"book.{state.lower()}", "book_upload", row.pk, batch=row.batch_id)
    transaction.on_commit(lambda: shutil.rmtree(row.folder, ignore_errors=True))
