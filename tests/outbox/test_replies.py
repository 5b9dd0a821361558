"""What comes back by e-mail becomes facts of the message, the address and the person; read again it changes nothing."""

from __future__ import annotations

import json
import random
import signal
import time
from pathlib import Path

import pytest

import imap_server
import mail_server as post
import mails
from fairdue.core.codes import Channel, PointStatus
from fairdue.jobs import replies as job
from fairdue.jobs.sending import Worker
from fairdue.store import audit
from fairdue.store.actions import heard_back, outbox
from fairdue.store.models import AuditRow, Message, MessageEvent, OptOut, Reply, Task
from fairdue.store.seal import sealer
from sending import cases, lender, queue, queued, states, worked_book, write_senders
from worlds import BOTH, World, Worlds, opened

SENDERS = """
facts: {{hotline: 400-123-4567}}
senders:
  - code: mail
    connector: smtp
    channels: [EMAIL]
    per_minute: 60000
    settings: {{host: 127.0.0.1, port: '{port}', security: none, from: bank@example.com, bounces: bounces@example.com,
               replies: replies@example.com, unsubscribe: stop@example.com, one_click: 'https://kf.example.com'{more}}}
    secrets: {{inbox_password: MAIL_INBOX_PASSWORD}}
"""
both = pytest.mark.parametrize("vendor", BOTH)


def sent(world: World, file: Path, count: int, more: str = "") -> list[Message]:
    """Mails that have left, to a real server."""
    with post.mailbox(file) as port:
        write_senders(world.home, SENDERS.format(port=port, more=more))
        made = [queued(case, Channel.EMAIL) for case in cases()[:count]]
        Worker().run(once=True)
    return [Message.objects.get(pk=one.pk) for one in made]


def folder(at: Path, *raw: bytes) -> Path:
    at.mkdir()
    for number, one in enumerate(raw):
        (at / f"{number:03}.eml").write_bytes(one)
    return at


def status(message: Message) -> PointStatus:
    message.refresh_from_db()
    assert message.point is not None
    message.point.refresh_from_db()
    return PointStatus(message.point.status)


@both
def test_bounces_receipts_and_answers_become_facts_once(worlds: Worlds, vendor: str, tmp_path: Path) -> None:
    with opened(worlds, vendor, worked_book) as world:
        gone, full, read, away, stops, writes = sent(world, tmp_path / "in", 6)
        here = folder(
            tmp_path / "back", mails.bounce(gone.provider_key, "5.1.1"),
            mails.bounce(full.provider_key, "5.2.2", form=mails.POSTFIX_HEAD_ONLY),
            mails.bounce(writes.provider_key, "4.4.1", action="delayed"), mails.receipt(read.provider_key),
            mails.away(away.provider_key), mails.answer("STOP", key=stops.provider_key, number="2"),
            mails.answer("我下周发工资后还，可以吗？", key=writes.provider_key, number="3"), b"\0\0not a mail\0",
        )  # fmt: skip
        first = json.loads(world.fairdue("replies", "import", here, "--json"))
        assert first == {
            "read": 8,
            "meanings": {"AUTO": 1, "BOUNCE": 3, "OTHER": 1, "RECEIPT": 1, "WORDS": 2},
            "new": 7,
        }
        assert [status(one) for one in (gone, full, read)] == [
            PointStatus.INVALID,
            PointStatus.COOLING,
            PointStatus.GOOD,
        ]
        assert [one.state for one in (gone, full, read, away, stops, writes)] == ["FAILED"] * 2 + ["READ"] + [
            "LEFT"
        ] * 3
        assert gone.attempt is not None
        assert gone.attempt.outcome == "EMAIL_BOUNCED"
        assert OptOut.objects.get().person == stops.person
        refused = queue(stops.case, Channel.EMAIL, key="again")
        assert isinstance(refused, outbox.Refusal)
        task, reply = Task.objects.get(kind="READ_REPLY"), Reply.objects.get(case=writes.case)
        assert (task.case, task.owner) == (writes.case, writes.case.owner)
        assert sealer().open(bytes(reply.text_sealed)) == "我下周发工资后还，可以吗？"
        rows = AuditRow.objects.count()
        again = json.loads(world.fairdue("replies", "import", here, "--json"))
        assert (again["read"], again["new"], AuditRow.objects.count()) == (8, 0, rows)
        assert audit.verify() is None


