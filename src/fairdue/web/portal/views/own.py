"""What is owed and since when, a day promised, who was in contact, how to be reached: the person's own pages."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from fairdue.core.errors import Fault
from fairdue.core.money import format_minor
from fairdue.store.actions import site_said
from fairdue.store.actions.site_said import REFUSABLE
from fairdue.store.models import User
from fairdue.store.pages import site as pages
from fairdue.web.portal.doors import DONE, UNREADABLE, done, page
from fairdue.web.portal.forms import HALF_HOURS, PREFERS, DayForm, WishForm
from fairdue.web.portal.words import say
from fairdue.web.ui.lang import lang


@page("GET")
def account(request: HttpRequest, user: User) -> HttpResponse:
    """What is owed line by line, today or on a day before."""
    typed = request.GET.get("on", "")
    on, error = _day(typed)
    shown = pages.account_page(user, on)
    return render(
        request, "site/account.html", {"page": shown, "error": error, "typed": typed if error else shown.on.isoformat()}
    )


def _day(typed: str) -> tuple[date | None, str]:
    if not typed:
        return None, ""
    try:
        return date.fromisoformat(typed), ""
    except ValueError:
        return None, say("error.day")


@page("GET", "POST")
def day(request: HttpRequest, user: User) -> HttpResponse:
    """Promise a payment for a day."""
    shown = pages.day_page(user)
    first = {"amount": format_minor(shown.owed, shown.exponent), "on": shown.today.isoformat()}
    form = DayForm(request.POST or None, exponent=shown.exponent, initial=first)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = site_said.promise(user, said["amount"], said["on"], remind=said["remind"])
        except Fault as fault:
            form.add_error(None, fault.sentence(lang()))
        else:
            amount = f"{shown.currency} {format_minor(made.amount, shown.exponent)}"
            return done(request, "done.day", amount=amount, on=made.due_on.isoformat())
    status = UNREADABLE if form.errors else 200
    return render(request, "site/day.html", {"page": shown, "form": form}, status=status)


@page("GET")
def calls(request: HttpRequest, user: User) -> HttpResponse:
    """Who was in contact, when and why; and how to know that a caller is one of ours."""
    return render(request, "site/calls.html", {"page": pages.calls_page(user)})


@page("POST")
def caller(request: HttpRequest, user: User) -> HttpResponse:
    """Whether a number is one we call from."""
    typed = request.POST.get("number", "").strip()[:30]
    found = pages.number_of_ours(user, typed)
    return render(request, "site/calls.html", {"page": pages.calls_page(user), "typed": typed, "found": found})


@page("GET", "POST")
def wishes(request: HttpRequest, user: User) -> HttpResponse:
    """When, how and in which language the person wants to be reached."""
    shown = pages.wish_page(user)
    first = {
        "start": shown.start,
        "end": shown.end,
        "refused": list(shown.refused),
        "language": shown.language,
        "word": shown.word,
    }
    form = WishForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            site_said.wish(user, form.wishes())
        except Fault as fault:
            form.add_error(None, fault.sentence(lang()))
        else:
            return done(request, "done.wish")
    facts = {"page": shown, "form": form, "hours": HALF_HOURS, "channels": REFUSABLE, "prefers": PREFERS}
    return render(request, "site/wishes.html", facts, status=UNREADABLE if form.errors else 200)


@page("GET")
def finished(request: HttpRequest, _user: User) -> HttpResponse:
    """What came of the last form."""
    said = request.session.get(DONE)
    if not said:
        return redirect("start")
    return render(request, "site/done.html", {"sentence": say(said["key"], **said["slots"])})
