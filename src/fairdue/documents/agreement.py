"""The agreement on a plan, in Chinese and English: the same facts as text, which consent is given to, and as a page (PDF)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from fairdue.core.codes import Component, Product
from fairdue.core.errors import Lang
from fairdue.core.money import format_minor
from fairdue.documents import typeset
from fairdue.rules.reading import Reading, WrongFiles

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Line:
    """One payment of the schedule, minor units."""

    number: int
    on: date
    amount: int
    interest: int


@dataclass(frozen=True)
class Facts:
    """Everything an agreement names. Amounts in minor units, by component where there are five."""

    number: int
    on: date
    lender: dict[Lang, str]
    borrower: str
    identity: str
    account: str
    product: Product
    currency: str
    exponent: int
    balances: Sequence[int]
    waived: Sequence[int]
    at_end: bool
    title: dict[Lang, str]
    payments: Sequence[Line]
    total: int
    interest: int
    annual_ppm: int
    eac_ppm: int
    order: Sequence[Component]
    grace: int
    breaks: int
    review_on: date | None
    accepted_on: date | None = None
    consent: dict[Lang, str] | None = None

    def money(self, amount: int) -> str:
        """An amount as it is written in the agreement."""
        return format_minor(amount, self.exponent)


@dataclass(frozen=True)
class Clause:
    """One clause, with its table where it has one (the first row is the head)."""

    head: str
    text: str
    rows: tuple[tuple[str, ...], ...] = ()
    total: bool = False


def clauses(f: Facts, lang: Lang) -> tuple[Clause, ...]:
    """The clauses that stand in this agreement."""
    words, holds = _words(f, lang), _situations(f)
    found = (c for c in _texts()["clauses"] if set(c.get("when", [])) <= holds)
    return tuple(
        Clause(
            _numbered(number, c["head"][lang], lang),
            c["text"][lang].format_map(words),
            *_table(c.get("table", ""), f, lang),
        )
        for number, c in enumerate(found, 1)
    )


def _numbered(number: int, head: str, lang: Lang) -> str:
    return f"{'零一二三四五六七八九'[number]}、{head}" if lang == "zh" else f"{number}. {head}"


def text(f: Facts, lang: Lang) -> str:
    """The whole agreement as plain text: what is read out, shown, and hashed."""
    lines = [_texts()["title"][lang], *(f"{name}: {value}" for name, value in _parties(f, lang))]
    for clause in clauses(f, lang):
        lines += ["", clause.head, clause.text, *("\t".join(row) for row in clause.rows)]
    return "\n".join(lines)


def digest(f: Facts) -> str:
    """SHA-256 over the text in both languages; the same facts always give the same."""
    return sha256(f"{text(f, 'zh')}\n\n{text(f, 'en')}".encode()).hexdigest()


def _situations(f: Facts) -> set[str]:
    let_off = sum(f.waived) > 0
    said = {
        "card": f.product == Product.CARD, "not_card": f.product != Product.CARD, "deferral": f.review_on is not None,
        "schedule": f.review_on is None, "interest": f.interest > 0, "free": f.interest == 0,
        "waived_now": let_off and not f.at_end, "waived_at_end": let_off and f.at_end,
    }  # fmt: skip
    return {name for name, holds in said.items() if holds}


def _words(f: Facts, lang: Lang) -> dict[str, str]:
    joint = " → "
    return {
        "on": f.on.isoformat(), "account": f.account, "product": f.product.label(lang), "currency": f.currency,
        "owed": f.money(sum(max(b, 0) for b in f.balances)), "months": str(len(f.payments)), "total": f.money(f.total),
        "first": f.payments[0].on.isoformat() if f.payments else "", "grace": str(f.grace), "break": str(f.breaks),
        "order": joint.join(c.label(lang) for c in f.order), "review": f.review_on.isoformat() if f.review_on else "",
        "rate": percent(f.annual_ppm), "eac": percent(f.eac_ppm), "interest": f.money(f.interest),
        "waived": f.money(sum(f.waived)),
    }  # fmt: skip


def percent(ppm: int) -> str:
    """Parts per million as per cent, with as many of four decimals as it needs and two at least."""
    whole, rest = divmod(ppm, 10_000)
    decimals = f"{rest:04d}".rstrip("0").ljust(2, "0")
    return f"{whole}.{decimals} %"


def _table(name: str, f: Facts, lang: Lang) -> tuple[tuple[tuple[str, ...], ...], bool]:
    if name == "balances":
        return tuple(_balance_rows(f, lang)), True
    if name == "schedule":
        return tuple(_schedule_rows(f, lang)), True
    return (), False


def _balance_rows(f: Facts, lang: Lang) -> Iterator[tuple[str, ...]]:
    heads = {"zh": ("构成", "欠款", "减免"), "en": ("Component", "Owed", "Let off")}[lang]
    yield heads[0], f"{heads[1]} ({f.currency})", f"{heads[2]} ({f.currency})"
    for component in Component:
        if f.balances[component] or f.waived[component]:
            yield component.label(lang), f.money(f.balances[component]), f.money(f.waived[component])
    yield {"zh": "合计", "en": "Total"}[lang], f.money(sum(f.balances)), f.money(sum(f.waived))


def _schedule_rows(f: Facts, lang: Lang) -> Iterator[tuple[str, ...]]:
    heads = {"zh": ("期次", "还款日", "金额", "其中利息"), "en": ("No.", "Date", "Amount", "of it interest")}[lang]
    yield heads[0], heads[1], f"{heads[2]} ({f.currency})", f"{heads[3]} ({f.currency})"
    for line in f.payments:
        yield str(line.number), line.on.isoformat(), f.money(line.amount), f.money(line.interest)
    yield {"zh": "合计", "en": "Total"}[lang], "", f.money(f.total), f.money(f.interest)


def _parties(f: Facts, lang: Lang) -> list[tuple[str, str]]:
    words = {
        "zh": ("编号", "贷款机构", "借款人", "证件号码", "方案", "测算日期"),
        "en": ("Number", "Lender", "Borrower", "Identity number", "Plan", "Worked out on"),
    }[lang]
    values = (str(f.number), f.lender[lang], f.borrower, f.identity or "–", f.title[lang], f.on.isoformat())
    return list(zip(words, values, strict=True))


def pdf(f: Facts, lang: Lang) -> bytes:
    """The agreement as a page (PDF/A). Raises `NoChineseFont`."""
    return typeset.pdf("agreement", _page(f, lang), f.accepted_on or f.on)


def _page(f: Facts, lang: Lang) -> dict[str, Any]:
    consent = f.consent[lang] if f.consent else ""
    names = {"zh": ("贷款机构（盖章）", "借款人"), "en": ("For the lender (seal)", "Borrower")}[lang]
    accepted = f.accepted_on.isoformat() if f.accepted_on else "____________"
    return {
        "title": _texts()["title"][lang], "parties": _parties(f, lang),
        "lang": lang, "region": "cn" if lang == "zh" else "gb",
        "clauses": [{"head": c.head, "text": c.text, "rows": c.rows, "total": c.total} for c in clauses(f, lang)],
        "signatures": [(names[0], f"{f.lender[lang]}\n{accepted}"), (names[1], f"{f.borrower}\n{consent} {accepted}")],
        "footer": f"SHA-256 {digest(f)}",
    }  # fmt: skip


@cache
def _texts() -> Any:
    reading = Reading(HERE / "agreement.yaml", "agreement.yaml")
    if reading.faults:
        raise WrongFiles(reading.faults)
    return reading.data
