"""Tracks: what takes a case off the normal work until somebody decides; with evidence, a clock and a history of its own."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from fairdue.core.tracks import TrackState
from fairdue.store.models.casework import Attempt, Case
from fairdue.store.models.files import KeptFile
from fairdue.store.models.parties import Organisation, choices
from fairdue.store.models.users import User


class Track(models.Model):
    """One dispute, death, complaint …: a kind of rules/tracks with what was said and where it stands."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="tracks")
    lender = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    kind = models.CharField(max_length=30)
    revision = models.CharField(max_length=64, help_text="Hash of the kind's file when the track was opened.")
    state = models.SmallIntegerField(choices=choices(TrackState), default=TrackState.OPEN)
    since = models.DateField(help_text="Day of the event, which the clock does not count.")
    opened_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    attempt = models.ForeignKey(Attempt, null=True, on_delete=models.PROTECT, related_name="tracks")
    said = models.TextField(default="", help_text="What the person said, in words.")
    due_on = models.DateField()
    provisional = models.BooleanField(
        default=False, help_text="The last day depends on working days not yet published."
    )
    clock_zh = models.CharField(max_length=300, default="")
    clock_en = models.CharField(max_length=300, default="")
    extended = models.SmallIntegerField(default=0, help_text="Extensions granted.")
    asked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    asked_why = models.CharField(
        max_length=300, default="", help_text="Reason of an extension asked for and not answered."
    )
    decision = models.CharField(max_length=30, default="")
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_on = models.DateField(null=True)
    review_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    flagged = models.JSONField(default=list, help_text="Signals a person should look at; nothing follows from them.")

    class Meta:
        db_table = "track"
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"],
                condition=Q(state__in=(TrackState.OPEN, TrackState.HELD)),
                name="one_open_track_of_a_kind",
            )
        ]
        indexes = [models.Index(fields=["lender", "state", "due_on"], name="track_due")]


class TrackEvent(models.Model):
    """A step of a track: never changed, never removed."""

    track = models.ForeignKey(Track, on_delete=models.PROTECT, related_name="events")
    at = models.BigIntegerField(help_text="Business clock, utc_minute.")
    actor = models.CharField(max_length=60)
    step = models.CharField(max_length=20)
    note = models.TextField(default="")
    data = models.JSONField(default=dict)

    class Meta:
        db_table = "track_event"


class TrackEvidence(models.Model):
    """Something that shows what is true: words, or a file, sealed at rest."""

    track = models.ForeignKey(Track, on_delete=models.PROTECT, related_name="evidence")
    code = models.CharField(max_length=30)
    note = models.TextField(default="")
    file_name = models.CharField(max_length=200, default="")
    file = models.OneToOneField(
        KeptFile, null=True, on_delete=models.PROTECT, related_name="+", help_text="The file, sealed in the vault."
    )
    file_sealed = models.BinaryField(null=True, help_text="Files from before the vault kept them.")
    file_sha256 = models.CharField(max_length=64, default="")
    file_size = models.IntegerField(default=0)
    added_by = models.CharField(max_length=60)
    at = models.BigIntegerField(help_text="Business clock, utc_minute.")

    class Meta:
        db_table = "track_evidence"


class Complaint(models.Model):
    """What a complaint adds to its track: who complained how about what, why it came to it, and what was learned."""

    track = models.OneToOneField(Track, on_delete=models.PROTECT, related_name="complaint")
    number = models.CharField(max_length=30, unique=True)
    received_on = models.DateField()
    came_by = models.CharField(max_length=30, help_text="A code of rules/complaints.yaml, came_by.")
    category = models.CharField(max_length=30, help_text="A code of rules/complaints.yaml, categories.")
    wants = models.TextField(default="", help_text="What the customer asks for.")
    about_user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    handler = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    root_cause = models.CharField(max_length=30, default="")
    regulator_class = models.CharField(max_length=30, default="")
    findings = models.TextField(default="")
    redress = models.TextField(default="")
    learned = models.TextField(default="", help_text="What changes so that it does not happen again.")
    answered_on = models.DateField(null=True)
    answer_sha256 = models.CharField(max_length=64, default="")

    class Meta:
        db_table = "complaint"