@both
def test_a_reader_killed_anywhere_and_started_again_has_read_everything_once(
    worlds: Worlds, vendor: str, tmp_path: Path
) -> None:
    with opened(worlds, vendor, worked_book) as world:
        out = sent(world, tmp_path / "in", 8)
        raw = [mails.bounce(one.provider_key, "5.1.1") for one in out[:4]]
        raw += [mails.answer("不要再给我发邮件。", key=one.provider_key, number=f"{one.pk}") for one in out[4:]]
        raw += [mails.answer(f"words {n}", number=f"w{n}", who=f"b{out[0].person_id}@example.com") for n in range(30)]
        here, rng, killed = folder(tmp_path / "back", *raw), random.Random(3), 0
        for _ in range(3):
            seen, process = Reply.objects.count() + MessageEvent.objects.count(), world.start("outbox.reader", here)
            until = time.monotonic() + 20
            while Reply.objects.count() + MessageEvent.objects.count() == seen and time.monotonic() < until:
                time.sleep(0.005)
            time.sleep(rng.random() * 0.05)
            process.kill()
            killed += process.wait() == -signal.SIGKILL
            process.communicate()
        assert killed >= 2
        world.child("outbox.reader", here)
        assert states() == {"FAILED": 4, "LEFT": 4}
        assert (Reply.objects.count(), OptOut.objects.count()) == (34, 4)
        assert Task.objects.filter(kind="READ_REPLY").count() == 34, "a wish in words is read by a person as well"
        assert MessageEvent.objects.filter(kind="FAILED").count() == 4
        assert audit.verify() is None


def test_a_mail_shows_both_ways_out_and_bounces_come_back_by_an_address_nobody_guesses(
    worlds: Worlds, tmp_path: Path
) -> None:
    with opened(worlds, "sqlite", worked_book) as world:
        (one,) = sent(world, tmp_path / "in", 1)
        key, mail = one.provider_key, post.last(tmp_path / "in")
        ways = [f"<https://kf.example.com/off/{key}/>", f"<mailto:stop@example.com?subject=TD%20{key}>"]
        assert mail["List-Unsubscribe"].split() == [f"{ways[0]},", ways[1]]
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert mail["Reply-To"] == f"replies+{key}@example.com"
        assert mail["X-Mail-From"] == f"bounces+{key}@example.com"


def test_nobody_signs_somebody_up_again_by_a_forged_address(worlds: Worlds, tmp_path: Path) -> None:
    with opened(worlds, "sqlite", worked_book) as world:
        (one,) = sent(world, tmp_path / "in", 1)
        heard_back.opt_out(one.person, Channel.EMAIL, "DESK", "test")
        forged = mails.answer("START", who=f"b{one.person_id}@example.com", number="f")
        job.import_folder(lender(), job.sender_of(None), folder(tmp_path / "a", forged))
        assert OptOut.objects.get().ended_at == -1
        meant = mails.answer("START", key=one.provider_key, number="m")
        job.import_folder(lender(), job.sender_of(None), folder(tmp_path / "b", meant))
        assert OptOut.objects.get().ended_at > 0


def test_the_worker_reads_the_senders_maildir_by_itself(worlds: Worlds, tmp_path: Path) -> None:
    with opened(worlds, "sqlite", worked_book) as world:
        box = tmp_path / "Maildir"
        (one,) = sent(world, tmp_path / "in", 1, f", inbox_dir: {box}")
        (box / "new" / "1.host").write_bytes(mails.bounce(one.provider_key, "5.1.1"))
        assert Worker().run(once=True).heard == 1
        assert status(one) is PointStatus.INVALID
        assert [path.name for path in (box / "cur").iterdir()] == ["1.host:2,S"]
        assert Worker().run(once=True).heard == 0


@pytest.mark.slow  # needs dovecot, which `make test` installs
def test_the_worker_reads_a_mailbox_on_a_server(
    worlds: Worlds, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(worlds, "sqlite", worked_book) as world, imap_server.server() as imap:
        monkeypatch.setenv("MAIL_INBOX_PASSWORD", imap.password)
        more = f", inbox: 127.0.0.1, inbox_port: '{imap.port}', inbox_security: none, inbox_user: {imap.user}"
        (one,) = sent(world, tmp_path / "in", 1, more)
        imap.put(mails.bounce(one.provider_key, "5.1.1"), mails.answer("STOP", key=one.provider_key))
        assert Worker().run(once=True).heard == 2
        assert status(one) is PointStatus.INVALID
        assert OptOut.objects.get().person == one.person
        assert imap.unread() == 0
        assert Worker().run(once=True).heard == 0


def test_what_nobody_we_know_has_written_is_read_by_a_lead(worlds: Worlds, tmp_path: Path) -> None:
    with opened(worlds, "sqlite", worked_book) as world:
        sent(world, tmp_path / "in", 1)
        stranger = mails.answer("你们是谁？", who="nobody@elsewhere.org")
        job.import_folder(lender(), job.sender_of(None), folder(tmp_path / "a", stranger))
        task = Task.objects.get(kind="READ_REPLY")
        assert (task.case, task.owner) == (None, None)
