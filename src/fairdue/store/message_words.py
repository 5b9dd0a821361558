"""The words of a message: slots filled from facts as they are now, and what the wording check says of the result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.conf import settings

from fairdue.connectors.configured import Senders, load_senders
from fairdue.core import money
from fairdue.core.codes import Party, Purpose
from fairdue.core.errors import Lang
from fairdue.core.happened import Happened
from fairdue.core.plan_state import PlanState
from fairdue.rules.frames import THIRD, Frame, MissingFact, load_frames
from fairdue.store import clock, court_known
from fairdue.store.models import Case, LegalEvent, Person, Plan, User
from fairdue.store.seal import sealer
from fairdue.wording.approved import READERS
from fairdue.wording.finding import Finding
from fairdue.wording.judge import check
from fairdue.wording.said import Said

PURPOSE = {"confirm": Purpose.SERVICE, "answer": Purpose.SERVICE, "relay": Purpose.RESTORE_CONTACT}
ASKS = frozenset({"remind", "notify", "offer"})
DATE_SLOTS = ("due_date", "deadline", "paid_on", "visit_on", "answer_by")
SUIT, JUDGED = (Happened.SUIT, Happened.ARBITRATION), (Happened.JUDGMENT,)
GRANTED = (PlanState.APPROVED, PlanState.PERFORMING, PlanState.MISSED, PlanState.COMPLETED)
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December")  # fmt: skip


@dataclass(frozen=True)
class Words:
    """What is said to whom: an approved frame with facts given besides those of the case, or free text."""

    frame: str = ""
    given: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    lang: Lang = "zh"
    party: int = Party.BORROWER
    reader: int | None = None  # the person it is said to; None: the borrower


def senders() -> Senders:
    """The senders of this installation. Raises `WrongFiles`."""
    return load_senders(Path(settings.SENDERS_FILE or Path(settings.HOME) / "senders.yaml"), demo=settings.DEMO)


def language(person: Person) -> Lang:
    """The language to write in: the person's own where we write it, else Chinese."""
    return "en" if person.language.lower().startswith("en") else "zh"


def purpose_of(frame: Frame | None, case: Case) -> Purpose:
    """What a message is to the guard. What is no service is collecting; before the due date it is a reminder."""
    found = PURPOSE.get(frame.purpose) if frame else None
    if found is not None:
        return found
    return Purpose.COLLECT if case.dpd > 0 else Purpose.REMIND


def facts(case: Case, user: User, lang: Lang, words: Words = Words()) -> dict[str, str]:
    """What is known of the case, as it is said in a message; what is unknown is left out."""
    lender, person = case.lender, named(case, words)
    found = {
        "lender": lender.name_zh if lang == "zh" else lender.name_en,
        "agency": _agency(case, lang),
        "collector": user.display_name,
        "person": sealer().open(bytes(person.name_sealed)) if person.name_sealed else "",
        "hotline": senders().facts.get("hotline", ""),
        "account_tail": _tail(case),
        "amount": said_amount(case, case.balance, lang) if case.balance > 0 else "",
        "due_date": said_date(case.oldest_due, lang) if case.oldest_due else "",
    }
    return {name: value for name, value in found.items() if value}


def named(case: Case, words: Words) -> Person:
    """Whom the words name: their reader; to a third person, the one they are asked to pass a call on to."""
    if words.reader in (None, case.customer_id) or words.party in THIRD:
        return case.customer
    return Person.objects.get(pk=words.reader)


def _agency(case: Case, lang: Lang) -> str:
    if case.placed_with is None:
        return ""
    return case.placed_with.name_zh if lang == "zh" else case.placed_with.name_en


def _tail(case: Case) -> str:
    """The last four of the account that is longest overdue."""
    accounts = case.customer.accounts.exclude(oldest_unpaid_due=None).order_by("oldest_unpaid_due", "pk")
    first = accounts.values_list("account_no", flat=True).first()
    return first[-4:] if first else ""


