"""The payment provider that ships with the demo: a page of its own, and a signed message back. It moves no money.

A real provider is another module with the same three parts: where to send the person, what is signed, and how it answers.
"""

from __future__ import annotations

import json
import urllib.request
from dataclasses import dataclass
from typing import Any

import segno
from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from fairdue.store.actions.site_pay import DEMO, signature
from fairdue.store.models import Transfer

SALT = "fairdue demo provider"
TIMEOUT = 30  # seconds: whoever is told may be starting, and books the payment before answering


@dataclass(frozen=True)
class Order:
    """What the provider is told: never who pays, and never why."""

    reference: str
    amount: int
    currency: str
    exponent: int


def page_of(request: HttpRequest, transfer: Transfer) -> str:
    """Where the person pays."""
    order = [transfer.reference, transfer.amount, transfer.currency, transfer.exponent]
    return request.build_absolute_uri(reverse("provider", args=[signing.dumps(order, salt=SALT)]))


def picture(address: str) -> str:
    """The same address to be read by another phone."""
    return str(segno.make(address, micro=False, error="m").svg_data_uri(scale=4, border=2, dark="#000", light="#fff"))


@require_http_methods(["GET", "HEAD", "POST"])
def provider(request: HttpRequest, order: str) -> HttpResponse:
    """The provider's own page: pay, or do not."""
    if not settings.DEMO:
        raise Http404
    try:
        said = Order(*signing.loads(order, salt=SALT, max_age=3600))
    except signing.BadSignature as forged:
        raise Http404 from forged
    if request.method != "POST":
        return render(request, "site/provider.html", {"order": said})
    deliver(request.build_absolute_uri(reverse("notify")), message(said, paid=request.POST.get("do") == "pay"))
    return redirect("transfer-one", said.reference)


def message(order: Order, *, paid: bool) -> bytes:
    """What the provider says of a payment, one spelling only."""
    said: dict[str, Any] = {"reference": order.reference, "id": f"D{order.reference}", "amount": order.amount,
                            "currency": order.currency, "paid": paid}  # fmt: skip
    return json.dumps(said, sort_keys=True).encode()


def deliver(address: str, body: bytes) -> None:
    """Send the message, signed, to whoever asked for the payment."""
    headers = {"Content-Type": "application/json", "X-Signature": signature(DEMO, body)}
    asked = urllib.request.Request(address, data=body, headers=headers, method="POST")  # noqa: S310 - our own address
    with urllib.request.urlopen(asked, timeout=TIMEOUT):  # noqa: S310 - our own address
        pass
