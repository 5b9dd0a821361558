"""Settings shared by every site. All secrets come from the environment; what is missing stops the start."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict

from fairdue.store.seal import derive_key

HOME = Path(os.environ.get("FAIRDUE_HOME", "var/fairdue")).absolute()
VAULT_FOLDER = HOME / "vault"  # sealed files: recordings, uploads, letters
SENDERS_FILE = os.environ.get("FAIRDUE_SENDERS", "")  # who carries messages out; empty: senders.yaml in the home folder
DEMO = os.environ.get("FAIRDUE_DEMO") == "1"
# By lender, LENDER=SECRET with spaces between; a lender without one takes no payment messages.
PAYMENT_HOOKS = dict(one.split("=", 1) for one in os.environ.get("FAIRDUE_PAYMENT_HOOKS", "").split() if "=" in one)
DEBUG = False
SITE_ADDRESS = os.environ.get("FAIRDUE_SITE_ADDRESS", "http://127.0.0.1:8051").rstrip("/")  # of the customers' own site
SECRET_KEY = derive_key(os.environ.get("FAIRDUE_SECRET", ""), "django").hex()

BASE = Path(__file__).resolve().parent.parent
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [BASE / "locale"]
AUTH_USER_MODEL = "store.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


def _database(url: str) -> dict[str, Any]:
    """SQLite (WAL, IMMEDIATE) in the home folder, or the PostgreSQL of FAIRDUE_DATABASE_URL."""
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(HOME / "fairdue.db"),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 120,  # a writer waits its turn; SQLite hands the lock over in no order
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
            },
        }
    said = conninfo_to_dict(url)
    named = {"dbname", "user", "password", "host", "port"}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": said.get("dbname", ""),
        "USER": said.get("user", ""),
        "PASSWORD": said.get("password", ""),
        "HOST": said.get("host", ""),
        "PORT": str(said.get("port", "")),
        "OPTIONS": {key: value for key, value in said.items() if key not in named},  # sslmode and the like
        "CONN_MAX_AGE": 60,
    }


DATABASES = {"default": _database(os.environ.get("FAIRDUE_DATABASE_URL", ""))}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {"django": {"handlers": ["console"], "level": "WARNING"}},
}
