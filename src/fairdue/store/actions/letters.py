"""Letters: written as of a day, approved where that is needed, issued as a sealed PDF with a number, withdrawn, never edited."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from pypdf import PdfReader

from fairdue.core.codes import NO, UNKNOWN, YES, Channel, GuaranteeKind, Party, Role
from fairdue.core.errors import Lang
from fairdue.core.ledger import PostingKind
from fairdue.core.money import NotAnAmount, TooManyDecimals, format_minor, parse_minor
from fairdue.documents import letters as documents
from fairdue.rules.letters import Ask, LetterKind, load_letters
from fairdue.store import access, audit, clock, decide, quiet, vault
from fairdue.store import letters as known
from fairdue.store.access import NotYours
from fairdue.store.actions import approvals, attempts, legal_events, letter_mail
from fairdue.store.actions import letter_faults as faults
from fairdue.store.actions.contacts import ASKS, Proposed, QuietNow, Refusal
from fairdue.store.letters import Addressed
from fairdue.store.locks import lock_person
from fairdue.store.models import (
    Account,
    Approval,
    Case,
    Certificate,
    LegalEvent,
    Letter,
    LetterEvent,
    Link,
    Posting,
    User,
)
from fairdue.wording import Verdict

WRITERS = frozenset({Role.COLLECTOR, Role.LEAD, Role.COMPLIANCE, Role.FINANCE})
DECIDERS = (Role.LEAD, Role.COMPLIANCE)
FRESH_DAYS = 7  # a judgement: an older letter no longer says what is owed
LONGEST_TEXT = 300
PACKS = {"demo": "cn"}  # the demo's pack is built on the Chinese one
ANSWERS_WITH = "LETTER_SENT"  # the outcome of the contact that a letter is, from the moment it is issued
MOVES_MONEY = (PostingKind.PAYMENT, PostingKind.WAIVER, PostingKind.WRITE_OFF, PostingKind.REVERSAL)


@dataclass(frozen=True)
class Wanted:
    """A letter somebody wants to write. `typed`: the facts asked for, as typed; `accounts`: empty means all that fit."""

    kind: str
    lang: Lang
    party: Party = Party.BORROWER
    person_id: int | None = None
    point_id: int | None = None
    accounts: Sequence[int] = ()
    as_of: date | None = None
    typed: Mapping[str, str] = field(default_factory=dict)
    replaces: int | None = None


@transaction.atomic
def write(user: User, case_id: int, wanted: Wanted, reason: str = "") -> Letter:
    """Write a letter as a draft; where it needs a second person, they are asked at once.

    Raises `NotYours` and the faults of `letter_faults`, `LetterFactMissing`, `NoChineseFont`.
    """
    case = access.get_case(user, case_id)
    if Role(user.role) not in WRITERS:
        raise NotYours
    lock_person(case.customer_id)
    kind, to = _kind(case, wanted.kind), _addressed(case, wanted)
    today = clock.business_date(clock.now_minute(), case.lender.zone)
    as_of = wanted.as_of or today
    if as_of > today:
        raise faults.DayAhead(on=as_of)
    accounts = _accounts(case, kind, wanted)
    facts = known.gather(case, to, accounts, as_of, _asked(kind, case, _typed(kind, wanted, accounts), today))
    _check_figures(kind, facts)
    documents.render(kind, wanted.lang, facts)  # what is missing, or a font that is not there, is said now
    finding = _check_words(kind, wanted.lang, facts, to.party)
    letter = _keep(user, case, kind, wanted, to, facts)
    letter.accounts.set(accounts)
    _note(letter, user.username, "WRITTEN", as_of, reason)
    if needs_approval(kind, case, facts.total) or finding.verdict is Verdict.REVIEW:
        approvals.ask("letter", letter.pk, case, DECIDERS, user, reason or kind.title["en"])
        _move(letter, Letter.ASKED)
    audit.write(user.username, "letter.write", "letter", letter.pk, reason=reason, case=case.pk, kind=kind.id,
                as_of=as_of, total=facts.total, state=letter.state)  # fmt: skip
    return letter


def needs_approval(kind: LetterKind, case: Case, total: int) -> bool:
    """Whether a second person must look at it: by its kind, or by the sum."""
    return kind.approval == "always" or (kind.approval == "large" and total >= known.head_of(case).large_minor)


def _kind(case: Case, wanted: str) -> LetterKind:
    kind = load_letters().get(wanted)
    if kind is None or kind.pack != PACKS.get(case.lender.pack, case.lender.pack):
        raise faults.UnknownKind(kind=wanted)
    return kind


def _addressed(case: Case, wanted: Wanted) -> Addressed:
    """Who gets it, and where. Raises `NotYours`, `NotForThem`, `NoAddress`."""
    kind = load_letters()[wanted.kind]
    person, party = case.customer, wanted.party
    if party != Party.BORROWER and not kind.internal:
        link = Link.objects.select_related("person").filter(
            customer=case.customer, person_id=wanted.person_id or 0, party=party
        ).first()  # fmt: skip
        if link is None:
            raise NotYours
        person = link.person
        stands = GuaranteeKind(link.guarantee_kind) if link.guarantee_kind != UNKNOWN else GuaranteeKind.UNCLEAR
        if party == Party.GUARANTOR and kind.guarantee and stands not in kind.guarantee:
            raise faults.NotForThem(kind=kind.title["en"], kind_zh=kind.title["zh"])
    if party not in kind.to:
        raise faults.NotForThem(kind=kind.title["en"], kind_zh=kind.title["zh"])
    there = known.addresses(person)
    point = next((p for p in there if p.pk == wanted.point_id), None) if wanted.point_id else next(iter(there), None)
    if wanted.point_id and point is None:
        raise NotYours
    if point is None and not kind.internal:
        raise faults.NoAddress
    return Addressed(person, party, None if kind.internal else point)


def _accounts(case: Case, kind: LetterKind, wanted: Wanted) -> list[Account]:
    found = Account.objects.filter(customer_id=case.customer_id, lender_id=case.lender_id).select_related("lender")
    if wanted.accounts:
        chosen = list(found.filter(pk__in=wanted.accounts).order_by("account_no"))
        if len(chosen) != len(set(wanted.accounts)):
            raise NotYours
    else:
        chosen = list(found.order_by("account_no"))
    fitting = [one for one in chosen if not kind.products or one.product in kind.products]
    if not fitting or (wanted.accounts and len(fitting) != len(chosen)):
        raise faults.NotForThem(kind=kind.title["en"], kind_zh=kind.title["zh"])
    return fitting


def _typed(kind: LetterKind, wanted: Wanted, accounts: Sequence[Account]) -> Mapping[str, str]:
    """What was typed; what a certificate says of the settlement nobody types: it comes from where it was issued."""
    if not kind.settled:
        return wanted.typed
    standing = list(Certificate.objects.filter(account__in=accounts, void_on=None).order_by("settled_on"))
    if len(standing) < len(accounts):
        return {}
    return {"settled_on": standing[-1].settled_on.isoformat(), "verification": " ".join(one.code for one in standing)}


def _asked(kind: LetterKind, case: Case, typed: Mapping[str, str], today: date) -> dict[str, date | int | str]:
    """The facts asked for, read by their type; what is left empty is missing, and the letter says so itself."""
    given = {ask.id: (ask, typed.get(ask.id, "").strip()) for ask in kind.asks}
    found = {name: _read(ask, said, case) for name, (ask, said) in given.items() if said}
    deadline = found.get("deadline")
    if isinstance(deadline, date) and deadline <= today:
        raise _wrong(
            next(ask for ask in kind.asks if ask.id == "deadline"), str(deadline), "a day after today", "今日之后的日期"
        )
    return found


def _read(ask: Ask, said: str, case: Case) -> date | int | str:
    try:
        if ask.type == "date":
            return date.fromisoformat(said)
        if ask.type == "money":
            return parse_minor(said, case.lender.exponent)
    except (ValueError, NotAnAmount, TooManyDecimals) as unread:
        wanted = (
            ("a date like 2026-09-30", "日期，如 2026-09-30")
            if ask.type == "date"
            else ("an amount like 1200.00", "金额，如 1200.00")
        )
        raise _wrong(ask, said, *wanted) from unread
    if len(said) > LONGEST_TEXT:
        raise _wrong(ask, said[:20], f"at most {LONGEST_TEXT} characters", f"不超过 {LONGEST_TEXT} 字的文字")
    return said


def _wrong(ask: Ask, value: str, wanted: str, wanted_zh: str) -> faults.FactWrong:
    return faults.FactWrong(
        fact=ask.label["en"], fact_zh=ask.label["zh"], value=value, wanted=wanted, wanted_zh=wanted_zh
    )


def _check_figures(kind: LetterKind, facts: documents.Facts) -> None:
    if kind.settled and facts.total > 0:
        raise faults.NotSettled(total=format_minor(facts.total, facts.exponent))
    if not kind.settled and facts.total <= 0:
        raise faults.NothingOwed(on=facts.as_of)


def _check_words(kind: LetterKind, lang: Lang, facts: documents.Facts, party: Party) -> Any:
    finding = known.judged(kind, lang, facts, party)
    if finding.verdict is Verdict.BLOCK:
        said = "; ".join(f"{span.code} “{span.text}”" for span in finding.spans if span.verdict is Verdict.BLOCK)
        raise faults.WordsRefused(what=said, better=finding.better or "")
    return finding


def _keep(user: User, case: Case, kind: LetterKind, wanted: Wanted, to: Addressed, facts: documents.Facts) -> Letter:
    old = get(user, wanted.replaces) if wanted.replaces else None
    if old is not None and (old.case_id != case.pk or old.state != Letter.WITHDRAWN):
        raise faults.NotReady(state=old.state)
    return Letter.objects.create(
        case=case, lender=case.lender, person=to.person, party=to.party, point=to.point, kind=kind.id,
        revision=kind.revision, lang=wanted.lang, as_of=facts.as_of, total=facts.total, facts_sealed=known.sealed(facts),
        replaces=old, written_by=user, written_at=clock.now_minute(),
    )  # fmt: skip


def get(user: User, letter_id: int) -> Letter:
    """One letter of a case the user may read. Raises `NotYours`."""
    found = access.letters_for(user).select_related(
        "case__customer", "case__lender", "case__owner", "file", "point", "person"
    )
    letter = found.filter(pk=letter_id).first()
    if letter is None:
        raise NotYours
    return letter


def locked(user: User, letter_id: int) -> Letter:
    """The letter as it stands, its human locked."""
    lock_person(get(user, letter_id).case.customer_id)
    return get(user, letter_id)


@transaction.atomic
def issue(user: User, letter_id: int) -> Letter | Refusal:
    """Ask the guard, set the letter, seal it and give it its number. From here on it counts as a contact.

    A refusal of the guard is recorded and given back; nothing is issued. Raises `NotReady`, `Stale`, `WordsRefused`, `QuietNow`.
    """
    letter = locked(user, letter_id)
    if letter.state not in {Letter.DRAFT, Letter.READY} or Role(user.role) not in WRITERS:
        raise faults.NotReady(state=letter.state)
    return seal(user, letter)


def seal(user: User, letter: Letter) -> Letter | Refusal:
    """Issue a letter whose human is locked, inside the caller's transaction."""
    kind, facts = known.kind_of(letter), known.facts_of(letter)
    check_fresh(letter, facts)
    _check_words(kind, known.lang_of(letter), facts, Party(letter.party))
    refused = _reached(user, letter, kind)
    if refused is not None:
        return refused
    letter.number = f"{letter.as_of.year}-L{letter.pk:07}"
    content = documents.render(kind, known.lang_of(letter), replace(facts, number=letter.number))
    letter.file = vault.keep(content, name=f"{letter.number}.pdf", media_type="application/pdf", kind="letter", keep_until=None,
                             actor=user.username, lender=letter.lender, person=letter.case.customer)  # fmt: skip
    letter.sha256, letter.pages = letter.file.sha256, len(PdfReader(io.BytesIO(content)).pages)
    letter.save(update_fields=["number", "file", "sha256", "pages", "attempt"])
    _move(letter, Letter.ISSUED)
    _note(letter, user.username, "ISSUED", _today(letter))
    audit.write(user.username, "letter.issue", "letter", letter.pk, case=letter.case_id, number=letter.number,
                sha256=letter.sha256, total=letter.total, as_of=letter.as_of)  # fmt: skip
    return letter


