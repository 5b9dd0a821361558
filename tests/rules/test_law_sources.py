"""Every row of the survey of Chinese law the pack was made from is a rule, or is left out with a reason on the page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fairdue.rules.load import POLICIES, load_pack, names, policy_base

WHY = Path(__file__).resolve().parents[2] / "docs" / "why"
LEFT_OUT = {"law-sources.md": "## Left out, with the reason", "law-sources.zh.md": "## 未纳入及理由"}
ROWS = {  # of the survey, by how sure it is of the text; "-": a suggestion or not found
    "V": """
        CN-TIME-01 CN-FREQ-01 CN-PARTY-01 CN-PARTY-02 CN-PARTY-04 CN-PARTY-05 CN-REC-01 CN-REC-04 CN-REC-05 CN-AGENCY-04
        CN-STAFF-01 CN-COMPL-02 CN-CREDIT-01 CN-CREDIT-02 CN-CREDIT-03 CN-FORB-01 CN-FORB-02 CN-ALLOC-01 CN-ALLOC-02
        CN-RATE-01 CN-RATE-02 CN-RATE-03 CN-RATE-08 CN-RATE-10 CN-PI-01 CN-PI-02 CN-PI-03 CN-PI-04 CN-PI-05 CN-PI-06
        CN-PI-07 CN-PI-08 CN-GUAR-01 CN-GUAR-02 CN-GUAR-03 CN-GUAR-04 CN-GUAR-05 CN-GUAR-06 CN-HEIR-01 CN-SPOUSE-01
        CN-CRIM-01 CN-CRIM-02 CN-CRIM-03 CN-CRIM-04
    """,
    "S": """
        CN-TIME-02 CN-FREQ-02 CN-FREQ-03 CN-PARTY-03 CN-PARTY-06 CN-PARTY-07 CN-PARTY-08 CN-ID-01 CN-ID-02 CN-REC-02
        CN-REC-03 CN-VISIT-01 CN-VISIT-03 CN-LETTER-01 CN-MSG-01 CN-MSG-02 CN-AGENCY-00 CN-AGENCY-01 CN-AGENCY-02
        CN-AGENCY-03 CN-AI-01 CN-AI-02 CN-COMPL-01 CN-FORB-03 CN-ALLOC-03 CN-RATE-04 CN-RATE-05 CN-RATE-07 CN-RATE-09
        CN-CLASS-01
    """,
    "S-": "CN-FREQ-05 CN-VISIT-02 CN-RATE-06",
    "-": "CN-FREQ-04 CN-ALLOC-04",
}
EVERY = [row for rows in ROWS.values() for row in rows.split()]


def left_out(page: str) -> set[str]:
    """The rows the page names as left out."""
    part = (WHY / page).read_text("utf-8").split(LEFT_OUT[page])[1].split("\n\n")[1]
    return {row for line in part.splitlines() for row in re.findall(r"\*\*([A-Z0-9-]+)\*\*", line)}


def encoded() -> set[str]:
    """The ids of all rules of the pack and of the policies on it."""
    on_law = [name for name in names(POLICIES) if policy_base(name) == "cn"]
    return {rule.id for name in ("", *on_law) for rule in load_pack("cn", name).rules}


@pytest.mark.parametrize("page", LEFT_OUT)
def test_every_row_is_a_rule_or_is_left_out_with_a_reason(page: str) -> None:
    ids = encoded()
    carried = {row for row in EVERY if any(one == row or one.startswith(f"{row}-") for one in ids)}
    assert left_out(page) == set(EVERY) - carried


def test_every_rule_of_the_pack_comes_from_a_row() -> None:
    law = [rule.id for rule in load_pack("cn").rules if rule.id.startswith("CN-")]
    assert [one for one in law if not any(one == row or one.startswith(f"{row}-") for row in EVERY)] == []


def test_what_one_weak_source_says_is_advice_and_the_page_says_so() -> None:
    page = (WHY / "law-sources.md").read_text("utf-8")
    for row in ROWS["S-"].split():
        assert f"**{row}**" in page
        assert all(rule.severity == "advise" for rule in load_pack("cn").rules if rule.id.startswith(row))


def test_no_rule_is_surer_of_its_text_than_the_survey() -> None:
    surest = {row: mark for mark, rows in ROWS.items() for row in rows.split()}
    for rule in load_pack("cn").rules:
        row = next((row for row in EVERY if rule.id == row or rule.id.startswith(f"{row}-")), "")
        if row and surest[row] != "V":
            assert rule.about.confidence != "V" or rule.id == "CN-VISIT-03-HOME", rule.id  # the Civil Code was read
