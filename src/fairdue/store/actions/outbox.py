"""Messages enter the outbox here: the guard's verdict, the place in the ledger, the row and its audit in one transaction."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import Q

from fairdue.connectors.configured import Sender
from fairdue.core.codes import NO, UNKNOWN, YES, Channel, Mode, Party, Role
from fairdue.core.errors import Fault, Lang
from fairdue.rules.frames import THIRD
from fairdue.rules.letters import load_letters
from fairdue.store import access, audit, clock, decide
from fairdue.store import message_words as wording
from fairdue.store.access import NotYours
from fairdue.store.actions import approvals, attempts
from fairdue.store.actions.contacts import Proposed
from fairdue.store.message_words import Words
from fairdue.store.models import Attempt, Case, Letter, Link, Message, Person, Point, User
from fairdue.store.seal import sealer
from fairdue.store.silence import why_silent
from fairdue.wording.finding import Finding, Verdict

APPROVAL = "message"
ENCLOSING = "letter-enclosed"  # the words that go with a letter, and with nothing else
WAY_OUT = re.compile(r"\b(?:reply|text)\s+(?:STOP|T|TD|N)\b|退订|unsubscribe", re.IGNORECASE)
RELEASERS = (Role.LEAD, Role.COMPLIANCE)


class KeyTaken(Fault):
    """One key, one message."""

    code = "message.key-taken"
    en, en_remedy = "The key '{key}' stands for another message.", "Use a new key for every new message."
    zh, zh_remedy = "键“{key}”已用于另一条消息。", "每条新消息请使用新的键。"


class MayNotBeSaid(Fault):
    """The wording check blocks it: nobody can release it."""

    code = "message.blocked"
    en = "These words may not be sent: {codes} ({spans})."
    en_remedy = "Write it otherwise: {better}"
    zh = "该内容不得发送：{codes}（{spans}）。"
    zh_remedy = "请改写：{better}"


class NothingToSay(Fault):
    """An empty message."""

    code = "message.empty"
    en, en_remedy = "The message has no words.", "Choose an approved message or write one."
    zh, zh_remedy = "消息内容为空。", "请选择已批准的消息，或填写内容。"


class NoAddress(Fault):
    """Nothing to send it to."""

    code = "message.no-address"
    en, en_remedy = "A {channel} needs a number or address.", "Choose one of the person's."
    zh, zh_remedy = "发送{channel_zh}需要号码或地址。", "请选择该人员的号码或地址。"


class ReasonNeeded(Fault):
    """Every step has a reason."""

    code = "message.reason-needed"
    en, en_remedy = "Say why.", "A few words that somebody else would understand."
    zh, zh_remedy = "请填写原因。", "请简要说明，便于他人理解。"


@dataclass(frozen=True)
class Wanted:
    """A message somebody wants sent. Text without a frame leaves only after a second person has released it."""

    channel: int
    point: Point | None
    words: Words
    key: str
    reason: str = ""
    purpose: int | None = None  # None: what the frame is for
    wait: bool = True  # refused now but lawful later: leave then; False: be refused
    letter: Letter | None = None  # what goes with it


@dataclass(frozen=True)
class Refusal:
    """It may not be sent: by the guard (with its decision), or because nobody should write now."""

    why: str  # GUARD, or the code of a silence
    decision_id: int = 0
    next_lawful: int = UNKNOWN


@transaction.atomic
def queue(
    case: Case, *, party: int = Party.BORROWER, point: Point | None = None, channel: int, frame: str,
    slots: Mapping[str, str] | None = None, key: str, actor: User, reason: str = "", lang: Lang | None = None,
    wait: bool = True,
) -> Message | Refusal:  # fmt: skip
    """Write an approved message into the outbox, inside the caller's transaction. See `put`."""
    words = Words(frame, slots or {}, "", lang or wording.language(case.customer), party)
    return put(actor, case, Wanted(channel, point, words, key, reason, None, wait))


