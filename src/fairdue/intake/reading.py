"""Reads the cells of a chunk into canonical values, and notes what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from fairdue.intake import reasons as reason
from fairdue.intake.canonical import COMPONENTS, INT64, KINDS, ROW, WITHOUT_MONEY, Column
from fairdue.intake.cells import Cells, Complaint
from fairdue.intake.currencies import EXPONENTS
from fairdue.intake.faults import CurrencyMissing
from fairdue.intake.mapping import Mapping, Target, chosen_sources
from fairdue.intake.parsers import read
from fairdue.intake.seen import SeenKeys

FALLBACK_EXPONENT = 2  # where the currency itself is at fault, so that the rest of the row can still be read
_CELL_ERRORS = r"^#(DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!|GETTING_DATA|SPILL!|CALC!)$"


@dataclass(frozen=True)
class Context:
    """What a file does not say of itself: its date, the lender's currency with its decimals, whose clock its times show.

    One context per file: it remembers the keys seen so far.
    """

    as_of: date | None = None
    currency: str | None = None
    exponent: int | None = None
    file: str = ""
    clock: str | None = None
    seen: SeenKeys = field(default_factory=SeenKeys)


@dataclass(frozen=True)
class Note:
    """A complaint, the columns of the file it stands under, and the canonical columns it is about."""

    headers: tuple[str, ...]
    names: tuple[str, ...]
    complaint: Complaint


@dataclass
class Chunk:
    """The work on one chunk: the values so far, and what is wrong."""

    mapping: Mapping
    frame: pl.DataFrame
    context: Context
    values: dict[str, pl.Series] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Find the columns of the file that each target is read from."""
        self.targets = {target.column.name: target for target in self.mapping.targets}
        self.sources = {name: chosen_sources(target, self.frame.columns) for name, target in self.targets.items()}

    def text(self, header: str) -> pl.Series:
        """A column of the file without surrounding spaces; null where nothing is left."""
        stripped = self.frame[header].str.strip_chars()
        return stripped.set(stripped == "", None)

    def headers(self, *names: str) -> tuple[str, ...]:
        """What the file calls these canonical columns; the first one's own name where the file has none of them."""
        found = tuple(dict.fromkeys(header for name in names for header in self.sources.get(name, ())))
        return found or names[:1]

    def repeat(self, value: str | int | bool | None, dtype: type[pl.DataType]) -> pl.Series:
        """A column of one value."""
        return pl.repeat(value, self.frame.height, dtype=dtype, eager=True)

    def note(self, headers: Sequence[str], name: str, complaint: Complaint) -> None:
        """Note a complaint about one canonical column, if it touches any row."""
        if complaint.rows.any():
            self.notes.append(Note(tuple(headers), (name,), complaint))

    def touched(self, *names: str) -> pl.Series:
        """Rows with a note about any of these canonical columns."""
        rows = self.repeat(value=False, dtype=pl.Boolean)
        for note in self.notes:
            if set(names) & set(note.names):
                rows |= note.complaint.rows.fill_null(value=False)
        return rows


def read_chunk(chunk: Chunk) -> pl.DataFrame:
    """All canonical columns, null where the file says nothing, and `row_no`; what is wrong is noted.

    Raises `CurrencyMissing`.
    """
    exponent = _settle_currency(chunk)
    for name in chunk.targets:
        if name not in {"currency", "exponent"}:
            _read_target(chunk, name, exponent)
    columns = KINDS[chunk.mapping.kind]
    read_ones = [chunk.values.get(c.name, chunk.repeat(None, _wide(c))).alias(c.name) for c in columns]
    rows = pl.DataFrame(read_ones).with_columns(chunk.frame[ROW].cast(pl.Int64).alias("row_no"))
    if chunk.mapping.kind != "book":
        return rows
    return rows.with_columns(components_known=pl.any_horizontal(pl.col(COMPONENTS).is_not_null()))


