"""Dialling from the desk: the wish, the bar that follows the call, and its end."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fairdue.core.errors import Fault
from fairdue.store import access
from fairdue.store.access import NotYours
from fairdue.store.actions import calls
from fairdue.store.actions.contacts import Refusal
from fairdue.store.models import PhoneCall, User
from fairdue.web.desk.doors import page
from fairdue.web.desk.forms import ReserveForm
from fairdue.web.desk.views.work import refused
from fairdue.web.ui.background import start
from fairdue.web.ui.context import business_clock
from fairdue.web.ui.lang import lang


@page("dial", "POST")
def dial(request: HttpRequest, user: User, case_id: int) -> HttpResponse:
    """Ask the guard for one call, take its place, and have the telephone system ring the collector's phone."""
    form = ReserveForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("That contact is not one of those offered. Choose one on this page."))
        return redirect("case", case_id)
    try:
        answer = calls.place(user, case_id, form.proposed())
    except Fault as fault:
        if isinstance(fault, NotYours):
            raise
        messages.error(request, fault.sentence(lang()))
        return redirect("case", case_id)
    if isinstance(answer, Refusal):
        messages.error(request, refused(answer, business_clock(request).zone))
    elif answer.state == PhoneCall.ASKED:
        transaction.on_commit(lambda: start(settings.HOME / "calls", lang(), "call", "run", str(answer.pk)))
    return redirect("case", case_id)


@page("call")
def call(request: HttpRequest, user: User, case_id: int, attempt_id: int) -> HttpResponse:
    """The bar of a call as it stands now; the page is shown anew when its place was given back."""
    case = access.get_case(user, case_id)
    found = PhoneCall.objects.filter(attempt=attempt_id, attempt__case=case, attempt__operator=user)
    calls.tend(user.username, attempt_id)
    row = found.select_related("attempt__point", "attempt__case").first()
    if row is None:
        raise NotYours
    answer = render(request, "desk/parts/call.html", {"call": row, "since": calls.since(row)})
    if row.state in PhoneCall.NEVER_LEFT:
        messages.error(request, why_not(row))
        answer["HX-Refresh"] = "true"
    return answer


@page("hang-up", "POST")
def hang_up(request: HttpRequest, user: User, case_id: int, attempt_id: int) -> HttpResponse:
    """End one's own call."""
    calls.hang_up(user, attempt_id)
    messages.info(request, _("The call is being ended."))
    return redirect("case", case_id)


def why_not(row: PhoneCall) -> str:
    """Why a number was not dialled."""
    return {
        PhoneCall.DESK_FAILED: _("Your phone was not answered: nothing was dialled, and the contact does not count."),
        PhoneCall.STOPPED: _(
            "It may no longer be dialled: money came, or the law says no. The contact does not count."
        ),
        PhoneCall.NOT_DIALLED: _("The telephone system did not dial the number. The contact does not count."),
        PhoneCall.EXPIRED: _("The call was not begun in time. The contact does not count."),
    }[row.state]
