"""Reads .po and .mo files and finds what the code wants translated, without gettext's own tools."""

from __future__ import annotations

import ast
import gettext
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation.template import templatize

WEB = Path(__file__).resolve().parents[1] / "src" / "fairdue" / "web"
PO = WEB / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
MARKS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}
STRING = r"""(?:u?'(?:[^'\\]|\\.)*'|u?"(?:[^"\\]|\\.)*")"""
CALL = re.compile(rf"\b(?:_|gettext|ngettext)\(\s*({STRING})(?:\s*,\s*({STRING}))?", re.DOTALL)


@dataclass
class Entry:
    """One message of a .po file."""

    msgid: str = ""
    plural: str = ""
    texts: list[str] = field(default_factory=list)
    fuzzy: bool = False


def entries(path: Path = PO) -> list[Entry]:
    """Every message of a .po file; the header is the one with an empty msgid."""
    return [_entry(block) for block in re.split(r"\n{2,}", path.read_text("utf-8")) if "msgid" in block]


def _entry(block: str) -> Entry:
    found, into = Entry(), ""
    said: dict[str, str] = {}
    for line in block.splitlines():
        if line.startswith("#,") and "fuzzy" in line:
            found.fuzzy = True
        if line.startswith(("#~", "#")):
            continue
        key, _, text = line.partition(" ") if not line.startswith('"') else (into, "", line)
        into = key
        said[key] = said.get(key, "") + ast.literal_eval(text)
    found.msgid, found.plural = said.pop("msgid", ""), said.pop("msgid_plural", "")
    found.texts = list(said.values())
    return found


def compiled(path: Path = PO) -> dict[object, str]:
    """The catalogue of the .mo beside a .po."""
    with path.with_suffix(".mo").open("rb") as file:
        return dict(gettext.GNUTranslations(file)._catalog)  # type: ignore[attr-defined]  # no public way to list it


def wanted() -> Iterator[tuple[str, Path]]:
    """Every message that a template or a module of the web wants translated, with where it stands."""
    for path in sorted(WEB.rglob("*.html")):
        yield from ((text, path) for text in _in_template(path))
    for path in sorted(WEB.rglob("*.py")):
        yield from ((text, path) for text in _in_module(path))


def _in_template(path: Path) -> Iterator[str]:
    for found in CALL.finditer(templatize(path.read_text("utf-8"), origin=str(path))):
        yield from (ast.literal_eval(text) for text in found.groups() if text)


def _in_module(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS:
            yield from (a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str))
