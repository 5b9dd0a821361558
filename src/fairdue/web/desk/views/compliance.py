"""The compliance officer's way from a question to a decision: refusals counted, a case searched, a decision asked again."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from fairdue.store import pages
from fairdue.store.models import User
from fairdue.web.desk.doors import page
from fairdue.web.desk.forms import RefusalsForm, SearchForm


@page("refusals")
def refusals(request: HttpRequest, user: User) -> HttpResponse:
    """Contacts that were refused: by day, rule and team, and each of them."""
    found = pages.refusals(user, RefusalsForm(request.GET).wanted())
    return render(request, "desk/compliance/refusals.html", {"page": found, "search": SearchForm()})


@page("find", "POST")
def find(request: HttpRequest, user: User) -> HttpResponse:
    """The contacts asked for about a case; searched by POST, so that no address of a page names a person."""
    form = SearchForm(request.POST)
    form.is_valid()
    found = pages.find(user, form.cleaned_data.get("text", ""), form.cleaned_data.get("on"))
    return render(request, "desk/compliance/found.html", {"found": found})


@page("decision")
def decision(request: HttpRequest, user: User, decision_id: int) -> HttpResponse:
    """One decision: facts, rules, verdict."""
    return render(request, "desk/decision.html", {"page": pages.decision_page(user, decision_id)})


@page("replay", "POST")
def replay(request: HttpRequest, user: User, decision_id: int) -> HttpResponse:
    """The same decision with what comes out when the guard is asked again."""
    said = {"page": pages.decision_page(user, decision_id), "again": pages.ask_one_again(user, decision_id)}
    return render(request, "desk/decision.html", said)
