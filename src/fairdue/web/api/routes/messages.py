"""Messages about a case: what was to be said, to which number, and what became of it. The desk or a rule writes them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from fairdue.core.codes import Channel, Party, Purpose
from fairdue.store import access
from fairdue.store.models import Message
from fairdue.store.pages.casefile import opened
from fairdue.web.api.cursors import page_of
from fairdue.web.api.door import call_of
from fairdue.web.api.operations import operation
from fairdue.web.api.shapes import Cursor, Id, Limit, Named, OneOf, Page, Shape, moment
from fairdue.web.desk.doors import ROLES

router = Router()


class MessageOut(Shape):
    """One message, with its words as they were or will be sent."""

    id: int
    case: int
    channel: Annotated[str, Named(Channel)]
    party: Annotated[str, Named(Party)]
    purpose: Annotated[str, Named(Purpose)]
    point: int | None
    point_masked: str
    frame: str = Field(description="The approved text it was made of; empty: free text.")
    language: str
    text: str | None = Field(description="Null where it was erased.")
    state: Annotated[str, OneOf(*(name for name, _ in Message.STATES))]
    why: str = Field(description="Why it did not leave or arrive: a code of the messages reference.")
    queued_at: datetime | None
    left_at: datetime | None
    delivered_at: datetime | None
    read_at: datetime | None


def message_out(row: Message) -> MessageOut:
    """A message for a program."""
    zone = row.case.lender.zone
    return MessageOut(
        id=row.pk, case=row.case_id, channel=Channel(row.channel).name, party=Party(row.party).name,
        purpose=Purpose(row.purpose).name, point=row.point_id, point_masked=row.point.value_masked if row.point else "",
        frame=row.frame, language=row.lang, text=opened(row.text_sealed) if row.text_sealed else None, state=row.state,
        why=row.why, queued_at=moment(row.queued_at, zone), left_at=moment(row.left_at, zone),
        delivered_at=moment(row.delivered_at, zone), read_at=moment(row.read_at, zone),
    )  # fmt: skip


@operation(
    router, "GET", "/cases/{case_id}/messages", scope="messages:read", roles=ROLES["messages"], gives=Page[MessageOut]
)
def list_messages(request: HttpRequest, case_id: Id, cursor: Cursor = None, limit: Limit = 50) -> Page[MessageOut]:
    """List the messages about a case."""
    user = call_of(request).user
    rows = access.messages_for(user).filter(case=access.get_case(user, case_id))
    found, after = page_of(rows, f"messages {case_id}", cursor, limit)
    return Page[MessageOut](items=[message_out(one) for one in found], next=after)


@operation(router, "GET", "/messages/{message_id}", scope="messages:read", roles=ROLES["messages"], gives=MessageOut)
def get_message(request: HttpRequest, message_id: Id) -> MessageOut:
    """One message."""
    return message_out(access.get_message(call_of(request).user, message_id))
