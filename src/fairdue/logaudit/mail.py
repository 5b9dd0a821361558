"""Reads a file of registered mail: what was dispatched, delivered, returned. What fits nothing comes back with its reasons."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
from django.db import transaction

from fairdue import intake
from fairdue.core.errors import Fault, Lang
from fairdue.intake.canonical import ROW
from fairdue.rules.letters.mail import DATES, MailMapping, day_of, mail_mapping
from fairdue.store.actions import letter_files, letter_post
from fairdue.store.actions.letter_post import Step
from fairdue.store.models import Letter, MailFile, User


class UnknownLetter(Fault):
    """No letter of this lender goes by that number."""

    code = "mail.unknown-letter"
    en, en_remedy = "No issued letter has the number ‘{number}’ or the item number ‘{post_no}’.", "Correct the number."
    zh, zh_remedy = "没有编号为“{number}”或邮件号为“{post_no}”的已签发信函。", "请更正编号。"


class BadDay(Fault):
    """No date."""

    code = "mail.bad-day"
    en, en_remedy = "‘{value}’ in the column {column} is no date.", "Write it like 2026-10-01."
    zh, zh_remedy = "“{column}”列的“{value}”不是日期。", "请写成 2026-10-01。"


class NothingHappened(Fault):
    """A row without a date tells nothing."""

    code = "mail.nothing"
    en, en_remedy = "The row tells of no dispatch, delivery or return.", "Fill in a date, or leave the row out."
    zh, zh_remedy = "该行没有收寄、妥投或退回信息。", "请补充日期，或删除该行。"


@dataclass(frozen=True)
class Read:
    """What became of a file."""

    file: MailFile
    again: bool


def import_mail(user: User, path: Path, mapping_name: str = "china-post", lang: Lang = "zh", name: str = "") -> Read:
    """Read it for the user's lender. Raises `NotYours`, `NoMailMapping`, `NotMail`, a `FileFault`; then nothing was read.

    Cut off, it may be read again: what is known already changes nothing. The same file a second time is not read at all.
    """
    mapping = mail_mapping(mapping_name)
    source = intake.open_source(path, kind="people")
    columns = mapping.found(source.columns, name or path.name)
    known = letter_files.known(user, source.sha256, mapping.name)
    if known is not None:
        return Read(known, again=True)
    count: Counter[str] = Counter()
    with (
        tempfile.TemporaryDirectory() as folder,
        intake.RejectsWriter(Path(folder) / "rejects.csv", source.columns, lang) as writer,
    ):
        for frame in source.chunks():
            rejects = list(_rows(user, frame, columns, mapping, count, name or path.name))
            if rejects:
                writer.add(frame, pl.DataFrame(rejects))
        writer.__exit__(None, None, None)
        rejected = writer.path.read_bytes() if writer.rows else b""
        told = letter_files.Told(
            name or path.name, source.sha256, mapping.name, count["new"], count["known"], writer.rows
        )
        return Read(letter_files.keep(user, told, rejected), again=False)


def _rows(
    user: User, frame: pl.DataFrame, columns: dict[str, str], mapping: MailMapping, count: Counter[str], file: str
) -> Iterator[dict[str, Any]]:
    for row in frame.to_dicts():
        said = {field: str(row[column] or "").strip() for field, column in columns.items()}
        try:
            count["new" if _take(user, said, mapping, columns, f"{file}:{row[ROW]}") else "known"] += 1
        except Fault as fault:
            yield {"row_no": row[ROW], "field": "", **{lang: fault.sentence(lang) for lang in ("zh", "en")},
                   "zh_remedy": "", "en_remedy": ""}  # fmt: skip


@transaction.atomic
def _take(user: User, said: dict[str, str], mapping: MailMapping, columns: dict[str, str], source: str) -> bool:
    """One row, whole or not at all; whether it told anything new."""
    letter = letter_files.find(user, said.get("number", ""), said.get("post_no", ""))
    if letter is None:
        raise UnknownLetter(number=said.get("number", ""), post_no=said.get("post_no", ""))
    steps = list(_steps(said, mapping, columns))
    if not steps:
        raise NothingHappened
    told = [letter_post.take_in(user.username, letter, Step(**step, source=source)) for step in steps]
    return any(told)  # each of them was taken in before this is asked


def _steps(said: dict[str, str], mapping: MailMapping, columns: dict[str, str]) -> Iterator[dict[str, Any]]:
    """What the row tells, in the order in which it happened."""
    day = {field: _day(said[field], columns[field]) for field in DATES if said.get(field)}
    number, why = said.get("post_no", ""), said.get("why", "")
    if "dispatched_on" in day:
        yield {"step": Letter.DISPATCHED, "on": day["dispatched_on"], "post_no": number}
    if "delivered_on" in day:
        yield {
            "step": Letter.DELIVERED,
            "on": day["delivered_on"],
            "note": said.get("signed_by", ""),
            "post_no": number,
        }
    elif "returned_on" in day:
        refused = any(word in why for word in mapping.refused)
        yield {
            "step": Letter.REFUSED if refused else Letter.RETURNED,
            "on": day["returned_on"],
            "note": why,
            "post_no": number,
        }


def _day(said: str, column: str) -> date:
    try:
        return day_of(said)
    except ValueError:
        raise BadDay(value=said, column=column) from None