@transaction.atomic
def put(user: User, case: Case, wanted: Wanted) -> Message | Refusal:
    """Judge, reserve and write: all or nothing. The same key again gives the same message.

    Raises `NotYours` (a number of somebody else), `FrameUnknown`, `MissingFact`, `MayNotBeSaid`, `NoSender`, `KeyTaken`,
    `NothingToSay`, `NoAddress`.
    """
    person = whom(case, wanted.point, wanted.channel)
    _is(case, person, wanted.words.party)
    if wanted.words.frame == ENCLOSING and wanted.letter is None:
        raise wording.FrameUnknown(frame=ENCLOSING)
    attempts.lock(case.customer_id, person.pk, wanted.point.pk if wanted.point else None)
    known = Message.objects.filter(lender=case.lender_id, key=wanted.key).first()
    if known is not None:
        return _the_same(known, case, wanted)
    wanted = replace(wanted, words=replace(wanted.words, reader=person.pk))
    made = _judged(user, case, wanted)
    silent = why_silent(case, person, wanted.point, wanted.channel, made.purpose)
    if silent is not None:
        audit.write(user.username, "message.refuse", "case", case.pk, why=silent.code, frame=wanted.words.frame)
        return Refusal(silent.code)
    return _write(user, case, person, wanted, made)


def whom(case: Case, point: Point | None, channel: int) -> Person:
    """Whom the message reaches: the owner of the number, who belongs to the case. Raises `NotYours`, `NoAddress`."""
    if point is None:
        if channel != Channel.APP:
            raise NoAddress(channel=Channel(channel).en, channel_zh=Channel(channel).zh)
        return case.customer
    theirs = Q(person_id=case.customer_id) | Q(person__linked_to__customer_id=case.customer_id)
    if not Point.objects.filter(theirs, pk=point.pk).exists():
        raise NotYours
    return point.person


def _is(case: Case, person: Person, party: int) -> None:
    """Nobody becomes the borrower, or a guarantor, by being written to as one. Raises `NotYours`."""
    own = person.pk == case.customer_id
    if own != (party == Party.BORROWER) or not (
        own or Link.objects.filter(customer=case.customer_id, person=person, party=party).exists()
    ):
        raise NotYours


@dataclass(frozen=True)
class Judged:
    """A message that may be said, and by whom it goes."""

    text: str
    purpose: int
    sender: Sender
    finding: Finding
    version: int = 0

    @property
    def held(self) -> bool:
        """A second person looks at it before it leaves."""
        return not self.version or self.finding.verdict is not Verdict.PASS


def _judged(user: User, case: Case, wanted: Wanted) -> Judged:
    words = wanted.words
    frame = wording.find_frame(words.frame, words.party, wanted.channel) if words.frame else None
    text = wording.put_together(case, user, words)
    if not text:
        raise NothingToSay
    finding = wording.judged(case, user, words, text)
    if finding.verdict is Verdict.BLOCK:
        raise may_not_be_said(finding)
    purpose = wording.purpose_of(frame, case) if wanted.purpose is None else wanted.purpose
    sender = wording.senders().of(case.lender.code, Channel(wanted.channel))
    return Judged(text, int(purpose), sender, finding, frame.version if frame else 0)


def may_not_be_said(finding: Finding) -> MayNotBeSaid:
    """The fault that names what is wrong with the words."""
    spans = "、".join(dict.fromkeys(span.text for span in finding.spans if span.verdict is Verdict.BLOCK))
    return MayNotBeSaid(codes=", ".join(finding.codes), spans=spans, better=finding.better or "—")


def _the_same(known: Message, case: Case, wanted: Wanted) -> Message:
    point = wanted.point.pk if wanted.point else None
    if (known.case_id, known.channel, known.frame, known.point_id) != (
        case.pk, wanted.channel, wanted.words.frame, point,
    ):  # fmt: skip
        raise KeyTaken(key=wanted.key)
    return known


