"""The audit trail: append-only, each row carrying the hash of the one before."""

from __future__ import annotations

from django.db import models


class AuditRow(models.Model):
    """Who did what to which object, when and why. Written by `store.audit.write` only; numbered without gaps."""

    at = models.DateTimeField(help_text="Wall clock.")
    business_at = models.BigIntegerField(help_text="Business clock, minutes since 1970-01-01T00:00Z.")
    actor = models.CharField(max_length=60)
    verb = models.CharField(max_length=40)
    subject = models.CharField(max_length=40)
    subject_id = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=300, default="")
    data = models.TextField(help_text="JSON, canonical: what the hash covers.")
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        db_table = "audit"
        indexes = [models.Index(fields=["subject", "subject_id"], name="audit_subject")]


class AuditHead(models.Model):
    """Where the chain ends: one row, moved on with every audit row. Rows cut off at the end are missed here."""

    last_id = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    rows = models.BigIntegerField()

    class Meta:
        db_table = "audit_head"
