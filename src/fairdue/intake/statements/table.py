"""Statements that are tables: what the columns mean is data, one file per export; junk above and sums below are passed over."""

from __future__ import annotations

import csv
import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from fairdue.core.errors import Fault
from fairdue.core.statements import Entry, RowFault, Statement, StatementFault, check_chain
from fairdue.intake.encoding import examine, open_text
from fairdue.intake.faults import FileFault
from fairdue.intake.statements.common import attempt, day, minor, unreadable
from fairdue.intake.workbook import SheetTable

MAPPINGS = Path(__file__).parent / "mappings"
HEAD_ROWS = 40  # a head further down is none


class NoHead(StatementFault):
    """The columns are not there."""

    code = "statement.no-head"
    en, en_remedy = "{file} has no row with the columns {columns}.", "Export it again, or name another format."
    zh, zh_remedy = "{file} 中没有包含以下列的表头：{columns}。", "请重新导出，或指定其他格式。"


class SumsDiffer(StatementFault):
    """The sums the export states are not those of its rows."""

    code = "statement.sums-differ"
    en = "{file} states {told} for its rows; they make {made}."
    en_remedy = "Nothing was booked. Export the file again."
    zh = "{file} 注明合计 {told}，明细合计为 {made}。"
    zh_remedy = "未入账任何款项，请重新导出。"


@dataclass(frozen=True)
class Export:
    """How one export is read. Column names may be alternatives; the first that is there counts."""

    id: str
    zh: str
    en: str
    source: str
    columns: dict[str, list[str]]
    needs: list[str]
    incoming: list[str] = field(default_factory=list)
    outgoing: list[str] = field(default_factory=list)
    success: list[str] = field(default_factory=list)
    failed: dict[str, dict[str, str]] = field(default_factory=dict)
    back: list[str] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    sums: str = ""
    back_said: str = ""  # what the text of a row says that takes a payment back, with the reference of that payment


@cache
def _all() -> dict[str, Export]:
    found = [
        Export(id=file.stem, **yaml.safe_load(file.read_text("utf-8"))) for file in sorted(MAPPINGS.glob("*.yaml"))
    ]
    return {one.id: one for one in found}


def names() -> tuple[str, ...]:
    """The exports that are known."""
    return tuple(_all())


def guess(path: Path) -> str:
    """The export whose columns the file has; empty: none, or it is no table."""
    try:
        rows = _rows(path, HEAD_ROWS)
    except (FileFault, csv.Error):
        return ""
    return next((one.id for one in _all().values() if _head(rows, one) is not None), "")


def _rows(path: Path, most: int | None = None) -> list[list[str]]:
    if path.read_bytes()[:4] == b"PK\x03\x04" or path.suffix.lower() in {".xls", ".xlsx"}:
        cells = SheetTable.open(path, None, 1).cells
        return [
            ["" if c is None else str(c).strip() for c in row] for row in cells.head(most or cells.height).iter_rows()
        ]
    found = []
    with open_text(path, examine(path).encoding) as text:
        for number, row in enumerate(csv.reader(text), 1):
            found.append([cell.strip().strip("\t`'").strip() for cell in row])
            if number == most:
                break
    return found


def _head(rows: Sequence[Sequence[str]], mapping: Export) -> tuple[int, dict[str, int]] | None:
    for number, row in enumerate(rows[:HEAD_ROWS]):
        at = {
            name: next((row.index(one) for one in known if one in row), -1) for name, known in mapping.columns.items()
        }
        if all(at[name] >= 0 for name in mapping.needs):
            return number, {name: place for name, place in at.items() if place >= 0}
    return None


def read(path: Path, form: str, file: str, currency: str) -> Statement:
    """The statement of a table. Raises `NoHead`, `BrokenChain`, `SumsDiffer`."""
    mapping = _all()[form]
    rows = _rows(path)
    head = _head(rows, mapping)
    if head is None:
        raise NoHead(file=file, columns="、".join(mapping.columns[name][0] for name in mapping.needs))
    reader = _Table(mapping, head[1], currency)
    for number, row in enumerate(rows[head[0] + 1 :], head[0] + 2):
        reader.take(number, row)
    _check_sums(file, mapping, rows, reader.entries, currency)
    return reader.statement(file)


