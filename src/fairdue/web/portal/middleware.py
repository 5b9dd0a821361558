"""Language and headers of the customer's site."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from fairdue.web.ui.lang import known

Answer = Callable[[HttpRequest], HttpResponse]
# Nothing from elsewhere, no script at all, nothing inline; forms go to this site only.
CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
PERMISSIONS = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()"


class PlainHeadersMiddleware:
    """Strict headers, and no copy of any page anywhere: not in a cache, not with a search engine."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the headers."""
        response = self.get_response(request)
        response.headers["Content-Security-Policy"] = CSP
        response.headers["Permissions-Policy"] = PERMISSIONS
        response.headers["Cache-Control"] = "no-store, private"
        response.headers["Pragma"] = "no-cache"
        response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        return response


class LanguageMiddleware:
    """The language chosen on this machine, else what the browser asks for, else Chinese."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Write the whole answer in one language and say which."""
        code = _language(request)
        with translation.override(code):
            request.LANGUAGE_CODE = code
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", "zh-Hans" if code == "zh-hans" else code)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response


def _language(request: HttpRequest) -> str:
    said = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if known(said):
        return said
    wanted = request.headers.get("Accept-Language", "").lower().strip()
    return "en" if wanted.startswith("en") else settings.LANGUAGE_CODE
