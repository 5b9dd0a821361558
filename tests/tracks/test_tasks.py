from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import cast
from fairdue.core.codes import Role
from fairdue.rules.reading import WrongFiles
from fairdue.rules.tasks import load_task_kinds, read_task_kinds
from fairdue.store import access, audit
from fairdue.store.access import NotYours
from fairdue.store.actions import tasks
from fairdue.store.actions.tasks import About, Due, Whom
from fairdue.store.models import AuditRow, Task
from person import Person
from worlds import World


def lender() -> object:
    return cast.user(cast.LEAD).organisation


def made(whom: Whom, kind: str = "CALL_BACK", due: date | None = None) -> Task:
    return tasks.open_task("system", lender(), kind, whom, due=Due(due))  # type: ignore[arg-type]  # the cast's lender


def sees(username: str) -> set[int]:
    return set(access.tasks_for(cast.user(username)).values_list("pk", flat=True))


def test_a_task_is_seen_by_its_owner_the_own_lead_and_compliance(both: World) -> None:
    task = made(Whom(owner=cast.user(cast.COLLECTOR)))
    who = {cast.COLLECTOR, cast.LEAD, cast.OFFICER}
    assert {name for name in cast.EVERYBODY if task.pk in sees(name)} == who


def test_a_task_of_a_role_may_be_taken_by_one_of_them_once(both: World) -> None:
    task = made(Whom(role=Role.COMPLIANCE))
    assert {name for name in cast.EVERYBODY if task.pk in sees(name)} == {cast.OFFICER}
    tasks.take(cast.user(cast.OFFICER), task.pk)
    tasks.take(cast.user(cast.OFFICER), task.pk)
    assert AuditRow.objects.filter(verb="task.take").count() == 1
    with pytest.raises(NotYours):
        tasks.take(cast.user(cast.COLLECTOR), task.pk)


def test_a_task_of_a_team_is_free_for_that_team_only(desk: World) -> None:
    team = cast.user(cast.COLLECTOR).team
    task = made(Whom(team=team, role=Role.COLLECTOR))
    assert task.pk in sees(cast.COLLEAGUE) & sees(cast.LEAD)
    assert task.pk not in sees(cast.OTHER_TEAM) | sees(cast.OTHER_LEAD) | sees(cast.STRANGER) | sees(cast.AGENCY)


def test_a_task_ends_once_and_says_how(both: World) -> None:
    user = cast.user(cast.COLLECTOR)
    task = made(Whom(owner=user))
    with pytest.raises(tasks.OutcomeNeeded):
        tasks.finish(user, task.pk, "  ")
    ended = tasks.finish(user, task.pk, "called back, paid", evidence=["attempt 7"])
    assert (ended.state, ended.outcome, ended.evidence, ended.ended_by) == (
        "DONE", "called back, paid", ["attempt 7"], cast.COLLECTOR,
    )  # fmt: skip
    with pytest.raises(tasks.TaskEnded):
        tasks.cancel(user, task.pk, "again")
    assert audit.verify() is None


def test_a_task_needs_a_known_kind_and_somebody_to_do_it(desk: World) -> None:
    with pytest.raises(tasks.UnknownTask):
        made(Whom(role=Role.LEAD), kind="NONSENSE")
    with pytest.raises(tasks.TaskForNobody):
        made(Whom())
    assert not Task.objects.exists()


def test_what_a_decision_ends_is_not_ticked_off(desk: World) -> None:
    user = cast.user(cast.OFFICER)
    task = made(Whom(owner=user), kind="DECIDE_TRACK")
    for step in (tasks.finish, tasks.cancel):
        with pytest.raises(tasks.TaskEndsOtherwise):
            step(user, task.pk, "done")


def test_when_what_it_is_about_ends_the_task_ends_too(desk: World) -> None:
    about = About(kind="track", id=7)
    for kind in ("DECIDE_TRACK", "COLLECT_EVIDENCE"):
        tasks.open_task("system", lender(), kind, Whom(role=Role.LEAD), about=about)  # type: ignore[arg-type]
    assert tasks.end_about("system", "track", 7, "upheld", only=["DECIDE_TRACK"]) == 1
    assert tasks.end_about("system", "track", 7, "closed", done=False) == 1
    assert dict(Task.objects.values_list("kind", "state")) == {"DECIDE_TRACK": "DONE", "COLLECT_EVIDENCE": "CANCELLED"}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_shows_the_most_urgent_first_and_takes_an_outcome(desk: World, language: str) -> None:
    user = cast.user(cast.COLLECTOR)
    late, soon = made(Whom(owner=user), due=date(2026, 9, 1)), made(Whom(owner=user), due=date(2026, 10, 1))
    page = Person(cast.COLLECTOR, language).get("/tasks/")
    assert page.index(f"/tasks/{late.pk}/") < page.index(f"/tasks/{soon.pk}/")
    assert ("Overdue" if language == "en" else "已超期") in page
    Person(cast.COLLECTOR, language).post(f"/tasks/{late.pk}/", do="done", outcome="paid")
    assert Task.objects.get(pk=late.pk).state == "DONE"
    assert f'action="/tasks/{late.pk}/"' not in Person(cast.COLLECTOR, language).get("/tasks/")


def test_somebody_elses_task_is_not_there(desk: World) -> None:
    task = made(Whom(owner=cast.user(cast.COLLECTOR)))
    for username in (cast.COLLEAGUE, cast.OTHER_LEAD, cast.STRANGER, cast.AGENCY, cast.FINANCE):
        assert Person(username).status(f"/tasks/{task.pk}/", post=True, do="take") == 404


def test_every_wrong_list_of_kinds_is_named_with_its_line(tmp_path: Path) -> None:
    assert load_task_kinds()["DECIDE_TRACK"].by_hand is False
    path = tmp_path / "tasks.yaml"
    path.write_text(
        "bad code: {zh: 甲, en: A, ends: by}\nGOOD: {zh: 甲, en: A, ends: never}\nLESS: {zh: 甲, ends: by}\n", "utf-8"
    )
    with pytest.raises(WrongFiles) as wrong:
        read_task_kinds(path)
    assert [f.fields["line"] for f in wrong.value.faults] == [1, 2, 3]
