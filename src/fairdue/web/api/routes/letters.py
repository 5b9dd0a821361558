"""Letters of a case: which were written, what became of each, and the paper itself."""

from __future__ import annotations

from datetime import date, datetime

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from fairdue.store import access, vault
from fairdue.store.access import NotYours
from fairdue.store.models import Letter, User
from fairdue.web.api.cursors import page_of
from fairdue.web.api.door import call_of
from fairdue.web.api.operations import operation
from fairdue.web.api.shapes import Cursor, Id, Limit, Page, Shape, moment
from fairdue.web.desk.doors import ROLES

router = Router()


class StepOut(Shape):
    """One thing that happened to a letter."""

    step: str
    on: date
    note: str


class LetterOut(Shape):
    """One letter with its life."""

    id: int
    case: int
    number: str
    kind: str
    language: str
    as_of: date = Field(description="The day its figures are of.")
    state: str
    written_at: datetime | None
    pages: int
    sha256: str = Field(description="Of the PDF; empty where none was made.")
    post_number: str
    steps: list[StepOut]


def letter_out(row: Letter) -> LetterOut:
    """A letter for a program."""
    return LetterOut(
        id=row.pk, case=row.case_id, number=row.number or "", kind=row.kind, language=row.lang, as_of=row.as_of, state=row.state,
        written_at=moment(row.written_at, row.lender.zone), pages=row.pages, sha256=row.sha256, post_number=row.post_no,
        steps=[StepOut(step=one.step, on=one.on, note=one.note) for one in row.events.all()],
    )  # fmt: skip


def _one(user: User, letter_id: int) -> Letter:
    found = access.letters_for(user).select_related("lender", "file").prefetch_related("events").filter(pk=letter_id)
    row = found.first()
    if row is None:
        raise NotYours
    return row


@operation(
    router, "GET", "/cases/{case_id}/letters", scope="letters:read", roles=ROLES["letter"], gives=Page[LetterOut]
)
def list_letters(request: HttpRequest, case_id: Id, cursor: Cursor = None, limit: Limit = 50) -> Page[LetterOut]:
    """List the letters of a case."""
    user = call_of(request).user
    rows = access.letters_for(user).filter(case=access.get_case(user, case_id)).select_related("lender")
    found, after = page_of(rows.prefetch_related("events"), f"letters {case_id}", cursor, limit)
    return Page[LetterOut](items=[letter_out(one) for one in found], next=after)


@operation(router, "GET", "/letters/{letter_id}", scope="letters:read", roles=ROLES["letter"], gives=LetterOut)
def get_letter(request: HttpRequest, letter_id: Id) -> LetterOut:
    """One letter."""
    return letter_out(_one(call_of(request).user, letter_id))


@operation(router, "GET", "/letters/{letter_id}/pdf", scope="letters:read", roles=ROLES["letter-file"], gives=None,
           media_type="application/pdf")  # fmt: skip
def get_letter_pdf(request: HttpRequest, letter_id: Id) -> HttpResponse:
    """The letter as it was posted, as PDF; a letter that was only drafted has none."""
    row = _one(call_of(request).user, letter_id)
    if row.file is None:
        raise NotYours
    return HttpResponse(vault.read(row.file), content_type="application/pdf")
