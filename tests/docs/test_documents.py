"""The documents hold together: links lead somewhere, every page has its twin, and what is to be typed can be typed."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import click
import pytest
from django.core.management import get_commands

from fairdue.cli import main
from fairdue.docgen.settings import SETTINGS
from texts import ROOT, TWO_LANGUAGES_IN_ONE, named, pages, shell_lines

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FORBIDDEN = re.compile(
    r"/(?:home|root|tmp|work)/|\bTODO\b|\bFIXME\b|\bissues?\b|\b(this|next|previous|last|our) session\b",
    re.IGNORECASE,
)
ELSEWHERE = {"pip", "export", "cd", "cp", "sudo", "createdb", "createuser", "kill", "python3", "curl"}
SETTING_NAMES = {setting.name for setting in SETTINGS}
EACH = pytest.mark.parametrize("page", pages(), ids=named)


def anchors(path: Path) -> set[str]:
    """The headings of a page as a link names them."""
    titles = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@EACH
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    for link in LINK.findall(page.read_text("utf-8")):
        if link.startswith(("http://", "https://")):
            continue
        target, _, anchor = link.partition("#")
        found = (page.parent / target).resolve() if target else page
        assert found.exists(), f"{link} leads nowhere"
        assert found.is_relative_to(ROOT), f"{link} leads out of the project"
        assert not anchor or anchor in anchors(found), f"{link}: there is no such heading"


@EACH
def test_a_page_has_its_twin_in_the_other_language(page: Path) -> None:
    if named(page) in TWO_LANGUAGES_IN_ONE:
        return
    twin = page.with_name(
        page.name.replace(".zh.md", ".md") if page.name.endswith(".zh.md") else page.name.replace(".md", ".zh.md")
    )
    assert twin.exists()
    assert page.read_text("utf-8").count("\n#") == twin.read_text("utf-8").count("\n#"), "the two have other headings"


@EACH
def test_a_chinese_page_links_to_chinese_pages(page: Path) -> None:
    if not page.name.endswith(".zh.md"):
        return
    own = page.name.replace(".zh.md", ".md")
    for link in LINK.findall(page.read_text("utf-8")):
        target = (page.parent / link.partition("#")[0]).resolve()
        if link.endswith(".md") and not link.endswith(".zh.md") and target.name != own:
            assert not target.with_name(target.name.replace(".md", ".zh.md")).exists(), link


@EACH
def test_a_page_speaks_of_the_project_alone(page: Path) -> None:
    found = FORBIDDEN.search(page.read_text("utf-8"))
    assert found is None, found and found.group()


@EACH
def test_what_a_page_tells_to_type_can_be_typed(page: Path) -> None:
    for line in shell_lines(page):
        words = shlex.split(line, comments=True)
        while words and re.fullmatch(r"[A-Z_]+=.*", words[0], re.DOTALL):
            assert words.pop(0).split("=")[0] in SETTING_NAMES, line
        check(words[: words.index(">")] if ">" in words else words, line)


def check(words: list[str], line: str) -> None:
    """A command of ours exists with these options; others are from a short list."""
    name = Path(words[0]).name
    if name == "make":
        targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
        assert all(word in targets or "=" in word for word in words[1:]), line
    elif name == "fairdue":
        parse(words[1:], line)
    elif name == "django-admin":
        assert words[1] in get_commands(), line
    else:
        assert name in ELSEWHERE or words[1:2] == ["-m"], line


def parse(words: list[str], line: str) -> None:
    """Click takes the words as they are; nothing is run."""
    command: click.Command = main
    while isinstance(command, click.Group):
        flags = {option for param in command.params for option in param.opts}
        while words[:1] and words[0] in flags:
            words.pop(0)
        if words == ["--help"]:
            return
        assert words[0] in command.commands, line
        command = command.commands[words.pop(0)]
    asked = [p.opts[0] for p in command.params if isinstance(p, click.Option) and p.prompt and p.opts[0] not in words]
    command.make_context("fairdue", words + [word for option in asked for word in (option, "what is typed")])


def test_a_command_that_does_not_exist_is_noticed() -> None:
    with pytest.raises(Exception, match="No such option"):
        check(["fairdue", "night", "--as-off", "2026-10-01"], "")
    with pytest.raises(AssertionError):
        check(["make", "tea"], "")


def test_every_dependency_has_its_reasons_and_no_other_has() -> None:
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    names = {re.split(r"[^a-z-]", one)[0] for one in asked}
    for page in ("dependencies.md", "dependencies.zh.md"):
        text = (ROOT / "docs" / "why" / page).read_text("utf-8")
        assert set(re.findall(r"^\| `([a-z-]+)`", text, re.MULTILINE)) == names
