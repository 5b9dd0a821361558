"""The customer's own site: its own settings, cookies, signing key and login, apart from the desk. It says nothing of debts."""

from __future__ import annotations

import os

from fairdue.store.seal import derive_key
from fairdue.web.sites.base import *

# Another key than the desk's: nothing signed for one site is worth anything on the other.
SECRET_KEY = derive_key(os.environ.get("FAIRDUE_SECRET", ""), "django portal").hex()
ROOT_URLCONF = "fairdue.web.portal.urls"
WSGI_APPLICATION = "fairdue.web.portal.wsgi.application"
ALLOWED_HOSTS = os.environ.get("FAIRDUE_SITE_HOSTS", "127.0.0.1,localhost").split(",")
# Behind a web server the sender's address comes in this header; without one it is that of the connection.
ADDRESS_HEADER = os.environ.get("FAIRDUE_SITE_ADDRESS_HEADER", "")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "fairdue.store.apps.StoreConfig",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "fairdue.web.portal.middleware.PlainHeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "fairdue.web.portal.middleware.LanguageMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE / "portal" / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "fairdue.web.portal.context.site",
            ],
            "builtins": ["fairdue.web.ui.templatetags.fairdue", "fairdue.web.portal.words"],
        },
    }
]
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE / "portal" / "static", BASE / "ui" / "static"]
STATIC_ROOT = HOME / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

# What may be brought: a few files of a few megabytes, on disk as they come. The form around them is small.
UPLOAD_LIMIT = 20 << 20
FILE_UPLOAD_HANDLERS = ["fairdue.web.ui.uploads.LimitedUploadHandler"]
UPLOAD_FOLDER = HOME / "uploads"
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 << 10
DATA_UPLOAD_MAX_NUMBER_FIELDS = 100
DATA_UPLOAD_MAX_NUMBER_FILES = 5

SESSION_COOKIE_NAME = "fd_site"
SESSION_COOKIE_AGE = 30 * 60  # from the last page
SESSION_SAVE_EVERY_REQUEST = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"  # a link in a message must find the way in
SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"
LONGEST_VISIT = 4 * 60 * 60  # seconds, however busy
LANGUAGE_COOKIE_NAME = "fd_site_language"
CSRF_COOKIE_NAME = "fd_site_csrf"
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "fairdue.web.portal.views.entry.refused"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = os.environ.get("FAIRDUE_HTTPS", "0" if DEMO else "1") == "1"
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if SESSION_COOKIE_SECURE else []
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"  # no other site learns where somebody came from; our own forms need the origin
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
