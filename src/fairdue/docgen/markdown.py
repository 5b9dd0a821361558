"""The few shapes a reference page is made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from fairdue.core.errors import Lang

Both = Mapping[Lang, str]


class Labelled(Protocol):
    """Anything of the code with a Chinese and an English label."""

    @property
    def zh(self) -> str:
        """The Chinese label."""

    @property
    def en(self) -> str:
        """The English label."""


def both(en: str, zh: str) -> Both:
    """A text in both languages."""
    return {"en": en, "zh": zh}


def of(labelled: Labelled) -> Both:
    """The label of a code, fact or kind."""
    return both(labelled.en, labelled.zh)


def code(text: object) -> str:
    """A word of the code."""
    return f"`{text}`"


def codes(words: Iterable[object]) -> str:
    """Words of the code, one after the other."""
    return ", ".join(code(word) for word in words)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; what would break a cell is escaped."""
    lines = [_row(head), _row(["---"] * len(head)), *(_row(row) for row in rows)]
    return "\n".join(lines)


def _row(cells: Sequence[object]) -> str:
    return "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def fenced(text: str, language: str) -> str:
    """A block that is shown as it is."""
    return f"```{language}\n{text.rstrip()}\n```"
