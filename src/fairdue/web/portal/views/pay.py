"""Paying: any amount above zero, at a provider's page; booked when the provider says so, signed."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from fairdue.core.errors import Fault
from fairdue.core.money import format_minor
from fairdue.store.access import NotYours
from fairdue.store.actions import site_pay
from fairdue.store.models import User
from fairdue.store.pages import site as pages
from fairdue.web.portal import provider
from fairdue.web.portal.doors import UNREADABLE, page
from fairdue.web.portal.forms import PayForm
from fairdue.web.ui.lang import lang

LONGEST = 4096  # bytes of a provider's message


@page("GET", "POST")
def pay(request: HttpRequest, user: User) -> HttpResponse:
    """How much, and on which account."""
    shown = pages.account_page(user, None)
    first = next((view for view in shown.accounts if view.line.total > 0), None)
    typed = {"amount": format_minor(first.line.total, shown.exponent), "account": first.account.pk} if first else {}
    form = PayForm(request.POST or None, exponent=shown.exponent, initial=typed)
    if request.method == "POST" and form.is_valid():
        try:
            made = site_pay.begin(user, form.cleaned_data["account"], form.cleaned_data["amount"])
        except Fault as fault:
            form.add_error(None, fault.sentence(lang()))
        else:
            return redirect("transfer-one", made.reference)
    return render(
        request, "site/transfer.html", {"page": shown, "form": form}, status=UNREADABLE if form.errors else 200
    )


@page("GET")
def one(request: HttpRequest, user: User, reference: str) -> HttpResponse:
    """One payment: where to pay, or what came of it."""
    transfer = site_pay.transfer_of(user, reference)
    address = provider.page_of(request, transfer) if transfer.state == transfer.BEGUN else ""
    picture = provider.picture(address) if address else ""
    return render(request, "site/transfer_one.html", {"transfer": transfer, "address": address, "picture": picture})


@csrf_exempt
@require_POST
def notify(request: HttpRequest) -> HttpResponse:
    """The provider's word. Whoever cannot sign is told nothing."""
    body = request.body
    try:
        if len(body) > LONGEST:
            raise site_pay.NotSigned
        site_pay.settle(site_pay.told_of(site_pay.DEMO, body, request.headers.get("X-Signature", ""), json.loads(body)))
    except (Fault, NotYours, ValueError, KeyError, TypeError):
        return HttpResponse(status=400)
    return HttpResponse(status=204)
