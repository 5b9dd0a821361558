"""Reads the lender's file of balances: one row per account, one column per component, in Chinese or English."""

from __future__ import annotations

import csv
from pathlib import Path

from fairdue.core.codes import Component
from fairdue.core.errors import Fault
from fairdue.core.statements import RowFault
from fairdue.intake.encoding import examine, open_text
from fairdue.intake.statements.common import minor, unreadable
from fairdue.intake.statements.table import NoHead

ACCOUNT = ("account_no", "合同号", "借据号", "账户编号")
COLUMNS = {
    Component.PRINCIPAL: ("principal", "本金"), Component.INTEREST: ("interest", "利息"),
    Component.PENALTY: ("penalty", "罚息"), Component.FEES: ("fees", "费用"), Component.COSTS: ("costs", "实现债权费用"),
}  # fmt: skip


def read(path: Path, currency: str) -> tuple[dict[str, dict[Component, int]], tuple[RowFault, ...]]:
    """Balances by account number, minor units, and rows that cannot be read. A column that is not there is zero.

    Raises `NoHead`.
    """
    with open_text(path, examine(path).encoding) as text:
        rows = list(csv.DictReader(text))
    names = rows[0].keys() if rows else ()
    number = next((name for name in ACCOUNT if name in names), "")
    at = {c: next((name for name in known if name in names), "") for c, known in COLUMNS.items()}
    if not number or not at[Component.PRINCIPAL]:
        raise NoHead(file=path.name, columns=f"{ACCOUNT[0]}、{COLUMNS[Component.PRINCIPAL][0]}")
    found, faults = dict[str, dict[Component, int]](), list[RowFault]()
    for row, said in enumerate(rows, 2):
        try:
            found[said[number].strip()] = {c: minor(said[name] or "0", currency) for c, name in at.items() if name}
        except (Fault, ValueError, AttributeError) as error:
            faults.append(unreadable(row, "balance", " | ".join(map(str, said.values())), error, None))
    return found, tuple(faults)
