"""Lists for a dialler out, results of a dialler in: one line after the other, so that a killed run goes on where it was."""

from __future__ import annotations

import csv
import hashlib
import io
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from fairdue.core.codes import Mode
from fairdue.core.errors import Fault, Lang
from fairdue.jobs.progress import Report
from fairdue.rules.dialler import COLUMNS, NEEDED, DiallerWords
from fairdue.store import audit, clock
from fairdue.store.actions import dialler
from fairdue.store.models import Case, Organisation, User

LIST = ("line", "case", "number", "window_from", "window_until", "owner", "mode", "announce")
ROBOT: Mapping[Lang, str] = {"zh": "本次为自动语音外呼", "en": "This is an automated call"}
OURS = "fairdue_reason"


class NotAResult(Fault):
    """The file is not one of results."""

    code = "dialler.not-a-result"
    en, en_remedy = "{file} has no column for {missing}.", "Name the columns as in rules/dialler.yaml, or give --words."
    zh, zh_remedy = "{file} 缺少“{missing}”一列。", "请按 rules/dialler.yaml 命名各列，或用 --words 指定。"


class NotAMoment(Fault):
    """The time cannot be read."""

    code = "dialler.not-a-moment"
    en, en_remedy = "'{value}' is no time.", "Write it as 2026-03-02 10:15, on the clock of --clock."
    zh, zh_remedy = "“{value}”不是时间。", "请写成 2026-03-02 10:15，以 --clock 所指时区为准。"


class NotAnOutcome(Fault):
    """The word for the outcome is not known."""

    code = "dialler.not-an-outcome"
    en, en_remedy = (
        "'{value}' is not known as an outcome.",
        "Use one of our codes, or add the word to a file and give it by --words.",
    )
    zh, zh_remedy = "无法识别结果“{value}”。", "请使用结果码，或在文件中增加该词并用 --words 指定。"


@dataclass(frozen=True)
class Exported:
    """What a list came to."""

    lines: int
    refused: int
    file: Path

    def as_dict(self) -> dict[str, Any]:
        """For a program."""
        return {"lines": self.lines, "refused": self.refused, "file": str(self.file)}


def export(
    lender: Organisation, out: Path, name: str, *, owner: User | None, limit: int, robot: bool, report: Report
) -> Exported:
    """Write a list: every line is allowed now and reserved until its window ends. The same name again goes on with it."""
    ids = dialler.candidates(lender.pk, owner, limit)
    mode = Mode.NOTIFY if robot else Mode.TALK
    made, refused = [], 0
    for n, case_id in enumerate(ids, 1):
        case = Case.objects.select_related("customer", "lender", "owner").get(pk=case_id)
        line = dialler.take_line(case, name, mode)
        if line is None:
            refused += 1
        else:
            made.append(line)
        report("dialler", n, len(ids))
    data = _written(made)
    _private(out, data)
    with transaction.atomic():
        audit.write("cli", "dialler.export", "organisation", lender.pk, reason=name, lines=len(made), refused=refused,
                    robot=robot, sha256=hashlib.sha256(data).hexdigest())  # fmt: skip
    return Exported(len(made), refused, out)


def _written(lines: list[dialler.Line]) -> bytes:
    text = io.StringIO()
    sheet = csv.writer(text)
    sheet.writerow(LIST)
    for one in lines:
        announce = " / ".join(ROBOT.values()) if one.mode == Mode.NOTIFY else ""
        sheet.writerow([one.attempt_id, one.case_id, one.number, one.begin.isoformat(), one.end.isoformat(), one.owner,
                        one.mode.name, announce])  # fmt: skip
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _private(path: Path, data: bytes) -> None:
    """Numbers in clear: readable by their owner only, all of it or nothing."""
    beside = path.with_suffix(path.suffix + ".part")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
    beside.rename(path)


@dataclass(frozen=True)
class Imported:
    """What a file of results came to. `outside`: lines dialled outside their window."""

    read: int
    recorded: int
    again: int
    outside: tuple[int, ...]
    rejected: int
    rejects: Path | None

    def as_dict(self) -> dict[str, Any]:
        """For a program."""
        return {"read": self.read, "recorded": self.recorded, "again": self.again, "outside": list(self.outside),
                "rejected": self.rejected, "rejects": str(self.rejects) if self.rejects else None}  # fmt: skip


def load(lender: Organisation, path: Path, words: DiallerWords, zone: str, lang: Lang, report: Report) -> Imported:
    """Record every result of a file; what cannot be recorded goes to `FILE.rejects.csv`, to be mended and loaded again."""
    rows, header = _rows(path)
    where = _columns(words, header, path)
    recorded, again, outside, bad = 0, 0, [], []
    for n, row in enumerate(rows, 1):
        try:
            done = dialler.report("cli", lender.pk, _said(row, where, words, zone))
        except Fault as fault:
            bad.append({**row, OURS: fault.sentence(lang)})
            continue
        recorded, again = recorded + (not done.again), again + done.again
        if done.outside:
            outside.append(done.attempt_id)
        report("dialler", n, len(rows))
    rejects = path.with_suffix(".rejects.csv")
    rejects.unlink(missing_ok=True)
    if bad:
        _private(rejects, _sheet([*header, OURS], bad))
    return Imported(len(rows), recorded, again, tuple(outside), len(bad), rejects if bad else None)


def _rows(path: Path) -> tuple[list[dict[str, str]], list[str]]:
    raw = path.read_bytes()
    text = raw.decode("utf-8-sig") if _is_utf8(raw) else raw.decode("gb18030")
    sheet = csv.DictReader(io.StringIO(text))
    header = [name for name in (sheet.fieldnames or []) if name != OURS]
    return [{name: row.get(name) or "" for name in header} for row in sheet], header


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return True


def _columns(words: DiallerWords, header: list[str], path: Path) -> dict[str, str]:
    folded = {name.strip().casefold(): name for name in header}
    found = {
        name: next((folded[word.casefold()] for word in words.columns.get(name, ()) if word.casefold() in folded), "")
        for name in COLUMNS
    }
    missing = [name for name in NEEDED if not found[name]]
    if missing:
        raise NotAResult(file=path.name, missing=", ".join(missing))
    return found


def _said(row: Mapping[str, str], where: Mapping[str, str], words: DiallerWords, zone: str) -> dialler.Dialled:
    line, word = row[where["line"]].strip(), row[where["outcome"]]
    if not line.isascii() or not line.isdigit():
        raise dialler.NoLine(line=line)
    outcome = words.outcome(word)
    if outcome is None:
        raise NotAnOutcome(value=word)
    note = row[where["note"]] if where["note"] else ""
    return dialler.Dialled(int(line), _minute(row[where["at"]], zone), outcome, note)


def _minute(value: str, zone: str) -> int:
    try:
        at = datetime.fromisoformat(value.strip().replace("/", "-"))
    except ValueError:
        raise NotAMoment(value=value) from None
    return clock.to_minute(at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone)))


def _sheet(header: list[str], rows: list[dict[str, str]]) -> bytes:
    text = io.StringIO()
    sheet = csv.DictWriter(text, header)
    sheet.writeheader()
    sheet.writerows(rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()
