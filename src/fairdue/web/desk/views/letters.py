"""Letters: written for a case, looked at, issued, sent off, printed together; the post's files; the kinds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from django.contrib import messages
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fairdue.core.codes import Party
from fairdue.core.errors import Fault
from fairdue.logaudit.mail import import_mail
from fairdue.store import reasons
from fairdue.store.actions import delivery, letter_batches, letter_files, letter_post
from fairdue.store.actions import letter_faults as faults
from fairdue.store.actions import letters as acts
from fairdue.store.actions.contacts import Refusal
from fairdue.store.actions.letter_post import Step
from fairdue.store.actions.letters import Wanted
from fairdue.store.models import Decision, User
from fairdue.store.pages import letters as pages
from fairdue.web.desk.background import start_letters
from fairdue.web.desk.doors import page
from fairdue.web.ui.lang import lang
from fairdue.web.ui.uploads import too_big

UNREADABLE = 422


@page("letters")
def room(request: HttpRequest, user: User) -> HttpResponse:
    """Letters the user may read, print batches, the post's files."""
    return render(request, "desk/letters.html", {"room": pages.room(user, request.GET.get("state", ""))})


@page("letter-kinds")
def kinds(request: HttpRequest, user: User) -> HttpResponse:
    """Every kind with what the law asks it to hold."""
    return render(request, "desk/letter_kinds.html", {"kinds": pages.kinds_of(user)})


@page("case-letters")
def of_case(request: HttpRequest, user: User, case_id: int) -> HttpResponse:
    """The letters of a case, and the form of the kind that was chosen."""
    return _case(request, user, case_id, request.GET.get("kind", ""))


def _case(request: HttpRequest, user: User, case_id: int, chosen: str, status: int = 200) -> HttpResponse:
    shown = {"page": pages.case_letters(user, case_id, chosen), "typed": request.POST}
    return render(request, "desk/case_letters.html", shown, status=status)


@page("letter-write", "POST")
def write(request: HttpRequest, user: User, case_id: int) -> HttpResponse:
    """Write a letter; what is refused is said, and what was typed stays."""
    chosen = request.POST.get("kind", "")
    kind, _sign, rest = chosen.partition(":")
    party, _sign, person = rest.partition(":")
    if party not in Party.__members__:
        messages.error(request, _("That step is not one of those offered. Choose one on this page."))
        return _case(request, user, case_id, chosen, UNREADABLE)
    wanted = Wanted(kind, "en" if request.POST.get("language") == "en" else "zh", Party[party],
                    int(person) if person.isdigit() else None, _number(request, "point"), typed=request.POST.dict())  # fmt: skip
    try:
        letter = acts.write(user, case_id, wanted, request.POST.get("reason", ""))
    except Fault as fault:
        messages.error(request, fault.sentence(lang()))
        return _case(request, user, case_id, chosen, UNREADABLE)
    return redirect("letter", letter.pk)


def _number(request: HttpRequest, name: str) -> int | None:
    said = request.POST.get(name, "")
    return int(said) if said.isdecimal() else None


@page("letter-delivery", "POST")
def agreed(request: HttpRequest, user: User, case_id: int) -> HttpResponse:
    """That letters may be delivered by e-mail was agreed, or taken back."""
    said, point = request.POST, _number(request, "point") or 0
    try:
        if said.get("do") == "end":
            delivery.end(user, case_id, point)
        else:
            delivery.agree(user, case_id, point, _day(said.get("on", "")), said.get("basis", ""))
    except Fault as fault:
        messages.error(request, fault.sentence(lang()))
    else:
        messages.success(request, _("Recorded."))
    return redirect("case-letters", case_id)


@page("letter")
def letter_page(request: HttpRequest, user: User, letter_id: int) -> HttpResponse:
    """One letter: where it stands and what happened to it."""
    return render(request, "desk/letter.html", {"page": pages.letter_page(user, letter_id)})


@page("letter-file")
def file(_request: HttpRequest, user: User, letter_id: int, language: str) -> HttpResponse:
    """The letter as PDF: as issued, or as a draft in either language."""
    if language not in {"zh", "en"}:
        raise Http404
    name, content = acts.fetch(user, letter_id, "en" if language == "en" else "zh")
    return _file(name, "application/pdf", content)