def _reached(user: User, letter: Letter, kind: LetterKind) -> Refusal | None:
    """The contact that the letter is: made now where it is printed, when it leaves where it goes by e-mail."""
    if letter_mail.by_mail(letter):
        return letter_mail.queue(user, letter, kind)
    return None if kind.internal or kind.settled else _contact(user, letter, kind)  # a certificate asks for nothing


def check_fresh(letter: Letter, facts: documents.Facts) -> None:
    """The figures are still those of the statement of its day, and nothing has been paid or let off since."""
    accounts = list(letter.accounts.select_related("lender").order_by("account_no"))
    now = known.gather(
        letter.case, Addressed(letter.person, Party(letter.party), None), accounts, letter.as_of, facts.asked
    )
    moved = Q(kind__in=MOVES_MONEY, value_date__gt=letter.as_of)
    old = _today(letter) - letter.as_of > timedelta(days=FRESH_DAYS)
    if old or now.debts != facts.debts or Posting.objects.filter(moved, account__in=accounts).exists():
        raise faults.Stale(days=FRESH_DAYS)


def _contact(user: User, letter: Letter, kind: LetterKind) -> Refusal | None:
    """The place in the attempt ledger; a letter is a contact like every other. None: it was given. Raises `QuietNow`."""
    why = quiet.why_quiet(letter.case) if kind.purpose in ASKS else None
    if why is not None and why is not quiet.CLAIMED:  # a claim is a stop: the guard says so itself, with its article
        raise QuietNow(why=why.en, why_zh=why.zh)
    wanted = Proposed(Channel.LETTER, letter.point_id, party=letter.party, purpose=kind.purpose,
                      letter_complete=YES if kind.complete else NO, discloses=True)  # fmt: skip
    about = decide.about_contact(letter.case, wanted, letter.case.owner or user, clock.now_minute())
    attempts.lock(about.customer_id, about.reached_id, about.point_id)
    decision, attempt = attempts.take(user, about)
    if attempt is None:
        return Refusal(decision.pk, decision.next_lawful)
    letter.attempt = attempts.confirm(user, attempt.pk, ANSWERS_WITH)
    return None


