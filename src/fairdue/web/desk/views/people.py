"""People beside the borrower, the lost-contact board, and agencies."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fairdue.core.errors import Fault
from fairdue.store import access, pages
from fairdue.store.access import NotYours
from fairdue.store.actions import agencies as agency_actions
from fairdue.store.actions import people as actions
from fairdue.store.models import Organisation, User
from fairdue.web.desk.doors import ROLES, page
from fairdue.web.desk.people_forms import AgencyForm, FactForm, PersonForm, PointForm
from fairdue.web.ui.lang import lang


@page("people")
def people_page(request: HttpRequest, user: User, case_id: int) -> HttpResponse:
    """Everybody linked to a case's debt."""
    shown = {"page": pages.people_page(user, case_id), "may_establish": user.role in ROLES["fact-establish"]}
    return render(request, "desk/people.html", shown)


@page("lost")
def lost(request: HttpRequest, user: User) -> HttpResponse:
    """Who cannot be reached, and what is left to try."""
    number = request.GET.get("page", "")
    return render(request, "desk/lost.html", {"page": pages.lost_page(user, int(number) if number.isdigit() else 1)})


@page("fact-establish", "POST")
def establish(request: HttpRequest, user: User, case_id: int, link_id: int) -> HttpResponse:
    """Record a fact about a linked person."""
    case = access.get_case(user, case_id)
    form = FactForm(request.POST)

    def act() -> str:
        try:
            value = form.typed(case.lender.exponent)
        except ValueError as unread:
            raise actions.NotAFact(fact=form.cleaned_data["fact"], value=form.cleaned_data["value"]) from unread
        made = actions.establish(user, link_id, form.cleaned_data["fact"], value, form.cleaned_data["evidence"])
        return _("Recorded.") if made.holds else _("Recorded. It holds once a second person has agreed.")

    return _done(request, case_id, form, act)


@page("person-add", "POST")
def add_person(request: HttpRequest, user: User, case_id: int) -> HttpResponse:
    """Record somebody linked to the debt."""
    form = PersonForm(request.POST)

    def act() -> str:
        actions.add_person(user, case_id, form.person())
        return _("Recorded.")

    access.get_case(user, case_id)
    return _done(request, case_id, form, act)


@page("point-add", "POST")
def add_point(request: HttpRequest, user: User, case_id: int) -> HttpResponse:
    """Record a number or address."""
    form = PointForm(request.POST)

    def act() -> str:
        actions.add_point(user, case_id, form.cleaned_data["person"], form.point())
        return _("Recorded.")

    access.get_case(user, case_id)
    return _done(request, case_id, form, act)


def _done(request: HttpRequest, case_id: int, form: forms.Form, act: Callable[[], str]) -> HttpResponse:
    if not form.is_valid():
        messages.error(request, _("Something is missing or cannot be read. Fill in every field of the form."))
        return redirect("people", case_id)
    try:
        said = act()
    except Fault as fault:
        messages.error(request, fault.sentence(lang()))
    else:
        messages.success(request, said)
    return redirect("people", case_id)


@page("agencies")
def agencies(request: HttpRequest, user: User) -> HttpResponse:
    """The agencies and what is known of each."""
    return render(
        request, "desk/agencies.html", {"rows": pages.agency_rows(user), "may_set": user.role in ROLES["agency-set"]}
    )


@page("agency-set", "POST")
def agency_set(request: HttpRequest, user: User, agency_id: int) -> HttpResponse:
    """Say what is known of an agency."""
    agency = Organisation.objects.filter(pk=agency_id, is_lender=False).first()
    if agency is None:
        raise NotYours
    form = AgencyForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("This is not a date. Write it as year-month-day, such as 2026-10-09."))
        return redirect("agencies")
    try:
        changed = agency_actions.describe(user.username, agency, form.known(), form.cleaned_data["reason"])
    except Fault as fault:
        messages.error(request, fault.sentence(lang()))
    else:
        messages.success(request, _("Recorded.") if changed else _("Nothing changed."))
    return redirect("agencies")
