"""Loads how customers pay and what they consented to, from a CSV of the lender; a bad row does not stop the others."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from fairdue.core.codes import Channel
from fairdue.core.errors import Fault, Lang
from fairdue.store.actions.reminders import Said, know
from fairdue.store.models import Account, Organisation

COLUMNS = ("account_no", "direct_debit", "debits_ok", "wanted", "channels")
OURS = ("fairdue_row", "fairdue_field", "fairdue_reason", "fairdue_remedy")
YES_NO = {"yes": True, "no": False, "1": True, "0": False, "是": True, "否": False, "": None}


class WrongHabit(Fault):
    """A cell cannot be read."""

    code = "habits.wrong"
    en, en_remedy = "{column}: '{value}' is not possible.", "Write {possible}."
    zh, zh_remedy = "{column}：“{value}”无效。", "可填：{possible}。"


class NoColumns(Fault):
    """The file lacks columns."""

    code = "habits.no-columns"
    en, en_remedy = "The file cannot be read or lacks columns ({why}).", "Give a CSV in UTF-8 with {columns}."
    zh, zh_remedy = "文件无法读取或缺少列（{why}）。", "请提供 UTF-8 编码的 CSV，列为 {columns}。"


@dataclass(frozen=True)
class Loaded:
    """What came of a file."""

    rows: int
    loaded: int
    rejected: int
    rejects: str


def load(lender: Organisation, path: Path, rejects: Path, as_of: date, *, actor: str, lang: Lang) -> Loaded:
    """Keep every row that can be read; the others go to `rejects` with reasons. Raises `NoColumns`."""
    rows, bad = list(_read(path)), []
    for number, row in enumerate(rows, 2):
        try:
            know(actor, _account(lender, row), _said(row), as_of)
        except Fault as fault:
            field = str(fault.fields.get("column", ""))
            bad.append(row | dict(zip(OURS, (str(number), field, fault.what(lang), fault.remedy(lang)), strict=True)))
    rejects.unlink(missing_ok=True)
    if bad:
        with rejects.open("w", encoding="utf-8-sig", newline="") as file:
            rejects.chmod(0o600)
            writer = csv.DictWriter(file, (*COLUMNS, *OURS))
            writer.writeheader()
            writer.writerows(bad)
    return Loaded(len(rows), len(rows) - len(bad), len(bad), str(rejects) if bad else "")


def _read(path: Path) -> Iterator[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
            if missing:
                raise NoColumns(why=", ".join(missing), columns=", ".join(COLUMNS))
            for row in reader:
                yield {name: (row.get(name) or "").strip() for name in COLUMNS}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise NoColumns(why=str(error), columns=", ".join(COLUMNS)) from None


def _account(lender: Organisation, row: dict[str, str]) -> Account:
    found = Account.objects.filter(lender=lender, account_no=row["account_no"]).first()
    if found is None:
        raise WrongHabit(column="account_no", value=row["account_no"], possible="an account of the book / 已导入的账户")
    return found


def _said(row: dict[str, str]) -> Said:
    channels = tuple(filter(None, (part.strip().upper() for part in row["channels"].replace(";", ",").split(","))))
    for name in channels:
        if name not in Channel.__members__:
            raise WrongHabit(column="channels", value=name, possible=", ".join(Channel.__members__))
    if not (row["debits_ok"] or "0").isdigit():
        raise WrongHabit(column="debits_ok", value=row["debits_ok"], possible="0, 1, 2 …")
    return Said(_yes(row, "direct_debit"), min(int(row["debits_ok"] or 0), 999), _yes(row, "wanted"), channels)


def _yes(row: dict[str, str], column: str) -> bool | None:
    said = row[column].casefold()
    if said not in YES_NO:
        raise WrongHabit(column=column, value=row[column], possible="yes, no")
    return YES_NO[said]
