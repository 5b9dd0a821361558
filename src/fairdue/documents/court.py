"""The file for a court as one PDF: an index, papers set as tables, files that were brought, bookmarks, a number on every page."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError

from fairdue.core.errors import Lang
from fairdue.documents.typeset import PICTURES, pdf, picture, stamps


@dataclass(frozen=True)
class Paper:
    """One paper of our own: a title, lines, a table, and notes under it. `right`: columns that hold figures."""

    title: str
    lines: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    widths: tuple[int, ...] = ()
    right: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """One document of the file, ready as PDF."""

    title: str
    data: bytes


@dataclass(frozen=True)
class Bundle:
    """The whole file: its bytes, and from which page each part stands."""

    data: bytes
    pages: int
    index: tuple[tuple[str, int, int], ...]  # title, first page, number of pages


def paper(said: Paper, lender: str, lang: Lang, on: date) -> Part:
    """Set a paper of our own. Raises `NoChineseFont`."""
    facts = {
        "lang": lang, "lender": lender, "title": said.title, "lines": list(said.lines), "head": list(said.head),
        "rows": [list(row) for row in said.rows], "widths": list(said.widths or [1] * len(said.head)),
        "right": list(said.right), "notes": list(said.notes),
    }  # fmt: skip
    return Part(said.title, pdf("court", facts, on))


def brought(title: str, media_type: str, data: bytes, on: date) -> Part | None:
    """A file somebody brought, as PDF; None where it is neither a readable PDF nor a picture."""
    try:
        if media_type in PICTURES:
            return Part(title, picture(title, data, media_type, on))
        reader = PdfReader(io.BytesIO(data))
        return Part(title, data) if not reader.is_encrypted and len(reader.pages) else None
    except (PyPdfError, ValueError, KeyError):
        return None


INDEX = {
    "zh": ("证据目录", ("序号", "材料", "页码", "页数")),
    "en": ("Index of the file", ("No.", "Paper", "Page", "Pages")),
}


def bundle(parts: Sequence[Part], cover: Sequence[str], lender: str, lang: Lang, on: date) -> Bundle:
    """Put the parts behind an index. The index is set twice: once to learn its own length. Raises `NoChineseFont`."""
    counts = [len(PdfReader(io.BytesIO(part.data)).pages) for part in parts]
    own = len(PdfReader(io.BytesIO(_index(parts, counts, 1, cover, lender, lang, on))).pages)
    front = _index(parts, counts, own, cover, lender, lang, on)
    writer = PdfWriter()
    writer.append(io.BytesIO(front), outline_item=INDEX[lang][0])
    for part in parts:
        writer.append(io.BytesIO(part.data), outline_item=part.title, import_outline=False)
    total = own + sum(counts)
    _number(writer, total, on)
    writer.add_metadata({"/Title": INDEX[lang][0], "/Author": lender})
    out = io.BytesIO()
    writer.write(out)
    return Bundle(out.getvalue(), total, tuple(_places(parts, counts, own)))


def _places(parts: Sequence[Part], counts: Sequence[int], own: int) -> list[tuple[str, int, int]]:
    first, found = own + 1, []
    for part, count in zip(parts, counts, strict=True):
        found.append((part.title, first, count))
        first += count
    return found


def _index(
    parts: Sequence[Part], counts: Sequence[int], own: int, cover: Sequence[str], lender: str, lang: Lang, on: date
) -> bytes:
    title, head = INDEX[lang]
    rows = tuple((str(n), name, str(first), str(count)) for n, (name, first, count) in
                 enumerate(_places(parts, counts, own), 1))  # fmt: skip
    return paper(Paper(title, tuple(cover), head, rows, (1, 8, 1, 1), (0, 2, 3)), lender, lang, on).data


def _number(writer: PdfWriter, total: int, on: date) -> None:
    """A number at the foot of every page, also of files that have numbers of their own."""
    marks = PdfReader(io.BytesIO(stamps(total, on)))
    for page, mark in zip(writer.pages, marks.pages, strict=True):
        page.merge_page(mark, over=True)
