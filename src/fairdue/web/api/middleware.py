"""Stands before everything else of the site: a request to the API never meets cookies, sessions or pages of HTML."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from fairdue.web.api.bodies import MOST_BYTES
from fairdue.web.api.faults import NotThere, NotThisWay, TooLarge
from fairdue.web.api.problems import of_fault
from fairdue.web.api.site import with_headers

PREFIX = "/api/"
FORM = "multipart/form-data"


class ApiMiddleware:
    """Answers what is for the API itself and lets the rest through."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer of the API, as JSON or a problem, whatever was asked."""
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        request.get_host()  # a name this site does not answer to is refused as for any page
        return with_headers(request, _answer(request))


def _answer(request: HttpRequest) -> HttpResponse:
    limit = settings.UPLOAD_LIMIT if request.content_type == FORM else MOST_BYTES
    if int(request.META.get("CONTENT_LENGTH") or 0) > limit:
        return of_fault(request, TooLarge(limit=limit))
    try:
        view, args, kwargs = resolve(request.path_info)
    except Resolver404:
        return of_fault(request, NotThere())
    answer: HttpResponse = view(request, *args, **kwargs)
    if answer.status_code == 405:  # noqa: PLR2004 - the framework says it in plain text
        allowed = answer.headers["Allow"]
        answer = of_fault(request, NotThisWay(method=request.method))
        answer.headers["Allow"] = allowed
    return answer
