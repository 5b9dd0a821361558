"""Why a way out is not offered: a closed list of reasons, each with its sentence in two languages and its rule."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Self

from fairdue.core.codes import Product
from fairdue.core.errors import Lang
from fairdue.core.money import format_minor
from fairdue.core.plan_terms import Hardship


class Why(Enum):
    """A reason: sentence in Chinese, in English, and the rule it follows from ("" where it is no law)."""

    NO_TERMS = ("该产品在当日没有生效的方案条款。", "There are no plan terms for this product on this date.", "")
    NOTHING_OWED = ("没有欠款。", "Nothing is owed.", "")
    TOO_EARLY = ("逾期满 {first} 天起适用，当前逾期 {dpd} 天。", "From {first} days past due; it is {dpd} now.", "")
    TOO_LATE = ("仅适用于逾期 {last} 天以内，当前逾期 {dpd} 天。", "Up to {last} days past due; it is {dpd} now.", "")
    HARDSHIP = ("仅适用于：{hardships}。", "Only for: {hardships}.", "")
    CARD_MONTHS = (
        "信用卡个性化分期最长 {most} 个月，此方案为 {months} 个月。",
        "A card plan may run {most} months at most; this one would run {months}.",
        "CN-FORB-01",
    )
    ABLE = (
        "信用卡个性化分期以欠款超出还款能力为前提；每月可还 {left}，足以一次还清 {owed}。",
        "A card plan is for a debt beyond the ability to pay; {left} a month covers all of {owed} at once.",
        "CN-FORB-01",
    )
    COMPONENTS = (
        "欠款构成未知，无法计算减免。",
        "The parts of the debt are not known, so that nothing can be waived exactly.",
        "",
    )
    EVIDENCE = (
        "收入须有凭证的比例至少 {need_ppm}，目前 {have_ppm}。",
        "At least {need_ppm} of the income must rest on evidence; now {have_ppm} does.",
        "",
    )
    LUMP_UNKNOWN = (
        "尚未了解对方手头可动用的款项（不得建议其另行借款）。",
        "What sum is at hand is not known yet (never suggest borrowing it).",
        "",
    )
    LUMP_TOO_SMALL = ("需要 {need}，手头可动用 {have}。", "It takes {need}; {have} is at hand.", "")
    INCOME_UNKNOWN = ("收入尚未了解。", "The income is not known yet.", "")
    OUTGOINGS_UNKNOWN = (
        "当地现行最低生活标准未知，须先了解实际生活支出。",
        "The place's minimum living cost is not known, so the living costs must be asked first.",
        "",
    )
    NOTHING_LEFT = (
        "扣除受保护的生活费用 {protected} 后没有余额。",
        "Nothing is left above the protected living costs of {protected}.",
        "",
    )
    TOO_MUCH = (
        "每期 {need}，超出可负担的 {have}。",
        "A payment of {need} is more than the {have} that can be spared.",
        "",
    )
    TOO_SMALL = ("每期仅 {amount}，低于最低 {least}。", "A payment of {amount} is below the least of {least}.", "")
    NOTHING_TO_WAIVE = ("没有可减免的息费。", "There is nothing of that kind to waive.", "")
    RATE_UNKNOWN = ("合同利率未知，不能计息。", "The contract rate is not known, so no interest can be charged.", "")
    PRICE = (
        "年化综合成本 {cost_ppm} 超过法院支持的上限 {most_ppm}。",
        "The yearly cost of {cost_ppm} passes the {most_ppm} that courts enforce.",
        "CN-RATE-03",
    )
    PRICE_LPR = (
        "年化综合成本 {cost_ppm} 超过合同成立时一年期LPR的四倍 {most_ppm}。",
        "The yearly cost of {cost_ppm} passes four times the one-year LPR of the contract, {most_ppm}.",
        "CN-RATE-01",
    )
    PRICE_UNKNOWN = (
        "合同成立时的一年期LPR或成立日期未知，无法判断成本是否超过上限，故不得计息。",
        "The LPR at the contract's formation, or its date, is not known, so whether the cost passes the cap cannot be told.",
        "CN-RATE-01",
    )
    AUTHORITY = (
        "减免 {waived}、{months} 个月，超出任何人的审批权限。",
        "Waiving {waived} over {months} months is beyond everybody's authority.",
        "",
    )

    @property
    def rule(self) -> str:
        """The rule behind it; empty where it is product terms, authority or arithmetic."""
        return self.value[2]


MONEY = frozenset({"left", "owed", "need", "have", "protected", "amount", "least", "waived"})
RATES = {"need_ppm": "need", "have_ppm": "have", "cost_ppm": "cost", "most_ppm": "most"}


@dataclass(frozen=True)
class WhyNot:
    """One reason with its figures: money in minor units, rates in parts per million, hardships as codes."""

    why: Why
    fields: tuple[tuple[str, object], ...] = ()

    @classmethod
    def of(cls, why: Why, **fields: object) -> Self:
        """A reason put together."""
        return cls(why, tuple(fields.items()))

    def sentence(self, lang: Lang, exponent: int) -> str:
        """The reason as a person reads it."""
        said = dict(self.fields)
        shown = {k: format_minor(v, exponent) if k in MONEY and isinstance(v, int) else v for k, v in said.items()}
        shown |= {k: _percent(said[v]) for k, v in RATES.items() if v in said}
        if "hardships" in said:
            shown["hardships"] = _hardships(said["hardships"], lang)
        if isinstance(said.get("product"), str):
            shown["product"] = Product[str(said["product"])].label(lang)
        return str(self.why.value[0 if lang == "zh" else 1]).format_map(shown)

    def as_dict(self, exponent: int) -> dict[str, object]:
        """For a program."""
        return {
            "reason": self.why.name, "rule": self.why.rule, "fields": dict(self.fields),
            "zh": self.sentence("zh", exponent), "en": self.sentence("en", exponent),
        }  # fmt: skip


def _percent(ppm: object) -> str:
    return f"{int(str(ppm)) / 10_000:.2f} %"


def _hardships(codes: object, lang: Lang) -> str:
    listed = [Hardship(c).label(lang) for c in codes] if isinstance(codes, tuple) else []
    return ("、" if lang == "zh" else ", ").join(listed)
