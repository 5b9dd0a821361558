"""The demo's phone: what borrowers receive, and their answers. It exists in the demo only."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from fairdue.connectors.demo_phone import DemoPhone
from fairdue.store.models import User
from fairdue.web.desk.doors import page
from fairdue.web.ui.background import start
from fairdue.web.ui.lang import lang

SHOWN = 50
ANSWERS = ("TD", "退订", "STOP", "已还款，请核实")


def _phone() -> DemoPhone:
    if not settings.DEMO:
        raise Http404
    return DemoPhone(Path(settings.HOME) / "demo-phone")


@page("phone")
def show(request: HttpRequest, _user: User) -> HttpResponse:
    """The newest messages first."""
    return render(request, "desk/phone.html", {"rows": _phone().shown()[:SHOWN], "answers": ANSWERS})


@page("phone-answer", "POST")
def answer(request: HttpRequest, _user: User) -> HttpResponse:
    """Answer a message, or let the worker run once, beside the desk: in the demo nobody else starts it."""
    phone = _phone()
    key, text = request.POST.get("key", ""), request.POST.get("text", "").strip()[:300]
    if text and key in {str(row["key"]) for row in phone.shown()}:
        phone.answer(key, text)
    if request.POST.get("do") == "send":
        start(Path(settings.HOME) / "demo-phone", lang(), "send", "--once", "--quiet")
    return redirect("phone")
