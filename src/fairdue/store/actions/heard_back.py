"""What comes back: receipts become facts of the message and of the number; a STOP acts at once; other words get a reader."""

from __future__ import annotations

import re

from django.db import transaction

from fairdue.connectors import Incoming, Report
from fairdue.core.codes import Channel, Role
from fairdue.store import audit, clock, locks
from fairdue.store import message_words as wording
from fairdue.store.access import NotYours
from fairdue.store.actions import leaving, letter_receipts, outbox, tasks
from fairdue.store.models import Attempt, Case, Message, OptOut, Organisation, Person, Point, Reply
from fairdue.store.seal import sealer

STOP = re.compile(
    r"^\W*(stop(?:\s*all)?|unsubscribe|cancel|end|quit|opt[- ]?out|t|td"
    r"|退订|退訂|停止|不要再发(?:了)?|拒收|回T退订|取消订阅)\W*$",
    re.IGNORECASE,
)
START = re.compile(r"^\W*(start|unstop|subscribe|恢复|恢复接收|重新订阅)\W*$", re.IGNORECASE)
# Wishes to hear no more among other words, as people write them in mails: they bind, and a person reads the rest.
ASKS_TO_STOP = re.compile(
    r"\b(?:stop|quit|cease)\s+(?:e-?mailing|mailing|writing|sending|contacting|texting)\b|\bunsubscribe\s+me\b"
    r"|\b(?:do\s*n[o']?t|never)\s+(?:e-?mail|mail|write\s+to|text|send)\s+me\b|\b(?:remove|take)\s+me\s+(?:from|off)\b"
    r"|(?:不要|别|勿)再?(?:给我)?(?:发|寄)(?:送)?(?:邮件|短信|信息|消息)|(?:请|要求|申请)退订|停止(?:发送|给我发)",
    re.IGNORECASE,
)
TD_WITH_KEY = re.compile(r"^\s*TD\s+([0-9a-f]{32})\s*$", re.IGNORECASE)
RANK = {Message.LEFT: 0, Message.DELIVERED: 1, Message.READ: 2}
DELIVERED = {Channel.SMS: "SMS_DELIVERED", Channel.EMAIL: "EMAIL_SENT", Channel.APP: "APP_SENT"}
READ = {Channel.EMAIL: "EMAIL_OPENED", Channel.APP: "APP_READ"}


def meaning(text: str) -> str:
    """STOP, START, or WORDS: by the first line, which is all of a text message, or by a wish in plain words."""
    first, _, more = text.strip().partition("\n")
    if STOP.match(first) or TD_WITH_KEY.match(first) or ASKS_TO_STOP.search(text):
        return "STOP"
    return "START" if START.match(first) and not more.strip() else "WORDS"


def only_that(text: str) -> bool:
    """Whether it says to stop and nothing else that somebody should read."""
    return bool(STOP.match(text) or TD_WITH_KEY.match(text) or not text.strip())


@transaction.atomic
def reported(sender: str, report: Report) -> Message | None:
    """A receipt becomes a fact. None where no message of this sender is meant; the same receipt twice changes nothing."""
    found = Message.objects.select_related("case").filter(sender=sender)
    found = found.filter(provider_key=report.key) if report.key else found.filter(provider_ref=report.ref[:120])
    first = found.first() if report.key or report.ref else None
    if first is None:
        return None
    message = outbox.locked(first)
    if leaving.event(message, report.kind, report.code, sender):
        _becomes(message, report)
        audit.write(sender, "message.report", "message", message.pk, case=message.case_id, kind=report.kind,
                    code=report.code[:60])  # fmt: skip
    return message


def _becomes(message: Message, report: Report) -> None:
    now = clock.now_minute()
    if message.state in {Message.LEAVING, Message.UNKNOWN}:  # the receipt says it left
        tasks.end_about("worker", "message", message.pk, report.kind)
        message.state, message.left_at, message.lease_until = Message.LEFT, now, -1
    if report.cost is not None:
        message.cost = report.cost
    if report.kind == "FAILED" and message.state == Message.LEFT:
        message.state, message.why, message.detail = Message.FAILED, "NOT_DELIVERED", report.code[:300]
        _outcome(message, leaving.NOT_SENT)
        letter_receipts.came_back(message, report.code)
    elif RANK.get(report.kind, -1) > RANK.get(message.state, 9):
        message.state = report.kind
        _outcome(message, READ if report.kind == Message.READ else DELIVERED)
    if report.kind in RANK and message.delivered_at < 0:
        message.delivered_at = now
    if report.kind == Message.READ and message.read_at < 0:
        message.read_at = now
    message.save()
    if report.kind in RANK:
        letter_receipts.arrived(message, read=report.kind == Message.READ)
    if report.bad_address:
        leaving.bad_address(message)
    elif report.rests:
        leaving.resting_address(message)


def _outcome(message: Message, names: dict[Channel, str]) -> None:
    """The attempt's outcome says how far the message came; how it counts was settled when it left."""
    name = names.get(Channel(message.channel))
    if name and message.attempt_id:
        Attempt.objects.filter(pk=message.attempt_id).update(outcome=name)


