"""Settlements with their deadlines; the search for a payment; debts written off and what comes in on them."""

from __future__ import annotations

import csv
import io
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fairdue.core.errors import Fault
from fairdue.core.money import format_minor, parse_minor
from fairdue.store.actions import paid_search, settlements, write_offs
from fairdue.store.actions.settlements import Part
from fairdue.store.models import User
from fairdue.store.pages.settlements import settlements_page, written_off_page
from fairdue.web.desk.doors import page
from fairdue.web.ui.lang import lang


@page("settlements")
def settlement_list(request: HttpRequest, user: User, case_id: int) -> HttpResponse:
    """Offers made on the debts of a case, and the form for another."""
    return render(request, "desk/settlements.html", {"page": settlements_page(user, case_id)})


@page("settlement-step", "POST")
def step(request: HttpRequest, user: User, case_id: int) -> HttpResponse:
    """Offer one, or take one back."""
    settlements_page(user, case_id)  # 404 where the case is not theirs
    try:
        if request.POST.get("do") == "withdraw":
            settlements.withdraw(user, int(request.POST["settlement"]), request.POST.get("reason", ""))
            messages.success(request, _("Withdrawn."))
        else:
            _offer(request, user, case_id)
    except Fault as fault:
        messages.error(request, fault.sentence(lang()))
    except (KeyError, ValueError):
        messages.error(request, _("Fill in the debt, and an amount and a day for each payment."))
    return redirect("settlements", case_id)


def _offer(request: HttpRequest, user: User, case_id: int) -> None:
    said = zip(request.POST.getlist("amount"), request.POST.getlist("on"), strict=False)
    money = user.organisation.exponent
    parts = [
        Part(date.fromisoformat(on), parse_minor(amount, money)) for amount, on in said if amount.strip() or on.strip()
    ]
    made = settlements.propose(user, case_id, int(request.POST["account"]), parts, request.POST.get("reason", ""))
    messages.success(
        request, _("A second person decides it under Approvals.") if made.approvers else _("The offer stands.")
    )


@page("written-off")
def written_off(request: HttpRequest, user: User) -> HttpResponse:
    """Debts off the books and their recoveries in a period, as a page or as CSV."""
    try:
        first, last = (date.fromisoformat(request.GET[n]) if request.GET.get(n) else None for n in ("from", "to"))
    except ValueError:
        first = last = None
    found = written_off_page(user, first, last)
    if request.GET.get("as") == "csv":
        return _csv(found)
    return render(request, "desk/written_off.html", {"page": found})


@page("track-search", "POST")
def search(request: HttpRequest, user: User, track_id: int) -> HttpResponse:
    """Look again for a payment a customer says was made."""
    amount, on = request.POST.get("amount", "").strip(), request.POST.get("on", "")
    try:
        sum_named = parse_minor(amount.replace(",", ""), user.organisation.exponent) if amount else 0
        found = paid_search.search(user, track_id, sum_named, date.fromisoformat(on) if on else None)
    except Fault as fault:
        messages.error(request, fault.sentence(lang()))
    except ValueError:
        messages.error(request, _("Fill in the amount, the day and the account as shown."))
    else:
        messages.success(
            request, _("Looked again: something may be it.") if found.found else _("Looked again: nothing like it.")
        )
    return redirect("track", track_id)


def _csv(found: object) -> HttpResponse:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("account", "written_off_on", "written_off", "recovered_in_period", "recovered", "owed"))
    for r in found.rows:  # type: ignore[attr-defined]  # the page
        amounts = (format_minor(a, found.exponent) for a in (r.written_off, r.in_period, r.in_all, r.left))  # type: ignore[attr-defined]  # the same
        writer.writerow((r.row.account.account_no, r.row.on, *amounts))
    answer = HttpResponse(out.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="written-off.csv"'
    return answer


@page("written-off-ask", "POST")
def ask(request: HttpRequest, user: User) -> HttpResponse:
    """Ask to write a debt off, or to put one back."""
    reason = request.POST.get("reason", "")
    try:
        if request.POST.get("do") == "undo":
            write_offs.ask_undo(user, int(request.POST.get("number", "")), reason)
        else:
            write_offs.ask(user, request.POST.get("account", ""), reason)
    except Fault as fault:
        messages.error(request, fault.sentence(lang()))
    except ValueError:
        messages.error(request, _("Fill in the amount, the day and the account as shown."))
    else:
        messages.success(request, _("Asked for: somebody else of finance decides it under Approvals."))
    return redirect("written-off")
