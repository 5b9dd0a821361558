"""A month of payments for a book, written in every format, with reversals; run as a program it books a folder and may die.

Known truth: what every debt owes at the end follows from the movements alone, reckoned here without the program.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import statement_files as files
from statement_files import Moved

FIRST = date(2026, 10, 1)


def movements(debts: Sequence[tuple[str, int, str]], form: str, number: int) -> list[Moved]:
    """Payments of the debts given as (account number, balance, name): parts of what is owed; every seventh is taken back."""
    found = []
    for at, (debt, owed, name) in enumerate(debts):
        on, amount, ref = FIRST + timedelta(days=(at * 7 + number) % 28), max(1, owed // 3), f"{form}-{number}-{at}"
        found.append(Moved(on, amount, ref, name, f"622200{at:08}", f"还款{debt}", debt=debt))
        if at % 7 == 3 and form not in files.NO_REVERSALS:
            back = on + timedelta(days=2)
            found.append(Moved(back, -amount, f"B{ref}", name, f"622200{at:08}", "退汇", back=ref, debt=debt))
    return sorted(found, key=lambda row: (row.on, row.amount < 0))


def write(folder: Path, debts: Sequence[tuple[str, int, str]]) -> tuple[list[Path], dict[str, int]]:
    """One file per format, the debts dealt round; and what was paid in the end on each debt."""
    folder.mkdir(exist_ok=True)
    paths, paid = [], dict.fromkeys((debt for debt, _, _ in debts), 0)
    forms = list(files.WRITERS)
    for number, form in enumerate(forms):
        rows = movements(debts[number :: len(forms)], form, number)
        for row in rows:
            paid[row.debt] += row.amount
        paths.append(files.write(folder, form, rows))
    return paths, paid


def book(folder: Path) -> None:
    """Every file of a folder through the same doors as the command line."""
    from fairdue.intake import statements as intake
    from fairdue.store.actions import statements
    from fairdue.store.models import Organisation

    lender = Organisation.objects.get(is_lender=True)
    for path in sorted(folder.iterdir()):
        for told in intake.read(path, name=path.name):
            statements.book("test", lender, told, "0" * 64)


def die_after(moment: str, times: int) -> None:
    """Lay the mine: the process dies right after the moment's n-th passing."""
    import dying
    from fairdue.store import audit
    from fairdue.store.actions import known, ledger, payments, statements, suspense

    target = {
        "kept": (payments, "_keep"), "booked": (ledger, "record_payment"), "received": (payments, "receive"),
        "audited": (audit, "write"), "known": (known, "mark"), "back": (payments, "take_back"), "waits": (suspense, "put"),
        "opened": (statements, "_open"), "closed": (statements, "_close"),
    }[moment]  # fmt: skip
    setattr(*target, dying.after(getattr(*target), times))


if __name__ == "__main__":
    import django

    django.setup()
    if len(sys.argv) > 2:
        die_after(sys.argv[2], int(sys.argv[3]))
    book(Path(sys.argv[1]))
