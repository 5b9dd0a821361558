"""What a person says on their own site becomes what it would be if a collector had heard it: a promise, a track, a fact, a task.

The actor of every row is the person (`borrower:` and their number); the desk sees it at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from fairdue.core.codes import Channel, PayBy, Role
from fairdue.core.errors import Fault
from fairdue.rules.tracks import load_tracks
from fairdue.store import access, audit, clock, decide
from fairdue.store.access import NotYours
from fairdue.store.actions import heard_back, learn, promises, track_faults, tracks
from fairdue.store.actions.tasks import About, Due, Whom, open_task
from fairdue.store.locks import lock_person
from fairdue.store.models import Case, OptOut, Person, Promise, Task, Track, User, Wish, WorkItem
from fairdue.store.seal import sealer

ANSWER_DAYS = (
    15  # for requests about one's data: the law says in time and names no days (PIPL art. 50); 15 is our judgement
)
EXPLAIN_DAYS = 15  # likewise PIPL art. 24: an explanation on request, no days named
REFUSABLE = (Channel.CALL, Channel.SMS, Channel.EMAIL, Channel.VISIT)  # letters the law asks for come by post
WORD = (2, 20)  # characters of the word a caller must say
FILE_OF = {"ALREADY_PAID": "RECEIPT", "DISPUTE": "CUSTOMER", "HARDSHIP": "PROOF", "COMPLAINT": "WORDS"}


class NotOnTheList(Fault):
    """Only what the site offers can be said there."""

    code = "site.not-on-the-list"
    en, en_remedy = "This cannot be done here.", "Choose one of the things shown on the page."
    zh, zh_remedy = "此处无法办理该事项。", "请从页面列出的事项中选择。"


class HoursWrong(Fault):
    """From and to, or neither."""

    code = "site.hours-wrong"
    en, en_remedy = "These hours cannot be right.", "Choose a start that is before the end, or leave both empty."
    zh, zh_remedy = "所选时段有误。", "请选择早于结束时间的开始时间，或两项都留空。"


class WordWrong(Fault):
    """A word that can be said on the phone."""

    code = "site.word-wrong"
    en, en_remedy = "This word cannot be used.", "Write 2 to 20 letters or figures that are easy to say."
    zh, zh_remedy = "暗语不符合要求。", "请填写 2 至 20 个便于口述的文字或数字。"


@dataclass(frozen=True)
class Upload:
    """A file that was brought, checked by its content."""

    name: str
    content: bytes


def current_case(user: User) -> Case:
    """The case that is open, else the newest. Raises `NotYours` where there was never one."""
    cases = access.cases_for(user).select_related("customer", "lender", "owner", "team")
    found = cases.filter(closed_on=None).first() or cases.order_by("-pk").first()
    if found is None:
        raise NotYours
    return found


def _open_case(user: User) -> Case:
    """The open case with its person locked. Raises `NotYours`."""
    case = current_case(user)
    lock_person(case.customer_id)
    case.refresh_from_db()
    if not access.may_contact(user, case):
        raise NotYours
    return case


@transaction.atomic
def promise(user: User, amount: int | None, on: date | None, *, remind: bool = False) -> Promise:
    """Promise a payment. Raises `NotYours` and the faults of a promise."""
    case = _open_case(user)
    today = today_of(case)
    made = promises.promise(case, None, promises.Said(amount, on, int(PayBy.APP), remind), today)
    audit.write(user.username, "promise.make", "promise", made.pk, case=case.pk, amount=made.amount, due=made.due_on)
    decided(case, user, "promise", made.pk)
    return made


@transaction.atomic
def raise_track(user: User, kind: str, said: str, files: Sequence[Upload] = ()) -> Track:
    """Open a track of a kind the site offers, with what was brought. Raises `NotYours`, `NotOnTheList`, faults of tracks."""
    if kind not in FILE_OF:
        raise NotOnTheList
    case = current_case(user)
    track = tracks.open_track(user, case.pk, kind, said)
    for file in files:
        tracks.add_evidence(user, track.pk, FILE_OF[kind], "", file.name, file.content)
    return track


def due_of(track: Track) -> date:
    """By when the person is answered."""
    return track.due_on


@transaction.atomic
def ask_correction(user: User, what: str) -> Task:
    """Ask that data be put right (PIPL art. 46). A task with its clock; nothing is changed before somebody has looked."""
    return _ask(user, "CORRECT", what, ANSWER_DAYS, {
        "zh": "《个人信息保护法》第四十六条、第五十条（须及时答复；15 天为内部时限）",
        "en": "PIPL art. 46 and 50 (in time; 15 days are our own limit)",
    })  # fmt: skip


@transaction.atomic
def ask_explanation(user: User, what: str) -> Task:
    """Ask that a person explain what a machine decided (PIPL art. 24)."""
    return _ask(user, "EXPLAIN", what, EXPLAIN_DAYS, {
        "zh": "《个人信息保护法》第二十四条（须予以说明；15 天为内部时限）",
        "en": "PIPL art. 24 (an explanation is owed; 15 days are our own limit)",
    })  # fmt: skip


def _ask(user: User, kind: str, what: str, days: int, basis: dict[str, str]) -> Task:
    case = current_case(user)
    if not what.strip():
        raise track_faults.WordsNeeded
    due = Due(today_of(case) + timedelta(days=days), clock=basis)  # type: ignore[arg-type]  # zh and en
    made = open_task(user.username, case.lender, kind, Whom(role=Role.COMPLIANCE), due=due, about=About(case),
                     detail=what.strip())  # fmt: skip
    audit.write(user.username, f"site.{kind.lower()}", "task", made.pk, case=case.pk)
    return made


@dataclass(frozen=True)
class Wishes:
    """How somebody wants to be reached. Minutes of the day, -1: any hour the law allows. `word` None: leave it as it is."""

    start: int = -1
    end: int = -1
    refused: tuple[Channel, ...] = ()
    prefers: str = ""
    language: str = ""
    word: str | None = None


@transaction.atomic
def wish(user: User, wishes: Wishes) -> Wish:
    """Keep how the person wants to be reached; the guard reckons with the hours from now on. Raises `HoursWrong`, `WordWrong`."""
    _check(wishes)
    case = current_case(user)
    lock_person(case.customer_id)
    person = Person.objects.select_for_update().get(pk=case.customer_id)
    person.agreed_from, person.agreed_to = wishes.start, wishes.end
    person.language = wishes.language or person.language
    person.save(update_fields=["agreed_from", "agreed_to", "language"])
    kept, _ = Wish.objects.get_or_create(person=person, defaults={"at": clock.now_minute()})
    kept.refused, kept.at = [channel.name for channel in wishes.refused], clock.now_minute()
    if wishes.word is not None:
        kept.word_sealed = sealer().seal(wishes.word.strip()) if wishes.word.strip() else None
    kept.save()
    _facts(case, user, wishes)
    _channels(person, wishes, user)
    audit.write(user.username, "site.wish", "person", person.pk, hours=[wishes.start, wishes.end], refused=kept.refused,
                word=kept.word_sealed is not None)  # fmt: skip
    if case.closed_on is None:
        decided(case, user, "wish", kept.pk, rests=False)
    return kept


def _channels(person: Person, wishes: Wishes, user: User) -> None:
    """A way that is refused binds every message from now on, and one that is no longer refused is free again."""
    standing = set(OptOut.objects.filter(person=person, ended_at=-1).values_list("channel", flat=True))
    for channel in REFUSABLE:
        if channel in wishes.refused and channel not in standing:
            heard_back.opt_out(person, channel, "PORTAL", user.username)
        elif channel not in wishes.refused and channel in standing:
            heard_back.opt_in(person, channel, user.username)


def _check(wishes: Wishes) -> None:
    both = wishes.start >= 0 and wishes.end >= 0
    neither = wishes.start < 0 and wishes.end < 0
    if not (both or neither) or (both and wishes.start >= wishes.end):
        raise HoursWrong
    word = (wishes.word or "").strip()
    if word and not (WORD[0] <= len(word) <= WORD[1] and word.isprintable()):
        raise WordWrong


def _facts(case: Case, user: User, wishes: Wishes) -> None:
    """What a collector sees on the prep sheet."""
    typed = {"prefers": wishes.prefers}
    if wishes.start >= 0:
        typed["best_hours"] = f"{clock_text(wishes.start)}-{clock_text(wishes.end)}"
    learn.keep(case, None, user, typed, learn.From(), today_of(case))


def clock_text(minute: int) -> str:
    """540 → 09:00."""
    return f"{minute // 60:02}:{minute % 60:02}"


@transaction.atomic
def cease(user: User, said: str) -> Track:
    """Ask that contact stop altogether: it stops at once. Raises `NotYours`, faults of tracks."""
    return tracks.open_track(user, current_case(user).pk, "CEASE", said)


def decided(case: Case, user: User, what: str, row: int, *, rests: bool = True) -> None:
    """Decide the case anew, and take it off today's list where there is nothing left to do."""
    decision = decide.after_said(case, user, what, row)
    audit.write(user.username, "case.decide", "case", case.pk, decision=decision.pk, sha256=decision.seal())
    if rests:
        WorkItem.objects.filter(case=case, done_at__lt=0).update(done_at=clock.now_minute())


def today_of(case: Case) -> date:
    """The business date at the lender's place."""
    return clock.business_date(clock.now_minute(), case.lender.zone)


def kinds() -> tuple[str, ...]:
    """The tracks the site offers, which must be tracks."""
    return tuple(kind for kind in FILE_OF if kind in load_tracks())
