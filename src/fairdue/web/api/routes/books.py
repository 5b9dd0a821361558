"""Books: send a file, see what became of it, fetch the rows that were rejected with their reasons."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

from django.core.files.uploadedfile import UploadedFile as DjangoFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Router
from ninja.files import UploadedFile
from pydantic import Field

from fairdue import intake
from fairdue.core.codes import Role
from fairdue.store import access
from fairdue.store.actions import uploads
from fairdue.store.models import BookUpload
from fairdue.web.api.cursors import page_of
from fairdue.web.api.door import Call, call_of
from fairdue.web.api.faults import NoFile, NoSuchMapping
from fairdue.web.api.once import file_sha256
from fairdue.web.api.operations import operation
from fairdue.web.api.shapes import LARGEST, Both, Cursor, Id, Limit, OneOf, Page, Shape
from fairdue.web.desk.doors import ROLES
from fairdue.web.ui.background import start

router = Router()
Kind = Annotated[str, OneOf(*uploads.KINDS)]
SENDERS = frozenset({Role.FINANCE, Role.OPERATOR})


class BookIn(Shape):
    """How the file is to be read."""

    kind: Kind
    mapping: Annotated[str, Field(min_length=1, max_length=80, pattern="^[a-z0-9_-]+$")] = Field(
        description="Name of a mapping that ships: see the files reference."
    )
    as_of: date | None = Field(None, description="The date the figures are of; needed for a book.")
    expect_rows: int | None = Field(None, ge=0, le=LARGEST, description="Control total announced by the sender.")
    expect_total: int | None = Field(
        None, ge=-LARGEST, le=LARGEST, description="Sum of balances announced, minor units."
    )


class BatchPart(Shape):
    """What was read, loaded and rejected."""

    id: int
    rows_read: int
    rows_loaded: int
    rows_rejected: int
    control: dict[str, Any] = Field(description="Control totals and notices, as on the page of the file.")


class BookOut(Shape):
    """A file that was sent and what became of it."""

    id: int
    kind: Kind
    mapping: str
    file: str
    size: int
    sha256: str
    as_of: date | None
    state: Annotated[str, OneOf("WAITING", "RUNNING", "LOADED", "FAILED")]
    fault: Both | None = Field(description="Why the file as a whole could not be loaded.")
    batch: BatchPart | None = Field(description="The same file again names the batch it became the first time.")
    sent_by: str
    sent_at: datetime
    ended_at: datetime | None


def book_out(row: BookUpload) -> BookOut:
    """A file for a program; its batch is read already."""
    b = row.batch
    batch = None if b is None else BatchPart(
        id=b.pk, rows_read=b.rows_read, rows_loaded=b.rows_loaded, rows_rejected=b.rows_rejected, control=b.control
    )  # fmt: skip
    return BookOut(
        id=row.pk, kind=row.kind, mapping=row.mapping, file=row.file_name, size=row.size, sha256=row.sha256,
        as_of=row.as_of, state=row.state, batch=batch, sent_by=row.actor, sent_at=row.asked_at, ended_at=row.ended_at,
        fault=Both(zh=row.fault["zh"], en=row.fault["en"]) if row.fault else None,
    )  # fmt: skip


@operation(router, "POST", "/books", scope="books:write", roles=SENDERS, gives=BookOut, status=202)
def send_book(request: HttpRequest, said: Form[BookIn], file: File[UploadedFile]) -> BookOut:
    """Send a file: a loan book, people, schedules or payments.

    It is loaded at once, beside the answer: 202, then GET /books/{id} until it is LOADED or FAILED. Good rows are loaded,
    the others can be fetched with their reasons, mended and sent again. The same file twice changes nothing.
    """
    call = call_of(request)
    if said.mapping not in intake.shipped():
        raise NoSuchMapping(mapping=said.mapping, known=", ".join(intake.shipped()))
    if not file.size:
        raise NoFile
    row = uploads.take(call.user, uploads.Sent(
        said.kind, said.mapping, _safe(file.name), file.size, file_sha256(file), said.as_of, said.expect_rows,
        said.expect_total,
    ))  # fmt: skip
    _put(file, row)
    transaction.on_commit(lambda: start(row.folder, call.lang, "books", "work", str(row.pk)))
    return book_out(row)


def _safe(name: str | None) -> str:
    """A name that stays in its folder and keeps what says what kind of file it is."""
    kept = "".join(c for c in Path(name or "book").name if c.isalnum() or c in "._-")
    return kept.lstrip(".")[-120:] or "book"


def _put(file: DjangoFile[Any], row: BookUpload) -> None:
    row.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with row.file.open("wb") as out:
        for chunk in file.chunks():
            out.write(chunk)


@operation(router, "GET", "/books", scope="books:read", roles=ROLES["batches"], gives=Page[BookOut])
def list_books(request: HttpRequest, cursor: Cursor = None, limit: Limit = 50) -> Page[BookOut]:
    """List the files that were sent."""
    rows = access.uploads_for(call_of(request).user).select_related("batch")
    found, after = page_of(rows, "books", cursor, limit)
    return Page[BookOut](items=[book_out(one) for one in found], next=after)


@operation(router, "GET", "/books/{book_id}", scope="books:read", roles=ROLES["batch"], gives=BookOut)
def get_book(request: HttpRequest, book_id: Id) -> BookOut:
    """One file and what became of it."""
    return book_out(_one(call_of(request), book_id))


@operation(router, "GET", "/books/{book_id}/rejects", scope="books:read", roles=ROLES["batch"], gives=None,
           media_type="text/csv")  # fmt: skip
def get_rejects(request: HttpRequest, book_id: Id) -> HttpResponse:
    """The rows that were rejected, with the reasons, as CSV: mend them and send them again. Empty where there are none."""
    batch = _one(call_of(request), book_id).batch
    file = Path(batch.rejects_file) if batch is not None and batch.rejects_file else None
    content = file.read_bytes() if file is not None and file.exists() else b""
    return HttpResponse(content, content_type="text/csv; charset=utf-8")


def _one(call: Call, book_id: int) -> BookUpload:
    found = access.uploads_for(call.user).select_related("batch").filter(pk=book_id).first()
    if found is None:
        raise access.NotYours
    return found
