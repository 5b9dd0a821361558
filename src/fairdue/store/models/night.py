"""The night's own records: a run, its finished parts (so that it can resume), and the lists it made."""

from __future__ import annotations

from django.db import models

from fairdue.store.models.casework import Case, Decision
from fairdue.store.models.parties import Organisation
from fairdue.store.models.users import User


class NightRun(models.Model):
    """One night over one lender's book for one date. Unfinished until published in a single transaction."""

    lender = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    as_of = models.DateField()
    identity = models.CharField(
        max_length=64, help_text="Book, rules, strategy and date: what the result follows from."
    )
    pack = models.CharField(max_length=80)
    pack_revision = models.CharField(max_length=64)
    strategy_revision = models.CharField(max_length=64)
    state = models.CharField(max_length=12, default="RUNNING")  # RUNNING, PUBLISHED, ABANDONED
    started_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    summary = models.JSONField(default=dict)

    class Meta:
        db_table = "night_run"


class DailyStep(models.Model):
    """One step of the work of a day for one lender: done once, unless it failed or was killed."""

    RUNNING, DONE, FAILED, WAITS = "RUNNING", "DONE", "FAILED", "WAITS"

    lender = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    step = models.CharField(max_length=20)
    state = models.CharField(max_length=8, default=RUNNING)
    figures = models.JSONField(default=dict)
    fault = models.CharField(max_length=300, default="", help_text="Code of the fault, or what it waits for.")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "daily_step"
        constraints = [models.UniqueConstraint(fields=["lender", "on", "step"], name="daily_step_once")]


class NightPart(models.Model):
    """A part of a run that is staged and need not be done again."""

    run = models.ForeignKey(NightRun, on_delete=models.CASCADE, related_name="parts")
    first_customer = models.BigIntegerField()
    last_customer = models.BigIntegerField()
    cases = models.BigIntegerField()
    accounts = models.BigIntegerField()

    class Meta:
        db_table = "night_part"
        constraints = [models.UniqueConstraint(fields=["run", "first_customer"], name="part_once")]


class WorkItem(models.Model):
    """A place on somebody's list for a day, with the reason for the place."""

    as_of = models.DateField()
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="work")
    position = models.IntegerField()
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="work")
    decision = models.ForeignKey(Decision, null=True, on_delete=models.PROTECT)
    value = models.BigIntegerField()
    done_at = models.BigIntegerField(default=-1)

    class Meta:
        db_table = "work_item"
        constraints = [models.UniqueConstraint(fields=["as_of", "case"], name="one_place_a_day")]
        indexes = [models.Index(fields=["owner", "as_of", "position"], name="work_owner_day")]


class DemoClock(models.Model):
    """Where the demo's business clock stands. Without demo mode the table stays empty and is never read."""

    at = models.BigIntegerField()

    class Meta:
        db_table = "demo_clock"
