"""What the customer's own site keeps: invitations, tries that failed, wishes, numbers of ours, and payments begun there."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from fairdue.store.models.book import Account
from fairdue.store.models.casework import Case
from fairdue.store.models.parties import Organisation, Person, Point


class Invitation(models.Model):
    """One way in, for one person, once. Only keyed hashes of the link and the code are kept."""

    lender = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="invitations")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="invitations")
    point = models.ForeignKey(
        Point, null=True, on_delete=models.PROTECT, help_text="Where it was sent; null: read out or copied."
    )
    link_hash = models.CharField(max_length=64, unique=True)
    code_hash = models.CharField(max_length=64, unique=True)
    made_by = models.CharField(max_length=60)
    made_at = models.BigIntegerField(help_text="Business clock, utc_minute.")
    expires_at = models.BigIntegerField(help_text="Business clock, utc_minute.")
    used_at = models.BigIntegerField(default=-1)
    ended_at = models.BigIntegerField(default=-1, help_text="Locked, withdrawn or replaced; -1: no.")
    ended_why = models.CharField(max_length=20, default="")

    class Meta:
        db_table = "invitation"


class SiteTry(models.Model):
    """Tries that failed lately, for one link, one address, or everybody; and until when the next one waits."""

    key = models.CharField(max_length=64, unique=True, help_text="Keyed hash: no address is kept.")
    failures = models.IntegerField(default=0)
    since = models.BigIntegerField(
        db_index=True, help_text="Wall clock in seconds: the machine's time, not the business's."
    )
    wait_until = models.BigIntegerField(default=0)

    class Meta:
        db_table = "site_try"


class Wish(models.Model):
    """How a person wants to be reached: the word a caller must say, and the ways that were refused."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="wish")
    word_sealed = models.BinaryField(null=True)
    refused = models.JSONField(default=list, help_text="Names of channels.")
    at = models.BigIntegerField(help_text="Business clock, utc_minute.")

    class Meta:
        db_table = "wish"


class OurNumber(models.Model):
    """A number the lender or its agency calls from: public, so that anybody may check a caller."""

    lender = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="numbers")
    number = models.CharField(max_length=20)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)

    class Meta:
        db_table = "our_number"
        constraints = [models.UniqueConstraint(fields=["lender", "number"], name="our_number_once")]


class Transfer(models.Model):
    """A payment a person began on the site; money counts when the provider has said so, signed."""

    BEGUN, PAID, FAILED = "BEGUN", "PAID", "FAILED"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="transfers")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="transfers")
    reference = models.CharField(max_length=32, unique=True)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    exponent = models.SmallIntegerField()
    provider = models.CharField(max_length=20)
    provider_ref = models.CharField(max_length=60, default="")
    state = models.CharField(max_length=8, default=BEGUN)
    begun_at = models.BigIntegerField(help_text="Business clock, utc_minute.")
    ended_at = models.BigIntegerField(default=-1)

    class Meta:
        db_table = "transfer"
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="transfer_is_money")]
