"""Paying and paying in parts: booked once, when signed; offered by the same engine; agreed in words that are kept."""

from __future__ import annotations

import io
import json
import re
import zipfile

import pytest
from django.test import Client
from icalendar import Calendar

import cast
import planning
from books import AS_OF
from fairdue.core.codes import Role
from fairdue.core.consent import Consent
from fairdue.core.plan_state import PlanState
from fairdue.store import offers
from fairdue.store.actions import ledger, site_pay
from fairdue.store.models import Approval, Case, Certificate, PaymentLine, Plan, Task, Transfer
from fairdue.web.portal import provider
from visiting import Visitor


@pytest.fixture
def visitor(case: Case, monkeypatch: pytest.MonkeyPatch) -> Visitor:
    """Somebody who has come in; the provider's message comes in at the same door, without a network."""
    monkeypatch.setattr(provider, "deliver", lambda _address, body: told(body, site_pay.signature("demo", body)))
    return Visitor().come_in(case)


def told(body: bytes, signed: str) -> int:
    return Client().post("/transfer/notify/", body, "application/json", headers={"X-Signature": signed}).status_code


def begun(visitor: Visitor, case: Case, amount: str) -> tuple[Transfer, str]:
    account = case.customer.accounts.order_by("account_no").first()
    assert account is not None
    page = visitor.post("/transfer/", account=account.pk, amount=amount)
    assert "data:image/svg+xml" in page
    found = re.search(r'href="http://testserver(/provider/[^"]+)"', page)
    assert found is not None
    return Transfer.objects.latest("pk"), found[1]


def test_a_payment_is_booked_when_the_provider_has_signed_it(case: Case, visitor: Visitor) -> None:
    transfer, address = begun(visitor, case, "100.50")
    before = ledger.balances(transfer.account, AS_OF).sum()
    assert "No real money" in visitor.get(address)
    assert ledger.balances(transfer.account, AS_OF).sum() == before
    assert "booked" in visitor.post(address, do="pay")
    assert before - ledger.balances(transfer.account, AS_OF).sum() == 10_050
    visitor.post(address, do="pay")  # told twice
    assert before - ledger.balances(transfer.account, AS_OF).sum() == 10_050
    line = PaymentLine.objects.get(bank_ref=transfer.reference)
    assert (line.source, line.amount) == ("PORTAL", 10_050)


def test_a_payment_that_was_not_made_books_nothing(case: Case, visitor: Visitor) -> None:
    _, address = begun(visitor, case, "100")
    assert "No money was taken" in visitor.post(address, do="stop")
    assert not PaymentLine.objects.exists()


def test_what_is_not_signed_or_not_known_books_nothing(case: Case, visitor: Visitor) -> None:
    transfer, _ = begun(visitor, case, "100")
    body = provider.message(provider.Order(transfer.reference, 10_000, transfer.currency, 2), paid=True)
    assert told(body, "0" * 64) == 400
    assert told(body, "") == 400
    assert told(body + b" ", site_pay.signature("demo", body)) == 400
    other = provider.message(provider.Order("UNKNOWN", 10_000, transfer.currency, 2), paid=True)
    assert told(other, site_pay.signature("demo", other)) == 400
    for wrong in (b"[]", b"{}", b"no json", b"x" * 5000):
        assert told(wrong, site_pay.signature("demo", wrong)) == 400
    assert Transfer.objects.get(pk=transfer.pk).state == Transfer.BEGUN


@pytest.mark.parametrize("change", [{"amount": 9_999}, {"currency": "USD"}])
def test_another_amount_or_currency_is_looked_at_by_finance(
    case: Case, visitor: Visitor, change: dict[str, object]
) -> None:
    transfer, _ = begun(visitor, case, "100")
    body = json.dumps({"reference": transfer.reference, "id": "1", "amount": 10_000, "currency": transfer.currency,
                       "paid": True} | change).encode()  # fmt: skip
    assert told(body, site_pay.signature("demo", body)) == 204
    assert not PaymentLine.objects.exists()
    assert Task.objects.get(kind="FIND_PAYMENT").role == Role.FINANCE


@pytest.mark.parametrize("amount", ["0", "-5", "", "abc", "1e9", "99999999999999999999"])
def test_an_amount_that_cannot_be_is_refused(case: Case, visitor: Visitor, amount: str) -> None:
    account = case.customer.accounts.first()
    assert account is not None
    assert 'role="alert"' in visitor.post("/transfer/", account=account.pk, amount=amount)
    assert not Transfer.objects.exists()


def test_nobody_pays_on_somebody_elses_account(case: Case, visitor: Visitor) -> None:
    other = cast.case_of(cast.COLLEAGUE).customer.accounts.first()
    assert other is not None
    assert visitor.client.post("/transfer/", {"account": other.pk, "amount": "1"}).status_code == 404


