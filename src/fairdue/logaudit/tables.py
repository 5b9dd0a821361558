"""Files of an audit: breaches (CSV and Parquet), what could not be judged, rejected rows, contacts that stand twice."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow.parquet as pq

from fairdue.intake.rejects import FORMULA
from fairdue.logaudit.contacts import FILE, ROW
from fairdue.logaudit.judging import Schema
from fairdue.logaudit.rejects import write_rejects
from fairdue.logaudit.run import Found
from fairdue.logaudit.sentences import facts_named, ground, worded

AT_ONCE = 250_000
EXAMPLES = 4  # breaches shown per rule in the report
SHEET = (
    "rule_id", "title_zh", "title_en", "ground_zh", "ground_en", "link", "confidence", "in_force_since", "file", "row_no",
    "contact_id", "debtor", "agency", "collector", "local_time", "zone_name", "at_utc", "facts_zh", "facts_en", "count",
    "rows_named",
)  # fmt: skip
NAMES = {
    "rule_id": "rule", "row_no": "row", "zone_name": "zone", "count": "counted", "rows_named": "counted_rows",
}  # fmt: skip
STRANGERS = ("contact_id", "debtor", "agency", "collector")  # cells whose words are not ours


Examples = dict[str, list[dict[str, Any]]]


def write_tables(found: Found) -> Examples:
    """Write every file but the report and the summary, readable by their owner only; the first breaches of each rule."""
    out = found.order.out
    examples = _write_breaches(found, out)
    private(out / "missing.csv", missing(found))
    private(out / "duplicates.csv", _twice(found))
    write_rejects(found.order, found.sources, found.work)
    return examples


def in_row_order(found: Found) -> Iterator[pl.DataFrame]:
    """Breaches in the order of the log, worded, a bounded number at a time."""
    paths = list(found.breaches)
    rows = np.sort(pl.scan_parquet(paths).select(ROW).collect()[ROW].to_numpy())
    bounds = [*rows[::AT_ONCE].tolist(), int(rows[-1]) + 1] if len(rows) else []
    for first, last in pairwise(bounds):
        part = pl.scan_parquet(paths).filter((pl.col(ROW) >= first) & (pl.col(ROW) < last)).collect().sort(ROW, "rule")
        if part.height:
            yield worded(part, found.pack, len(found.sources)).select(SHEET).rename(NAMES)


def _write_breaches(found: Found, out: Path) -> Examples:
    examples: Examples = {}
    schema: Schema = {NAMES.get(name, name): pl.String for name in SHEET}
    schema |= {"file": pl.Int32, "row": pl.Int64, "counted": pl.Int32}
    empty = pl.DataFrame(schema=schema)
    descriptor = os.open(out / "breaches.csv", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    parquet = out / "breaches.parquet"
    os.close(os.open(parquet, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    with os.fdopen(descriptor, "wb") as sheet, pq.ParquetWriter(parquet, empty.to_arrow().schema) as table:
        sheet.write(b"\xef\xbb\xbf" + empty.write_csv().encode())
        for part in in_row_order(found):
            rows = part.with_columns(pl.when(pl.col("counted") >= 0).then("counted").alias("counted")).select(
                pl.col(name).cast(kind) for name, kind in schema.items()
            )
            table.write_table(rows.to_arrow())
            _add_examples(examples, rows)
            sheet.write(harmless(rows, STRANGERS).write_csv(include_header=False).encode())
    return examples


def _add_examples(examples: Examples, rows: pl.DataFrame) -> None:
    for row in rows.group_by("rule", maintain_order=True).head(EXAMPLES).to_dicts():
        of_rule = examples.setdefault(row["rule"], [])
        if len(of_rule) < EXAMPLES:
            of_rule.append(row)


def harmless(frame: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """Cells that a spreadsheet would run as a formula, as text."""
    return frame.with_columns(pl.col(columns).str.replace(FORMULA, "'$0"))


def private(path: Path, frame: pl.DataFrame) -> None:
    """A CSV that Excel opens and only its owner reads."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(b"\xef\xbb\xbf" + frame.write_csv().encode())


def missing(found: Found) -> pl.DataFrame:
    """What could not be judged: by rule and by the facts it lacks, with how many contacts and some of their rows."""
    rules = list(found.pack.by_id.values())
    lines = []
    for rule, facts, of_the_past, contacts, rows in found.opens.iter_rows():
        about = rules[rule].about
        earlier = {"zh": "此前联系的", "en": "of earlier contacts: "} if of_the_past else {"zh": "", "en": ""}
        lines.append({
            "rule": rules[rule].id, "title_zh": about.title["zh"], "title_en": about.title["en"],
            "ground_zh": ground(about, "zh"), "ground_en": ground(about, "en"), "confidence": about.confidence,
            "missing": facts.replace(",", " "), "missing_zh": earlier["zh"] + facts_named(facts, "zh"),
            "missing_en": earlier["en"] + facts_named(facts, "en"), "of_earlier_contacts": of_the_past,
            "contacts": contacts, "for_example_rows": ", ".join(row_name(row, found) for row in rows),
        })  # fmt: skip
    return pl.DataFrame(lines, schema=_MISSING_SCHEMA)


_MISSING = (
    "rule", "title_zh", "title_en", "ground_zh", "ground_en", "confidence", "missing", "missing_zh", "missing_en",
    "of_earlier_contacts", "contacts", "for_example_rows",
)  # fmt: skip
_MISSING_SCHEMA: Schema = {
    **dict.fromkeys(_MISSING, pl.String), "of_earlier_contacts": pl.Boolean, "contacts": pl.Int64,
}  # fmt: skip


def row_name(row: int, found: Found) -> str:
    """A row as a person finds it: its number, with that of its file where there are several."""
    file, within = divmod(row, FILE)
    return f"{within}" if len(found.sources) == 1 else f"{file + 1}:{within}"


def _twice(found: Found) -> pl.DataFrame:
    names = {"row": "row", "first": "first_row"}
    lines = [{names[key]: row_name(value, found) for key, value in row.items()} for row in found.twice.to_dicts()]
    return pl.DataFrame(lines, schema={"row": pl.String, "first_row": pl.String})
