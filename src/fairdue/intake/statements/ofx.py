"""OFX, both spellings: 1.x, where tags need not be closed, and 2.x, which is XML without a document type of its own."""

from __future__ import annotations

import html
import re
from datetime import date

from fairdue.core.errors import Fault
from fairdue.core.statements import Entry, RowFault, Statement
from fairdue.intake.statements.common import Damaged, Dangerous, day, minor, unreadable

LEAF = re.compile(r"<([A-Z0-9.]+)>([^<\r\n]*)")
ENCODINGS = {"1252": "cp1252", "936": "gb18030", "UTF-8": "utf-8", "NONE": "utf-8"}
# TRNTYPE is not enough to know a payment taken back; banks say it in CORRECTFITID with CORRECTACTION DELETE.


def read(data: bytes, file: str) -> tuple[Statement, ...]:
    """Every statement of the file. Raises `Dangerous`, `Damaged`."""
    text = _decoded(data)
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise Dangerous(file=file)
    blocks = re.findall(r"<(?:CC)?STMTRS>(.*?)</(?:CC)?STMTRS>", text, re.DOTALL)
    if not blocks:
        raise Damaged(file=file, why="it holds no STMTRS", why_zh="其中没有 STMTRS")
    return tuple(_statement(block, file) for block in blocks)


def _decoded(data: bytes) -> str:
    head = data[:400].decode("ascii", errors="replace")
    named = re.search(r"CHARSET:\s*(\S+)", head)
    tries = ["utf-8-sig", ENCODINGS.get(named[1], "gb18030") if named else "gb18030"]
    for encoding in tries:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("gb18030", errors="replace")


def _leaves(block: str) -> dict[str, str]:
    return {name: html.unescape(value.strip()) for name, value in reversed(LEAF.findall(block)) if value.strip()}


def _statement(block: str, file: str) -> Statement:
    head, _, _ = block.partition("<BANKTRANLIST>")
    said = _leaves(head)
    currency = said.get("CURDEF", "")
    entries, faults = list[Entry](), list[RowFault]()
    for row, one in enumerate(re.split(r"<STMTTRN>", block)[1:], 1):
        try:
            entries.append(_entry(row, _leaves(re.split(r"</STMTTRN>|</BANKTRANLIST>", one)[0]), currency))
        except (Fault, ValueError, KeyError) as error:
            faults.append(unreadable(row, "STMTTRN", one, error, None))
    period = _leaves((re.search(r"<BANKTRANLIST>(.*?)<STMTTRN>", block, re.DOTALL) or ["", ""])[1])
    ledger = _leaves((re.search(r"<LEDGERBAL>(.*?)(?:</LEDGERBAL>|<AVAILBAL>|$)", block, re.DOTALL) or ["", ""])[1])
    closing = minor(ledger["BALAMT"], currency) if "BALAMT" in ledger else None
    return Statement(
        "ofx", file, currency=currency, account=said.get("ACCTID", ""), from_on=_day(period, "DTSTART"),
        to_on=_day(period, "DTEND"), closing=closing, entries=tuple(entries), faults=tuple(faults),
    )  # fmt: skip


def _day(said: dict[str, str], name: str) -> date | None:
    return day(said[name]) if name in said else None


def _entry(row: int, said: dict[str, str], currency: str) -> Entry:
    amount = minor(said["TRNAMT"].removeprefix("+"), currency)
    undoes = said.get("CORRECTFITID", "") if amount < 0 else ""
    name = said.get("NAME", "")
    return Entry(row, day(said["DTPOSTED"]), amount, ref=said.get("REFNUM", "") or said["FITID"], payer=name,
                 payer_account=said.get("ACCTFROM", ""), said=said.get("MEMO", ""), undoes=undoes)  # fmt: skip
