"""Legal clocks on the desk: those of a case, the board of what lapses, events with their proof, and decisions about a lapse."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fairdue.core.errors import Fault
from fairdue.core.happened import Happened
from fairdue.store.actions import lapses, legal_events
from fairdue.store.actions.legal_events import Until
from fairdue.store.models import User
from fairdue.store.pages import legal as pages
from fairdue.web.desk.doors import back, page
from fairdue.web.desk.legal_forms import EventForm
from fairdue.web.ui.lang import lang

UNREADABLE = 422


@page("lapses")
def board(request: HttpRequest, user: User) -> HttpResponse:
    """What ran out and nobody decided, then what runs out next and what it is worth."""
    said = request.GET.get("page", "1")
    number = max(int(said), 1) if said.isdigit() else 1
    return render(request, "desk/lapses.html", {"board": pages.lapse_board(user, number)})


@page("case-clocks")
def case_clocks(request: HttpRequest, user: User, case_id: int) -> HttpResponse:
    """Every clock of a case, why it ends when it does, and what proves it."""
    return _show(request, user, case_id)


def _show(request: HttpRequest, user: User, case_id: int, status: int = 200) -> HttpResponse:
    shown = {"page": pages.case_clocks(user, case_id), "typed": request.POST}
    return render(request, "desk/case_clocks.html", shown, status=status)


@page("legal-event", "POST")
def record(request: HttpRequest, user: User, case_id: int) -> HttpResponse:
    """Record what happened, with its paper."""
    form = EventForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return _show(request, user, case_id, UNREADABLE)
    said, sent = form.cleaned_data, form.cleaned_data["file"]
    file = (sent.name, sent.content_type or "application/octet-stream", sent.read()) if sent else None
    try:
        made = legal_events.record_by_hand(
            user, case_id, Happened[said["kind"]], said["on"], until=Until(said["ended_on"], said["perform_by"]),
            note=said["note"], guarantor_id=said["guarantor"], file=file,
        )  # fmt: skip
    except Fault as fault:
        messages.error(request, fault.sentence(lang()))
        return _show(request, user, case_id, UNREADABLE)
    messages.success(request, _("Recorded; the clocks are reckoned anew.") if made else _("It was on record already."))
    return redirect("case-clocks", case_id)


@page("legal-void", "POST")
def void(request: HttpRequest, user: User, event_id: int) -> HttpResponse:
    """Declare an event void."""
    try:
        event = legal_events.void(user, event_id, request.POST.get("reason", ""))
    except Fault as fault:
        messages.error(request, fault.sentence(lang()))
        return back(request, "lapses")
    messages.success(request, _("Declared void; the clocks are reckoned anew."))
    return redirect("case-clocks", event.case_id)


@page("lapse-decide", "POST")
def decide(request: HttpRequest, user: User, clock_id: int) -> HttpResponse:
    """Propose what becomes of a debt whose period ran out; somebody else approves it."""
    try:
        lapses.ask(user, clock_id, request.POST.get("choice", ""), request.POST.get("reason", ""))
    except Fault as fault:
        messages.error(request, fault.sentence(lang()))
    else:
        messages.success(request, _("Proposed. It stays red until a second person has approved it."))
    return back(request, "lapses")
