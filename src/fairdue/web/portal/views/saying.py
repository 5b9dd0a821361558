"""Pages on which the person says something in their own words: one view, one form, a row each in a table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from fairdue.core.errors import Fault
from fairdue.store.actions import site_said
from fairdue.store.actions.site_said import Upload
from fairdue.store.models import Task, Track, User
from fairdue.store.pages import site as pages
from fairdue.web.portal.doors import UNREADABLE, done, page
from fairdue.web.portal.files import FileSize, taken
from fairdue.web.portal.forms import SayForm
from fairdue.web.portal.words import say, texts
from fairdue.web.ui.lang import lang
from fairdue.web.ui.uploads import too_big

Doing = Callable[[User, str, tuple[Upload, ...]], Track | Task]


@dataclass(frozen=True)
class Subject:
    """One thing that can be said: what becomes of it, whether papers may be brought, and answers to choose from."""

    act: Doing
    files: bool = True
    choices: tuple[str, ...] = ()


def _track(kind: str, user: User, words: str, files: tuple[Upload, ...]) -> Track:
    return site_said.raise_track(user, kind, words, files)


def _correct(user: User, words: str, _files: tuple[Upload, ...]) -> Task:
    return site_said.ask_correction(user, words)


def _explain(user: User, words: str, _files: tuple[Upload, ...]) -> Task:
    return site_said.ask_explanation(user, words)


def _cease(user: User, words: str, _files: tuple[Upload, ...]) -> Track:
    return site_said.cease(user, words)


SUBJECTS = {
    "situation": Subject(partial(_track, "HARDSHIP"), choices=("job", "ill", "income", "family", "other")),
    "query": Subject(partial(_track, "DISPUTE"), choices=("amount", "not-mine", "charges", "service", "other")),
    "receipt": Subject(partial(_track, "ALREADY_PAID")),
    "feedback": Subject(partial(_track, "COMPLAINT"), choices=("often", "time", "others", "conduct", "data", "other")),
    "correct": Subject(_correct, files=False),
    "explain": Subject(_explain, files=False),
    "quiet": Subject(_cease, files=False),
}


@page("GET", "POST")
def subject(request: HttpRequest, user: User, name: str) -> HttpResponse:
    """Say it; what came of it and by when it is answered stands on the next page."""
    about = SUBJECTS[name]
    too_large = too_big(request)
    form = SayForm(request.POST or None)
    if request.method == "POST":
        try:
            if too_large:
                raise FileSize(name="")
            files = taken(request.FILES.getlist("files")) if about.files else ()
            if form.is_valid():
                made = about.act(user, _words(name, about, form), files)
                return done(request, f"done.{name}", on=str(made.due_on or ""))
        except Fault as fault:
            form.add_error(None, fault.sentence(lang()))
    shown = {"form": form, "name": name, "subject": about, "choices": [(c, f"{name}.is.{c}") for c in about.choices],
             "going": pages.going(user)}  # fmt: skip
    return render(request, "site/say.html", shown, status=UNREADABLE if form.errors else 200)


def _words(name: str, about: Subject, form: SayForm) -> str:
    """The choice in words before the person's own: a collector reads one text."""
    chosen = form.cleaned_data["about"]
    words = str(form.cleaned_data["words"])
    if chosen not in about.choices:
        return words
    both = texts()[f"{name}.is.{chosen}"]
    return f"[{both['zh']} / {both['en']}] {words}" if chosen != "other" else words


def titles() -> dict[str, str]:
    """The heading of each subject."""
    return {name: say(f"{name}.title") for name in SUBJECTS}
