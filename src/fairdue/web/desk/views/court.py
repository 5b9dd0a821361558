"""The way through the courts on the desk: whether to sue, one procedure, all of them, and many filed in one go."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from tempfile import TemporaryFile

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.encoding import escape_uri_path
from django.utils.translation import gettext as _

from fairdue.core.errors import Fault
from fairdue.core.proceedings import CourtCost, CourtState, Procedure
from fairdue.store import access, court_file
from fairdue.store.actions import court, filing
from fairdue.store.models import User
from fairdue.store.pages import court as pages
from fairdue.web.desk.background import start_filing
from fairdue.web.desk.doors import page
from fairdue.web.desk.legal_forms import CourtStepForm, FilingForm, PrepareForm
from fairdue.web.ui.lang import lang

UNREADABLE = 422
PPM_A_PERCENT = 10_000


@page("courts")
def courts(request: HttpRequest, user: User) -> HttpResponse:
    """Every open procedure, and the hearings to come."""
    said = request.GET.get("page", "1")
    number = max(int(said), 1) if said.isdigit() else 1
    return render(
        request, "desk/courts.html", {"list": pages.court_list(user, over="over" in request.GET, page=number)}
    )


@page("case-court")
def case_court(request: HttpRequest, user: User, case_id: int) -> HttpResponse:
    """Whether to go to court with a case: what must be true, and what each way is worth."""
    return render(request, "desk/case_court.html", {"page": pages.case_court(user, case_id), "typed": {}})


@page("court-prepare", "POST")
def prepare(request: HttpRequest, user: User, case_id: int) -> HttpResponse:
    """Begin a procedure."""
    form = PrepareForm(request.POST)
    said = form.cleaned_data if form.is_valid() else {}
    try:
        if not said:
            access.get_case(user, case_id)
            messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        else:
            share = None if said["property"] is None else said["property"] * PPM_A_PERCENT
            made = court.prepare(user, case_id, Procedure[said["procedure"]], said["reason"], court=said["court"],
                                 property_ppm=share)  # fmt: skip
            messages.success(request, _("Prepared. Make its file, then ask for approval."))
            return redirect("court", made.pk)
    except Fault as fault:
        messages.error(request, fault.sentence(lang()))
    shown = {"page": pages.case_court(user, case_id), "typed": request.POST}
    return render(request, "desk/case_court.html", shown, status=UNREADABLE)


@page("court-arbitration", "POST")
def arbitration(request: HttpRequest, user: User, case_id: int) -> HttpResponse:
    """Record that arbitration was agreed on, or that this was recorded wrongly."""
    try:
        if request.POST.get("do") == "void":
            court.void_arbitration(user, case_id, request.POST.get("note", ""))
        else:
            court.agree_arbitration(user, case_id, request.POST.get("institution", ""), request.POST.get("note", ""))
    except Fault as fault:
        messages.error(request, fault.sentence(lang()))
    else:
        messages.success(request, _("Recorded."))
    return redirect("case-court", case_id)


@page("court")
def court_page(request: HttpRequest, user: User, proceeding_id: int) -> HttpResponse:
    """One procedure: where it stands, its days, costs and papers."""
    return _show(request, user, proceeding_id)


def _show(request: HttpRequest, user: User, proceeding_id: int, status: int = 200) -> HttpResponse:
    return render(request, "desk/court.html", {"page": pages.court_page(user, proceeding_id), "typed": request.POST},
                  status=status)  # fmt: skip


@page("court-step", "POST")
def step(request: HttpRequest, user: User, proceeding_id: int) -> HttpResponse:
    """One step of a procedure; what is refused is said, and what was typed stays."""
    lender = access.get_proceeding(user, proceeding_id).lender
    form = CourtStepForm(request.POST, exponent=lender.exponent, zone=lender.zone)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return _show(request, user, proceeding_id, UNREADABLE)
    try:
        _steps(user, proceeding_id, form)[form.cleaned_data["do"]]()
    except (Fault, KeyError) as fault:
        messages.error(request, fault.sentence(lang()) if isinstance(fault, Fault) else _("Choose what is to be done."))
        return _show(request, user, proceeding_id, UNREADABLE)
    messages.success(request, _("Recorded."))
    return redirect("court", proceeding_id)


def _steps(user: User, proceeding_id: int, form: CourtStepForm) -> dict[str, Callable[[], object]]:
    said = form.cleaned_data
    note = said["note"]
    today = court.today_for(user)
    return {
        "ask": lambda: court.ask(user, proceeding_id, note),
        "step": lambda: court.step(user, proceeding_id, CourtState[said["to"]], form.said),
        "hearing": lambda: court.set_hearing(user, proceeding_id, form.minute, said["court"]),
        "held": lambda: court.hearing_held(user, said["hearing"] or 0, note),
        "moved": lambda: court.hearing_held(user, said["hearing"] or 0, note, moved=True),
        "cost": lambda: court.add_cost(
            user, proceeding_id, CourtCost[said["kind"]], said["amount"] or 0, said["on"] or today, said["ref"]
        ),
        "day": lambda: court.set_day(user, proceeding_id, said["code"], said["on"] or date.min),
        "kept": lambda: court.day_kept(user, said["hearing"] or 0),
        "hand": lambda: court.hand_over(user, proceeding_id, said["firm"], note),
        "back": lambda: court.take_back(user, proceeding_id, note),
        "file": lambda: court_file.build(user, proceeding_id, lang()),
    }


@page("court-file")
def file(_request: HttpRequest, user: User, proceeding_id: int, form: str) -> HttpResponse:
    """The file as PDF or its data as CSV, XLSX or JSON; that somebody took it stands in the audit trail."""
    name, media_type, data = court_file.read(user, proceeding_id, form)
    return _download(name, data, media_type)


@page("court-outcomes", "POST")
def outcomes(request: HttpRequest, user: User) -> HttpResponse:
    """What a law firm or a court reports, as CSV; lines that could not be read come back with the reason."""
    sent = request.FILES.get("file")
    if sent is None:
        messages.error(request, _("Choose a file."))
        return redirect("courts")
    found = filing.import_outcomes(user, sent.read())
    if found.rejects:
        return _download("rejects.csv", filing.outcome_rejects(found), "text/csv")
    messages.success(request, _("%(n)s lines were taken over.") % {"n": found.done})
    return redirect("courts")


@page("filings")
def filings(request: HttpRequest, user: User) -> HttpResponse:
    """Batches, and the form that begins one."""
    return _filings(request, user, {})


def _filings(request: HttpRequest, user: User, typed: object, status: int = 200) -> HttpResponse:
    shown = {"rows": pages.filings(user), "procedures": filing.SIMILAR, "typed": typed}
    return render(request, "desk/filings.html", shown, status=status)


@page("filing-start", "POST")
def start(request: HttpRequest, user: User) -> HttpResponse:
    """Begin a batch."""
    form = FilingForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return _filings(request, user, request.POST, UNREADABLE)
    said = form.cleaned_data
    try:
        made = filing.start(
            user, Procedure[said["procedure"]], said["cases"], said["title"], said["court"], said["reason"]
        )
    except Fault as fault:
        messages.error(request, fault.sentence(lang()))
        return _filings(request, user, request.POST, UNREADABLE)
    start_filing(made, user.username, lang())
    return redirect("filing", made.pk)


@page("filing")
def filing_page(request: HttpRequest, user: User, batch_id: int) -> HttpResponse:
    """One batch: progress, what was made, what was refused and why."""
    return render(request, "desk/filing.html", {"page": pages.filing_page(user, batch_id)})


@page("filing-step", "POST")
def filing_step(request: HttpRequest, user: User, batch_id: int) -> HttpResponse:
    """Start, stop, or go on; the work itself is done by a process of its own."""
    batch, do = filing.get_batch(user, batch_id), request.POST.get("do")
    if do == "stop":
        filing.stop(user, batch.pk)
    elif do in {"run", "go-on"}:
        start_filing(filing.go_on(user, batch.pk), user.username, lang())
    else:
        messages.error(request, _("That step is not one of those offered. Choose one on this page."))
    return redirect("filing", batch_id)


@page("filing-state")
def filing_state(request: HttpRequest, user: User, batch_id: int) -> HttpResponse:
    """How far it is: asked for by the page while it runs."""
    return render(request, "desk/parts/filing.html", {"page": pages.filing_page(user, batch_id)})


@page("filing-archive")
def archive(_request: HttpRequest, user: User, batch_id: int) -> FileResponse:
    """Every file of a batch as one archive, written to a file of its own and sent from there."""
    out = TemporaryFile()  # noqa: SIM115 - the answer closes it
    name = filing.archive(user, batch_id, out)
    out.seek(0)
    return FileResponse(out, as_attachment=True, filename=name, content_type="application/zip")


@page("filing-rejects")
def rejects(_request: HttpRequest, user: User, batch_id: int) -> HttpResponse:
    """What a batch refused, as CSV."""
    return _download("rejects.csv", filing.rejects_csv(filing.get_batch(user, batch_id)), "text/csv")


def _download(name: str, data: bytes, kind: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=kind)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{escape_uri_path(name)}"
    return answer
