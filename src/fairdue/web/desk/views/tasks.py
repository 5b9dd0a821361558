"""What the user has to do: take a task, say what came of it, or why it need not be done."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from fairdue.core.errors import Fault
from fairdue.store import pages
from fairdue.store.actions import tasks
from fairdue.store.models import User
from fairdue.web.desk.doors import back, page
from fairdue.web.ui.lang import lang


@page("tasks")
def task_list(request: HttpRequest, user: User) -> HttpResponse:
    """Mine, those anybody of my role may take, and those of others that I may see."""
    return render(request, "desk/tasks.html", {"tasks": pages.task_page(user)})


@page("task", "POST")
def act(request: HttpRequest, user: User, task_id: int) -> HttpResponse:
    """Take it, finish it or cancel it."""
    said = request.POST.get("outcome", "")
    steps = {
        "take": lambda: tasks.take(user, task_id),
        "cancel": lambda: tasks.cancel(user, task_id, said),
        "done": lambda: tasks.finish(user, task_id, said),
    }
    try:
        steps.get(request.POST.get("do", ""), steps["done"])()
    except Fault as fault:
        messages.error(request, fault.sentence(lang()))
    else:
        messages.success(request, _("Recorded."))
    return back(request, "tasks")
