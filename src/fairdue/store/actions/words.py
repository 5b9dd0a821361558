"""The lender's own promises: made in a talk, owned by somebody, due at a time, kept or not (S16)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from fairdue.core.codes import Word
from fairdue.core.errors import Fault
from fairdue.store import access, audit, clock, decide
from fairdue.store.access import NotYours
from fairdue.store.models import Attempt, Case, OwnPromise, User

FARTHEST_DAYS = 90
LAST_MINUTE = 24 * 60 - 1


class WordIncomplete(Fault):
    """A promise of ours needs a kind and a day."""

    code = "word.incomplete"
    en = "A promise of ours needs what it is about and a day from {first} to {last}."
    en_remedy = "Enter both: what has no day is kept by nobody."
    zh, zh_remedy = "我方承诺须写明事项和 {first} 至 {last} 之间的日期。", "请补全：没有期限的承诺无人兑现。"


class WordDone(Fault):
    """It was done already, or it is kept by itself."""

    code = "word.done"
    en, en_remedy = "This promise is kept already, or keeps itself by the next call.", "Nothing needs to be done."
    zh, zh_remedy = "该承诺已兑现，或将由下一次联系自动兑现。", "无需操作。"


class HowWasItKept(Fault):
    """Done is only what somebody can read."""

    code = "word.how"
    en, en_remedy = "Say what was done.", "Write it in a few words: the borrower may ask."
    zh, zh_remedy = "请写明办理结果。", "简要说明即可：借款人可能会问起。"


@dataclass(frozen=True)
class Given:
    """What was promised to the borrower."""

    kind: int
    on: date
    text: str = ""


def give(case: Case, attempt: Attempt | None, user: User, given: Given, today: date) -> OwnPromise:
    """Keep a promise of ours, inside the caller's transaction; its owner is whoever gave it. Raises `WordIncomplete`."""
    last = today + timedelta(days=FARTHEST_DAYS)
    if not today <= given.on <= last:
        raise WordIncomplete(first=today, last=last)
    return OwnPromise.objects.create(
        case=case, attempt=attempt, kind=given.kind, text=given.text.strip()[:300], owner=user,
        made_at=clock.now_minute(), due_at=decide.day_start(given.on, case.lender.zone) - decide.MORNING + LAST_MINUTE,
    )  # fmt: skip


def kept_by_contact(attempt: Attempt) -> int:
    """A contact made is a call-back kept: every one that was open on the case is done by it, in time or late."""
    open_ones = OwnPromise.objects.filter(case_id=attempt.case_id, kind=Word.CALL_BACK, done_at__lt=0)
    return open_ones.exclude(attempt=attempt).update(done_at=attempt.at)


@transaction.atomic
def done(user: User, word_id: int, text: str) -> OwnPromise:
    """Say that a promise of ours is kept, and how. Raises `NotYours`, `WordDone`, `HowWasItKept`."""
    word = OwnPromise.objects.select_for_update().filter(pk=word_id, case__in=access.cases_for(user)).first()
    if word is None or not (word.owner_id == user.pk or access.may_contact(user, word.case)):
        raise NotYours
    if word.done_at >= 0 or word.kind == Word.CALL_BACK:
        raise WordDone
    if not text.strip():
        raise HowWasItKept
    word.done_at, word.done_text = clock.now_minute(), text.strip()[:300]
    word.save(update_fields=["done_at", "done_text"])
    audit.write(user.username, "word.done", "own_promise", word.pk, reason=word.done_text, case=word.case_id)
    return word
