"""The pages of letters: those of a case, one letter, the room where they are printed and the post's files are read, the kinds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from fairdue.core.codes import UNKNOWN, Channel, GuaranteeKind, Party, Role
from fairdue.core.errors import Lang
from fairdue.rules.letters import LetterKind, load_letters
from fairdue.rules.letters.mail import MailMapping, load_mail
from fairdue.store import access, clock
from fairdue.store import letters as known
from fairdue.store.actions import letter_batches as batches
from fairdue.store.actions import letter_post
from fairdue.store.actions import letters as acts
from fairdue.store.models import (
    Approval,
    Case,
    DeliveryConsent,
    Letter,
    LetterBatch,
    LetterEvent,
    Link,
    MailFile,
    Message,
    Person,
    Point,
    User,
)

SHOWN = 100
STATES: Mapping[str, tuple[str, str, str]] = {
    Letter.DRAFT: ("草稿", "Draft", ""), Letter.ASKED: ("待审批", "Awaits approval", "attention"),
    Letter.READY: ("已批准", "Approved", "information"), Letter.ISSUED: ("已签发", "Issued", "information"),
    Letter.DISPATCHED: ("已寄出", "Dispatched", "information"), Letter.DELIVERED: ("已送达", "Delivered", "good"),
    Letter.RETURNED: ("已退回", "Returned", "stop"), Letter.REFUSED: ("拒收", "Refused", "stop"),
    Letter.WITHDRAWN: ("已撤回", "Withdrawn", ""), "WRITTEN": ("拟写", "Written", ""), "APPROVED": ("批准", "Approved", ""),
}  # fmt: skip
Text = Mapping[Lang, str]


@dataclass(frozen=True)
class LetterRow:
    """One letter, ready to show."""

    letter: Letter
    title: Text
    state: Text
    look: str
    party: Party


@dataclass(frozen=True)
class Choice:
    """A kind that may be written to somebody about this case."""

    kind: LetterKind
    party: Party
    person_id: int | None
    name: str

    @property
    def value(self) -> str:
        """How the form says it."""
        return f"{self.kind.id}:{self.party.name}:{self.person_id or ''}"


@dataclass(frozen=True)
class CaseLetters:
    """The letters of a case and what may be written."""

    case: Case
    rows: tuple[LetterRow, ...]
    choices: tuple[Choice, ...]
    chosen: Choice | None
    today: date
    points: tuple[Point, ...]  # where a letter of the chosen kind may go
    mails: tuple[
        tuple[Point, DeliveryConsent | None], ...
    ]  # addresses for e-mail, and whether delivery there is agreed


def case_letters(user: User, case_id: int, chosen: str = "") -> CaseLetters:
    """Letters of one case, the newest first. Raises `NotYours`."""
    case = access.get_case(user, case_id)
    letters = access.letters_for(user).filter(case=case).select_related("person", "lender").order_by("-pk")[:SHOWN]
    choices = tuple(_choices(case)) if Role(user.role) in acts.WRITERS else ()
    today = clock.business_date(clock.now_minute(), case.lender.zone)
    picked = next((c for c in choices if c.value == chosen), None)
    return CaseLetters(
        case, tuple(row(one) for one in letters), choices, picked, today, _points(case, picked), tuple(_mails(case))
    )


def _points(case: Case, picked: Choice | None) -> tuple[Point, ...]:
    if picked is None or picked.kind.internal:
        return ()
    person = case.customer if picked.person_id is None else Person.objects.get(pk=picked.person_id)
    return known.addresses(person)


def _mails(case: Case) -> Iterator[tuple[Point, DeliveryConsent | None]]:
    theirs = Q(person=case.customer_id) | Q(person__linked_to__customer=case.customer_id)
    points = list(
        Point.objects.filter(theirs, channel=Channel.EMAIL).select_related("person").distinct().order_by("pk")
    )
    agreed = {one.point_id: one for one in DeliveryConsent.objects.filter(point__in=points, ended_on=None)}
    return ((point, agreed.get(point.pk)) for point in points)


def _choices(case: Case) -> list[Choice]:
    pack = acts.PACKS.get(case.lender.pack, case.lender.pack)
    kinds = [kind for kind in load_letters().values() if kind.pack == pack]
    products = set(case.customer.accounts.values_list("product", flat=True))
    links = list(Link.objects.filter(customer=case.customer).select_related("person"))
    found = []
    for kind in kinds:
        if kind.products and not products & set(kind.products):
            continue
        if Party.BORROWER in kind.to or kind.internal:
            party = Party.BORROWER if Party.BORROWER in kind.to else next(iter(kind.to))
            found.append(Choice(kind, party, None, case.customer.name_masked or case.customer.ref))
        found += [Choice(kind, Party(one.party), one.person_id, one.person.name_masked or one.person.ref)
                  for one in links if one.party in kind.to and not kind.internal and _stands(kind, one)]  # fmt: skip
    return found


def _stands(kind: LetterKind, link: Link) -> bool:
    stands = GuaranteeKind(link.guarantee_kind) if link.guarantee_kind != UNKNOWN else GuaranteeKind.UNCLEAR
    return link.party != Party.GUARANTOR or not kind.guarantee or stands in kind.guarantee


def row(letter: Letter) -> LetterRow:
    """One letter, ready to show."""
    zh, en, look = STATES[letter.state]
    return LetterRow(letter, load_letters()[letter.kind].title, {"zh": zh, "en": en}, look, Party(letter.party))


@dataclass(frozen=True)
class LetterPage:
    """One letter: where it stands, what happened, what may be done."""

    row: LetterRow
    kind: LetterKind
    events: tuple[tuple[Text, LetterEvent], ...]
    approval: Approval | None
    may_issue: bool
    may_withdraw: bool
    steps: tuple[tuple[str, Text], ...]
    today: date
    mails: tuple[Message, ...]  # by which it went, or goes


def letter_page(user: User, letter_id: int) -> LetterPage:
    """One letter. Raises `NotYours`."""
    letter = acts.get(user, letter_id)
    role, state = Role(user.role), letter.state
    steps = (
        tuple(step for step, states in letter_post.STEPS.items() if state in states)
        if role in letter_post.RECORDERS
        else ()
    )
    events = tuple((_both(event.step), event) for event in letter.events.select_related("file"))
    return LetterPage(
        row(letter), load_letters()[letter.kind], events, acts.asked_approval(letter),
        role in acts.WRITERS and state in {Letter.DRAFT, Letter.READY}, role in acts.WRITERS and state != Letter.WITHDRAWN,
        tuple((step, _both(step)) for step in steps), clock.business_date(clock.now_minute(), letter.lender.zone),
        tuple(letter.mails.order_by("-pk")),
    )  # fmt: skip


def _both(state: str) -> Text:
    zh, en, _ = STATES[state]
    return {"zh": zh, "en": en}


@dataclass(frozen=True)
class Room:
    """Letters the user may read, print batches, files of the post."""

    rows: tuple[LetterRow, ...]
    state: str
    states: tuple[tuple[str, Text], ...]
    batches: tuple[LetterBatch, ...]
    files: tuple[MailFile, ...]
    mappings: Mapping[str, MailMapping]
    may_print: bool
    may_read_mail: bool


def room(user: User, state: str) -> Room:
    """The newest letters in a state, and what goes out and comes back together."""
    letters = access.letters_for(user).select_related("person", "lender", "case__customer").order_by("-pk")
    shown = letters.filter(state=state) if state in dict(Letter.STATES) else letters
    counted = access.letter_batches_for(user).annotate(
        all=Count("letters"), out=Count("letters", filter=~Q(letters__number=None))
    )
    return Room(
        tuple(row(one) for one in shown[:SHOWN]), state, tuple((code, _both(code)) for code, _ in Letter.STATES),
        tuple(counted.select_related("made_by")[:20]), tuple(access.mail_files_for(user)[:20]), load_mail(),
        Role(user.role) in batches.PRINTERS, Role(user.role) in access.LETTER_ROOM,
    )  # fmt: skip


@dataclass(frozen=True)
class BatchPage:
    """One print batch."""

    batch: LetterBatch
    rows: tuple[LetterRow, ...]
    total: int
    issued: int
    may_print: bool
    today: date


def batch_page(user: User, batch_id: int) -> BatchPage:
    """One print batch, its first letters, its files, its rejects. Raises `NotYours`."""
    batch = batches.get(user, batch_id)
    letters = batch.letters.select_related("person", "lender").order_by("place")[:SHOWN]
    return BatchPage(
        batch, tuple(row(one) for one in letters), batch.letters.count(), batch.letters.exclude(number=None).count(),
        Role(user.role) in batches.PRINTERS, clock.business_date(clock.now_minute(), batch.lender.zone),
    )  # fmt: skip


def kinds_of(user: User) -> tuple[LetterKind, ...]:
    """Every kind, those of the lender's own law first."""
    pack = acts.PACKS.get(user.organisation.pack, user.organisation.pack)
    return tuple(sorted(load_letters().values(), key=lambda kind: (kind.pack != pack, kind.id)))
