from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.urls import reverse

import books
import cast
from fairdue.core.codes import Channel, GuaranteeKind, Party, PointSource, PointStatus, Purpose
from fairdue.store import audit
from fairdue.store.access import NotYours
from fairdue.store.actions import approvals, contacts, people
from fairdue.store.actions.contacts import Proposed, Refusal, Reservation
from fairdue.store.actions.people import NewPerson, NewPoint
from fairdue.store.models import Approval, Attempt, Case, Decision, LegalClock, Link, LinkEvidence, Point
from fairdue.store.seal import sealer
from person import Person as Browser
from worlds import World

CONTRACT = int(PointSource.CONTRACT)
DAY = 24 * 60


def person(case: Case, party: Party, number: str = "13900001111") -> tuple[Link, Point]:
    """Somebody linked to the case's debt, with a telephone."""
    me = cast.user(cast.COLLECTOR)
    link = people.add_person(me, case.pk, NewPerson("李四", party, CONTRACT, "借款合同第 3 页"))
    return link, people.add_point(
        me, case.pk, link.person_id, NewPoint(Channel.CALL, number, CONTRACT, "借款合同第 3 页")
    )


def asked(case: Case, point: Point, party: Party, purpose: Purpose = Purpose.COLLECT) -> Reservation | Refusal:
    """The guard's answer to a call."""
    wanted = Proposed(Channel.CALL, point.pk, party=party, purpose=purpose)
    return contacts.reserve(cast.user(cast.COLLECTOR), case.pk, wanted)


def rules(answer: Reservation | Refusal) -> set[str]:
    assert isinstance(answer, Refusal)
    return {one["rule"] for one in json.loads(Decision.objects.get(pk=answer.decision_id).verdict)}


def established(link: Link, fact: str, value: object) -> None:
    """A fact recorded by the collector and agreed to by the officer where that is needed."""
    made = people.establish(cast.user(cast.COLLECTOR), link.pk, fact, value, "合同附件，档案室 A-12")
    if not made.holds:
        waiting = Approval.objects.get(kind="people", subject_id=made.pk)
        approvals.decide(cast.user(cast.OFFICER), waiting.pk, grant=True)


def test_a_joint_guarantor_may_be_called_within_the_period_and_only_with_evidence(both: World) -> None:
    case = cast.case_of(cast.COLLECTOR)
    link, point = person(case, Party.GUARANTOR)
    assert rules(asked(case, point, Party.GUARANTOR))
    for fact, value in (
        ("liable", True), ("guarantee_kind", int(GuaranteeKind.JOINT)), ("guarantee_until", books.AS_OF + timedelta(days=20)),
    ):  # fmt: skip
        established(link, fact, value)
    answer = asked(case, point, Party.GUARANTOR)
    assert isinstance(answer, Reservation)
    contacts.release(cast.user(cast.COLLECTOR), answer.attempt_id)
    established(link, "guarantee_until", books.AS_OF - timedelta(days=1))
    assert any("GUAR" in rule for rule in rules(asked(case, point, Party.GUARANTOR)))
    assert audit.verify() is None


def test_what_opens_something_waits_for_a_second_person_and_what_forbids_holds_at_once(desk: World) -> None:
    case = cast.case_of(cast.COLLECTOR)
    link, _ = person(case, Party.SPOUSE)
    me = cast.user(cast.COLLECTOR)
    made = people.establish(me, link.pk, "liable", True, "夫妻共同签字的借款合同")
    assert not made.holds
    assert Link.objects.get(pk=link.pk).liable is None
    waiting = Approval.objects.get(kind="people")
    approvals.decide(cast.user(cast.LEAD), waiting.pk, grant=True)
    assert Link.objects.get(pk=link.pk).liable is True
    assert people.establish(me, link.pk, "liable", False, "判决书").holds
    assert Link.objects.get(pk=link.pk).liable is False


def test_a_refused_fact_does_not_hold_and_stays_on_record(desk: World) -> None:
    case = cast.case_of(cast.COLLECTOR)
    link, _ = person(case, Party.HEIR)
    made = people.establish(cast.user(cast.COLLECTOR), link.pk, "willing_to_repay", True, "电话中表示")
    approvals.decide(cast.user(cast.LEAD), Approval.objects.get(kind="people").pk, grant=False, reason="没有书面材料")
    assert not LinkEvidence.objects.get(pk=made.pk).holds
    assert Link.objects.get(pk=link.pk).willing_to_repay is False


def test_nothing_is_established_without_evidence_or_about_the_wrong_person(desk: World) -> None:
    case = cast.case_of(cast.COLLECTOR)
    link, _ = person(case, Party.CONTACT)
    me = cast.user(cast.COLLECTOR)
    with pytest.raises(people.EvidenceNeeded):
        people.establish(me, link.pk, "alive", False, " ")
    for fact, value in (("liable", True), ("guarantee_kind", 1), ("alive", "yes"), ("nonsense", True)):
        with pytest.raises(people.NotAFact):
            people.establish(me, link.pk, fact, value, "证明")
    with pytest.raises(NotYours):
        people.establish(cast.user(cast.STRANGER), link.pk, "alive", False, "证明")


