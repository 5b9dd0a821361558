"""The agreement says everything 信用卡办法 art. 70 asks for, in both languages, with the same figures on every paper."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from fairdue.core.codes import Component, Product
from fairdue.core.errors import Lang
from fairdue.documents import agreement
from fairdue.documents.agreement import Facts, Line

LINES = tuple(Line(n, date(2026, 6 + n, 2), 1_566_67 if n < 6 else 1_566_65, 0) for n in range(1, 7))
CARD = Facts(
    number=17, on=date(2026, 6, 2), lender={"zh": "甲银行", "en": "Bank A"}, borrower="周明", identity="3****************X",
    account="····0001", product=Product.CARD, currency="CNY", exponent=2, balances=(9_000_00, 300_00, 120_00, 80_00, 0),
    waived=(0, 0, 20_00, 80_00, 0), at_end=False, title={"zh": "减免后分期", "en": "With relief"}, payments=LINES,
    total=9_400_00, interest=0, annual_ppm=0, eac_ppm=0,
    order=(Component.COSTS, Component.PRINCIPAL, Component.INTEREST, Component.PENALTY, Component.FEES), grace=3, breaks=30,
    review_on=None,
)  # fmt: skip
LANGS: tuple[Lang, ...] = ("zh", "en")
ASKED: dict[Lang, tuple[str, ...]] = {
    "zh": ("9,500.00", "CNY", "本金", "罚息", "按月还款", "2026-07-02", "1,566.67", "不计收利息", "不向任何银行申领信用卡",
           "权利", "违约", "停止催收", "其他"),
    "en": ("9,500.00", "CNY", "Principal", "Penalty interest", "Paid monthly", "2026-07-02", "1,566.67", "no interest",
           "not to apply to any bank for a credit card", "Rights", "breach", "do not collect", "Other"),
}  # fmt: skip


@pytest.mark.parametrize("lang", LANGS)
def test_a_card_plan_says_all_that_the_article_asks_for(lang: Lang) -> None:
    text = agreement.text(CARD, lang)
    assert [word for word in ASKED[lang] if word not in text] == []
    assert "{" not in text


@pytest.mark.parametrize("lang", LANGS)
def test_clauses_are_numbered_as_they_stand(lang: Lang) -> None:
    for facts in (CARD, replace(CARD, product=Product.CONSUMER), replace(CARD, waived=(0,) * 5)):
        heads = [clause.head for clause in agreement.clauses(facts, lang)]
        first = [f"{n}." if lang == "en" else f"{'一二三四五六七'[n - 1]}、" for n in range(1, len(heads) + 1)]
        assert [head.startswith(mark) for head, mark in zip(heads, first, strict=True)] == [True] * len(heads)


def test_each_situation_has_its_own_clauses() -> None:
    def said(facts: Facts) -> str:
        return agreement.text(facts, "en")

    assert "credit card." not in said(replace(CARD, product=Product.CONSUMER))
    assert "14.60 %" in said(replace(CARD, interest=10_00, annual_ppm=146_000, eac_ppm=152_345))
    assert "15.2345 %" in said(replace(CARD, interest=10_00, annual_ppm=146_000, eac_ppm=152_345))
    assert "does not take effect" in said(replace(CARD, at_end=True))
    deferral = said(replace(CARD, payments=(), total=0, waived=(0,) * 5, review_on=date(2026, 9, 2)))
    assert "2026-09-02" in deferral
    assert "Paid monthly" not in deferral


def test_the_hash_follows_every_figure_and_nothing_else() -> None:
    same = agreement.digest(replace(CARD, accepted_on=date(2026, 6, 3)))
    assert same == agreement.digest(CARD), "the day of consent is no part of what is agreed to"
    others = (replace(CARD, total=9_400_01), replace(CARD, breaks=31), replace(CARD, payments=LINES[:-1]))
    assert len({agreement.digest(f) for f in (CARD, *others)}) == 4


@pytest.mark.parametrize("lang", LANGS)
def test_the_page_can_be_read_and_is_the_same_every_time(lang: Lang, tmp_path: Path) -> None:
    made = agreement.pdf(CARD, lang)
    assert made == agreement.pdf(CARD, lang)
    (tmp_path / "a.pdf").write_bytes(made)
    read = ["pdftotext", "-layout", str(tmp_path / "a.pdf"), "-"]
    text = subprocess.run(read, check=True, capture_output=True, text=True).stdout
    assert "周明" in text
    assert agreement.digest(CARD) in text
    for line in LINES:
        assert line.on.isoformat() in text
        assert CARD.money(line.amount) in text
    assert CARD.money(CARD.total) in text
