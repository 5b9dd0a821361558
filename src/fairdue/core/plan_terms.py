"""What may be offered at all, and by whom: product terms, the law on plans, the authority matrix. Loaded from dated data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from fairdue.core.codes import Code, Component, Product, Role
from fairdue.core.errors import Lang
from fairdue.core.pricecap import PriceCap

PPM = 1_000_000
SIDE = (Component.INTEREST, Component.PENALTY, Component.FEES)  # what relief may touch besides principal


class OfferKind(Code):
    """The ways out."""

    INSTALMENTS = (0, "分期还款", "Instalments")
    RELIEF = (1, "减免后分期", "Instalments with relief")
    DEFERRAL = (2, "延期还款", "Deferral")
    SETTLEMENT = (3, "减免息费结清", "Settlement, principal in full")
    WRITE_DOWN = (4, "部分本金减免结清", "Settlement, part of the principal written off")


class Hardship(Code):
    """What made the borrower fall behind, as far as it opens a way out."""

    NONE = (0, "无特别困难", "None")
    JOB_LOSS = (1, "失业", "Job lost")
    ILLNESS = (2, "疾病", "Illness")
    INCOME_FELL = (3, "收入下降", "Income fell")
    DISASTER = (4, "灾害事故", "Disaster or accident")
    OVER_INDEBTED = (5, "多头负债", "Over-indebted")
    OTHER = (6, "其他原因", "Other")


@dataclass(frozen=True)
class Option:
    """One way out as the product's terms have it.

    `months`: numbers of monthly payments, or months of deferral. `rate_ppm`: interest of the plan as parts per million of
    the contract rate (0: none). `waive_ppm`: part of each component that is waived, by `Component`. `hardships`: for whom;
    empty: anybody. `dpd_from`, `dpd_to`: days past due, both included. `least`: the smallest payment, minor units.
    `evidence_ppm`: the part of the income that must rest on evidence. `lump`: paid from a sum at hand, not from income.
    """

    code: str
    kind: OfferKind
    title: Mapping[Lang, str]
    months: tuple[int, ...]
    rate_ppm: int = 0
    waive_ppm: tuple[int, int, int, int, int] = (0, 0, 0, 0, 0)
    hardships: frozenset[Hardship] = frozenset()
    dpd_from: int = 1
    dpd_to: int = 100_000
    least: int = 0
    evidence_ppm: int = 0
    lump: bool = False


@dataclass(frozen=True)
class Risk:
    """How likely a plan breaks: a labelled judgement in parts per million, not a measurement.

    `tight`: times the share of what is left over that a payment takes; a share below `comfort` earns nothing, because
    lower payments alone were found to help nobody. `relief`: times the share of the debt that is waived, which was.
    """

    base: int
    a_month: int
    tight: int
    comfort: int
    stated_only: int
    relief: int
    deferral: int
    least: int
    most: int


@dataclass(frozen=True)
class Terms:
    """The terms of one product on a date. `use_ppm`: the most of what is left over that a plan may take."""

    product: Product
    options: tuple[Option, ...]
    use_ppm: int
    least_days: int
    discount_ppm: int
    grace_days: int
    break_days: int
    risk: Risk


@dataclass(frozen=True)
class Law:
    """The law on plans in force on a date. `card_months`: 信用卡办法 art. 70; None where it is not in force."""

    card_months: int | None
    price: PriceCap


@dataclass(frozen=True)
class Grant:
    """A row of the authority matrix: what a role may grant by itself, over these products, kinds and stages."""

    role: Role
    products: frozenset[Product]
    kinds: frozenset[OfferKind]
    dpd_from: int
    dpd_to: int
    months: int
    side_ppm: int  # of interest, penalty and fees together
    principal_ppm: int
    amount: int  # everything waived together, minor units
    counts: bool = True  # for the performance of whoever won it


@dataclass(frozen=True)
class Authority:
    """The matrix on a date. Whoever is not in it may grant nothing."""

    grants: tuple[Grant, ...] = field(default=())


@dataclass(frozen=True)
class Book:
    """Everything `choices` is told besides the situation: terms, law, authority, and which version of each."""

    on: date
    terms: Terms | None
    law: Law
    authority: Authority
    revision: str = ""
