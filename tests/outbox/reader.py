"""Reads a folder of mails in a process of its own."""

from __future__ import annotations

import sys
from pathlib import Path

import django

django.setup()

from fairdue.jobs import replies
from fairdue.store import lenders

if __name__ == "__main__":
    replies.import_folder(lenders.find(None), replies.sender_of(None), Path(sys.argv[1]))
