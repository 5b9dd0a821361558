"""Finds out what a text file is written in by reading all of it, strictly, so that no name is garbled in silence."""

from __future__ import annotations

import codecs
import gzip
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from fairdue.intake.faults import (
    BadEncoding,
    BrokenEncoding,
    Damaged,
    Empty,
    FileFault,
    LineTooLong,
    MixedEncodings,
    NulBytes,
)

BLOCK = 1 << 20
LONGEST_LINE = 1 << 20
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# All that is not ASCII in the line is Chinese in UTF-8. GB18030 looks like it by chance once in some ten million lines.
_CHINESE_UTF8 = re.compile(rb"(?:[\x00-\x7f]|[\xe3-\xe9\xef][\x80-\xbf]{2})*\Z")


@dataclass(frozen=True)
class TextFacts:
    """How the bytes are to be read, and how many lines there are about."""

    encoding: str
    lines: int


def open_bytes(path: Path) -> IO[bytes] | gzip.GzipFile:
    """The bytes of the text, unpacked where the file is gzip."""
    if path.suffix.lower() == ".gz":
        return gzip.open(path, "rb")
    return path.open("rb")


def open_text(path: Path, encoding: str) -> IO[str]:
    """The text, with line ends as they stand."""
    if path.suffix.lower() == ".gz":
        return gzip.open(path, "rt", encoding=encoding, newline="")
    return path.open(encoding=encoding, newline="")


def examine(path: Path) -> TextFacts:
    """Reads the whole file in blocks. Raises a `FileFault` when it is empty, damaged, binary or in no one encoding."""
    try:
        return _examine(path)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise Damaged(file=path.name, kind="gzip") from error


def _examine(path: Path) -> TextFacts:
    with open_bytes(path) as file:
        head = file.read(4)
    if not head:
        raise Empty(file=path.name)
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return TextFacts(encoding, _strict(path, encoding, BrokenEncoding))
    _no_nul(path)
    try:
        return TextFacts("utf-8", _strict(path, "utf-8", None))
    except UnicodeDecodeError:
        _not_mixed(path)
        return TextFacts("gb18030", _strict(path, "gb18030", BadEncoding))


def _blocks(path: Path) -> Iterator[bytes]:
    with open_bytes(path) as file:
        while block := file.read(BLOCK):
            yield block


def _strict(path: Path, encoding: str, fault: type[FileFault] | None) -> int:
    """Decode all of it; the number of lines. Without a `fault` the codec's own error is raised."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="strict")
    lines = since = 0
    try:
        for block in _blocks(path):
            text = decoder.decode(block)
            if "\0" in text:
                raise NulBytes(file=path.name, line=lines + 1 + text.count("\n", 0, text.index("\0")))
            lines += text.count("\n")
            since = len(text) - 1 - text.rfind("\n") if "\n" in text else since + len(text)
            if since > LONGEST_LINE:
                raise LineTooLong(file=path.name, line=lines + 1, limit=LONGEST_LINE)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        if fault is None:
            raise
        raise fault(
            file=path.name, encoding=encoding.removesuffix("-sig").upper(),
            line=_first_bad(path, encoding), gb_line=_first_bad(path, encoding), utf8_line=_first_bad(path, "utf-8"),
        ) from None  # fmt: skip
    return lines + (since > 0)


def _no_nul(path: Path) -> None:
    lines = 1
    for block in _blocks(path):
        if (at := block.find(b"\0")) >= 0:
            raise NulBytes(file=path.name, line=lines + block.count(b"\n", 0, at))
        lines += block.count(b"\n")


def _first_bad(path: Path, encoding: str) -> int:
    """The first line that is not in the encoding."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="strict")
    line = 1
    with open_bytes(path) as file:
        for raw in file:
            try:
                decoder.decode(raw)
            except UnicodeDecodeError:
                return line
            line += 1
    return line


def _not_mixed(path: Path) -> None:
    """The whole is not UTF-8: then no line may be Chinese in UTF-8, or reading it as GB18030 would garble that line."""
    utf8 = other = 0
    with open_bytes(path) as file:
        for number, raw in enumerate(file, 1):
            if raw.isascii():
                continue
            if _CHINESE_UTF8.match(raw):
                utf8 = utf8 or number
            else:
                other = other or number
            if utf8 and other:
                raise MixedEncodings(file=path.name, utf8_line=utf8, other_line=other)
