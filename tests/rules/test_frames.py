"""Message frames: approved, in both languages, filled from facts only, silent to third parties; and they pass the check."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from fairdue.rules.frames import HERE, LANGS, SLOTS, THIRD, MissingFact, load_frames, read_frames
from fairdue.rules.reading import WrongFiles
from fairdue.wording import Verdict, approved, check

FACTS = {slot: said["zh"] for slot, said in SLOTS.items()}


def changed(tmp_path: Path, old: str, new: str, name: str = "call-back.yaml") -> str:
    folder = tmp_path / "frames"
    shutil.copytree(HERE, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    text = (folder / name).read_text("utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new), "utf-8")
    with pytest.raises(WrongFiles) as wrong:
        read_frames(folder)
    return wrong.value.sentence("en")


def test_every_frame_says_who_approved_it_and_on_what_it_rests() -> None:
    frames = load_frames().values()
    assert len(frames) >= 15
    assert all(f.version >= 1 and f.approved_by and f.approved_on.year >= 2026 and f.sources for f in frames)


def test_every_approved_word_passes_the_check_in_both_languages() -> None:
    assert [str(fault) for fault in approved.faults()] == []
    assert len(list(approved.findings())) > 60


def test_a_claim_in_a_frame_does_not_pass_where_its_fact_is_not_known() -> None:
    frame = load_frames()["suit-filed"]
    party = next(iter(frame.audience))
    for lang in LANGS:
        said = approved.said_by(frame, party, lang)
        assert check(said).verdict is Verdict.PASS
        said.flags.clear()  # type: ignore[attr-defined]
        assert check(said).verdict is Verdict.REVIEW


def test_a_missing_fact_means_no_message() -> None:
    frame = load_frames()["overdue-reminder"]
    assert "{" not in frame.render("zh", FACTS)
    for slot in frame.slots:
        with pytest.raises(MissingFact, match=slot):
            frame.render("zh", FACTS | {slot: " "})


def test_english_prefers_the_english_name() -> None:
    assert "Example Bank" in load_frames()["settled"].render("en", FACTS | {"lender_en": "Example Bank"})


def test_nothing_of_the_debt_stands_in_a_frame_for_third_parties() -> None:
    for frame in load_frames().values():
        if frame.audience & THIRD:
            assert set(frame.slots) <= {"lender", "collector", "person", "hotline"}


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [("{hotline}", "{amount}", "would tell a third party"), ("{hotline}", "{shoe_size}", "is no fact"),
     ("CONTACT", "PARROT", "is no audience"), ("[CALL, SMS]", "[PIGEON]", "is no channel"),
     ("purpose: relay", "purpose: scare", "is no purpose"), ("version: 1", "version: 0", "a version from 1"),
     ("approved:", "aproved:", "'approved' is missing"), ("烦请转告其方便时致电{hotline}", "烦请转告", "different facts")],
)  # fmt: skip
def test_what_is_wrong_in_a_frame_is_said_with_its_file(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    complaint = changed(tmp_path, old, new)
    assert sentence in complaint
    assert "frames/call-back.yaml, line" in complaint
