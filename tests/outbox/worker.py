"""One worker in a process of its own, with a lease as short as the test's patience."""

from __future__ import annotations

import sys

import django

django.setup()

from fairdue.jobs.sending import Worker

if __name__ == "__main__":
    Worker(lease=int(sys.argv[1])).run(once=True)