def test_a_number_needs_a_lawful_source_and_a_basis(desk: World) -> None:
    case = cast.case_of(cast.COLLECTOR)
    me = cast.user(cast.COLLECTOR)
    for source in (PointSource.OTHER, PointSource.INVENTED, 99):
        with pytest.raises(people.NotKnownWhence):
            people.add_point(me, case.pk, case.customer_id, NewPoint(Channel.CALL, "13900001111", source, "网上查到"))
    with pytest.raises(people.EvidenceNeeded):
        people.add_point(me, case.pk, case.customer_id, NewPoint(Channel.CALL, "13900001111", CONTRACT, ""))
    with pytest.raises(people.NotANumber):
        people.add_point(me, case.pk, case.customer_id, NewPoint(Channel.CALL, "12345", CONTRACT, "合同"))
    made = people.add_point(
        me, case.pk, case.customer_id, NewPoint(Channel.CALL, "+86 139-0000-1111", CONTRACT, "合同")
    )
    assert sealer().open(bytes(made.value_sealed)) == "13900001111"
    with pytest.raises(people.AlreadyThere):
        people.add_point(
            me, case.pk, case.customer_id, NewPoint(Channel.CALL, "１３９００００１１１１", CONTRACT, "合同")
        )


def test_what_a_contact_person_tells_is_a_number_of_the_borrower_and_of_nobody_else(desk: World) -> None:
    case = cast.case_of(cast.COLLECTOR)
    link, _ = person(case, Party.CONTACT)
    told = NewPoint(Channel.CALL, "13900002222", int(PointSource.DISCLOSED_BY_CONTACT), "联系人告知")
    with pytest.raises(people.NotKnownWhence):
        people.add_point(cast.user(cast.COLLECTOR), case.pk, link.person_id, told)
    assert people.add_point(cast.user(cast.COLLECTOR), case.pk, case.customer_id, told).person_id == case.customer_id


def test_nobody_becomes_the_borrower_by_being_called_so(both: World) -> None:
    case = cast.case_of(cast.COLLECTOR)
    _, point = person(case, Party.CONTACT)
    with pytest.raises(NotYours):
        asked(case, point, Party.BORROWER)
    strange = Point.objects.exclude(person=case.customer_id).exclude(pk=point.pk).filter(channel=Channel.CALL)[0]
    with pytest.raises(NotYours):
        asked(case, strange, Party.BORROWER)
    assert not Attempt.objects.filter(case=case, state="RESERVED").exists()


def test_one_number_of_two_people_is_one_number(both: World) -> None:
    case = cast.case_of(cast.COLLECTOR)
    _, first = person(case, Party.GUARANTOR, "13900003333")
    _, second = person(case, Party.CONTACT, "13900003333")
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.number == second.number == first.pk


def test_while_a_contact_person_is_called_nothing_of_the_debt_is_on_the_screen(desk: World) -> None:
    case = cast.case_of(cast.COLLECTOR)
    _, point = person(case, Party.CONTACT)
    Point.objects.filter(person_id=case.customer_id).update(status=PointStatus.INVALID)
    answer = asked(case, point, Party.CONTACT, Purpose.RESTORE_CONTACT)
    assert isinstance(answer, Reservation)
    browser = Browser(cast.COLLECTOR)
    page = browser.get(reverse("case", args=[case.pk]))
    amount = f"{case.balance // 100:,}"
    assert "13900001111" in page
    assert amount not in page
    words = ("overdue", "past due", "Balance", ">M1<", ">M2<", "逾期", "欠款")
    assert [word for word in words if word in page] == []
    gone = browser.post(reverse("record", args=[case.pk, answer.attempt_id]), outcome="TPC_REFUSE_CONTACT", then="stay")
    assert "Recorded" in gone
    assert Link.objects.get(customer=case.customer_id, party=Party.CONTACT).refused_on == books.AS_OF
    assert rules(asked(case, point, Party.CONTACT, Purpose.RESTORE_CONTACT)), "never again"


def test_the_page_of_people_shows_what_is_established_and_what_may_be_asked(desk: World) -> None:
    case = cast.case_of(cast.COLLECTOR)
    link, _ = person(case, Party.GUARANTOR)
    browser = Browser(cast.COLLECTOR)
    page = browser.post(
        reverse("fact-establish", args=[case.pk, link.pk]), fact="guarantee_until", value="2026-12-31", evidence="保证合同第二条",
    )  # fmt: skip
    assert "It holds once a second person has agreed." in page
    assert "2026-12-31" in page
    assert "waits for a second person" in page
    wrong = browser.post(
        reverse("fact-establish", args=[case.pk, link.pk]), fact="liable_up_to", value="many", evidence="x"
    )
    assert "Recorded" not in wrong
    assert not LinkEvidence.objects.filter(fact="liable_up_to").exists()


def test_the_clock_of_a_guarantee_runs_as_soon_as_the_guarantor_is_known(both: World) -> None:
    case = cast.case_of(cast.COLLECTOR)
    link, _ = person(case, Party.GUARANTOR)
    assert LegalClock.objects.filter(account__customer=case.customer_id, person=link.person_id).exists()


def test_a_general_guarantor_is_asked_once_an_exception_of_art_687_is_evidenced_and_agreed_to(both: World) -> None:
    case = cast.case_of(cast.COLLECTOR)
    link, point = person(case, Party.GUARANTOR)
    for fact, value in (
        ("liable", True), ("guarantee_kind", int(GuaranteeKind.GENERAL)), ("guarantee_until", books.AS_OF + timedelta(days=20)),
        ("enforcement_failed", False), ("recourse_waived", False),
    ):  # fmt: skip
        established(link, fact, value)
    assert "CN-GUAR-01" in rules(asked(case, point, Party.GUARANTOR))
    made = people.establish(
        cast.user(cast.COLLECTOR), link.pk, "recourse_waived", True, "保证人书面放弃先诉抗辩权，卷宗 B-7"
    )
    assert not made.holds
    assert "CN-GUAR-01" in rules(asked(case, point, Party.GUARANTOR))
    approvals.decide(cast.user(cast.OFFICER), Approval.objects.get(kind="people", subject_id=made.pk).pk, grant=True)
    answer = asked(case, point, Party.GUARANTOR)
    assert isinstance(answer, Reservation), rules(answer)
