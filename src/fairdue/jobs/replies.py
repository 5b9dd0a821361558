"""Reads mails that came in out of a folder: bounces, receipts, answers. Read twice, or cut off and read again, it is the same."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from fairdue.connectors.configured import Sender
from fairdue.connectors.smtp.boxes import mails
from fairdue.connectors.smtp.reading import read
from fairdue.core.codes import Channel
from fairdue.core.errors import Fault
from fairdue.jobs.progress import Report, silent
from fairdue.store import message_words as wording
from fairdue.store.actions import heard_back
from fairdue.store.models import MessageEvent, Organisation, Reply

CONNECTOR = "smtp"


class WhichSender(Fault):
    """The mails are answers to one sender's."""

    code = "replies.which-sender"
    en, en_remedy = "'{code}' is no sender of e-mail.", "Name one of these: {known}."
    zh, zh_remedy = "“{code}”不是邮件发送通道。", "请指定其一：{known}。"


@dataclass(frozen=True)
class Imported:
    """What was in the folder: mails by what they mean, and how many told something new."""

    read: int
    meanings: dict[str, int]
    new: int


def sender_of(code: str | None) -> Sender:
    """The sender of that code, or the only one that sends e-mail. Raises `WhichSender`."""
    fitting = [one for one in wording.senders().senders if one.connector == CONNECTOR]
    found = [one for one in fitting if code in (None, one.code)]
    if len(found) != 1:
        raise WhichSender(code=code or "—", known=", ".join(one.code for one in fitting) or "—")
    return found[0]


def import_folder(lender: Organisation, sender: Sender, folder: Path, report: Report = silent) -> Imported:
    """Take in every mail of a folder, one after another, each in a transaction of its own. Raises `NoMails`."""
    meanings: Counter[str] = Counter()
    ours, before = sender.known(Path(settings.HOME)).need("from"), _known(sender)
    for number, (_, raw) in enumerate(mails(folder), 1):
        found = read(raw, ours)
        meanings[found.meaning] += 1
        reports, said = [found.report] if found.report else [], [found.incoming] if found.incoming else []
        heard_back.take_in(lender, sender.code, reports, said, channel=Channel.EMAIL)
        report("read", number, None)
    return Imported(
        sum(meanings.values()), {str(key): n for key, n in sorted(meanings.items())}, _known(sender) - before
    )


def _known(sender: Sender) -> int:
    replies = Reply.objects.filter(sender=sender.code).count()
    return replies + MessageEvent.objects.filter(message__sender=sender.code).count()
