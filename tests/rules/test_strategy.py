"""Strategies: the shipped one is whole and keeps its word, and every way to be wrong is said with file and line."""

from __future__ import annotations

import shutil
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fairdue.core.codes import Aim, Behaviour, Tone
from fairdue.rules import strategy
from fairdue.rules.reading import WrongFiles
from fairdue.rules.scripts import load_scripts
from fairdue.rules.strategy import NoAmounts, NoStrategy, NotInForce, Strategy, load_strategy, read_strategy

if TYPE_CHECKING:
    from fairdue.rules.treatments import Treatment

DAY = date(2026, 9, 30)


@pytest.fixture
def cn() -> Strategy:
    return load_strategy("cn").at(DAY)


def treatment(cn: Strategy, stage: str, band: int, kind: Behaviour) -> Treatment:
    return cn.treatments[int(cn.table.cells[cn.stages.codes.index(stage), band, kind])]


def test_every_cell_has_a_treatment_and_every_row_decides_something(cn: Strategy) -> None:
    assert cn.table.gaps() == []
    assert cn.table.shadowed(len(cn.treatments)) == []


def test_early_stages_serve_and_later_stages_insist(cn: Strategy) -> None:
    tones = {stage: {treatment(cn, stage, 1, kind).tone for kind in Behaviour} for stage in cn.stages.codes[1:]}
    assert tones == {
        "M1": {Tone.SERVICE}, "M2": {Tone.SERVICE}, "M3": {Tone.FIRM}, "M4": {Tone.FIRM}, "M5": {Tone.FIRM},
        "M6": {Tone.FIRM}, "M6+": {Tone.FORMAL},
    }  # fmt: skip


def test_likely_self_cures_are_left_alone_and_nobody_else_in_arrears_is(cn: Strategy) -> None:
    resting = {(stage, kind) for stage in cn.stages.codes[1:] for kind in Behaviour
               if treatment(cn, stage, 2, kind).aim is Aim.REST}  # fmt: skip
    assert resting == {("M1", Behaviour.SELF_CURE)}


def test_the_review_of_a_self_cure_is_the_day_it_stops_being_likely(cn: Strategy) -> None:
    assert treatment(cn, "M1", 2, Behaviour.SELF_CURE).cadence_days == cn.behaviour.self_cure_days


def test_a_first_time_is_met_otherwise_than_a_habit(cn: Strategy) -> None:
    first, chronic = (treatment(cn, "M1", 2, kind) for kind in (Behaviour.FIRST_TIME, Behaviour.CHRONIC))
    assert (first.aim, chronic.aim) == (Aim.LEARN_CAUSE, Aim.WIN_PROMISE)
    assert chronic.cadence_days < first.cadence_days


def test_every_row_gives_its_reason_and_an_approved_script_of_its_tone(cn: Strategy) -> None:
    for row in cn.treatments:
        assert row.why["zh"]
        assert row.why["en"]
        assert load_scripts().all[row.script].tone is row.tone


def test_each_further_contact_keeps_less_of_its_chance(cn: Strategy) -> None:
    falloff = cn.value.falloff_ppm
    assert falloff[:5] == tuple(round(rate / 13.0 * 1000) * 1000 for rate in (13.0, 11.5, 10.7, 9.4, 7.5))
    assert falloff[9:] == (277_000,)  # 3.6 % from the tenth contact on
    assert len({earlier - later for earlier, later in pairwise(falloff[4:])}) == 1  # a straight line between


def test_both_languages_say_where_the_figures_come_from(cn: Strategy) -> None:
    assert all("Moro" in text for text in cn.value_explained.values())


def test_amounts_follow_the_currency_and_the_rest_does_not() -> None:
    yuan, dollars = (load_strategy("cn").at(DAY, currency) for currency in ("CNY", "TWD"))
    assert yuan.band_edges != dollars.band_edges
    assert yuan.value.cost_minor != dollars.value.cost_minor
    assert (yuan.table, yuan.revision) == (dollars.table, dollars.revision)


def test_a_currency_nobody_gave_amounts_for_is_refused() -> None:
    with pytest.raises(NoAmounts, match="no amounts in XTS"):
        load_strategy("cn").at(DAY, "XTS")


def test_a_day_before_the_first_version_is_refused() -> None:
    with pytest.raises(NotInForce, match="2025-12-31"):
        load_strategy("cn").at(date(2025, 12, 31))


def test_an_unknown_name_is_refused_with_those_there_are() -> None:
    with pytest.raises(NoStrategy, match="Available: cn"):
        load_strategy("nowhere")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(strategy.HERE / "cn", tmp_path / "cn"))


