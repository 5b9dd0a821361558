"""Writing to a borrower on the desk: approved words, own words, refusals, opt-outs, the outbox, and what providers tell."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import reverse

import cast
from fairdue.connectors import http_signed
from fairdue.jobs.sending import Worker
from fairdue.store import clock
from fairdue.store.models import Case, Message, OptOut, Point, Reply, Task
from person import Person
from worlds import World

THREAT = "再不还钱就把你抓起来，去你家闹，让你全家不得安宁。"
HARMLESS = "您好，您要的材料我们今天寄出，请留意查收。"
HONEST = {"frame": "overdue-reminder", "lang": "zh"}


def mine() -> tuple[Person, Case, Point]:
    case = cast.case_of(cast.COLLECTOR)
    return Person(cast.COLLECTOR), case, case.customer.points.get()


def send(who: Person, case: Case, point: Point, **said: str) -> str:
    return who.post(reverse("message-send", args=[case.pk]), point=point.pk, key="k", **said)


def test_an_approved_message_is_shown_filled_and_sent(desk: World) -> None:
    who, case, point = mine()
    page = who.get(reverse("messages", args=[case.pk]), frame="overdue-reminder")
    assert "已过还款日" in page
    assert "400-000-0000" in page
    assert "is in the outbox" in send(who, case, point, **HONEST)
    Worker().run(once=True)
    assert "Delivered" in who.get(reverse("outbox"))
    assert "已过还款日" in who.get(reverse("phone"))


def test_at_night_the_page_says_why_and_from_when(desk: World) -> None:
    who, case, _ = mine()
    clock.set_demo(cast.at(23))
    page = who.get(reverse("messages", args=[case.pk]), frame="overdue-reminder")
    assert "Lawful again from" in page
    assert "08:30" in page
    assert "Send when it is lawful" in page


def test_the_same_form_sent_twice_is_one_message(desk: World) -> None:
    who, case, point = mine()
    for _ in range(2):
        send(who, case, point, **HONEST)
    assert Message.objects.count() == 1


def test_own_words_wait_for_the_lead_who_sees_them(desk: World) -> None:
    who, case, point = mine()
    assert "asked to release" in send(who, case, point, frame="-", text=HARMLESS, reason="asked by phone", lang="zh")
    lead = Person(cast.LEAD)
    assert HARMLESS in lead.get(reverse("approvals"))
    Worker().run(once=True)
    assert Message.objects.get().state == "HELD"


def test_a_threat_is_named_while_it_is_typed_and_cannot_be_sent(desk: World) -> None:
    who, case, point = mine()
    part = who.post(reverse("message-check", args=[case.pk]), text=THREAT, lang="zh")
    assert "cannot be sent" in part
    assert "may not be sent" in send(who, case, point, frame="-", text=THREAT, reason="angry", lang="zh")
    assert not Message.objects.exists()


def test_a_message_is_taken_back_with_a_reason(desk: World) -> None:
    who, case, point = mine()
    send(who, case, point, **HONEST)
    act = reverse("message-act", args=[Message.objects.get().pk])
    assert "Say why" in who.post(act, do="cancel", reason="")
    who.post(act, do="cancel", reason="wrong day")
    assert Message.objects.get().state == "CANCELLED"


def test_a_stop_on_the_demo_phone_acts_at_once(desk: World) -> None:
    who, case, point = mine()
    send(who, case, point, **HONEST)
    Worker().run(once=True)
    who.post(reverse("phone-answer"), key=Message.objects.get().provider_key, text="退订")
    Worker().run(once=True)
    assert OptOut.objects.get().person == case.customer
    assert "wants no more messages" in who.get(reverse("messages", args=[case.pk]))
    who.post(reverse("message-send", args=[case.pk]), point=point.pk, key="k2", **HONEST)
    assert Message.objects.count() == 1


def test_other_words_become_a_task_of_the_owner(desk: World) -> None:
    who, case, point = mine()
    send(who, case, point, **HONEST)
    Worker().run(once=True)
    who.post(reverse("phone-answer"), key=Message.objects.get().provider_key, text="我下周发工资再还，可以吗？")
    Worker().run(once=True)
    assert Task.objects.get(kind="READ_REPLY").owner == who.user
    assert "我下周发工资" in who.get(reverse("messages", args=[case.pk]))


def test_a_colleague_cannot_write_in_my_case(desk: World) -> None:
    _, case, point = mine()
    other = Person(cast.COLLEAGUE)
    assert other.status(reverse("messages", args=[case.pk])) == 404
    assert other.status(reverse("message-send", args=[case.pk]), post=True, point=point.pk, key="k", **HONEST) == 404


SENDERS = """
facts: {hotline: 400-123-4567}
senders:
  - code: gate
    connector: http_signed
    channels: [SMS]
    settings: {url: 'http://127.0.0.1:9/'}
    secrets: {secret: GATE_SECRET, callback: GATE_CALLBACK}
"""


DOOR, WORD = "door", "word"


def told(body: bytes, token: str = DOOR, secret: str = WORD, at: int | None = None) -> int:
    moment = str(int(clock.wall().timestamp()) if at is None else at)
    headers = {"X-Fairdue-Time": moment, "X-Fairdue-Signature": http_signed.signature(secret, moment, "n", body)}
    path = reverse("told", args=["gate", token])
    answer = Client(enforce_csrf_checks=True).post(
        path, body, content_type="application/json", headers=headers | {"Idempotency-Key": "n"}
    )
    return answer.status_code


def test_what_a_gateway_tells_is_believed_when_it_is_signed(desk: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATE_SECRET", "word")
    monkeypatch.setenv("GATE_CALLBACK", "door")
    (desk.home / "senders.yaml").write_text(SENDERS, "utf-8")
    who, case, point = mine()
    send(who, case, point, **HONEST)
    message = Message.objects.get()
    Message.objects.update(state="LEFT", left_at=clock.now_minute())
    body = json.dumps({"reports": [{"kind": "FAILED", "key": message.provider_key, "code": "NO", "bad_address": True}],
                       "replies": [{"from": "123", "text": "T", "ref": "r1"}]}).encode()  # fmt: skip
    assert [told(body, token="wrong"), told(body, secret="forged"), told(body, at=1)] == [422] * 3
    assert Message.objects.get().state == "LEFT"
    assert [told(body), told(body)] == [200, 200]
    point.refresh_from_db()
    assert (Message.objects.get().state, point.status) == ("FAILED", 2)
    assert Reply.objects.get().meaning == "STOP"
    assert Task.objects.get(kind="READ_REPLY").owner is None, "nobody knows whose number it is: a person looks"


def test_an_answer_may_quote_what_was_done_and_is_looked_at_while_it_is_typed(desk: World) -> None:
    who, case, _ = mine()
    address = reverse("message-check", args=[case.pk])
    quoting = who.post(address, reason="您反映催收员说过“再不还钱就把你抓起来”，经查属实，我们向您道歉。", lang="zh")
    assert "Look at these words." in quoting
    assert "cannot be sent" not in quoting
    assert "cannot be sent" in who.post(address, text=THREAT, lang="zh")
