"""The words a person has written in a mail: without markup, without what they quote, in whatever characters they came."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from email.message import Message
from html.parser import HTMLParser

LONGEST = 20_000
QUOTE_BEGINS = re.compile(
    r"^\s*(?:>|-{2,}\s*(?:original message|forwarded message|原始邮件|转发的?邮件)|_{8,}|on\b.{4,120}\bwrote:\s*$"
    r"|(?:from|发件人|寄件者)\s*[:：]\s*\S|在.{4,80}写道\s*[:：]\s*$|.{0,80}(?:于|在)\s*\d{4}年.{2,60}(?:写道|寫道)\s*[:：])",
    re.IGNORECASE,
)
ANSWER_TO = re.compile(r"^\s*(?:(?:re|aw|sv|答复|回复|回覆|转发|fwd?)\s*[:：]\s*)+.*$", re.IGNORECASE)
SILENT = frozenset({"script", "style", "head", "title", "blockquote"})
BREAKS = frozenset({"p", "br", "div", "li", "tr", "h1", "h2", "h3"})


def plain(parts: Iterable[Message]) -> str:
    """The first text of a mail; its HTML where there is no other."""
    html = ""
    for part in parts:
        kind = part.get_content_type()
        if kind == "text/plain" and "attachment" not in str(part.get("content-disposition", "")).lower():
            return decoded(part)[:LONGEST]
        if kind == "text/html" and not html:
            html = decoded(part)
    return _unmarked(html)[:LONGEST] if html else ""


def first_words(text: str, *, drop_answer: bool = False) -> str:
    """What is said before the quotation begins; a subject that only names what is answered says nothing."""
    if drop_answer and ANSWER_TO.match(text):
        return ""
    own: list[str] = []
    for line in text.splitlines():
        if QUOTE_BEGINS.match(line[:300]):
            break
        own.append(line.rstrip())
    return "\n".join(own).strip()


def clean(text: str) -> str:
    """Only what can be written again: some charsets make halves of characters."""
    return text.encode("utf-8", "replace").decode().replace("\x00", "")


def decoded(part: Message) -> str:
    """Characters as they are said to be coded; what cannot be read is shown as such and never lost as a whole."""
    said = part.get_payload(decode=True)
    raw = said[: LONGEST * 10] if isinstance(said, bytes) else b""
    for charset in (str(part.get_content_charset("utf-8")), "utf-8"):
        try:
            return clean(raw.decode(charset, "strict"))
        except (LookupError, ValueError):
            continue
    try:
        return raw.decode("gb18030")
    except ValueError:
        return raw.decode("utf-8", "replace")


class _Words(HTMLParser):
    """The words between the tags."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        """A new line, or what is not to be read."""
        self.silent += tag in SILENT
        if tag in BREAKS:
            self.found.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """What was not to be read is over."""
        if tag in SILENT:
            self.silent = max(0, self.silent - 1)

    def handle_data(self, data: str) -> None:
        """Words."""
        if not self.silent:
            self.found.append(data)


def _unmarked(html: str) -> str:
    words = _Words()
    with suppress(AssertionError, ValueError):  # html.parser gives up on some declarations; what it has read stands
        words.feed(html[: LONGEST * 10])
    return "".join(words.found)
