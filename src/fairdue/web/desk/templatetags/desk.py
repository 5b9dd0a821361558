"""The desk's navigation: each role sees the pages that exist for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from fairdue.core.codes import Role
from fairdue.store.models import Task
from fairdue.web.desk.doors import ROLES

register = template.Library()

PAGES = (
    ("board", _("Board"), "users"),
    ("floor", _("Floor"), "users"),
    ("list", _("List"), "list"),
    ("tasks", _("Tasks"), "circle-check"),
    ("words", _("Promises"), "handshake"),
    ("quality", _("Quality"), "message-circle"),
    ("clocks", _("Clocks"), "clock"),
    ("lost", _("Lost contact"), "circle-question-mark"),
    ("agencies", _("Agencies"), "layers"),
    ("approvals", _("Approvals"), "check"),
    ("refusals", _("Refusals"), "shield-x"),
    ("audits", _("Log audits"), "search"),
    ("rules", _("Rules"), "scale"),
    ("knowledge", _("Knowledge"), "info"),
    ("strategy", _("Strategy"), "git-branch"),
    ("batches", _("Files"), "package-open"),
    ("nights", _("Nights"), "moon"),
)
ALSO = {
    "audit": "audits",
    "batch": "batches",
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
    "self-cure": "strategy",
    "sample": "quality",
    "sample-review": "quality",
    "contact": "list",
}
ABOUT = {"track": "track"}  # kind of row a task is about → the page that shows it


@dataclass(frozen=True)
class Door:
    """One entry of the navigation."""

    href: str
    words: str
    icon: str
    here: bool


@register.simple_tag(takes_context=True)
def doors(context: template.Context) -> list[Door]:
    """The navigation of the user who is logged in; empty before login and on a broken page."""
    request: Any = context.get("request")
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    role = Role(user.role)
    now = getattr(request.resolver_match, "url_name", "") or ""
    return [
        Door(reverse(name), str(words), icon, ALSO.get(now, now) == name)
        for name, words, icon in PAGES
        if role in ROLES[name]
    ]


@register.simple_tag
def task_link(task: Task) -> str:
    """Where the task is worked: the page of what it is about; empty where there is none."""
    try:
        return reverse(ABOUT[task.about], args=[task.about_id])
    except (KeyError, NoReverseMatch):
        return ""
