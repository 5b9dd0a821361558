"""What is kept so that decisions can be proven later: the text of every rule pack that decided, and replays of decisions."""

from __future__ import annotations

from django.db import models

from fairdue.store.models.casework import Decision


class PackRevision(models.Model):
    """The full text of a rule pack as it stood when it first decided something: never changed, never removed."""

    revision = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=80)
    law_revision = models.CharField(max_length=64, help_text="Of the rules of law alone.")
    policy_revision = models.CharField(max_length=64, blank=True, help_text="Of the lender's own rules; empty: none.")
    content = models.TextField(help_text="JSON: every rule with its severity and its file as it was read.")
    kept_at = models.DateTimeField(help_text="Wall clock.")

    class Meta:
        db_table = "pack_revision"


class Replay(models.Model):
    """One run of re-evaluating stored decisions. `position` is the last decision done: a stopped run goes on there."""

    identity = models.CharField(max_length=64, db_index=True, help_text="What was asked for.")
    last_id = models.BigIntegerField(help_text="The newest decision there was when it began.")
    position = models.BigIntegerField(default=0)
    checked = models.BigIntegerField(default=0)
    differing = models.BigIntegerField(default=0)
    untold = models.BigIntegerField(default=0, help_text="Decisions that say too little to be re-evaluated.")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "replay"


class ReplayDifference(models.Model):
    """A decision that does not come out as it is stored."""

    replay = models.ForeignKey(Replay, on_delete=models.CASCADE, related_name="differences")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT)
    what = models.TextField(help_text="JSON: what is stored and what comes out.")

    class Meta:
        db_table = "replay_difference"
