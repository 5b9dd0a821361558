"""One's own data: taken away, put right, explained; and the certificate when all is paid."""

from __future__ import annotations

import io
import zipfile

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_http_methods

from fairdue.store import site_papers
from fairdue.store.actions import certificates
from fairdue.store.models import User
from fairdue.store.pages import site as pages
from fairdue.store.pages import site_data
from fairdue.web.portal.doors import page
from fairdue.web.portal.views.budget import attached


@page("GET")
def data(request: HttpRequest, _user: User) -> HttpResponse:
    """What can be done with one's data."""
    return render(request, "site/data.html")


@page("POST")
def take(request: HttpRequest, user: User) -> HttpResponse:
    """Everything that is kept, for programs and for people, in one file."""
    found = site_data.my_data(user)
    readable = render_to_string("site/data_file.html", {"data": found, "tables": site_data.tables(found)}, request)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr("my-data.json", site_data.as_json(found))
        pack.writestr("my-data.html", readable)
        for name, content in site_papers.papers(user).items():
            pack.writestr(name, content)
    return attached(out.getvalue(), "my-data.zip", "application/zip")


@page("GET")
def paper(request: HttpRequest, user: User) -> HttpResponse:
    """The certificates, ready to be printed."""
    return render(request, "site/paper.html", {"papers": pages.papers(user), "lender": user.organisation})


@page("GET")
def paper_file(_request: HttpRequest, user: User, certificate_id: int, language: str) -> HttpResponse:
    """One certificate as PDF; its name says nothing."""
    if language not in ("zh", "en"):
        raise Http404
    made = certificates.paper(user, certificate_id, "zh" if language == "zh" else "en")
    return attached(made, f"paper-{certificate_id}-{language}.pdf", "application/pdf")


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest, code: str = "") -> HttpResponse:
    """Whether a paper that somebody shows is ours and holds: for anybody who has its code, typed or in its address."""
    typed = request.POST.get("code", code)[:60]
    found = pages.certificate_by(typed)
    return render(request, "site/verify.html", {"typed": typed, "found": found})
