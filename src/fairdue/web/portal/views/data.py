"""One's own data: taken away, put right, explained; and the certificate when all is paid."""

from __future__ import annotations

import io
import zipfile

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from fairdue.store.models import User
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
    return attached(out.getvalue(), "my-data.zip", "application/zip")
