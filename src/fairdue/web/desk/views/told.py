"""Where providers tell what became of messages and what people answered: signed, or by a secret in the address."""

from __future__ import annotations

import hmac
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from fairdue.connectors import NotSignedRight, module
from fairdue.connectors.configured import Sender
from fairdue.store import clock
from fairdue.store import message_words as wording
from fairdue.store.actions import heard_back
from fairdue.store.models import Organisation

NOT_BELIEVED = 422
LARGEST = 1 << 20


@csrf_exempt
@login_not_required
@require_POST
def told(request: HttpRequest, sender: str, token: str) -> HttpResponse:
    """Believe what is signed and nothing else; which part was wrong is not said."""
    found = wording.senders().by_code(sender)
    length = request.headers.get("Content-Length", "0")
    if found is None or not length.isdecimal() or int(length) > LARGEST:
        return HttpResponse(status=NOT_BELIEVED)
    connector = module(found.connector)
    if not hasattr(connector, "told") or not _knows(found, token):
        return HttpResponse(status=NOT_BELIEVED)
    now = int(clock.wall().timestamp())
    try:
        known = found.known(Path(settings.HOME))
        reports, replies = connector.told(known, dict(request.headers), request.body, now)
    except (NotSignedRight, ValueError, KeyError, TypeError):
        return HttpResponse(status=NOT_BELIEVED)
    lenders = Organisation.objects.filter(is_lender=True).order_by("pk")
    lender = (lenders.filter(code=found.lender) if found.lender else lenders).first()
    if lender is not None:
        heard_back.take_in(lender, found.code, reports, replies)
    return HttpResponse(connector.ANSWER[0], content_type=connector.ANSWER[1])


def _knows(sender: Sender, token: str) -> bool:
    """The secret in the address: every sender that is told over HTTP has one."""
    wanted = sender.known(Path(settings.HOME)).secrets.get("callback", "")
    return bool(wanted) and hmac.compare_digest(wanted, token)
