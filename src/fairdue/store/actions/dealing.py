"""Many cases change hands at once, even in time and money, with a preview; what is due while somebody is away goes to others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from django.db import transaction
from django.db.models import Q, QuerySet

from fairdue.core.codes import Role
from fairdue.core.deal import NOBODY, Cases, Hands, Ints, deal
from fairdue.core.decision import Action
from fairdue.store import access, audit, clock, decide, effort, skills, staff
from fairdue.store.actions import work
from fairdue.store.actions.work import NotAColleague, ReasonNeeded
from fairdue.store.models import Absence, Case, Cover, Organisation, OwnPromise, Promise, Task, User

AT_ONCE = 500
MORNING = decide.MORNING


@dataclass(frozen=True)
class Side:
    """One collector before and after."""

    user: User
    cases: int
    minutes: int
    value: int
    cases_after: int
    minutes_after: int
    value_after: int


@dataclass(frozen=True)
class Preview:
    """Who gets what, and what nobody may work; `done` False: nothing was changed."""

    sides: tuple[Side, ...]
    moves: tuple[tuple[int, int], ...]  # case, user
    nobody: tuple[int, ...]
    done: bool


@transaction.atomic
def reassign_many(
    lead: User, case_ids: Sequence[int], to: int | None, reason: str, *, dry_run: bool, without: int | None = None
) -> Preview:
    """Give cases to one collector of the team, or (`to` None) deal them evenly. Raises `NotAColleague`, `ReasonNeeded`.

    Cases that are not the lead's are passed over as if they were not there. `without`: somebody who gets none.
    """
    people = [p for p in access.colleagues_for(lead).order_by("pk") if p.pk != without]
    if to is not None and to not in {p.pk for p in people}:
        raise NotAColleague
    if not dry_run and not reason.strip():
        raise ReasonNeeded
    takers = [p for p in people if to in (None, p.pk)]
    found = access.cases_for(lead).filter(pk__in=list(case_ids)[:AT_ONCE], closed_on=None, returned_on=None)
    moving = list(found.order_by("pk"))
    took = effort.minutes(lead.organisation_id, clock.now_minute())
    chosen = _deal(lead, moving, takers, took)
    moves = tuple((case.pk, takers[who].pk) for case, who in zip(moving, chosen, strict=True) if who != NOBODY)
    nobody = tuple(case.pk for case, who in zip(moving, chosen, strict=True) if who == NOBODY)
    sides = _sides(people, moving, dict(moves), took)
    if not dry_run:
        for case, user in moves:
            work.reassign(lead, case, user, reason)
    return Preview(sides, moves, nobody, done=not dry_run)


def _deal(lead: User, moving: list[Case], takers: list[User], took: dict[int, int]) -> Ints:
    """The taker of each case: certified, skilled and there today; what they have already counts."""
    today = clock.business_date(clock.now_minute(), lead.organisation.zone)
    team = staff.workers(lead.organisation, takers, today)
    there = np.array([w.certified and w.today != 0 for w in team], bool)
    known = [w.minutes for w in team if w.minutes]
    usual = sum(known) // len(known) if known else 1
    capacity = np.array([(usual if w.minutes is None else w.minutes) if ok else 0 for w, ok in zip(team, there, strict=True)],
                        np.int64)  # fmt: skip
    have = list(Case.objects.filter(owner__in=takers, closed_on=None).exclude(pk__in=[c.pk for c in moving]))
    rows, index = [*have, *moving], {p.pk: i for i, p in enumerate(takers)}
    may = np.ones((len(moving) + 1, len(takers)), bool)
    for number, taker in enumerate(takers):
        barred = set(_barred(moving, skills.barred(taker, today)))
        may[1:, number] = [case.pk not in barred for case in moving]
    kinds = np.array([0] * len(have) + list(range(1, len(moving) + 1)), np.int64)
    held = np.array([index.get(c.owner_id or -1, NOBODY) for c in have] + [NOBODY] * len(moving), np.int64)
    minutes = np.array([max(1, took.get(c.aim, 1)) for c in rows], np.int64)
    value = np.array([c.balance for c in rows], np.int64)
    return deal(Cases(minutes, value, kinds, held), Hands(capacity, may))[len(have) :]


def _barred(moving: list[Case], condition: Q) -> QuerySet[Case, int]:
    found = Case.objects.filter(pk__in=[c.pk for c in moving])
    return (found.filter(condition) if condition else found.none()).values_list("pk", flat=True)


def _sides(people: list[User], moving: list[Case], to: dict[int, int], took: dict[int, int]) -> tuple[Side, ...]:
    now = list(Case.objects.filter(owner__in=people, closed_on=None))
    stay = [c for c in now if c.pk not in to]
    sides = []
    for person in people:
        mine = [c for c in now if c.owner_id == person.pk]
        after = [c for c in stay if c.owner_id == person.pk] + [c for c in moving if to.get(c.pk) == person.pk]
        sides.append(Side(person, *_sums(mine, took), *_sums(after, took)))
    return tuple(sides)


def _sums(cases: list[Case], took: dict[int, int]) -> tuple[int, int, int]:
    return len(cases), sum(took.get(c.aim, 1) for c in cases), sum(c.balance for c in cases)


@transaction.atomic
def cover(lead: User, absence_id: int, *, dry_run: bool) -> Preview:
    """Deal what is due while somebody is away (call-backs, our promises, tasks) to those who are there, with the cases.

    A task about no case becomes free for the team. Raises `NotYours`.
    """
    absence = Absence.objects.filter(pk=absence_id, user__in=access.colleagues_for(lead), cancelled_by="").first()
    if absence is None:
        raise access.NotYours
    zone = lead.organisation.zone
    begins = decide.day_start(absence.first, zone) - MORNING
    ends = decide.day_start(absence.last + timedelta(days=1), zone) - MORNING
    words = OwnPromise.objects.filter(owner=absence.user, done_at__lt=0, due_at__lt=ends)
    tasks = _tasks(absence.user, absence.last, ends)
    due = _due(absence, begins, ends)
    ids = {*due.values_list("pk", flat=True), *words.values_list("case", flat=True),
           *tasks.exclude(case=None).values_list("case", flat=True)}  # fmt: skip
    mine = Case.objects.filter(pk__in=ids, owner=absence.user, closed_on=None).values_list("pk", flat=True)
    said = f"away {absence.first} to {absence.last}"
    preview = reassign_many(lead, sorted(mine), None, said, dry_run=dry_run, without=absence.user_id)
    if not dry_run:
        for case, user in preview.moves:
            _lend(absence, case, user, words.filter(case=case), tasks.filter(case=case))
        free = tasks.filter(case=None).update(owner=None, team=absence.user.team)
        audit.write(lead.username, "absence.cover", "absence", absence.pk, moves=preview.moves, tasks_freed=free)
    return preview


def _tasks(user: User, last: date, ends: int) -> QuerySet[Task]:
    due = Q(due_on__lte=last) | Q(due_at__gte=0, due_at__lt=ends)
    return Task.objects.filter(due, owner=user, state=Task.OPEN)


LONG_DAYS = (
    3  # away so long, or longer: everything to be worked goes to others, not only what is due; a judgement of ours
)


def _due(absence: Absence, begins: int, ends: int) -> QuerySet[Case]:
    """Cases with a call-back or a promise due while somebody is away; away for long: all that would be contacted."""
    promised = Promise.objects.filter(status="OPEN", due_on__gte=absence.first, due_on__lte=absence.last).values("case")
    due = Q(callback_at__gte=begins, callback_at__lt=ends) | Q(pk__in=promised)
    if (absence.last - absence.first).days + 1 >= LONG_DAYS:
        due |= Q(action=Action.CONTACT) | Q(action=Action.WAIT, not_before__lt=ends)
    return Case.objects.filter(due, owner=absence.user, closed_on=None)


def _lend(absence: Absence, case: int, user: int, words: QuerySet[OwnPromise], tasks: QuerySet[Task]) -> None:
    """Note what went along, so that it comes back. Lent on by who covered: it still comes back to the first."""
    went = {"words": list(words.values_list("pk", flat=True)), "tasks": list(tasks.values_list("pk", flat=True))}
    OwnPromise.objects.filter(pk__in=went["words"]).update(owner=user)
    Task.objects.filter(pk__in=went["tasks"]).update(owner=user)
    running = Cover.objects.filter(case=case, ended_on=None).first()
    if running is None:
        Cover.objects.create(absence=absence, case_id=case, given_to_id=user, since=absence.first, **went)
        return
    running.given_to_id = user
    running.words, running.tasks = ([*getattr(running, name), *went[name]] for name in ("words", "tasks"))
    running.save(update_fields=["given_to", "words", "tasks"])


def cover_all(lender: Organisation, on: date) -> int:
    """Cover everybody away on a day, in the name of the lead who recorded it, else of one of the team; how many cases."""
    away = Absence.objects.filter(
        user__organisation=lender, user__is_active=True, first__lte=on, last__gte=on, cancelled_by=""
    )
    moved = 0
    for absence in away.select_related("user").order_by("pk"):
        leads = User.objects.filter(team=absence.user.team_id, role=Role.LEAD, is_active=True).order_by("pk")
        lead = leads.filter(username=absence.entered_by).first() or leads.first()
        if lead is not None:
            moved += len(cover(lead, absence.pk, dry_run=False).moves)
    return moved


def bring_back(actor: str, lender: Organisation, on: date) -> int:
    """Cases lent while somebody was away go back to them, with what went along; how many."""
    over = Q(absence__last__lt=on) | ~Q(absence__cancelled_by="")
    rows = Cover.objects.filter(over, ended_on=None, case__lender=lender).order_by("pk").values_list("pk", flat=True)
    return sum(_back(actor, pk, on) for pk in rows)


@transaction.atomic
def _back(actor: str, cover_id: int, on: date) -> bool:
    row = (
        Cover.objects.select_for_update(of=("self",))
        .select_related("absence__user__team", "case__owner")
        .get(pk=cover_id)
    )
    home = row.absence.user
    if row.ended_on is not None or staff.absent([home], on, on):
        return False
    row.ended_on, row.ended_why = on, _why_ended(row)
    row.save(update_fields=["ended_on", "ended_why"])
    if row.ended_why == "BACK":
        work.give(actor, row.case, home, f"back since {on}")
        OwnPromise.objects.filter(pk__in=row.words, owner=row.given_to_id, done_at__lt=0).update(owner=home)
        Task.objects.filter(pk__in=row.tasks, owner=row.given_to_id, state=Task.OPEN).update(owner=home)
    return row.ended_why == "BACK"


def _why_ended(row: Cover) -> str:
    if row.case.closed_on is not None:
        return "CLOSED"
    if row.case.owner_id != row.given_to_id:
        return "MOVED"
    return "BACK" if row.absence.user.is_active else "LEFT"
