"""Loads the authority matrix: who may grant what alone, by date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from fairdue.core.codes import Product, Role
from fairdue.core.money import parse_minor
from fairdue.core.plan_terms import Authority, Grant, OfferKind
from fairdue.rules.reading import Lines, Reading, WrongFiles

HERE = Path(__file__).parent
PERCENT = 10_000
NEEDED = ("role", "products", "kinds", "dpd", "months")
OPTIONAL = ("side", "principal", "amount", "counts")


@dataclass(frozen=True)
class AuthorityFile:
    """The matrix by date."""

    currency: str
    dated: tuple[tuple[date, Authority], ...]
    revision: str

    def at(self, on: date, currency: str) -> Authority:
        """The matrix on a date; before the first, or in another currency, nobody may grant anything."""
        found = next((matrix for since, matrix in reversed(self.dated) if since <= on), Authority())
        return found if currency == self.currency else Authority()


@cache
def load_authority(name: str = "cn") -> AuthorityFile:
    """The shipped matrix of that name. Raises `WrongFiles`."""
    return read_authority(HERE / f"{name}.yaml")


def read_authority(path: Path) -> AuthorityFile:
    """A matrix in a file. Raises `WrongFiles` with every fault, each with its line."""
    reading = Reading(path, path.name)
    if (
        reading.faults
        or not reading.keys(reading.data, ("title", "currency", "values"), ("decimals",))
        or reading.faults
    ):
        raise WrongFiles(reading.faults)
    values = reading.data["values"]
    decimals = reading.data.get("decimals", 2)
    dated = [
        (_day(reading, values, key), tuple(_grant(reading, row, decimals) for row in values[key])) for key in values
    ]
    if reading.faults:
        raise WrongFiles(reading.faults)
    rows = sorted(((day, Authority(tuple(g for g in grants if g))) for day, grants in dated), key=lambda d: d[0])
    return AuthorityFile(reading.data["currency"], tuple(rows), sha256(path.read_bytes()).hexdigest())


def _day(reading: Reading, values: Lines, key: str) -> date:
    try:
        return date.fromisoformat(key)
    except ValueError:
        reading.wrong(values.line_of(key), f"'{key}' is no date", f"“{key}”不是日期",
                      "Write it as 2026-01-31.", "请写成 2026-01-31 的形式。")  # fmt: skip
        return date.min


def _grant(reading: Reading, said: Any, decimals: int) -> Grant | None:
    before = len(reading.faults)
    reading.keys(said, NEEDED, OPTIONAL, "a row of the matrix")
    if len(reading.faults) > before:
        return None
    words = (("role", Role), ("products", Product), ("kinds", OfferKind))
    for key, known in words:
        for word in said[key] if isinstance(said[key], list) else [said[key]]:
            if word not in known.__members__:
                reading.wrong(said.line_of(key), f"'{key}' cannot be '{word}'", f"“{key}”不能填“{word}”",
                              f"It can be {', '.join(known.__members__)}.",
                              f"可填：{'、'.join(known.__members__)}。")  # fmt: skip
    if len(reading.faults) > before:
        return None
    first, last = said["dpd"]
    return Grant(
        Role[said["role"]], frozenset(Product[p] for p in said["products"]),
        frozenset(OfferKind[k] for k in said["kinds"]), first, last, said["months"], said.get("side", 0) * PERCENT,
        said.get("principal", 0) * PERCENT, parse_minor(str(said.get("amount", "0")), decimals), said.get("counts", True),
    )  # fmt: skip