def said_amount(case: Case, minor: int, lang: Lang) -> str:
    """An amount as a sentence says it."""
    figure, code = money.format_minor(minor, case.lender.exponent), case.lender.currency
    return f"{figure}元" if lang == "zh" and code == "CNY" else f"{code} {figure}"


def said_date(day: date, lang: Lang) -> str:
    """A day as a sentence says it."""
    return f"{day.year}年{day.month}月{day.day}日" if lang == "zh" else f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def known(case: Case) -> dict[str, bool]:
    """What may be stated as a fact, because it is recorded: only what is known to be true stands here."""
    plans = Plan.objects.filter(case__customer=case.customer_id, state__in=GRANTED)
    happened = set(
        LegalEvent.objects.filter(account__customer=case.customer_id, void_at=-1, withdrawn=False, ended_on=None)
        .values_list("kind", flat=True)
    )  # fmt: skip
    found = {
        "plan_approved": plans.exists(),
        "waiver_approved": any(sum(plan.waived) > 0 for plan in plans),
        "suit_filed": bool(happened & set(SUIT)),
        "judgment": bool(happened & set(JUDGED)),
        "enforcement": Happened.ENFORCEMENT in happened,
    }
    court = court_known.known_of(case)
    found |= {name: found.get(name, False) or is_so for name, is_so in court.items()}
    return {name: True for name, is_so in found.items() if is_so}


class PastLimitation(MissingFact):
    """The debt is past its limitation period: money is asked for only in words that say so."""

    code = "message.past-limitation"
    en, en_remedy = (
        "The debt is past its limitation period; '{frame}' does not say so.",
        "Choose the message for such debts.",
    )
    zh, zh_remedy = "该欠款已过诉讼时效，“{frame}”未说明这一点。", "请选用已过诉讼时效欠款的消息。"


class FrameUnknown(MissingFact):
    """No approved words of that name, or not for this reader or channel."""

    code = "message.no-such-frame"
    en, en_remedy = "There is no approved message '{frame}' for this person and channel.", "Choose one of those shown."
    zh, zh_remedy = "没有适用于该对象和渠道的已批准消息“{frame}”。", "请从列出的消息中选择。"


def find_frame(frame_id: str, party: int, channel: int) -> Frame:
    """The approved words, for this reader by this channel. Raises `FrameUnknown`."""
    found = load_frames().get(frame_id)
    if found is None or party not in found.audience or channel not in found.channel:
        raise FrameUnknown(frame=frame_id)
    return found


def put_together(case: Case, user: User, words: Words) -> str:
    """The words with every slot filled from facts as they are now. Raises `MissingFact`: a hole is never sent."""
    if not words.frame:
        return words.text.strip()
    frame = load_frames()[words.frame]
    so = known(case)
    lacking = [name for name in frame.known if name not in so]
    if lacking:
        raise MissingFact(frame=frame.title[words.lang], facts=", ".join(lacking))
    if not says_age(frame, so):
        raise PastLimitation(frame=frame.title[words.lang])
    return frame.render(words.lang, {**facts(case, user, words.lang, words), **words.given})


def says_age(frame: Frame, so: Mapping[str, bool]) -> bool:
    """False for words that ask for money, where the debt is past its limitation period and they do not say so: a judgement."""
    return "time_barred" not in so or frame.purpose not in ASKS or "time_barred" in frame.known


def judged(case: Case, user: User, words: Words, text: str) -> Finding:
    """What the wording check says of the text to this reader, with what is known of the case."""
    said = {**facts(case, user, words.lang, words), **words.given}
    flags = known(case)
    by_agency = user.organisation_id != case.lender_id
    return check(
        Said.of(
            text, words.lang, audience=READERS[Party(words.party)], sender="agency" if by_agency else "lender",
            flags=flags, amounts=tuple(said[slot] for slot in ("amount",) if slot in said),
            deadlines=tuple(said[slot] for slot in DATE_SLOTS if slot in said),
            today=clock.business_date(clock.now_minute(), case.lender.zone).isoformat(),
        )
    )  # fmt: skip
