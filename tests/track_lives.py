"""A case off the normal work, told by dates: the steps the scenarios are made of."""

from __future__ import annotations

from datetime import date

import books
import cast
from fairdue.core.codes import Channel
from fairdue.jobs import night
from fairdue.store import clock
from fairdue.store.actions import contacts, tracks, work
from fairdue.store.actions.contacts import Proposed, Refusal, Reservation
from fairdue.store.models import Case, Point, Track, WorkItem


def case() -> Case:
    """The first case of the collector, which may be contacted in the morning."""
    return cast.case_of(cast.COLLECTOR)


def at(day: date, hour: int = 10) -> None:
    """Move the business clock."""
    clock.set_demo(cast.at(hour, day))


def sleep(day: date) -> None:
    """The night before a day, and the clock at ten."""
    night.run_night(cast.user(cast.LEAD).organisation, day, actor="test")
    at(day)


def ask(of: Case, channel: Channel = Channel.CALL) -> Reservation | Refusal:
    """The owner asks for a contact with the borrower now."""
    case = Case.objects.get(pk=of.pk)
    point = Point.objects.filter(person=case.customer, channel=Channel.CALL).order_by("pk")[0]
    return contacts.reserve(books.owner_of(case), case.pk, Proposed(channel, point.pk))


def call(of: Case, outcome: str, **said: object) -> Track:
    """A call with an outcome; the track it opened."""
    held = ask(of)
    assert isinstance(held, Reservation), "the call should have been allowed"
    contacts.record(books.owner_of(Case.objects.get(pk=of.pk)), held.attempt_id, outcome, **said)  # type: ignore[arg-type]
    return Track.objects.filter(case=of).latest("pk")


def bring(track: Track, *codes: str, by: str = cast.OFFICER) -> None:
    """Add evidence in words."""
    for code in codes:
        tracks.add_evidence(cast.user(by), track.pk, code, f"{code.lower()} is in the file")


def listed(of: Case) -> bool:
    """Whether the newest list shows the case as one still to do."""
    newest = WorkItem.objects.order_by("-as_of").values_list("as_of", flat=True)[0]
    return WorkItem.objects.filter(case=of, as_of=newest, done_at=-1).exists()


def next_is(of: Case) -> bool:
    """Whether the case is the one its owner would get next."""
    return work.get_next(books.owner_of(Case.objects.get(pk=of.pk))) == of