@transaction.atomic
def withdraw(user: User, letter_id: int, reason: str) -> Letter:
    """Take a letter back; its bytes stay as proof of what was sent, and what its delivery had done is declared void.

    Raises `NotYours`, `NotReady`, `ReasonNeeded`, `ReviewerNeeded` where its delivery has moved a clock.
    """
    letter = locked(user, letter_id)
    if letter.state == Letter.WITHDRAWN or Role(user.role) not in WRITERS:
        raise faults.NotReady(state=letter.state)
    if not reason.strip():
        raise faults.ReasonNeeded
    for event in LegalEvent.objects.filter(evidence="letter", evidence_id=letter.pk, void_at=-1):
        legal_events.void(user, event.pk, reason)
    approvals.withdraw("letter", letter.pk, user.username)
    _move(letter, Letter.WITHDRAWN)
    _note(letter, user.username, "WITHDRAWN", _today(letter), reason)
    audit.write(user.username, "letter.withdraw", "letter", letter.pk, reason=reason, number=letter.number)
    return letter


@transaction.atomic
def fetch(user: User, letter_id: int, lang: Lang | None = None) -> tuple[str, bytes]:
    """The letter as PDF: an issued one always the same bytes, a draft set anew (in either language).

    That it was taken out stands in the audit trail. Raises `NotYours`, `FileGone`.
    """
    letter = get(user, letter_id)
    audit.write(user.username, "letter.fetch", "letter", letter.pk, sha256=letter.sha256)
    if letter.file is not None and lang in {None, letter.lang}:
        return f"{letter.number}.pdf", vault.read(letter.file)
    facts = replace(known.facts_of(letter), number="")
    shown = lang or known.lang_of(letter)
    return f"letter-{letter.pk}-{shown}.pdf", documents.render(known.kind_of(letter), shown, facts)


def granted(letter: Letter, user: User) -> None:
    """A second person has looked at it."""
    _move(letter, Letter.READY)
    _note(letter, user.username, "APPROVED", _today(letter))


def not_granted(letter: Letter, user: User, reason: str) -> None:
    """A second person will not have it sent: it is withdrawn, with their reason."""
    _move(letter, Letter.WITHDRAWN)
    _note(letter, user.username, "WITHDRAWN", _today(letter), reason)


def asked_approval(letter: Letter) -> Approval | None:
    """The newest request about a letter."""
    return Approval.objects.filter(kind="letter", subject_id=letter.pk).order_by("-pk").first()


def _today(letter: Letter) -> date:
    return clock.business_date(clock.now_minute(), letter.lender.zone)


def _move(letter: Letter, state: str) -> None:
    letter.state = state
    letter.save(update_fields=["state"])


def _note(letter: Letter, by: str, step: str, on: date, note: str = "") -> LetterEvent:
    return LetterEvent.objects.create(
        letter=letter, step=step, on=on, at=clock.now_minute(), by=by, note=note.strip()[:300]
    )
