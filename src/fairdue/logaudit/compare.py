"""The same log judged by two packs: whose verdict changes, and by which rules."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from fairdue.core.errors import Lang
from fairdue.logaudit.contacts import FILE, ROW
from fairdue.logaudit.order import Order
from fairdue.logaudit.run import Found, Report, run
from fairdue.logaudit.tables import NAMES, SHEET, STRANGERS, harmless, in_row_order, private

KEY = ("file", ROW, "rule")
TEXT = pl.Schema({NAMES.get(name, name): pl.String for name in SHEET} | {"file": pl.Int64, ROW: pl.Int64})
FILE_OF_CHANGES = "changed.csv"
WORDS = {
    "en": ("{changed} breaches differ between {before} and {after}, of {contacts} contacts", "only by {name}"),
    "zh": ("{contacts} 次联系中，{before} 与 {after} 的违规判断有 {changed} 处不同", "仅 {name}"),
}


@dataclass(frozen=True)
class LogDifference:
    """Breaches that only one of two packs finds in a log. `only`: name of the pack → rule → contacts."""

    contacts: int
    names: tuple[str, str]
    only: tuple[dict[str, int], dict[str, int]]
    file: Path

    @property
    def changed(self) -> int:
        """How many."""
        return sum(sum(one.values()) for one in self.only)

    def as_dict(self) -> dict[str, Any]:
        """For a program."""
        sides = dict(zip(("only_before", "only_after"), self.only, strict=True))
        return {"contacts": self.contacts, "changed": self.changed, **sides, "file": str(self.file)}

    def as_text(self, lang: Lang) -> str:
        """For a person."""
        first, only = WORDS[lang]
        before, after = self.names
        lines = [first.format(changed=self.changed, contacts=self.contacts, before=before, after=after)]
        for name, rules in zip(self.names, self.only, strict=True):
            lines += [f"  {only.format(name=name)}  {rule}  {n}" for rule, n in sorted(rules.items())]
        return "\n".join([*lines, str(self.file)])


def compare(order: Order, before: str, after: str, report: Report) -> LogDifference:
    """Judge the log by both packs, named as in `rules.diff.named`; the breaches that differ go to `changed.csv`.

    Each contact is judged by what either pack says of its own day. Raises a `Fault` for what is wrong with the whole.
    """
    out = order.out
    found = [
        run(replace(order, pack=name, policy="", out=out / side), report)
        for side, name in (("before", before), ("after", after))
    ]
    keys = [_keys(one) for one in found]
    only = [keys[0].join(keys[1], on=KEY, how="anti"), keys[1].join(keys[0], on=KEY, how="anti")]
    worded = [_worded(one, mine, side) for one, mine, side in zip(found, only, "-+", strict=True)]
    changed = pl.concat(worded).sort(*KEY, "change").drop("counted_rows")
    path = out / FILE_OF_CHANGES
    private(path, harmless(changed, STRANGERS))
    judged = found[0].read.read - found[0].read.rejected
    return LogDifference(judged, (before, after), (_by_rule(only[0]), _by_rule(only[1])), path)


def _keys(found: Found) -> pl.DataFrame:
    """Which row breaches which rule: small, so that two whole logs are compared in bounded memory."""
    rules = dict(enumerate(found.pack.by_id))
    breaches = pl.scan_parquet(list(found.breaches)).select(ROW, "rule").collect()
    return breaches.select(
        (pl.col(ROW) // FILE + 1).cast(pl.Int32).alias("file"), pl.col(ROW) % FILE,
        pl.col("rule").replace_strict(rules, return_dtype=pl.String),
    )  # fmt: skip


def _worded(found: Found, mine: pl.DataFrame, side: str) -> pl.DataFrame:
    """The breaches of one side as people read them, with the sign of the side."""
    cast = [pl.col(name).cast(kind) for name, kind in TEXT.items()]
    parts = [part.join(mine, on=KEY, how="semi").select(cast) for part in in_row_order(found)] if len(mine) else []
    together: pl.DataFrame = pl.concat([pl.DataFrame(schema=TEXT), *parts])
    return together.select(pl.lit(side).alias("change"), pl.all())


def _by_rule(only: pl.DataFrame) -> dict[str, int]:
    return dict(only.group_by("rule").len().sort("rule").iter_rows())
