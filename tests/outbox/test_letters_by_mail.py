"""A letter by e-mail: its sealed bytes leave under every check, and it is delivered only where a receipt proves it in law."""

from __future__ import annotations

from email import message_from_bytes
from email.header import decode_header, make_header
from pathlib import Path

import pytest

import cast
import lettering
import mail_server as post
import mails
from books import AS_OF
from fairdue.connectors.smtp.reading import read
from fairdue.core.codes import Channel, PointSource, PointStatus, Product
from fairdue.core.happened import Happened
from fairdue.jobs.sending import Worker
from fairdue.store import audit, clock, vault
from fairdue.store.actions import approvals, delivery, heard_back, letters, payments
from fairdue.store.actions.contacts import QuietNow, Refusal
from fairdue.store.actions.letters import Wanted
from fairdue.store.matching import Incoming
from fairdue.store.models import Approval, Attempt, Case, LegalEvent, Letter, Message, Point, Task
from fairdue.store.seal import sealer
from sending import write_senders
from worlds import BOTH, World, Worlds, opened

SENDERS = """
facts: {{hotline: 400-123-4567}}
senders:
  - code: mail
    connector: smtp
    channels: [EMAIL]
    per_minute: 60000
    settings: {{host: 127.0.0.1, port: '{port}', security: none, from: bank@example.com}}
"""
both = pytest.mark.parametrize("vendor", BOTH)


def mailed(case: Case) -> Point:
    address = f"b{case.customer_id}@example.com"
    return Point.objects.create(
        person=case.customer, channel=Channel.EMAIL, value_sealed=sealer().seal(address), value_masked="b***@example.com",
        value_index=sealer().index(address), source=PointSource.CONTRACT, reserved=True, kind=4,
    )  # fmt: skip


def written(place: int = 0) -> Letter:
    case = lettering.case(place)
    card = case.customer.accounts.filter(product=Product.CARD).exists()
    kind, typed = "cn/demand-card" if card else "cn/demand", {"deadline": lettering.DEADLINE}
    made = letters.write(cast.user(cast.COLLECTOR), case.pk, Wanted(kind, "zh", typed=typed, point_id=mailed(case).pk))
    for one in Approval.objects.filter(kind="letter", case=case):
        approvals.decide(cast.user(cast.LEAD), one.pk, grant=True)
    return made


def issued(place: int = 0) -> Letter:
    found = letters.issue(cast.user(cast.COLLECTOR), written(place).pk)
    assert isinstance(found, Letter), found
    return found


def sent(world: World, file: Path, *places: int) -> list[Letter]:
    with post.mailbox(file) as port:
        write_senders(world.home, SENDERS.format(port=port))
        found = [issued(place) for place in places]
        assert not Attempt.objects.filter(state="CONFIRMED", channel=Channel.EMAIL).exists(), "it counts when it leaves"
        Worker().run(once=True)
    return [Letter.objects.get(pk=one.pk) for one in found]


def heard(letter: Letter, *raw: bytes) -> Letter:
    for one in raw:
        report = read(one, mails.OURS).report
        assert report is not None
        heard_back.reported("mail", report)
    letter.refresh_from_db()
    return letter


def key(letter: Letter) -> str:
    return letter.mails.get().provider_key


@both
def test_the_sealed_bytes_leave_and_the_contact_is_counted_once(worlds: Worlds, vendor: str, tmp_path: Path) -> None:
    with opened(worlds, vendor, lettering.engage) as world:
        (letter,) = sent(world, tmp_path / "in", 0)
        mail = message_from_bytes((tmp_path / "in.last").read_bytes())
        enclosed = next(part for part in mail.walk() if part.get_content_type() == "application/pdf")
        assert letter.file is not None
        assert enclosed.get_payload(decode=True) == vault.read(letter.file)
        assert enclosed.get_filename() == f"{letter.number}.pdf"
        words = next(part for part in mail.walk() if part.get_content_type() == "text/plain").get_payload(decode=True)
        seen = str(make_header(decode_header(mail["Subject"]))) + bytes(words).decode()
        assert not any(word in seen for word in ("欠", "逾期", "还款", "催", "Payment reminder"))
        assert (letter.state, Attempt.objects.filter(channel=Channel.EMAIL, state="CONFIRMED").count()) == (
            "DISPATCHED",
            1,
        )
        assert letter.attempt == letter.mails.get().attempt
        assert audit.verify() is None