def _file(name: str, media_type: str, content: bytes) -> HttpResponse:
    answer = HttpResponse(content, content_type=media_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@page("letter-step", "POST")
def step(request: HttpRequest, user: User, letter_id: int) -> HttpResponse:
    """Issue, withdraw, or record what became of it."""
    pages.letter_page(user, letter_id)  # another's letter is no letter, whatever was typed
    done = _steps(request, user, letter_id).get(request.POST.get("do", ""))
    if done is None:
        messages.error(request, _("That step is not one of those offered. Choose one on this page."))
        return redirect("letter", letter_id)
    try:
        found = done()
    except Fault as fault:
        messages.error(request, fault.sentence(lang()))
        return redirect("letter", letter_id)
    if isinstance(found, Refusal):
        _say_refusal(request, found)
    else:
        messages.success(request, _("Recorded."))
    return redirect("letter", letter_id)


def _steps(request: HttpRequest, user: User, letter_id: int) -> dict[str, Callable[[], object]]:
    said = request.POST
    sent = request.FILES.get("proof")
    proof = (str(sent.name), str(sent.content_type), sent.read()) if sent else None

    def moved(state: str) -> Callable[[], object]:
        return lambda: letter_post.record(
            user, letter_id,
            Step(state, _day(said.get("on", "")), said.get("note", ""), post_no=said.get("post_no", "").strip()), proof,
        )  # fmt: skip

    steps: dict[str, Callable[[], object]] = {
        "issue": lambda: acts.issue(user, letter_id),
        "withdraw": lambda: acts.withdraw(user, letter_id, said.get("note", "")),
    }
    return steps | ({said["do"]: moved(said["do"])} if said.get("do") in letter_post.STEPS else {})


def _day(said: str) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise faults.StepDay(on=said or "–", last="–") from None


def _say_refusal(request: HttpRequest, found: Refusal) -> None:
    decision = Decision.objects.select_related("case__lender").get(pk=found.decision_id)
    for why in reasons.of_decision(decision):
        said = f"{why.title[lang()]} ({why.instrument[lang()]} {why.article[lang()]}). {why.remedy[lang()]}"
        messages.error(request, said)


@page("letter-batch-make", "POST")
def make_batch(request: HttpRequest, user: User) -> HttpResponse:
    """Put the chosen letters into a batch."""
    chosen = [int(pk) for pk in request.POST.getlist("letter") if pk.isdigit()]
    try:
        batch = letter_batches.choose(user, request.POST.get("title", ""), chosen)
    except Fault as fault:
        messages.error(request, fault.sentence(lang()))
        return redirect("letters")
    return redirect("letter-batch", batch.pk)


@page("letter-batch")
def batch_page(request: HttpRequest, user: User, batch_id: int) -> HttpResponse:
    """One batch: how far it is, its files, what was not printed and why."""
    return render(request, "desk/letter_batch.html", {"page": pages.batch_page(user, batch_id)})


@page("letter-batch-step", "POST")
def batch_step(request: HttpRequest, user: User, batch_id: int) -> HttpResponse:
    """Print, stop, or say that it was handed to the post."""
    batch = letter_batches.get(user, batch_id)
    does: dict[str, Callable[[], object]] = {
        "print": lambda: start_letters(letter_batches.begin(user, batch.pk), user.username, lang()),
        "stop": lambda: letter_batches.stop(user, batch.pk),
        "sent": lambda: letter_batches.sent(user, batch.pk, _day(request.POST.get("on", ""))),
    }
    if request.POST.get("do") not in does:
        messages.error(request, _("That step is not one of those offered. Choose one on this page."))
        return redirect("letter-batch", batch_id)
    try:
        does[request.POST["do"]]()
    except Fault as fault:
        messages.error(request, fault.sentence(lang()))
    return redirect("letter-batch", batch_id)


@page("letter-batch-file")
def batch_file(_request: HttpRequest, user: User, batch_id: int, number: int) -> HttpResponse:
    """A print file, or with 0 the list of order."""
    return _file(*letter_batches.fetch(user, batch_id, number or None))


@page("mail", "POST")
def mail(request: HttpRequest, user: User) -> HttpResponse:
    """Read a file of registered mail."""
    big, sent = too_big(request), request.FILES.get("file")
    if big or not isinstance(sent, TemporaryUploadedFile):
        messages.error(request, _("The file is larger than this server takes.") if big else _("Choose a file first."))
        return redirect("letters")
    name = Path(sent.name or "mail.csv").name
    there = Path(sent.temporary_file_path())
    named = there.with_name(there.name + "".join(Path(name).suffixes[-2:]))
    there.replace(named)
    try:
        read = import_mail(user, named, request.POST.get("mapping", ""), lang(), name)
    except Fault as fault:
        messages.error(request, fault.sentence(lang()))
        return redirect("letters")
    finally:
        named.unlink(missing_ok=True)
    said = _("This file was read before; nothing was changed.") if read.again else _("The file was read.")
    messages.success(request, said)
    return redirect("letters")


@page("mail-rejects")
def rejects(_request: HttpRequest, user: User, file_id: int) -> HttpResponse:
    """The rows of a file that fit nothing."""
    name, content = letter_files.fetch(user, file_id)
    return _file(name, "text/csv", content)