def change(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text("utf-8")
    assert text.count(old) >= 1
    path.write_text(text.replace(old, new, 1), "utf-8")


def said(folder: Path) -> list[str]:
    with pytest.raises(WrongFiles) as caught:
        read_strategy(folder)
    for fault in caught.value.faults:
        assert fault.sentence("zh") != fault.sentence("en")
    return [f"{fault.fields['file']}:{fault.fields['line']} {fault.fields['what']}" for fault in caught.value.faults]


CSV, YAML = "treatments.csv", "strategy.yaml"
BROKEN = {
    "unknown stage": (CSV, "\nM6+,", "\nM9,", "cn/treatments.csv:15 'M9' is none of M0,"),
    "unknown behaviour": (CSV, ",CHRONIC,", ",LAZY,", "cn/treatments.csv:6 'LAZY' is none of FIRST_TIME,"),
    "unknown aim": (CSV, "LEARN_CAUSE", "FRIGHTEN", "cn/treatments.csv:5 'FRIGHTEN' is no aim"),
    "unknown channel": (CSV, "TELL,CALL", "TELL,PIGEON", "cn/treatments.csv:4 'PIGEON' is no channel"),
    "unknown tone": (CSV, "CALL,FORMAL", "CALL,ANGRY", "cn/treatments.csv:15 'ANGRY' is no tone"),
    "cadence of no days": (CSV, "SERVICE,7,", "SERVICE,0,", "cn/treatments.csv:4 '0' is no whole number from 1 to 90"),
    "cadence in words": (CSV, "SERVICE,7,", "SERVICE,weekly,", "cn/treatments.csv:4 'weekly' is no whole number"),
    "unknown script": (CSV, "late-formal", "last-warning", "cn/treatments.csv:15 there is no script 'last-warning'"),
    "script of another tone": (CSV, "late-formal", "early-service",
                               "cn/treatments.csv:15 script 'early-service' is not in the tone FORMAL"),
    "no reason in English": (CSV, ",Agree on an amount and a day", ",",
                             "cn/treatments.csv:11 the reason is missing in zh or en"),
    "comma without quotes": (CSV, ",Agree on an amount and a day", ",Agree on an amount, and a day",
                             "cn/treatments.csv:11 the row has 12 cells, not 11"),
    "other columns": (CSV, "stage,band", "band,stage", "cn/treatments.csv:1 the columns differ"),
    "a gap": (CSV, "\nM6+,*,*", "\nM6+,*,CHRONIC", "cn/treatments.csv:1 no row decides stage M6+, band 0, FIRST_TIME"),
    "a dead row": (CSV, "\nM1,0,*", "\nM1,*,*", "cn/treatments.csv:5 this row never decides"),
    "no such table": (YAML, "treatments.csv", "other.csv", "cn/other.csv:1 cannot be read"),
    "unknown ladder": (YAML, "stages: M", "stages: Q", "cn/strategy.yaml:6 there is no ladder of stages 'Q'"),
    "unknown key": (YAML, "stages: M", "stages: M\ncolour: red", "cn/strategy.yaml:7 'colour' is not known"),
    "title in one language": (YAML, "  en: Standard strategy for personal loans\n", "",
                              "cn/strategy.yaml:3 'title' needs a text in zh and in en"),
    "no date": (YAML, "2026-01-01:", "spring:", "cn/strategy.yaml:8 'spring' is no date"),
    "never in force": (YAML, "2026-01-01:", "2026-01-01: null\nnever:", "'never' is not known"),
    "share above one": (YAML, "self_cure_paid_ppm: 200000", "self_cure_paid_ppm: 1200000",
                        "cn/strategy.yaml:13 'self_cure_paid_ppm' must be a whole number from 0 to 1000000"),
    "money as a fraction": (YAML, "{CALL: 150,", "{CALL: 1.5,", "cn/strategy.yaml:18 'CALL' must be a whole number"),
    "channel without a cost": (YAML, "{CALL: 150, ", "{", "cn/strategy.yaml:18 'cost_minor' lacks CALL"),
    "stage without a chance": (YAML, "reach_ppm: {M0: 300000, ", "reach_ppm: {",
                               "cn/strategy.yaml:34 'reach_ppm' lacks M0"),
    "behaviour without uplift": (YAML, "        M2: {FIRST_TIME: 240000, ", "        M2: {",
                                 "cn/strategy.yaml:40 'M2' lacks FIRST_TIME"),
    "bands that fall": (YAML, "[100000, 1000000,", "[100000, 90000,",
                        "cn/strategy.yaml:17 the numbers of 'band_edges' must rise"),
    "bands that differ": (YAML, "[5000, 50000, 200000]", "[5000, 50000]",
                          "cn/strategy.yaml:15 the currencies differ in their number of bands"),
    "fall-off that rises": (YAML, "1000000, 885000", "1000000, 885000, 900000",
                            "cn/strategy.yaml:35 the numbers of 'falloff_ppm' must fall"),
    "fall-off from less": (YAML, "[1000000, 885000", "[885000", "the first contact keeps the whole chance"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_wrong_is_said_with_its_line(copy: Path, name: str) -> None:
    file, old, new, expected = BROKEN[name]
    change(copy, file, old, new)
    assert any(expected in sentence for sentence in said(copy)), said(copy)


def test_everything_that_is_wrong_is_said_at_once(copy: Path) -> None:
    change(copy, CSV, "LEARN_CAUSE", "FRIGHTEN")
    change(copy, CSV, "late-formal", "last-warning")
    change(copy, YAML, "self_cure_paid_ppm: 200000", "self_cure_paid_ppm: 1200000")
    assert [sentence.split()[0] for sentence in said(copy)] == [
        "cn/strategy.yaml:13", "cn/treatments.csv:5", "cn/treatments.csv:15",
    ]  # fmt: skip


def test_a_withdrawn_strategy_is_in_force_up_to_the_day_before(copy: Path) -> None:
    with (copy / YAML).open("a", encoding="utf-8") as file:
        file.write("  2027-01-01: null\n")
    found = read_strategy(copy)
    assert found.at(date(2026, 12, 31)).since == date(2026, 1, 1)
    with pytest.raises(NotInForce):
        found.at(date(2027, 1, 1))


def test_the_revision_follows_every_word_and_figure(copy: Path, cn: Strategy) -> None:
    assert read_strategy(copy).at(DAY).revision == cn.revision
    change(copy, CSV, "SERVICE,7,", "SERVICE,8,")
    changed = read_strategy(copy).at(DAY).revision
    change(copy, YAML, "M0: 300000", "M0: 300001")
    assert len({cn.revision, changed, read_strategy(copy).at(DAY).revision}) == 3