@both
def test_it_is_delivered_where_that_was_agreed_or_when_it_was_read(worlds: Worlds, vendor: str, tmp_path: Path) -> None:
    with opened(worlds, vendor, lettering.engage) as world:
        agreed, silent, reads, bounced = sent(world, tmp_path / "in", 0, 1, 2, 3)
        user = cast.user(cast.COLLECTOR)
        assert agreed.point_id is not None
        with pytest.raises(delivery.BasisNeeded):
            delivery.agree(user, agreed.case_id, agreed.point_id, AS_OF, " ")
        delivery.agree(user, agreed.case_id, agreed.point_id, AS_OF, "合同第十二条")
        arrived = [mails.bounce(key(one), "2.0.0", action="delivered") for one in (agreed, silent)]
        assert heard(agreed, arrived[0], arrived[0]).state == "DELIVERED"
        assert heard(silent, arrived[1]).state == "DISPATCHED", (
            "that it arrived proves nothing where nobody agreed to it"
        )
        assert heard(reads, mails.receipt(key(reads))).state == "DELIVERED"
        served = LegalEvent.objects.filter(evidence="letter", kind=Happened.DEMAND)
        assert set(served.values_list("evidence_id", flat=True)) == {agreed.pk, reads.pk}
        assert heard(bounced, mails.bounce(key(bounced), "5.2.2")).state == "RETURNED"
        assert Task.objects.filter(kind="LETTER_CAME_BACK", case=bounced.case).count() == 1
        assert bounced.point is not None
        bounced.point.refresh_from_db()
        assert bounced.point.status == PointStatus.COOLING
        assert audit.verify() is None


def test_what_was_paid_withdrawn_or_refused_meanwhile_does_not_leave(worlds: Worlds, tmp_path: Path) -> None:
    with opened(worlds, "sqlite", lettering.engage) as world, post.mailbox(tmp_path / "in") as port:
        write_senders(world.home, SENDERS.format(port=port))
        paid, withdrawn, asleep = (issued(place) for place in range(3))
        account = paid.accounts.order_by("pk")[0]
        payments.receive(
            "bank", paid.lender, Incoming("bank", 100, account.currency, AS_OF, "x", to=((account.account_no, 100),))
        )
        letters.withdraw(cast.user(cast.COLLECTOR), withdrawn.pk, "wrong kind")
        heard_back.opt_out(asleep.person, Channel.EMAIL, "DESK", "test")
        Worker().run(once=True)
        whys = {one.letter_id: (one.state, one.why) for one in Message.objects.all()}
        assert whys[paid.pk] == ("STOPPED", "PAYMENT_KNOWN")
        assert whys[withdrawn.pk] == ("STOPPED", "LETTER_GONE")
        assert whys[asleep.pk] == ("CANCELLED", "OPTED_OUT")
        assert post.arrived(tmp_path / "in") == []
        fourth = written(3)
        heard_back.opt_out(fourth.person, Channel.EMAIL, "DESK", "test")
        with pytest.raises(QuietNow):
            letters.issue(cast.user(cast.COLLECTOR), fourth.pk)


def test_at_night_it_is_issued_and_waits_for_the_morning(worlds: Worlds, tmp_path: Path) -> None:
    with opened(worlds, "sqlite", lettering.engage) as world, post.mailbox(tmp_path / "in") as port:
        write_senders(world.home, SENDERS.format(port=port))
        draft = written()
        clock.set_demo(cast.at(23))
        found = letters.issue(cast.user(cast.COLLECTOR), draft.pk)
        assert not isinstance(found, Refusal)
        Worker().run(once=True)
        assert post.arrived(tmp_path / "in") == []
        clock.set_demo(Message.objects.get().not_before)
        Worker().run(once=True)
        assert len(post.arrived(tmp_path / "in")) == 1
