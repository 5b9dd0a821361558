"""Numbers for a dialler: each line of a list is a place in the attempt ledger, with the window in which it may be dialled.

So no other channel, collector or agency can exceed a cap while the list is being dialled: what is not dialled lapses.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.db import transaction

from fairdue.core import guard as kernel
from fairdue.core.codes import Channel, Mode, PointStatus
from fairdue.core.dates import MINUTES
from fairdue.core.decision import Action
from fairdue.core.errors import Fault
from fairdue.steps.guard import Judged
from fairdue.store import audit, clock, decide
from fairdue.store.actions import contacts
from fairdue.store.actions.contacts import Proposed, Reservation, WrapUp
from fairdue.store.actions.setup import NoUser
from fairdue.store.models import Attempt, Case, Organisation, Point, User
from fairdue.store.pages.reach import waterfall
from fairdue.store.quiet import why_quiet
from fairdue.store.seal import sealer

GRID = 15  # minutes between two looks into the day; the end of a window is then found to the minute


class DialledEarlier(Fault):
    """The dialler says it dialled before the number was given to it."""

    code = "dialler.before-list"
    en, en_remedy = (
        "Line {line} was dialled at {at}, before it was on a list.",
        "Correct the time, or the number of the line.",
    )
    zh, zh_remedy = "第 {line} 行的拨打时间 {at} 早于列入名单的时间。", "请更正时间或名单行号。"


class NoLine(Fault):
    """The line is none of this lender's lists."""

    code = "dialler.no-line"
    en, en_remedy = (
        "There is no line {line} on a list of this lender.",
        "Copy the column `line` from the list as it is.",
    )
    zh, zh_remedy = "本机构的名单中没有第 {line} 行。", "请原样保留名单中的“line”一列。"


@dataclass(frozen=True)
class Line:
    """One number to be dialled once, between two instants, by a person or a robot."""

    attempt_id: int
    case_id: int
    number: str
    begin: datetime
    end: datetime
    owner: str
    mode: Mode


def take_line(case: Case, name: str, mode: Mode) -> Line | None:
    """A line for the case's owner, or nothing where the guard refuses. The same list again gives the same line.

    A payment, a stop, a claim: `why_quiet` is asked as for every other contact.
    """
    owner = case.owner
    if owner is None or why_quiet(case) is not None:
        return None
    with transaction.atomic():
        now = clock.now_minute()
        asked = decide.ask(case, now)
        point = _best(asked, case)
        if point is None:
            return None
        wanted = Proposed(Channel.CALL, point.pk, mode=mode)
        end = _window(asked, decide.judge_all(asked, [wanted], owner), now)
        answer = contacts.reserve(owner, case.pk, wanted, key=f"dialler:{name}:{case.pk}")
        if not isinstance(answer, Reservation):
            return None
        attempt = Attempt.objects.get(pk=answer.attempt_id)
        if attempt.point_id != point.pk or attempt.state != Attempt.RESERVED:
            return None  # the collector holds another contact with this borrower
        if attempt.expires_at < end:
            attempt.expires_at = end
            attempt.save(update_fields=["expires_at"])
    zone = case.customer.zone or case.lender.zone
    return Line(attempt.pk, case.pk, sealer().open(bytes(point.value_sealed)), clock.from_minute(attempt.at, zone),
                clock.from_minute(attempt.expires_at, zone), owner.username, mode)  # fmt: skip


def _best(asked: decide.Asked, case: Case) -> Point | None:
    """The first working telephone in the order of the waterfall."""
    working = {p.pk: p for p in case.customer.points.filter(channel=Channel.CALL, status=PointStatus.GOOD)}
    return next((working[pk] for pk in waterfall(asked, case) if pk in working), None)


def _window(asked: decide.Asked, judged: Judged, now: int) -> int:
    """The first minute from now on at which the contact is refused, as far as the day at the person goes."""
    zone = asked.case.customer.zone or asked.case.lender.zone
    local = clock.from_minute(now, zone)
    left = MINUTES - local.hour * 60 - local.minute
    grid = np.arange(0, left + GRID, GRID)
    refused = np.flatnonzero(~_allowed(asked, judged, now + np.minimum(grid, left)))
    if not len(refused):
        return now + left
    last = int(grid[refused[0]])
    minutes = np.arange(max(last - GRID, 0), last + 1)
    exact = np.flatnonzero(~_allowed(asked, judged, now + minutes))
    return now + int(minutes[exact[0]])


def _allowed(asked: decide.Asked, judged: Judged, at: np.ndarray) -> np.ndarray:
    """At which instants the contact would be allowed, shape (k,)."""
    facts = judged.facts.take(np.zeros(len(at), np.int64)).at(at.astype(np.int64))
    return kernel.judge(asked.config.pack.at(asked.config.as_of), facts, judged.history).allowed


@dataclass(frozen=True)
class Dialled:
    """What a dialler reports of one line. `at`: utc_minute."""

    line: int
    at: int
    outcome: str
    note: str = ""


@dataclass(frozen=True)
class Recorded:
    """What became of a report; `outside`: it was dialled outside its window, which is a breach to be looked into."""

    attempt_id: int
    outside: bool
    again: bool


@transaction.atomic
def report(actor: str, lender_id: int, said: Dialled) -> Recorded:
    """Record what came of a line at the moment it was dialled; the same report twice changes nothing.

    Raises `NoLine`, `DialledEarlier`, and what recording an outcome raises.
    """
    attempt = Attempt.objects.filter(pk=said.line, case__lender=lender_id, channel=Channel.CALL).first()
    if attempt is None or attempt.operator is None or not _of_list(attempt):
        raise NoLine(line=said.line)
    if attempt.state == Attempt.CONFIRMED and attempt.outcome == said.outcome and attempt.at == said.at:
        return Recorded(attempt.pk, outside=False, again=True)
    if said.at < attempt.decision.at:
        raise DialledEarlier(line=said.line, at=clock.from_minute(said.at, attempt.case.lender.zone).isoformat())
    outside = said.at >= attempt.expires_at
    Attempt.objects.filter(pk=attempt.pk).update(at=said.at)
    contacts.record(
        attempt.operator, attempt.pk, said.outcome, note=said.note, wrap_up=WrapUp(), key=f"dialled:{attempt.pk}"
    )
    audit.write(actor, "dialler.report", "attempt", attempt.pk, outcome=said.outcome, outside=outside)
    return Recorded(attempt.pk, outside, again=False)


def _of_list(attempt: Attempt) -> bool:
    return (attempt.decision.request_key or "").startswith("dialler:")


def candidates(lender_id: int, owner: User | None, limit: int) -> list[int]:
    """Open cases whose next step is a call, the worthiest first; at most `limit`."""
    found = Case.objects.filter(
        lender_id=lender_id, closed_on=None, action=Action.CONTACT, channel=Channel.CALL, not_before__lte=clock.now_minute(),
        owner__isnull=False,
    )  # fmt: skip
    if owner is not None:
        found = found.filter(owner=owner)
    return list(found.order_by("-value", "pk").values_list("pk", flat=True)[:limit])


def collector(lender: Organisation, username: str) -> User:
    """Somebody of the lender. Raises `NoUser`."""
    found = User.objects.filter(organisation=lender, username=username).first()
    if found is None:
        raise NoUser(name=username, lender=lender.code)
    return found
