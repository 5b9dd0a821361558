"""A lender's own policy: stricter is welcome and proven, looser is refused when loading."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_packs import ORDINARY, at

from fairdue.core.guard import Facts, History, judge
from fairdue.rules.load import PACKS, load_pack, load_policy, read_policy
from fairdue.rules.reading import WrongFiles

TALKS = "contact/talks/rule.yaml"


def policy(under: Path, old: str = "", new: str = "", head: str = "") -> Path:
    folder = under / "own"
    shutil.copytree(PACKS / "broken" / "_good_policy", folder, dirs_exist_ok=True)
    rule = folder / TALKS
    rule.write_text((PACKS / "broken" / "_good_policy" / TALKS).read_text("utf-8").replace(old, new), "utf-8")
    pack = folder / "pack.yaml"
    pack.write_text((PACKS / "broken" / "_good_policy" / "pack.yaml").read_text("utf-8") + head, "utf-8")
    return folder


def test_the_steady_policy_adds_to_the_law_and_takes_nothing_away() -> None:
    law, own = load_pack("cn"), load_policy("steady", on=load_pack("cn"))
    assert own.rules[: len(law.rules)] == law.rules
    assert own.by_id["STEADY-TIME-01"].tightens == "CN-TIME-01"


def test_the_steady_policy_refuses_at_half_past_nine_in_the_evening() -> None:
    facts = Facts.from_rows([{**ORDINARY, "at": at("2026-11-02 21:30")}])
    day = date(2026, 11, 2)
    assert judge(load_pack("cn").at(day), facts, History.none()).allowed[0]
    assert not judge(load_pack("cn", "steady").at(day), facts, History.none()).allowed[0]


def test_what_the_text_says_should_not_be_may_be_made_advice(tmp_path: Path) -> None:
    own = read_policy(policy(tmp_path, head="advise: [CN-FREQ-03]\n"), load_pack("cn"))
    assert own.by_id["CN-FREQ-03"].severity == "advise"
    assert load_pack("cn").by_id["CN-FREQ-03"].severity == "should"
    assert own.revision != read_policy(policy(tmp_path), load_pack("cn")).revision


def test_a_lender_may_bind_the_standard_to_consumer_loans_only() -> None:
    day, night = date(2025, 6, 2), "2025-06-02 23:00"  # before the association's guidelines
    book = load_pack("cn", "consumer-credit").at(day)
    facts = Facts.from_rows(
        [{**ORDINARY, "at": at(night), "exam_on": "2025-05-01", "product": product} for product in ("CONSUMER", "CARD")]
    )
    assert judge(book, facts, History.none()).allowed.tolist() == [False, True]
    assert judge(load_pack("cn").at(day), facts, History.none()).allowed.tolist() == [False, False]


def test_calls_and_dials_of_a_day_are_counted_together_only_where_a_policy_says_so() -> None:
    past = History.of(
        at=[at("2026-11-02 09:00")] * 3, person=[1] * 3, point=[1] * 3, channel=[0] * 3, direction=[0] * 3,
        mode=[1, 0, 0], answered=[1] * 3, talked=[1] * 3, party=[0] * 3,
    )  # fmt: skip
    facts = Facts.from_rows([{**ORDINARY, "at": at("2026-11-02 10:00")}])
    day = date(2026, 11, 2)
    assert judge(load_pack("cn").at(day), facts, past).allowed[0]
    assert not judge(load_pack("cn", "composite").at(day), facts, past).allowed[0]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(limit=st.integers(0, 6), days=st.integers(1, 3), modes=st.sampled_from(["[TALK]", "[TALK, NOTIFY]", "[NOTIFY]"]))
def test_a_cap_loads_only_if_it_is_at_least_as_strict(tmp_path: Path, limit: int, days: int, modes: str) -> None:
    old = "modes: [TALK], days: 1, limit: 2"
    try:
        read_policy(policy(tmp_path, old, f"modes: {modes}, days: {days}, limit: {limit}"), load_pack("cn"))
    except WrongFiles as wrong:
        said = " ".join(fault.sentence("en") for fault in wrong.faults)
        looser = limit > 3 or modes == "[NOTIFY]"
        assert looser is ("it is looser than CN-FREQ-02" in said)
        assert looser or limit == 0  # at 0 the first call is refused, and the case beside the rule says so
    else:
        assert limit <= 3
        assert "TALK" in modes
