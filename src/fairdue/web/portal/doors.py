"""Who may open which page of the site: anybody, somebody with a link in hand, or the person who has shown to be the one.

What is not the person's does not exist (404). A visit ends after half an hour without a page, or after four hours.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from fairdue.store import access, clock
from fairdue.store.access import NotYours
from fairdue.store.models import Person, User
from fairdue.web.sites import portal

P = ParamSpec("P")
Opened = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
PERSON, SINCE, PRESENTED, DONE = "person", "since", "presented", "done"
UNREADABLE = 422  # the form is shown again with what was typed and what is wrong


def page(*methods: str) -> Callable[[Callable[Concatenate[HttpRequest, User, P], HttpResponseBase]], Opened[P]]:
    """Open a view for whoever has come in, with the person as second argument; others are led to the first page."""
    allowed = [m for method in methods or ("GET",) for m in (("GET", "HEAD") if method == "GET" else (method,))]

    def wrap(view: Callable[Concatenate[HttpRequest, User, P], HttpResponseBase]) -> Opened[P]:
        @wraps(view)
        def door(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            user = who(request)
            if user is None:
                return redirect("start")
            if request.method not in allowed:
                return HttpResponseNotAllowed(allowed)
            request.who = user  # type: ignore[attr-defined]  # read by the frame of the page
            try:
                return view(request, user, *args, **kwargs)
            except NotYours as missing:
                raise Http404 from missing

        door.guarded = True  # type: ignore[attr-defined]  # the table test asks for it
        return door

    return wrap


def who(request: HttpRequest) -> User | None:
    """The person of this visit; None when nobody has come in, the visit is over, or the person was erased."""
    person_id, since = request.session.get(PERSON), request.session.get(SINCE, 0)
    if person_id is None:
        return None
    person = Person.objects.select_related("lender").filter(pk=person_id).first()
    if person is None or clock.wall().timestamp() - since > portal.LONGEST_VISIT:
        request.session.flush()
        return None
    try:
        return access.for_borrower(person)
    except NotYours:
        request.session.flush()
        return None


def come_in(request: HttpRequest, person_id: int) -> None:
    """Begin a visit under a new session: one that somebody else may have planted is worth nothing."""
    request.session.flush()
    request.session[PERSON], request.session[SINCE] = person_id, int(clock.wall().timestamp())


def address(request: HttpRequest) -> str:
    """The sender's address, for counting tries."""
    header = portal.ADDRESS_HEADER
    said = request.headers.get(header, "").split(",")[-1].strip() if header else ""
    return said or request.META.get("REMOTE_ADDR", "")


def done(request: HttpRequest, key: str, **slots: str) -> HttpResponse:
    """After a form: say what came of it on a page that can be loaded again."""
    request.session[DONE] = {"key": key, "slots": slots}
    return redirect("done")
