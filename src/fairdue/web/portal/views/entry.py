"""Coming in and going out. Before somebody has come in, no page says anything of anybody."""

from __future__ import annotations

import time

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from fairdue.store.actions import site_entry
from fairdue.store.actions.site_entry import Answer, Presented, Tried
from fairdue.store.pages import site as pages
from fairdue.web.portal.doors import PRESENTED, UNREADABLE, address, come_in, who
from fairdue.web.portal.forms import FactsForm
from fairdue.web.portal.words import say
from fairdue.web.ui.context import THEME_COOKIE, THEMES
from fairdue.web.ui.lang import known

FLOOR = 0.25  # seconds that every try takes at least: the answer's time tells nothing
YEAR = 365 * 24 * 60 * 60
WAITING = 429


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """The first page: of the person who has come in, else the question for the code or the facts."""
    user = who(request)
    if user is not None:
        request.who = user  # type: ignore[attr-defined]  # read by the frame of the page
        return render(request, "site/home.html", {"page": pages.home_page(user)})
    return _ask(request)


def _ask(request: HttpRequest, error: str = "", status: int = 200) -> HttpResponse:
    page = "site/facts.html" if PRESENTED in request.session else "site/code.html"
    return render(request, page, {"error": error}, status=status)


@require_safe
def link(request: HttpRequest, token: str) -> HttpResponse:
    """A link was opened: keep what it stands for out of the address, and ask. Opening it uses nothing up."""
    _present(request, token)
    return redirect("start")


@require_POST
def code(request: HttpRequest) -> HttpResponse:
    """A code was typed."""
    typed = request.POST.get("code", "").strip()[:80]
    if not typed:
        return _ask(request, say("error.code"), UNREADABLE)
    _present(request, typed)
    return redirect("start")


def _present(request: HttpRequest, typed: str) -> None:
    presented = Presented.of(typed)
    request.session.flush()
    request.session[PRESENTED] = [presented.link, presented.code]


def _presented(request: HttpRequest) -> Presented | None:
    said = request.session.get(PRESENTED)
    return Presented(*said) if said else None


@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """The facts were typed. Every answer takes the same time and says the same, whatever was wrong."""
    presented = _presented(request)
    if presented is None:
        return redirect("start")
    begun = time.monotonic()
    tried = site_entry.enter(presented, FactsForm(request.POST).facts(), address(request))
    time.sleep(max(0.0, FLOOR - (time.monotonic() - begun)))
    return _answered(request, tried)


def _answered(request: HttpRequest, tried: Tried) -> HttpResponse:
    if tried.answer == Answer.IN and tried.invitation is not None:
        come_in(request, tried.invitation.person_id)
        return redirect("start")
    if tried.answer == Answer.WAIT:
        answer = _ask(request, say("error.wait", seconds=tried.wait), WAITING)
        answer.headers["Retry-After"] = str(tried.wait)
        return answer
    return _ask(request, say("error.facts"), UNREADABLE)


@require_POST
def not_me(request: HttpRequest) -> HttpResponse:
    """The link came to somebody else: it ends, and nothing is told."""
    presented = _presented(request)
    if presented is not None:
        site_entry.not_me(presented)
    request.session.flush()
    return render(request, "site/not_me.html")


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """The visit is over."""
    request.session.flush()
    return redirect("start")


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Choose the language on this machine."""
    chosen = request.POST.get("language", "")
    response = back(request)
    if known(chosen):
        _remember(response, settings.LANGUAGE_COOKIE_NAME, chosen)
    return response


@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Choose light, dark, or whatever the machine says."""
    chosen = request.POST.get("theme", "")
    response = back(request)
    if chosen in THEMES:
        _remember(response, THEME_COOKIE, chosen)
    return response


def _remember(response: HttpResponse, cookie: str, value: str) -> None:
    response.set_cookie(
        cookie, value, max_age=YEAR, samesite="Lax", httponly=True, secure=settings.SESSION_COOKIE_SECURE
    )


def back(request: HttpRequest) -> HttpResponse:
    """Return to the page of this site that the form came from."""
    there = request.POST.get("back", "")
    safe = url_has_allowed_host_and_scheme(there, {request.get_host()}, require_https=request.is_secure())
    return redirect(there if safe else "start")


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """How to get help, before and after coming in."""
    request.who = who(request)  # type: ignore[attr-defined]  # read by the frame of the page
    return render(request, "site/help.html")


def refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that did not come from a page of ours."""
    del reason
    return render(request, "site/lost.html", {"key": "lost.form"}, status=403)


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Nothing is here, or nothing of the person's: which of the two is not said."""
    del exception
    request.who = who(request) if hasattr(request, "session") else None  # type: ignore[attr-defined]  # read by the frame
    return render(request, "site/lost.html", {"key": "lost.page"}, status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """Something failed on our side."""
    return render(request, "site/lost.html", {"key": "lost.fault"}, status=500)