def _write(user: User, case: Case, person: Person, wanted: Wanted, made: Judged) -> Message | Refusal:
    now = clock.now_minute()
    asked = proposed(wanted, made.purpose, way_out(made.text, made.sender))
    decision, attempt = attempts.take(user, decide.about_contact(case, asked, user, now))
    if attempt is None and (not wanted.wait or decision.next_lawful < 0):
        return Refusal("GUARD", decision.pk, decision.next_lawful)
    if attempt is not None and made.held:  # nothing leaves before it is released: the place is given back
        give_back(attempt)
        attempt = None
    message = Message.objects.create(
        lender=case.lender, case=case, person=person, point=wanted.point, party=wanted.words.party,
        channel=wanted.channel, purpose=made.purpose, actor=user, frame=wanted.words.frame, frame_version=made.version,
        lang=wanted.words.lang, sender=made.sender.code, key=wanted.key, provider_key=secrets.token_hex(16),
        given_sealed=sealer().seal(json.dumps(dict(wanted.words.given), ensure_ascii=False)),
        text_sealed=sealer().seal(made.text), letter=wanted.letter, reason=wanted.reason.strip()[:300], queued_at=now,
        state=Message.HELD if made.held else Message.QUEUED, why=_why(made), decision=decision, attempt=attempt,
        not_before=now if decision.allowed else decision.next_lawful, expires_at=_useful_until(now, made, decision),
    )  # fmt: skip
    audit.write(
        user.username, "message.queue", "message", message.pk, reason=wanted.reason, case=case.pk, state=message.state,
        channel=Channel(wanted.channel).name, frame=wanted.words.frame, sha256=sha256(made.text),
    )  # fmt: skip
    if made.held:
        ask_release(message)
    return message


def ask_release(message: Message) -> None:
    """A second person is asked to read it before it leaves."""
    approvals.ask(APPROVAL, message.pk, message.case, RELEASERS, message.actor, message.reason)


def _why(made: Judged) -> str:
    if not made.held:
        return ""
    return "FREE_TEXT" if not made.version else "WORDING"


def _useful_until(now: int, made: Judged, decision: object) -> int:
    start = max(now, getattr(decision, "next_lawful", UNKNOWN))
    return start + made.sender.max_age_hours * 60


def proposed(wanted: Wanted, purpose: int, offers_opt_out: int) -> Proposed:
    """The contact the guard is asked about."""
    point, party = wanted.point.pk if wanted.point else None, int(wanted.words.party)
    return _asked(int(wanted.channel), point, party, purpose, offers_opt_out, wanted.letter)


def contact(message: Message, offers_opt_out: int) -> Proposed:
    """The same for a message that is about to leave."""
    return _asked(message.channel, message.point_id, message.party, message.purpose, offers_opt_out, message.letter)


def _asked(
    channel: int, point: int | None, party: int, purpose: int, offers_opt_out: int, letter: Letter | None
) -> Proposed:  # fmt: skip
    complete = UNKNOWN if letter is None else YES if load_letters()[letter.kind].complete else NO
    return Proposed(channel, point, Mode.NOTIFY, party, purpose, letter_complete=complete, discloses=letter is not None,
                    offers_opt_out=offers_opt_out)  # fmt: skip


def way_out(text: str, sender: Sender | None) -> int:
    """Whether the message says how to hear no more: in its words, or in its head where it is a mail."""
    in_head = sender is not None and any(sender.settings.get(name) for name in ("unsubscribe", "one_click"))
    return YES if in_head or WAY_OUT.search(text) else NO


def give_back(attempt: Attempt) -> None:
    """The place in the ledger is free again; under the lock."""
    attempt.state = Attempt.RELEASED
    attempt.save(update_fields=["state"])


