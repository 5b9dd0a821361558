"""Paying in parts: what is earned and spent, what the one engine offers for it, the person's consent, the paper, the days."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from icalendar import Alarm, Calendar, Event

from fairdue.core.consent import Consent
from fairdue.core.errors import Fault
from fairdue.store import agreements, clock
from fairdue.store.actions import plans, proofs, site_said
from fairdue.store.models import User
from fairdue.store.pages import plans as pages
from fairdue.web.desk.plan_forms import MeansForm, ProposeForm, remembered
from fairdue.web.portal.doors import UNREADABLE, page
from fairdue.web.portal.files import FileSize, taken
from fairdue.web.portal.words import say
from fairdue.web.ui.lang import lang
from fairdue.web.ui.uploads import too_big

ASKED_HERE = "site"  # the reason of a proposal: asked for by the person, on the site


@page("GET", "POST")
def budget(request: HttpRequest, user: User) -> HttpResponse:
    """What do you earn and spend."""
    case = site_said.current_case(user)
    shown = pages.plans_page(user, case.pk)
    known = remembered(shown.means, shown.learned, case.customer.place, shown.exponent)
    too_large = too_big(request)
    form = MeansForm(request.POST or None, exponent=shown.exponent, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            if too_large:
                raise FileSize(name="")
            proofs.say(user, case.pk, form.said(), taken(request.FILES.getlist("files")))
        except Fault as fault:
            form.add_error(None, fault.sentence(lang()))
        else:
            return redirect("options")
    return render(request, "site/budget.html", {"page": shown, "form": form}, status=UNREADABLE if form.errors else 200)


@page("GET", "POST")
def options(request: HttpRequest, user: User) -> HttpResponse:
    """What the engine offers; choosing one makes the proposal."""
    case = site_said.current_case(user)
    error = ""
    if request.method == "POST":
        form = ProposeForm(request.POST)
        if form.is_valid():
            code, months = form.chosen()
            try:
                made = plans.propose(user, case.pk, form.cleaned_data["account"], code, months, ASKED_HERE)
            except Fault as fault:
                error = fault.sentence(lang())
            else:
                return redirect("part", made.pk)
        else:
            error = say("options.choose")
    shown = {"page": pages.plans_page(user, case.pk), "error": error}
    return render(request, "site/options.html", shown, status=UNREADABLE if error else 200)


@page("GET", "POST")
def part(request: HttpRequest, user: User, plan_id: int) -> HttpResponse:
    """One plan: its text and its days; the consent is recorded with the words that were agreed to."""
    error = ""
    if request.method == "POST":
        try:
            words = say("part.agree") if request.POST.get("agree") else ""
            plans.accept(user, plan_id, Consent.PORTAL, words)
        except Fault as fault:
            error = say("part.tick") if not request.POST.get("agree") else fault.sentence(lang())
        else:
            return redirect("part", plan_id)
    shown = pages.plan_page(user, plan_id)
    return render(request, "site/part.html", {"page": shown, "error": error}, status=UNREADABLE if error else 200)


@page("GET")
def agreement(_request: HttpRequest, user: User, plan_id: int, language: str) -> HttpResponse:
    """The agreement as PDF; its name says nothing."""
    plan = pages.get_plan(user, plan_id)
    if language not in ("zh", "en"):
        raise Http404
    made = agreements.pdf(user, plan, "zh" if language == "zh" else "en")
    return attached(made, f"paper-{plan.pk}-{language}.pdf", "application/pdf")


@page("GET")
def days(_request: HttpRequest, user: User, plan_id: int) -> HttpResponse:
    """The days as a file for a calendar: no amount and no reason, as others may see it."""
    shown = pages.plan_page(user, plan_id)
    return attached(_calendar(shown), f"days-{plan_id}.ics", "text/calendar; charset=utf-8")


def _calendar(shown: Any) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//fairdue//customer service//")
    calendar.add("version", "2.0")
    for row in shown.rows:
        event, alarm = Event(), Alarm()
        event.add("uid", f"{shown.plan.pk}-{row.payment.number}@fairdue")
        event.add("dtstamp", clock.from_minute(max(shown.plan.accepted_at, 0)))
        event.add("dtstart", row.payment.due_on)
        event.add("summary", say("site"))
        alarm.add("action", "DISPLAY")
        alarm.add("description", say("site"))
        alarm.add("trigger", timedelta(days=-1))
        event.add_component(alarm)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def attached(content: bytes, name: str, kind: str) -> HttpResponse:
    """A file that is saved and never shown inside the site."""
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
