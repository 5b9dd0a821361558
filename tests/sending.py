"""What tests of messages share: a worked book with addresses, senders of their own, and the state of the outbox."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from django.conf import settings

import books
from books import AS_OF, minute, owner_of
from fairdue.core.codes import Channel, PointSource
from fairdue.core.decision import Action
from fairdue.jobs import night
from fairdue.jobs.sending import Sent, Worker
from fairdue.store import clock
from fairdue.store.actions import outbox
from fairdue.store.models import Case, Message, Organisation, Point
from fairdue.store.seal import sealer

FRAME = "overdue-reminder"


def worked_book(count: int = 40) -> None:
    """A worked book, ten in the morning; everybody has a mail address."""
    lender = books.bank()
    books.load(lender, books.write(settings.HOME / "book.csv", books.rows(count)))
    night.run_night(lender, AS_OF)
    clock.set_demo(minute(AS_OF, "10:00"))
    for case in Case.objects.all():
        address = f"b{case.customer_id}@example.com"
        Point.objects.create(
            person=case.customer, channel=Channel.EMAIL, value_sealed=sealer().seal(address), value_masked="b***@example.com",
            value_index=sealer().index(address), source=PointSource.CONTRACT, reserved=True, kind=4,
        )  # fmt: skip


def cases() -> list[Case]:
    """Cases somebody works and may be contacted now, in order."""
    return list(
        Case.objects.filter(action=Action.CONTACT, owner__isnull=False)
        .select_related("lender", "customer", "owner")
        .order_by("pk")
    )


def point(case: Case, channel: int) -> Point:
    """The person's number for texts, or the mail address."""
    kind = Channel.EMAIL if channel == Channel.EMAIL else Channel.CALL
    return Point.objects.get(person_id=case.customer_id, channel=kind)


def queue(case: Case, channel: int = Channel.SMS, key: str = "", frame: str = FRAME) -> Message | outbox.Refusal:
    """An approved reminder to the borrower, by the owner of the case."""
    return outbox.queue(
        case, point=point(case, channel), channel=channel, frame=frame, key=key or f"{case.pk}", actor=owner_of(case),
        reason="test",
    )  # fmt: skip


def queued(case: Case, channel: int = Channel.SMS, key: str = "") -> Message:
    """The same, where it must be taken."""
    made = queue(case, channel, key)
    assert isinstance(made, Message), made
    return made


def run() -> Sent:
    """One worker, until nothing is due."""
    return Worker().run(once=True)


def states() -> dict[str, int]:
    """How many messages are in which state."""
    return dict(Counter(Message.objects.values_list("state", flat=True)))


def write_senders(home: Path, text: str) -> None:
    """The senders of a world."""
    (home / "senders.yaml").write_text(text, "utf-8")


def lender() -> Organisation:
    """The bank."""
    return Organisation.objects.get(code="bank")
