"""Where events are sent, what waits, and what was given up: dead letters stay until somebody sends them again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet

from fairdue.store import access
from fairdue.store.models import User, WebhookEndpoint, WebhookMessage

SHOWN = 100


@dataclass(frozen=True)
class EndpointRow:
    """One endpoint and what became of its messages."""

    id: int
    organisation: str
    url: str
    types: tuple[str, ...]
    note: str
    ended: bool
    waiting: int
    taken: int
    dead: int
    last: datetime | None

    def as_dict(self) -> dict[str, object]:
        """For a program."""
        return {
            "endpoint": self.id, "organisation": self.organisation, "url": self.url, "types": list(self.types),
            "ended": self.ended, "waiting": self.waiting, "taken": self.taken, "dead": self.dead,
            "last": self.last.isoformat(timespec="seconds") if self.last else None,
        }  # fmt: skip


@dataclass(frozen=True)
class WebhooksPage:
    """The endpoints of the user's organisation, and what waits or was given up."""

    endpoints: tuple[EndpointRow, ...]
    dead: tuple[WebhookMessage, ...]
    late: tuple[WebhookMessage, ...]


def webhooks_page(user: User) -> WebhooksPage:
    """What the page shows; four questions to the database, whatever their number."""
    mine = WebhookMessage.objects.filter(endpoint__in=access.endpoints_for(user), endpoint__ended_at=None)
    mine = mine.select_related("endpoint")
    return WebhooksPage(
        _rows(access.endpoints_for(user)), tuple(mine.filter(state="DEAD").order_by("-pk")[:SHOWN]),
        tuple(mine.filter(state="PENDING", tries__gt=0).order_by("next_at")[:SHOWN]),
    )  # fmt: skip


def every_endpoint() -> tuple[EndpointRow, ...]:
    """All endpoints, for the command line."""
    return _rows(WebhookEndpoint.objects.all())


def _rows(found: QuerySet[WebhookEndpoint]) -> tuple[EndpointRow, ...]:
    counted = found.select_related("organisation").annotate(
        waiting=Count("messages", Q(messages__state="PENDING")), taken=Count("messages", Q(messages__state="DELIVERED")),
        dead=Count("messages", Q(messages__state="DEAD")),
        last=Max("messages__ended_at", filter=Q(messages__state="DELIVERED")),
    )  # fmt: skip
    return tuple(
        EndpointRow(one.pk, one.organisation.code, one.url, tuple(one.types), one.note, one.ended_at is not None,
                    one.waiting, one.taken, one.dead, one.last)
        for one in counted.order_by("-pk")
    )  # fmt: skip
