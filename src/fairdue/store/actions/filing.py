"""Many like cases filed in one go: gone through one by one, with what was refused, and taken out as one archive with one sheet.

Each case takes the way a single one takes: preconditions, economics, papers, a second person. What one cannot do stops no other.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, BinaryIO

from django.db import transaction

from fairdue.core.codes import Role
from fairdue.core.errors import Fault, Lang
from fairdue.core.money import parse_minor
from fairdue.core.proceedings import CourtState, Procedure
from fairdue.store import audit, clock, court_file, vault
from fairdue.store.access import NotYours
from fairdue.store.actions import court
from fairdue.store.actions import court_faults as faults
from fairdue.store.models import FilingBatch, Proceeding, User

MOST = 2000  # cases in one batch: bounds the archive
SIMILAR = (Procedure.PAYMENT_ORDER, Procedure.SMALL_CLAIM, Procedure.SUIT, Procedure.MEDIATION, Procedure.ARBITRATION)


class TooMany(Fault):
    """An archive nobody can open."""

    code = "filing.too-many"
    en, en_remedy = "{count} cases are too many for one batch; at most {most}.", "Split them."
    zh, zh_remedy = "一批最多 {most} 件，当前为 {count} 件。", "请拆分。"


class NothingToFile(Fault):
    """An empty list."""

    code = "filing.nothing"
    en, en_remedy = "No case was named.", "Enter the numbers of the cases, one a line."
    zh, zh_remedy = "未填写案件。", "请填写案件编号，每行一个。"


@transaction.atomic
def start(
    user: User, procedure: Procedure, cases: Sequence[int], title: str, court_name: str, reason: str
) -> FilingBatch:
    """Begin a batch; nothing is filed yet. Raises `CourtRole`, `CourtReason`, `DayMissing`, `NothingToFile`, `TooMany`."""
    if Role(user.role) not in court.MAY:
        raise faults.CourtRole
    if not reason.strip():
        raise faults.CourtReason
    if not court_name.strip():
        raise faults.DayMissing(step="Batch", step_zh="批量提交", what="the court", what_zh="法院名称")
    wanted = list(dict.fromkeys(cases))
    if not wanted or procedure not in SIMILAR:
        raise NothingToFile
    if len(wanted) > MOST:
        raise TooMany(count=len(wanted), most=MOST)
    made = FilingBatch.objects.create(
        lender=user.organisation, title=title.strip()[:120] or procedure.en, procedure=procedure, court=court_name.strip()[:200],
        cases=wanted, asked_by=user, asked_at=clock.now_minute(), reason=reason.strip()[:300],
    )  # fmt: skip
    audit.write(user.username, "filing.start", "filing_batch", made.pk, reason=made.reason, cases=len(wanted))
    return made


def step_on(user: User, batch_id: int, lang: Lang = "zh") -> FilingBatch:
    """Do the next case of a batch, or note why not: one transaction under the batch's lock. Raises `NotYours`.

    A killed process repeats nothing, and two that run the same batch take turns: no case is prepared twice or left out.
    """
    get_batch(user, batch_id)
    with transaction.atomic():
        row = FilingBatch.objects.select_for_update().get(pk=batch_id)
        if row.state not in {"STOPPED", "DONE"} and row.position < len(row.cases):
            refused = _one(user, row, row.cases[row.position], lang)
            row.rejects = [*row.rejects, refused] if refused else row.rejects
            row.position += 1
            row.state = "DONE" if row.position >= len(row.cases) else "RUNNING"
            row.save(update_fields=["position", "rejects", "state"])
    return get_batch(user, batch_id)


def _one(user: User, batch: FilingBatch, case_id: int, lang: Lang) -> dict[str, Any] | None:
    """Prepare one case with its file and ask for approval; nothing of it stays where that cannot be done."""
    try:
        with transaction.atomic():
            made = court.prepare(
                user, case_id, Procedure(batch.procedure), batch.reason, court=batch.court, batch=batch
            )
            court_file.build(user, made.pk, lang)
            court.ask(user, made.pk, batch.reason)
    except NotYours:
        return {"case": case_id, "code": "not-found", "en": "There is no such case for you.", "zh": "没有该案件。"}
    except Fault as fault:
        return {"case": case_id, "code": fault.code, "en": fault.sentence("en"), "zh": fault.sentence("zh")}
    return None


@transaction.atomic
def stop(user: User, batch_id: int) -> FilingBatch:
    """Stop before the next case; `go_on` takes it up again. Raises `NotYours`."""
    return _state(user, batch_id, "STOPPED")


@transaction.atomic
def go_on(user: User, batch_id: int) -> FilingBatch:
    """Take a stopped batch up again. Raises `NotYours`."""
    return _state(user, batch_id, "RUNNING")


def _state(user: User, batch_id: int, state: str) -> FilingBatch:
    get_batch(user, batch_id)
    row = FilingBatch.objects.select_for_update().get(pk=batch_id)
    if row.state != "DONE":
        row.state = state
        row.save(update_fields=["state"])
        audit.write(user.username, f"filing.{state.lower()}", "filing_batch", row.pk, position=row.position)
    return row


def get_batch(user: User, batch_id: int) -> FilingBatch:
    """One batch of the user's lender, for those who file. Raises `NotYours`."""
    if Role(user.role) not in court.MAY:
        raise NotYours
    found = FilingBatch.objects.filter(pk=batch_id, lender_id=user.organisation_id).select_related("asked_by").first()
    if found is None:
        raise NotYours
    return found


