"""Every way a file of tracks, clocks, tasks, complaints or signs can be wrong is said with its line and what to do."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from fairdue.core.codes import Role
from fairdue.core.tracks import Then
from fairdue.rules import tracks as kinds
from fairdue.rules.clocks import FILE, check_examples
from fairdue.rules.complaints import HERE, read_signals, read_taxonomy
from fairdue.rules.outcomes import load_outcomes
from fairdue.rules.reading import WrongFiles
from fairdue.rules.tracks import load_tracks, read_tracks

GOOD = (kinds.HERE / "dispute.yaml").read_text("utf-8")
FAULTS = [
    ("stops: DISPUTE", "stops: EVERYTHING", "'stops' cannot be 'EVERYTHING'"),
    ("stops: DISPUTE", "stops: PAUSE", "RPC_DISPUTE opens it and stops 'DISPUTE'"),
    ("role: LEAD,", "role: KING,", "'KING' is no role"),
    ("task: DECIDE_TRACK", "task: DREAM", "'task' cannot be 'DREAM'"),
    ("count: 15, unit: DAYS", "count: many, unit: DAYS", "'count' must be a whole number"),
    ("count: 15, unit: DAYS", "count: 15, unit: MOONS", "'MOONS' is no unit"),
    ("count: 30, unit: DAYS", "count: 10, unit: DAYS", "an extension is longer than what it extends"),
    ("then: DIVERT", "then: FORGET", "'then' cannot be 'FORGET'"),
    ("then: DIVERT", "then: HOLD", "what is held has a review"),
    ("needs: [LEDGER, ANSWER]", "needs: [LEDGER, OATH]", "UPHELD needs 'OATH', which is no evidence"),
    ("resumes:\n  zh: ", "resumes:\n  fr: ", "'resumes' needs a text in zh and in en"),
    ("meaning:", "meening:", "'meaning' is missing"),
    ("id: DISPUTE", "id: [", "this is not YAML"),
]


def wrong(text: str, folder: Path) -> list[str]:
    path = folder / "dispute.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(WrongFiles) as found:
        read_tracks([path], load_outcomes())
    assert all(fault.sentence("zh") for fault in found.value.faults)
    return [fault.sentence("en") for fault in found.value.faults]


@pytest.mark.parametrize(("good", "bad", "said"), FAULTS, ids=[said for _, _, said in FAULTS])
def test_a_wrong_track_is_named_with_its_line(good: str, bad: str, said: str, tmp_path: Path) -> None:
    assert good in GOOD
    sentences = wrong(GOOD.replace(good, bad, 1), tmp_path)
    named = [sentence for sentence in sentences if said in sentence]
    assert named, sentences
    assert re.match(r"tracks/dispute\.yaml, line \d+: ", named[0])


def test_an_outcome_that_opens_a_track_nobody_wrote_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "dispute.yaml").write_text(GOOD, "utf-8")
    with pytest.raises(WrongFiles, match="opens DEATH, which is no track"):
        read_tracks([tmp_path / "dispute.yaml"], load_outcomes())


def test_an_id_that_stands_twice_is_a_fault(tmp_path: Path) -> None:
    paths = [tmp_path / "one.yaml", tmp_path / "two.yaml"]
    for path in paths:
        path.write_text(GOOD, "utf-8")
    with pytest.raises(WrongFiles, match="the id DISPUTE stands twice"):
        read_tracks(paths, load_outcomes())


LISTS: list[tuple[Callable[[Path], object], Path, str, str, str]] = [
    (read_taxonomy, HERE / "complaints.yaml", "class: PRICING", "class: MOON", "there is no class 'MOON'"),
    (read_taxonomy, HERE / "complaints.yaml", "root_causes:", "roots:", "'root_causes' is missing"),
    (read_signals, HERE / "signals.yaml", "among: 60", "among: long", "'among' must be a whole number"),
    (check_examples, FILE, "last: 2026-03-17", "last: 2026-03-16", "the last day is 2026-03-17"),
    (check_examples, FILE, "unit: MONTHS", "unit: MOONS", "'MOONS' is no unit"),
    (check_examples, FILE, "from: 2026-03-02, count", "from: soon, count", "no date"),
    (check_examples, FILE, "moves: no,", "moves: maybe,", "'moves' is yes or no"),
]


@pytest.mark.parametrize(("read", "file", "good", "bad", "said"), LISTS, ids=[said for *_, said in LISTS])
def test_a_wrong_list_is_named_with_its_line(
    read: Callable[[Path], object], file: Path, good: str, bad: str, said: str, tmp_path: Path
) -> None:
    text = file.read_text("utf-8")
    assert good in text
    path = tmp_path / file.name
    path.write_text(text.replace(good, bad, 1), "utf-8")
    with pytest.raises(WrongFiles, match=re.escape(said)):
        read(path)


def test_every_track_can_end_and_says_who_ends_it() -> None:
    for kind in load_tracks().values():
        assert kind.decisions
        assert all(choice.by for choice in kind.decisions), kind.id
        assert any(choice.then == Then.RESUME for choice in kind.decisions), f"{kind.id} never lets work resume"
        assert Role.COLLECTOR not in kind.deciders, "whoever works the case does not decide what stops it"
        assert any(tell.role in kind.deciders for tell in kind.tells), f"{kind.id}: nobody who decides is told"
        assert all(choice.next[lang] for choice in kind.decisions for lang in ("zh", "en"))


def test_a_figure_of_the_law_names_its_source_and_one_of_ours_says_so() -> None:
    clocks = {kind.id: kind.clock for kind in load_tracks().values()}
    sourced = {name: clock.source for name, clock in clocks.items() if clock.source.confidence != "H"}
    assert set(sourced) == {"COMPLAINT", "CREDIT_OBJECTION"}
    assert all(source.link.startswith("http") for source in sourced.values())
    assert "not law" in clocks["DISPUTE"].source.instrument["en"]
    complaint = load_tracks()["COMPLAINT"]
    assert [complaint.clock.count, *(extension.clock.count for extension in complaint.extensions)] == [15, 30, 60]
