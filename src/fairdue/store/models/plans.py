"""What a household said it can spare, the plans that were proposed from it, their instalments, and every step they took."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from fairdue.core.plan_state import OFFERED, RUNNING, PlanState
from fairdue.core.plan_terms import Hardship, OfferKind
from fairdue.store.models.book import Account
from fairdue.store.models.casework import Case
from fairdue.store.models.files import KeptFile
from fairdue.store.models.parties import Organisation, choices
from fairdue.store.models.users import User

OPEN_OFFERS = [int(state) for state in OFFERED]
RUNNING_PLANS = [int(state) for state in RUNNING]


class Means(models.Model):
    """Income and outgoings as a person said them on a day. Never changed: saying them again makes a new row."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="means")
    on = models.DateField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT)
    place = models.CharField(max_length=80, default="")
    adults = models.SmallIntegerField(default=1)
    children = models.SmallIntegerField(default=0)
    hardship = models.SmallIntegerField(choices=choices(Hardship), default=0)
    pay_day = models.SmallIntegerField(default=0)
    lump = models.BigIntegerField(null=True, help_text="A sum at hand; null: not asked.")
    income = models.JSONField(default=dict, help_text="Line → amount and whether it is evidenced.")
    outgoings = models.JSONField(default=dict, help_text="Line → amount.")
    words = models.TextField(default="", help_text="In the borrower's own words.")

    class Meta:
        db_table = "means"


class MeansProof(models.Model):
    """A paper that shows income or outgoings, as the person brought it: for somebody to look at, proof of nothing by itself."""

    means = models.ForeignKey(Means, on_delete=models.PROTECT, related_name="proofs")
    file = models.OneToOneField(KeptFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "means_proof"


class Plan(models.Model):
    """One way out for one debt, with every figure it was offered with. Money in minor units, rates in parts per million."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="plans")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="plans")
    means = models.ForeignKey(Means, null=True, on_delete=models.PROTECT)
    state = models.SmallIntegerField(choices=choices(PlanState))
    code = models.CharField(max_length=40)
    kind = models.SmallIntegerField(choices=choices(OfferKind))
    months = models.SmallIntegerField()
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_on = models.DateField()
    reason = models.CharField(max_length=300, default="")
    balances = models.JSONField(help_text="What was owed by component when it was worked out.")
    waived = models.JSONField(help_text="What is let off by component.")
    at_end = models.BooleanField(help_text="Let off once all is paid; else on acceptance.")
    total = models.BigIntegerField()
    interest = models.BigIntegerField()
    annual_ppm = models.BigIntegerField()
    eac_ppm = models.BigIntegerField()
    pv = models.BigIntegerField()
    risk_ppm = models.BigIntegerField()
    share_ppm = models.BigIntegerField()
    left = models.BigIntegerField()
    protected = models.BigIntegerField()
    order = models.CharField(max_length=80)
    grace_days = models.SmallIntegerField()
    break_days = models.SmallIntegerField()
    review_on = models.DateField(null=True)
    approvers = models.CharField(max_length=80, default="", help_text="Roles one of which must approve; empty: none.")
    counts = models.BooleanField(default=True, help_text="Counts for performance.")
    terms = models.CharField(max_length=40)
    revision = models.CharField(max_length=64)
    supersedes = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="superseded_by")
    accepted_on = models.DateField(null=True)
    accepted_at = models.BigIntegerField(default=-1)
    consent_how = models.SmallIntegerField(default=-1)
    consent_words = models.TextField(default="")
    consent_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    text_sha256 = models.CharField(max_length=64, default="", help_text="Of the agreement as it was read out or shown.")
    judged_on = models.DateField(null=True)
    check_on = models.DateField(
        null=True, help_text="First day on which it may change without a payment; null: any day."
    )
    paid = models.BigIntegerField(default=0)
    ended_on = models.DateField(null=True)

    class Meta:
        db_table = "plan"
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(state__in=RUNNING_PLANS), name="one_running_plan_per_debt"
            ),
            models.UniqueConstraint(
                fields=["account"], condition=Q(state__in=OPEN_OFFERS), name="one_open_offer_per_debt"
            ),
        ]


class PlanPayment(models.Model):
    """One instalment of a plan."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="payments")
    number = models.SmallIntegerField()
    due_on = models.DateField()
    amount = models.BigIntegerField()
    interest = models.BigIntegerField(default=0)
    posted = models.BooleanField(default=False, help_text="Its interest stands on our ledger.")

    class Meta:
        db_table = "plan_payment"
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="plan_payment_once")]


class PlanEvent(models.Model):
    """One step in the life of a plan. Never changed."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="events")
    on = models.DateField()
    at = models.BigIntegerField(help_text="Minutes since 1970-01-01T00:00Z.")
    state_from = models.SmallIntegerField(default=-1)
    state_to = models.SmallIntegerField()
    by = models.CharField(max_length=60)
    note = models.CharField(max_length=300, default="")

    class Meta:
        db_table = "plan_event"


class Approval(models.Model):
    """Something one person asks for and a second one decides. What it is about is named by `kind` and `subject_id`."""

    PENDING, GRANTED, REFUSED, WITHDRAWN = "PENDING", "GRANTED", "REFUSED", "WITHDRAWN"

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    kind = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="approvals")
    roles = models.CharField(max_length=80, help_text="Role names, one of which may decide.")
    state = models.CharField(max_length=10, default=PENDING)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.BigIntegerField()
    reason = models.CharField(max_length=300, default="")
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.BigIntegerField(default=-1)
    decision_reason = models.CharField(max_length=300, default="")

    class Meta:
        db_table = "approval"
        indexes = [models.Index(fields=["organisation", "state"], name="approval_open")]
