"""What can be afforded and agreed: means, the choice set, a plan from proposal to consent, its agreement, approvals."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.encoding import escape_uri_path
from django.utils.translation import gettext as _

from fairdue.core.consent import Consent
from fairdue.core.errors import Fault
from fairdue.rules.living_costs import NoLivingCosts
from fairdue.store import agreements
from fairdue.store.actions import approvals, plans, proofs
from fairdue.store.models import User
from fairdue.store.pages import plans as pages
from fairdue.store.vault import FileGone
from fairdue.web.desk.doors import page
from fairdue.web.desk.plan_forms import ConsentForm, DecideForm, MeansForm, ProposeForm, remembered
from fairdue.web.desk.views.work import UNREADABLE
from fairdue.web.ui.lang import lang


@page("plans")
def plan_list(request: HttpRequest, user: User, case_id: int) -> HttpResponse:
    """Income and outgoings beside the choice set that follows from them."""
    try:
        return render(request, "desk/plans.html", _case(user, case_id))
    except NoLivingCosts as fault:
        messages.error(request, fault.sentence(lang()))
        return redirect("case", case_id)


def _case(user: User, case_id: int, form: MeansForm | None = None) -> dict[str, Any]:
    shown = pages.plans_page(user, case_id)
    known = remembered(shown.means, shown.learned, shown.case.customer.place, shown.exponent)
    return {"page": shown, "form": form or MeansForm(exponent=shown.exponent, initial=known)}


@page("means", "POST")
def means(request: HttpRequest, user: User, case_id: int) -> HttpResponse:
    """Keep what was said, and work the choice set out from it."""
    exponent = pages.plans_page(user, case_id).exponent
    form = MeansForm(request.POST, exponent=exponent)
    if form.is_valid():
        try:
            plans.say_means(user, case_id, form.said())
        except Fault as fault:
            form.add_error(None, fault.sentence(lang()))
        else:
            messages.success(request, _("Kept. The choice set follows from it."))
            return redirect("plans", case_id)
    return render(request, "desk/plans.html", _case(user, case_id, form), status=UNREADABLE)


@page("means-proof")
def proof(_request: HttpRequest, user: User, proof_id: int) -> HttpResponse:
    """A paper the person brought; that it was read stands in the audit trail."""
    try:
        name, content = proofs.read(user, proof_id)
    except FileGone as gone:
        raise Http404 from gone
    answer = HttpResponse(content, content_type="application/octet-stream")
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{escape_uri_path(name)}"
    return answer


@page("plan-propose", "POST")
def propose(request: HttpRequest, user: User, case_id: int) -> HttpResponse:
    """Propose an option of the choice set."""
    form = ProposeForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose an option."))
        return redirect("plans", case_id)
    code, months = form.chosen()
    try:
        plan = plans.propose(user, case_id, form.cleaned_data["account"], code, months, form.cleaned_data["reason"])
    except Fault as fault:
        messages.error(request, fault.sentence(lang()))
        return redirect("plans", case_id)
    return redirect("plan", plan.pk)


@page("plan")
def plan_page(request: HttpRequest, user: User, plan_id: int) -> HttpResponse:
    """One plan: what is agreed, what was paid, what comes next."""
    return render(request, "desk/plan.html", {"page": pages.plan_page(user, plan_id), "form": ConsentForm()})


@page("plan-accept", "POST")
def accept(request: HttpRequest, user: User, plan_id: int) -> HttpResponse:
    """Record the borrower's consent."""
    form = ConsentForm(request.POST)
    form.is_valid()
    how = form.cleaned_data.get("how")
    try:
        plans.accept(user, plan_id, None if how is None else Consent(how), form.cleaned_data.get("words", ""))
    except Fault as fault:
        form.add_error(None, fault.sentence(lang()))
        return render(
            request, "desk/plan.html", {"page": pages.plan_page(user, plan_id), "form": form}, status=UNREADABLE
        )
    messages.success(request, _("Agreed. The plan performs from today; collection on this debt rests."))
    return redirect("plan", plan_id)


@page("plan-step", "POST")
def step(request: HttpRequest, user: User, plan_id: int) -> HttpResponse:
    """Work the proposal out again, or take it back."""
    again = request.POST.get("do") == "again"
    try:
        done = (
            plans.work_out_again(user, plan_id)
            if again
            else plans.cancel(user, plan_id, request.POST.get("reason", ""))
        )
    except Fault as fault:
        messages.error(request, fault.sentence(lang()))
        return redirect("plan", plan_id)
    messages.info(request, _("Worked out with today's figures.") if again else _("The proposal was taken back."))
    return redirect("plan", done.pk)


@page("agreement")
def agreement(_request: HttpRequest, user: User, plan_id: int, language: str) -> HttpResponse:
    """The agreement as PDF, in Chinese or English."""
    plan = pages.get_plan(user, plan_id)
    if language == "zh":
        made = agreements.pdf(user, plan, "zh")
    elif language == "en":
        made = agreements.pdf(user, plan, "en")
    else:
        raise Http404
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="plan-{plan.pk}-{language}.pdf"'
    return answer


@page("approvals")
def approval_list(request: HttpRequest, user: User) -> HttpResponse:
    """What waits for a second person."""
    return render(request, "desk/approvals.html", {"page": pages.approvals_page(user)})


@page("approval", "POST")
def decide(request: HttpRequest, user: User, approval_id: int) -> HttpResponse:
    """Grant or refuse."""
    form = DecideForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Grant it or refuse it."))
        return redirect("approvals")
    said = form.cleaned_data
    try:
        approvals.decide(
            user, approval_id, grant=said["do"] == "grant", reason=said["reason"], counts=not said["uncounted"]
        )
    except Fault as fault:
        messages.error(request, fault.sentence(lang()))
    else:
        messages.success(request, _("Granted.") if said["do"] == "grant" else _("Refused."))
    return redirect("approvals")
