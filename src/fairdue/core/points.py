"""Numbers and addresses as they are written, brought into one form each; None for what is none.

Telephone numbers are well formed, not necessarily assigned: number ranges are opened faster than any list of them is kept.
"""

from __future__ import annotations

import re
import unicodedata

MOBILE = r"1[3-9]\d{9}"
LANDLINE = r"0(10|2\d|[3-9]\d{2})[2-9]\d{6,7}"
ABROAD = r"\+[1-9]\d{7,14}"  # E.164
PHONE = f"^({MOBILE}|{LANDLINE}|{ABROAD})$"
LONGEST = 200
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_EMAIL = re.compile(rf"[^@\s<>\"',;]{{1,64}}@{_LABEL}(?:\.{_LABEL})+")


def phone(text: str) -> str | None:
    """Mainland China: 11 digits, or area code and number, with or without +86. Others: + and 8 to 15 digits."""
    digits = re.sub(r"[\s()\-]", "", unicodedata.normalize("NFKC", text))
    digits = re.sub(r"^00", "+", re.sub(r"^(\+|00)86", "", digits))
    digits = re.sub(r"^86(1\d{10})$", r"\1", digits)
    return digits if digits.isascii() and re.match(PHONE, digits) else None


def email(text: str) -> str | None:
    """One address of the usual form."""
    plain = unicodedata.normalize("NFKC", text).strip()
    return plain if len(plain) <= LONGEST and _EMAIL.fullmatch(plain) else None


def address(text: str) -> str | None:
    """A postal address, or the name of an account: some words, whatever they are."""
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    return plain if 2 <= len(plain) <= LONGEST else None  # noqa: PLR2004 - shorter says nothing
