"""What is off the normal work: open it, feed it, decide it, answer it, and the board of clocks that run."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.encoding import escape_uri_path
from django.utils.translation import gettext as _

from fairdue.core.errors import Fault
from fairdue.store import pack as packing
from fairdue.store import pages
from fairdue.store.actions import answers, tracks
from fairdue.store.actions.answers import Findings, Letter, ToHeir
from fairdue.store.models import User
from fairdue.web.desk.doors import page
from fairdue.web.desk.track_forms import FindingsForm, OpenForm, StepForm
from fairdue.web.ui.lang import lang

UNREADABLE = 422


@page("clocks")
def clocks(request: HttpRequest, user: User) -> HttpResponse:
    """Everything that waits for a decision, the clock that runs out first on top."""
    return render(request, "desk/clocks.html", {"board": pages.track_board(user, request.GET.get("kind", ""))})


@page("track")
def track_page(request: HttpRequest, user: User, track_id: int) -> HttpResponse:
    """One track: what was said, what it stops, evidence, clock, decisions."""
    return _show(request, user, track_id)


def _show(request: HttpRequest, user: User, track_id: int, status: int = 200) -> HttpResponse:
    shown = {"page": pages.track_page(user, track_id), "typed": request.POST}
    return render(request, "desk/track.html", shown, status=status)


@page("track-open", "POST")
def open_track(request: HttpRequest, user: User, case_id: int) -> HttpResponse:
    """Take a case off the normal work by hand."""
    form = OpenForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect("case", case_id)
    said = form.cleaned_data
    try:
        made = tracks.open_track(user, case_id, said["kind"], said["said"], said["since"])
    except Fault as fault:
        messages.error(request, fault.sentence(lang()))
        return redirect("case", case_id)
    messages.success(request, _("Opened. What it stops has stopped, and those who must know have a task."))
    return redirect("track", made.pk)


@page("track-step", "POST")
def step(request: HttpRequest, user: User, track_id: int) -> HttpResponse:
    """One step of a track; what is refused is said, and what was typed stays."""
    form = StepForm(request.POST, request.FILES, exponent=user.organisation.exponent)
    if not form.is_valid():
        pages.track_page(user, track_id)  # another's track is no track, whatever was typed
        said = [str(error) for error in form.errors.get("share", ())]
        messages.error(request, *(said or [_("That step is not one of those offered. Choose one on this page.")]))
        return _show(request, user, track_id, UNREADABLE)
    try:
        _steps(user, track_id, form)[form.cleaned_data["do"]]()
    except Fault as fault:
        messages.error(request, fault.sentence(lang()))
        return _show(request, user, track_id, UNREADABLE)
    messages.success(request, _("Recorded."))
    return redirect("track", track_id)


def _steps(user: User, track_id: int, form: StepForm) -> dict[str, Callable[[], object]]:
    said = form.cleaned_data
    reason, sent = said["reason"], said["file"]
    return {
        "evidence": lambda: tracks.add_evidence(
            user, track_id, said["code"], reason, sent.name if sent else "", sent.read() if sent else b""
        ),
        "ask": lambda: tracks.ask_extension(user, track_id, reason),
        "grant": lambda: tracks.answer_extension(user, track_id, reason, grant=True),
        "refuse": lambda: tracks.answer_extension(user, track_id, reason, grant=False),
        "decide": lambda: tracks.decide_track(user, track_id, said["code"], reason),
        "resume": lambda: tracks.resume(user, track_id, reason),
        "withdraw": lambda: tracks.withdraw(user, track_id, reason),
        "reopen": lambda: tracks.reopen(user, track_id, reason),
        "heir": lambda: answers.write_heir_notice(
            user, track_id, ToHeir(said["name"], said["share"], "en" if said["language"] == "en" else "zh")
        ),
        "answer": lambda: answers.write_answer(
            user, track_id, Letter(said["code"], reason, said["redress"], "en" if said["language"] == "en" else "zh")
        ),
    }


@page("track-file")
def evidence_file(_request: HttpRequest, user: User, track_id: int, evidence_id: int) -> HttpResponse:
    """A file somebody brought; that it was read stands in the audit trail."""
    name, content = tracks.read_file(user, track_id, evidence_id)
    return _download(name, content, "application/octet-stream")


@page("track-pack", "POST")
def pack(_request: HttpRequest, user: User, track_id: int) -> HttpResponse:
    """The evidence pack; that it was made stands in the audit trail."""
    name, content = packing.evidence_pack(user, track_id, lang())
    return _download(name, content, "application/zip")


def _download(name: str, content: bytes, kind: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{escape_uri_path(name)}"
    return answer


@page("complaint-sort", "POST")
def sort_complaint(request: HttpRequest, user: User, track_id: int) -> HttpResponse:
    """How a complaint is sorted, what was found, and what changes."""
    form = FindingsForm(request.POST)
    said = form.cleaned_data if form.is_valid() else {}
    try:
        answers.sort_complaint(user, track_id, Findings(**said))
    except Fault as fault:
        messages.error(request, fault.sentence(lang()))
        return _show(request, user, track_id, UNREADABLE)
    messages.success(request, _("Recorded."))
    return redirect("track", track_id)
