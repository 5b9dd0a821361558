"""What comes in is read generously; what goes out keeps its form; one bad line stops no other."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from fairdue.cli import main
from fairdue.wording import NotReadable, Verdict, check, read
from fairdue.wording.finding import load_codes


def run(*lines: object, option: str = "--json") -> Result:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines)
    return CliRunner().invoke(main, ["wording", "check", option], input=text)


def answers(*lines: object) -> list[dict[str, object]]:
    return [json.loads(line) for line in run(*lines).stdout.splitlines()]


def test_every_line_has_an_answer_and_a_bad_one_says_why() -> None:
    first, second, third = answers({"id": "a", "text": "您好"}, "{broken", {"id": "c", "lang": "en"})
    assert first == {"id": "a", "verdict": "pass", "codes": [], "spans": [], "articles": [], "better": None}
    assert second["line"] == 2
    assert third["id"] == "c"
    assert "error" in second
    assert "error" in third


def test_the_schema_names_every_field_of_a_line() -> None:
    schema = json.loads(run(option="--schema").stdout)
    assert set(schema["properties"]) == {"id", "lang", "text", "turns", "audience", "sender", "known"}


@pytest.mark.parametrize(
    ("said", "kind"),
    [("borrower", "debtor"), ("联系人", "contact_person"), ("Emergency Contact", "contact_person"), (None, "debtor"),
     ("landlord", "other"), ("a parrot", "other"), ({"kind": "guarantor"}, "guarantor"), ("wife", "spouse")],
)  # fmt: skip
def test_a_reader_goes_by_many_names(said: object, kind: str) -> None:
    assert read({"text": "x", "audience": said}).audience == kind


def test_a_fact_is_known_true_known_false_or_unknown() -> None:
    known = read({"text": "x", "known": {"filed": "yes", "judgment": 0, "waiver": None, "visit": "unknown"}}).flags
    assert known == {"suit_filed": True, "judgment": False}


def test_amounts_and_deadlines_are_unknown_where_they_are_missing() -> None:
    assert read({"text": "x"}).amounts is None
    assert read({"text": "x", "known": {"amounts": []}}).amounts == ()
    assert read({"text": "x", "known": {"amount": {"principal": 5000, "fees": [12.5]}}}).amounts == (5000, 12.5)


def test_a_text_that_is_none_cannot_be_read() -> None:
    rows: list[object] = [{"text": 5}, {"turns": []}, {"turns": ["hi"]}, [], {"text": "x", "known": "yes"}]
    for row in rows:
        with pytest.raises(NotReadable):
            read(row)


def test_every_code_has_its_law_and_a_lawful_way_to_say_it() -> None:
    codes = load_codes()
    assert list(codes) == [f"P{n:02}" for n in range(1, 19)]
    for code in codes.values():
        for lang in ("zh", "en"):
            assert code.articles[lang], code.id
            better = code.better[lang].replace("{", "").replace("}", "")
            assert check(read({"text": better, "lang": lang})).verdict is not Verdict.BLOCK, (code.id, better)


def test_the_better_sentence_fits_the_reader() -> None:
    threat = check(read({"text": "再不还就爆你通讯录", "lang": "zh"}))
    told = check(read({"text": "他欠我们钱", "lang": "zh", "audience": "family"}))
    assert threat.codes == told.codes == ("P10",)
    assert threat.better == load_codes()["P11"].better["zh"]
    assert told.better == load_codes()["P10"].better["zh"]
