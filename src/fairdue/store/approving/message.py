"""Words that are not an approved message, or that the wording check wants somebody to look at."""

from __future__ import annotations

from fairdue.core.codes import Channel, Party
from fairdue.store import audit
from fairdue.store import message_words as wording
from fairdue.store.actions import outbox
from fairdue.store.approving import Kind, Shown, Text
from fairdue.store.models import Approval, Message, User
from fairdue.wording.finding import Verdict


def _message(approval: Approval) -> Message:
    return Message.objects.select_related("case__lender", "case__customer", "person", "actor").get(
        pk=approval.subject_id
    )


def may(approval: Approval, user: User) -> Text:
    """Whoever wrote it may not release it; what the wording check blocks by now, nobody may."""
    message = _message(approval)
    if message.actor_id == user.pk:
        return {"zh": "须由他人放行", "en": "somebody else must release it"}
    finding = wording.judged(message.case, message.actor, outbox.words_of(message), outbox.text_of(message))
    if finding.verdict is Verdict.BLOCK:
        return {"zh": "措辞检查不允许发送", "en": "the wording check blocks it"}
    return {}


def show(approval: Approval, user: User) -> Shown:
    """The words, to whom, by what, and what the check found."""
    message = _message(approval)
    text = outbox.text_of(message)
    finding = wording.judged(message.case, message.actor, outbox.words_of(message), text)
    channel, party = Channel(message.channel), Party(message.party)
    found = "; ".join(f"{span.code} {span.text}" for span in finding.spans) or "—"
    lines: list[tuple[Text, str]] = [
        ({"zh": "收信人", "en": "To"}, message.person.name_masked or message.person.ref),
        ({"zh": "内容", "en": "Words"}, text),
        ({"zh": "措辞检查", "en": "Wording check"}, found),
    ]
    title: Text = {"zh": f"{channel.zh}：致{party.zh}", "en": f"{channel.en} to the {party.en.lower()}"}
    return Shown(title, tuple(lines), may(approval, user), ("case", message.case_id))


def granted(approval: Approval, user: User, _counts: bool) -> None:
    """It may leave."""
    outbox.release(approval.subject_id, user)


def refused(approval: Approval, user: User, reason: str) -> None:
    """It will not."""
    message = outbox.locked(_message(approval))
    if message.state == Message.HELD:
        message.state, message.why = Message.CANCELLED, "NOT_RELEASED"
        message.save(update_fields=["state", "why"])
        audit.write(user.username, "message.cancelled", "message", message.pk, reason=reason, why="NOT_RELEASED")


KIND = Kind("message", {"zh": "消息放行", "en": "Release of a message"}, show, may, granted, refused)
