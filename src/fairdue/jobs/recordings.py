"""Attaches many recordings to their contacts: a list in CSV beside a folder of files; a bad row does not stop the others."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fairdue.core.codes import Channel
from fairdue.core.errors import Fault, Lang
from fairdue.jobs.progress import Report, silent
from fairdue.store import clock
from fairdue.store.actions import recordings as acts
from fairdue.store.actions.recordings import Given, KeptAlready, NoContact
from fairdue.store.models import Attempt, Organisation

COLUMNS = ("attempt", "case", "at", "collector", "sound", "transcript")
OURS = ("fairdue_row", "fairdue_field", "fairdue_reason", "fairdue_remedy")
NEAR_MINUTES = (
    30  # a contact and its recording may differ by so much; the nearest is meant, two equally near are refused
)


class NoList(Fault):
    """The list cannot be read, or lacks columns."""

    code = "recordings.no-list"
    en, en_remedy = "The list '{file}' cannot be read: {why}.", "Give a CSV in UTF-8 with the columns {columns}."
    zh, zh_remedy = "清单“{file}”无法读取：{why_zh}。", "请提供 UTF-8 编码的 CSV，列为 {columns}。"


class NoSuchFile(Fault):
    """The row names a file that is not in the folder."""

    code = "recordings.no-file"
    en, en_remedy = "There is no file '{file}' in the folder.", "Put it there, or mend the name."
    zh, zh_remedy = "文件夹中没有文件“{file}”。", "请放入该文件，或更正文件名。"


class WhichContact(Fault):
    """The row fits no contact, or more than one."""

    code = "recordings.which-contact"
    en = "{count} contacts fit case {case} at {at}."
    en_remedy = "Give the number of the contact, or its case with the local time as 2026-09-30 10:15."
    zh = "案件 {case} 在 {at} 有 {count} 次联系符合。"
    zh_remedy = "请填写联系编号，或案件号与当地时间（如 2026-09-30 10:15）。"


@dataclass(frozen=True)
class Imported:
    """What came of a list."""

    rows: int
    kept: int
    already: int
    rejected: int
    rejects: str

    def as_dict(self) -> dict[str, Any]:
        """For a program."""
        return dict(vars(self))


def import_list(
    lender: Organisation, path: Path, folder: Path, rejects: Path, *, actor: str, lang: Lang, progress: Report = silent
) -> Imported:
    """Attach what the list names; rejected rows go to `rejects` as they were, with reasons, to be mended and given again.

    What is attached already counts as such: a list may be given again. Raises `NoList`.
    """
    rows = list(_read(path))
    kept, already, bad = 0, 0, []
    for number, row in enumerate(rows, 1):
        progress("recordings", number, len(rows))
        try:
            _one(lender, row, folder, actor)
            kept += 1
        except KeptAlready:
            already += 1
        except Fault as fault:
            bad.append(row | dict(zip(OURS, (str(number + 1), _field(fault), *_said(fault, lang)), strict=True)))
    _write(rejects, bad)
    return Imported(len(rows), kept, already, len(bad), str(rejects) if bad else "")


def _read(path: Path) -> Iterator[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            names = set(reader.fieldnames or ())
            if not names & {"attempt", "case"} or not names & {"sound", "transcript"}:
                raise NoList(
                    file=path.name, why="columns are missing", why_zh="缺少必需的列", columns=", ".join(COLUMNS)
                )
            for row in reader:
                yield {name: (row.get(name) or "").strip() for name in COLUMNS}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise NoList(file=path.name, why=str(error), why_zh=str(error), columns=", ".join(COLUMNS)) from None


def _one(lender: Organisation, row: Mapping[str, str], folder: Path, actor: str) -> None:
    acts.keep(
        actor, _contact(lender, row), _file(folder, row["sound"]), _file(folder, row["transcript"]), came_by="IMPORT"
    )


def _contact(lender: Organisation, row: Mapping[str, str]) -> Attempt:
    mine = Attempt.objects.filter(case__lender=lender).select_related("case__lender", "customer")
    if row["attempt"]:
        found = mine.filter(pk=int(row["attempt"])).first() if row["attempt"].isdigit() else None
        if found is None:
            raise NoContact(attempt=row["attempt"])
        return found
    minute = _minute(row["at"], lender.zone)
    near = mine.filter(case=int(row["case"]) if row["case"].isdigit() else -1, state=Attempt.CONFIRMED,
                       channel__in=(Channel.CALL, Channel.VISIT))  # fmt: skip
    if row["collector"]:
        near = near.filter(operator__username=row["collector"])
    rows = (
        sorted((abs(a.at - minute), a.pk, a) for a in near if abs(a.at - minute) <= NEAR_MINUTES) if minute >= 0 else []
    )
    if not rows or (len(rows) > 1 and rows[0][0] == rows[1][0]):
        raise WhichContact(count=len(rows), case=row["case"] or "?", at=row["at"] or "?")
    return rows[0][2]


def _minute(said: str, zone: str) -> int:
    """The minute of a local time, or of one with its offset; -1 where it is none."""
    try:
        at = datetime.fromisoformat(said)
    except ValueError:
        return -1
    return clock.to_minute(at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone)))


def _file(folder: Path, name: str) -> Given | None:
    """A file of the folder, never of elsewhere."""
    if not name:
        return None
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        raise NoSuchFile(file=name)
    return Given(path.name, path.read_bytes())


def _field(fault: Fault) -> str:
    """The column a fault is about."""
    fields = {
        "recording.not-words": "transcript",
        "recording.no-contact": "attempt",
        "recordings.which-contact": "case, at",
    }
    return fields.get(fault.code, "sound")


def _said(fault: Fault, lang: Lang) -> tuple[str, str]:
    return fault.what(lang), fault.remedy(lang)


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    path.unlink(missing_ok=True)
    if not rows:
        return
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        path.chmod(0o600)
        writer = csv.DictWriter(file, (*COLUMNS, *OURS))
        writer.writeheader()
        writer.writerows(rows)


def as_text(made: Imported, lang: Lang) -> str:
    """For a person."""
    zh = f"清单 {made.rows} 行：新附 {made.kept}，已有 {made.already}，退回 {made.rejected}"
    en = f"{made.rows} rows: attached {made.kept}, there already {made.already}, rejected {made.rejected}"
    return (zh if lang == "zh" else en) + (f" ({made.rejects})" if made.rejects else "")


def as_json(made: Imported) -> str:
    """For a program."""
    return json.dumps(made.as_dict(), ensure_ascii=False)
