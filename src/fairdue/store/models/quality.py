"""Quality: what was said on a contact, which contacts are listened to and why, what reviewers found, what was answered."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from fairdue.store.models.casework import Attempt, Case
from fairdue.store.models.files import KeptFile
from fairdue.store.models.parties import Organisation
from fairdue.store.models.users import User


class Recording(models.Model):
    """The sound of a contact, its transcript, or both; the files lie sealed in the vault and go when their time is over."""

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="recordings")
    sound = models.ForeignKey(KeptFile, null=True, on_delete=models.PROTECT, related_name="+")
    transcript = models.ForeignKey(KeptFile, null=True, on_delete=models.PROTECT, related_name="+")
    seconds = models.IntegerField(default=-1, help_text="Length; -1: unknown.")
    silent_ppm = models.IntegerField(default=-1, help_text="Share of the time in which nobody speaks; -1: unknown.")
    verdict = models.SmallIntegerField(default=-1, help_text="Of the wording check when it came in; -1: no transcript.")
    codes = models.CharField(max_length=120, default="", help_text="Codes of the wording check, by comma.")
    came_by = models.CharField(max_length=10, help_text="PAGE or IMPORT.")
    added_by = models.CharField(max_length=60)
    added_at = models.BigIntegerField(help_text="Business clock, utc_minute.")

    class Meta:
        db_table = "recording"
        constraints = [
            models.CheckConstraint(
                condition=Q(sound__isnull=False) | Q(transcript__isnull=False), name="recording_of_something"
            )
        ]


class Sample(models.Model):
    """A contact that was drawn to be listened to, and why; a contact is drawn once."""

    RANDOM, RISK = "RANDOM", "RISK"
    OPEN, FIRST, SECOND, DIFFER, DONE = "OPEN", "FIRST", "SECOND", "DIFFER", "DONE"

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    attempt = models.OneToOneField(Attempt, on_delete=models.PROTECT, related_name="sample")
    collector = models.ForeignKey(User, on_delete=models.PROTECT, related_name="samples")
    kind = models.CharField(max_length=6)
    why = models.JSONField(default=list, help_text="Codes of rules/quality/sampling.yaml, each with its figure.")
    seed = models.CharField(max_length=60, help_text="What the draw followed from: drawn again it is the same.")
    revision = models.CharField(max_length=64, help_text="Of the sampling policy.")
    first_day = models.DateField()
    last_day = models.DateField()
    drawn_at = models.BigIntegerField()
    double = models.BooleanField(default=False, help_text="A second reviewer hears it without seeing the first result.")
    state = models.CharField(max_length=6, default=OPEN)
    shown_at = models.BigIntegerField(default=-1, help_text="When the collector could see it; -1: not yet.")
    answer = models.CharField(max_length=2000, default="", help_text="What the collector says to it.")
    answered_at = models.BigIntegerField(default=-1)

    class Meta:
        db_table = "quality_sample"
        indexes = [models.Index(fields=["collector", "drawn_at"], name="sample_collector")]


class Review(models.Model):
    """One reviewer's judgement of a sample, by the scorecard of its revision. Never changed."""

    FIRST, SECOND, SETTLED = 1, 2, 3

    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="reviews")
    round = models.SmallIntegerField(help_text="1 first, 2 blind second, 3 what both settled on.")
    reviewer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    revision = models.CharField(max_length=64, help_text="Of the scorecard.")
    feedback = models.CharField(max_length=2000, default="")
    made_at = models.BigIntegerField()

    class Meta:
        db_table = "quality_review"
        constraints = [models.UniqueConstraint(fields=["sample", "round"], name="one_review_a_round")]


class Score(models.Model):
    """One item of a review; -1: it does not apply to this contact."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="scores")
    item = models.CharField(max_length=30)
    score = models.SmallIntegerField()
    note = models.CharField(max_length=500, default="")

    class Meta:
        db_table = "quality_score"
        constraints = [models.UniqueConstraint(fields=["review", "item"], name="one_score_an_item")]


class Habit(models.Model):
    """How a customer in good standing pays, and whether they want to be reminded, as the lender's file tells."""

    account = models.OneToOneField("store.Account", on_delete=models.PROTECT, related_name="habit")
    direct_debit = models.BooleanField(null=True, default=None, help_text="Null: unknown.")
    debits_ok = models.SmallIntegerField(default=0, help_text="Debits in a row that went through, the newest last.")
    wanted = models.BooleanField(
        null=True, default=None, help_text="Asked for reminders, refused them, or said nothing."
    )
    channels = models.CharField(max_length=60, default="", help_text="Channels the customer consented to, by comma.")
    as_of = models.DateField()

    class Meta:
        db_table = "pay_habit"


class Reminder(models.Model):
    """A reminder before a due date: planned with its exact amount and day, or left out with the reason."""

    PLANNED, QUEUED, LEFT_OUT, OVER = "PLANNED", "QUEUED", "LEFT_OUT", "OVER"

    account = models.ForeignKey("store.Account", on_delete=models.PROTECT, related_name="reminders")
    point = models.ForeignKey("store.Point", null=True, on_delete=models.PROTECT)
    due_on = models.DateField()
    amount = models.BigIntegerField(help_text="Minor units: what is due on that day and not yet paid.")
    channel = models.SmallIntegerField(default=-1)
    frame = models.CharField(max_length=40, default="")
    not_before = models.BigIntegerField(default=-1, help_text="First lawful minute found when it was planned.")
    state = models.CharField(max_length=10)
    why = models.CharField(max_length=200, default="", help_text="Code of reminders.yaml, or the rules that refused.")
    message_id = models.BigIntegerField(null=True, help_text="The message it was queued as.")
    made_on = models.DateField()

    class Meta:
        db_table = "reminder"
        constraints = [models.UniqueConstraint(fields=["account", "due_on"], name="one_reminder_a_due_date")]


class SelfCureTrial(models.Model):
    """A likely self-cure and its arm: left alone, or held out and contacted as usual. What became of it is measured."""

    LEFT_ALONE, CONTACTED = 0, 1

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="self_cure")
    arm = models.SmallIntegerField()
    share_ppm = models.IntegerField(help_text="Share that was held out when it was drawn.")
    began_on = models.DateField()
    dpd = models.IntegerField()
    balance = models.BigIntegerField()
    cured_on = models.DateField(null=True, help_text="First night on which the customer was in arrears no more.")

    class Meta:
        db_table = "self_cure_trial"
