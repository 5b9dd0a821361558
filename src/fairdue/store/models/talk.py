"""What contacts taught, what the lender itself promised, and how far a talk has come."""

from __future__ import annotations

from django.db import models

from fairdue.core.codes import Sure, Told, Word
from fairdue.store.models.casework import Attempt, Case
from fairdue.store.models.parties import choices
from fairdue.store.models.users import User


class CaseFact(models.Model):
    """Something learned about a case. Never changed: a newer fact supersedes it, and both stay.

    `name` and the spelling of `value` are those of the catalogue of facts (`rules/talk/facts.yaml`).
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="facts")
    name = models.CharField(max_length=40)
    value = models.CharField(max_length=300)
    source = models.SmallIntegerField(choices=choices(Told))
    sure = models.SmallIntegerField(choices=choices(Sure))
    attempt = models.ForeignKey(Attempt, null=True, on_delete=models.PROTECT, related_name="facts")
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT)
    on = models.DateField(help_text="The day it was learned, at the lender's place.")
    supersedes = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="superseded_by")

    class Meta:
        db_table = "case_fact"
        indexes = [models.Index(fields=["case", "name"], name="case_fact_name")]


class OwnPromise(models.Model):
    """The lender's word to a borrower: somebody owns it, it is due at a time, and it is kept or it is not."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="own_promises")
    attempt = models.ForeignKey(Attempt, null=True, on_delete=models.PROTECT, related_name="own_promises")
    kind = models.SmallIntegerField(choices=choices(Word))
    text = models.CharField(max_length=300, default="")
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="own_promises")
    made_at = models.BigIntegerField(help_text="Minutes since 1970-01-01T00:00Z.")
    due_at = models.BigIntegerField()
    done_at = models.BigIntegerField(default=-1)
    done_text = models.CharField(max_length=300, default="")

    class Meta:
        db_table = "own_promise"
        indexes = [models.Index(fields=["owner", "done_at"], name="own_promise_owner")]

    def standing(self, now: int) -> str:
        """KEPT, LATE (done after it was due), OPEN or BROKEN (due and not done)."""
        if self.done_at >= 0:
            return "KEPT" if self.done_at <= self.due_at else "LATE"
        return "OPEN" if now <= self.due_at else "BROKEN"


class TalkStep(models.Model):
    """One step of a talk along its script: which node was left by which answer. Never changed."""

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="steps")
    number = models.SmallIntegerField()
    node = models.CharField(max_length=30)
    answer = models.CharField(max_length=30)
    to = models.CharField(
        max_length=30, default="", help_text="The node it led to; empty: the talk stayed where it was."
    )
    at = models.BigIntegerField()

    class Meta:
        db_table = "talk_step"
        constraints = [models.UniqueConstraint(fields=["attempt", "number"], name="talk_step_once")]
