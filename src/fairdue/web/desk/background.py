"""Starts work that was asked for at the desk: the audit of a log, the printing of letters, a batch for a court."""

from __future__ import annotations

from django.conf import settings

from fairdue.store.models import ContactAudit, FilingBatch, LetterBatch
from fairdue.web.ui.background import start


def start_audit(row: ContactAudit, lang: str) -> None:
    """Carry out an audit that was asked for; what it says goes into its folder."""
    start(row.folder, lang, "audit", "work", str(row.pk))


def start_letters(batch: LetterBatch, username: str, lang: str) -> None:
    """Print a batch; what it says goes into a folder of its own."""
    folder = settings.HOME / "letters" / str(batch.pk)
    start(folder, lang, "letters", "print", "--batch", str(batch.pk), "--user", username)


def start_filing(batch: FilingBatch, username: str, lang: str) -> None:
    """Go through a batch for a court; what it says goes into a folder of its own."""
    folder = settings.HOME / "filings" / str(batch.pk)
    start(folder, lang, "file-cases", "--batch", str(batch.pk), "--user", username)
