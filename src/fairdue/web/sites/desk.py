"""The desk: collectors, leads, strategists, compliance, finance, operators and agencies."""

from __future__ import annotations

import os

from fairdue.web.sites.base import *

ROOT_URLCONF = "fairdue.web.desk.urls"
WSGI_APPLICATION = "fairdue.web.desk.wsgi.application"
ALLOWED_HOSTS = os.environ.get("FAIRDUE_HOSTS", "127.0.0.1,localhost").split(",")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "fairdue.store.apps.StoreConfig",
    "fairdue.web.desk",
]
MIDDLEWARE = [
    "fairdue.web.api.middleware.ApiMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "fairdue.web.ui.middleware.UserLanguageMiddleware",
    "fairdue.web.ui.middleware.SecurityHeadersMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE / "ui" / "templates", BASE / "desk" / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "fairdue.web.ui.context.site",
            ],
            "builtins": ["fairdue.web.ui.templatetags.fairdue"],
        },
    }
]
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE / "ui" / "static"]
STATIC_ROOT = HOME / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

# Uploads go to disk as they come, where the other personal data lie, and no further than the limit.
UPLOAD_LIMIT = int(os.environ.get("FAIRDUE_UPLOAD_MB", "2048")) << 20
FILE_UPLOAD_HANDLERS = ["fairdue.web.ui.uploads.LimitedUploadHandler"]
UPLOAD_FOLDER = HOME / "uploads"

LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
SESSION_COOKIE_NAME = "fairdue_desk"
SESSION_COOKIE_AGE = 10 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "fairdue_desk_csrf"
CSRF_COOKIE_SAMESITE = "Lax"
# On 127.0.0.1 there is no TLS; anywhere else cookies travel only over HTTPS.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = os.environ.get("FAIRDUE_HTTPS", "0" if DEMO else "1") == "1"
# TLS ends at the web server in front, so that the desk itself is asked over HTTP; the browser names its origin with https.
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if SESSION_COOKIE_SECURE else []
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
