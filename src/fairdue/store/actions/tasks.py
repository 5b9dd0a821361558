"""Tasks: made by people and by the system, taken, done with an outcome, or cancelled with a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from fairdue.core.codes import UNKNOWN
from fairdue.core.errors import Fault, Lang
from fairdue.rules.tasks import load_task_kinds
from fairdue.store import access, audit, clock
from fairdue.store.models import Case, Organisation, Task, Team, User


class UnknownTask(Fault):
    """The kind is not in the list."""

    code = "task.unknown-kind"
    en, en_remedy = "There is no kind of task '{kind}'.", "Use a code of rules/tasks.yaml, or add a line to it."
    zh, zh_remedy = "没有任务类型“{kind}”。", "请使用 rules/tasks.yaml 中的代码，或在其中补充。"


class TaskForNobody(Fault):
    """Somebody must be able to see it."""

    code = "task.for-nobody"
    en, en_remedy = "A task needs somebody to do it.", "Name a person, a team or a role."
    zh, zh_remedy = "任务须有承办人。", "请指定人员、小组或岗位。"


class TaskEnded(Fault):
    """It was done or cancelled before."""

    code = "task.ended"
    en, en_remedy = "This task has already ended.", "Nothing needs to be done."
    zh, zh_remedy = "该任务已结束。", "无需再次操作。"


class TaskEndsOtherwise(Fault):
    """A decision ends it, not a tick."""

    code = "task.ends-otherwise"
    en, en_remedy = "This task ends by what it is about.", "Open what it is about and decide there."
    zh, zh_remedy = "该任务须在所涉事项中办理。", "请打开所涉事项并在其中作出决定。"


class OutcomeNeeded(Fault):
    """A tick without words proves nothing."""

    code = "task.outcome-needed"
    en, en_remedy = "Say what came of the task.", "Write a sentence that somebody else would understand."
    zh, zh_remedy = "请填写办理结果。", "请写一句他人能看懂的话。"


Words = str | Mapping[Lang, str]  # what a person writes is the same in both languages


@dataclass(frozen=True)
class Due:
    """When it is due, and what that follows from in a sentence (days, article, confidence)."""

    on: date | None = None
    at: int = UNKNOWN
    clock: Words = ""


@dataclass(frozen=True)
class Whom:
    """Who does it: a person, or whoever of a team or a role takes it first."""

    owner: User | None = None
    team: Team | None = None
    role: int = UNKNOWN


@dataclass(frozen=True)
class About:
    """The row it is about: its kind, its number and, where there is one, the case."""

    case: Case | None = None
    kind: str = ""
    id: int | None = None


@transaction.atomic
def open_task(
    actor: str, organisation: Organisation, kind: str, whom: Whom, *, due: Due = Due(), about: About = About(),
    detail: Words = "",
) -> Task:  # fmt: skip
    """A new task. Raises `UnknownTask`, `TaskForNobody`."""
    if kind not in load_task_kinds():
        raise UnknownTask(kind=kind)
    if whom == Whom():
        raise TaskForNobody
    task = Task.objects.create(
        organisation=organisation, case=about.case, kind=kind, detail=_both(detail), about=about.kind, about_id=about.id,
        owner=whom.owner, team=whom.team, role=whom.role, due_on=due.on, due_at=due.at, clock=_both(due.clock),
        created_by=actor, created_at=clock.now_minute(),
    )  # fmt: skip
    audit.write(actor, "task.open", "task", task.pk, kind=kind, case=task.case_id, due=due.on)
    return task


@transaction.atomic
def take(user: User, task_id: int) -> Task:
    """Make a task of one's role one's own. Raises `NotYours`, `TaskEnded`."""
    task = _open(access.get_task(user, task_id))
    if task.owner_id != user.pk:
        task.owner = user
        task.save(update_fields=["owner"])
        audit.write(user.username, "task.take", "task", task.pk)
    return task


@transaction.atomic
def finish(user: User, task_id: int, outcome: str, evidence: Sequence[str] = ()) -> Task:
    """Say what came of it. Raises `NotYours`, `TaskEnded`, `TaskEndsOtherwise`, `OutcomeNeeded`."""
    task = access.get_task(user, task_id)
    if not load_task_kinds()[task.kind].by_hand:
        raise TaskEndsOtherwise
    if not outcome.strip():
        raise OutcomeNeeded
    return _end(task, Task.DONE, user.username, outcome.strip(), evidence)


@transaction.atomic
def cancel(user: User, task_id: int, reason: str) -> Task:
    """It need not be done any more. Raises `NotYours`, `TaskEnded`, `TaskEndsOtherwise`, `OutcomeNeeded`."""
    task = access.get_task(user, task_id)
    if not load_task_kinds()[task.kind].by_hand:
        raise TaskEndsOtherwise
    if not reason.strip():
        raise OutcomeNeeded
    return _end(task, Task.CANCELLED, user.username, reason.strip(), ())


@transaction.atomic
def end_about(actor: str, kind: str, row_id: int, outcome: str, *, only: Sequence[str] = (), done: bool = True) -> int:
    """What the tasks were about has ended: end those that are open (`only` of some kinds); how many there were."""
    found = Task.objects.select_for_update().filter(about=kind, about_id=row_id, state=Task.OPEN)
    if only:
        found = found.filter(kind__in=only)
    tasks = list(found)
    for task in tasks:
        _end(task, Task.DONE if done else Task.CANCELLED, actor, outcome, ())
    return len(tasks)


def _both(words: Words) -> dict[str, str]:
    return {"zh": words, "en": words} if isinstance(words, str) else {"zh": words["zh"], "en": words["en"]}


def _open(task: Task) -> Task:
    locked = Task.objects.select_for_update().get(pk=task.pk)
    if locked.state != Task.OPEN:
        raise TaskEnded
    return locked


def _end(task: Task, state: str, by: str, outcome: str, evidence: Sequence[str]) -> Task:
    task = _open(task)
    task.state, task.outcome, task.evidence = state, outcome[:300], list(evidence)
    task.ended_by, task.ended_at = by, clock.now_minute()
    task.save(update_fields=["state", "outcome", "evidence", "ended_by", "ended_at"])
    audit.write(by, f"task.{state.lower()}", "task", task.pk, reason=outcome[:300])
    return task
