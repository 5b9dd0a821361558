"""Invites a customer to their own site: the link and the code are shown once, to be read out or copied."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from fairdue.core.errors import Fault
from fairdue.store.actions import invitations, outbox, site_invite
from fairdue.store.models import User
from fairdue.web.desk.doors import page
from fairdue.web.ui.lang import lang


@page("invite", "POST")
def invite(request: HttpRequest, user: User, case_id: int) -> HttpResponse:
    """Make the invitation, and send it where a number was chosen; an earlier one that was not used ends."""
    point, told = request.POST.get("point", ""), None
    try:
        if point.isdecimal():
            made, told = site_invite.send(user, case_id, int(point))
        else:
            made = invitations.invite(user, case_id)
    except Fault as fault:
        messages.error(request, fault.sentence(lang()))
        return redirect("case", case_id)
    shown = {"made": made, "link": site_invite.link_of(made), "address": settings.SITE_ADDRESS, "told": told,
             "refused": isinstance(told, outbox.Refusal)}  # fmt: skip
    return render(request, "desk/invited.html", shown)
