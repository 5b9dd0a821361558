"""What becomes of a letter on its way: dispatched, delivered, returned, refused. Delivery is a fact the law counts from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from fairdue.core.codes import UNKNOWN, Party, PointStatus, Role
from fairdue.store import audit, clock, vault
from fairdue.store import letters as known
from fairdue.store.actions import legal_events, tasks
from fairdue.store.actions import letter_faults as faults
from fairdue.store.actions import letters as writing
from fairdue.store.actions.legal_events import Proof
from fairdue.store.actions.letter_mail import by_mail
from fairdue.store.locks import lock_person
from fairdue.store.models import Case, KeptFile, Letter, LetterEvent, Point, User

# From which states a step may be taken; delivery told before dispatch is believed: the post knows what it delivered.
STEPS: Mapping[str, frozenset[str]] = {
    Letter.DISPATCHED: frozenset({Letter.ISSUED}),
    Letter.DELIVERED: frozenset({Letter.ISSUED, Letter.DISPATCHED}),
    Letter.RETURNED: frozenset({Letter.ISSUED, Letter.DISPATCHED}),
    Letter.REFUSED: frozenset({Letter.ISSUED, Letter.DISPATCHED}),
}
RECORDERS = frozenset({Role.COLLECTOR, Role.LEAD, Role.COMPLIANCE, Role.OPERATOR})


@dataclass(frozen=True)
class Step:
    """One thing that happened to a letter, and what tells of it."""

    step: str
    on: date
    note: str = ""
    source: str = ""
    post_no: str = ""


@transaction.atomic
def record(user: User, letter_id: int, step: Step, proof: tuple[str, str, bytes] | None = None) -> Letter:
    """Record a step by hand, with its proof (name, media type, bytes). Raises `NotYours`, `NotReady`, `StepDay`."""
    letter = writing.locked(user, letter_id)
    if Role(user.role) not in RECORDERS:
        raise faults.NotReady(state=letter.state)
    kept = None
    if proof is not None:
        name, media_type, data = proof
        kept = vault.keep(data, name=name, media_type=media_type, kind="letter-proof", keep_until=None, actor=user.username,
                          lender=letter.lender, person=letter.case.customer)  # fmt: skip
    take(user.username, letter, step, kept)
    return letter


@transaction.atomic
def take_in(actor: str, letter: Letter, step: Step) -> bool:
    """A step told by a file or a receipt; False where it was known already. Raises `NotReady`, `StepDay`, `PostNumberTaken`."""
    lock_person(letter.case.customer_id)
    letter.refresh_from_db(fields=["state", "post_no"])
    return take(actor, letter, step, None)


def take(actor: str, letter: Letter, step: Step, proof: KeptFile | None) -> bool:
    """The step and all that follows from it, under the lock; the same step of the same day changes nothing."""
    if letter.events.filter(step=step.step, on=step.on).exists():
        _numbered(letter, step.post_no)
        return False
    if letter.state not in STEPS[step.step]:
        raise faults.NotReady(state=letter.state)
    last = letter.events.exclude(step="WRITTEN").order_by("-on").values_list("on", flat=True).first() or letter.as_of
    today = clock.business_date(clock.now_minute(), letter.lender.zone)
    if not last <= step.on <= today:
        raise faults.StepDay(on=step.on, last=last)
    _numbered(letter, step.post_no)
    event = LetterEvent.objects.create(letter=letter, step=step.step, on=step.on, at=clock.now_minute(), by=actor,
                                       note=step.note.strip()[:300], source=step.source[:120], file=proof)  # fmt: skip
    letter.state = step.step
    letter.save(update_fields=["state"])
    _follows(actor, letter, step, event)
    audit.write(actor, f"letter.{step.step.lower()}", "letter", letter.pk, case=letter.case_id, on=step.on)
    return True


def _numbered(letter: Letter, post_no: str) -> None:
    if not post_no or letter.post_no == post_no:
        return
    taken = Letter.objects.filter(lender=letter.lender_id, post_no=post_no).exclude(pk=letter.pk).exists()
    if taken or letter.post_no:
        raise faults.PostNumberTaken(post_no=post_no)
    letter.post_no = post_no
    letter.save(update_fields=["post_no"])


def _follows(actor: str, letter: Letter, step: Step, event: LetterEvent) -> None:
    """Legal periods, the health of the address, and who must look at it."""
    kind, case = known.kind_of(letter), letter.case
    law = {Letter.DELIVERED: kind.event, Letter.DISPATCHED: kind.sent_event}.get(step.step)
    if law is not None:
        guarantor = letter.person if letter.party == Party.GUARANTOR else None
        legal_events.record(actor, case, law, step.on, Proof("letter", letter.pk, event.file or letter.file),
                            accounts=letter.accounts.select_related("lender"),
                            person=guarantor, note=letter.number or "")  # fmt: skip
    if step.step == Letter.RETURNED and letter.point_id is not None and not by_mail(letter):  # a bounce says itself why
        Point.objects.filter(pk=letter.point_id).update(status=int(PointStatus.INVALID), status_on=step.on)
    if step.step in {Letter.RETURNED, Letter.REFUSED}:
        _look(actor, case, letter, step)


def _look(actor: str, case: Case, letter: Letter, step: Step) -> None:
    """Somebody finds out the right address, or decides what a refusal to accept means."""
    title, said = known.kind_of(letter).title, step.note or step.step
    whom = tasks.Whom(owner=case.owner) if case.owner else tasks.Whom(role=Role.LEAD if case.owner is None else UNKNOWN)
    tasks.open_task(
        actor, case.lender, "LETTER_CAME_BACK", whom, about=tasks.About(case, "letter", letter.pk),
        detail={"zh": f"{title['zh']} {letter.number}：{said}", "en": f"{title['en']} {letter.number}: {said}"},
    )  # fmt: skip
