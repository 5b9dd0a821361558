"""Writes audit rows in a process of its own: who (a number) and how many."""

from __future__ import annotations

import sys

import django

django.setup()

from django.db import transaction

from fairdue.store import audit

for number in range(int(sys.argv[2])):
    with transaction.atomic():
        audit.write(f"writer {sys.argv[1]}", "test", "test", number)
