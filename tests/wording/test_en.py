"""English words: what is said to whom, what is known, who speaks, and what hides inside a word."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from fairdue.wording import Finding, Verdict, check, read

CORPUS = Path(__file__).parent / "corpus" / "en"
RECALL, PRECISION = 0.92, 0.93  # a little below what the frozen part measured


def said(text: str, **given: Any) -> Finding:
    return check(read({"text": text, "lang": "en", **given}))


def verdict(text: str, **given: Any) -> str:
    return said(text, **given).verdict.word


def rows(part: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (CORPUS / f"{part}.jsonl").read_text("utf-8").splitlines()]


def test_the_frozen_sentences_are_judged_well() -> None:
    judged = [(row, check(read(row))) for row in rows("test")]
    blocked = [row["verdict"] == "block" for row, found in judged if found.verdict is Verdict.BLOCK]
    wrong = [found.verdict is Verdict.BLOCK for row, found in judged if row["verdict"] == "block"]
    assert sum(wrong) / len(wrong) >= RECALL
    assert sum(blocked) / len(blocked) >= PRECISION


def test_the_corpus_has_every_code_and_half_of_it_is_lawful() -> None:
    every = [row for part in ("train", "dev", "test") for row in rows(part)]
    lawful = sum(row["verdict"] == "pass" for row in every)
    assert len(every) >= 1500
    assert 0.45 <= lawful / len(every) <= 0.55
    assert {code for row in every for code in row["codes"]} == {f"P{n:02}" for n in range(1, 19)}
    assert len({row["id"] for row in every}) == len(every)


def test_no_frozen_sentence_was_learned_from() -> None:
    words = {json.dumps([row.get("text") or row["turns"], row["audience"], row["known"]]) for row in rows("test")}
    seen = {
        json.dumps([row.get("text") or row["turns"], row["audience"], row["known"]])
        for p in ("train", "dev")
        for row in rows(p)
    }
    assert not words & seen


@pytest.mark.parametrize(
    ("text", "code"),
    [("This is Sergeant Lim of the police about your unpaid loan.", "P01"), ("Attached is your summons. Appear or pay.", "P02"),
     ("We know where you live.", "P04"), ("You're nothing but a parasite.", "P05"), ("You'll go to jail for this.", "P06"),
     ("You will be blacklisted for life.", "P07"),
     ("If you don't pay today the amount doubles.", "P08"),
     ("Pay within the hour or we seize your car.", "P09"), ("I'll post your photo on Facebook.", "P10"),
     ("We'll call your boss every day.", "P11"), ("Borrow it from your friends.",
     "P12"), ("Send it to my personal account.", "P13"),
     ("Message me on my own WhatsApp.", "P14"), ("I'll call you every ten minutes until you pay.", "P15"),
     ("We will force your door.", "P16"), ("You don't need to know who I am.", "P18")],
)  # fmt: skip
def test_every_code_is_found_by_its_name(text: str, code: str) -> None:
    found = said(text)
    assert found.verdict is Verdict.BLOCK
    assert code in found.codes
    assert found.better
    assert found.articles


def test_what_a_debtor_may_hear_a_contact_person_may_not() -> None:
    text = "Your October instalment is overdue."
    assert verdict(text, audience="debtor") == "pass"
    assert verdict(text, audience="guarantor") == "pass"
    for third in ("contact_person", "spouse", "employer", "neighbour"):
        assert "P10" in said(text, audience=third).codes
    assert verdict("Could you ask Mr Tan to call Anna on 555 0100?", audience="contact_person") == "pass"


@pytest.mark.parametrize(
    "text",
    ["It's about a financial matter he's behind on.", "He has some bills he isn't taking care of.",
     "She used your name when she borrowed.",
     "Your brother's instalments have stopped coming in.", "We're debt collectors.",
     "I can't say much, but he's behind on something."],
)  # fmt: skip
def test_no_paraphrase_tells_a_third_person(text: str) -> None:
    assert "P10" in said(text, audience="contact_person").codes


def test_a_lender_may_call_itself_the_lender_and_an_agency_may_not() -> None:
    text = "This is Barclays calling about your card."
    assert verdict(text, sender="lender") == "pass"
    assert said(text, sender="agency").codes == ("P03",)
    assert verdict("I work for Meridian Recoveries, acting on behalf of Barclays.", sender="agency") == "pass"


@pytest.mark.parametrize(
    ("text", "flag"),
    [("We filed a claim against you on Monday.", "suit_filed"), ("Legal proceedings have been started.", "suit_filed"),
     ("Judgment was entered against you.", "judgment"), ("Your discount has been approved.", "waiver_approved")],
)  # fmt: skip
def test_a_claim_passes_when_true_is_reviewed_when_unknown_and_blocked_when_false(text: str, flag: str) -> None:
    assert verdict(text, known={flag: True}) == "pass"
    assert verdict(text) == "review"
    assert verdict(text, known={flag: False}) == "block"


@pytest.mark.parametrize(
    "amount",
    [
        "$1,250.50",
        "£1250.50",
        "1,250.50 dollars",
        "one thousand two hundred fifty dollars and fifty cents",
        "US$1,250.5",
        "Rs. 1250.50/-",
    ],
)
def test_an_amount_may_be_written_in_any_way(amount: str) -> None:
    assert verdict(f"Your balance is {amount} as of today.", known={"amounts": ["1,250.50"]}) == "pass"
    assert said(f"Your balance is {amount} as of today.", known={"amounts": [1250]}).codes == ("P08",)
    assert verdict(f"Your balance is {amount} as of today.") == "review"


def test_lakhs_and_thousands_are_numbers_too() -> None:
    for amount in ("2.5 lakh rupees", "Rs 2,50,000", "₹250,000", "250k rupees", "two lakh fifty thousand rupees"):
        assert verdict(f"The outstanding amount is {amount}.", known={"amounts": [250000]}) == "pass", amount


def test_part_of_what_is_owed_may_be_asked_for_and_more_may_not() -> None:
    assert verdict("Could you manage $50 a month?", known={"amounts": [900]}) == "pass"
    assert verdict("Please pay $400 by transfer.", known={"amounts": [900]}) == "pass"
    assert "P08" in said("Please pay $1,400 by transfer.", known={"amounts": [900]}).codes


@pytest.mark.parametrize(
    "day", ["15 December 2026", "December 15", "15/12/2026", "2026-12-15", "Dec. 15th, 2026", "the 15th of December"]
)
def test_a_deadline_may_be_written_in_any_way(day: str) -> None:
    known = {"deadlines": ["2026-12-15"], "today": "2026-11-25"}
    assert verdict(f"Please reply by {day}.", known=known) == "pass"
    assert "P09" in said(f"Please reply by {day}.", known={**known, "deadlines": ["2026-12-20"]}).codes


def test_tomorrow_is_a_date_where_today_is_known() -> None:
    text = "Your deadline is tomorrow."
    assert verdict(text, known={"deadlines": ["2026-11-26"], "today": "2026-11-25"}) == "pass"
    assert "P09" in said(text, known={"deadlines": ["2026-12-15"], "today": "2026-11-25"}).codes


def test_a_time_barred_debt_is_not_sued_for() -> None:
    text = "If we cannot agree, we may take you to court."
    assert verdict(text, known={"time_barred": False}) == "pass"
    assert said(text, known={"time_barred": True}).codes == ("P17",)
    assert (
        verdict("Because of the age of your debt, we will not sue you for it.", known={"time_barred": True}) == "pass"
    )


@pytest.mark.parametrize(
    "text",
    ["We will not contact your employer.", "You will not be arrested for this debt.", "Please do not borrow money to pay us.",
     "There is no fee for this plan.", "Nobody will tell your family.", "No collector may enter your home."],
)  # fmt: skip
def test_a_denial_is_no_threat(text: str) -> None:
    assert verdict(text) == "pass"


@pytest.mark.parametrize(
    "text",
    ["Don't think we won't contact your employer.", "Pay today and we won't tell your boss.", "Can't you pawn your wedding ring?",
     "Don't be surprised when the police come to arrest you.", "You don't want to see my bad side."],
)  # fmt: skip
def test_a_denial_that_denies_nothing_is_still_a_threat(text: str) -> None:
    assert verdict(text) == "block"


def test_a_warning_of_others_is_no_threat() -> None:
    for text in ("If a caller says you will be arrested, it is a scam.",
     "It is illegal for any collector to threaten you with arrest.",
                 "I am sorry that the agent told you that you would go to jail."):  # fmt: skip
        assert verdict(text) == "pass", text


def test_only_the_collector_is_judged() -> None:
    turns = [
        {"speaker": "collector", "text": "When can you pay?"},
        {"speaker": "debtor", "text": "Fuck off, I'll break your legs!"},
    ]
    assert check(read({"turns": turns, "lang": "en"})).verdict is Verdict.PASS
    found = check(read({"turns": [*turns, {"speaker": "collector", "text": "Then you'll go to jail."}], "lang": "en"}))
    assert [(span.turn, span.code) for span in found.spans] == [(2, "P06")]


@pytest.mark.parametrize(
    "text",
    ["You will be arrested.", "you w1ll be arr3sted", "you will be a r r e s t e d", "you will be a.r.r.e.s.t.e.d",
     "you will be arested",
     "you will be arrrrested", "ｙｏｕ ｗｉｌｌ ｂｅ ａｒｒｅｓｔｅｄ", "yоu will be аrrеstеd", "you will be arr\u200bested",
     "YOU WILL BE ARRESTED!!!",
     "u will b arrested", "you will be ar-rested", "you will be ärrested", "you will be @rrested"],
)  # fmt: skip
def test_a_word_is_found_in_disguise(text: str) -> None:
    assert "P06" in said(text).codes


def test_a_span_is_a_place_in_the_words_as_they_were_written() -> None:
    text = "Dear Sir, pay now or you will go to j.a.i.l tonight."
    for span in said(text).spans:
        assert text[span.start : span.end] == span.text
    assert any("j.a.i.l" in span.text for span in said(text).spans)


def test_a_check_takes_less_than_two_milliseconds() -> None:
    lines = [read(row) for row in rows("test")]
    for line in lines:
        check(line)
    start = time.process_time()
    for line in lines:
        check(line)
    assert (time.process_time() - start) / len(lines) < 0.002
