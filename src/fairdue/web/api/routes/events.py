"""Events: the same as webhooks carry, for programs that rather ask."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field

from fairdue.core.codes import Role
from fairdue.store import events
from fairdue.web.api.cursors import made, place_of
from fairdue.web.api.door import call_of
from fairdue.web.api.operations import operation
from fairdue.web.api.shapes import LARGEST, Cursor, Limit, Shape

router = Router()
WATCHERS = frozenset({Role.OPERATOR, Role.COMPLIANCE, Role.FINANCE, Role.AGENCY})
ROWS_AT_ONCE = 500


class EventOut(Shape):
    """One event, as webhooks carry it: references and figures, nothing personal."""

    id: str = Field(pattern="^evt_[0-9]+$", description="The same for every endpoint and every try.")
    type: str
    timestamp: str
    subject: str
    subject_id: int
    case: int | None
    data: dict[str, Any]


class EventPage(Shape):
    """Some events, in the order in which they happened."""

    items: list[EventOut]
    next: str = Field(description="Always there: ask again with it for what happens from now on.")


@operation(router, "GET", "/events", scope="events:read", roles=WATCHERS, gives=EventPage)
def list_events(
    request: HttpRequest, cursor: Cursor = None, limit: Limit = 100,
    after: Annotated[int | None, Query(ge=0, le=LARGEST, description="Number of the last event you have.")] = None,
) -> EventPage:  # fmt: skip
    """List the events of the key's organisation, in their order.

    Nothing is missed: an event is written in the transaction of its effect. An empty page means that nothing has happened
    among the rows that were looked at; go on with `next` until it stays the same.
    """
    user = call_of(request).user
    place = place_of("events", cursor) if cursor else after or 0
    found, then = events.after(place, user.organisation, ROWS_AT_ONCE)
    if len(found) > limit:
        found, then = found[:limit], found[limit - 1].number
    return EventPage(items=[EventOut(**one.as_dict()) for one in found], next=made("events", then))
