"""A collector's day: the list, the next case, the contact and its outcome."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from fairdue.core.codes import Aim, Role
from fairdue.core.errors import Fault
from fairdue.store import access, pages
from fairdue.store.actions import calls, contacts, work
from fairdue.store.actions.contacts import Recorded, Refusal
from fairdue.store.models import QueuePlace, User
from fairdue.store.pages.legal import undecided
from fairdue.web.desk.doors import ROLES, page
from fairdue.web.desk.forms import FilterForm, OutcomeForm, ReserveForm
from fairdue.web.ui.context import business_clock
from fairdue.web.ui.lang import lang
from fairdue.web.ui.templatetags.fairdue import clock_time

UNREADABLE = 422  # the form is shown again with what was typed and what is wrong


@page("list")
def worklist(request: HttpRequest, user: User) -> HttpResponse:
    """Today's list in order, each place with its reason."""
    filters, number = FilterForm(request.GET).filters()
    found = pages.worklist(user, filters, number)
    return render(request, "desk/list.html", {"list": found, "filters": filters, "lapsed": undecided(user)})


@page("next", "POST")
def get_next(request: HttpRequest, user: User) -> HttpResponse:
    """Open the next case, locked to the collector."""
    return _open_next(request, user)


def _open_next(request: HttpRequest, user: User) -> HttpResponse:
    try:
        case = work.get_next(user)
    except Fault as fault:
        messages.error(request, fault.sentence(lang()))
        return redirect("list")
    if case is None:
        messages.info(request, _("Nothing is left that may be worked now. The list says when the rest may be."))
        return redirect("list")
    return redirect("case", case.pk)


@page("case")
def case_page(request: HttpRequest, user: User, case_id: int) -> HttpResponse:
    """One case: who, what is owed, the aim, what may be done, and what happened."""
    return _shown(request, user, case_id)


def _shown(
    request: HttpRequest, user: User, case_id: int, outcome: OutcomeForm | None = None, status: int = 200
) -> HttpResponse:
    """The case; while somebody beside the borrower is being talked to, only what may be said to them."""
    shown = _case(request, user, case_id, outcome)
    held = shown["page"].reservation
    if held is not None and held.person_id != held.customer_id:
        other = {"page": pages.other_page(user, held), "outcome_form": outcome, "dials": shown["dials"]}
        return render(request, "desk/other.html", other, status=status)
    return render(request, "desk/case.html", shown, status=status)


def _case(request: HttpRequest, user: User, case_id: int, outcome: OutcomeForm | None = None) -> dict[str, Any]:
    shown = pages.case_page(user, case_id)
    return {
        "page": shown,
        "outcome_form": outcome,
        "dials": shown.owner_is_me and calls.telephone(user) is not None,
        "kind": request.GET.get("kind", ""),
        "beside": pages.worklist(user) if shown.owner_is_me else None,
        "colleagues": access.colleagues_for(user),
        "may_invite": shown.owner_is_me or (user.role == Role.LEAD and shown.case.closed_on is None),
        "orders": pages.orders_of(user, shown.case),
        "may_order": user.role in ROLES["order"],
        "may_undo": user.role in ROLES["order-undo"],
        "from_queue": shown.owner_is_me and QueuePlace.objects.filter(case_id=case_id, held_by=user).exists(),
        "plans_door": user.role in ROLES["plans"],
        "tracks": pages.case_tracks(user, shown.case, shown.today),
    }


@page("statement")
def statement(request: HttpRequest, user: User, case_id: int) -> HttpResponse:
    """What is owed, line by line, for printing."""
    return render(request, "desk/statement.html", {"page": pages.case_page(user, case_id)})


@page("reserve", "POST")
def reserve(request: HttpRequest, user: User, case_id: int) -> HttpResponse:
    """Ask the guard for one contact and take it, or say why not."""
    form = ReserveForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("That contact is not one of those offered. Choose one on this page."))
        return redirect("case", case_id)
    try:
        answer = contacts.reserve(user, case_id, form.proposed())
    except contacts.QuietNow as fault:
        messages.error(request, fault.sentence(lang()))
        return redirect("case", case_id)
    if isinstance(answer, Refusal):
        messages.error(request, refused(answer, business_clock(request).zone))
    return redirect("case", case_id)


def refused(answer: Refusal, zone: str) -> str:
    """Why a contact may not be made, and from when it may."""
    why = format_html('<a href="{}">{}</a>', reverse("decision", args=[answer.decision_id]), _("Why"))
    if answer.next_lawful < 0:
        said = _("This contact is not allowed, and waiting will not change that.")
    else:
        said = _("This contact is not allowed now. From %(when)s it may be.") % {
            "when": clock_time(answer.next_lawful, zone)
        }
    return format_html("{} {}", said, why)


@page("record", "POST")
def record(request: HttpRequest, user: User, case_id: int, attempt_id: int) -> HttpResponse:
    """Record what came of a contact; then the next case. What cannot be recorded is shown again as it was typed."""
    form = OutcomeForm(request.POST, exponent=access.get_case(user, case_id).lender.exponent)
    if form.is_valid():
        said = form.cleaned_data
        try:
            done = contacts.record(user, attempt_id, said["outcome"], note=said["note"], wrap_up=form.wrap_up())
        except Fault as fault:
            form.add_error(None, fault.sentence(lang()))
        else:
            messages.success(request, _next_step(done))
            return redirect("case", done.case_id) if said["then"] == "stay" else _open_next(request, user)
    return _again(request, user, case_id, form)


def _again(request: HttpRequest, user: User, case_id: int, form: OutcomeForm) -> HttpResponse:
    """The case once more with what was typed; a contact that is no longer held has no form to type into."""
    if not pages.holds_contact(user, case_id):
        said = [str(error) for error in form.non_field_errors()]
        for sentence in said or [_("This contact is no longer open. Choose a contact again.")]:
            messages.error(request, sentence)
        return redirect("case", case_id)
    return _shown(request, user, case_id, form, UNREADABLE)


def _next_step(done: Recorded) -> str:
    aim = Aim(done.next_aim).label(lang())
    return _("Recorded. Next aim of that case: %(aim)s.") % {"aim": aim}


@page("release", "POST")
def release(request: HttpRequest, user: User, case_id: int, attempt_id: int) -> HttpResponse:
    """Give back a contact that was not made."""
    try:
        contacts.release(user, attempt_id)
    except Fault as fault:
        messages.error(request, fault.sentence(lang()))
    else:
        messages.info(request, _("The contact was given back. It does not count."))
    return redirect("case", case_id)
