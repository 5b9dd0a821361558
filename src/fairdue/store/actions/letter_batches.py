"""Letters printed together: chosen, written for many cases, sealed one by one, put into print files, sent off."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from pypdf import PdfReader, PdfWriter

from fairdue.core.codes import Role
from fairdue.core.errors import Fault
from fairdue.store import access, audit, clock, reasons, vault
from fairdue.store import letters as known
from fairdue.store.access import NotYours
from fairdue.store.actions import letter_faults as faults
from fairdue.store.actions import letter_post, letters
from fairdue.store.actions.contacts import Refusal
from fairdue.store.actions.letters import Wanted
from fairdue.store.locks import lock_person
from fairdue.store.models import Decision, Letter, LetterBatch, LetterVolume, User

PRINTERS = frozenset({Role.LEAD, Role.COMPLIANCE})
VOLUME = 200  # letters in one print file: a printer takes it, and memory holds it
KEPT_DAYS = 90  # a judgement: print files and their lists of addresses go then; every letter stays by itself
PRINTABLE = (Letter.DRAFT, Letter.READY, Letter.ISSUED)
HEADS = ("place", "file", "first_page", "pages", "number", "kind", "registered", "name", "address", "sha256")


Bound = Sequence[tuple[LetterVolume, Sequence[Letter]]]


class BatchRuns(Fault):
    """Two at once would print twice."""

    code = "letter-batch.state"
    en, en_remedy = "This batch is {state}.", "Wait for it, or stop it first."
    zh, zh_remedy = "该批次当前为 {state}。", "请等待完成，或先停止。"


class BatchEmpty(Fault):
    """Nothing to print."""

    code = "letter-batch.empty"
    en, en_remedy = "No letter was chosen.", "Choose letters that are drafts, approved or issued and in no batch yet."
    zh, zh_remedy = "没有选择信函。", "请选择尚未列入批次的草稿、已批准或已签发信函。"


@transaction.atomic
def choose(user: User, title: str, letter_ids: Sequence[int]) -> LetterBatch:
    """A batch of letters the user may read, in the order given. Raises `NotYours`, `BatchEmpty`."""
    _may(user)
    there = access.letters_for(user).filter(pk__in=letter_ids, state__in=PRINTABLE, batch=None)
    order = {pk: place for place, pk in enumerate(dict.fromkeys(letter_ids), 1)}
    found = sorted(there, key=lambda letter: order[letter.pk])
    if not found:
        raise BatchEmpty
    batch = _new(user, title)
    for place, letter in enumerate(found, 1):
        letter.batch, letter.place = batch, place
    Letter.objects.bulk_update(found, ["batch", "place"])
    audit.write(user.username, "letter-batch.choose", "letter_batch", batch.pk, letters=len(found))
    return batch


def write_many(user: User, title: str, wanted: Wanted, case_ids: Iterable[int]) -> LetterBatch:
    """Write one letter for each case and put them into a batch; what cannot be written is kept with its reason."""
    _may(user)
    written, rejects = [], []
    for case_id in dict.fromkeys(case_ids):
        try:
            written.append(letters.write(user, case_id, wanted).pk)
        except Fault as fault:
            rejects.append(_reject(case_id, None, fault))
    with transaction.atomic():
        ready = Letter.objects.filter(pk__in=written, state__in=PRINTABLE).values_list("pk", flat=True)
        batch = choose(user, title, [pk for pk in written if pk in set(ready)]) if ready else _new(user, title)
        waiting = Letter.objects.filter(pk__in=written, state=Letter.ASKED)
        for place, letter in enumerate(waiting, len(ready) + 1):  # they print when somebody has approved them
            Letter.objects.filter(pk=letter.pk).update(batch=batch, place=place)
        batch.rejects = rejects
        batch.save(update_fields=["rejects"])
    return batch


def _new(user: User, title: str) -> LetterBatch:
    return LetterBatch.objects.create(
        lender=user.organisation, title=title.strip()[:120] or "–", made_by=user, made_at=clock.now_minute()
    )


def _may(user: User) -> None:
    if Role(user.role) not in PRINTERS:
        raise NotYours


def get(user: User, batch_id: int) -> LetterBatch:
    """One batch of the user's lender. Raises `NotYours`."""
    found = access.letter_batches_for(user).select_related("made_by", "lender", "manifest").filter(pk=batch_id).first()
    if found is None:
        raise NotYours
    return found


@transaction.atomic
def begin(user: User, batch_id: int) -> LetterBatch:
    """Mark it as running, so that nobody else does. One that was cut off is begun again. Raises `NotYours`."""
    _may(user)
    batch = get(user, batch_id)
    _state(batch, "RUNNING")
    audit.write(user.username, "letter-batch.print", "letter_batch", batch.pk)
    return batch


@transaction.atomic
def stop(user: User, batch_id: int) -> LetterBatch:
    """Have it stop after the letter it is at. Raises `NotYours`, `BatchRuns`."""
    _may(user)
    batch = get(user, batch_id)
    if batch.state != "RUNNING":
        raise BatchRuns(state=batch.state)
    _state(batch, "STOPPED")
    audit.write(user.username, "letter-batch.stop", "letter_batch", batch.pk)
    return batch


