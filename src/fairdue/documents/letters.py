"""Letters as PDF: a kind (rules/letters), a language and facts give the same bytes every time.

`render(kind, lang, facts)` is the whole interface; `text` gives the same words as plain text, for the wording check.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from fairdue.core.codes import Component, Product
from fairdue.core.errors import Fault, Lang
from fairdue.core.money import format_minor
from fairdue.documents import typeset
from fairdue.rules.letters import SLOT, LetterKind, Part, load_letters

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
DRAFT: Mapping[Lang, str] = {"zh": "草稿，未签发", "en": "DRAFT, not issued"}


class LetterFactMissing(Fault):
    """A letter with a hole, or with a guess, is not written."""

    code = "letter.missing-fact"
    en = "The letter “{kind}” needs what is not known: {facts}."
    en_remedy = "Enter it: facts of the letter on its form, those of the lender in the letterhead."
    zh = "信函“{kind_zh}”需要的信息未知：{facts_zh}。"
    zh_remedy = "请补充：信函事项在填写页录入，机构信息在信头设置中录入。"


@dataclass(frozen=True)
class Debt:
    """One account in a letter, minor units."""

    tail: str
    product: Product
    components: Sequence[int]

    @property
    def total(self) -> int:
        """What is owed on it."""
        return sum(self.components)


@dataclass(frozen=True)
class Itemization:
    """What was owed on a day and what happened to it since, minor units; payments and credits as positive figures."""

    on: date
    amount: int
    interest: int
    fees: int
    payments: int
    credits: int

    @property
    def now(self) -> int:
        """What is owed today by this reckoning."""
        return self.amount + self.interest + self.fees - self.payments - self.credits


@dataclass(frozen=True)
class Facts:
    """Everything a letter names. `asked`: facts that whoever wrote it stated, by name; some texts are in both languages."""

    number: str
    on: date
    lender: Mapping[Lang, str]
    lender_address: Mapping[Lang, str]
    pay_how: Mapping[Lang, str]
    hotline: str
    website: str
    person: str
    address: str
    borrower: str
    identity: str
    currency: str
    exponent: int
    as_of: date
    debts: Sequence[Debt]
    oldest_due: date | None = None
    daily: int | None = None
    asked: Mapping[str, date | int | str] = field(default_factory=dict)
    itemization: Itemization | None = None
    seal: bytes = b""

    @property
    def total(self) -> int:
        """What is owed over the accounts of the letter."""
        return sum(debt.total for debt in self.debts)


def written(day: date, lang: Lang) -> str:
    """A day as a letter writes it."""
    return f"{day.year}年{day.month}月{day.day}日" if lang == "zh" else f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def amount(f: Facts, minor: int, lang: Lang) -> str:
    """An amount as a letter writes it."""
    said = format_minor(minor, f.exponent)
    return f"人民币{said}元" if lang == "zh" and f.currency == "CNY" else f"{f.currency} {said}"


def missing(kind: LetterKind, f: Facts) -> tuple[str, ...]:
    """The facts the kind names and nobody knows."""
    said = words(f, "zh") | {"seal": "there" if f.seal else ""}
    return tuple(sorted(slot for slot in kind.slots if not said.get(slot, "").strip()))


def words(f: Facts, lang: Lang) -> dict[str, str]:
    """Every fact of the letter as text in a language."""
    joint, ending = ("、", "尾号") if lang == "zh" else (", ", " ending ")
    said = {
        "person": f.person, "address": f.address, "borrower": f.borrower, "identity": f.identity, "lender": f.lender[lang],
        "lender_address": f.lender_address[lang], "pay_how": f.pay_how[lang], "hotline": f.hotline, "website": f.website,
        "accounts": joint.join(debt.product.label(lang) + ending + debt.tail for debt in f.debts),
        "total": amount(f, f.total, lang), "as_of": written(f.as_of, lang),
        "oldest_due": written(f.oldest_due, lang) if f.oldest_due else "",
    }  # fmt: skip
    return said | {name: _asked(f, value, lang) for name, value in f.asked.items()}


def _asked(f: Facts, value: date | int | str, lang: Lang) -> str:
    if isinstance(value, date):
        return written(value, lang)
    return amount(f, value, lang) if isinstance(value, int) else value


def text(kind: LetterKind, lang: Lang, f: Facts) -> str:
    """The letter as plain text."""
    said = words(f, lang)
    lines = [kind.title[lang]]
    for part in kind.parts:
        lines += [part.head[lang], filled(part.text[lang], said)]
    return "\n".join(line for line in [*lines, _foot(kind, f, lang)] if line)


def filled(words_of: str, said: Mapping[str, str]) -> str:
    """Words with their slots filled."""
    return SLOT.sub(lambda match: said.get(match[1], ""), words_of)


def render(kind: str | LetterKind, lang: Lang, facts: Facts) -> bytes:
    """The letter as PDF/A; without a number it says that it is a draft. Raises `LetterFactMissing`, `NoChineseFont`."""
    of = load_letters()[kind] if isinstance(kind, str) else kind
    lacking = missing(of, facts)
    if lacking:
        names = {ask.id: ask.label for ask in of.asks}
        raise LetterFactMissing(
            kind=of.title["en"], kind_zh=of.title["zh"], facts=", ".join(names[n]["en"] if n in names else n for n in lacking),
            facts_zh="、".join(names[n]["zh"] if n in names else n for n in lacking),
        )  # fmt: skip
    return typeset.pdf("letter", page(of, lang, facts), facts.on)


def page(kind: LetterKind, lang: Lang, f: Facts) -> dict[str, Any]:
    """What the template is told."""
    said = words(f, lang)
    labels = {"zh": ("编号", "日期"), "en": ("Number", "Date")}[lang]
    head = [(labels[0], f.number or DRAFT[lang]), (labels[1], written(f.on, lang))]
    return {
        "template": kind.template, "lang": lang, "region": "cn" if lang == "zh" else "gb", "title": kind.title[lang],
        "lender": f.lender[lang], "sender": f.lender_address[lang], "head": head, "person": f.person, "address": f.address,
        "parts": [_part(part, f, lang, said) for part in kind.parts], "foot": _foot(kind, f, lang),
        "contact": f"{f.lender[lang]}  {f.hotline}  {f.website}".strip(), "seal": list(f.seal),
        "seal_format": "svg" if f.seal.lstrip().startswith(b"<") else "png", "draft": "" if f.number else DRAFT[lang],
        "signed": {"zh": "（盖章）", "en": "(seal)"}[lang], "on": written(f.on, lang), "number": f.number or DRAFT[lang],
        "sealed": kind.pack == "cn",
    }  # fmt: skip


def _part(part: Part, f: Facts, lang: Lang, said: Mapping[str, str]) -> dict[str, Any]:
    rows = tuple(TABLES[part.table](f, lang)) if part.table else ()
    return {
        "head": part.head[lang],
        "text": _breakable(filled(part.text[lang], said)),
        "rows": rows,
        "table": part.table,
    }


def _breakable(line: str) -> str:
    """Long runs without a space (a web address) may be broken, so that no line leaves the page."""
    return re.sub(r"(\S{20})(?=[!-~]{6})", "\\1\u200b", line) if re.search(r"[!-~]{40}", line) else line


def _foot(kind: LetterKind, f: Facts, lang: Lang) -> str:
    """As of which day the figures are, and what a day adds where that is known."""
    if not any(part.table == "balances" for part in kind.parts):
        return ""
    as_of = written(f.as_of, lang)
    if f.daily is None:
        return {"zh": f"以上金额截至{as_of}。", "en": f"Figures as of {as_of}."}[lang]
    more = amount(f, f.daily, lang)
    return {"zh": f"以上金额截至{as_of}；此后未还部分每日约增加{more}。",
            "en": f"Figures as of {as_of}; what is unpaid then grows by about {more} a day."}[lang]  # fmt: skip


def _balances(f: Facts, lang: Lang) -> Iterator[tuple[str, ...]]:
    there = [c for c in Component if any(debt.components[c] for debt in f.debts)]
    heads = {"zh": ("账户", "合计"), "en": ("Account", "Total")}[lang]
    yield heads[0], *(c.label(lang) for c in there), f"{heads[1]} ({f.currency})"
    for debt in f.debts:
        yield (
            f"{debt.product.label(lang)} {debt.tail}",
            *(_minor(f, debt.components[c]) for c in there),
            _minor(f, debt.total),
        )
    if len(f.debts) > 1:
        sums = (sum(debt.components[c] for debt in f.debts) for c in there)
        yield heads[1], *(_minor(f, one) for one in sums), _minor(f, f.total)


def _itemization(f: Facts, lang: Lang) -> Iterator[tuple[str, ...]]:
    if f.itemization is None:
        return
    i = f.itemization
    yield {"zh": "项目", "en": "What"}[lang], f.currency
    names = {
        "zh": (f"{written(i.on, lang)}欠款", "其后的利息", "其后的费用", "其后的付款", "其后的抵免", "当前欠款"),
        "en": (f"You owed on {written(i.on, lang)}", "Interest charged since", "Fees charged since", "Paid since",
               "Credited since", "You owe now"),
    }[lang]  # fmt: skip
    figures = (i.amount, i.interest, i.fees, -i.payments, -i.credits, i.now)
    yield from zip(names, (_minor(f, one) for one in figures), strict=True)


def _prompts(_f: Facts, lang: Lang) -> Iterator[tuple[str, ...]]:
    said = {
        "zh": ("我要对债务提出异议，因为我认为：", "这不是我的债务", "金额有误",
               "其他（请写明或另附说明）：", "我要求提供原债权人的名称和地址"),
        "en": ("I want to dispute the debt because I think:", "This is not my debt.", "The amount is wrong.",
               "Other (please describe here or attach a page):",
               "I want you to send me the name and address of the original creditor."),
    }[lang]  # fmt: skip
    yield from ((one,) for one in said)


def _minor(f: Facts, minor: int) -> str:
    return format_minor(minor, f.exponent)


TABLES = {"balances": _balances, "itemization": _itemization, "prompts": _prompts}
