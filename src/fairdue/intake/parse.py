"""Turns a chunk of a file into canonical rows and rejected rows: every row is one or the other, nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from fairdue.core.errors import Fault
from fairdue.intake import reasons as reason
from fairdue.intake.canonical import COMPONENTS, FIELDS, KEYS, KINDS, OWN, ROW, TOTAL_OF
from fairdue.intake.cells import Complaint
from fairdue.intake.checks import check_rows
from fairdue.intake.faults import AsOfMissing
from fairdue.intake.mapping import Mapping
from fairdue.intake.reading import Chunk, Context, Note, read_chunk

REJECT_SCHEMA = {
    "row_no": pl.Int64, "field": pl.String, "value": pl.String, "code": pl.String,
    "en": pl.String, "zh": pl.String, "en_remedy": pl.String, "zh_remedy": pl.String,
}  # fmt: skip
SUM_SCHEMA: dict[str, type[pl.DataType]] = {
    "currency": pl.String,
    "loaded": pl.Int128,
    "left_out": pl.Int128,
    "unreadable": pl.UInt32,
}


@dataclass(frozen=True)
class Parsed:
    """One chunk, parsed. `good`: `canonical.schema(kind)`; `rejects`: a line per reason, `REJECT_SCHEMA`.

    `sums` adds up the money per currency in minor units (`SUM_SCHEMA`; currency "?" where it cannot be read).
    `late_owing_nothing` counts good rows that are late and owe nothing: accounts, though nobody is contacted about
    nothing.
    """

    good: pl.DataFrame
    rejects: pl.DataFrame
    read: int
    sums: pl.DataFrame
    late_owing_nothing: int = 0

    @property
    def rejected(self) -> int:
        """Rows left out."""
        return self.read - self.good.height


def parse_chunk(mapping: Mapping, frame: pl.DataFrame, context: Context) -> Parsed:
    """Canonical rows and rejected rows of one chunk of `Source.chunks`. All reasons of a row are given.

    Raises `AsOfMissing` or `CurrencyMissing` when the file as a whole lacks its date or its currency.
    """
    if mapping.kind == "book" and context.as_of is None:
        raise AsOfMissing(file=context.file)
    chunk = Chunk(mapping, frame, context)
    rows = read_chunk(chunk)
    chunk.notes += list(_notes_on_rows(chunk, rows))
    chunk.note(*_twice(chunk, rows))
    return _divide(chunk, rows)


def _notes_on_rows(chunk: Chunk, rows: pl.DataFrame) -> Iterator[Note]:
    """What does not hold between columns; silent where one of them could not be read, which has been said."""
    for names, complaint in check_rows(chunk.mapping.kind, rows, chunk.context.as_of):
        mask = complaint.rows.fill_null(value=False)
        if mask.any():
            mask &= ~chunk.touched(*names)
            yield Note(chunk.headers(*names), names, Complaint(complaint.fault, mask, complaint.said))


def _twice(chunk: Chunk, rows: pl.DataFrame) -> tuple[tuple[str, ...], str, Complaint]:
    """A key that stood in the file before: which of the two is right, a person must say."""
    names = KEYS[chunk.mapping.kind]
    if not names:
        return (), "", Complaint(reason.Twice, chunk.repeat(value=False, dtype=pl.Boolean))
    columns = [c for c in KINDS[chunk.mapping.kind] if c.name in names]
    parts = [pl.col(c.name).cast(pl.String).fill_null("" if c.absent is None else str(c.absent)) for c in columns]
    whole = pl.all_horizontal(pl.col(c.name).is_not_null() for c in columns if c.required)
    keys = rows.select(pl.when(whole).then(pl.concat_str(parts, separator="\x1f"))).to_series()
    first = chunk.context.seen.first_rows(keys, rows["row_no"])
    return chunk.headers(*names), names[0], Complaint(reason.Twice, first.is_not_null(), {"first": first})


def _divide(chunk: Chunk, rows: pl.DataFrame) -> Parsed:
    """Good rows to one side, the others with their reasons to the other."""
    ragged = _ragged(chunk)
    notes = [Note((), (), ragged)]
    for note in chunk.notes:  # in a ragged row every cell may stand under the wrong name: nothing else is said of it
        mask = note.complaint.rows.fill_null(value=False) & ~ragged.rows
        notes.append(Note(note.headers, note.names, Complaint(note.complaint.fault, mask, note.complaint.said)))
    notes = [note for note in notes if note.complaint.rows.any()]
    bad = chunk.repeat(value=False, dtype=pl.Boolean)
    for note in notes:
        bad |= note.complaint.rows
    lines = pl.concat([pl.DataFrame(schema=REJECT_SCHEMA), *(_lines(chunk, note) for note in notes)])
    good = _finished(chunk, rows.filter(~bad))
    return Parsed(
        good, lines.sort("row_no", maintain_order=True), rows.height, _sums(chunk, rows, bad, ragged.rows),
        _late_owing_nothing(chunk, good),
    )  # fmt: skip


def _ragged(chunk: Chunk) -> Complaint:
    width = sum(not name.startswith(OWN) for name in chunk.frame.columns)
    if FIELDS not in chunk.frame.columns:
        return Complaint(reason.FieldCount, chunk.repeat(value=False, dtype=pl.Boolean))
    found = chunk.frame[FIELDS]
    return Complaint(reason.FieldCount, found != width, {"found": found, "expected": width})


def _lines(chunk: Chunk, note: Note) -> pl.DataFrame:
    """One line per rejected row: sentence and remedy in both languages. Personal values are not repeated."""
    personal = any(c.personal for c in KINDS[chunk.mapping.kind] if c.name in note.names)
    values = [chunk.text(header) for header in note.headers[:1] if header in chunk.frame.columns and not personal]
    said = chunk.frame.select(
        pl.col(ROW).alias("row"),
        (values or [chunk.repeat(None, pl.String)])[0].alias("value"),
        pl.lit(", ".join(note.headers)).alias("field"),
    ).with_columns(
        (one if isinstance(one, pl.Series) else pl.lit(one)).alias(key) for key, one in note.complaint.said.items()
    )
    made = [_line(note.complaint.fault(**row)) for row in said.filter(note.complaint.rows).to_dicts()]
    return pl.DataFrame(made, schema=REJECT_SCHEMA, orient="row")


def _line(fault: Fault) -> tuple[Any, ...]:
    f = fault.fields
    value = None if f["value"] is None else str(f["value"])
    return (
        f["row"], f["field"], value, fault.code,
        fault.what("en"), fault.what("zh"), fault.remedy("en"), fault.remedy("zh"),
    )  # fmt: skip


def _finished(chunk: Chunk, rows: pl.DataFrame) -> pl.DataFrame:
    """Canonical types; a balance that is not split is all principal; what is not said is as the column says."""
    if chunk.mapping.kind == "book":
        principal = pl.when("components_known").then("principal").otherwise("balance")
        as_of = pl.lit(chunk.context.as_of, pl.Date)
        rows = rows.with_columns(principal.alias("principal"), as_of.alias("as_of"))
        rows = rows.with_columns(pl.col(COMPONENTS).fill_null(0))
    filled = [
        (pl.col(c.name).fill_null(c.absent) if c.absent is not None else pl.col(c.name)).cast(c.dtype)
        for c in KINDS[chunk.mapping.kind]
    ]
    return rows.select("row_no", *filled)


def _sums(chunk: Chunk, rows: pl.DataFrame, bad: pl.Series, ragged: pl.Series) -> pl.DataFrame:
    kind = chunk.mapping.kind
    if kind not in TOTAL_OF:
        return pl.DataFrame(schema=SUM_SCHEMA)
    amount = rows[TOTAL_OF[kind]].cast(pl.Int128)
    money = pl.DataFrame({"currency": chunk.values["currency"], "amount": amount.set(ragged, None), "bad": bad})
    found = money.group_by(pl.col("currency").fill_null("?"), maintain_order=True).agg(
        loaded=pl.col("amount").filter(~pl.col("bad")).sum(),
        left_out=pl.col("amount").filter("bad").sum(),
        unreadable=pl.col("amount").is_null().sum(),
    )
    return found.select(pl.col(name).cast(dtype) for name, dtype in SUM_SCHEMA.items())


def _late_owing_nothing(chunk: Chunk, good: pl.DataFrame) -> int:
    if chunk.mapping.kind != "book":
        return 0
    late = pl.col("oldest_unpaid_due").is_not_null() | (pl.col("missed_payments") > 0)
    return good.filter((pl.col("balance") <= 0) & late).height
