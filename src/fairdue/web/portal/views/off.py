"""No more messages: by the button of a page, or by one click in a mail program (RFC 8058)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from fairdue.store.access import NotYours
from fairdue.store.actions import heard_back


@csrf_exempt  # a mail program has no form of ours; the key of the message, which only its reader has, is the proof
@require_http_methods(["GET", "HEAD", "POST"])
def off(request: HttpRequest, key: str) -> HttpResponse:
    """Opening the page changes nothing: programs open links by themselves."""
    if request.method == "POST":
        try:
            heard_back.opt_out_by_key(key)
        except NotYours as missing:
            raise Http404 from missing
    return render(request, "site/off.html", {"done": request.method == "POST"})
