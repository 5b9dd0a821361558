"""Writing to the people of a case, and the outbox: what waits, left, arrived or did not, and what it cost."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.request import QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fairdue.core.codes import Channel, Party
from fairdue.core.errors import Fault, Lang
from fairdue.store import access
from fairdue.store.access import NotYours
from fairdue.store.actions import heard_back, leaving, outbox
from fairdue.store.message_words import Words
from fairdue.store.models import Message, Point, User
from fairdue.store.pages import messages as pages
from fairdue.web.desk.doors import back, page
from fairdue.web.ui.lang import lang

LONGEST = 1_000
LONGEST_ANSWER = 8_001  # the two fields of a written answer


@page("messages")
def write(request: HttpRequest, user: User, case_id: int) -> HttpResponse:
    """Choose approved words, see them filled, and see whether they may be sent."""
    found = pages.write_page(user, case_id, _asked(request.GET))
    return render(request, "desk/messages.html", {"page": found, "free": pages.FREE, "longest": LONGEST})


def _asked(said: QueryDict) -> pages.Asked:
    point, language = said.get("point", ""), said.get("lang", "")
    return pages.Asked(
        int(point) if point.isdecimal() else None, said.get("frame", "")[:60], said.get("text", "")[:LONGEST],
        _language(language) if language else None,
    )  # fmt: skip


def _language(said: str) -> Lang:
    return "en" if said == "en" else "zh"


@page("message-send", "POST")
def send(request: HttpRequest, user: User, case_id: int) -> HttpResponse:
    """Put it into the outbox; free text asks for a release."""
    asked = _asked(request.POST)
    case = access.get_case(user, case_id)
    point = Point.objects.filter(pk=asked.point_id or 0).first()
    party = pages.party_at(case, point) if point else Party.BORROWER
    if party is None:
        raise NotYours
    free = asked.frame == pages.FREE
    words = Words("" if free else asked.frame, {}, asked.text if free else "", asked.lang or "zh", party)
    channel = Channel.EMAIL if point is not None and point.channel == Channel.EMAIL else Channel.SMS
    wanted = outbox.Wanted(
        channel, point, words, f"desk-{request.POST.get('key', '')[:60]}", request.POST.get("reason", "")
    )
    try:
        made = outbox.send(user, case_id, wanted)
    except Fault as fault:
        messages.error(request, fault.sentence(lang()))
    else:
        _say(request, made)
    return redirect("messages", case_id)


def _say(request: HttpRequest, made: Message | outbox.Refusal) -> None:
    if isinstance(made, outbox.Refusal):
        why = pages.WHY.get(made.why)
        messages.error(request, _("Not sent: %(why)s.") % {"why": why[lang()] if why else made.why})
    elif made.state == Message.HELD:
        messages.success(request, _("A second person has been asked to release it."))
    else:
        messages.success(request, _("It is in the outbox and is judged once more when it leaves."))


@page("message-check", "POST")
def check(request: HttpRequest, user: User, case_id: int) -> HttpResponse:
    """What the wording check says while somebody types: a message, or an answer, which may quote what was done."""
    said = request.POST
    answer = "\n".join(said[name] for name in ("reason", "redress") if said.get(name))
    text = answer[:LONGEST_ANSWER] or said.get("text", "")[:LONGEST]
    finding = pages.checked(user, case_id, text, _language(said.get("lang", "")))
    return render(request, "desk/messages/finding.html", {"finding": finding, "quoting": bool(answer)})


@page("opt-out", "POST")
def opted_out(request: HttpRequest, user: User, case_id: int) -> HttpResponse:
    """The borrower said on the phone that they want no more texts or mails."""
    case = access.get_case(user, case_id)
    channel = Channel.EMAIL if request.POST.get("channel") == Channel.EMAIL.name else Channel.SMS
    taken_back = heard_back.opt_out(case.customer, channel, "DESK", user.username)
    messages.success(request, _("Recorded; %(n)s messages were taken back.") % {"n": taken_back})
    return redirect("messages", case_id)


@page("outbox")
def outbox_page(request: HttpRequest, user: User) -> HttpResponse:
    """Every message the user may read, by state."""
    number = request.GET.get("page", "1")
    found = pages.outbox_page(user, request.GET.get("state", ""), int(number) if number.isdecimal() else 1)
    return render(request, "desk/outbox.html", {"page": found})


@page("message-act", "POST")
def act(request: HttpRequest, user: User, message_id: int) -> HttpResponse:
    """Take it back, send it again, or say what was found out about it."""
    access.get_message(user, message_id)
    reason, do = request.POST.get("reason", ""), request.POST.get("do", "")
    steps: dict[str, Callable[[], object]] = {
        "resend": lambda: leaving.resend(user, message_id, reason),
        "left": lambda: leaving.found_out(user, message_id, left=True, reason=reason),
        "lost": lambda: leaving.found_out(user, message_id, left=False, reason=reason),
    }
    try:
        act_now = steps.get(do) or (lambda: outbox.cancel(user, message_id, reason))
        act_now()
    except Fault as fault:
        messages.error(request, fault.sentence(lang()))
    else:
        messages.success(request, _("Recorded."))
    return back(request, "outbox")
