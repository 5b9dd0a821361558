"""What a letter kind is made of: its words with slots, what the law asks it to hold, and what whoever writes it must state."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from fairdue.core.codes import GuaranteeKind, Party, Product, Purpose
from fairdue.core.errors import Lang
from fairdue.core.happened import Happened

Text = Mapping[Lang, str]
LANGS: tuple[Lang, Lang] = ("zh", "en")
SLOT = re.compile(r"\{([^{}]*)\}")
TABLES = ("", "balances", "itemization", "prompts")
APPROVALS = ("never", "large", "always")
TEMPLATES = ("letter", "certificate", "validation")
# Facts every letter may name, taken from the book and the letterhead; what else it names must be asked for.
FROM_BOOK = frozenset(
    [
        "person",
        "address",
        "identity",
        "borrower",
        "accounts",
        "total",
        "as_of",
        "oldest_due",
        "lender",
        "lender_address",
        "hotline",
        "website",
        "pay_how",
        "seal",
    ]
)


@dataclass(frozen=True)
class Element:
    """One thing the law asks for: the facts its part must name."""

    id: str
    title: Text
    facts: tuple[str, ...]


@dataclass(frozen=True)
class Law:
    """What one instrument asks of some kinds of letter."""

    id: str
    title: Text
    instrument: Text
    link: str
    confidence: str
    kinds: frozenset[str]
    elements: Mapping[str, Element]


@dataclass(frozen=True)
class Ask:
    """A fact that whoever writes the letter states: a text, a date or an amount."""

    id: str
    label: Text
    type: str


@dataclass(frozen=True)
class Part:
    """A paragraph with its heading and table, and the elements it holds."""

    head: Text
    text: Text
    table: str
    holds: tuple[str, ...]

    @property
    def slots(self) -> frozenset[str]:
        """The facts named in both languages."""
        return frozenset(SLOT.findall(self.text["zh"])) & frozenset(SLOT.findall(self.text["en"]))


@dataclass(frozen=True)
class LetterKind:
    """One kind of letter. `event`: what its delivery does to legal periods; `known`: claims that its approval makes true."""

    id: str
    title: Text
    use: Text
    to: frozenset[Party]
    products: frozenset[Product]
    guarantee: frozenset[GuaranteeKind]
    purpose: Purpose
    template: str
    approval: str
    registered: bool
    internal: bool
    settled: bool
    event: Happened | None
    sent_event: Happened | None
    known: tuple[str, ...]
    asks: tuple[Ask, ...]
    parts: tuple[Part, ...]
    laws: tuple[Law, ...]
    version: int
    approved_by: str
    approved_on: date
    revision: str

    @property
    def pack(self) -> str:
        """The jurisdiction it belongs to."""
        return self.id.partition("/")[0]

    @property
    def complete(self) -> bool:
        """Whether it holds everything a card collection letter must (checked when it was loaded)."""
        return any(law.id == "card-letter" for law in self.laws)

    @property
    def slots(self) -> frozenset[str]:
        """Every fact it names, its seal included where the law asks for one."""
        sealed = {"seal"} if any("seal" in part.holds for part in self.parts) else set[str]()
        return frozenset().union(*(part.slots for part in self.parts), sealed)
