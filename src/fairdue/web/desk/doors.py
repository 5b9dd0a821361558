"""Who may open which page. A page that is not the user's, and a row that is not the user's, do not exist: 404."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from fairdue.core.codes import Role
from fairdue.store.access import NotYours
from fairdue.store.models import User

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, User, P], HttpResponseBase]

ALL = frozenset(Role)
CASE_READERS = frozenset({Role.COLLECTOR, Role.LEAD, Role.COMPLIANCE, Role.FINANCE, Role.AGENCY})

LETTER_READERS = CASE_READERS - {Role.AGENCY}
LETTER_ROOM = frozenset({Role.LEAD, Role.COMPLIANCE, Role.OPERATOR})
PLAN_READERS = CASE_READERS - {Role.AGENCY}
PLAN_MAKERS = frozenset({Role.COLLECTOR, Role.LEAD, Role.FINANCE})
ESTABLISHERS = frozenset({Role.COLLECTOR, Role.LEAD, Role.COMPLIANCE})
APPROVERS = frozenset({Role.LEAD, Role.COMPLIANCE, Role.FINANCE})

# URL name → the roles it exists for. A URL that is not listed here opens for nobody.
ROLES: dict[str, frozenset[Role]] = {
    "home": ALL,
    "clock": ALL,
    "list": frozenset({Role.COLLECTOR, Role.LEAD, Role.AGENCY}),
    "next": frozenset({Role.COLLECTOR}),
    "case": CASE_READERS,
    "statement": CASE_READERS,
    "reserve": frozenset({Role.COLLECTOR}),
    "record": frozenset({Role.COLLECTOR}),
    "release": frozenset({Role.COLLECTOR}),
    "dial": frozenset({Role.COLLECTOR}),
    "call": frozenset({Role.COLLECTOR}),
    "hang-up": frozenset({Role.COLLECTOR}),
    "talk": frozenset({Role.COLLECTOR}),
    "learn": frozenset({Role.COLLECTOR}),
    "invite": frozenset({Role.COLLECTOR, Role.LEAD}),
    "words": frozenset({Role.COLLECTOR, Role.LEAD, Role.COMPLIANCE}),
    "word_done": frozenset({Role.COLLECTOR, Role.LEAD}),
    "knowledge": ALL - {Role.AGENCY},
    "caller": frozenset({Role.COLLECTOR, Role.LEAD}),
    "board": frozenset({Role.LEAD}),
    "reassign": frozenset({Role.LEAD}),
    "ageing": frozenset({Role.LEAD}),
    "floor": frozenset({Role.LEAD}),
    "floor-set": frozenset({Role.LEAD}),
    "deal": frozenset({Role.LEAD}),
    "deal-move": frozenset({Role.LEAD}),
    "order": frozenset({Role.COLLECTOR, Role.LEAD, Role.COMPLIANCE}),
    "order-undo": frozenset({Role.LEAD, Role.COMPLIANCE}),
    "put-back": frozenset({Role.COLLECTOR}),
    "decision": CASE_READERS,
    "people": CASE_READERS,
    "fact-establish": ESTABLISHERS,
    "person-add": ESTABLISHERS,
    "point-add": ESTABLISHERS,
    "lost": frozenset({Role.COLLECTOR, Role.LEAD, Role.COMPLIANCE}),
    "agencies": frozenset({Role.COMPLIANCE, Role.LEAD}),
    "agency-set": frozenset({Role.COMPLIANCE}),
    "tasks": ALL,
    "task": ALL,
    "clocks": frozenset({Role.LEAD, Role.COMPLIANCE, Role.FINANCE}),
    "track-open": CASE_READERS,
    "track": CASE_READERS,
    "track-step": CASE_READERS,
    "track-file": CASE_READERS,
    "track-search": frozenset({Role.FINANCE, Role.LEAD}),
    "track-pack": frozenset({Role.COMPLIANCE, Role.LEAD}),
    "complaint-sort": frozenset({Role.COMPLIANCE}),
    "plans": PLAN_READERS,
    "means": PLAN_MAKERS,
    "means-proof": PLAN_READERS,
    "plan-propose": PLAN_MAKERS,
    "plan": PLAN_READERS,
    "plan-accept": PLAN_MAKERS,
    "plan-step": PLAN_MAKERS,
    "agreement": PLAN_READERS,
    "approvals": APPROVERS,
    "approval": APPROVERS,
    "refusals": frozenset({Role.COMPLIANCE, Role.LEAD}),
    "find": frozenset({Role.COMPLIANCE, Role.LEAD}),
    "replay": frozenset({Role.COMPLIANCE, Role.LEAD}),
    "letters": LETTER_READERS | {Role.OPERATOR},
    "letter-kinds": ALL - {Role.AGENCY},
    "case-letters": LETTER_READERS,
    "letter-write": LETTER_READERS,
    "letter-delivery": frozenset({Role.COLLECTOR, Role.LEAD, Role.COMPLIANCE}),
    "letter": LETTER_READERS,
    "letter-file": LETTER_READERS,
    "letter-step": LETTER_READERS,
    "letter-batch-make": frozenset({Role.LEAD, Role.COMPLIANCE}),
    "letter-batch": LETTER_ROOM,
    "letter-batch-step": frozenset({Role.LEAD, Role.COMPLIANCE}),
    "letter-batch-file": frozenset({Role.LEAD, Role.COMPLIANCE}),
    "mail": LETTER_ROOM,
    "mail-rejects": LETTER_ROOM,
    "rules": frozenset({Role.COMPLIANCE, Role.LEAD, Role.STRATEGIST, Role.COLLECTOR}),
    "strategy": frozenset({Role.STRATEGIST, Role.COMPLIANCE, Role.LEAD}),
    "money": frozenset({Role.FINANCE}),
    "money-upload": frozenset({Role.FINANCE}),
    "money-ask": frozenset({Role.FINANCE}),
    "money-rejects": frozenset({Role.FINANCE}),
    "money-ledger": frozenset({Role.FINANCE}),
    "written-off": frozenset({Role.FINANCE}),
    "written-off-ask": frozenset({Role.FINANCE}),
    "settlements": PLAN_READERS,
    "settlement-step": PLAN_MAKERS,
    "certificate-paper": CASE_READERS,
    "batches": frozenset({Role.FINANCE, Role.OPERATOR, Role.COMPLIANCE}),
    "batch": frozenset({Role.FINANCE, Role.OPERATOR, Role.COMPLIANCE}),
    "audits": frozenset({Role.COMPLIANCE}),
    "audit-upload": frozenset({Role.COMPLIANCE}),
    "audit": frozenset({Role.COMPLIANCE}),
    "audit-columns": frozenset({Role.COMPLIANCE}),
    "audit-start": frozenset({Role.COMPLIANCE}),
    "audit-resume": frozenset({Role.COMPLIANCE}),
    "audit-stop": frozenset({Role.COMPLIANCE}),
    "audit-discard": frozenset({Role.COMPLIANCE}),
    "audit-progress": frozenset({Role.COMPLIANCE}),
    "audit-file": frozenset({Role.COMPLIANCE}),
    "quality": frozenset({Role.COLLECTOR, Role.LEAD, Role.COMPLIANCE, Role.AGENCY}),
    "self-cure": frozenset({Role.LEAD, Role.STRATEGIST, Role.COMPLIANCE}),
    "quality-draw": frozenset({Role.LEAD, Role.COMPLIANCE}),
    "sample": frozenset({Role.COLLECTOR, Role.LEAD, Role.COMPLIANCE, Role.AGENCY}),
    "sample-review": frozenset({Role.LEAD, Role.COMPLIANCE}),
    "sample-answer": frozenset({Role.COLLECTOR, Role.AGENCY}),
    "contact": frozenset({Role.COLLECTOR, Role.LEAD, Role.COMPLIANCE, Role.AGENCY}),
    "recording-add": frozenset({Role.COLLECTOR, Role.LEAD, Role.COMPLIANCE, Role.AGENCY}),
    "recording-sound": frozenset({Role.COLLECTOR, Role.LEAD, Role.COMPLIANCE, Role.AGENCY}),
    "recording-drop": frozenset({Role.COMPLIANCE}),
    "messages": frozenset({Role.COLLECTOR, Role.LEAD, Role.COMPLIANCE}),
    "message-send": frozenset({Role.COLLECTOR}),
    "message-check": frozenset({Role.COLLECTOR, Role.LEAD, Role.COMPLIANCE}),
    "message-act": frozenset({Role.COLLECTOR, Role.LEAD, Role.COMPLIANCE}),
    "opt-out": frozenset({Role.COLLECTOR}),
    "outbox": frozenset({Role.COLLECTOR, Role.LEAD, Role.COMPLIANCE, Role.FINANCE}),
    "phone": ALL,
    "phone-answer": ALL,
    "lapses": frozenset({Role.COLLECTOR, Role.LEAD, Role.COMPLIANCE, Role.FINANCE}),
    "lapse-decide": frozenset({Role.COLLECTOR, Role.LEAD, Role.COMPLIANCE, Role.FINANCE}),
    "case-clocks": frozenset({Role.COLLECTOR, Role.LEAD, Role.COMPLIANCE, Role.FINANCE, Role.AGENCY}),
    "legal-event": frozenset({Role.COLLECTOR, Role.LEAD, Role.COMPLIANCE, Role.FINANCE}),
    "legal-void": frozenset({Role.LEAD, Role.COMPLIANCE}),
    "case-court": frozenset({Role.COLLECTOR, Role.LEAD, Role.COMPLIANCE, Role.FINANCE}),
    "court-arbitration": frozenset({Role.LEAD, Role.COMPLIANCE, Role.FINANCE}),
    "court-prepare": frozenset({Role.LEAD, Role.COMPLIANCE, Role.FINANCE}),
    "courts": frozenset({Role.LEAD, Role.COMPLIANCE, Role.FINANCE, Role.AGENCY}),
    "court-outcomes": frozenset({Role.LEAD, Role.COMPLIANCE, Role.FINANCE, Role.AGENCY}),
    "court": frozenset({Role.COLLECTOR, Role.LEAD, Role.COMPLIANCE, Role.FINANCE, Role.AGENCY}),
    "court-step": frozenset({Role.LEAD, Role.COMPLIANCE, Role.FINANCE, Role.AGENCY}),
    "court-file": frozenset({Role.LEAD, Role.COMPLIANCE, Role.FINANCE, Role.AGENCY}),
    "filings": frozenset({Role.LEAD, Role.COMPLIANCE, Role.FINANCE}),
    "filing-start": frozenset({Role.LEAD, Role.COMPLIANCE, Role.FINANCE}),
    "filing": frozenset({Role.LEAD, Role.COMPLIANCE, Role.FINANCE}),
    "filing-step": frozenset({Role.LEAD, Role.COMPLIANCE, Role.FINANCE}),
    "filing-state": frozenset({Role.LEAD, Role.COMPLIANCE, Role.FINANCE}),
    "filing-archive": frozenset({Role.LEAD, Role.COMPLIANCE, Role.FINANCE}),
    "filing-rejects": frozenset({Role.LEAD, Role.COMPLIANCE, Role.FINANCE}),
    "connections": frozenset({Role.OPERATOR, Role.COMPLIANCE}),
    "key-add": frozenset({Role.OPERATOR}),
    "key-revoke": frozenset({Role.OPERATOR, Role.COMPLIANCE}),
    "webhook-add": frozenset({Role.OPERATOR}),
    "webhook-step": frozenset({Role.OPERATOR}),
    "nights": frozenset({Role.OPERATOR, Role.STRATEGIST, Role.LEAD}),
}

HOME = {
    Role.COLLECTOR: "list",
    Role.LEAD: "board",
    Role.STRATEGIST: "strategy",
    Role.COMPLIANCE: "refusals",
    Role.FINANCE: "money",
    Role.AGENCY: "list",
    Role.OPERATOR: "nights",
}


def page(
    name: str, method: str = "GET"
) -> Callable[[View[P]], Callable[Concatenate[HttpRequest, P], HttpResponseBase]]:
    """Open a view under a URL name: for its roles only, by its method only, with the user as second argument."""

    def wrap(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(view)
        def door(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            user = who(request)
            if Role(user.role) not in ROLES[name]:
                raise Http404
            if request.method not in ({"GET", "HEAD"} if method == "GET" else {method}):
                return HttpResponseNotAllowed([method])
            try:
                return view(request, user, *args, **kwargs)
            except NotYours as missing:
                raise Http404 from missing

        return door

    return wrap


def who(request: HttpRequest) -> User:
    """The user who is logged in; the login middleware lets nobody else through."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def back(request: HttpRequest, otherwise: str) -> HttpResponse:
    """Return to the page of this site that the form came from."""
    there = request.POST.get("back", "")
    safe = url_has_allowed_host_and_scheme(there, {request.get_host()}, require_https=request.is_secure())
    return redirect(there if safe else otherwise)
