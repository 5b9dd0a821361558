"""Coming in, going out, language, look, and the demo's clock."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fairdue.core.codes import Role
from fairdue.store import clock
from fairdue.store.models import User
from fairdue.store.pages.logins import demo_logins
from fairdue.web.desk.doors import HOME, back, page
from fairdue.web.desk.forms import ClockForm, LoginForm
from fairdue.web.ui.context import THEME_COOKIE, THEMES, business_clock
from fairdue.web.ui.lang import known

YEAR = 365 * 24 * 60 * 60
JUMPS = {"night": time(23, 0), "morning": time(9, 0)}


class Login(LoginView):
    """The login page; in demo mode it lists the published logins."""

    template_name = "desk/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form, and the demo's logins (none outside demo mode)."""
        return super().get_context_data(logins=demo_logins(), **kwargs)


@page("home")
def home(_request: HttpRequest, user: User) -> HttpResponse:
    """Each role starts where its day starts."""
    return redirect(HOME[Role(user.role)])


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Choose the language on this machine, before or after login."""
    code = request.POST.get("language", "")
    response = back(request, "home")
    if known(code):
        _remember(response, settings.LANGUAGE_COOKIE_NAME, code)
    return response


@login_not_required
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Choose light, dark, or whatever the machine says."""
    chosen = request.POST.get("theme", "")
    response = back(request, "home")
    if chosen in THEMES:
        _remember(response, THEME_COOKIE, chosen)
    return response


def _remember(response: HttpResponse, cookie: str, value: str) -> None:
    response.set_cookie(
        cookie, value, max_age=YEAR, samesite="Lax", httponly=True, secure=settings.SESSION_COOKIE_SECURE
    )


@page("clock", "POST")
def move_clock(request: HttpRequest, _user: User) -> HttpResponse:
    """Move the demo's clock. The page does not exist outside demo mode."""
    if not settings.DEMO:
        raise Http404
    form = ClockForm(request.POST)
    if form.is_valid():
        here = business_clock(request)
        at = _next(here.local, form.cleaned_data["jump"]) or form.cleaned_data["at"].replace(tzinfo=ZoneInfo(here.zone))
        clock.set_demo(clock.to_minute(at))
    else:
        messages.error(request, _("That is not a date and time. The clock was not moved."))
    return back(request, "home")


def _next(now: datetime, jump: str) -> datetime | None:
    """The next time it is 23:00 or 09:00 on the wall clock; None for no jump."""
    if jump not in JUMPS:
        return None
    then = datetime.combine(now.date(), JUMPS[jump], now.tzinfo)
    return then if then > now else then + timedelta(days=1)
