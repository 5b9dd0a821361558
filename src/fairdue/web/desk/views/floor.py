"""The floor: who can what and when, shared queues, many cases at once, orders about a case, and what waits without follow-up."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fairdue.core.codes import Product
from fairdue.core.errors import Fault
from fairdue.rules.tracks import load_tracks
from fairdue.store import access, pages
from fairdue.store.actions import dealing, giving, orders, staffing
from fairdue.store.models import User
from fairdue.store.pages.signals import BUCKETS
from fairdue.web.desk.doors import page
from fairdue.web.desk.floor_forms import (
    AbsenceForm,
    CalendarForm,
    DayForm,
    NeedForm,
    OrderForm,
    QueueForm,
    ShiftForm,
    SkillForm,
)
from fairdue.web.desk.views.work import UNREADABLE
from fairdue.web.ui.lang import lang


def _number(said: str | None) -> int | None:
    return int(said) if said and said.isdecimal() and len(said) < len(str(10**15)) else None


@page("floor")
def floor(request: HttpRequest, user: User) -> HttpResponse:
    """People, queues, what stages ask for, minutes of work, orders in force."""
    return render(request, "desk/floor.html", _floor(user))


def _floor(user: User) -> dict[str, Any]:
    return {"page": pages.floor_page(user), "products": Product, "tracks": load_tracks(), "absences": staffing.ABSENCES,
            "weekdays": range(staffing.WEEK)}  # fmt: skip


@page("floor-set", "POST")
def change(request: HttpRequest, user: User) -> HttpResponse:
    """One change to the floor."""
    do = request.POST.get("do", "")
    if do in {"cover", "cancel"}:
        return _absence(request, user, do)
    form = FORMS.get(do, QueueForm)(request.POST)
    if form.is_valid():
        try:
            _apply(do, user, form)
        except Fault as fault:
            form.add_error(None, fault.sentence(lang()))
        else:
            messages.success(request, _("Recorded."))
            return redirect("floor")
    wrong = [
        f"{name}: {error}" if name != "__all__" else str(error)
        for name, all_of in form.errors.items()
        for error in all_of
    ]
    return render(request, "desk/floor.html", _floor(user) | {"wrong": wrong, "typed": request.POST}, status=UNREADABLE)


FORMS: dict[str, type[forms.Form]] = {
    "skill": SkillForm, "need": NeedForm, "shift": ShiftForm, "absence": AbsenceForm, "queue": QueueForm,
    "calendar": CalendarForm, "day": DayForm,
}  # fmt: skip


def _apply(do: str, user: User, form: forms.Form) -> None:
    said = form.cleaned_data
    if isinstance(form, ShiftForm):
        staffing.set_shift(user, said["user"], *form.hours())
    elif isinstance(form, QueueForm):
        staffing.save_queue(user, form.said())
    elif isinstance(form, CalendarForm):
        staffing.set_calendar(user.username, staffing.own_team(user), said["country"])
    elif isinstance(form, DayForm):
        staffing.set_day(user.username, staffing.own_team(user), said["on"], form.answer(), said["note"])
    elif do == "skill":
        staffing.give_skill(user, said["user"], said["skill"], said["until"])
    elif do == "need":
        staffing.need_skill(user, said["kind"], said["code"].upper(), said["skill"])
    else:
        staffing.add_absence(user, said["user"], said["first"], said["last"], said["kind"])


def _absence(request: HttpRequest, user: User, do: str) -> HttpResponse:
    absence = _number(request.POST.get("absence")) or 0
    if do == "cancel":
        staffing.cancel_absence(user, absence)
        messages.success(request, _("Recorded."))
        return redirect("floor")
    sure = "sure" in request.POST
    preview = dealing.cover(user, absence, dry_run=not sure)
    if sure:
        messages.success(request, _("%(n)s cases changed hands.") % {"n": len(preview.moves)})
        return redirect("floor")
    return render(request, "desk/deal.html", {"preview": preview, "absence": absence})


@page("deal")
def deal(request: HttpRequest, user: User) -> HttpResponse:
    """Cases to choose from: those of one collector, or without an owner."""
    return render(request, "desk/deal.html", _deal(user, _number(request.GET.get("owner"))))


def _deal(user: User, owner: int | None) -> dict[str, Any]:
    people = access.colleagues_for(user).order_by("display_name")
    return {"people": people, "owner": owner, "cases": pages.cases_to_deal(user, owner), "lender": user.organisation}


@page("deal-move", "POST")
def move(request: HttpRequest, user: User) -> HttpResponse:
    """First what it would change, then, when it is sent again as sure, the change."""
    chosen = [number for said in request.POST.getlist("case") if (number := _number(said)) is not None]
    to, reason, sure = _number(request.POST.get("to")), request.POST.get("reason", ""), "sure" in request.POST
    shown = _deal(user, _number(request.POST.get("owner"))) | {"chosen": chosen, "to": to, "reason": reason}
    try:
        preview = dealing.reassign_many(user, chosen, to, reason, dry_run=not sure)
    except Fault as fault:
        return render(request, "desk/deal.html", shown | {"wrong": fault.sentence(lang())}, status=UNREADABLE)
    if sure:
        messages.success(request, _("%(n)s cases changed hands.") % {"n": len(preview.moves)})
        return redirect("board")
    return render(request, "desk/deal.html", shown | {"preview": preview})


@page("ageing")
def ageing(request: HttpRequest, user: User) -> HttpResponse:
    """Open cases of one bucket without follow-up."""
    bucket, owner = _number(request.GET.get("bucket")), _number(request.GET.get("owner"))
    rows = pages.aged_cases(user, -1 if bucket is None else bucket, owner)
    return render(
        request, "desk/ageing.html", {"rows": rows, "buckets": BUCKETS, "bucket": bucket, "lender": user.organisation}
    )


@page("order", "POST")
def order(request: HttpRequest, user: User, case_id: int) -> HttpResponse:
    """Ask to keep, stop or return a case."""
    form = OrderForm(request.POST)
    said = form.cleaned_data if form.is_valid() else {}
    wanted = orders.Wanted(said.get("kind", ""), said.get("reason", ""), said.get("until"))
    try:
        orders.ask(user, case_id, wanted)
    except Fault as fault:
        messages.error(request, fault.sentence(lang()))
    else:
        messages.success(request, _("Asked for. Somebody else decides it."))
    return redirect("case", case_id)


@page("order-undo", "POST")
def undo(request: HttpRequest, user: User, order_id: int) -> HttpResponse:
    """End an order that is in force."""
    try:
        orders.undo(user, order_id, request.POST.get("reason", ""))
    except Fault as fault:
        messages.error(request, fault.sentence(lang()))
    else:
        messages.success(request, _("The order is undone."))
    return redirect("home")


@page("put-back", "POST")
def put_back(request: HttpRequest, user: User, case_id: int) -> HttpResponse:
    """Give a case of a queue back."""
    try:
        giving.put_back(user, case_id, request.POST.get("reason", ""))
    except Fault as fault:
        messages.error(request, fault.sentence(lang()))
        return redirect("case", case_id)
    messages.info(request, _("The case is back in its queue."))
    return redirect("list")
