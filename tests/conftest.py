"""Sets the environment before any settings are read, and hands every test the same standing cast."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

HOME = Path(tempfile.mkdtemp(prefix="fairdue-test-"))
os.environ["DJANGO_SETTINGS_MODULE"] = "fairdue.web.sites.desk"
os.environ["FAIRDUE_HOME"] = str(HOME)
os.environ["FAIRDUE_SECRET"] = "a secret for tests only, longer than thirty-two characters"
os.environ["FAIRDUE_DEMO"] = "1"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright runs an event loop in the thread that also reads the database
(HOME / "static").mkdir()

import django  # noqa: E402 - the environment comes first
from django.conf import settings  # noqa: E402

settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # made to be fast, for tests only
if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    settings.DATABASES["default"]["TEST"] = {"NAME": str(HOME / "test.db")}  # columns travel by a second connection
django.setup()

import pytest  # noqa: E402
from cast import Cast, engage  # noqa: E402


@pytest.fixture
def cast(db: None) -> Cast:
    """One user per role, a colleague of another team, a stranger at another lender, and a case for each that may have one."""
    return engage()
