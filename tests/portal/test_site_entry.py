"""Coming in: one link, two facts, once; the same answer whatever was wrong; each try waits longer."""

from __future__ import annotations

import re
import time

import pytest

import cast
from fairdue.core.codes import PointStatus
from fairdue.store import clock
from fairdue.store.access import NotYours
from fairdue.store.actions import invitations, outbox, site_entry, site_invite
from fairdue.store.models import AuditRow, Case, Invitation, Message, SiteTry, Task
from fairdue.web.portal.views import entry
from visiting import Visitor, facts, invited, known
from worlds import World

WRONG = {"id_tail": "000000", "phone_tail": "0000"}


def body(answer: object) -> str:
    """A page without what differs from one visit to the next."""
    return re.sub(r'value="[\w]{20,}"', "", answer.content.decode())  # type: ignore[attr-defined]


def test_a_link_and_two_facts_lead_in_once(case: Case) -> None:
    made = invited(case)
    visitor = Visitor()
    assert "Please show that it is you" in visitor.open(made).content.decode()
    assert visitor.tell(facts(case)).status_code == 302
    assert "What you owe now" in visitor.get("/")
    again = Visitor()
    again.open(made)
    assert again.tell(facts(case)).status_code == 422


def test_a_code_leads_in_however_it_is_typed(case: Case) -> None:
    made = invited(case)
    visitor = Visitor()
    visitor.post("/code/", code=f" {made.spoken.lower()} ")
    assert visitor.tell(facts(case)).status_code == 302


def test_neither_link_nor_code_is_kept(case: Case) -> None:
    made = invited(case)
    visitor = Visitor()
    visitor.open(made)
    kept = (
        str(list(Invitation.objects.values()))
        + str(dict(visitor.client.session))
        + str(list(AuditRow.objects.values()))
    )
    assert made.link not in kept
    assert made.code not in kept


def test_nothing_is_said_before(case: Case) -> None:
    visitor = Visitor()
    page = visitor.open(invited(case)).content.decode()
    for word in (
        case.customer.ref,
        case.lender.name_en,
        case.customer.name_masked,
        "owe",
        "debt",
        "loan",
        "overdue",
        "pay ",
    ):
        assert word not in page.lower() or word == ""
    assert "<title>Customer service</title>" in page


def test_the_answer_is_the_same_for_an_unknown_a_used_an_old_a_withdrawn_link_and_a_wrong_fact(case: Case) -> None:
    answers = []
    for spoil in ("unknown", "used", "old", "ended", "wrong"):
        made = invited(case)
        visitor, said = Visitor(), facts(case)
        visitor.client.get(f"/i/{'0' * 32 if spoil == 'unknown' else made.link}/")
        mine = Invitation.objects.filter(pk=made.invitation.pk)
        if spoil == "used":
            mine.update(used_at=1)
        elif spoil == "old":
            mine.update(expires_at=clock.now_minute())
        elif spoil == "ended":
            mine.update(ended_at=1)
        elif spoil == "wrong":
            said = WRONG
        answer = visitor.tell(said)
        answers.append((answer.status_code, body(answer)))
        SiteTry.objects.all().delete()
    assert len(set(answers)) == 1
    assert answers[0][0] == 422


@pytest.mark.parametrize("part", ["id_tail", "phone_tail"])
def test_each_fact_alone_is_not_enough(case: Case, part: str) -> None:
    visitor = Visitor()
    visitor.open(invited(case))
    assert visitor.tell(facts(case) | {part: ""}).status_code == 422
    SiteTry.objects.all().delete()
    assert visitor.tell(facts(case) | {part: "9" * len(facts(case)[part])}).status_code == 422


def test_a_person_without_an_identity_number_is_not_invited(case: Case) -> None:
    with pytest.raises(invitations.NothingToAsk):
        invitations.invite(cast.user(cast.COLLECTOR), case.pk)


def test_tries_wait_longer_and_longer_and_then_the_link_is_dead(case: Case) -> None:
    made = invited(case)
    visitor, waits = Visitor(), []
    visitor.open(made)
    for _ in range(site_entry.LINK_TRIES):
        assert visitor.tell(WRONG).status_code == 422
        row = SiteTry.objects.get(key=invitations.hashed_code(f"link {site_entry.Presented.of(made.link).code}"))
        waits.append(max(0, row.wait_until - int(time.time())))  # noqa: TID251 - the site counts by the machine's clock
        if row.wait_until:
            refused = visitor.tell(facts(case))
            assert refused.status_code == 429
            assert int(refused.headers["Retry-After"]) > 0
        SiteTry.objects.update(wait_until=0)
    assert waits[:2] == [0, 0]
    assert 0 < waits[2] <= 2 < waits[4] <= 8
    assert visitor.tell(facts(case)).status_code == 422  # now it is dead, also for the right facts
    task = Task.objects.get(kind="TELL")
    assert task.owner == case.owner
    assert Invitation.objects.get().ended_why == "LOCKED"


