"""What is said: approved, in both languages, silent about the debt before identity, and passed by the wording check."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from fairdue.core.errors import Lang
from fairdue.rules.reading import WrongFiles
from fairdue.rules.scripts import LANGS, load_scripts
from fairdue.rules.talk import aims, asides, facts, graph, promises
from fairdue.rules.talk.shown import filled
from fairdue.wording import Verdict, check, read

SLOTS = {
    "lender": "示例银行", "lender_en": "Example Bank", "collector": "李明", "person": "王*", "amount": "CNY 1,200.00",
    "due_date": "2026-09-15", "days": "15", "per_day": "CNY 1.20", "promised_amount": "CNY 300.00",
    "promised_on": "2026-10-05", "broken_amount": "CNY 300.00", "broken_on": "2026-09-20", "our_word": "记录已更正",
    "our_word_en": "the record is corrected", "kept_share": "72 %", "bureau": "未报送", "bureau_en": "Not reported",
}  # fmt: skip
KNOWN = {"amounts": [1200, 300, 1.2], "deadlines": ["2026-09-15", "2026-10-05", "2026-09-20"], "today": "2026-09-30"}
HERE = Path(graph.FILE).parent


def texts() -> Iterator[tuple[str, Mapping[Lang, str]]]:
    for name, node in graph.load_graph().nodes.items():
        if not node.end:  # what stands there is for the collector
            yield f"node {name}", node.text
        yield from ((f"node {name} {tone.name}", text) for tone, text in node.by_tone.items())
    for kind in ("frames", "consequences", "objections"):
        yield from ((f"{kind} {one.id}", one.text) for one in getattr(asides.load_asides(), kind))
    for script in load_scripts().all.values():
        yield from ((f"script {script.id} {block.name}", block.text) for block in script.blocks)


@pytest.mark.parametrize("lang", LANGS)
def test_no_sentence_is_blocked_by_the_wording_check(lang: Lang) -> None:
    blocked = {}
    for name, text in texts():
        said = filled(text, SLOTS, lang)
        if said:
            found = check(read({"text": said, "lang": lang, "audience": "debtor", "sender": "lender", "known": KNOWN}))
            if found.verdict is Verdict.BLOCK:
                blocked[name] = found.as_dict()
    assert blocked == {}


def test_before_identity_a_third_person_may_hear_every_word() -> None:
    early = graph.load_graph().before_identity()
    assert {"open", "message", "identity", "third", "wrong", "later", "verify_us", "answer"} <= early
    assert not {"tell", "ask", "broken", "remind", "means"} & early
    for name in early:
        node = graph.load_graph().nodes[name]
        words = node.words(load_scripts().all["late-formal"], 2)
        for lang in LANGS:
            found = check(
                read({"text": filled(words, SLOTS, lang), "lang": lang, "audience": "third", "sender": "lender"})
            )
            assert found.verdict is not Verdict.BLOCK, (name, lang, found.as_dict())


def test_every_talk_can_end_and_every_outcome_is_one_of_the_list() -> None:
    assert set(graph.load_graph().start) == {"OUT", "IN", "TEXT"}
    ends = [a.outcome for node in graph.load_graph().nodes.values() for a in node.answers if a.outcome]
    assert {"RPC_PTP", "RPC_HARDSHIP", "RPC_DISPUTE", "TPC_UNKNOWN_PERSON", "RPC_CALLBACK"} <= set(ends)


def test_where_the_talk_goes_after_identity_follows_from_the_aim_and_the_facts() -> None:
    enter = graph.load_graph().enter
    assert enter({"aim": "WIN_PROMISE"}, {}) == "tell"
    assert enter({"aim": "LEARN_CAUSE"}, {"broken_on": "2026-09-20"}) == "broken"
    assert enter({"aim": "CONFIRM_PROMISE"}, {"promised_on": "2026-10-05"}) == "remind"
    assert enter({"aim": "CONFIRM_PROMISE"}, {}) == "tell"
    assert enter({"aim": "KEEP_OUR_WORD"}, {}) == "our_word"
    assert enter({"aim": "LEARN_MEANS"}, {}) == "means"


def shown(kind: str, situation: Mapping[str, str | None], slots: Mapping[str, str]) -> set[str]:
    return {one.id for one in asides.fitting(getattr(asides.load_asides(), kind), situation, slots)}


def test_a_consequence_is_shown_only_where_it_is_known_to_be_true() -> None:
    assert shown("consequences", {}, {}) == set()
    assert shown("consequences", {"stage": "M4"}, {}) == set(), "nobody knows how late it is"
    assert shown("consequences", {"stage": "M4", "days": "120"}, {}) == {"court"}
    assert shown("consequences", {"stage": "M6+", "days": "1200"}, {}) == set(), "three years have passed"
    assert shown("consequences", {"stage": "M1", "days": "12"}, {"per_day": "CNY 1.20"}) == {"interest"}
    assert shown("consequences", {"bureau": "NOT_REPORTED"}, {}) == set()
    assert shown("consequences", {"bureau": "REPORTED"}, {}) == {"credit_record"}


def test_a_norm_is_cited_only_where_it_was_measured() -> None:
    assert "norm" not in shown("frames", {"stage": "M1"}, {"amount": "1"})
    assert "norm" in shown("frames", {"stage": "M1"}, {"kept_share": "72 %"})


def test_cards_name_their_source_and_how_well_it_is_known() -> None:
    assert len(asides.load_cards()) >= 12
    assert {card.kind for card in asides.load_cards()} == {"law", "product", "arithmetic"}
    for card in asides.load_cards():
        assert card.source["zh"]
        assert card.source["en"]
        assert card.confidence in {"V", "S", "S-", "M"}


def test_every_aim_says_what_it_teaches_who_pursues_it_and_when_it_ends() -> None:
    for card in aims.load_aims().cards.values():
        assert card.who
        assert all(card.done.values())
        assert all(card.given_up.values())


BROKEN: dict[str, tuple[str, str, str, str]] = {
    "a node that says the debt too early": ("graph", "打扰您了。我想联系", "打扰您了。您的欠款，我想联系", "before identity"),
    "a node nobody reaches": ("graph", "to: channel, learns", "to: ask, learns", "nothing leads to 'channel'"),
    "a node without an end": ("graph", "{id: ends, zh: 结束通话, en: End the call, to: done}",
                              "{id: ends, zh: 再来, en: Again, to: close}",
                              "never comes to an end"),
    "an outcome of no list": ("graph", "outcome: RPC_REFUSE", "outcome: RPC_REFUSES", "'RPC_REFUSES' is not possible"),
    "an answer that teaches nonsense": ("graph", "{cause: FORGOT}", "{cause: FORGETS}", "'FORGETS' is not possible"),
    "languages that name other facts": ("graph", "{broken_on}前还", "前还", "different facts"),
    "words nobody approved": ("graph", "approved: {version: 1, by: fairdue,", "approved: {version: 0, by: fairdue,",
                              "needs a version"),
    "a consequence whose fact is not asked for": ("asides", 'needs: [per_day]\n    text: {zh: "按合同',
                                                  'text: {zh: "按合同',
                                                  "must need exactly the facts"),
    "an objection that says the debt too early": ("asides", "您警惕是对的。", "您的欠款是真的。", "before identity"),
    "a card without a known confidence": ("cards", "confidence: M}\n  penalty", "confidence: X}\n  penalty",
                                          "'X' is not possible"),
    "a row of aims that never decides": ("aims", "rows:\n",
                                         "rows:\n  - {when: {promise: [BROKEN]}, aim: TELL, why: {zh: 一, en: one}}\n",
                                         "always fits first"),
    "an aim of no list": ("aims", "aim: KEEP_OUR_WORD\n", "aim: KEEP_ANY_WORD\n", "'KEEP_ANY_WORD' is not possible"),
    "a column of no list": ("aims", "when: {own_word: [DUE]}", "when: {our_word: [DUE]}", "'our_word' is not possible"),
    "a kind of fact of no list": ("facts", "kind: hours", "kind: minutes", "the kind of 'best_hours'"),
    "limits in disorder": ("promises", "{broken: 2,", "{broken: 4,", "do not rise"),
    "a share above one": ("promises", "threshold_ppm: 950000", "threshold_ppm: 1950000", "from 0 to 1000000"),
}  # fmt: skip
READERS = {"graph": graph.read_graph, "asides": asides.read_asides, "cards": asides.read_cards, "aims": aims.read_aims,
           "facts": facts.read_facts, "promises": promises.read_promise_policies}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_with_the_reason_and_the_line(name: str, tmp_path: Path) -> None:
    kind, before, after, sentence = BROKEN[name]
    text = (HERE / f"{kind}.yaml").read_text("utf-8")
    assert before in text
    file = tmp_path / f"{kind}.yaml"
    file.write_text(text.replace(before, after, 1), "utf-8")
    with pytest.raises(WrongFiles) as wrong:
        READERS[kind](file)
    assert sentence in wrong.value.sentence("en")
    assert f"{kind}.yaml, line" in wrong.value.sentence("en")


@pytest.mark.parametrize(("name", "typed", "kept"), [
    ("cause", "JOB_LOST", "JOB_LOST"), ("income", "4,500.00", "450000"), ("payday", " 15 ", "15"),
    ("best_hours", "9:00-11:30", "09:00-11:30"), ("told", "2026-09-30", "2026-09-30"),
])  # fmt: skip
def test_a_fact_is_kept_in_one_spelling(name: str, typed: str, kept: str) -> None:
    assert facts.find(name).parse(typed, 2) == kept


@pytest.mark.parametrize(("name", "typed"), [
    ("cause", "BORED"), ("income", "a lot"), ("income", "-5"), ("payday", "x"), ("best_hours", "25:00-26:00"),
    ("told", "soon"),
])  # fmt: skip
def test_what_is_no_fact_is_refused_in_both_languages(name: str, typed: str) -> None:
    with pytest.raises(facts.NotAFact) as fault:
        facts.find(name).parse(typed, 2)
    assert typed in fault.value.sentence("zh")
    assert fault.value.remedy("en")
