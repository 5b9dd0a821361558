"""What every statement is read into: balances, entries and faults by row; checked before anything is booked."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import date

from fairdue.core.errors import Fault


class StatementFault(Fault):
    """A statement that is not booked."""


class Unbalanced(StatementFault):
    """Opening and entries do not make the closing."""

    code = "statement.unbalanced"
    en = "{file}: opening {opening} and entries {entries} make {made}, but the statement closes with {closing}."
    en_remedy = "Nothing was booked. Get the whole statement from the bank again."
    zh = "{file}：期初 {opening} 加发生额 {entries} 为 {made}，与期末 {closing} 不符。"
    zh_remedy = "未入账任何款项，请向银行重新获取完整对账单。"


class BrokenChain(StatementFault):
    """A running balance jumps: a line is missing or was changed."""

    code = "statement.broken-chain"
    en, en_remedy = (
        "{file}: the balance after row {row} is {told}, and should be {made}.",
        "Nothing was booked. Get the whole statement again.",
    )
    zh, zh_remedy = "{file}：第 {row} 行后的余额为 {told}，应为 {made}。", "未入账任何款项，请重新获取完整对账单。"


@dataclass(frozen=True)
class Entry:
    """One movement: minor units, negative where money left. `undoes` names the reference of a payment taken back."""

    row: int
    on: date
    amount: int
    ref: str = ""
    payer: str = ""
    payer_account: str = ""
    virtual_account: str = ""
    said: str = ""
    to: tuple[tuple[str, int], ...] = ()
    undoes: str = ""
    reason: str = ""


@dataclass(frozen=True)
class RowFault:
    """A row that could not be read: where, what was there, why, what to do. Good rows still load."""

    row: int
    field: str
    raw: str
    zh: str
    en: str
    amount: int | None = None  # where it could be read it counts in the balance


@dataclass(frozen=True)
class Statement:
    """One statement. Opening and closing are None where the format does not say them."""

    format: str
    file: str
    source: str = "STATEMENT"
    currency: str = ""
    account: str = ""
    bank_ref: str = ""
    from_on: date | None = None
    to_on: date | None = None
    opening: int | None = None
    closing: int | None = None
    entries: tuple[Entry, ...] = ()
    faults: tuple[RowFault, ...] = ()
    refused: tuple[Entry, ...] = field(default=())  # direct debits that failed: nothing came in

    def check(self) -> None:
        """Opening + entries = closing, in minor units, rows with faults included. Raises `Unbalanced`."""
        if self.opening is None or self.closing is None:
            return
        moved = sum(entry.amount for entry in self.entries) + sum(fault.amount or 0 for fault in self.faults)
        if self.opening + moved != self.closing:
            raise Unbalanced(file=self.file, opening=self.opening, entries=moved, made=self.opening + moved,
                             closing=self.closing)  # fmt: skip


def check_chain(file: str, balances: list[tuple[int, int, int]]) -> None:
    """Rows as (row, amount, balance after it), in the order of time. Raises `BrokenChain`."""
    for (_, _, before), (row, amount, after) in itertools.pairwise(balances):
        if before + amount != after:
            raise BrokenChain(file=file, row=row, told=after, made=before + amount)
