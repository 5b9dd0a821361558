"""Every way to be wrong that ships in packs/broken is refused when loading, with the sentence that stands beside it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from fairdue.rules.load import PACKS, load_pack, read_pack, read_policy
from fairdue.rules.reading import WrongFiles

BROKEN = PACKS / "broken"
WAYS = sorted(path.name for path in BROKEN.iterdir() if not path.name.startswith("_"))


def laid_out(way: str, under: Path) -> Path:
    """The good example with the wrong file laid over it, in a folder named for the way."""
    folder = under / "pack"
    shutil.copytree(BROKEN / ("_good_policy" if way.startswith("policy-") else "_good"), folder)
    shutil.copytree(BROKEN / way, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("expected.txt"))
    return folder


def faults_of(way: str, under: Path) -> list[str]:
    folder = laid_out(way, under)
    with pytest.raises(WrongFiles) as raised:
        read_policy(folder, load_pack("cn")) if way.startswith("policy-") else read_pack(folder)
    return [fault.sentence(lang) for fault in raised.value.faults for lang in ("en", "zh")]


@pytest.mark.parametrize("way", WAYS)
def test_a_broken_pack_says_what_is_wrong_and_where(way: str, tmp_path: Path) -> None:
    assert faults_of(way, tmp_path) == (BROKEN / way / "expected.txt").read_text("utf-8").splitlines()


def test_the_good_examples_hold(tmp_path: Path) -> None:
    assert [rule.id for rule in read_pack(BROKEN / "_good").rules] == ["X-TIME-01"]
    assert read_policy(BROKEN / "_good_policy", load_pack("cn")).rules[-1].id == "X-FREQ-01"


def test_all_faults_are_said_at_once(tmp_path: Path) -> None:
    folder = laid_out("unknown-key", tmp_path)
    rule = folder / "contact/night/rule.yaml"
    rule.write_text(rule.read_text("utf-8").replace("22:00", "late").replace("OUT", "AWAY"), "utf-8")
    with pytest.raises(WrongFiles) as raised:
        read_pack(folder)
    assert [fault.fields["line"] for fault in raised.value.faults] == [8, 10, 12]
