"""Every sentence of the site may be said, says nothing outside, and can be read by somebody who reads little."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from fairdue.core.errors import Lang
from fairdue.web.portal import urls
from fairdue.web.portal.words import texts
from fairdue.wording import Said, Verdict, check

PORTAL = Path(urls.__file__).parent
SLOTS = {
    "name": "王先生", "amount": "1,200.00", "on": "6月5日", "since": "6月1日", "first": "6月1日", "last": "6月9日", "n": "12",
    "seconds": "8", "result": "ok", "word": "blue", "reference": "AB12", "lender": "Bank A", "product": "loan",
    "number": "····3321", "currency": "CNY", "code": "x1",
}  # fmt: skip
# Reading: judgement figures. Chinese by the length of a clause and of a sentence; English by the Flesch–Kincaid grade of a
# whole sentence (short labels have no grade worth the name) and by its words.
CLAUSE, SENTENCE, GRADE, WORDS = 24, 60, 8.0, 22
LAW = {"order.law", "order.contract", "order.card", "order.card-late", "paper.text"}  # they name an article or certify
BEFORE = (
    "site", "skip", "demo", "help", "leave", "code.", "facts.", "not-me.", "error.code", "error.facts", "error.wait",
    "lost.", "look.", "verify.",
)  # fmt: skip
TELLS = re.compile(
    r"欠|逾期|催|债|还款|贷|账单|owe|debt|loan|overdue|arrear|collect|repay|borrow|\blate\b|past due", re.IGNORECASE
)
# The wording check has rules, written by hand, and a model learned from whole messages. A label of a word or two ("Home",
# "Paid") is no message, and the model's guess about one is noise: it judges what is long enough to be a sentence.
SHORTEST = {"zh": 12, "en": 8}


def is_sentence(said: str, lang: Lang) -> bool:
    length = len(said) if lang == "zh" else len(said.split())
    return said[-1] in "。？！.?!" and length >= SHORTEST[lang]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_sentence_may_be_said(lang: Lang) -> None:
    stopped = {}
    for key, both in texts().items():
        said = both[lang].format(**SLOTS)
        finding = check(Said.of(said, lang, sender="lender", amounts=(SLOTS["amount"],)))
        by_rule = [span for span in finding.spans if span.why != "model"]
        if by_rule or (is_sentence(said, lang) and finding.verdict is not Verdict.PASS):
            stopped[key] = (said, finding.codes)
    assert stopped == {}


def test_what_may_not_be_said_is_found_here_too() -> None:
    assert check(Said.of("再不还款就上门找你家人。", "zh", sender="lender")).verdict is Verdict.BLOCK
    assert check(Said.of("Pay now or we will have you arrested.", "en", sender="lender")).verdict is Verdict.BLOCK


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_before_coming_in_no_sentence_tells_what_it_is_about(lang: Lang) -> None:
    told = {
        k: v[lang]
        for k, v in texts().items()
        if k.startswith(BEFORE) and not k.startswith("help.") and TELLS.search(v[lang])
    }
    assert told == {}


def test_no_address_tells_what_it_is_about() -> None:
    for pattern in urls.urlpatterns:
        assert not TELLS.search(str(pattern.pattern)), pattern


def test_chinese_sentences_are_short() -> None:
    long = {}
    for key, both in texts().items():
        said = both["zh"].format(**SLOTS)
        for sentence in re.split(r"[。！？?]", said):
            clauses = re.split(r"[，、；：（）]", sentence)
            if key not in LAW and (len(sentence) > SENTENCE or max(map(len, clauses)) > CLAUSE):
                long[key] = sentence
    assert long == {}


def syllables(word: str) -> int:
    groups = re.findall(r"[aeiouy]+", word.lower())
    count = len(groups) - (word.lower().endswith("e") and not word.lower().endswith("le"))
    return max(1, count)


def grade(sentence: str) -> float:
    words = re.findall(r"[A-Za-z']+", sentence)
    return 0.39 * len(words) + 11.8 * sum(map(syllables, words)) / max(1, len(words)) - 15.59


def test_english_sentences_are_plain() -> None:
    hard = {}
    for key, both in texts().items():
        for sentence in re.split(r"(?<=[.?!])\s", both["en"].format(**SLOTS)):
            words = re.findall(r"[A-Za-z']+", sentence)
            if key not in LAW and (len(words) > WORDS or (len(words) > 7 and grade(sentence) > GRADE)):
                hard[key] = (sentence, round(grade(sentence), 1))
    assert hard == {}


def test_the_measure_of_reading_knows_hard_from_plain() -> None:
    assert grade("You can pay as much as you like and we do not ask for a fee.") < 5
    assert (
        grade(
            "Notwithstanding contractual obligations, delinquent accounts precipitate immediate administrative consequences."
        )
        > 15
    )


def test_every_sentence_is_used_and_none_is_missing() -> None:
    sources = [*PORTAL.rglob("*.html"), *PORTAL.rglob("*.py")]
    text = "\n".join(path.read_text("utf-8") for path in sources)
    used = set(re.findall(r'\{% t ["\']([\w.-]+)["\']', text)) | set(re.findall(r'say\("([\w.-]+)"', text))
    used |= set(re.findall(r'key="([\w.-]+)" hint="', text)) | set(re.findall(r'hint="([\w.-]+)"', text))
    used |= set(re.findall(r'"((?:lost|done)\.[\w-]+)"', text))
    by_value = re.compile(r"^(order|purpose|prefers|situation|query|receipt|feedback|correct|explain|quiet|done)\.")
    known = set(texts())
    assert used - known == set()
    assert {key for key in known - used if not by_value.match(key)} == set()


def test_no_key_is_written_twice() -> None:
    keys = re.findall(r"^([\w.-]+): ", (PORTAL / "texts.yaml").read_text("utf-8"), re.MULTILINE)
    assert len(keys) == len(set(keys)) == len(yaml.safe_load((PORTAL / "texts.yaml").read_text("utf-8")))


def test_no_page_has_words_of_its_own() -> None:
    for path in PORTAL.rglob("*.html"):
        bare = re.sub(
            r"\{%.*?%\}|\{\{.*?\}\}|<style>.*?</style>|<[^>]+>", " ", path.read_text("utf-8"), flags=re.DOTALL
        )
        left = re.sub(r"English|中文", "", bare)
        assert not re.search(r"[A-Za-z\u4e00-\u9fff]{2,}", left), (path.name, left.split())
