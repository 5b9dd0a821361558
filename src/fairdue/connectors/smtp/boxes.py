"""Mails out of a folder somebody has: a Maildir, mbox files, or single .eml files, in whatever order they lie there."""

from __future__ import annotations

import mailbox
from collections.abc import Iterator
from pathlib import Path

from fairdue.connectors.smtp.reading import LARGEST
from fairdue.core.errors import Fault

EML = frozenset({".eml", ".msg", ".txt", ""})


class NoMails(Fault):
    """Nothing there that is a mail."""

    code = "replies.no-mails"
    en, en_remedy = "There are no mails in '{path}'.", "Name a Maildir, an mbox file, or a folder of .eml files."
    zh, zh_remedy = "“{path}”中没有邮件。", "请指定 Maildir 目录、mbox 文件或存放 .eml 文件的文件夹。"


def mails(path: Path) -> Iterator[tuple[str, bytes]]:
    """Each mail with the place it was found in, its first million bytes. Raises `NoMails`."""
    found = False
    for one in _all(path):
        found = True
        yield one
    if not found:
        raise NoMails(path=path)


def _all(path: Path) -> Iterator[tuple[str, bytes]]:
    there = path.rglob("*") if path.is_dir() else [path]
    files = sorted(one for one in there if one.is_file())
    for file in files:
        if file.name.startswith(".") or "tmp" in file.relative_to(path).parts[:-1]:
            continue
        with file.open("rb") as opened:
            head = opened.read(5)
            if head == b"From ":
                yield from _mbox(file)
            elif file.suffix.lower() in EML or file.parent.name in {"new", "cur"}:
                yield file.name, head + opened.read(LARGEST - len(head))


def _mbox(file: Path) -> Iterator[tuple[str, bytes]]:
    box = mailbox.mbox(file, create=False)
    try:
        for number, key in enumerate(box.iterkeys(), 1):
            with box.get_file(key) as opened:
                yield f"{file.name}:{number}", opened.read(LARGEST)
    finally:
        box.close()
