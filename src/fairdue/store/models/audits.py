"""Audits of contact logs that were asked for at the desk. The log and the reports lie in files; here is what became of it."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import models

from fairdue.store.models.parties import Organisation
from fairdue.store.models.users import User


class ContactAudit(models.Model):
    """One log, from its upload to its report. Who asks for it again with other assumptions asks for the same one."""

    STATES = (
        ("NEW", "uploaded"), ("WAITING", "asked for"), ("RUNNING", "running"), ("DONE", "done"), ("FAILED", "failed"),
        ("STOPPED", "stopped"), ("DISCARDED", "files deleted"),
    )  # fmt: skip
    lender = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT)
    title = models.CharField(max_length=120, default="")
    file_name = models.CharField(max_length=200)
    size = models.BigIntegerField(help_text="Bytes.")
    mapping = models.CharField(max_length=80, default="")
    pack = models.CharField(max_length=80, default="")
    policy = models.CharField(max_length=80, default="")
    zone = models.CharField(max_length=40, default="")
    clock = models.CharField(max_length=40, default="")
    assume = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=STATES, default="NEW")
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    result = models.JSONField(default=dict, help_text="The summary, without what names a collector.")
    fault = models.JSONField(default=dict, help_text="Why it failed, in both languages.")

    class Meta:
        db_table = "contact_audit"
        ordering = ["-pk"]

    @property
    def folder(self) -> Path:
        """Where its files lie."""
        return Path(settings.HOME) / "audits" / str(self.pk)

    @property
    def log(self) -> Path:
        """The uploaded file."""
        return self.folder / "in" / self.file_name

    @property
    def out(self) -> Path:
        """The reports."""
        return self.folder / "out"
