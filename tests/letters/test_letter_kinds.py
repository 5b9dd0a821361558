"""Every kind holds what the law asks, in both languages, on the page itself; one that lacks something cannot be loaded."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest

from fairdue.core.codes import Party, Product
from fairdue.core.errors import Lang
from fairdue.documents import letters
from fairdue.documents.letters import Debt, Facts, Itemization
from fairdue.rules import letters as rules
from fairdue.rules.letters import LetterKind, load_letters, read_letters
from fairdue.rules.reading import WrongFiles
from fairdue.store.letters import judged
from fairdue.wording import Verdict

KINDS = sorted(load_letters())
NOT_RULES = shutil.ignore_patterns("*.py", "__pycache__", "mail.yaml")
LANGS: tuple[Lang, Lang] = ("zh", "en")
ASKED: dict[str, date | int | str] = {
    "deadline": date(2026, 10, 15), "plan_no": "2026-0042", "missed_on": date(2026, 9, 10), "missed_amount": 123456,
    "assignee": "示例资产管理公司", "assignee_contact": "400-000-0001", "assigned_on": date(2026, 9, 1),
    "guarantee_contract": "2024-BZ-0018", "guarantee_until": date(2026, 12, 31), "court": "示例区人民法院",
    "lawyer": "示例律师事务所",
    "claim": "一审", "collector": "North South Group", "collector_address": "P.O. Box 121212, Pasadena, CA 91111",
    "itemization_on": date(2026, 3, 31), "itemization_basis": "last statement", "validation_ends": date(2026, 11, 12),
    "moratorium_from": date(2026, 9, 20), "moratorium_until": date(2026, 11, 18), "settled_on": date(2026, 9, 30),
    "verification": "FD-7Q2K",
}  # fmt: skip
SEAL = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20"><circle cx="10" cy="10" r="9"/></svg>'


def facts(kind: LetterKind, person: str = "王小明", address: str = "示例路1号", debts: int = 1) -> Facts:
    owed = (0, 0, 0, 0, 0) if kind.settled else (1_234_567, 23_456, 3_456, 0, 0)
    return Facts(
        "2026-L0000042", date(2026, 9, 30), {"zh": "甲银行", "en": "Bank A"}, {"zh": "示例路2号", "en": "2 Example Road"},
        {"zh": "手机银行", "en": "our app"}, "400-000-0000", "https://example.org", person, address, "李四", "1101***1234",
        {"us": "USD", "uk": "GBP"}.get(kind.pack, "CNY"), 2, date(2026, 9, 30),
        [Debt(f"{4417 + i}", Product.CARD, owed) for i in range(debts)], date(2026, 6, 25), 987, ASKED,
        Itemization(date(2026, 3, 31), 1_200_000, 45_000, 6_479, 0, 0) if kind.pack == "us" else None, SEAL,
    )  # fmt: skip


def printed(kind: LetterKind, lang: Lang, folder: Path, f: Facts) -> str:
    (folder / "a.pdf").write_bytes(letters.render(kind, lang, f))
    said = subprocess.run(["pdftotext", "-layout", folder / "a.pdf", "-"], capture_output=True, text=True, check=True)
    return re.sub(r"\s+", "", said.stdout)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", KINDS)
def test_the_page_says_every_element_with_its_facts(name: str, lang: Lang, tmp_path: Path) -> None:
    kind = load_letters()[name]
    f = facts(kind)
    page, said = printed(kind, lang, tmp_path, f), letters.words(f, lang)
    for law in kind.laws:
        for element in law.elements.values():
            parts = [part for part in kind.parts if element.id in part.holds]
            assert parts, element.id
            for fact in element.facts:
                assert fact == "seal" or re.sub(r"\s+", "", said[fact]) in page, (element.id, fact)
    for part in kind.parts:
        assert re.sub(r"\s+", "", part.head[lang]) in page
    assert re.sub(r"\s+", "", kind.title[lang]) in page


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", KINDS)
def test_no_kind_says_what_the_wording_check_blocks(name: str, lang: Lang) -> None:
    kind = load_letters()[name]
    found = judged(kind, lang, facts(kind), Party(min(kind.to)))
    assert found.verdict is not Verdict.BLOCK, [(span.code, span.text) for span in found.spans]


@pytest.mark.parametrize("name", ["cn/demand-card", "us/validation", "cn/settlement"])
def test_the_same_facts_give_the_same_bytes(name: str) -> None:
    kind = load_letters()[name]
    assert letters.render(kind, "zh", facts(kind)) == letters.render(kind, "zh", facts(kind))


def test_a_long_name_a_long_address_and_many_accounts_stay_on_the_page(tmp_path: Path) -> None:
    kind = load_letters()["cn/demand-card"]
    name, address = "阿卜杜勒拉赫曼·买买提依明·吐尔逊江" * 2, "示例省示例自治州示例县示例镇示例行政村第十七组" * 5
    page = printed(kind, "zh", tmp_path, facts(kind, name, address, debts=40))
    assert name in page
    assert address in page
    assert all(str(4417 + i) in page for i in range(40))


def test_every_element_that_is_taken_out_stops_the_loading(tmp_path: Path) -> None:
    for name, kind in load_letters().items():
        for law in kind.laws:
            for element in law.elements:
                folder = tmp_path / name.replace("/", "-") / law.id / element
                shutil.copytree(
                    Path(rules.__file__).parent,
                    folder,
                    ignore=NOT_RULES,
                )
                file = folder / f"{name}.yaml"
                lines = [
                    re.sub(rf"\b{element}(, )?", "", line) if "holds:" in line else line
                    for line in file.read_text("utf-8").split("\n")
                ]
                file.write_text("\n".join(lines), "utf-8")
                with pytest.raises(WrongFiles, match=element):
                    read_letters(folder)


@pytest.mark.parametrize(("old", "new", "said"), [
    ("{hotline}", "", "two languages|missing"), ("approval: large", "approval: sometimes", "is no approval"),
    ("asks: [deadline]", "asks: [moon]", "not in asks"), ("{total}", "{treasure}", "nobody knows"),
    ("purpose: COLLECT", "purpose: THREATEN", "not known"),
])  # fmt: skip
def test_a_broken_kind_says_what_is_wrong(tmp_path: Path, old: str, new: str, said: str) -> None:
    shutil.copytree(Path(rules.__file__).parent, tmp_path / "l", ignore=NOT_RULES)
    file = tmp_path / "l" / "cn" / "demand-card.yaml"
    file.write_text(file.read_text("utf-8").replace(old, new), "utf-8")
    with pytest.raises(WrongFiles, match=said):
        read_letters(tmp_path / "l")


@pytest.mark.parametrize("lang", LANGS)
def test_every_page_says_which_of_how_many_it_is_and_the_signature_never_stands_alone(
    lang: Lang, tmp_path: Path
) -> None:
    kind = load_letters()["cn/demand-card"]
    long = facts(
        kind, "Maximiliane von und zu Hohenstein-Wolfsburg-Lüdenscheid", "Very Long Example Road 1234", debts=9
    )
    (tmp_path / "a.pdf").write_bytes(letters.render(kind, lang, long))
    shown = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "a.pdf", "-"], capture_output=True, text=True, check=True
    )
    pages = shown.stdout.split("\f")[:-1]
    assert len(pages) > 1
    for number, page in enumerate(pages, 1):
        assert f"{number} / {len(pages)}" in page
        assert len(re.sub(r"\s+", "", page)) > 100, "a page holds words, not only a seal"
