"""Connections to other systems: keys to the API, and where events are sent."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fairdue.core.codes import Role
from fairdue.core.errors import Fault
from fairdue.store import access, events
from fairdue.store.actions import keys, webhooks
from fairdue.store.models import User
from fairdue.store.pages.keys import keys_page
from fairdue.store.pages.webhooks import webhooks_page
from fairdue.store.scopes import RESOURCES, SCOPES
from fairdue.web.desk.connection_forms import KeyForm, ResendForm, WebhookForm
from fairdue.web.desk.doors import page
from fairdue.web.desk.views.work import UNREADABLE
from fairdue.web.ui.lang import lang


@page("connections")
def connections(request: HttpRequest, user: User) -> HttpResponse:
    """Every key and every endpoint, and what could not be delivered."""
    return _shown(request, user)


def _shown(request: HttpRequest, user: User, status: int = 200, **more: Any) -> HttpResponse:
    scopes = [(scope, RESOURCES[scope.split(":")[0]][0], scope.endswith("write")) for scope in SCOPES]
    roles = [(role, role.label(lang())) for role in sorted(keys.SERVICE_ROLES)]
    said = {
        "keys": keys_page(user),
        "hooks": webhooks_page(user),
        "scopes": scopes,
        "roles": roles,
        "types": events.types(),
    }
    form = {"may_make": user.role == Role.OPERATOR, "key_form": KeyForm(), "hook_form": WebhookForm()}
    return render(request, "desk/connections.html", said | form | more, status=status)


@page("key-add", "POST")
def add_key(request: HttpRequest, user: User) -> HttpResponse:
    """Make a key. It is shown on the page that answers, and nowhere after that."""
    form = KeyForm(request.POST)
    if form.is_valid():
        try:
            _, text = keys.ask(user, form.wanted())
        except Fault as fault:
            form.add_error(None, fault.sentence(lang()))
        else:
            return _shown(request, user, new_key=text)
    return _shown(request, user, UNREADABLE, key_form=form)


@page("key-revoke", "POST")
def revoke_key(request: HttpRequest, user: User, key_id: int) -> HttpResponse:
    """Revoke a key: it opens nothing from now on."""
    keys.revoke(user.username, user.organisation, access.get_key(user, key_id).name)
    messages.success(request, _("The key is revoked. It opens nothing any more."))
    return redirect("connections")


@page("webhook-add", "POST")
def add_webhook(request: HttpRequest, user: User) -> HttpResponse:
    """Add an endpoint. Its secret is shown on the page that answers, and nowhere after that."""
    form = WebhookForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            _, secret = webhooks.add(user.username, user.organisation, said["url"], said["types"], said["note"])
        except Fault as fault:
            form.add_error(None, fault.sentence(lang()))
        else:
            return _shown(request, user, new_secret=secret)
    return _shown(request, user, UNREADABLE, hook_form=form)


@page("webhook-step", "POST")
def step_webhook(request: HttpRequest, user: User, endpoint_id: int) -> HttpResponse:
    """End an endpoint, or send events to it again."""
    if request.POST.get("do") == "end":
        webhooks.end(user.username, user.organisation, endpoint_id)
        messages.success(request, _("The endpoint is ended. Nothing more is sent there."))
        return redirect("connections")
    form = ResendForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say from which number to which."))
        return redirect("connections")
    first, last = form.span()
    count = webhooks.resend(user.username, user.organisation, endpoint_id, first, last)
    messages.success(request, _("%(count)s events will be sent again.") % {"count": count})
    return redirect("connections")
