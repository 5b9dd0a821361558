"""Reads statements of banks and payment services, whatever they come in, into one shape; nothing here books anything."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from fairdue.core.statements import Statement
from fairdue.intake.statements import camt, mt940, ofx, table
from fairdue.intake.statements.common import LARGEST, TooLarge, UnknownFormat
from fairdue.intake.statements.units import in_units

MAPPED = table.names()
FORMATS = ("camt053", "mt940", "ofx", *MAPPED)


def read(
    path: Path, form: str = "", *, name: str = "", currency: str = "CNY", exponent: int | None = None
) -> tuple[Statement, ...]:
    """The statements in a file; the format is found out where it is not named. Raises `StatementFault`.

    `currency` is the book's, and that of files that do not say any; `exponent` are the decimals the book is kept with, where
    they are not those of ISO 4217.
    """
    found = _read(path, form, name, currency)
    return found if exponent is None else tuple(in_units(one, currency, exponent) for one in found)


def _read(path: Path, form: str, name: str, currency: str) -> tuple[Statement, ...]:
    shown = name or path.name
    if path.stat().st_size > LARGEST:
        raise TooLarge(file=shown, limit=LARGEST // 2**20)
    form = form or guess(path)
    readers: dict[str, Callable[[bytes, str], tuple[Statement, ...]]] = {
        "camt053": camt.read, "mt940": mt940.read, "ofx": ofx.read,
    }  # fmt: skip
    if form in readers:
        return readers[form](path.read_bytes(), shown)
    if form in MAPPED:
        return (table.read(path, form, shown, currency),)
    raise UnknownFormat(file=shown, formats=", ".join(FORMATS))


def guess(path: Path) -> str:
    """The format by what the file begins with; a table by the mapping whose columns it has; empty: none fits."""
    with path.open("rb") as file:
        head = file.read(4096).lstrip(b"\xef\xbb\xbf \r\n\t")
    if b"camt.053" in head or b"BkToCstmrStmt" in head:
        return "camt053"
    if head.startswith((b"OFXHEADER", b"<?OFX", b"<OFX")) or b"<OFX>" in head:
        return "ofx"
    if b":20:" in head and b":60" in head:
        return "mt940"
    return table.guess(path)
