from __future__ import annotations

import re

import pytest

from person import Person
from po import PO, Entry, compiled, entries, wanted
from worlds import World

ENTRIES = [entry for entry in entries() if entry.msgid]
PLACES = re.compile(r"%\(\w+\)s|%%")


def places(*texts: str) -> set[str]:
    return set(PLACES.findall(" ".join(texts)))


def test_every_message_has_a_chinese_text_that_is_not_a_guess() -> None:
    assert len(ENTRIES) > 200
    assert [e.msgid for e in ENTRIES if e.fuzzy or not e.texts or not all(text.strip() for text in e.texts)] == []


def test_a_translation_fills_the_same_places() -> None:
    assert [e.msgid for e in ENTRIES if places(e.plural or e.msgid) != places(*e.texts)] == []


def test_nothing_on_a_page_is_missing_from_the_catalogue() -> None:
    known = {entry.msgid for entry in ENTRIES} | {entry.plural for entry in ENTRIES}
    assert sorted({(text, path.name) for text, path in wanted() if text not in known}) == []


def test_nothing_stands_in_the_catalogue_that_no_page_uses() -> None:
    used = {text for text, _ in wanted()}
    assert sorted(entry.msgid for entry in ENTRIES if entry.msgid not in used) == []


def test_the_compiled_catalogue_is_the_written_one() -> None:
    written: dict[object, str] = {}
    for entry in entries(PO):
        written |= _compiled(entry)
    assert compiled() == written


def _compiled(entry: Entry) -> dict[object, str]:
    if entry.plural:
        return {(entry.msgid, number): text for number, text in enumerate(entry.texts)}
    return {entry.msgid: entry.texts[0]}


def test_chinese_keeps_its_own_punctuation() -> None:
    assert [e.msgid for e in ENTRIES if re.search(r"[\u4e00-\u9fff][,;:!?]", "".join(e.texts))] == []


@pytest.mark.parametrize(("language", "said", "title"), [("zh-hans", "zh-Hans", "登录"), ("en", "en", "Sign in")])
def test_the_language_is_chosen_before_login(desk: World, language: str, said: str, title: str) -> None:
    person = Person("", "en" if language == "zh-hans" else "zh-hans")
    page = person.post("/language/", language=language, back="/login/")
    assert f'<html lang="{said}"' in page
    assert f"<title>{title} · fairdue</title>" in page


def test_a_language_that_is_not_written_changes_nothing(desk: World) -> None:
    assert '<html lang="zh-Hans"' in Person("", "zh-hans").post("/language/", language="xx", back="/login/")


def test_a_form_leads_back_to_this_site_only(desk: World) -> None:
    answer = Person("").client.post("/language/", {"language": "en", "back": "https://elsewhere.example/"})
    assert answer.headers["Location"] == "/"
