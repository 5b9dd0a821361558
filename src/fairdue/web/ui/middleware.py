"""Language and security headers of every answer."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from fairdue.web.ui.lang import known

Answer = Callable[[HttpRequest], HttpResponse]

# Nothing from elsewhere, nothing inline: what somebody manages to write into a note cannot run.
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; media-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
PERMISSIONS = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()"


class UserLanguageMiddleware:
    """The language that was chosen on this machine, else the user's own, else Chinese."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Write the whole answer in one language and say which."""
        code = _language(request)
        with translation.override(code):
            request.LANGUAGE_CODE = code
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", "zh-Hans" if code == "zh-hans" else code)
        return response


def _language(request: HttpRequest) -> str:
    said = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if known(said):
        return said
    own = getattr(request.user, "language", "")
    return own if known(own) else settings.LANGUAGE_CODE


class SecurityHeadersMiddleware:
    """A strict content security policy, and no copy of a page with personal data in any cache."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the headers a view has not set itself."""
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CSP)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cache-Control", "no-store")
        return response
