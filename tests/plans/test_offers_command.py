from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from fairdue.cli import main
from fairdue.docgen.answers import OFFER, OFFERS
from fairdue.rules.plans.asked import KEYS

ASKED = {
    "id": "one", "on": "2025-06-01", "product": "CARD", "lender_kind": "BANK", "dpd": 95, "role": "COLLECTOR",
    "balances": {"PRINCIPAL": 2_000_000, "INTEREST": 150_000, "PENALTY": 80_000, "FEES": 20_000},
    "annual_ppm": 182_500, "income": {"WAGE": {"amount": 500_000, "evidenced": True}},
    "outgoings": {"HOUSING": 150_000, "FOOD": 120_000}, "place": "上海", "hardship": "JOB_LOSS", "pay_day": 10,
}  # fmt: skip


def run(*lines: object, code: int = 0) -> list[dict[str, Any]]:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    done = CliRunner().invoke(main, ["offers", "--json"], input=text)
    assert done.exit_code == code, done.output
    return [json.loads(line) for line in done.output.splitlines()]


def test_a_line_in_a_choice_set_out() -> None:
    (answer,) = run(ASKED)
    assert answer["afford"]["left"] == 230_000
    offers = {(o["code"], o["months"]): o for o in answer["offers"]}
    plan = offers["plan", 24]
    assert plan["total"] == sum(p["amount"] for p in plan["payments"]) == 2_250_000
    assert plan["approvers"] == ["LEAD"]
    assert answer["not_offered"]
    assert answer["referrals"][0]["title"]["en"].startswith("Finding work")


def test_a_bad_line_says_what_is_wrong_and_the_good_ones_are_answered() -> None:
    bad = [
        "nonsense", "[1]", {**ASKED, "on": "yesterday"}, {**ASKED, "dpd": -1}, {**ASKED, "dpd": True}, {**ASKED, "more": 1},
        {**ASKED, "balances": {"GOLD": 1}}, {**ASKED, "income": {"WAGE": 12.5}}, {**ASKED, "role": "KING"},
        {**ASKED, "contract_order": "FEES"}, {**ASKED, "pay_day": 32}, {k: v for k, v in ASKED.items() if k != "product"},
        {**ASKED, "components_known": "yes"},
    ]  # fmt: skip
    answers = run(*bad, ASKED, code=1)
    for answer in answers[:-1]:
        error = answer["error"]
        assert isinstance(error, dict)
        assert error["code"] == "offers.not-a-situation"
        assert "{" not in error["en"] + error["zh"]
    assert answers[-1]["offers"]


def test_every_key_is_described() -> None:
    assert all(en and zh for _, en, zh in KEYS.values())


def test_it_can_be_read_without_json() -> None:
    done = CliRunner().invoke(main, ["offers"], input=json.dumps(ASKED), env={"FAIRDUE_LANG": "zh"})
    assert done.exit_code == 0
    assert "免息分期 × 24" in done.output
    assert "须审批：LEAD" in done.output


def test_the_answer_has_exactly_the_keys_that_are_documented() -> None:
    (answer,) = run(ASKED)
    assert set(answer) == set(OFFERS)
    assert all(set(o) == set(OFFER) for o in answer["offers"])


def test_the_example_of_the_how_to_page_is_answered() -> None:
    file = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "situations.jsonl"
    done = CliRunner().invoke(main, ["offers", "--json", str(file)])
    first, second = map(json.loads, done.output.splitlines())
    assert done.exit_code == 0
    assert first["offers"]
    assert second["offers"] == []
    assert {w["reason"] for r in second["not_offered"] for w in r["why"]} >= {"INCOME_UNKNOWN"}
