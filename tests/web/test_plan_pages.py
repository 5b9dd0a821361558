"""Pages about plans: whose they are, what they refuse, and that they say why."""

from __future__ import annotations

import pytest
from django.urls import reverse

import cast
import planning
from fairdue.core.plan_state import PlanState
from fairdue.store import audit
from fairdue.store.models import Approval, AuditRow, Case, Means, Plan
from person import Person
from worlds import World

SEES = [
    (cast.COLLECTOR, True), (cast.LEAD, True), (cast.OFFICER, True), (cast.FINANCE, True), (cast.COLLEAGUE, False),
    (cast.OTHER_TEAM, False), (cast.OTHER_LEAD, False), (cast.AGENCY, False), (cast.STRANGER, False),
    (cast.STRATEGIST, False), (cast.OPERATOR, False),
]  # fmt: skip


@pytest.mark.parametrize(("username", "sees"), SEES)
def test_a_plan_is_there_for_whoever_reads_the_case_and_for_nobody_else(desk: World, username: str, sees: bool) -> None:
    plan = planning.proposed()
    paths = [
        reverse("plans", args=[plan.case_id]),
        reverse("plan", args=[plan.pk]),
        reverse("agreement", args=[plan.pk, "zh"]),
    ]
    assert [Person(username).status(path) for path in paths] == [200 if sees else 404] * 3


@pytest.mark.parametrize("username", [cast.COLLEAGUE, cast.OTHER_TEAM, cast.OTHER_LEAD, cast.STRANGER])
def test_nobody_else_says_proposes_accepts_or_ends_anything(desk: World, username: str) -> None:
    plan = planning.proposed()
    person, means = Person(username), Means.objects.count()
    asked: tuple[tuple[str, int, dict[str, str | int]], ...] = (
        ("means", plan.case_id, {"adults": 1}),
        ("plan-propose", plan.case_id, {"account": plan.account_id, "option": f"{plan.code}/{plan.months}"}),
        ("plan-accept", plan.pk, {"how": 0, "words": "yes"}),
        ("plan-step", plan.pk, {"do": "cancel", "reason": "x"}),
    )
    for name, row, said in asked:
        assert person.status(reverse(name, args=[row]), post=True, **said) == 404, name
    plan.refresh_from_db()
    assert (plan.state, Plan.objects.count(), Means.objects.count()) == (PlanState.AWAITING, 1, means)


def test_an_account_of_somebody_else_cannot_be_planned(desk: World) -> None:
    plan = planning.proposed()
    other = Case.objects.exclude(customer_id=plan.case.customer_id).first()
    assert other is not None
    account = other.customer.accounts.first()
    assert account is not None
    said: dict[str, str | int] = {"account": account.pk, "option": "plan/24"}
    assert Person(cast.COLLECTOR).status(reverse("plan-propose", args=[plan.case_id]), post=True, **said) == 404


@pytest.mark.parametrize(("language", "words"), [("en", "must be asked"), ("zh-hans", "须了解其实际生活支出")])
def test_the_page_says_what_is_missing_before_anything_was_asked(desk: World, language: str, words: str) -> None:
    text = Person(cast.COLLECTOR, language).get(reverse("plans", args=[cast.case_of(cast.COLLECTOR).pk]))
    assert words in text
    assert "disabled" in text, "what is not offered stays in sight"
    assert "CN-FORB-01" in text or "plan-propose" not in text


def test_an_option_that_is_not_offered_is_refused_with_its_reason(desk: World) -> None:
    plan = planning.proposed()
    text = Person(cast.COLLECTOR).post(
        reverse("plan-propose", args=[plan.case_id]), account=plan.account_id, option="plan/3", reason=""
    )
    assert "is more than the" in text
    assert Plan.objects.count() == 1


def test_a_request_is_refused_with_a_reason_and_the_answer_is_owed(desk: World) -> None:
    plan = planning.proposed()
    approval = Approval.objects.get()
    lead = Person(cast.LEAD)
    assert f"/plans/{plan.pk}/" in lead.get(reverse("approvals"))
    assert "A refusal needs a reason" in lead.post(reverse("approval", args=[approval.pk]), do="refuse")
    lead.post(reverse("approval", args=[approval.pk]), do="refuse", reason="too long")
    plan.refresh_from_db()
    assert plan.state == PlanState.REJECTED
    assert "Answer the customer" in Person(cast.COLLECTOR).get(reverse("tasks"))
    assert "too long" in Person(cast.COLLECTOR).get(reverse("plan", args=[plan.pk]))


def test_taking_out_an_agreement_leaves_a_trace(desk: World) -> None:
    plan = planning.proposed()
    answer = Person(cast.COLLECTOR).client.get(reverse("agreement", args=[plan.pk, "en"]))
    assert answer.content.startswith(b"%PDF")
    row = AuditRow.objects.get(verb="plan.agreement")
    assert (row.actor, row.subject_id) == (cast.COLLECTOR, plan.pk)
    assert Person(cast.COLLECTOR).status(reverse("agreement", args=[plan.pk, "fr"])) == 404
    assert audit.verify() is None


def test_what_cannot_be_read_is_kept_as_typed(desk: World) -> None:
    case = planning.plannable()
    means = Means.objects.count()
    answer = Person(cast.COLLECTOR).client.post(
        reverse("means", args=[case.pk]),
        {"adults": "two", "income_WAGE": "12,34", "words": "<script>alert(1)</script>"},
    )
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="two"' in text
    assert 'value="12,34"' in text
    assert "<script>alert" not in text
    assert Means.objects.count() == means
