"""The next case under lock: the best that one collector may work now, from the own list or a shared queue, given to nobody else.

Whoever asks passes over rows that somebody else is just taking (SKIP LOCKED; SQLite has one writer anyway), so nobody waits and
no case is given twice. A case from a queue belongs to whoever was given it until the hold lapses or an outcome is recorded.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from fairdue.core.decision import Action
from fairdue.core.errors import Fault
from fairdue.store import access, audit, clock, config, decide, queues, quiet, skills, staff
from fairdue.store.access import NotYours
from fairdue.store.models import Attempt, Case, QueuePlace, User, WorkItem

LOCK_MINUTES = 30
TRIES = 6  # how many cases that turn out not to be workable now are passed over in one go
LAPSED_AT_ONCE = 20


class PutBackReason(Fault):
    """A case goes back into its queue with a word for the next who gets it."""

    code = "floor.put-back-reason"
    en, en_remedy = "Say why the case goes back.", "A few words are enough."
    zh, zh_remedy = "请说明退回队列的原因。", "简要说明即可。"


@dataclass
class _Asking:
    """One request: who asks, when, and what turned out not to be workable."""

    user: User
    wall: int
    now: int
    today: date
    barred: Q
    passed: list[int] = field(default_factory=list)


def get_next(user: User) -> Case | None:
    """The next case, locked to the user; None when nothing may be worked now. Raises `MayNotWork`.

    The case the user already holds comes first, so that a reload does not skip anybody. A case is looked at again before it is
    given: what was paid, stopped or made unlawful since the night is passed over.
    """
    now = clock.now_minute()
    today = clock.business_date(now, user.organisation.zone)
    skills.require(user, today)
    staff.require_at_work(user, today)
    with transaction.atomic():
        give_back_lapsed()
        asking = _Asking(user, clock.to_minute(clock.wall()), now, today, skills.barred(user, today))
        return _first_workable(asking)


def _first_workable(asking: _Asking) -> Case | None:
    tries = 0
    while tries < TRIES:
        found = _candidate(asking)
        if found is None:
            return None
        asking.passed.append(found.pk)
        if quiet.why_quiet(found) is None:
            if _workable(found, asking):
                return _give(found, asking)
            tries += 1
    return None


def _candidate(asking: _Asking) -> Case | None:
    """What is held, else the better of the first on the own list and the first of the queues."""
    own = _own(asking).first()
    if own is not None and own.case.locked_by_id == asking.user.pk and own.case.locked_until > asking.wall:
        return _locked(own, asking)
    held = _held(asking)
    if held is not None:
        return held
    rank = -1 if own is None else own.value + (queues.FIRST_RANK if own.case.reason in config.FIRST else 0)
    shared = _shared(asking, rank if own is not None else None)
    return shared if shared is not None else _locked(own, asking)


def _own(asking: _Asking) -> QuerySet[WorkItem]:
    """Places of the newest list that may be worked now, in order."""
    user = asking.user
    newest = list(access.work_for(user).order_by("-as_of").values_list("as_of", flat=True)[:1])
    free = Q(case__locked_by=None) | Q(case__locked_by=user) | Q(case__locked_until__lte=asking.wall)
    items = WorkItem.objects.filter(free, owner=user, done_at__lt=0, case__closed_on=None, case__owner=user)
    items = items.filter(as_of__in=newest, case__action=Action.CONTACT, case__not_before__lte=asking.now)
    if asking.barred:
        items = items.exclude(case__in=Case.objects.filter(asking.barred, owner=user, closed_on=None))
    return items.exclude(case__in=asking.passed).select_related("case__lender").order_by("position")


def _locked(own: WorkItem | None, asking: _Asking) -> Case | None:
    """The place's case under lock; the next place where somebody else holds a row of this one."""
    if own is None:
        return None
    item = _own(asking).select_for_update(skip_locked=_can_skip(), of=_of("self", "case")).first()
    return item.case if item else None


def _held(asking: _Asking) -> Case | None:
    """The case of a queue that the user was given and still holds."""
    places = QueuePlace.objects.filter(held_by=asking.user, held_until__gt=asking.wall).exclude(case__in=asking.passed)
    place = places.select_related("case__lender").select_for_update(of=_of("self")).order_by("pk").first()
    return place.case if place else None


def _shared(asking: _Asking, above: int | None) -> Case | None:
    """The first place of the queues the user serves, above a rank, that nobody holds or is just taking."""
    serves = list(queues.served_by(asking.user, asking.today).values_list("pk", flat=True))
    if not serves:
        return None
    free = QueuePlace.objects.filter(queue__in=serves, held_by=None, not_before__lte=asking.now)
    if above is not None:
        free = free.filter(rank__gt=above)
    if asking.passed:
        free = free.exclude(case__in=asking.passed)
    if asking.barred:
        free = free.exclude(case__in=Case.objects.filter(asking.barred, queued__isnull=False))
    place = free.order_by("-rank", "pk").select_for_update(skip_locked=_can_skip(), of=_of("self")).first()
    return Case.objects.select_related("lender", "customer").get(pk=place.case_id) if place else None