def test_whoever_pays_all_gets_a_certificate_that_anybody_can_check(case: Case, visitor: Visitor) -> None:
    for account in case.customer.accounts.order_by("account_no"):
        owed = int(ledger.balances(account, AS_OF).sum())
        if owed <= 0:
            continue
        visitor.post("/transfer/", account=account.pk, amount=f"{owed // 100}.{owed % 100:02}")
        transfer = Transfer.objects.latest("pk")
        order = provider.Order(transfer.reference, transfer.amount, transfer.currency, transfer.exponent)
        body = provider.message(order, paid=True)
        assert told(body, site_pay.signature("demo", body)) == 204
    assert Case.objects.get(pk=case.pk).close_reason == "SETTLED"
    home = visitor.get("/")
    assert "You owe nothing" in home
    assert "/paper/" in home
    code = Certificate.objects.latest("pk").code
    assert code in visitor.get("/paper/")
    stranger = Visitor()
    assert "It is real" in stranger.post("/paper/check/", code=code)
    assert "no such paper" in stranger.post("/paper/check/", code=code[:-1])
    Certificate.objects.update(void_on=AS_OF)
    assert "no longer holds" in stranger.post("/paper/check/", code=code)


MEANS = {"income_WAGE": "9000", "out_HOUSING": "1800", "out_FOOD": "1500", "place": "上海", "adults": "1", "children": "0",
         "hardship": "0", "pay_day": "10"}  # fmt: skip


def test_a_plan_goes_from_income_to_consent_paper_and_calendar(case: Case, visitor: Visitor) -> None:
    mine = planning.late_loan()[0]
    visitor = Visitor().come_in(mine)
    page = visitor.post("/budget/", **MEANS | {"income_WAGE": "40000"})
    asked = offers.ask(mine, planning.late_loan()[1], Role.COLLECTOR, AS_OF)
    shown = set(re.findall(r'name="option" value="([^"]+)"', page))
    assert shown == {f"{o.code}/{o.months}" for o in asked.found.offers}
    free = next(o for o in asked.found.offers if not o.approvers and o.payments)
    page = visitor.post("/budget/options/", account=planning.late_loan()[1].pk, option=f"{free.code}/{free.months}")
    plan = Plan.objects.latest("pk")
    assert "tick the box first" in visitor.post(f"/budget/{plan.pk}/")
    assert "The plan runs" in visitor.post(f"/budget/{plan.pk}/", agree="1")
    plan.refresh_from_db()
    assert (plan.state, plan.consent_how) == (PlanState.PERFORMING, Consent.PORTAL)
    assert plan.consent_words == "I have read this and I agree to pay this way."
    assert plan.text_sha256
    paper = visitor.client.get(f"/budget/{plan.pk}/paper/en/")
    assert paper.content.startswith(b"%PDF")
    days = visitor.client.get(f"/budget/{plan.pk}/days/")
    events = list(Calendar.from_ical(days.content).walk("VEVENT"))
    assert [e.decoded("dtstart") for e in events] == [p.due_on for p in plan.payments.order_by("number")]
    assert {str(e["summary"]) for e in events} == {"Customer service"}
    assert b"amount" not in days.content.lower()
    assert "Your next payment" in visitor.get("/")


def test_what_is_beyond_a_collector_waits_for_a_person(case: Case, visitor: Visitor) -> None:
    mine, account = planning.late_loan()
    visitor = Visitor().come_in(mine)
    visitor.post("/budget/", **MEANS)
    asked = offers.ask(mine, account, Role.COLLECTOR, AS_OF)
    beyond = next((o for o in asked.found.offers if o.approvers), None)
    assert beyond is not None
    page = visitor.post("/budget/options/", account=account.pk, option=f"{beyond.code}/{beyond.months}")
    assert "A person is looking at it" in page
    assert Approval.objects.get().state == Approval.PENDING
    from fairdue.store.actions import approvals

    lead = cast.user(cast.LEAD) if "LEAD" in Approval.objects.get().roles else cast.user(cast.FINANCE)
    approvals.decide(lead, Approval.objects.get().pk, grant=True, reason="fits")
    task = Task.objects.get(kind="ANSWER")
    assert task.owner == mine.owner  # not the login of the site, which nobody uses


def test_what_is_not_offered_cannot_be_chosen(case: Case, visitor: Visitor) -> None:
    account = case.customer.accounts.first()
    assert account is not None
    page = visitor.post("/budget/options/", account=account.pk, option="gift/1")
    assert 'role="alert"' in page
    assert not Plan.objects.exists()


def test_all_data_can_be_taken_away(case: Case, visitor: Visitor) -> None:
    visitor.post("/day/", amount="1", on="2026-10-02")
    answer = visitor.client.post("/data/file/")
    pack = zipfile.ZipFile(io.BytesIO(answer.content))
    found = json.loads(pack.read("my-data.json"))
    assert found["person"]["id_number"] == "310101199003078515"
    assert len(found["promises"]) == 1
    assert {row["account"] for row in found["ledger"]} == {a.account_no for a in case.customer.accounts.all()}
    assert len(found["decisions"]) == case.decisions.count()
    readable = pack.read("my-data.html").decode()
    assert case.customer.accounts.all()[0].account_no in readable
    assert "attachment" in answer.headers["Content-Disposition"]