def _settle_currency(chunk: Chunk) -> pl.Series:
    """Currency and decimals come first: amounts depend on them. The decimals per row."""
    if chunk.mapping.kind in WITHOUT_MONEY:
        return chunk.repeat(0, pl.Int64)
    usual, decimals = _usual_currency(chunk)
    if usual is None and not chunk.sources.get("currency"):
        raise CurrencyMissing
    stated = _read_target(chunk, "currency", chunk.repeat(0, pl.Int64))
    blank = stated.is_null() & ~chunk.touched("currency")
    currency = stated.set(blank, usual) if usual else stated
    if usual is None:
        chunk.note(chunk.headers("currency"), "currency", Complaint(reason.Blank, blank))
    listed = dict(EXPONENTS) | ({usual: decimals} if usual and decimals is not None else {})
    exponent = _read_target(chunk, "exponent", chunk.repeat(0, pl.Int64))
    exponent = exponent.fill_null(currency.replace_strict(listed, default=None, return_dtype=pl.Int64))
    chunk.values |= {"currency": currency, "exponent": exponent}
    return exponent.fill_null(FALLBACK_EXPONENT)


def _usual_currency(chunk: Chunk) -> tuple[str | None, int | None]:
    """The currency of rows that do not say theirs, and its decimals where they are not those of ISO 4217."""
    mapping, context = chunk.mapping, chunk.context
    usual = mapping.currency or context.currency
    if mapping.exponent is not None:
        return usual, mapping.exponent
    return usual, context.exponent if usual == context.currency else None


def _read_target(chunk: Chunk, name: str, exponent: pl.Series) -> pl.Series:
    """Values of one canonical column: from its source, or the sum of several; nulls where there is none."""
    target = chunk.targets.get(name)
    if target is None:
        return chunk.repeat(None, pl.String if name == "currency" else pl.Int64)
    headers = chunk.sources[name]
    if target.required and headers and target.default is None:
        empty = pl.DataFrame([chunk.text(header) for header in headers]).select(pl.all_horizontal(pl.all().is_null()))
        chunk.note(headers, name, Complaint(reason.Blank, empty.to_series()))
    found = [_read_cells(chunk, target, header, exponent) for header in headers]
    value = _added(chunk, name, found) if found else chunk.repeat(None, _wide(target.column))
    if target.default is not None:
        value = value.fill_null(_default(chunk, target, exponent))
    chunk.values[name] = value
    return value


def _read_cells(chunk: Chunk, target: Target, header: str, exponent: pl.Series) -> pl.Series:
    column, text = target.column, chunk.text(header)
    broken = text.str.contains(_CELL_ERRORS)
    if broken.any():
        chunk.note([header], column.name, Complaint(reason.CellError, broken, {"value": text}))
        text = text.set(broken, None)
    value, wrong = read(
        target.parser, Cells(text, column, target.options, exponent, chunk.context.as_of, chunk.context.clock)
    )
    for complaint in (*wrong, *_range(column, value)):
        chunk.note([header], column.name, complaint)
    return value


def _default(chunk: Chunk, target: Target, exponent: pl.Series) -> pl.Series:
    """What the mapping says where the file says nothing, read like a cell."""
    said = chunk.repeat(str(target.default), pl.String)
    return read(
        target.parser, Cells(said, target.column, target.options, exponent, chunk.context.as_of, chunk.context.clock)
    )[0]


def _added(chunk: Chunk, name: str, found: Sequence[pl.Series]) -> pl.Series:
    """The sum of several columns; a part that is not there counts as nothing, none at all stays unknown."""
    if len(found) == 1:
        return found[0]
    parts = pl.DataFrame([part.alias(str(at)) for at, part in enumerate(found)])
    any_there = pl.any_horizontal(pl.all().is_not_null())
    total = parts.select(pl.when(any_there).then(pl.sum_horizontal(pl.all().cast(pl.Int128)))).to_series()
    large = (total > INT64[1]) | (total < INT64[0])
    chunk.note(chunk.headers(name), name, Complaint(reason.TooLarge, large, {"value": total.cast(pl.String)}))
    return total.set(large, None).cast(pl.Int64)


def _range(column: Column, value: pl.Series) -> Iterator[Complaint]:
    """Numbers the column cannot have."""
    if value.dtype != pl.Int64 or (column.low, column.high) == INT64:
        return
    if column.high != INT64[1]:
        out = (value < column.low) | (value > column.high)
        yield Complaint(reason.OutOfRange, out, {"low": column.low, "high": column.high})
    elif column.low == 0:
        yield Complaint(reason.Negative, value < 0)
    else:
        yield Complaint(reason.NotPositive, value < column.low)


def _wide(column: Column) -> type[pl.DataType]:
    return pl.Int64 if column.dtype.is_integer() else column.dtype
