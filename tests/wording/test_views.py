"""Disguises come off, and every place found can be shown in the words as they were written."""

from __future__ import annotations

import random

import pytest

from fairdue.wording import Verdict, check, read
from fairdue.wording.view import look
from fairdue.wording.view_zh import heard, sound_of, spelled, whole

PRISON = [
    "坐牢", "坐 牢", "坐。牢", "坐-牢", "坐*牢", "坐\u200b牢", "坐😀牢", "做牢", "zuo牢", "zuolao", "zuo lao", "Ｚuo牢", "坐宀牛",
]  # fmt: skip


@pytest.mark.parametrize("word", PRISON)
def test_prison_is_found_in_every_disguise(word: str) -> None:
    finding = check(read({"text": f"你小心{word}！", "lang": "zh"}))
    assert finding.verdict is Verdict.BLOCK
    assert "P06" in finding.codes


def test_traditional_and_wide_characters_are_made_plain() -> None:
    assert look("請儘快還款ＡＢＣ", "zh").text == "请尽快还款abc"


def test_marks_part_clauses_and_not_words() -> None:
    assert look("您好，请还款。谢谢！", "zh").text == "您好,请还款.谢谢!"
    assert look("应还1,500.50元", "zh").text == "应还1500点50元"


def test_halves_of_characters_are_put_together() -> None:
    assert whole(look("讠斥讼", "zh")).text == "诉讼"


def test_letters_are_read_as_pinyin_or_not_at_all() -> None:
    assert spelled("laolai") == ("lao", "lai")
    assert spelled("bank") == ()
    assert heard(look("lao赖", "zh")).text == sound_of("老赖")


def test_every_place_points_at_what_was_written() -> None:
    draw, alphabet = random.Random(7), "老賴坐 牢。，*😀ａB4你-\u200b還\n"
    for _ in range(300):
        text = "".join(draw.choice(alphabet) for _ in range(draw.randrange(1, 30)))
        for lang in ("zh", "en"):
            view = look(text, "zh" if lang == "zh" else "en")
            for i in range(len(view.text)):
                start, end = view.written(i, i + 1)
                assert 0 <= start <= end <= len(text)
        for span in check(read({"text": text, "lang": "zh"})).spans:
            assert text[span.start : span.end] == span.text
