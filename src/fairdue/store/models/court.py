"""Procedures before courts and tribunals: their steps, hearings, deadlines and costs, and filings made in one go."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from fairdue.core.proceedings import OPEN, CourtCost, CourtState, Procedure
from fairdue.store.models.book import Account, Posting
from fairdue.store.models.casework import Case
from fairdue.store.models.files import KeptFile
from fairdue.store.models.parties import Organisation, choices
from fairdue.store.models.users import User

OPEN_STATES = [int(state) for state in sorted(OPEN)]


class FilingBatch(models.Model):
    """Many like cases filed in one go: resumable, with what was refused and why."""

    lender = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=120)
    procedure = models.SmallIntegerField(choices=choices(Procedure))
    court = models.CharField(max_length=200)
    state = models.CharField(max_length=10, default="WAITING")  # WAITING, RUNNING, DONE, STOPPED
    cases = models.JSONField(default=list, help_text="Numbers of the cases, in order.")
    position = models.IntegerField(default=0, help_text="Cases gone through.")
    rejects = models.JSONField(default=list, help_text="Case, code and sentence in both languages.")
    bundle = models.ForeignKey(KeptFile, null=True, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.BigIntegerField()
    reason = models.CharField(max_length=300, default="")

    class Meta:
        db_table = "filing_batch"


class Proceeding(models.Model):
    """One procedure about one case: from its papers to its end."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="proceedings")
    lender = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    procedure = models.SmallIntegerField(choices=choices(Procedure))
    state = models.SmallIntegerField(choices=choices(CourtState), default=CourtState.PREPARING)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="followers")
    batch = models.ForeignKey(FilingBatch, null=True, on_delete=models.PROTECT, related_name="proceedings")
    firm = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    handed_on = models.DateField(null=True)
    returned_on = models.DateField(null=True)
    court = models.CharField(max_length=200, default="")
    reference = models.CharField(max_length=100, default="", help_text="The court's number of the case.")
    claim = models.BigIntegerField(help_text="Minor units.")
    reason = models.CharField(max_length=300, default="")
    economics = models.JSONField(default=dict, help_text="The figures on which it was decided.")
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    opened_on = models.DateField()
    filed_on = models.DateField(null=True)
    served_on = models.DateField(null=True)
    decided_on = models.DateField(null=True)
    effective_on = models.DateField(null=True)
    perform_by = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    outcome = models.CharField(max_length=300, default="")
    awarded = models.BigIntegerField(null=True)
    bundle = models.ForeignKey(KeptFile, null=True, on_delete=models.PROTECT, related_name="+")
    sheet = models.ForeignKey(KeptFile, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "proceeding"
        constraints = (
            models.UniqueConstraint(
                fields=["case", "procedure"], condition=Q(state__in=OPEN_STATES), name="one_open_procedure_of_a_kind"
            ),
        )
        indexes = (models.Index(fields=["lender", "state"], name="proceeding_state"),)


class ProceedingStep(models.Model):
    """A step of a procedure: never changed, never removed."""

    proceeding = models.ForeignKey(Proceeding, on_delete=models.PROTECT, related_name="steps")
    at = models.BigIntegerField(help_text="Business clock, utc_minute.")
    on = models.DateField(help_text="When it took effect.")
    actor = models.CharField(max_length=60)
    step = models.CharField(max_length=20)
    note = models.TextField(default="")
    data = models.JSONField(default=dict)

    class Meta:
        db_table = "proceeding_step"


class Hearing(models.Model):
    """A day in court."""

    proceeding = models.ForeignKey(Proceeding, on_delete=models.PROTECT, related_name="hearings")
    at = models.BigIntegerField(help_text="utc_minute.")
    place = models.CharField(max_length=200, default="")
    state = models.CharField(max_length=10, default="SET")  # SET, HELD, MOVED
    outcome = models.CharField(max_length=300, default="")

    class Meta:
        db_table = "hearing"


class ProceedingDeadline(models.Model):
    """A day by which something has to be done in a procedure."""

    proceeding = models.ForeignKey(Proceeding, on_delete=models.PROTECT, related_name="deadlines")
    kind = models.CharField(max_length=40, help_text="A code of rules/court.")
    due_on = models.DateField()
    provisional = models.BooleanField(default=False)
    basis = models.JSONField(default=dict, help_text="What the day follows from: zh and en.")
    done_on = models.DateField(null=True)

    class Meta:
        db_table = "proceeding_deadline"
        constraints = (models.UniqueConstraint(fields=["proceeding", "kind"], name="one_deadline_of_a_kind"),)


class ProceedingCost(models.Model):
    """What was paid to a court, a lawyer or for service, and the line of the ledger it stands on."""

    proceeding = models.ForeignKey(Proceeding, on_delete=models.PROTECT, related_name="costs")
    kind = models.SmallIntegerField(choices=choices(CourtCost))
    on = models.DateField()
    amount = models.BigIntegerField()
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    posting = models.OneToOneField(Posting, null=True, on_delete=models.PROTECT, related_name="+")
    ref = models.CharField(max_length=120, default="", help_text="Of the receipt.")

    class Meta:
        db_table = "proceeding_cost"
        constraints = (models.UniqueConstraint(fields=["proceeding", "kind", "ref"], name="one_cost_per_receipt"),)