@transaction.atomic
def replied(lender: Organisation, sender: str, channel: int, said: Incoming) -> Reply:
    """Somebody wrote to us. STOP binds from now and takes back what waits; other words become a contact and a task."""
    known = Reply.objects.filter(sender=sender, ref=said.ref).first()
    if known is not None:
        return known
    answers = _answered(sender, said)
    person = answers.person if answers else _owner(lender, channel, said.address)
    if person is not None:
        locks.lock_people([person.pk])
    case = _case(answers, person)
    meant = "STOP" if said.stops else meaning(said.text)
    if meant == "START" and not said.proven:  # only the mail itself says who wrote it: nobody is signed up by others
        meant = "WORDS"
    reply = Reply.objects.create(
        lender=lender, person=person, case=case, answers=answers, channel=channel, sender=sender, ref=said.ref[:120],
        text_sealed=sealer().seal(said.text[:4000]), meaning=meant, at=clock.now_minute(),
    )  # fmt: skip
    audit.write(sender, "message.reply", "reply", reply.pk, case=case.pk if case else None, meaning=meant)
    if meant == "STOP" and person is not None:
        opt_out(person, channel, "REPLY", sender)
        if not only_that(said.text):
            _for_a_reader(reply, case)
    elif meant == "START" and person is not None:
        opt_in(person, channel, sender)
    else:
        _for_a_reader(reply, case)
    return reply


def _answered(sender: str, said: Incoming) -> Message | None:
    in_text = TD_WITH_KEY.match(said.text)
    key = said.answers or (in_text[1].lower() if in_text else "")
    found = Message.objects.filter(sender=sender, provider_key=key) if key else Message.objects.none()
    return found.select_related("person", "case").first()


def _owner(lender: Organisation, channel: int, address: str) -> Person | None:
    """Whose number or address it is; somebody we wrote to before others who share it."""
    kind = Channel.CALL if channel == Channel.SMS else Channel(channel)
    same = Point.objects.filter(
        person__lender=lender, channel__in={kind, channel}, value_index__in=_spellings(address)
    ).select_related("person")
    last = Message.objects.filter(point__in=same, left_at__gte=0).order_by("-left_at").first()
    return last.person if last else (first.person if (first := same.order_by("pk").first()) else None)


def _spellings(address: str) -> list[str]:
    """How the address may stand in a book: with and without the country's code."""
    bare = address.removeprefix("+")
    forms = {address, address.lower(), bare, f"+{bare}", bare.removeprefix("86"), f"86{bare}", f"+86{bare}"}
    return [sealer().index(form) for form in forms if form]


def _case(answers: Message | None, person: Person | None) -> Case | None:
    if answers is not None:
        return answers.case
    if person is None:
        return None
    mine = Case.objects.filter(customer=person).order_by("closed_on", "-pk")
    return next((case for case in mine if case.closed_on is None), None) or mine.first()


def _for_a_reader(reply: Reply, case: Case | None) -> None:
    """The one who works the case reads it; where there is nobody, whoever of the leads takes it."""
    whom = tasks.Whom(owner=case.owner) if case and case.owner else tasks.Whom(role=int(Role.LEAD))
    tasks.open_task(
        reply.sender, reply.lender, "READ_REPLY", whom,
        due=tasks.Due(on=clock.business_date(reply.at, reply.lender.zone)), about=tasks.About(case, "reply", reply.pk),
    )  # fmt: skip


@transaction.atomic
def opt_out(person: Person, channel: int, via: str, by: str) -> int:
    """No more messages by this channel, from now on; what waits is taken back. How many were."""
    locks.lock_people([person.pk])
    _, new = OptOut.objects.get_or_create(
        person=person, channel=channel, ended_at=-1,
        defaults={"since": clock.now_minute(), "via": via, "recorded_by": by[:60]},
    )  # fmt: skip
    if new:
        audit.write(by, "message.opt-out", "person", person.pk, channel=Channel(channel).name, via=via)
    return outbox.cancel_waiting(person, channel, "OPTED_OUT", by)


def opt_out_by_key(key: str) -> None:
    """Who holds the message wants no more by its channel, by the link in it (RFC 8058). Raises `NotYours`."""
    message = Message.objects.select_related("person").filter(provider_key=key).first()
    if message is None:
        raise NotYours
    opt_out(message.person, message.channel, "LINK", "link")


@transaction.atomic
def opt_in(person: Person, channel: int, by: str) -> None:
    """The person wants messages again."""
    locks.lock_people([person.pk])
    OptOut.objects.filter(person=person, channel=channel, ended_at=-1).update(ended_at=clock.now_minute())
    audit.write(by, "message.opt-in", "person", person.pk, channel=Channel(channel).name)


def take_in(
    lender: Organisation, sender: str, reports: list[Report], replies: list[Incoming], channel: Channel | None = None
) -> int:
    """Everything a line brought; how many were meant for us."""
    found = wording.senders().by_code(sender)
    channel = channel if channel is not None else min(found.channels) if found and found.channels else Channel.SMS
    known = sum(reported(sender, report) is not None for report in reports)
    for said in replies:
        answered = _answered(sender, said)
        replied(answered.lender if answered else lender, sender, answered.channel if answered else channel, said)
    return known + len(replies)
