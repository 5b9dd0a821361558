"""Turns a verdict into what a person reads: the rule, why it speaks, on what ground, how sure we are, what to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from fairdue.core.errors import Lang
from fairdue.core.guard import FACTS, Facts, Reason, Rulebook, Status, Verdict, reasons
from fairdue.rules.load import Pack
from fairdue.rules.schema import CONFIDENCE

Both = Mapping[Lang, str]
LANGS: tuple[Lang, ...] = ("zh", "en")


@dataclass(frozen=True)
class Row:
    """One rule's part in a verdict, in both languages. `ground`: instrument and article; `link` may be empty."""

    rule: str
    status: Status
    title: Both
    sentence: Both
    ground: Both
    link: str
    confidence: str
    confidence_label: Both
    missing: tuple[Both, ...]
    paths: tuple[str, ...]  # where a written situation says what is missing
    remedy: Both


def explain_rows(book: Rulebook, verdict: Verdict, facts: Facts, i: int) -> tuple[Row, ...]:
    """Everything a screen needs to show why proposal `i` came out as it did; empty where no rule speaks."""
    return tuple(row_of(reason) for reason in reasons(book, verdict, facts, i))


def recall(pack: Pack, stored: Iterable[Mapping[str, Any]]) -> tuple[Row, ...]:
    """The same from a record (`Reason.as_dict`) made under this pack. Raises `KeyError` for a rule it has not."""
    return tuple(
        row_of(Reason(one["rule"], Status[one["status"]], tuple(one["missing"]), pack.about(one["rule"])))
        for one in stored
    )


def row_of(reason: Reason) -> Row:
    """What a screen needs to show one rule's part."""
    about = reason.about
    missing: tuple[Both, ...] = tuple({"zh": FACTS[name].zh, "en": FACTS[name].en} for name in reason.missing)
    return Row(
        rule=reason.rule, status=reason.status, title=about.title, sentence=_sentence(reason, missing),
        ground={"zh": f"{about.instrument['zh']}{_article_zh(about.article['zh'])}",
                "en": f"{about.instrument['en']}, {about.article['en']}"},
        link=about.link, confidence=about.confidence, confidence_label=CONFIDENCE[about.confidence], missing=missing,
        paths=tuple(FACTS[name].path for name in reason.missing), remedy=about.remedy if not missing else REMEDY_MISSING,
    )  # fmt: skip


REMEDY_MISSING: Both = {
    "zh": "请先核实并补录上述信息，再行联系。",
    "en": "Establish and record this before making contact.",
}


def _sentence(reason: Reason, missing: tuple[Both, ...]) -> Both:
    zh, en = reason.about.title["zh"], reason.about.title["en"]
    if missing:
        return {
            "zh": f"无法判断是否符合“{zh}”：缺少{'、'.join(fact['zh'] for fact in missing)}。",
            "en": f"Whether this is lawful cannot be told ({en}): missing {', '.join(fact['en'] for fact in missing)}.",
        }
    return {"zh": f"{reason.status.zh}：{zh}。", "en": f"{reason.status.en}: {en}."}


def _article_zh(article: str) -> str:
    return f"第{article}条" if article.replace(".", "").isdigit() else article
