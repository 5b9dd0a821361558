"""The desk's navigation: each role sees the pages that exist for it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from fairdue.core.codes import Role
from fairdue.store.models import Task
from fairdue.web.desk.doors import HOME, ROLES

register = template.Library()

PAGES = (
    ("board", _("Board"), "users"),
    ("floor", _("Floor"), "users"),
    ("list", _("List"), "list"),
    ("tasks", _("Tasks"), "circle-check"),
    ("words", _("Promises"), "handshake"),
    ("outbox", _("Outbox"), "mail"),
    ("quality", _("Quality"), "message-circle"),
    ("letters", _("Letters"), "mail"),
    ("clocks", _("Clocks"), "clock"),
    ("lost", _("Lost contact"), "circle-question-mark"),
    ("agencies", _("Agencies"), "layers"),
    ("lapses", _("Limitation"), "clock"),
    ("courts", _("Court"), "scale"),
    ("approvals", _("Approvals"), "check"),
    ("refusals", _("Refusals"), "shield-x"),
    ("audits", _("Log audits"), "search"),
    ("rules", _("Rules"), "scale"),
    ("knowledge", _("Knowledge"), "info"),
    ("strategy", _("Strategy"), "git-branch"),
    ("money", _("Money"), "package-open"),
    ("batches", _("Files"), "package-open"),
    ("nights", _("Nights"), "moon"),
    ("connections", _("Connections"), "layers"),
)
ALSO = {
    "letter": "letters",
    "letter-kinds": "letters",
    "letter-batch": "letters",
    "case-letters": "list",
    "audit": "audits",
    "batch": "batches",
    "key-add": "connections",
    "webhook-add": "connections",
    "case": "list",
    "people": "list",
    "statement": "list",
    "decision": "refusals",
    "find": "refusals",
    "replay": "refusals",
    "reassign": "board",
    "ageing": "board",
    "floor-set": "floor",
    "deal": "floor",
    "deal-move": "floor",
    "caller": "list",
    "task": "tasks",
    "plans": "list",
    "plan": "list",
    "approval": "approvals",
    "track": "clocks",
    "case-clocks": "lapses",
    "case-court": "courts",
    "court": "courts",
    "filings": "courts",
    "filing": "courts",
    "self-cure": "strategy",
    "sample": "quality",
    "sample-review": "quality",
    "contact": "list",
    "messages": "list",
}
IN_SIGHT = 6  # as many as fit beside the clock and the name on a small laptop, in either language
ABOUT = {"track": "track", "proceeding": "court"}  # kind of row a task is about → the page that shows it


@dataclass(frozen=True)
class Door:
    """One entry of the navigation."""

    href: str
    words: str
    icon: str
    here: bool


@dataclass(frozen=True)
class Doors:
    """The navigation: what a role opens every day in sight, the rest one click away."""

    sight: list[Door]
    more: list[Door]

    @property
    def hidden_here(self) -> bool:
        """Whether the page that is open is among those one click away."""
        return any(door.here for door in self.more)


@register.simple_tag(takes_context=True)
def doors(context: template.Context) -> Doors | None:
    """The navigation of the user who is logged in; nothing before login and on a broken page."""
    request: Any = context.get("request")
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    role = Role(user.role)
    now = getattr(request.resolver_match, "url_name", "") or ""
    names = sorted((page for page in PAGES if role in ROLES[page[0]]), key=lambda page: page[0] != HOME[role])
    found = [Door(reverse(name), str(words), icon, ALSO.get(now, now) == name) for name, words, icon in names]
    whole = len(found) <= IN_SIGHT + 1  # a menu of one entry saves no room
    return Doors(found, []) if whole else Doors(found[:IN_SIGHT], found[IN_SIGHT:])


@register.simple_tag
def task_link(task: Task) -> str:
    """Where the task is worked: the page of what it is about; empty where there is none."""
    try:
        return reverse(ABOUT[task.about], args=[task.about_id])
    except (KeyError, NoReverseMatch):
        return ""


@register.simple_tag
def request_key() -> str:
    """A key for one form: sent twice, acted on once."""
    return secrets.token_hex(16)
