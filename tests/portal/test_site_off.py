"""No more messages by one click: what a mail program posts, and what a person sees who opens the link."""

from __future__ import annotations

from fairdue.core.codes import Channel
from fairdue.store import clock
from fairdue.store.models import Case, Message, OptOut
from visiting import Visitor


def message(case: Case) -> Message:
    assert case.owner is not None
    return Message.objects.create(
        lender=case.lender, case=case, person=case.customer, party=0, channel=Channel.EMAIL, purpose=0, actor=case.owner,
        lang="zh", sender="mail", key="k", provider_key="ab" * 16, state="LEFT", queued_at=0, not_before=0,
        expires_at=clock.now_minute(),
    )  # fmt: skip


def test_one_click_stops_the_channel_and_opening_the_link_does_not(case: Case) -> None:
    one, visitor = message(case), Visitor(csrf=True)
    address = f"/off/{one.provider_key}/"
    assert "No more messages" in visitor.get(address)
    assert not OptOut.objects.exists()
    for _ in range(2):
        answer = visitor.client.post(address, {"List-Unsubscribe": "One-Click"})
        assert (answer.status_code, "It has stopped" in answer.content.decode()) == (200, True)
    stopped = OptOut.objects.get()
    assert (stopped.person, stopped.channel, stopped.via) == (case.customer, Channel.EMAIL, "LINK")
    assert visitor.client.post(f"/off/{'0' * 32}/").status_code == 404


def test_the_page_says_nothing_of_anybody(case: Case) -> None:
    page = Visitor("zh-hans").get(f"/off/{message(case).provider_key}/")
    assert not any(
        word in page for word in ("欠", "还款", "逾期", "贷", case.lender.name_zh, case.customer.name_masked)
    )