class _Table:
    """Reads row by row; faults are kept by row, a running balance for the check."""

    def __init__(self, mapping: Export, at: Mapping[str, int], currency: str) -> None:
        self.mapping, self.at, self.currency = mapping, at, currency
        self.entries, self.faults, self.refused = list[Entry](), list[RowFault](), list[Entry]()
        self.balances = list[tuple[int, int, int]]()

    def take(self, number: int, row: Sequence[str]) -> None:
        said = {name: row[place].strip() if place < len(row) else "" for name, place in self.at.items()}
        first = next((cell for cell in row if cell), "")
        if not any(row) or any(re.match(pattern, first) for pattern in self.mapping.passed_over):
            return
        try:
            self._entry(number, said)
        except (Fault, ValueError, KeyError) as error:
            amount = attempt(lambda: self._amount(said))
            self.faults.append(unreadable(number, "row", " | ".join(cell for cell in row if cell), error, amount))
            self._balance(number, said, amount)

    def _entry(self, number: int, said: Mapping[str, str]) -> None:
        amount = self._amount(said)
        if amount == 0:
            return
        status = said.get("status", "")
        to = ((said["account"], abs(amount)),) if said.get("account") else ()
        text = " ".join(filter(None, (said.get("said", ""), said.get("note", ""))))
        names = re.search(self.mapping.back_said, text) if self.mapping.back_said and amount < 0 else None
        back = status in self.mapping.back or names is not None
        undoes = names["ref"] if names else said.get("undoes") or said.get("ref", "")
        entry = Entry(
            number, day(said["on"]), -abs(amount) if back else amount, ref=said.get("ref", ""), payer=said.get("payer", ""),
            payer_account=said.get("payer_account", ""), virtual_account=said.get("virtual", ""), to=to,
            said=text, undoes=undoes if back else "", reason=said.get("reason", ""),
        )  # fmt: skip
        if self.mapping.success and status not in {*self.mapping.success, *self.mapping.back}:
            self.refused.append(entry)
            return
        self.entries.append(entry)
        self._balance(number, said, entry.amount)

    def _balance(self, number: int, said: Mapping[str, str], amount: int | None) -> None:
        if said.get("balance") and amount is not None:
            self.balances.append((number, amount, minor(said["balance"], self.currency)))

    def _amount(self, said: Mapping[str, str]) -> int:
        way = said.get("way", "")
        if "credit" in self.at:
            credit, debit = said.get("credit", ""), said.get("debit", "")
            return (minor(credit, self.currency) if credit else 0) - (minor(debit, self.currency) if debit else 0)
        value = minor(said["amount"].lstrip("¥￥+"), self.currency)
        if way in self.mapping.outgoing:
            return -abs(value)
        if self.mapping.incoming and way not in self.mapping.incoming:
            return 0
        return value

    def statement(self, file: str) -> Statement:
        """All of it, oldest first; the export may run either way."""
        opening = closing = None
        if self.balances:
            rising = list(self.balances)
            if not _agrees(rising) and _agrees(rising[::-1]):
                rising.reverse()
            check_chain(file, rising)
            opening, closing = rising[0][2] - rising[0][1], rising[-1][2]
        days: list[date] = [entry.on for entry in self.entries]
        return Statement(
            self.mapping.id, file, self.mapping.source, self.currency, from_on=min(days, default=None),
            to_on=max(days, default=None), opening=opening, closing=closing, entries=tuple(self.entries),
            faults=tuple(self.faults), refused=tuple(self.refused),
        )  # fmt: skip


def _agrees(rows: list[tuple[int, int, int]]) -> bool:
    return all(before[2] + row[1] == row[2] for before, row in itertools.pairwise(rows))


def _check_sums(file: str, mapping: Export, rows: Sequence[Sequence[str]], entries: list[Entry], currency: str) -> None:
    """Where the export states what came in, its rows must make that. Raises `SumsDiffer`."""
    if not mapping.sums:
        return
    for row in rows:
        found = re.search(mapping.sums, " ".join(row))
        if found:
            told: Any = minor(found["sum"], currency)
            made = sum(entry.amount for entry in entries if entry.amount > 0)
            if told != made:
                raise SumsDiffer(file=file, told=told, made=made)
            return
