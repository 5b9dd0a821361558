"""Tasks: what somebody has to do by a day, whatever it is about, so that nothing promised is only remembered."""

from __future__ import annotations

from django.db import models

from fairdue.store.models.casework import Case
from fairdue.store.models.parties import Organisation
from fairdue.store.models.users import Team, User


class Task(models.Model):
    """One thing to do. It belongs to a person, else to whoever of a role (and team) takes it first."""

    OPEN, DONE, CANCELLED = "OPEN", "DONE", "CANCELLED"

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, help_text="Whose people do it.")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="tasks")
    kind = models.CharField(max_length=40, help_text="A code of rules/tasks.yaml.")
    detail = models.JSONField(default=dict, help_text="What exactly, in a sentence: zh and en.")
    about = models.CharField(max_length=40, default="", help_text="Kind of row it is about, such as track.")
    about_id = models.BigIntegerField(null=True)
    owner = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="tasks")
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    role = models.SmallIntegerField(default=-1, help_text="Code of `core.codes.Role`; -1: any.")
    due_on = models.DateField(null=True, help_text="Last day; null: no day.")
    due_at = models.BigIntegerField(default=-1, help_text="The minute it is due, utc_minute; -1: by the day.")
    clock = models.JSONField(default=dict, help_text="What the time follows from: zh and en.")
    state = models.CharField(max_length=10, default=OPEN)
    outcome = models.CharField(max_length=300, default="")
    evidence = models.JSONField(default=list, help_text="What shows that it was done: rows or files by name.")
    created_by = models.CharField(max_length=60)
    created_at = models.BigIntegerField(help_text="Business clock, utc_minute.")
    ended_by = models.CharField(max_length=60, default="")
    ended_at = models.BigIntegerField(default=-1)

    class Meta:
        db_table = "task"
        indexes = [
            models.Index(fields=["owner", "state", "due_on"], name="task_owner_due"),
            models.Index(fields=["organisation", "role", "state"], name="task_role_state"),
            models.Index(fields=["about", "about_id"], name="task_about"),
        ]
