"""The loan book: batches, accounts, schedules, months of history, and the append-only ledger."""

from __future__ import annotations

from django.db import models

from fairdue.store.models.parties import PRODUCTS, Organisation, Person


class Batch(models.Model):
    """One file that was loaded. Its identity (file, mapping, date) makes loading it twice change nothing."""

    lender = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    identity = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=20)
    file_name = models.CharField(max_length=255)
    file_sha256 = models.CharField(max_length=64)
    mapping = models.CharField(max_length=80)
    mapping_revision = models.CharField(max_length=64)
    as_of = models.DateField(null=True)
    state = models.CharField(max_length=12, default="LOADING")  # LOADING, LOADED
    rows_read = models.BigIntegerField(default=0)
    rows_loaded = models.BigIntegerField(default=0)
    rows_rejected = models.BigIntegerField(default=0)
    control = models.JSONField(default=dict, help_text="Control totals and what was left out, with the reasons.")
    rejects_file = models.CharField(max_length=255, default="")
    started_at = models.DateTimeField()
    loaded_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "batch"


class Account(models.Model):
    """A debt. Rates are parts per million a year (-1: unknown), money is in minor units of the currency."""

    lender = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    customer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="accounts")
    account_no = models.CharField(max_length=80)
    product = models.SmallIntegerField(choices=PRODUCTS)
    currency = models.CharField(max_length=3)
    exponent = models.SmallIntegerField()
    opened_on = models.DateField(null=True)
    formed_on = models.DateField(null=True)
    credit_limit = models.BigIntegerField(null=True)
    annual_ppm = models.BigIntegerField(default=-1)
    penalty_ppm = models.BigIntegerField(default=-1)
    day_count = models.SmallIntegerField(default=-1)
    compound = models.BooleanField(default=False)
    allocation_order = models.CharField(max_length=80, default="")
    components_known = models.BooleanField(default=True)
    oldest_unpaid_due = models.DateField(null=True, help_text="The lender's figure; a schedule of ours goes before it.")
    lender_balance = models.BigIntegerField()
    lender_as_of = models.DateField()
    plan_status = models.SmallIntegerField(default=0)
    accrued_to = models.DateField()
    carry_interest = models.BigIntegerField(default=0)
    carry_penalty = models.BigIntegerField(default=0)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT)

    class Meta:
        db_table = "account"
        constraints = [models.UniqueConstraint(fields=["lender", "account_no"], name="account_once_per_lender")]

    def __str__(self) -> str:
        return self.account_no


class Instalment(models.Model):
    """One due date of a schedule."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="instalments")
    due_on = models.DateField()
    amount = models.BigIntegerField()

    class Meta:
        db_table = "instalment"
        constraints = [models.UniqueConstraint(fields=["account", "due_on"], name="instalment_once")]


class AccountMonth(models.Model):
    """A past month as the lender reported it; 1 is the month of the book's date. `missed` is the lender's raw code."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="months")
    month = models.DateField(help_text="First day of the month.")
    missed = models.SmallIntegerField(null=True)
    billed = models.BigIntegerField(null=True)
    paid = models.BigIntegerField(null=True)

    class Meta:
        db_table = "account_month"
        constraints = [models.UniqueConstraint(fields=["account", "month"], name="month_once")]


class AccountPause(models.Model):
    """Days that do not age the account: dated, may be entered after the fact."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="pauses")
    starts_on = models.DateField()
    ends_on = models.DateField(help_text="First day that ages again.")
    reason = models.CharField(max_length=200)

    class Meta:
        db_table = "account_pause"


class Posting(models.Model):
    """One line of the ledger, never changed: positive raises what is owed, a mistake is reversed by its mirror."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="postings")
    value_date = models.DateField()
    component = models.SmallIntegerField()
    amount = models.BigIntegerField()
    kind = models.SmallIntegerField()
    ref = models.CharField(max_length=120, default="")
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversed_by")
    batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT)
    run = models.ForeignKey("NightRun", null=True, on_delete=models.PROTECT)
    booked_at = models.DateTimeField()

    class Meta:
        db_table = "posting"
        indexes = [models.Index(fields=["account", "value_date"], name="posting_account_date")]


class LenderCheck(models.Model):
    """Where our ledger and the lender's figure differ, when ours is the truth."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT)
    on = models.DateField()
    ours = models.BigIntegerField()
    lenders = models.BigIntegerField()
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT)

    class Meta:
        db_table = "lender_check"
