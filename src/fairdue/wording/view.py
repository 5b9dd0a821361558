"""The words as they are compared: folded, unmasked, with the way back to every character as it was written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from fairdue.core.errors import Lang

SOFT, STOP, ASK, SHOUT = ",", ".", "?", "!"
ENDS = frozenset((STOP, ASK, SHOUT))
BOUNDS = frozenset((SOFT, STOP, ASK, SHOUT))
MARKS = {
    **dict.fromkeys('，、；：,;:—()（）《》【】[]“”"「」『』', SOFT), **dict.fromkeys("。.\n\r…｡", STOP),
    **dict.fromkeys("？?", ASK), **dict.fromkeys("！!", SHOUT),
}  # fmt: skip
NO_PICTURES: Mapping[str, str] = {}
DROPPED = frozenset(("Cf", "Mn", "Me", "So", "Sk", "Cs", "Co", "Cc", "Cn"))


@dataclass(frozen=True)
class View:
    """Folded text; character i of it was written at `start[i]:end[i]`."""

    text: str
    start: tuple[int, ...]
    end: tuple[int, ...]
    gaps: frozenset[int] = frozenset()  # before these characters a blank was: no end of a word, but of a clause

    def written(self, start: int, end: int) -> tuple[int, int]:
        """The place in the words as written."""
        return min(self.start[start:end]), max(self.end[start:end])

    def sentence(self, start: int, end: int) -> tuple[int, int]:
        """The sentence around a place."""
        return _around(self.text, start, end, ENDS)

    def part(self, start: int, end: int) -> tuple[int, int]:
        """The part between two marks around a place."""
        return _around(self.text, start, end, BOUNDS)

    def clause(self, start: int, end: int) -> tuple[int, int]:
        """The part between two marks or blanks around a place."""
        low, high = self.part(start, end)
        return (
            max((gap for gap in self.gaps if low < gap <= start), default=low),
            min((gap for gap in self.gaps if end <= gap < high), default=high),
        )


def _around(text: str, start: int, end: int, bounds: frozenset[str]) -> tuple[int, int]:
    while start > 0 and text[start - 1] not in bounds:
        start -= 1
    while end < len(text) and text[end] not in bounds:
        end += 1
    return start, end


@dataclass
class Piece:
    """A character on its way: what it is now, and where it was written."""

    char: str
    start: int
    end: int
    gap: bool = False


@lru_cache(maxsize=8192)
def folded(char: str) -> str:
    """One character in its plain form: compatible, small, without accents; nothing where it only decorates."""
    plain = unicodedata.normalize("NFKD", char).casefold()
    return "".join(c for c in plain if c in "\n\r\t" or unicodedata.category(c) not in DROPPED)


def pieces(text: str, pictures: Mapping[str, str] = NO_PICTURES) -> list[Piece]:
    """Every character folded, with its place; pictures that stand for words become those words."""
    return [
        Piece(c, i, i + 1)
        for i, char in enumerate(text)
        for c in pictures.get(char) or (char if char in MARKS else folded(char))
    ]


def view_of(found: list[Piece]) -> View:
    """The view that these pieces make."""
    return View("".join(p.char for p in found), tuple(p.start for p in found), tuple(p.end for p in found),
                frozenset(i for i, p in enumerate(found) if p.gap))  # fmt: skip


def look(text: str, lang: Lang) -> View:
    """The words in the form in which they are compared."""
    from fairdue.wording import view_en, view_zh  # noqa: PLC0415 - both build on this module

    return view_zh.look(text) if lang == "zh" else view_en.look(text)


SPACES = re.compile(r"\s+")
