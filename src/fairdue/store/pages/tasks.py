"""The page of tasks: what the user has to do, the most urgent first, and what may be taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import F, QuerySet

from fairdue.core.errors import Lang
from fairdue.rules.tasks import load_task_kinds
from fairdue.store import access, clock
from fairdue.store.models import Task, User

SHOWN = 200
SOON_DAYS = 3  # from here on a day is shown as near; a judgement of ours


@dataclass(frozen=True)
class TaskRow:
    """One task, ready to show."""

    task: Task
    title: Mapping[Lang, str]
    by_hand: bool
    mine: bool
    days_left: int | None  # negative: overdue
    urgency: str  # stop, attention, ""


@dataclass(frozen=True)
class TaskPage:
    """Mine, those anybody of my role may take, and those of others that I may see."""

    mine: tuple[TaskRow, ...]
    free: tuple[TaskRow, ...]
    others: tuple[TaskRow, ...]
    ended: tuple[TaskRow, ...]
    today: date
    zone: str


def task_page(user: User) -> TaskPage:
    """Open tasks the user may see. Two queries, whatever the number."""
    zone = user.organisation.zone
    today = clock.business_date(clock.now_minute(), zone)
    rows = [_row(t, user, today) for t in _in_order(access.tasks_for(user).filter(state=Task.OPEN))[:SHOWN]]
    ended = access.tasks_for(user).filter(owner=user).exclude(state=Task.OPEN).order_by("-ended_at")
    return TaskPage(
        tuple(r for r in rows if r.mine), tuple(r for r in rows if r.task.owner_id is None),
        tuple(r for r in rows if r.task.owner_id is not None and not r.mine),
        tuple(_row(t, user, today) for t in _with(ended)[:20]), today, zone,
    )  # fmt: skip


def task_rows(user: User, tasks: QuerySet[Task], today: date) -> tuple[TaskRow, ...]:
    """Tasks for a panel on another page, in order."""
    return tuple(_row(task, user, today) for task in _in_order(tasks)[:SHOWN])


def _with(tasks: QuerySet[Task]) -> QuerySet[Task]:
    return tasks.select_related("case__customer", "owner", "team")


def _in_order(tasks: QuerySet[Task]) -> QuerySet[Task]:
    return _with(tasks).order_by(F("due_on").asc(nulls_last=True), "due_at", "pk")


def _row(task: Task, user: User, today: date) -> TaskRow:
    kind = load_task_kinds()[task.kind]
    left = (task.due_on - today).days if task.due_on else None
    urgency = "" if left is None or left > SOON_DAYS else "attention" if left >= 0 else "stop"
    return TaskRow(task, kind.label, kind.by_hand, task.owner_id == user.pk, left, urgency)
