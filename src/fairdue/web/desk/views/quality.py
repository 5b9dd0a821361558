"""Quality: draw, listen, review, settle, answer; and what was said on any contact the user may hear."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fairdue.core.errors import Fault
from fairdue.store import pages, self_cure
from fairdue.store.actions import quality as acts
from fairdue.store.actions import recordings, sampling
from fairdue.store.actions.recordings import Given
from fairdue.store.models import User
from fairdue.store.sound import SOUND_LIMIT
from fairdue.web.desk.doors import back, page
from fairdue.web.desk.quality_forms import DrawForm, RecordingForm, judged
from fairdue.web.ui.lang import lang
from fairdue.web.ui.uploads import too_big

UNREADABLE, PART, OUT_OF_RANGE = 422, 206, 416
RANGE = re.compile(r"bytes=(\d*)-(\d*)$")


@page("quality")
def quality_page(request: HttpRequest, user: User) -> HttpResponse:
    """What waits to be heard, what was found, and how things go."""
    return render(request, "desk/quality.html", {"page": pages.quality_page(user)})


@page("self-cure")
def self_cures(request: HttpRequest, user: User) -> HttpResponse:
    """What leaving likely self-cures alone brings, against those held out."""
    found = self_cure.measure(user.organisation)
    return render(request, "desk/self_cure.html", {"page": found, "lines": _lines(found)})


def _lines(found: self_cure.Measured) -> list[tuple[self_cure.Arm, str]]:
    """Each arm's share of cured over the days of the window, 300 wide and 120 high; none where nobody was followed."""
    width = 300 / max(found.policy.window_days, 1)
    return [
        (arm, " ".join(f"{day * width:.1f},{118 - n * 116 / arm.cured.whole:.1f}" for day, n in enumerate(arm.by_day)))
        for arm in found.arms if arm.cured.whole
    ]  # fmt: skip


@page("quality-draw", "POST")
def draw(request: HttpRequest, user: User) -> HttpResponse:
    """Draw the samples of some days."""
    form = DrawForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give the first and the last day, such as 2026-09-28."))
        return redirect("quality")
    made = sampling.draw(user.username, user.organisation, form.cleaned_data["first"], form.cleaned_data["last"])
    said = _("%(made)s drawn from %(among)s contacts with a talk.") % {"made": len(made.made), "among": made.among}
    messages.success(request, said)
    return redirect("quality")


@page("sample")
def sample(request: HttpRequest, user: User, sample_id: int) -> HttpResponse:
    """One contact that was drawn: words, sound, facts and the card."""
    return _show(request, user, sample_id)


def _show(request: HttpRequest, user: User, sample_id: int, status: int = 200) -> HttpResponse:
    shown = {"page": pages.sample_page(user, sample_id), "typed": request.POST}
    return render(request, "desk/sample.html", shown, status=status)


@page("sample-review", "POST")
def review(request: HttpRequest, user: User, sample_id: int) -> HttpResponse:
    """Keep a judgement, or what both settled on; what is refused is said, and what was typed stays."""
    act = acts.settle if request.POST.get("do") == "settle" else acts.review
    try:
        act(user, sample_id, judged(request.POST), request.POST.get("feedback", ""))
    except Fault as fault:
        messages.error(request, fault.sentence(lang()))
        return _show(request, user, sample_id, UNREADABLE)
    messages.success(request, _("Kept."))
    return redirect("sample", sample_id)


@page("sample-answer", "POST")
def answer(request: HttpRequest, user: User, sample_id: int) -> HttpResponse:
    """The collector's own words to what was found."""
    try:
        acts.answer(user, sample_id, request.POST.get("answer", ""))
    except Fault as fault:
        messages.error(request, fault.sentence(lang()))
        return _show(request, user, sample_id, UNREADABLE)
    messages.success(request, _("Kept. Your lead reads it."))
    return redirect("sample", sample_id)


@page("contact")
def contact(request: HttpRequest, user: User, attempt_id: int) -> HttpResponse:
    """What was said on a contact, drawn or not."""
    return render(request, "desk/sample.html", {"page": pages.contact_page(user, attempt_id)})


@page("recording-add", "POST")
def add(request: HttpRequest, user: User, attempt_id: int) -> HttpResponse:
    """Attach a sound or a transcript to a contact."""
    form = RecordingForm(request.POST, request.FILES)
    given = form.cleaned_data if form.is_valid() else {}
    try:
        if too_big(request):
            messages.error(request, _("The file is larger than this server takes."))
        else:
            recordings.attach(user, attempt_id, _given(given.get("sound")), _given(given.get("transcript")))
            messages.success(request, _("Kept, sealed, as long as records must be kept."))
    except Fault as fault:
        messages.error(request, fault.sentence(lang()))
    return back(request, f"/contacts/{attempt_id}/")


def _given(file: UploadedFile[Any] | None) -> Given | None:
    return Given(file.name or "file", file.read(SOUND_LIMIT + 1)) if file else None


@page("recording-sound")
def sound(request: HttpRequest, user: User, recording_id: int) -> HttpResponse:
    """The sound, or the piece of it a player asks for, so that one can jump to a place."""
    try:
        kept, data = recordings.listen(user, recording_id)
    except Fault as fault:
        return HttpResponse(fault.sentence(lang()), status=410, content_type="text/plain; charset=utf-8")
    asked = request.headers.get("Range", "")
    piece = _piece(asked, len(data))
    if asked and piece is None:
        return HttpResponse(status=OUT_OF_RANGE, headers={"Content-Range": f"bytes */{len(data)}"})
    first, last = piece or (0, len(data) - 1)
    answer = HttpResponse(data[first : last + 1], content_type=kept.media_type, status=PART if piece else 200)
    answer.headers["Accept-Ranges"] = "bytes"
    answer.headers["Content-Disposition"] = "inline"
    if piece:
        answer.headers["Content-Range"] = f"bytes {first}-{last}/{len(data)}"
    return answer


def _piece(asked: str, size: int) -> tuple[int, int] | None:
    """The first and last byte of a range such as bytes=0-99, 100- or -50; None where it is none, or outside (RFC 9110, 14.1)."""
    match = RANGE.fullmatch(asked.replace(" ", ""))
    if match is None or match[1] == match[2] == "":
        return None
    if match[1] == "":
        first, last = max(size - int(match[2]), 0), size - 1
    else:
        first, last = int(match[1]), min(int(match[2]) if match[2] else size - 1, size - 1)
    return (first, last) if first <= last else None


@page("recording-drop", "POST")
def drop(request: HttpRequest, user: User, recording_id: int) -> HttpResponse:
    """Delete the files of a recording for good, with a reason."""
    try:
        recordings.drop(user, recording_id, request.POST.get("reason", ""))
    except Fault as fault:
        messages.error(request, fault.sentence(lang()))
    else:
        messages.success(request, _("Deleted. What was heard stays in the audit trail as a hash."))
    return back(request, "/quality/")