def sha256(text: str) -> str:
    """The words, as the audit chain knows them."""
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def send(user: User, case_id: int, wanted: Wanted) -> Message | Refusal:
    """The desk's own door: only who works the case writes to its people. Raises as `put`, and `NotYours`, `ReasonNeeded`."""
    case = access.get_case(user, case_id)
    if not access.may_contact(user, case):
        raise NotYours
    if not wanted.words.frame and not wanted.reason.strip():
        raise ReasonNeeded
    if not wanted.words.frame and wanted.words.party in THIRD:  # to third persons only what was approved beforehand
        raise wording.FrameUnknown(frame="—")
    return put(user, case, wanted)


@transaction.atomic
def cancel(user: User, message_id: int, reason: str) -> Message:
    """Take a message back that has not left. Raises `NotYours`, `ReasonNeeded`, `TooLate`."""
    message = locked(access.get_message(user, message_id))
    if not reason.strip():
        raise ReasonNeeded
    if message.state not in Message.WAITING:
        raise TooLate
    end(message, Message.CANCELLED, "BY_HAND", user.username, reason)
    return message


class TooLate(Fault):
    """It has left, or it has ended."""

    code = "message.too-late"
    en, en_remedy = "This message cannot be changed any more.", "Look at its state."
    zh, zh_remedy = "该消息已不能再更改。", "请查看其状态。"


def locked(message: Message) -> Message:
    """The message as it is, with everybody it concerns held: whatever moves a message holds them."""
    attempts.lock(message.case.customer_id, message.person_id, message.point_id)
    return Message.objects.select_related(
        "case__lender", "case__customer", "person", "point", "actor", "letter__file"
    ).get(pk=message.pk)


def end(message: Message, state: str, why: str, by: str, reason: str = "") -> None:
    """It will not leave: the place it held is given back, nobody is asked to release it; under the lock."""
    if message.attempt is not None and message.attempt.state == Attempt.RESERVED:
        give_back(message.attempt)
    if message.state == Message.HELD:
        approvals.withdraw(APPROVAL, message.pk, by)
    message.state, message.why = state, why
    message.save(update_fields=["state", "why"])
    audit.write(by, f"message.{state.lower()}", "message", message.pk, reason=reason, case=message.case_id, why=why)


def cancel_waiting(person: Person, channel: int | None, why: str, by: str) -> int:
    """Take back everything that waits to go to somebody, under the lock the caller holds. How many."""
    waiting = Message.objects.filter(person=person, state__in=Message.WAITING).select_related("attempt")
    rows = list(waiting if channel is None else waiting.filter(channel=channel))
    for message in rows:
        end(message, Message.CANCELLED, why, by)
    return len(rows)


@transaction.atomic
def release(message_id: int, user: User) -> Message:
    """A second person has read it: it may leave, and everything else is asked again when it does."""
    message = locked(Message.objects.select_related("case").get(pk=message_id))
    if message.state == Message.HELD:
        now = clock.now_minute()
        message.state, message.why = Message.QUEUED, ""
        message.released_sha256 = sha256(text_of(message))
        sender = wording.senders().by_code(message.sender)
        message.expires_at = now + (sender.max_age_hours if sender else 24) * 60
        message.save(update_fields=["state", "why", "expires_at", "released_sha256"])
        audit.write(user.username, "message.release", "message", message.pk, case=message.case_id)
    return message


def words_of(message: Message) -> Words:
    """What is to be said, as it was asked for."""
    given = json.loads(sealer().open(bytes(message.given_sealed))) if message.given_sealed else {}
    text = "" if message.frame else text_of(message)
    lang: Lang = "en" if message.lang == "en" else "zh"
    return Words(message.frame, given, text, lang, message.party, message.person_id)


def text_of(message: Message) -> str:
    """The words as they were last put together; empty when they were erased."""
    return sealer().open(bytes(message.text_sealed)) if message.text_sealed else ""


__all__ = [
    "KeyTaken", "MayNotBeSaid", "NoAddress", "NothingToSay", "ReasonNeeded", "Refusal", "TooLate", "Wanted",
    "cancel", "cancel_waiting", "put", "queue", "release", "send",
]  # fmt: skip
