"""Scripts: approved, in both languages, silent about the debt before identity, and filled from facts only."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fairdue.core.codes import Tone
from fairdue.rules import scripts
from fairdue.rules.reading import WrongFiles
from fairdue.rules.scripts import BEFORE_IDENTITY, DEBT_SLOTS, LANGS, SLOT, TITLES, load_scripts, read_scripts

if TYPE_CHECKING:
    from fairdue.core.errors import Lang

FACTS = {"lender": "示例银行", "lender_en": "Example Bank", "collector": "李明", "person": "王*",
         "amount": "CNY 1,200.00",
         "due_date": "2026-09-15", "days": "15"}  # fmt: skip


def test_there_is_a_script_for_every_tone() -> None:
    assert {script.tone for script in load_scripts().all.values()} == set(Tone)


def test_every_script_goes_through_all_steps_in_order() -> None:
    assert all([block.name for block in blocks] == list(TITLES) for blocks in load_scripts().blocks.values())


def test_every_script_says_who_approved_which_version_and_when() -> None:
    assert all(s.version >= 1 and s.approved_by and s.approved_on.year >= 2026 for s in load_scripts().all.values())


def test_nothing_about_the_debt_is_said_before_identity() -> None:
    for script in load_scripts().all.values():
        early = [block for block in script.blocks if not block.after_identity]
        assert [block.name for block in early] == list(BEFORE_IDENTITY)
        assert not {slot for block in early for lang in LANGS for slot in SLOT.findall(block.text[lang])} & DEBT_SLOTS


def test_the_opening_names_the_caller_and_the_lender_and_says_it_is_recorded() -> None:
    for blocks in load_scripts().blocks.values():
        assert {"lender", "collector"} <= set(SLOT.findall(blocks[0].text["zh"]))
        assert "录音" in blocks[0].text["zh"]
        assert "recorded" in blocks[0].text["en"]


def test_the_debt_is_told_with_amount_due_date_and_days() -> None:
    assert all(set(SLOT.findall(blocks[2].text["zh"])) >= DEBT_SLOTS for blocks in load_scripts().blocks.values())


@pytest.mark.parametrize("lang", LANGS)
def test_every_slot_is_filled_from_facts(lang: Lang) -> None:
    for blocks in load_scripts().blocks.values():
        assert not any("{" in block.filled(lang, FACTS) for block in blocks)


def test_the_lender_is_named_in_the_language_spoken() -> None:
    opening = load_scripts().blocks["early-service"][0]
    assert "示例银行" in opening.filled("zh", FACTS)
    assert "Example Bank" in opening.filled("en", FACTS)


def test_a_fact_nobody_knows_stays_visible_as_a_gap() -> None:
    told = load_scripts().blocks["later-firm"][2].filled("zh", FACTS | {"amount": ""})
    assert "目前应还（待核实）" in told


FORBIDDEN = ("坐牢", "通缉", "抓", "黑名单", "老赖", "律师函", "传票", "立案", "后果自负", "最后通牒", "最后期限",
             "征信", "家人", "prison", "jail", "arrest", "police", "blacklist", "last warning", "consequences",
             "final notice")  # fmt: skip


def test_no_script_threatens_or_invents_consequences() -> None:
    for script in load_scripts().all.values():
        said = " ".join(block.text[lang] for block in script.blocks for lang in LANGS).lower()
        assert [word for word in FORBIDDEN if word in said] == []


def test_what_is_never_said_stands_beside_the_law_that_forbids_it() -> None:
    never = load_scripts().never
    assert len(never) >= 8
    assert all("依据：" in item["zh"] and item["en"].endswith(")") for item in never)
    assert all(ban.law["zh"] and ban.law["en"] and ban.confidence for ban in load_scripts().bans)


def test_the_checklist_puts_identity_before_the_debt() -> None:
    assert any("核实" in item["zh"] and "之后才谈债务" in item["zh"] for item in load_scripts().checklist)


BROKEN = {
    "amount before identity": ("early-service.yaml", "大约占用您两分钟", "涉及{amount}，大约占用您两分钟",
                               "'open' says '{amount}' before identity is confirmed"),
    "debt word before identity": ("early-service.yaml", "有一件与您账户有关的事", "有一件与您逾期有关的事",
                                  "'open' says '逾期' before identity is confirmed"),
    "debt word in English": ("late-formal.yaml", "So that I may explain why I call", "You owe us something, so",
                             "'identity' says 'owe' before identity is confirmed"),
    "unknown slot": ("later-firm.yaml", "至今已{days}天，目前", "至今已{days}天，{employer}，目前",
                     "'{employer}' in 'tell' is no fact"),
    "slot in one language only": ("later-firm.yaml", "，目前应还{amount}，", "，",
                                  "the two languages of 'tell' name different facts"),
    "one language missing": ("early-service.yaml", "    zh: 方便说说", "    de: 方便说说",
                             "'listen' needs a text in zh and in en"),
    "a step missing": ("early-service.yaml", "  listen:", "  muse:", "'listen' is missing in 'blocks'"),
    "unknown tone": ("later-firm.yaml", "tone: FIRM", "tone: ANGRY", "'ANGRY' is no tone"),
    "nobody approved it": ("later-firm.yaml", "by: fairdue, ", "", "'by' is missing in 'approved'"),
    "approved without a day": ("later-firm.yaml", "date: 2026-11-25", "date: soon",
                               "'approved' needs a version from 1, a name and a date"),
    "a ban without its law": ("common.yaml", "    law:\n      zh: 刑法第279条", "    laws:\n      zh: 刑法第279条",
                              "'law' is missing in what is never said"),
    "a ban of unknown standing": ("common.yaml", "confidence: V\n", "confidence: sure\n",
                                  "'sure' is no confidence"),
    "a check in one language": ("common.yaml", ", en: Say who you are and for which institution}", "}",
                                "'en' is missing in a text"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_wrong_is_said(tmp_path: Path, name: str) -> None:
    file, old, new, expected = BROKEN[name]
    folder = Path(
        shutil.copytree(scripts.HERE, tmp_path / "scripts", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    )
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(WrongFiles) as caught:
        read_scripts(folder)
    assert any(f.fields["file"] == file and expected in str(f.fields["what"]) for f in caught.value.faults), (
        caught.value
    )
    assert all(f.sentence("zh") != f.sentence("en") for f in caught.value.faults)
