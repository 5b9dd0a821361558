"""How files of registered mail are read: names of columns as data, dates as posts write them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from fairdue.core.errors import Fault, Lang
from fairdue.rules.reading import Reading, WrongFiles

FIELDS = ("number", "post_no", "dispatched_on", "delivered_on", "signed_by", "returned_on", "why")
DATES = ("dispatched_on", "delivered_on", "returned_on")
DAY = re.compile(r"^\s*(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?(?:[T\s].*)?$")


class NoMailMapping(Fault):
    """Nobody has said how such a file is read."""

    code = "mail.no-mapping"
    en, en_remedy = "There is no way '{name}' to read a file of registered mail.", "Use one of: {known}."
    zh, zh_remedy = "没有名为“{name}”的邮件回单映射。", "可用：{known}。"


class NotMail(Fault):
    """The columns that tell letters and what became of them are not there."""

    code = "mail.not-mail"
    en = "{file} is no file of registered mail: no column for {lacking} ({names})."
    en_remedy = "Choose the mapping that fits, or rename the columns."
    zh, zh_remedy = "{file} 不是邮件回单：缺少{lacking}列（{names}）。", "请选择合适的映射，或修改列名。"


@dataclass(frozen=True)
class MailMapping:
    """The names of columns by what they mean, and the words that say a letter was refused."""

    name: str
    title: Mapping[Lang, str]
    columns: Mapping[str, tuple[str, ...]]
    refused: tuple[str, ...]

    def found(self, there: Iterable[str], file: str) -> dict[str, str]:
        """Which column of a file is which. Raises `NotMail`."""
        have = {name.strip().casefold(): name for name in there}
        known = {
            field: next((have[n.casefold()] for n in names if n.casefold() in have), "")
            for field, names in self.columns.items()
        }
        for fields, what in (
            (("number", "post_no"), "number / post_no"),
            (("dispatched_on", "delivered_on", "returned_on", "why"), "dates"),
        ):
            if not any(known.get(field) for field in fields):
                names = ", ".join(name for field in fields for name in self.columns.get(field, ()))
                raise NotMail(file=file, lacking=what, names=names)
        return {field: column for field, column in known.items() if column}


@cache
def load_mail() -> Mapping[str, MailMapping]:
    """The known ways to read a file of registered mail. Raises `WrongFiles`."""
    reading = Reading(Path(__file__).parent / "mail.yaml", "letters/mail.yaml")
    found = {}
    for name, said in (reading.data or {}).items():
        if reading.keys(said, ("title", "columns", "refused"), (), f"'{name}'") and reading.keys(
            said["columns"], FIELDS, ()
        ):
            columns = {field: tuple(map(str, names)) for field, names in said["columns"].items()}
            found[name] = MailMapping(name, reading.both(said, "title"), columns, tuple(map(str, said["refused"])))
    if reading.faults:
        raise WrongFiles(reading.faults)
    return found


def mail_mapping(name: str) -> MailMapping:
    """One of them. Raises `NoMailMapping`."""
    if name not in load_mail():
        raise NoMailMapping(name=name, known=", ".join(load_mail()))
    return load_mail()[name]


def day_of(said: str) -> date:
    """A date as a post writes it. Raises `ValueError`."""
    match = DAY.match(said)
    if match is None:
        raise ValueError(said)
    return date(int(match[1]), int(match[2]), int(match[3]))
