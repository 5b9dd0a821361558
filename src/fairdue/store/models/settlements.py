"""Settlements with deadlines, debts written off in the lender's books while the borrower still owes, searches for payments."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from fairdue.core.settlement import SettlementState
from fairdue.store.models.book import Account
from fairdue.store.models.casework import Case
from fairdue.store.models.parties import Organisation, choices
from fairdue.store.models.tracks import Track
from fairdue.store.models.users import User

LIVE = [int(SettlementState.AWAITING), int(SettlementState.OFFERED)]


class Settlement(models.Model):
    """An offer: pay this much by these days and the rest is let off; late or short, it lapses and what was paid stays."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="settlements")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="settlements")
    state = models.SmallIntegerField(choices=choices(SettlementState))
    since = models.DateField(help_text="Payments count from this day on.")
    before = models.BigIntegerField(default=0, help_text="Paid on that day before the offer was made.")
    total = models.BigIntegerField(help_text="What is to be paid, minor units.")
    last_on = models.DateField(help_text="The day it lapses after.")
    balances = models.JSONField(help_text="What was owed by component when it was made.")
    waived = models.JSONField(help_text="What would be let off by component, as of that day.")
    approvers = models.CharField(max_length=80, default="", help_text="Roles one of which must approve; empty: none.")
    counts = models.BooleanField(default=True, help_text="Counts for performance.")
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    paid = models.BigIntegerField(default=0, help_text="Paid in time, as it was judged last.")
    judged_on = models.DateField(null=True)
    ended_on = models.DateField(null=True, help_text="The day it was kept, or lapsed.")

    class Meta:
        db_table = "settlement"
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(state__in=LIVE), name="one_live_settlement_per_debt"
            )
        ]


class SettlementPart(models.Model):
    """One payment of it."""

    settlement = models.ForeignKey(Settlement, on_delete=models.PROTECT, related_name="parts")
    due_on = models.DateField()
    amount = models.BigIntegerField()

    class Meta:
        db_table = "settlement_part"
        constraints = [models.UniqueConstraint(fields=["settlement", "due_on"], name="settlement_part_once")]


class WriteOff(models.Model):
    """A debt taken out of the lender's balance sheet (核销). The borrower still owes it (账销案存): his ledger is untouched."""

    STATES = (
        ("ASKED", "asked"), ("STANDS", "stands"), ("REFUSED", "refused"), ("UNDO_ASKED", "undo asked"), ("UNDONE", "undone"),
    )  # fmt: skip

    lender = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="write_offs")
    state = models.CharField(max_length=10, choices=STATES, default="ASKED")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    on = models.DateField(null=True, help_text="The day it was booked.")
    after_posting = models.BigIntegerField(default=-1, help_text="Last posting of the debt before it.")
    undone_on = models.DateField(null=True)
    until_posting = models.BigIntegerField(default=-1, help_text="Last posting of the debt before it was undone.")
    undo_reason = models.CharField(max_length=300, default="")

    class Meta:
        db_table = "write_off"
        constraints = [
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(state__in=["ASKED", "STANDS", "UNDO_ASKED"]),
                name="one_write_off_per_debt",
            )
        ]


class WriteOffEntry(models.Model):
    """What a write-off took out of a component's receivable (positive), or put back (negative). Never changed."""

    write_off = models.ForeignKey(WriteOff, on_delete=models.PROTECT, related_name="entries")
    on = models.DateField()
    component = models.SmallIntegerField()
    amount = models.BigIntegerField()

    class Meta:
        db_table = "write_off_entry"


class PaidSearch(models.Model):
    """One look for a payment that a customer says was made: what was looked at, what it may be, or why nothing was found."""

    track = models.ForeignKey(Track, on_delete=models.PROTECT, related_name="searches")
    at = models.BigIntegerField(help_text="Business clock, utc_minute.")
    by = models.CharField(max_length=60)
    amount = models.BigIntegerField(null=True, help_text="What the customer says was paid; null: not said.")
    paid_on = models.DateField(null=True, help_text="When; null: not said.")
    looked = models.JSONField(help_text="How many rows were looked at, by place.")
    found = models.JSONField(help_text="Lines with score and reasons, the best first.")
    last_line = models.BigIntegerField(default=0, help_text="The newest payment there was.")
    why = models.CharField(max_length=30, default="", help_text="Where nothing was found: a code.")

    class Meta:
        db_table = "paid_search"
