"""A letter that goes by e-mail: its sealed bytes leave through the outbox, with words that say nothing of a debt."""

from __future__ import annotations

from fairdue.core.codes import Channel, Party, Purpose
from fairdue.core.errors import Lang
from fairdue.rules.letters import LetterKind
from fairdue.store.actions import outbox
from fairdue.store.actions.contacts import QuietNow, Refusal
from fairdue.store.message_words import Words
from fairdue.store.models import Letter, Message, User
from fairdue.store.silence import REASONS


def by_mail(letter: Letter) -> bool:
    """Whether it goes by e-mail."""
    return letter.point is not None and letter.point.channel == Channel.EMAIL


def queue(user: User, letter: Letter, kind: LetterKind) -> Refusal | None:
    """Put a letter into the outbox, in the transaction that issues it. None: it is there, and leaves when it may.

    Raises `QuietNow` and what `outbox.put` raises.
    """
    lang: Lang = "en" if letter.lang == "en" else "zh"
    purpose = Purpose.SERVICE if kind.settled else kind.purpose
    wanted = outbox.Wanted(
        Channel.EMAIL, letter.point, Words(outbox.ENCLOSING, {}, "", lang, Party(letter.party)),
        f"letter-{letter.pk}-{letter.mails.count()}", kind.title["en"], int(purpose), letter=letter,
    )  # fmt: skip
    made = outbox.put(letter.case.owner or user, letter.case, wanted)
    if isinstance(made, Message):
        return None
    if made.why in REASONS:
        raise QuietNow(why=REASONS[made.why].en, why_zh=REASONS[made.why].zh)
    return Refusal(made.decision_id, made.next_lawful)


def waits(letter: Letter) -> bool:
    """Whether a mail with it is on its way, or nobody knows."""
    return letter.mails.filter(state__in=(*Message.WAITING, Message.LEAVING, Message.UNKNOWN)).exists()
