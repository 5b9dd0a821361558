"""Loads what may be offered: product terms, the law on plans, referral notes. All dated, all checked when loading."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from fairdue.core.codes import Component, Product
from fairdue.core.errors import Fault, Lang
from fairdue.core.money import parse_minor
from fairdue.core.plan_terms import Book, Hardship, Law, OfferKind, Option, Risk, Terms
from fairdue.core.pricecap import PriceCap
from fairdue.rules.authority import load_authority
from fairdue.rules.reading import Lines, Reading, WrongFiles
from fairdue.rules.schema import CONFIDENCE

HERE = Path(__file__).parent
PERCENT = 10_000  # parts per million in a per cent
VALUES = ("use", "least_days", "discount", "grace_days", "break_days", "risk", "options")
RISK = ("base", "a_month", "tight", "comfort", "stated_only", "relief", "deferral", "least", "most")
OPTION = ("code", "title", "kind", "products", "months", "dpd")
OPTIONAL = ("rate", "waive", "hardships", "least", "evidence", "lump")


class NoTerms(Fault):
    """No terms of that name."""

    code = "plans.no-terms"
    en, en_remedy = "There are no plan terms '{name}'.", "Available: {known}."
    zh, zh_remedy = "没有名为“{name}”的方案条款。", "可用：{known}。"


@dataclass(frozen=True)
class LawText:
    """A rule on plans as a person is told about it."""

    id: str
    title: Mapping[Lang, str]
    instrument: Mapping[Lang, str]
    article: Mapping[Lang, str]
    link: str
    confidence: str
    dated: tuple[tuple[date, Mapping[str, int]], ...]

    def at(self, on: date) -> Mapping[str, int] | None:
        """What it says on a date; None before it binds."""
        return next((said for since, said in reversed(self.dated) if since <= on), None)


@dataclass(frozen=True)
class TermsFile:
    """Terms by date and product; `titles` of the options by code."""

    name: str
    currency: str
    dated: tuple[tuple[date, Mapping[Product, Terms]], ...]
    titles: Mapping[str, Mapping[Lang, str]]
    revision: str

    def at(self, on: date, product: Product, currency: str) -> Terms | None:
        """The terms of a product on a date; None where there are none."""
        found = next((by for since, by in reversed(self.dated) if since <= on), {})
        return found.get(product) if currency == self.currency else None


@dataclass(frozen=True)
class Referral:
    """Where else to turn."""

    hardships: frozenset[Hardship]
    title: Mapping[Lang, str]
    text: Mapping[Lang, str]


def load_book(name: str, on: date, product: Product, currency: str) -> Book:
    """Everything the engine is told besides the situation. Raises `NoTerms`, `WrongFiles`."""
    terms, authority = load_terms(name), load_authority(name)
    said = f"{terms.revision} {authority.revision} {law_revision()}"
    return Book(
        on, terms.at(on, product, currency), law_at(on), authority.at(on, currency), sha256(said.encode()).hexdigest()
    )


@cache
def load_terms(name: str = "cn") -> TermsFile:
    """The terms of that name. Raises `NoTerms`, `WrongFiles`."""
    folder = HERE / "terms"
    if not (folder / f"{name}.yaml").exists():
        raise NoTerms(name=name, known=", ".join(sorted(p.stem for p in folder.glob("*.yaml"))))
    return read_terms(folder / f"{name}.yaml")


def read_terms(path: Path) -> TermsFile:
    """Terms in a file. Raises `WrongFiles` with every fault, each with its line."""
    reading = Reading(path, path.name)
    if (
        reading.faults
        or not reading.keys(reading.data, ("title", "currency", "values"), ("decimals",))
        or reading.faults
    ):
        raise WrongFiles(reading.faults)
    values = reading.data["values"]
    decimals = reading.data.get("decimals", 2)
    dated = [(_day(reading, values, key), _terms(reading, values[key], decimals)) for key in values]
    if reading.faults:
        raise WrongFiles(reading.faults)
    titles = {o.code: o.title for _, by in dated for t in by.values() for o in t.options}
    return TermsFile(path.stem, reading.data["currency"], tuple(sorted(dated, key=lambda d: d[0])), titles,
                     sha256(path.read_bytes()).hexdigest())  # fmt: skip


def _day(reading: Reading, values: Lines, key: str) -> date:
    try:
        return date.fromisoformat(key)
    except ValueError:
        reading.wrong(values.line_of(key), f"'{key}' is no date", f"“{key}”不是日期",
                      "Write it as 2026-01-31.", "请写成 2026-01-31 的形式。")  # fmt: skip
        return date.min


def _terms(reading: Reading, said: Any, decimals: int) -> dict[Product, Terms]:
    before = len(reading.faults)
    if reading.keys(said, VALUES, (), "the terms") and len(reading.faults) == before:
        reading.keys(said["risk"], RISK, (), "the risk figures")
    if len(reading.faults) > before:
        return {}
    risk = Risk(**{name: round(said["risk"][name] * PERCENT) for name in RISK})
    found = [(o, said_of) for said_of in said["options"] if (o := _option(reading, said_of, decimals))]
    return {
        product: Terms(
            product, tuple(o for o, of in found if product.name in of["products"]), said["use"] * PERCENT,
            said["least_days"], round(said["discount"] * PERCENT), said["grace_days"], said["break_days"], risk,
        )
        for product in Product
        if any(product.name in of["products"] for _, of in found)
    }  # fmt: skip


def _option(reading: Reading, said: Any, decimals: int) -> Option | None:
    before = len(reading.faults)
    reading.keys(said, OPTION, OPTIONAL, "an option")
    if len(reading.faults) > before:
        return None
    one_of(reading, said, "kind", OfferKind.__members__)
    one_of(reading, said, "products", Product.__members__)
    one_of(reading, said, "hardships", Hardship.__members__)
    one_of(reading, said, "waive", Component.__members__)
    title = reading.both(said, "title")
    if len(reading.faults) > before:
        return None
    first, last = said["dpd"]
    option = Option(
        said["code"], OfferKind[said["kind"]], title, tuple(said["months"]), said.get("rate", 0) * PERCENT,
        _waive(said.get("waive", {})), frozenset(Hardship[h] for h in said.get("hardships", [])), first, last,
        parse_minor(str(said.get("least", "0")), decimals), said.get("evidence", 0) * PERCENT, said.get("lump", False),
    )  # fmt: skip
    _contradictions(reading, said, option)
    return option


def _waive(said: Mapping[str, int]) -> tuple[int, int, int, int, int]:
    a, b, c, d, e = (said.get(component.name, 0) * PERCENT for component in Component)
    return a, b, c, d, e


def _contradictions(reading: Reading, said: Lines, o: Option) -> None:
    """What cannot be true together."""
    rules = (
        (o.kind == OfferKind.DEFERRAL and (o.rate_ppm or any(o.waive_ppm)), "a deferral bears and waives nothing",
         "延期方案不计息也不减免"),
        (o.kind in {OfferKind.SETTLEMENT, OfferKind.WRITE_DOWN} and o.rate_ppm, "a settlement bears no interest",
         "结清方案不计息"),
        (o.lump and o.months != (1,), "a sum at hand is paid once", "一次性还款的期数应为 1"),
        (max(o.waive_ppm) > 100 * PERCENT, "no more than all can be waived", "减免比例不能超过 100"),
        (o.kind != OfferKind.WRITE_DOWN and o.waive_ppm[Component.PRINCIPAL], "only a write-down waives principal",
         "只有本金减免方案可以减免本金"),
    )  # fmt: skip
    for wrong, what, what_zh in rules:
        if wrong:
            reading.wrong(said.line, f"{o.code}: {what}", f"{o.code}：{what_zh}", "Mend the option.", "请修正该选项。")


def one_of(reading: Reading, said: Lines, key: str, known: Collection[str]) -> None:
    """Note a fault for every word under `key` that is not known."""
    given = said.get(key, [])
    for word in given if isinstance(given, list | Lines) else [given]:
        if word not in known:
            reading.wrong(said.line_of(key), f"'{key}' cannot be '{word}'", f"“{key}”不能填“{word}”",
                          f"It can be {', '.join(known)}.", f"可填：{'、'.join(known)}。")  # fmt: skip


@cache
def load_law() -> tuple[LawText, ...]:
    """The rules on plans. Raises `WrongFiles`."""
    reading = Reading(HERE / "law.yaml", "law.yaml")
    found = [_law(reading, said) for said in reading.data or []]
    if reading.faults:
        raise WrongFiles(reading.faults)
    return tuple(found)


def _law(reading: Reading, said: Any) -> LawText:
    reading.keys(said, ("id", "title", "reference", "confidence", "values"), (), "a rule")
    reading.keys(said["reference"], ("instrument", "article", "link"), (), "the reference")
    one_of(reading, said, "confidence", CONFIDENCE)
    values = said["values"]
    dated = tuple(sorted(((_day(reading, values, day), dict(values[day])) for day in values), key=lambda d: d[0]))
    return LawText(
        said["id"], reading.both(said, "title"), reading.both(said["reference"], "instrument"),
        reading.both(said["reference"], "article"), said["reference"]["link"], said["confidence"], dated,
    )  # fmt: skip


def law_revision() -> str:
    """The exact content of the law on plans, as a hash."""
    return sha256((HERE / "law.yaml").read_bytes()).hexdigest()


def law_text(rule: str) -> LawText | None:
    """The text of a rule on plans."""
    return next((law for law in load_law() if law.id == rule), None)


def law_at(on: date) -> Law:
    """The law on plans as it stands on a date."""
    said: dict[str, int] = {}
    for law in load_law():
        said |= law.at(on) or {}
    rule = law_text("CN-RATE-01")
    since = rule.dated[0][0] if rule else date.max
    percent, multiple = said.get("licensed_percent", 0), said.get("lpr_multiple", 0)
    cap = PriceCap(percent * PERCENT, multiple, np.datetime64(since, "D"))
    return Law(said.get("card_months"), cap)


@cache
def load_referrals() -> tuple[Referral, ...]:
    """The referral notes. Raises `WrongFiles`."""
    reading = Reading(HERE / "referrals.yaml", "referrals.yaml")
    found = []
    for said in reading.data or []:
        reading.keys(said, ("hardships", "title", "text"), (), "a referral")
        one_of(reading, said, "hardships", Hardship.__members__)
        found.append((said["hardships"], reading.both(said, "title"), reading.both(said, "text")))
    if reading.faults:
        raise WrongFiles(reading.faults)
    return tuple(Referral(frozenset(Hardship[h] for h in who), title, text) for who, title, text in found)


def referrals_for(hardship: Hardship) -> tuple[Referral, ...]:
    """Where somebody in this trouble can turn."""
    return tuple(r for r in load_referrals() if hardship in r.hardships)
