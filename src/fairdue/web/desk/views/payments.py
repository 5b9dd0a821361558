"""Finance: incoming money, what waits for a person, the daily control; certificates; messages from payment services."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from fairdue.core.errors import Fault
from fairdue.core.money import parse_minor
from fairdue.intake import statements as intake
from fairdue.store import access, clock, general_ledger, vault
from fairdue.store.access import NotYours
from fairdue.store.actions import certificates, paid_search, payment_asks, payment_hooks, statements
from fairdue.store.models import Organisation, User
from fairdue.store.pages.money import money as money_page
from fairdue.web.desk.doors import page
from fairdue.web.ui.lang import lang
from fairdue.web.ui.uploads import too_big

AT_ONCE = 2_000  # lines of a statement booked while somebody waits; longer ones go by the command line
BODY = 1 << 20


class TooLong(Fault):
    """Nobody waits for that long in front of a page."""

    code = "statement.too-long-for-the-page"
    en = "The statement has {lines} lines; the page books up to {limit}."
    en_remedy = "Run: fairdue payments import FILE"
    zh, zh_remedy = "对账单有 {lines} 笔，页面每次最多入账 {limit} 笔。", "请运行：fairdue payments import FILE"


@page("money")
def money(request: HttpRequest, user: User) -> HttpResponse:
    """Money that waits first, control totals in sight."""
    return render(request, "desk/money.html", {"money": money_page(user), "formats": intake.FORMATS})


@page("money-upload", "POST")
def upload(request: HttpRequest, user: User) -> HttpResponse:
    """Book a statement: checked whole before anything is."""
    big, file = too_big(request), request.FILES.get("statement")
    if big or not isinstance(file, TemporaryUploadedFile):
        messages.error(request, _("The file is larger than this server takes.") if big else _("Choose a file first."))
        return redirect("money")
    try:
        done = _booked(user, Path(file.temporary_file_path()), file.name or "", request.POST.get("format", ""))
    except Fault as fault:
        messages.error(request, fault.sentence(lang()))
    else:
        for one in done:
            said = _("%(booked)s booked, %(known)s known before, %(rejected)s left out") % {
                "booked": one.statement.rows_booked, "known": one.statement.rows_known,
                "rejected": one.statement.rows_rejected,
            }  # fmt: skip
            messages.success(request, _("Booked before: nothing changed.") if one.again else said)
    return redirect("money")


def _booked(user: User, path: Path, name: str, form: str) -> list[statements.Booked]:
    lender = access.money_of(user)
    if lender is None:
        raise NotYours
    told = intake.read(path, form, name=name, currency=lender.currency, exponent=lender.exponent)
    lines = sum(len(one.entries) for one in told)
    if lines > AT_ONCE:
        raise TooLong(lines=lines, limit=AT_ONCE)
    for one in told:
        one.check()
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    done = [statements.book(user.username, lender, one, digest) for one in told]
    paid_search.again(user.username, lender)
    return done


@page("money-ask", "POST")
def ask(request: HttpRequest, user: User) -> HttpResponse:
    """Ask for what a second person must grant."""
    try:
        _asked(user, request)
    except Fault as fault:
        messages.error(request, fault.sentence(lang()))
    except ValueError:
        messages.error(request, _("Fill in the amount, the day and the account as shown."))
    else:
        messages.success(request, _("Asked for: somebody else of finance decides it under Approvals."))
    return redirect("money")


def _asked(user: User, request: HttpRequest) -> None:
    said = {name: request.POST.get(name, "") for name in ("do", "number", "account", "amount", "on", "ref", "reason")}
    match said["do"]:
        case "assign":
            payment_asks.assign(user, int(said["number"]), said["account"], said["reason"])
        case "refund":
            payment_asks.refund(user, int(said["number"]), said["reason"])
        case "reverse":
            payment_asks.reverse(user, int(said["number"]), said["reason"])
        case _:
            amount = parse_minor(said["amount"], user.organisation.exponent)
            payment_asks.enter(
                user, said["account"], amount, date.fromisoformat(said["on"]), said["ref"], said["reason"]
            )


@page("money-rejects")
def rejects(_request: HttpRequest, user: User, statement_id: int) -> HttpResponse:
    """The rows that were left out, with why."""
    found = access.statements_for(user).select_related("rejects").filter(pk=statement_id, rejects__isnull=False).first()
    if found is None or found.rejects is None:
        raise NotYours
    return _file(vault.read(found.rejects), found.rejects.name, "text/csv; charset=utf-8")


@page("money-ledger")
def general(_request: HttpRequest, user: User, form: str) -> HttpResponse:
    """What the general ledger is told of this month."""
    lender = access.money_of(user)
    made = {"beancount": general_ledger.as_beancount, "csv": general_ledger.as_csv}.get(form)
    if lender is None or made is None:
        raise NotYours
    today = clock.business_date(clock.now_minute(), lender.zone)
    text = made(lender, today.replace(day=1), today)
    return _file(text.encode(), f"{lender.code}-{today:%Y-%m}.{form}", "text/plain; charset=utf-8")


@page("certificate-paper")
def paper(_request: HttpRequest, user: User, certificate_id: int, language: str) -> HttpResponse:
    """The certificate as PDF."""
    made = certificates.paper(user, certificate_id, "zh" if language == "zh" else "en")
    return _file(made, f"certificate-{certificate_id}.pdf", "application/pdf")


def _file(data: bytes, name: str, kind: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@login_not_required
@require_GET
def certificate(request: HttpRequest, code: str) -> HttpResponse:
    """Whether a certificate is genuine: for anybody who holds its code, and without a word that names a person."""
    found = certificates.verify(code)
    return render(request, "desk/certificate.html", {"found": found}, status=200 if found else 404)


@csrf_exempt
@login_not_required
@require_POST
def hook(request: HttpRequest, lender_code: str) -> HttpResponse:
    """A payment message: signed and fresh, else nothing is read of it."""
    lender = Organisation.objects.filter(code=lender_code, is_lender=True).first()
    secret = settings.PAYMENT_HOOKS.get(lender_code, "")
    if not secret or lender is None:
        raise Http404
    if int(request.headers.get("Content-Length") or 0) > BODY:
        return JsonResponse({"error": "too large"}, status=413)
    try:
        payment_hooks.check(secret, request.headers, request.body, int(clock.wall().timestamp()))
        line = payment_hooks.take(lender, request.body)
    except payment_hooks.NotSigned as fault:
        return HttpResponse(json.dumps(fault.as_dict()), status=401, content_type="application/json")
    except Fault as fault:
        return HttpResponse(json.dumps(fault.as_dict()), status=422, content_type="application/json")
    return JsonResponse({"payment": line.pk if line else None})
