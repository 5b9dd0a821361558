"""The reference says what the code says, and leaves nothing out."""

from __future__ import annotations

import re

import click
import pytest

from fairdue.docgen import commands
from fairdue.docgen.answers import ANSWERS
from fairdue.docgen.pages import pages
from fairdue.docgen.settings import SETTINGS
from fairdue.rules.load import PACKS, POLICIES, load_pack, names, policy_base
from texts import REFERENCE, ROOT


@pytest.mark.parametrize("name", pages())
def test_a_page_of_the_reference_is_what_the_code_says(name: str) -> None:
    stored = (REFERENCE / name).read_text("utf-8")
    assert stored == pages()[name], "run: python -m fairdue.docgen"


def test_nothing_else_lies_in_the_folder_of_the_reference() -> None:
    assert {path.name for path in REFERENCE.iterdir()} == set(pages())


def test_every_setting_the_code_reads_is_documented_and_no_other() -> None:
    sources = [path for path in (ROOT / "src").rglob("*.py") if "docgen" not in path.parts]
    read = {name for path in sources for name in re.findall(r"""["'](FAIRDUE_[A-Z_]+)["']""", path.read_text("utf-8"))}
    assert read == {setting.name for setting in SETTINGS}


def test_every_command_has_its_words_in_both_languages() -> None:
    english, chinese = pages()["commands.md"], pages()["commands.zh.md"]
    for name, command in commands.walk():
        assert f"## `fairdue {name}".rstrip() in english
        assert f"## `fairdue {name}".rstrip() in chinese
        for option in command.params:
            assert f"`{option.opts[0]}`" in english or f"`{str(option.name).upper()}`" in english


def test_no_words_stand_for_a_command_that_is_gone() -> None:
    known = {name for name, _ in commands.walk()}
    options = {f"{name} {opt}" for name, command in commands.walk() for p in command.params for opt in p.opts}
    arguments = {f"{name} {str(p.name).upper()}" for name, command in commands.walk() for p in command.params}
    anywhere = {opt for _, command in commands.walk() for p in command.params for opt in p.opts}
    assert set(commands.CHINESE) <= known | options | anywhere
    assert set(commands.ENGLISH) <= options
    assert set(commands.ARGUMENTS) <= arguments


def test_a_command_nobody_described_is_a_fault() -> None:
    stray = click.Command("stray", params=[click.Option(["--deep"], help="Go deep.")], help="Strays.")
    with pytest.raises(commands.NoWords, match="stray"):
        list(commands._command("stray", stray, "zh"))


def test_every_rule_is_listed_once_where_it_is_written() -> None:
    packs = [load_pack(name) for name in names(PACKS)]
    packs += [load_pack(policy_base(name), name) for name in names(POLICIES)]
    listed = re.findall(r"^\| `([A-Z0-9-]+)` \| ", pages()["rules.md"].split("## `", 1)[1], re.MULTILINE)
    assert sorted(listed) == sorted({rule.id for pack in packs for rule in pack.rules})


def test_no_two_answers_share_a_page_heading() -> None:
    headings = re.findall(r"^## (.+)$", pages()["json.md"], re.MULTILINE)
    assert len(headings) == len(ANSWERS) == len(set(headings))
