"""What can be looked up: rules, strategy, files and nights. Nothing here changes anything."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from fairdue.rules.schema import CONFIDENCE
from fairdue.store import pages
from fairdue.store.models import User
from fairdue.web.desk.doors import page


@page("rules")
def rules(request: HttpRequest, user: User) -> HttpResponse:
    """Every rule of the lender's law pack, with its article, its dates and its cases."""
    found = pages.browse_rules(user, request.GET.dict())
    return render(request, "desk/rules.html", {"found": found, "asked": request.GET, "marks": CONFIDENCE})


@page("strategy")
def strategy(request: HttpRequest, user: User) -> HttpResponse:
    """The treatments in force, row by row."""
    return render(request, "desk/strategy.html", {"strategy": pages.strategy_page(user)})


@page("batches")
def batches(request: HttpRequest, user: User) -> HttpResponse:
    """The files that came in."""
    return render(request, "desk/batches.html", {"batches": pages.batches(user)})


@page("batch")
def batch(request: HttpRequest, user: User, batch_id: int) -> HttpResponse:
    """One file: what came in, what was left out and why, control totals."""
    return render(request, "desk/batch.html", {"page": pages.batch_page(user, batch_id)})


@page("nights")
def nights(request: HttpRequest, user: User) -> HttpResponse:
    """The nights over the book, and what else was done each day."""
    return render(request, "desk/nights.html", {"nights": pages.nights(user), "days": pages.dailies(user)})
