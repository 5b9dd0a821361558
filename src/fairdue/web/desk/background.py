"""Starts the audit of a log that was asked for at the desk."""

from __future__ import annotations

from fairdue.store.models import ContactAudit
from fairdue.web.ui.background import start


def start_audit(row: ContactAudit, lang: str) -> None:
    """Carry out an audit that was asked for; what it says goes into its folder."""
    start(row.folder, lang, "audit", "work", str(row.pk))
