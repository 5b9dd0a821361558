"""Events on their way to other systems: endpoints, messages, leases, retries, dead letters, and sending again."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterable

from django.db import connection, transaction

from fairdue.core.errors import Fault
from fairdue.store import audit, clock, events
from fairdue.store.access import NotYours
from fairdue.store.addresses import checked_url
from fairdue.store.models import AuditHead, Organisation, WebhookEndpoint, WebhookMessage
from fairdue.store.seal import sealer

ROWS_AT_ONCE = 500
LEASE_SECONDS = 60
TRIES = 14  # with the waits below: about three days
FIRST_WAIT, LONGEST_WAIT = 5.0, 12 * 3600.0


class UnknownEventType(Fault):
    """It would never be sent."""

    code = "webhook.unknown-type"
    en, en_remedy = "There is no type of event '{type}'.", "Known: {known}."
    zh, zh_remedy = "没有事件类型“{type}”。", "可用：{known}。"


def _ms() -> int:
    return int(clock.wall().timestamp() * 1000)


@transaction.atomic
def add(
    actor: str, organisation: Organisation, url: str, types: Iterable[str] = (), note: str = ""
) -> tuple[WebhookEndpoint, str]:
    """A new endpoint and its secret, which is shown once; it gets what happens from now on.

    Raises `BadAddress`, `UnknownEventType`.
    """
    wanted = sorted(set(types))
    for one in wanted:
        if one not in events.types():
            raise UnknownEventType(type=one, known=", ".join(events.types()))
    secret = secrets.token_bytes(32)
    head = AuditHead.objects.first()
    made = WebhookEndpoint.objects.create(
        organisation=organisation, url=checked_url(url), types=wanted, note=note.strip()[:120], created_by=actor,
        secret_sealed=sealer().seal(base64.b64encode(secret).decode()), position=head.last_id if head else 0,
        created_at=clock.wall(),
    )  # fmt: skip
    audit.write(actor, "webhook.add", "webhook_endpoint", made.pk, url=made.url, types=wanted)
    return made, "whsec_" + base64.b64encode(secret).decode()


@transaction.atomic
def end(actor: str, organisation: Organisation, endpoint_id: int) -> None:
    """Nothing more is sent there; what was under way is given up. Raises `NotYours`."""
    row = WebhookEndpoint.objects.select_for_update().filter(organisation=organisation, pk=endpoint_id).first()
    if row is None:
        raise NotYours
    if row.ended_at is None:
        row.ended_by, row.ended_at = actor, clock.wall()
        row.save(update_fields=["ended_by", "ended_at"])
        row.messages.filter(state="PENDING").update(
            state="DEAD", last_fault="the endpoint was ended", ended_at=clock.wall()
        )
        audit.write(actor, "webhook.end", "webhook_endpoint", row.pk)


def dispatch() -> int:
    """Turn rows of the audit chain into messages, for each endpoint from where it stands; how many rows were looked at."""
    return sum(_dispatch(pk) for pk in WebhookEndpoint.objects.filter(ended_at=None).values_list("pk", flat=True))


@transaction.atomic
def _dispatch(endpoint_id: int) -> int:
    """Messages and the endpoint's place in the chain, both or neither; one process at a time for each endpoint."""
    row = WebhookEndpoint.objects.select_for_update().select_related("organisation").get(pk=endpoint_id)
    found, then = events.after(row.position, row.organisation, ROWS_AT_ONCE)
    now, moment = _ms(), clock.wall()
    WebhookMessage.objects.bulk_create(
        WebhookMessage(endpoint=row, event=e.number, type=e.type, body=audit.canonical(e.as_dict()), next_at=now,
                       made_at=moment)
        for e in found if not row.types or e.type in row.types
    )  # fmt: skip
    looked_at = then - row.position
    if looked_at:
        WebhookEndpoint.objects.filter(pk=row.pk).update(position=then)
    return looked_at


@transaction.atomic
def lease(count: int, seconds: int = LEASE_SECONDS) -> list[WebhookMessage]:
    """Messages that are due, held for whoever asks until the lease ends; a sender that dies leaves them to the next."""
    now = _ms()
    due = WebhookMessage.objects.filter(state="PENDING", next_at__lte=now).order_by("next_at", "pk")
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True, of=("self",))
    rows = list(due.select_related("endpoint")[:count])
    for row in rows:
        row.tries += 1
        row.next_at = now + seconds * 1000
        row.save(update_fields=["tries", "next_at"])
    return rows


def settle(message: WebhookMessage, status: int, fault: str) -> None:
    """What came of a try: taken (2xx), to be tried again later, or given up. The endpoint's 410 ends all that waits for it."""
    taken = 200 <= status < 300  # noqa: PLR2004 - HTTP's own numbers
    dead = not taken and (message.tries >= TRIES or status == 410)  # noqa: PLR2004
    state = "DELIVERED" if taken else "DEAD" if dead else "PENDING"
    WebhookMessage.objects.filter(pk=message.pk, state="PENDING").update(
        state=state, last_status=status, last_fault=fault[:200],
        next_at=_ms() + int(1000 * wait_after(message.tries)), ended_at=None if state == "PENDING" else clock.wall(),
    )  # fmt: skip


def wait_after(tries: int) -> float:
    """Seconds until the next try: three times as long each time, somewhere in the upper half, so that not all come at once."""
    most = min(LONGEST_WAIT, FIRST_WAIT * 3.0 ** (tries - 1))
    return most * (0.5 + secrets.randbelow(1_000_001) / 2_000_000)


@transaction.atomic
def resend(actor: str, organisation: Organisation, endpoint_id: int, first: int, last: int) -> int:
    """Send events again, from one number of the chain to another, whatever became of them; how many. Raises `NotYours`.

    Also those from before the endpoint was there: they become messages now.
    """
    row = WebhookEndpoint.objects.select_for_update().filter(
        organisation=organisation, pk=endpoint_id, ended_at=None).select_related("organisation").first()  # fmt: skip
    if row is None:
        raise NotYours
    made, place = 0, first - 1
    while place < last:
        found, then = events.after(place, row.organisation, ROWS_AT_ONCE)
        wanted = [e for e in found if e.number <= min(last, row.position) and (not row.types or e.type in row.types)]
        made += _again(row, wanted)
        if then == place:
            break
        place = then
    audit.write(actor, "webhook.resend", "webhook_endpoint", row.pk, first=first, last=last, messages=made)
    return made


def _again(row: WebhookEndpoint, wanted: list[events.Event]) -> int:
    now, moment = _ms(), clock.wall()
    WebhookMessage.objects.bulk_create(
        [WebhookMessage(endpoint=row, event=e.number, type=e.type, body=audit.canonical(e.as_dict()), next_at=now,
                        made_at=moment) for e in wanted],
        update_conflicts=True, unique_fields=["endpoint", "event"], update_fields=["body", "next_at"],
    )  # fmt: skip
    return WebhookMessage.objects.filter(endpoint=row, event__in=[e.number for e in wanted]).update(
        state="PENDING", tries=0, next_at=now, ended_at=None
    )
