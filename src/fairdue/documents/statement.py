"""The statement of account as a paper: what is owed on a day, and every line that led to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from fairdue.core.errors import Lang
from fairdue.documents.typeset import pdf

WORDS: Mapping[Lang, Mapping[str, object]] = {
    "zh": {"title": "账户明细", "on": "截至 {on}", "owed": ["账户", "构成", "金额"],
           "lines": ["日期", "账户", "事项", "金额", "余额"], "total": "合计"},
    "en": {"title": "Statement of account", "on": "As of {on}", "owed": ["Account", "Part", "Amount"],
           "lines": ["Date", "Account", "What", "Amount", "Balance"], "total": "Total"},
}  # fmt: skip


@dataclass(frozen=True)
class Statement:
    """What a statement says; amounts as they are written."""

    lender: Mapping[Lang, str]
    person: str
    currency: str
    on: date
    owed: Sequence[Sequence[str]]  # account, part, amount
    total: str
    lines: Sequence[Sequence[str]]  # date, account, what, amount, balance


def statement(said: Statement, lang: Lang) -> bytes:
    """The statement as PDF/A. Raises `NoChineseFont`."""
    words = WORDS[lang]
    facts = {
        "lender": said.lender[lang], "person": said.person, "title": words["title"], "total": [words["total"], said.total],
        "on": str(words["on"]).format(on=said.on.isoformat()), "currency": said.currency,
        "owed": [words["owed"], *said.owed], "lines": [words["lines"], *said.lines],
    }  # fmt: skip
    return pdf("statement", facts, said.on)
