"""Invites a customer to their own site: the link and the code are shown once, to be read out or copied."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from fairdue.core.errors import Fault
from fairdue.store.actions import invitations
from fairdue.store.models import User
from fairdue.web.desk.doors import page
from fairdue.web.ui.lang import lang


@page("invite", "POST")
def invite(request: HttpRequest, user: User, case_id: int) -> HttpResponse:
    """Make the invitation; an earlier one that was not used ends."""
    try:
        made = invitations.invite(user, case_id)
    except Fault as fault:
        messages.error(request, fault.sentence(lang()))
        return redirect("case", case_id)
    link = f"{settings.SITE_ADDRESS}/i/{made.link}/"
    return render(request, "desk/invited.html", {"made": made, "link": link, "address": settings.SITE_ADDRESS})
