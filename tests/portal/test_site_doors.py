"""Every address of the site for a stranger, for the person it is about, and for another customer who has come in."""

from __future__ import annotations

import re

import pytest
from django.urls import get_resolver, reverse

import cast
import planning
from books import AS_OF
from fairdue.core.codes import Role
from fairdue.store import access, clock
from fairdue.store.access import NotYours
from fairdue.store.actions import site_pay
from fairdue.store.models import Case, Certificate, Person, Plan, Transfer
from fairdue.web.portal.provider import SALT
from site_table import ANYBODY, OWN, ROW, TABLE
from visiting import OTHER_ID, Visitor, known
from worlds import World


def test_every_address_is_in_the_table() -> None:
    from fairdue.web.portal import urls

    assert sorted(str(pattern.name) for pattern in urls.urlpatterns) == sorted(TABLE)


@pytest.fixture
def rows(case: Case) -> tuple[Case, Plan, Transfer]:
    """A person with a proposal and a payment begun."""
    plan = planning.proposed()
    known(plan.case)
    account = plan.account
    Certificate.objects.create(lender=account.lender, account=account, case=plan.case, code="CODE1", settled_on=AS_OF, paid=1,
                               issued_at=clock.now_minute())  # fmt: skip
    return plan.case, plan, Transfer.objects.create(
        case=plan.case, account=account, reference="REF1", amount=100, currency=account.currency,
        exponent=account.exponent, provider="demo", begun_at=clock.now_minute(),
    )  # fmt: skip


def path(name: str, plan: Plan) -> str:
    from django.core import signing

    given: dict[str, list[object]] = {
        "link": ["0" * 32], "off": ["0" * 32], "transfer-one": ["REF1"], "part": [plan.pk],
        "part-paper": [plan.pk, "en"], "part-days": [plan.pk], "verify-code": ["CODE1"],
        "paper-file": [Certificate.objects.get(code="CODE1").pk, "en"],
        "provider": [signing.dumps(["REF1", 100, "CNY", 2], salt=SALT)],
    }  # fmt: skip
    return reverse(name, args=given.get(name, []))


def found(visitor: Visitor, name: str, plan: Plan) -> int:
    method = TABLE[name][0]
    return visitor.client.generic(method, path(name, plan)).status_code


def test_a_stranger_sees_what_is_for_anybody_and_nothing_else(rows: tuple[Case, Plan, Transfer]) -> None:
    for name, (_, whose) in TABLE.items():
        answer = Visitor().client.generic(TABLE[name][0], path(name, rows[1]))
        if whose == ANYBODY:
            assert answer.status_code in {200, 302, 400, 422}, name
        else:
            assert (answer.status_code, answer.headers["Location"]) == (302, "/"), name


def test_the_person_sees_the_own_and_another_customer_does_not(rows: tuple[Case, Plan, Transfer]) -> None:
    mine, plan, _ = rows
    other_case = next(
        c
        for c in Case.objects.filter(owner__username=cast.COLLECTOR, closed_on=None).order_by("-pk")
        if c.pk != mine.pk
    )
    own = Visitor().come_in(mine)
    other = Visitor().come_in(other_case, OTHER_ID)
    for name, (_, whose) in TABLE.items():
        if whose == ANYBODY:
            continue
        assert found(own, name, plan) in {200, 302}, name
        assert found(other, name, plan) == (404 if whose == ROW else found(own, name, plan)), name


def test_no_page_of_another_shows_anything_of_the_person(rows: tuple[Case, Plan, Transfer]) -> None:
    mine, plan, _ = rows
    other_case = next(
        c
        for c in Case.objects.filter(owner__username=cast.COLLECTOR, closed_on=None).order_by("-pk")
        if c.pk != mine.pk
    )
    other = Visitor().come_in(other_case, OTHER_ID)
    secrets = [a.account_no for a in mine.customer.accounts.all()] + [
        p.value_masked for p in mine.customer.points.all()
    ]
    for name, (method, whose) in TABLE.items():
        if whose == OWN:
            answer = other.client.generic(method, path(name, plan))
            assert not [one for one in secrets if one.encode() in answer.content], name


def test_a_wrong_method_is_refused(rows: tuple[Case, Plan, Transfer]) -> None:
    own = Visitor().come_in(rows[0])
    for name, (method, whose) in TABLE.items():
        if whose != ANYBODY and method == "POST":
            assert own.client.get(path(name, rows[1])).status_code == 405, name
        assert own.client.delete(path(name, rows[1])).status_code == 405, name
        if name == "leave":
            own = Visitor().come_in(rows[0])


def test_the_door_of_the_person_opens_the_own_rows_only(rows: tuple[Case, Plan, Transfer]) -> None:
    mine, plan, _ = rows
    me = access.for_borrower(Person.objects.get(pk=mine.customer_id)) if _site(mine) else None
    assert me is not None
    assert set(access.cases_for(me).values_list("customer_id", flat=True)) == {mine.customer_id}
    assert set(access.plans_for(me)) == {plan}
    assert set(access.decisions_for(me).values_list("case__customer_id", flat=True)) == {mine.customer_id}
    for nothing in (access.tasks_for(me), access.approvals_for(me), access.batches_for(me), access.nights_for(me),
                    access.work_for(me), access.contact_audits_for(me), access.colleagues_for(me)):  # fmt: skip
        assert not nothing.exists()
    other = Case.objects.exclude(customer_id=mine.customer_id).first()
    assert other is not None
    with pytest.raises(NotYours):
        access.get_case(me, other.pk)
    with pytest.raises(NotYours):
        site_pay.transfer_of(me, "unknown")


def _site(case: Case) -> bool:
    from fairdue.store.actions.invitations import _login

    _login(case.lender)
    return True


def test_nobody_logs_in_to_the_desk_as_the_site(case: Case, desk: World) -> None:
    from django.contrib.auth import authenticate

    from fairdue.store.models import User

    _site(case)
    login = User.objects.get(username=access.site_login(case.lender))
    assert not login.is_active
    assert login.role == Role.OPERATOR
    assert authenticate(username=login.username, password="!") is None
    assert get_resolver() is not None
    assert re.match(r"site\.", login.username)
