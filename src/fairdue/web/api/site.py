"""The API as one object: its routes, how faults become problems, its document."""

from __future__ import annotations

import logging
import secrets

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from fairdue.core.errors import Fault
from fairdue.store.access import NotYours
from fairdue.web.api.bodies import JsonParser
from fairdue.web.api.door import RATE, rate_headers
from fairdue.web.api.faults import Broken, Invalid, Malformed, NotThere
from fairdue.web.api.problems import FieldProblem, of_fault
from fairdue.web.api.routes import ROUTERS

log = logging.getLogger("django.request")
VERSION = "1.0.0"
ABOUT = """The same verbs as on the desk, for programs: the same guard, the same rows, the same audit trail.

Money is in whole minor units with currency and exponent. Days are `YYYY-MM-DD`, moments carry their offset. Every error is a
problem (RFC 9457) with a stable `code`. Every write needs an Idempotency-Key. Lists are read with cursors."""

api = NinjaAPI(
    title="fairdue", version=VERSION, description=ABOUT, docs_url=None, openapi_url=None, urls_namespace="api",
    parser=JsonParser(), servers=[{"url": "/api/v1", "description": "This installation"}],
)  # fmt: skip
for _router in ROUTERS.values():
    api.add_router("", _router)


@api.exception_handler(Fault)
def _fault(request: HttpRequest, fault: Fault) -> HttpResponse:
    return of_fault(request, fault)


@api.exception_handler(NotYours)
@api.exception_handler(Http404)
def _missing(request: HttpRequest, _error: Exception) -> HttpResponse:
    return of_fault(request, NotThere())


@api.exception_handler(HttpError)
def _unread(request: HttpRequest, error: HttpError) -> HttpResponse:
    """The framework wraps what reading a body raises."""
    cause = error.__cause__
    return of_fault(request, cause if isinstance(cause, Fault) else Malformed(why=str(error), why_zh=str(error)))


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    found = [FieldProblem(at=_place(one["loc"]), detail=str(one["msg"])) for one in error.errors]
    return of_fault(request, Invalid(count=len(found)), found)


def _place(loc: tuple[str | int, ...]) -> str:
    """Where, as the asker knows it: the name of our own argument is left out of a body's place."""
    parts = [str(part) for part in loc]
    return "/".join([parts[0], *parts[2:]] if parts[0] == "body" and len(parts) > 1 else parts)


@api.exception_handler(Exception)
def _broken(request: HttpRequest, error: Exception) -> HttpResponse:
    number = secrets.token_hex(4)
    log.error("API fault %s at %s", number, request.path, exc_info=error)
    return of_fault(request, Broken(id=number))


def with_headers(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """What every answer of the API carries."""
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Vary"] = "Accept-Language, Authorization"
    for name, value in rate_headers(request.META[RATE]).items() if RATE in request.META else ():
        answer.headers[name] = value
    return answer
