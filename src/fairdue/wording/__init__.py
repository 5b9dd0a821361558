"""Checks what a collector writes or says: whether it may be said to this reader, given what is known."""

from fairdue.wording.finding import Finding, Span, Verdict
from fairdue.wording.judge import check
from fairdue.wording.said import NotReadable, Said, Turn, read

__all__ = ["Finding", "NotReadable", "Said", "Span", "Turn", "Verdict", "check", "read"]