def _workable(case: Case, asking: _Asking) -> bool:
    """Whether the chain, asked about the case as it is now, says to contact; a later time it names is kept."""
    if case.closed_on is not None or case.returned_on is not None:
        return False
    state = decide.ask(case, asking.now).state.cases
    if state.is_empty():
        return False
    found = state.to_dicts()[0]
    if not found["in_arrears"]:
        return False
    if found["action"] == Action.CONTACT and found["not_before"] <= asking.now:
        return True
    if found["action"] == Action.WAIT and found["not_before"] > asking.now:
        Case.objects.filter(pk=case.pk).update(not_before=found["not_before"])
        QueuePlace.objects.filter(case=case).update(not_before=found["not_before"])
    return False


def _give(case: Case, asking: _Asking) -> Case:
    user, until = asking.user, asking.wall + LOCK_MINUTES
    Case.objects.filter(locked_by=user).exclude(pk=case.pk).update(locked_by=None, locked_until=-1)
    place = QueuePlace.objects.filter(case=case).select_related("queue").first()
    again = case.locked_by_id == user.pk
    case.owner, case.team_id, case.locked_by, case.locked_until = user, user.team_id, user, until
    case.save(update_fields=["owner", "team", "locked_by", "locked_until"])
    if place is not None:
        QueuePlace.objects.filter(pk=place.pk).update(held_by=user, held_until=until)
    if not again:  # the audit row last: its chain lets one writer through at a time
        reason = "next on the list" if place is None else f"next in the queue {place.queue.name}"
        audit.write(user.username, "case.open", "case", case.pk, reason=reason)
    return case


def hold_on(user: User, case_id: int) -> None:
    """Keep what is held while it is worked, inside the caller's transaction: who takes the case back waits for this.

    Raises `NotYours` where the hold lapsed and somebody else has it now, or nobody.
    """
    place = QueuePlace.objects.select_for_update().filter(case_id=case_id).first()
    if place is None:
        return
    if place.held_by_id != user.pk:
        raise NotYours
    until = clock.to_minute(clock.wall()) + LOCK_MINUTES
    QueuePlace.objects.filter(pk=place.pk).update(held_until=until)
    Case.objects.filter(pk=case_id, locked_by=user).update(locked_until=until)


def finish(case: Case) -> None:
    """An outcome was recorded, inside the caller's transaction: the place is used up, who has the case is as the queue says."""
    place = QueuePlace.objects.select_related("queue").filter(case=case).first()
    if place is None:
        return
    if not place.queue.keeps:
        case.owner, case.team = None, None
        case.save(update_fields=["owner", "team"])
    place.delete()


@transaction.atomic
def put_back(user: User, case_id: int, reason: str) -> None:
    """Give a case of a queue back unworked. Raises `NotYours`, `PutBackReason`."""
    place = QueuePlace.objects.select_for_update().filter(case_id=case_id, held_by=user).first()
    if place is None:
        raise NotYours
    if not reason.strip():
        raise PutBackReason
    _free([place.pk], [case_id])
    audit.write(user.username, "queue.put-back", "case", case_id, reason=reason.strip()[:300], queue=place.queue_id)


@transaction.atomic
def give_back_lapsed(*, everything: bool = False) -> int:
    """Free the cases whose hold has lapsed (`everything`: all, before a night) and on which no contact is under way."""
    over = QueuePlace.objects.filter(held_by__isnull=False)
    if not everything:
        over = over.filter(held_until__lte=clock.to_minute(clock.wall()))
    if not over.exists():
        return 0
    under_way = Attempt.objects.filter(case=OuterRef("case"), state=Attempt.RESERVED, expires_at__gt=clock.now_minute())
    places = over.exclude(Exists(under_way)).select_for_update(skip_locked=_can_skip(), of=_of("self"))
    rows = places.order_by("pk").values_list("pk", "case_id", "held_by__username")
    found = list(rows if everything else rows[:LAPSED_AT_ONCE])
    if found:
        _free([pk for pk, _, _ in found], [case for _, case, _ in found])
        audit.write("floor", "queue.lapse", "queue_place", None, cases=[[case, who] for _, case, who in found])
    return len(found)


def _free(places: list[int], cases: list[int]) -> None:
    QueuePlace.objects.filter(pk__in=places).update(held_by=None, held_until=-1)
    Case.objects.filter(pk__in=cases).update(owner=None, team=None, locked_by=None, locked_until=-1)


def _can_skip() -> bool:
    return connection.features.has_select_for_update_skip_locked


def _of(*tables: str) -> tuple[str, ...]:
    return tables if connection.features.has_select_for_update_of else ()