def test_an_unknown_link_waits_as_long_as_a_known_one(case: Case) -> None:
    visitor = Visitor()
    visitor.client.get(f"/i/{'1' * 32}/")
    assert [visitor.tell(WRONG).status_code for _ in range(4)] == [422, 422, 422, 429]


def test_an_address_and_everybody_wait_too(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site_entry, "FREE", {"link": 99, "address": 2, "all": 99})
    tries = []
    for number in range(4):
        visitor = Visitor()
        visitor.client.get(f"/i/{number:032}/")
        tries.append(visitor.tell(WRONG).status_code)
    assert tries == [422, 422, 422, 429]
    SiteTry.objects.all().delete()
    monkeypatch.setattr(site_entry, "FREE", {"link": 99, "address": 99, "all": 2})
    found = [
        site_entry.enter(site_entry.Presented.of(str(n)), site_entry.Facts("1", "2"), f"10.0.0.{n}") for n in range(4)
    ]
    assert [one.answer.value for one in found] == ["no", "no", "no", "wait"]


def test_not_me_ends_the_link_and_the_number_rests(case: Case) -> None:
    person = known(case)
    point = person.points.order_by("pk").first()
    made = invitations.invite(cast.user(cast.COLLECTOR), case.pk, point)
    visitor = Visitor()
    visitor.open(made)
    assert "This link is now closed" in visitor.post("/not-me/")
    assert point is not None
    point.refresh_from_db()
    assert point.status == PointStatus.WRONG
    assert Task.objects.get(kind="TELL").case == case
    again = Visitor()
    again.open(made)
    assert again.tell(facts(case)).status_code == 422


def test_a_visit_begins_under_a_new_session(case: Case) -> None:
    visitor = Visitor()
    visitor.open(invited(case))
    before = visitor.client.session.session_key
    visitor.tell(facts(case))
    assert visitor.client.session.session_key != before


def test_a_visit_ends(case: Case) -> None:
    visitor = Visitor().come_in(case)
    visitor.post("/leave/")
    assert visitor.client.get("/account/").status_code == 302
    visitor = Visitor().come_in(case)
    session = visitor.client.session
    session["since"] -= 5 * 60 * 60
    session.save()
    assert visitor.client.get("/account/").status_code == 302


def test_an_erased_person_is_out(case: Case) -> None:
    visitor = Visitor().come_in(case)
    type(case.customer).objects.filter(pk=case.customer_id).update(erased_on=case.opened_on)
    assert visitor.client.get("/account/").status_code == 302


def test_every_answer_takes_the_same_time(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry, "FLOOR", 0.25)
    took = {}
    for kind in ("known", "unknown"):
        visitor = Visitor()
        visitor.client.get(f"/i/{invited(case).link if kind == 'known' else '2' * 32}/")
        begun = time.monotonic()
        visitor.tell(WRONG)
        took[kind] = time.monotonic() - begun
    assert min(took.values()) >= 0.25
    assert abs(took["known"] - took["unknown"]) < 0.05


def test_a_new_invitation_ends_the_one_before(case: Case, desk: World) -> None:
    first = invited(case)
    invited(case)
    visitor = Visitor()
    visitor.open(first)
    assert visitor.tell(facts(case)).status_code == 422


def test_who_does_not_work_the_case_cannot_invite(case: Case) -> None:
    known(case)
    for username in (cast.COLLEAGUE, cast.OFFICER, cast.STRANGER):
        with pytest.raises(NotYours):
            invitations.invite(cast.user(username), case.pk)


def test_a_link_that_is_sent_waits_in_the_outbox_and_leads_in(case: Case) -> None:
    point = known(case).points.order_by("pk").first()
    assert point is not None
    made, told = site_invite.send(cast.user(cast.COLLECTOR), case.pk, point.pk)
    assert isinstance(told, Message)
    text = outbox.text_of(told)
    assert f"/i/{made.link}/" in text
    for word in ("欠", "逾期", "还款", "债"):
        assert word not in text
    assert made.invitation.point == point
    visitor = Visitor()
    found = re.search(r"/i/[0-9a-f]{32}/", text)
    assert found is not None
    visitor.client.get(found[0])
    assert visitor.tell(facts(case)).status_code == 302


def test_a_link_goes_to_the_persons_own_numbers_only(case: Case) -> None:
    known(case)
    other = cast.case_of(cast.COLLEAGUE).customer.points.first()
    assert other is not None
    with pytest.raises(NotYours):
        site_invite.send(cast.user(cast.COLLECTOR), case.pk, other.pk)
    assert not Invitation.objects.exists()
