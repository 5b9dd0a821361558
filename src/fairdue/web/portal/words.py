"""Every sentence of the site comes from one file in two languages, so that each can be checked before anybody reads it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django import template

from fairdue.core.codes import Code
from fairdue.core.errors import Lang
from fairdue.web.ui.lang import lang

FILE = Path(__file__).parent / "texts.yaml"
register = template.Library()


@cache
def texts() -> Mapping[str, Mapping[Lang, str]]:
    """Key → the sentence in both languages."""
    found: Mapping[str, Mapping[Lang, str]] = yaml.safe_load(FILE.read_text("utf-8"))
    return found


@register.simple_tag
def t(key: str, **slots: object) -> str:
    """The sentence of a key, its places filled; the template escapes it."""
    return texts()[key][lang()].format(**slots)


def say(key: str, **slots: object) -> str:
    """The same for Python."""
    return texts()[key][lang()].format(**slots)


@register.filter
def word(key: object, group: str) -> str:
    """A sentence whose key follows from a value: `{{ order|word:"order" }}` reads `order.ORDER`."""
    return texts()[f"{group}.{key}"][lang()]


@register.filter
def clock_word(minute: int) -> str:
    """540 → 09:00; nothing for no hour."""
    return "" if minute < 0 else f"{minute // 60:02}:{minute % 60:02}"


@register.filter
def said_code(code: Code) -> str:
    """The word of a code of `core`."""
    return code.label(lang())


@register.filter
def pick(thing: Mapping[str, Any], key: str) -> Any:
    """One entry of a mapping by a key that is itself a value."""
    return thing[key]


@register.filter
def times(ppm: int) -> str:
    """A multiple in parts per million: 1500000 → 1.5."""
    return f"{ppm / 1_000_000:g}"
