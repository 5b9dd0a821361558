"""Audits of contact logs: hand over a log, say how it is to be read, watch, stop, read the report, fetch it."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from django.contrib import messages
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _

from fairdue.core.errors import Fault
from fairdue.logaudit import preview as looking
from fairdue.store import access, audit
from fairdue.store.actions import audits as acts
from fairdue.store.models import ContactAudit, User
from fairdue.store.pages import audits as pages
from fairdue.web.desk.audit_forms import OrderForm, asked_facts
from fairdue.web.desk.background import start_audit
from fairdue.web.desk.doors import page
from fairdue.web.ui.lang import lang
from fairdue.web.ui.uploads import too_big

# The report is one page with its own styles and no script; it may lead nowhere but to the law it cites, in a new tab.
REPORT_CSP = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; sandbox allow-popups"
)
LONGEST_NAME = 120


@page("audits")
def audits(request: HttpRequest, user: User) -> HttpResponse:
    """The logs that were audited, and a place to hand over another."""
    return render(request, "desk/audits.html", {"audits": pages.audits(user)})


@page("audit-upload", "POST")
def upload(request: HttpRequest, user: User) -> HttpResponse:
    """Take a log; it is on disk by now, and is moved to its place."""
    big, file = too_big(request), request.FILES.get("log")
    if big or not isinstance(file, TemporaryUploadedFile):
        said = _("The file is larger than this server takes.") if big else _("Choose a file first.")
        messages.error(request, said)
        return redirect("audits")
    try:
        row = _taken(user, file)
    except Fault as fault:
        messages.error(request, fault.sentence(lang()))
        return redirect("audits")
    return redirect("audit", row.pk)


@transaction.atomic
def _taken(user: User, file: TemporaryUploadedFile) -> ContactAudit:
    """Keep the log if it can be looked at. Raises a `Fault`: then nothing is kept."""
    name = get_valid_filename(Path(file.name or "log").name)[-LONGEST_NAME:].lstrip(".")
    row = acts.upload(user, name, file.size or 0)
    row.log.parent.mkdir(parents=True, mode=0o700)
    Path(file.temporary_file_path()).replace(row.log)
    try:
        looking.preview(row.log)
    except Fault:
        row.log.unlink()
        raise
    return row


@page("audit")
def audit_page(request: HttpRequest, user: User, audit_id: int) -> HttpResponse:
    """One audit: its order form, its progress, or what it found."""
    row = access.get_contact_audit(user, audit_id)
    return _page(request, row)


def _page(request: HttpRequest, row: ContactAudit, form: OrderForm | None = None) -> HttpResponse:
    seen = looking.preview(row.log) if row.log.is_file() else None
    form = form or OrderForm(initial=OrderForm.of(row, seen), facts=asked_facts(row))
    chosen = seen.by(str(form["mapping"].value())) if seen else None
    found = {
        "row": row, "form": form, "seen": seen, "chosen": chosen, "progress": pages.progress(row),
        "files": dict(pages.files(row)), "zones": sorted(available_timezones()),
    }  # fmt: skip
    return render(request, "desk/audit.html", found, status=422 if form.is_bound else 200)


@page("audit-columns")
def columns(request: HttpRequest, user: User, audit_id: int) -> HttpResponse:
    """What another mapping would make of the log's columns."""
    row = access.get_contact_audit(user, audit_id)
    if not row.log.is_file():
        raise access.NotYours
    seen = looking.preview(row.log)
    return render(
        request, "desk/parts/log_columns.html", {"seen": seen, "chosen": seen.by(request.GET.get("mapping", ""))}
    )


@page("audit-start", "POST")
def start(request: HttpRequest, user: User, audit_id: int) -> HttpResponse:
    """Have it carried out, as the form says."""
    row = access.get_contact_audit(user, audit_id)
    form = OrderForm(request.POST, facts=asked_facts(row))
    if not form.is_valid():
        return _page(request, row, form)
    return _done(request, row, lambda: _started(acts.ask(user, row.pk, form.ordered(row))))


@page("audit-resume", "POST")
def resume(request: HttpRequest, user: User, audit_id: int) -> HttpResponse:
    """Go on with one that broke off."""
    row = access.get_contact_audit(user, audit_id)
    return _done(request, row, lambda: _started(acts.ask_again(user, row.pk)))


def _started(row: ContactAudit) -> None:
    start_audit(row, lang())


@page("audit-stop", "POST")
def stop(request: HttpRequest, user: User, audit_id: int) -> HttpResponse:
    """Stop it at the next chance."""
    row = access.get_contact_audit(user, audit_id)
    return _done(request, row, lambda: acts.stop(user, row.pk))


@page("audit-discard", "POST")
def discard(request: HttpRequest, user: User, audit_id: int) -> HttpResponse:
    """Delete the log and the reports."""
    row = access.get_contact_audit(user, audit_id)
    return _done(request, row, lambda: acts.discard(user, row.pk))


def _done(request: HttpRequest, row: ContactAudit, act: Any) -> HttpResponse:
    try:
        act()
    except Fault as fault:
        messages.error(request, fault.sentence(lang()))
    return redirect("audit", row.pk)


@page("audit-progress")
def progress(request: HttpRequest, user: User, audit_id: int) -> HttpResponse:
    """How far it has come; where it is over, the page is loaded anew."""
    row = access.get_contact_audit(user, audit_id)
    now = pages.progress(row)
    answer = render(request, "desk/parts/log_progress.html", {"row": row, "progress": now})
    if now is None:
        answer.headers["HX-Refresh"] = "true"
    return answer


@page("audit-file")
def fetch(request: HttpRequest, user: User, audit_id: int, name: str) -> FileResponse:
    """A report to read, or a file to keep. That somebody took a file with names in it is noted."""
    row = access.get_contact_audit(user, audit_id)
    path = pages.file_of(row, name)
    if pages.FILES[name]:
        with transaction.atomic():
            audit.write(user.username, "log.fetch", "contact_audit", row.pk, file=name)
    shown = name.endswith(".html") and "save" not in request.GET
    answer = FileResponse(path.open("rb"), as_attachment=not shown, filename=f"{row.pk}-{name}")
    answer.headers["Content-Security-Policy"] = REPORT_CSP
    return answer
