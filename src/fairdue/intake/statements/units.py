"""A statement in the units the lender's book is kept in: some books of a currency with cents hold whole units only."""

from __future__ import annotations

from dataclasses import replace

from fairdue.core.statements import Entry, Statement, StatementFault
from fairdue.intake.statements.common import EXPONENTS


class Finer(StatementFault):
    """The statement has cents, and the book cannot hold them."""

    code = "statement.finer-than-the-book"
    en, en_remedy = (
        "{file}: {amount} hundredths of {currency} cannot stand in a book kept in whole units.",
        "Nothing was booked. Keep the lender's book with decimals, or ask whoever keeps it how they round.",
    )
    zh, zh_remedy = (
        "{file}：金额 {amount}（{currency} 最小单位）无法记入以整数为单位的账册。",
        "未入账任何款项。请将账册改为保留小数，或确认取整规则。",
    )


def in_units(told: Statement, currency: str, exponent: int) -> Statement:
    """The statement with amounts to `exponent` decimals, where it is in the book's `currency`. Raises `Finer`."""
    finer = EXPONENTS.get(currency, 2) - exponent
    if finer == 0 or told.currency not in {"", currency}:
        return told

    def units(amount: int) -> int:
        whole, rest = divmod(amount * 10 ** max(-finer, 0), 10 ** max(finer, 0))
        if rest:
            raise Finer(file=told.file, amount=amount, currency=currency)
        return int(whole)

    def entry(one: Entry) -> Entry:
        return replace(one, amount=units(one.amount), to=tuple((debt, units(part)) for debt, part in one.to))

    return replace(
        told,
        opening=None if told.opening is None else units(told.opening),
        closing=None if told.closing is None else units(told.closing),
        entries=tuple(entry(one) for one in told.entries),
        refused=tuple(entry(one) for one in told.refused),
        faults=tuple(replace(f, amount=None if f.amount is None else units(f.amount)) for f in told.faults),
    )
