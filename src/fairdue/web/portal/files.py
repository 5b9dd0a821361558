"""Files that are brought are what they say they are: known by content, few, small, and no picture that bursts when opened."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from pathlib import PurePath
from typing import Any

import filetype

from fairdue.core.errors import Fault
from fairdue.store.actions.site_said import Upload

KINDS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}
LARGEST, MOST = 6 << 20, 5  # bytes of one file, files at once: scans and photographs of a phone
PIXELS = 50_000_000  # a photograph of a phone has fewer; a picture of more is made to burst whoever opens it


class FileKind(Fault):
    """Only kinds that can be looked at safely."""

    code = "site.file-kind"
    en, en_remedy = "'{name}' cannot be taken.", "Bring a PDF or a picture (JPG, PNG, WebP)."
    zh, zh_remedy = "无法接收文件“{name}”。", "请上传 PDF 或图片（JPG、PNG、WebP）。"


class FileSize(Fault):
    """Too large, or too many."""

    code = "site.file-size"
    en, en_remedy = (
        "'{name}' is too large.",
        "A file may have 6 MB, a picture 50 million pixels, and at most 5 files at once.",
    )
    zh, zh_remedy = "文件“{name}”过大。", "单个文件不超过 6 MB，图片不超过 5000 万像素，一次最多 5 个。"


def taken(files: Iterable[Any]) -> tuple[Upload, ...]:
    """The files, checked. Raises `FileKind`, `FileSize`."""
    given = [file for file in files if file]
    if len(given) > MOST:
        raise FileSize(name=_name(given[MOST]))
    return tuple(_one(file) for file in given)


def _one(file: Any) -> Upload:
    if (file.size or 0) > LARGEST:
        raise FileSize(name=_name(file))
    content = bytes(file.read())
    kind = filetype.guess_mime(content) or ""
    if kind not in KINDS:
        raise FileKind(name=_name(file))
    if pixels(kind, content) > PIXELS:
        raise FileSize(name=_name(file))
    return Upload(f"{PurePath(_name(file)).stem[:80]}.{KINDS[kind]}", content)


def _name(file: Any) -> str:
    """The last part of the name, without signs that do something."""
    plain = PurePath((file.name or "file").replace("\\", "/")).name
    return "".join(sign for sign in plain if sign.isprintable() and sign not in '<>:"/|?*&')[:100] or "file"


def pixels(kind: str, content: bytes) -> int:
    """Width times height as the file says before anybody unpacks it; what cannot be read is too many."""
    try:
        return SIZES[kind](content) if kind in SIZES else 0
    except (struct.error, IndexError):
        return PIXELS + 1


def _png(content: bytes) -> int:
    width, height = struct.unpack(">II", content[16:24])
    return int(width * height)


FILL = 0xFF  # before a marker, as often as one likes
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # the markers that give the size


def _jpeg(content: bytes) -> int:
    at = 2
    while True:
        while content[at] == FILL:
            at += 1
        marker, length = content[at], struct.unpack(">H", content[at + 1 : at + 3])[0]
        if marker in FRAMES:
            height, width = struct.unpack(">HH", content[at + 4 : at + 8])
            return int(width * height)
        at += 1 + length


def _webp(content: bytes) -> int:
    if content[12:16] == b"VP8X":
        width, height = (int.from_bytes(content[at : at + 3], "little") + 1 for at in (24, 27))
    elif content[12:16] == b"VP8L":
        bits = int.from_bytes(content[21:25], "little")
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    else:
        width, height = (side & 0x3FFF for side in struct.unpack("<HH", content[26:30]))
    return int(width * height)


SIZES = {"image/png": _png, "image/jpeg": _jpeg, "image/webp": _webp}