@transaction.atomic
def archive(user: User, batch_id: int, into: BinaryIO) -> str:
    """Write every file of the batch, its one sheet as CSV and XLSX, and the rejects as one zip; its name. Raises `NotYours`.

    Only one file is in memory at a time.
    """
    batch = get_batch(user, batch_id)
    rows = []
    made = batch.proceedings.select_related("case__customer", "case__lender", "lender", "bundle").order_by("pk")
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as out:
        for found in made.iterator(chunk_size=100):
            rows.append(court_file.sheet(found, clock.business_date(clock.now_minute(), found.lender.zone)))
            if found.bundle is not None:
                out.writestr(f"case-{found.case_id}.pdf", vault.read(found.bundle))
        out.writestr("filings.csv", court_file.as_csv(rows))
        out.writestr("filings.xlsx", court_file.as_xlsx(rows))
        out.writestr("rejects.csv", rejects_csv(batch))
    audit.write(user.username, "filing.archive", "filing_batch", batch.pk, files=len(rows))
    return f"filing-{batch.pk}.zip"


def rejects_csv(batch: FilingBatch) -> bytes:
    """What was refused and why, with the case numbers in the first column, so that it can be mended and entered again."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("case", "code", "zh", "en"))
    writer.writerows((row["case"], row["code"], row["zh"], row["en"]) for row in batch.rejects)
    return out.getvalue().encode("utf-8-sig")


@dataclass(frozen=True)
class Imported:
    """What an outcome file did: lines taken over, and lines that were not, each with its number and why."""

    done: int
    rejects: tuple[dict[str, Any], ...]


COLUMNS = ("proceeding", "step", "on", "reference", "court", "served_on", "perform_by", "awarded", "note")


def import_outcomes(user: User, data: bytes) -> Imported:
    """Take over what a law firm or a court reports: a CSV with the columns COLUMNS. Good lines load, others are named."""
    reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig", "replace")))
    done, rejects = 0, []
    for number, row in enumerate(reader, 2):
        try:
            _outcome(user, row)
            done += 1
        except NotYours:
            rejects.append({"line": number, "code": "not-found", "en": "There is no such procedure for you.",
                            "zh": "没有该程序。", **row})  # fmt: skip
        except Fault as fault:
            rejects.append(
                {"line": number, "code": fault.code, "en": fault.sentence("en"), "zh": fault.sentence("zh"), **row}
            )
        except (KeyError, ValueError) as wrong:
            rejects.append({"line": number, "code": "unreadable", "en": f"Cannot be read: {wrong}.", "zh": f"无法读取：{wrong}。",
                            **row})  # fmt: skip
    return Imported(done, tuple(rejects))


def outcome_rejects(found: Imported) -> bytes:
    """The lines that were not taken over, as they came, with why: to be mended and loaded again."""
    out = io.StringIO()
    writer = csv.DictWriter(out, (*COLUMNS, "line", "code", "zh", "en"), extrasaction="ignore")
    writer.writeheader()
    writer.writerows(found.rejects)
    return out.getvalue().encode("utf-8-sig")


def _outcome(user: User, row: Mapping[str, str]) -> Proceeding:
    awarded = parse_minor(row["awarded"], user.organisation.exponent) if row.get("awarded") else None
    said = court.Said(
        on=_day(row["on"]), note=row.get("note") or "", court=row.get("court") or "", reference=row.get("reference") or "",
        served_on=_day(row.get("served_on")), perform_by=_day(row.get("perform_by")), awarded=awarded,
    )  # fmt: skip
    return court.step(user, int(row["proceeding"]), CourtState[row["step"].strip().upper()], said)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text.strip()) if text and text.strip() else None
