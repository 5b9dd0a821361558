"""Every page of the project that people read, and what can be read out of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = ROOT / "docs" / "reference"
TWO_LANGUAGES_IN_ONE = {"docs/glossary.md"}
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def pages() -> list[Path]:
    """Every Markdown file that is part of the documents."""
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def named(path: Path) -> str:
    """The page as a test names it."""
    return path.relative_to(ROOT).as_posix()


def shell_lines(path: Path) -> Iterator[str]:
    """Each command a page tells the reader to type, continued lines put together."""
    for language, block in FENCE.findall(path.read_text("utf-8")):
        if language == "sh":
            yield from (line for line in block.replace("\\\n", " ").splitlines() if line and not line.startswith("#"))
