"""Letters: what was written, as it was set and sealed, what became of it on its way, and how they were printed together."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from fairdue.store.models.book import Account
from fairdue.store.models.casework import Attempt, Case
from fairdue.store.models.files import KeptFile
from fairdue.store.models.parties import Organisation, Person, Point
from fairdue.store.models.users import User


class Letterhead(models.Model):
    """What a lender's letters say of the lender itself, and from which amount on a demand needs a second person."""

    lender = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="letterhead")
    address_zh = models.CharField(max_length=200, default="")
    address_en = models.CharField(max_length=200, default="")
    pay_zh = models.CharField(max_length=300, default="")
    pay_en = models.CharField(max_length=300, default="")
    hotline = models.CharField(max_length=40, default="")
    website = models.CharField(max_length=120, default="")
    seal = models.ForeignKey(KeptFile, null=True, on_delete=models.PROTECT, related_name="+")
    large_minor = models.BigIntegerField(
        default=5_000_000, help_text="A judgement: from here on a demand needs approval."
    )

    class Meta:
        db_table = "letterhead"


class LetterBatch(models.Model):
    """Letters printed together, in their order. What is not issued yet when the work is cut off is issued when it goes on."""

    STATES = (("OPEN", "chosen"), ("RUNNING", "running"), ("STOPPED", "stopped"), ("DONE", "done"))
    lender = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=120)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.BigIntegerField(help_text="Business clock, utc_minute.")
    state = models.CharField(max_length=10, choices=STATES, default="OPEN")
    rejects = models.JSONField(
        default=list, help_text="What could not be printed: case, letter, why in both languages."
    )
    manifest = models.ForeignKey(KeptFile, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "letter_batch"
        ordering = ("-pk",)


class LetterVolume(models.Model):
    """One print file of a batch."""

    batch = models.ForeignKey(LetterBatch, on_delete=models.PROTECT, related_name="volumes")
    number = models.IntegerField()
    file = models.ForeignKey(KeptFile, on_delete=models.PROTECT, related_name="+")
    letters = models.IntegerField()
    pages = models.IntegerField()

    class Meta:
        db_table = "letter_volume"
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=["batch", "number"], name="letter_volume_once"),)


class Letter(models.Model):
    """One letter. Its facts are sealed when it is written and never change; a wrong one is withdrawn and written anew."""

    DRAFT, ASKED, READY, ISSUED = "DRAFT", "ASKED", "READY", "ISSUED"
    DISPATCHED, DELIVERED, RETURNED, REFUSED, WITHDRAWN = "DISPATCHED", "DELIVERED", "RETURNED", "REFUSED", "WITHDRAWN"
    STATES = tuple(
        (one, one.lower()) for one in (DRAFT, ASKED, READY, ISSUED, DISPATCHED, DELIVERED, RETURNED, REFUSED, WITHDRAWN)
    )

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="letters")
    lender = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="letters", help_text="Whom it is written to."
    )
    party = models.SmallIntegerField()
    point = models.ForeignKey(
        Point, null=True, on_delete=models.PROTECT, related_name="+", help_text="Where it is sent."
    )
    accounts = models.ManyToManyField(Account, related_name="letters", db_table="letter_account")
    kind = models.CharField(max_length=60)
    revision = models.CharField(max_length=16, help_text="Of the kind's words.")
    lang = models.CharField(max_length=2)
    as_of = models.DateField(help_text="The day of its figures: those of the statement of that day.")
    total = models.BigIntegerField()
    facts_sealed = models.BinaryField(null=True, help_text="Everything it says, sealed.")
    state = models.CharField(max_length=10, choices=STATES, default=DRAFT)
    number = models.CharField(max_length=30, null=True)
    file = models.ForeignKey(KeptFile, null=True, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64, default="")
    pages = models.IntegerField(default=0)
    attempt = models.ForeignKey(Attempt, null=True, on_delete=models.PROTECT, related_name="+")
    batch = models.ForeignKey(LetterBatch, null=True, on_delete=models.PROTECT, related_name="letters")
    place = models.IntegerField(default=0, help_text="Its place in the batch.")
    post_no = models.CharField(max_length=40, default="", help_text="Number of the registered item.")
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.BigIntegerField(help_text="Business clock, utc_minute.")

    class Meta:
        db_table = "letter"
        constraints = (
            models.UniqueConstraint(fields=["lender", "number"], name="letter_number_once"),
            models.UniqueConstraint(fields=["lender", "post_no"], condition=~Q(post_no=""), name="letter_post_no_once"),
        )
        indexes = (models.Index(fields=["case", "state"], name="letter_case_state"),)


class LetterEvent(models.Model):
    """One step of a letter's life, never changed: the proof of dispatch, delivery and return hangs on it."""

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="events")
    step = models.CharField(max_length=12)
    on = models.DateField(help_text="When it happened.")
    at = models.BigIntegerField(help_text="When it was recorded; business clock, utc_minute.")
    by = models.CharField(max_length=60)
    note = models.CharField(max_length=300, default="")
    source = models.CharField(max_length=120, default="", help_text="The file or receipt that tells of it.")
    file = models.ForeignKey(KeptFile, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "letter_event"
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=["letter", "step", "on"], name="letter_step_once_a_day"),)


class MailFile(models.Model):
    """A file of registered mail that was read; the same file again changes nothing."""

    lender = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    mapping = models.CharField(max_length=60)
    rows_read = models.IntegerField(default=0)
    rows_new = models.IntegerField(default=0)
    rows_known = models.IntegerField(default=0)
    rows_rejected = models.IntegerField(default=0)
    rejects = models.ForeignKey(KeptFile, null=True, on_delete=models.PROTECT, related_name="+")
    by = models.CharField(max_length=60)
    at = models.BigIntegerField(help_text="Business clock, utc_minute.")

    class Meta:
        db_table = "mail_file"
        ordering = ("-pk",)
        constraints = (models.UniqueConstraint(fields=["lender", "sha256", "mapping"], name="mail_file_once"),)


class DeliveryConsent(models.Model):
    """That somebody agreed to have letters sent to an address of theirs by e-mail: by what, since when; never assumed."""

    point = models.ForeignKey(Point, on_delete=models.PROTECT, related_name="delivery_consents")
    basis = models.CharField(max_length=200, help_text="The clause, the form, or the call in which it was agreed.")
    agreed_on = models.DateField()
    ended_on = models.DateField(null=True)
    recorded_by = models.CharField(max_length=60)
    at = models.BigIntegerField(help_text="Business clock, utc_minute.")

    class Meta:
        db_table = "delivery_consent"
        constraints = (
            models.UniqueConstraint(fields=["point"], condition=Q(ended_on=None), name="one_standing_delivery_consent"),
        )
