"""Mails that come in: bounces, receipts, machines, people; whatever somebody sends, it is read or left, and never breaks."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

import mails as made
from fairdue.connectors.smtp.boxes import NoMails, mails
from fairdue.connectors.smtp.reading import LARGEST, Meaning, read

KEY = "0123456789abcdef" * 2
OURS = made.OURS


@pytest.mark.parametrize("form", [made.EXIM, made.POSTFIX_HEAD_ONLY])
@pytest.mark.parametrize(("status", "action", "kind", "bad", "rests"), [
    ("5.1.1", "failed", "FAILED", True, False), ("5.2.2", "failed", "FAILED", False, True),
    ("5.7.1", "failed", "FAILED", False, False), ("4.4.7", "failed", "FAILED", False, True),
    ("4.4.1", "delayed", "DELAYED", False, False), ("2.0.0", "delivered", "DELIVERED", False, False),
])  # fmt: skip
def test_a_bounce_says_what_became_of_the_message_and_of_the_address(
    form: str, status: str, action: str, kind: str, bad: bool, rests: bool
) -> None:
    found = read(made.bounce(KEY, status, form=form, action=action), OURS)
    assert found.meaning is Meaning.BOUNCE
    assert found.report is not None
    assert (found.report.kind, found.report.key, found.report.code) == (kind, KEY, status)
    assert (found.report.bad_address, found.report.rests) == (bad, rests)


def test_a_post_office_that_keeps_to_no_standard_is_read_by_its_words() -> None:
    report = read(made.bounce(KEY, "5.1.1", form=made.QMAIL_WORDS), OURS).report
    assert report is not None
    assert (report.kind, report.key, report.bad_address) == ("FAILED", KEY, True)


def test_a_bounce_of_no_message_of_ours_condemns_no_address() -> None:
    raw = made.bounce(KEY, "5.1.1").replace(b"@example.com", b"@elsewhere.org")
    assert read(raw, OURS).report is None


def test_only_what_was_displayed_was_read() -> None:
    kinds = [read(made.receipt(KEY, what), OURS).report for what in ("displayed", "deleted")]
    assert [one.kind for one in kinds if one] == ["READ", "HANDLED"]


def test_an_answer_nobody_has_written_is_no_answer_even_where_it_says_stop() -> None:
    found = read(made.away(KEY), OURS)
    assert (found.meaning, found.incoming) == (Meaning.AUTO, None)


def test_what_a_person_writes_is_read_without_what_they_quote() -> None:
    for html in (False, True):
        said = read(made.answer("我下周还。", key=KEY, html=html), OURS).incoming
        assert said is not None
        assert (said.text, said.answers, said.proven) == ("我下周还。", KEY, True)
    stranger = read(made.answer("Who are you?"), OURS).incoming
    assert stranger is not None
    assert (stranger.answers, stranger.proven) == ("", False)


def test_the_way_out_we_offer_works_also_when_a_program_uses_it() -> None:
    said = read(made.unsubscribe(KEY), OURS).incoming
    assert said is not None
    assert said.stops
    assert said.answers == KEY


def nested(depth: int) -> bytes:
    inner = b"Content-Type: text/plain\n\nhello"
    for number in range(depth):
        inner = b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n%s\n--b%d--\n" % (number, number, inner, number)
    return b"From: a@example.net\nIn-Reply-To: <%s@example.com>\n" % KEY.encode() + inner


HOSTILE = {
    "nested": nested(400), "parts": b"From: a@b.c\nContent-Type: multipart/mixed; boundary=x\n\n" + b"--x\n\nhi\n" * 60_000,
    "huge": made.answer("STOP", key=KEY) + b"x" * (2 * LARGEST), "empty": b"", "zeros": b"\0" * 5_000,
    "charset": b"From: a@example.net\nContent-Type: text/plain; charset=no-such\n\n\xff\xfe\xe9",
    "halves": b"From: a@example.net\nContent-Type: text/plain; charset=utf-7\n\n+2AA-",
    "subject": b"From: a@example.net\nSubject: =?no-such?B?////?= =?utf-8?Q?=FF?=\nIn-Reply-To: <x\n\nhi",
    "base64": b"From: a@example.net\nContent-Transfer-Encoding: base64\nContent-Type: text/plain\n\n!!!!===",
    "html": b"From: a@example.net\nContent-Type: text/html\n\n" + b"<![" + b"<div>" * 50_000,
    "endless": b"From: a@example.net\n\n" + b"On " + b"w" * 500_000,
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_mail_is_read_or_left_quickly(name: str) -> None:
    begun = time.process_time()
    found = read(HOSTILE[name], OURS)
    assert time.process_time() - begun < 5
    if found.incoming is not None:
        assert len(found.incoming.text.encode()) <= 80_000


def test_mails_damaged_anywhere_never_raise() -> None:
    rng = random.Random(7)
    good = [made.bounce(KEY, "5.1.1"), made.receipt(KEY), made.away(KEY), made.answer("你好 STOP", key=KEY)]
    good += [
        made.unsubscribe(KEY),
        made.answer("你好", html=True),
        made.bounce(KEY, "5.1.1", form=made.POSTFIX_HEAD_ONLY),
    ]
    for _ in range(400):
        raw = bytearray(rng.choice(good))
        for _ in range(rng.randrange(1, 12)):
            at = rng.randrange(len(raw))
            raw[at : at + rng.randrange(9)] = rng.randbytes(rng.randrange(6))
        read(bytes(raw), OURS)


def test_mails_are_found_in_a_maildir_an_mbox_and_single_files(tmp_path: Path) -> None:
    import mailbox

    maildir = mailbox.Maildir(tmp_path / "maildir", create=True)
    box = mailbox.mbox(tmp_path / "box.mbox")
    for number in "12":
        maildir.add(made.answer("a", number=number))
        box.add(made.answer("b", number=number))
    box.close()
    single = tmp_path / "single"
    single.mkdir()
    (single / "one.eml").write_bytes(made.answer("c"))
    (single / "picture.png").write_bytes(b"\x89PNG")
    counts = [len(list(mails(tmp_path / name))) for name in ("maildir", "box.mbox", "single")]
    assert counts == [2, 2, 1]
    (tmp_path / "nothing").mkdir()
    with pytest.raises(NoMails):
        list(mails(tmp_path / "nothing"))
