"""Sets the environment before any settings are read."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

HOME = Path(tempfile.mkdtemp(prefix="fairdue-test-"))
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
os.environ["DJANGO_SETTINGS_MODULE"] = "fairdue.web.sites.desk"
os.environ["FAIRDUE_HOME"] = str(HOME)
os.environ["FAIRDUE_SECRET"] = "a secret for tests only, longer than thirty-two characters"
os.environ["FAIRDUE_DEMO"] = "1"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = (
    "1"  # Playwright runs an event loop in the thread that also reads the database
)
(HOME / "static").mkdir()

import django  # noqa: E402 - the environment comes first
from django.conf import settings  # noqa: E402

# Passwords are hashed fast here; a served desk, which is a process of its own, knows the slow kind only.
settings.PASSWORD_HASHERS = [f"django.contrib.auth.hashers.{kind}PasswordHasher" for kind in ("MD5", "Scrypt")]
if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    settings.DATABASES["default"]["TEST"] = {"NAME": str(HOME / "test.db")}  # columns travel by a second connection
django.setup()
