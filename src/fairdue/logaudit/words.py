"""The words of the report, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml

from fairdue.core.errors import Lang


@cache
def _words() -> Mapping[str, Mapping[Lang, str]]:
    found: Mapping[str, Mapping[Lang, str]] = yaml.safe_load(
        (files("fairdue.logaudit") / "words.yaml").read_text("utf-8")
    )
    return found


def word(name: str, lang: Lang, **fields: object) -> str:
    """One text, its places filled."""
    text = _words()[name][lang]
    return text.format(**fields) if fields else text


def words(lang: Lang) -> dict[str, str]:
    """All of them, places unfilled, for the template of the PDF."""
    return {name: both[lang] for name, both in _words().items()}


def number(value: float) -> str:
    """A whole number with separators."""
    return f"{value:,}"


def share(part: int, whole: int) -> str:
    """A percentage, with as many places as tell it from nothing."""
    if not whole:
        return "–"
    percent = 100 * part / whole
    return f"{percent:.1f}%" if percent >= 1 or part == 0 else f"{percent:.2f}%" if percent >= 0.01 else "<0.01%"  # noqa: PLR2004