def issue_one(batch: LetterBatch, letter_id: int) -> dict[str, Any] | None:
    """Seal one letter of the batch; what stands against it, as a row of rejects, or None."""
    letter = Letter.objects.select_related(
        "case__lender", "case__customer", "case__owner", "lender", "person", "point"
    ).get(pk=letter_id)
    try:
        with transaction.atomic():
            lock_person(letter.case.customer_id)
            letter.refresh_from_db(fields=["state"])
            if letter.state not in {Letter.DRAFT, Letter.READY}:
                raise faults.NotReady(state=letter.state)
            found = letters.seal(batch.made_by, letter)
    except Fault as fault:
        return _reject(letter.case_id, letter.pk, fault)
    return _reject(letter.case_id, letter.pk, _refused(found)) if isinstance(found, Refusal) else None


def _refused(found: Refusal) -> faults.GuardRefused:
    whys = reasons.of_decision(Decision.objects.select_related("case__lender").get(pk=found.decision_id))
    return faults.GuardRefused(
        rules="; ".join(why.title["en"] for why in whys), rules_zh="；".join(why.title["zh"] for why in whys)
    )


def _reject(case_id: int, letter_id: int | None, fault: Fault) -> dict[str, Any]:
    return {
        "case": case_id,
        "letter": letter_id,
        "code": fault.code,
        "zh": fault.sentence("zh"),
        "en": fault.sentence("en"),
    }


@transaction.atomic
def bind(batch: LetterBatch, number: int, letters_of: Sequence[Letter]) -> LetterVolume:
    """One print file of these letters, in their order."""
    writer = PdfWriter()
    for letter in letters_of:
        if letter.file is not None:
            writer.append(PdfReader(io.BytesIO(vault.read(letter.file))))
    out = io.BytesIO()
    writer.write(out)
    kept = _kept(batch, f"letters-{batch.pk}-{number:03}.pdf", "application/pdf", out.getvalue())
    made = LetterVolume.objects.create(
        batch=batch, number=number, file=kept, letters=len(letters_of), pages=len(writer.pages)
    )
    audit.write(
        batch.made_by.username, "letter-batch.bind", "letter_batch", batch.pk, number=number, sha256=kept.sha256
    )
    return made


def _kept(batch: LetterBatch, name: str, media_type: str, content: bytes) -> Any:
    until = clock.business_date(clock.now_minute(), batch.lender.zone) + timedelta(days=KEPT_DAYS)
    return vault.keep(content, name=name, media_type=media_type, kind="print-file", keep_until=until,
                      actor=batch.made_by.username, lender=batch.lender)  # fmt: skip


@transaction.atomic
def finish(batch: LetterBatch, rejects: Sequence[dict[str, Any]], bound: Bound) -> LetterBatch:
    """The list of order with checksums, the rejects, and the end of the work."""
    unwritten = [row for row in batch.rejects if row["letter"] is None]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADS)
    for volume, letters_of in bound:
        writer.writerows(_rows(volume, letters_of))
    batch.rejects = [*unwritten, *rejects]
    batch.manifest = _kept(batch, f"letters-{batch.pk}.csv", "text/csv", out.getvalue().encode("utf-8-sig"))
    batch.save(update_fields=["rejects", "manifest"])
    _state(batch, "DONE")
    audit.write(batch.made_by.username, "letter-batch.done", "letter_batch", batch.pk, rejected=len(batch.rejects),
                letters=sum(volume.letters for volume, _ in bound), sha256=batch.manifest.sha256)  # fmt: skip
    return batch


def _rows(volume: LetterVolume, letters_of: Sequence[Letter]) -> Iterable[tuple[object, ...]]:
    page = 1
    for letter in letters_of:
        facts, kind = known.facts_of(letter), known.kind_of(letter)
        cells = (letter.place, volume.file.name, page, letter.pages, letter.number, kind.id, "yes" if kind.registered else "no",
                 facts.person, facts.address.replace("\n", " "), letter.sha256)  # fmt: skip
        yield tuple(
            "'" + cell if isinstance(cell, str) and cell[:1] in {"=", "+", "-", "@"} else cell for cell in cells
        )
        page += letter.pages


@transaction.atomic
def sent(user: User, batch_id: int, on: date, source: str = "") -> int:
    """All issued letters of a batch were handed to the post on a day; how many. Raises `NotYours`, `StepDay`."""
    _may(user)
    batch = get(user, batch_id)
    there = batch.letters.filter(state=Letter.ISSUED).select_related(
        "case__lender", "case__owner", "lender", "person", "file"
    )
    step = letter_post.Step(Letter.DISPATCHED, on, source=source)
    return sum(
        letter_post.take_in(user.username, letter, replace(step)) for letter in there.order_by("case__customer_id")
    )


@transaction.atomic
def fetch(user: User, batch_id: int, number: int | None) -> tuple[str, str, bytes]:
    """A print file, or with None the list: name, media type, bytes. That it was taken stands in the trail. Raises `NotYours`."""
    _may(user)
    batch = get(user, batch_id)
    kept = batch.manifest if number is None else next((v.file for v in batch.volumes.filter(number=number)), None)
    if kept is None:
        raise NotYours
    audit.write(user.username, "letter-batch.fetch", "letter_batch", batch.pk, sha256=kept.sha256)
    return kept.name, kept.media_type, vault.read(kept)


def _state(batch: LetterBatch, state: str) -> None:
    batch.state = state
    batch.save(update_fields=["state"])
