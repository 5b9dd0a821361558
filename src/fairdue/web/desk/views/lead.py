"""A lead's day: who has what, and cases that change hands."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fairdue.core.errors import Fault
from fairdue.store import pages
from fairdue.store.actions import work
from fairdue.store.models import User
from fairdue.store.pages.legal import undecided
from fairdue.store.pages.signals import BUCKETS
from fairdue.web.desk.doors import page
from fairdue.web.desk.forms import ReassignForm
from fairdue.web.desk.views.work import UNREADABLE
from fairdue.web.ui.lang import lang


def _board(user: User, form: ReassignForm) -> dict[str, Any]:
    return {
        "board": pages.lead_board(user), "form": form, "signals": pages.team_signals(user), "buckets": BUCKETS,
        "lapsed": undecided(user),
    }  # fmt: skip


@page("board")
def board(request: HttpRequest, user: User) -> HttpResponse:
    """The team today."""
    return render(request, "desk/board.html", _board(user, ReassignForm()))


@page("reassign", "POST")
def reassign(request: HttpRequest, user: User) -> HttpResponse:
    """Give a case to a collector of the team."""
    form = ReassignForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            case = work.reassign(user, said["case"], said["to"], said["reason"])
        except Fault as fault:
            form.add_error(None, fault.sentence(lang()))
        else:
            name = case.owner.display_name if case.owner else ""
            messages.success(request, _("Case %(case)s is with %(name)s now.") % {"case": case.pk, "name": name})
            return redirect("board")
    return render(request, "desk/board.html", _board(user, form), status=UNREADABLE)
