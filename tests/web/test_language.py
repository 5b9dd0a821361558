from __future__ import annotations

import re

import pytest
from po import PO, Entry, compiled, entries, wanted

ENTRIES = [entry for entry in entries() if entry.msgid]
PLACES = re.compile(r"%\(\w+\)s|%%")


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: e.msgid[:40])
def test_every_message_has_a_chinese_text_that_is_not_a_guess(entry: Entry) -> None:
    assert entry.texts and all(text.strip() for text in entry.texts)
    assert not entry.fuzzy


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: e.msgid[:40])
def test_a_translation_fills_the_same_places(entry: Entry) -> None:
    said = {*PLACES.findall(entry.msgid), *PLACES.findall(entry.plural)}
    assert {*PLACES.findall("".join(entry.texts))} <= said
    assert {*PLACES.findall(entry.plural or entry.msgid)} == {*PLACES.findall("".join(entry.texts))}


def test_nothing_on_a_page_is_missing_from_the_catalogue() -> None:
    known = {entry.msgid for entry in ENTRIES} | {entry.plural for entry in ENTRIES}
    missing = sorted({(text, path.name) for text, path in wanted() if text not in known})
    assert missing == []


def test_nothing_stands_in_the_catalogue_that_no_page_uses() -> None:
    used = {text for text, _ in wanted()}
    assert sorted(entry.msgid for entry in ENTRIES if entry.msgid not in used) == []


def test_the_compiled_catalogue_is_the_written_one() -> None:
    written: dict[object, str] = {}
    for entry in entries(PO):
        if entry.plural:
            written |= {(entry.msgid, number): text for number, text in enumerate(entry.texts)}
        else:
            written[entry.msgid] = entry.texts[0]
    assert compiled() == written


def test_chinese_keeps_its_own_punctuation() -> None:
    half_width = [e.msgid for e in ENTRIES if re.search(r"[\u4e00-\u9fff][,;:!?]", "".join(e.texts))]
    assert half_width == []
