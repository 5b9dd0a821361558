"""A talk along its script, facts that come without one, the lender's own promises, knowledge, and who is calling."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fairdue.core.errors import Fault
from fairdue.store import pages
from fairdue.store.actions import learn, talk, words
from fairdue.store.models import User
from fairdue.web.desk.doors import back, page
from fairdue.web.desk.forms import DoneForm, FactForm, StepForm, typed_facts
from fairdue.web.ui.lang import lang


@page("talk", "POST")
def step(request: HttpRequest, user: User, case_id: int, attempt_id: int) -> HttpResponse:
    """The next words of a talk: a part of the page for those with scripts, the whole page for the others."""
    form = StepForm(request.POST)
    if form.is_valid():
        try:
            talk.step(user, attempt_id, form.cleaned_data["node"], form.cleaned_data["answer"])
        except Fault as fault:
            messages.error(request, fault.sentence(lang()))
    else:
        messages.error(request, _("That answer is not one of those shown."))
    if request.headers.get("HX-Request") != "true":
        return redirect("case", case_id)
    return render(request, "desk/case/talk.html", {"page": pages.case_page(user, case_id), "swapped": True})


@page("learn", "POST")
def learned(request: HttpRequest, user: User, case_id: int) -> HttpResponse:
    """Facts from a letter, a document or the lender's records."""
    form = FactForm(request.POST)
    if form.is_valid():
        try:
            learn.learn(user, case_id, typed_facts(request.POST), learn.From(**form.cleaned_data))
        except Fault as fault:
            messages.error(request, fault.sentence(lang()))
        else:
            messages.success(request, _("Kept. The next decision reckons with it."))
    else:
        messages.error(request, _("Say where the facts come from and how sure they are."))
    return redirect("case", case_id)


@page("words")
def own_words(request: HttpRequest, user: User) -> HttpResponse:
    """Promises both ways: ours with owner and day, and how well either side keeps its word."""
    return render(request, "desk/words.html", {"page": pages.words_page(user)})


@page("word_done", "POST")
def word_done(request: HttpRequest, user: User, word_id: int) -> HttpResponse:
    """A promise of ours is kept, and how."""
    form = DoneForm(request.POST)
    try:
        words.done(user, word_id, form.cleaned_data["text"] if form.is_valid() else "")
    except Fault as fault:
        messages.error(request, fault.sentence(lang()))
    else:
        messages.success(request, _("Kept. The borrower's case shows it."))
    return back(request, "words")


@page("knowledge")
def knowledge(request: HttpRequest, _user: User) -> HttpResponse:
    """Every card of knowledge, with its source."""
    return render(request, "desk/knowledge.html", {"page": pages.knowledge_page(request.GET.get("text", ""), lang())})


@page("caller")
def caller(request: HttpRequest, user: User) -> HttpResponse:
    """Somebody calls: find the case by number, reference or case number, among the user's own."""
    text = request.GET.get("text", "")
    return render(request, "desk/caller.html", {"text": text, "found": pages.callers(user, text)})
