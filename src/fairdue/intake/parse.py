"""Turns a chunk of a file into canonical rows and rejected rows: every row is one or the other, nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from fairdue.core.errors import Fault
from fairdue.intake import reasons as reason
from fairdue.intake.canonical import COMPONENTS, FIELDS, INT64, KEYS, KINDS, OWN, ROW, TOTAL_OF, Column, schema
from fairdue.intake.checks import check_rows
from fairdue.intake.currencies import EXPONENTS
from fairdue.intake.faults import AsOfMissing, CurrencyMissing
from fairdue.intake.mapping import Mapping as FileMapping
from fairdue.intake.mapping import Target, chosen_sources
from fairdue.intake.parsers import Cells, Complaint, read
from fairdue.intake.seen import SeenKeys

FALLBACK_EXPONENT = 2  # where the currency itself is at fault, so that the rest of the row can still be read
_CELL_ERRORS = r"^#(DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!|GETTING_DATA|SPILL!|CALC!)$"

REJECT_SCHEMA = {
    "row_no": pl.Int64, "field": pl.String, "value": pl.String, "code": pl.String,
    "en": pl.String, "zh": pl.String, "en_remedy": pl.String, "zh_remedy": pl.String,
}  # fmt: skip


@dataclass(frozen=True)
class Context:
    """What a file does not say of itself. One context per file: it remembers the keys seen so far."""

    as_of: date | None = None
    currency: str | None = None
    exponent: int | None = None
    file: str = ""
    seen: SeenKeys = field(default_factory=SeenKeys)


@dataclass(frozen=True)
class Parsed:
    """One chunk, parsed. `good`: `canonical.schema(kind)`; `rejects`: a line per reason, `REJECT_SCHEMA`.

    `sums` adds up the money per currency (columns currency, loaded, left_out, unreadable); `late_owing_nothing` counts good
    rows that are late and owe nothing: accounts, but nobody may be contacted about nothing.
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


@dataclass
class _Chunk:
    """The work on one chunk: the values so far, and what is wrong, each with the headers it stands under."""

    mapping: FileMapping
    frame: pl.DataFrame
    context: Context
    values: dict[str, pl.Series] = field(default_factory=dict)
    wrong: list[tuple[tuple[str, ...], str, Complaint]] = field(default_factory=list)  # headers, canonical name, complaint

    def text(self, name: str) -> pl.Series:
        """A column of the file without surrounding spaces; null where nothing is left."""
        stripped = self.frame[name].str.strip_chars()
        return stripped.set(stripped == "", None)

    def headers(self, *names: str) -> tuple[str, ...]:
        """What the file calls these canonical columns; the canonical name where it has no such column."""
        targets = {t.column.name: t for t in self.mapping.targets}
        found = {n: chosen_sources(targets[n], self.frame.columns) if n in targets else [] for n in names}
        return tuple(dict.fromkeys(header for name in names for header in found[name] or [name]))

    def blank(self, dtype: type[pl.DataType]) -> pl.Series:
        """A column of nothing."""
        return pl.repeat(None, self.frame.height, dtype=dtype(), eager=True)


def parse_chunk(mapping: FileMapping, frame: pl.DataFrame, context: Context) -> Parsed:
    """Canonical rows and rejected rows of one chunk of `Source.chunks`. All reasons of a row are given.

    Raises `AsOfMissing` or `CurrencyMissing` when the file as a whole lacks its date or currency.
    """
    if mapping.kind == "book" and context.as_of is None:
        raise AsOfMissing(file=context.file)
    chunk = _Chunk(mapping, frame, context)
    exponent = _settle_currency(chunk)
    for target in mapping.targets:
        if target.column.name not in {"currency", "exponent"}:
            _read_target(chunk, target, exponent)
    rows = _canonical(chunk)
    chunk.wrong += [(chunk.headers(name), name, one) for name, one in check_rows(mapping.kind, rows, context.as_of)]
    _twice(chunk, rows)
    return _divide(chunk, rows)


def _settle_currency(chunk: _Chunk) -> pl.Series:
    """Read currency and decimals first: amounts depend on them. Returns the decimals per row."""
    if chunk.mapping.kind == "people":
        return pl.repeat(0, chunk.frame.height, dtype=pl.Int64, eager=True)
    usual = chunk.mapping.currency or chunk.context.currency
    usual_exponent = chunk.mapping.exponent
    if usual_exponent is None and usual == chunk.context.currency:
        usual_exponent = chunk.context.exponent
    targets = {target.column.name: target for target in chunk.mapping.targets}
    currency = _read_named(chunk, targets, "currency", pl.String)
    if usual is None and currency.null_count() == currency.len() and "currency" not in targets:
        raise CurrencyMissing
    stated = currency.is_not_null()
    currency = currency.fill_null(usual) if usual else currency
    listed = dict(EXPONENTS) | ({usual: usual_exponent} if usual and usual_exponent is not None else {})
    exponent = _read_named(chunk, targets, "exponent", pl.Int64)
    exponent = exponent.fill_null(currency.replace_strict(listed, default=None, return_dtype=pl.Int64))
    chunk.values["currency"], chunk.values["exponent"] = currency, exponent
    if usual is None:
        chunk.wrong.append((chunk.headers("currency"), "currency", Complaint(reason.Blank, ~stated & ~_complained(chunk))))
    return exponent.fill_null(FALLBACK_EXPONENT)


def _read_named(chunk: _Chunk, targets: Mapping[str, Target], name: str, dtype: type[pl.DataType]) -> pl.Series:
    if name not in targets:
        return chunk.blank(dtype)
    _read_target(chunk, targets[name], pl.repeat(0, chunk.frame.height, dtype=pl.Int64, eager=True))
    return chunk.values[name]


def _complained(chunk: _Chunk) -> pl.Series:
    bad = pl.repeat(False, chunk.frame.height, dtype=pl.Boolean(), eager=True)
    for _, _, complaint in chunk.wrong:
        bad |= complaint.rows.fill_null(value=False)
    return bad


def _read_target(chunk: _Chunk, target: Target, exponent: pl.Series) -> None:
    """Values of one canonical column, from one source column or the sum of several."""
    headers = chosen_sources(target, chunk.frame.columns)
    found = [_read_cells(chunk, target, header, exponent) for header in headers]
    if not found:
        value = chunk.blank(_wide(target.column))
    elif len(found) == 1:
        value = found[0]
    else:
        value = _added(chunk, target, found)
    if target.required and headers and target.default is None:
        empty = pl.DataFrame([chunk.text(header) for header in headers]).select(pl.all_horizontal(pl.all().is_null()))
        chunk.wrong.append((tuple(headers), target.column.name, Complaint(reason.Blank, empty.to_series())))
    if target.default is not None:
        value = value.fill_null(_default(chunk, target, exponent))
    chunk.values[target.column.name] = value


def _added(chunk: _Chunk, target: Target, found: Sequence[pl.Series]) -> pl.Series:
    parts = pl.DataFrame([part.alias(str(at)) for at, part in enumerate(found)])
    total = parts.select(
        pl.when(pl.any_horizontal(pl.all().is_not_null())).then(pl.sum_horizontal(pl.all().cast(pl.Int128)))
    ).to_series()
    large = (total > INT64[1]) | (total < INT64[0])
    chunk.wrong.append((chunk.headers(target.column.name), target.column.name, Complaint(reason.TooLarge, large, {"value": total})))
    return total.set(large, None).cast(pl.Int64)


def _default(chunk: _Chunk, target: Target, exponent: pl.Series) -> pl.Series:
    """What the mapping says where the file says nothing, read like a cell."""
    said = pl.repeat(str(target.default), chunk.frame.height, dtype=pl.String(), eager=True)
    return read(target.parser, Cells(said, target.column, target.options, exponent, chunk.context.as_of))[0]


def _read_cells(chunk: _Chunk, target: Target, header: str, exponent: pl.Series) -> pl.Series:
    column, text = target.column, chunk.text(header)
    broken = text.str.contains(_CELL_ERRORS)
    if broken.any():
        chunk.wrong.append(((header,), column.name, Complaint(reason.CellError, broken, {"value": text})))
        text = text.set(broken, None)
    value, wrong = read(target.parser, Cells(text, column, target.options, exponent, chunk.context.as_of))
    wrong = [*wrong, *_range(column, value)]
    chunk.wrong += [((header,), column.name, one) for one in wrong]
    return value


def _range(column: Column, value: pl.Series) -> Iterator[Complaint]:
    """A number the column cannot have."""
    if value.dtype != pl.Int64 or (column.low, column.high) == INT64:
        return
    if column.high == INT64[1]:
        yield Complaint(reason.TooSmall, value < column.low, {"low": column.low})
    else:
        out = (value < column.low) | (value > column.high)
        yield Complaint(reason.OutOfRange, out, {"low": column.low, "high": column.high})


def _wide(column: Column) -> type[pl.DataType]:
    return pl.Int64 if column.dtype.is_integer() else column.dtype


def _canonical(chunk: _Chunk) -> pl.DataFrame:
    """All canonical columns, wide, null where the file says nothing; what follows from others is filled in."""
    columns = KINDS[chunk.mapping.kind]
    rows = pl.DataFrame([chunk.values.get(c.name, chunk.blank(_wide(c))).alias(c.name) for c in columns])
    rows = rows.with_columns(chunk.frame[ROW].cast(pl.Int64).alias("row_no"))
    if chunk.mapping.kind != "book":
        return rows
    split = pl.any_horizontal(pl.col(COMPONENTS).is_not_null())
    return rows.with_columns(components_known=split)


def _twice(chunk: _Chunk, rows: pl.DataFrame) -> None:
    """A key that stood in the file before: which of the two is right, a person must say."""
    names = KEYS[chunk.mapping.kind]
    defaults = {c.name: c.absent for c in KINDS[chunk.mapping.kind]}
    needed = [c.name for c in KINDS[chunk.mapping.kind] if c.required and c.name in names]
    parts = [pl.col(n).cast(pl.String).fill_null(str(defaults[n] if defaults[n] is not None else "")) for n in names]
    whole = pl.all_horizontal(pl.col(needed).is_not_null())
    keys = rows.select(pl.when(whole).then(pl.concat_str(parts, separator="\x1f"))).to_series()
    first = chunk.context.seen.first_rows(keys, rows["row_no"])
    headers = chunk.headers(*(name for name in names if name in chunk.values))
    chunk.wrong.append((headers, names[0], Complaint(reason.Twice, first.is_not_null(), {"first": first})))


def _divide(chunk: _Chunk, rows: pl.DataFrame) -> Parsed:
    """Good rows to one side, the others with their reasons to the other."""
    ragged = _ragged(chunk)
    lines, bad = [], ragged.rows
    if bad.any():
        lines.append(_lines(chunk, (), "", ragged))
    for headers, name, complaint in chunk.wrong:
        mask = complaint.rows.fill_null(value=False) & ~ragged.rows  # in a ragged row every cell may stand under the wrong name
        if mask.any():
            bad = bad | mask
            lines.append(_lines(chunk, headers, name, Complaint(complaint.fault, mask, complaint.said)))
    good = _finished(chunk, rows.filter(~bad))
    rejects = pl.concat([pl.DataFrame(schema=REJECT_SCHEMA), *lines]).sort("row_no", maintain_order=True)
    return Parsed(good, rejects, rows.height, _sums(chunk, rows, bad), _late_owing_nothing(chunk, good))


def _ragged(chunk: _Chunk) -> Complaint:
    width = sum(not name.startswith(OWN) for name in chunk.frame.columns)
    if FIELDS not in chunk.frame.columns:
        return Complaint(reason.FieldCount, pl.repeat(False, chunk.frame.height, dtype=pl.Boolean(), eager=True))
    found = chunk.frame[FIELDS]
    return Complaint(reason.FieldCount, found != width, {"found": found, "expected": width})


def _lines(chunk: _Chunk, headers: tuple[str, ...], name: str, complaint: Complaint) -> pl.DataFrame:
    """One line per rejected row: sentence and remedy in both languages."""
    personal = any(c.personal for c in KINDS[chunk.mapping.kind] if c.name == name)
    said = _said(chunk, headers, complaint, personal=personal)
    made = [_line(complaint.fault(**row)) for row in said.filter(complaint.rows).to_dicts()]
    return pl.DataFrame(made, schema=REJECT_SCHEMA, orient="row")


def _said(chunk: _Chunk, headers: tuple[str, ...], complaint: Complaint, *, personal: bool) -> pl.DataFrame:
    values = [chunk.text(header) for header in headers[:1] if header in chunk.frame.columns]
    value = values[0] if values and not personal else chunk.blank(pl.String)
    said = pl.DataFrame({"row": chunk.frame[ROW], "value": value}).with_columns(pl.lit(", ".join(headers)).alias("field"))
    return said.with_columns(
        (one if isinstance(one, pl.Series) else pl.lit(one)).alias(key) for key, one in complaint.said.items()
    )


def _line(fault: Fault) -> tuple[Any, ...]:
    f = fault.fields
    value = None if f["value"] is None else str(f["value"])
    return (
        f["row"], f["field"], value, fault.code,
        fault.what("en"), fault.what("zh"), fault.remedy("en"), fault.remedy("zh"),
    )  # fmt: skip


def _finished(chunk: _Chunk, rows: pl.DataFrame) -> pl.DataFrame:
    """Canonical types; a balance that is not split is all principal; what the file does not say is as the column says."""
    if chunk.mapping.kind == "book":
        whole = ~pl.col("components_known")
        rows = rows.with_columns(
            pl.when(whole).then("balance").otherwise("principal").alias("principal"), as_of=pl.lit(chunk.context.as_of)
        ).with_columns(pl.col(COMPONENTS).fill_null(0))
    filled = [
        (pl.col(c.name).fill_null(c.absent) if c.absent is not None else pl.col(c.name)).cast(c.dtype)
        for c in KINDS[chunk.mapping.kind]
    ]
    return rows.select("row_no", *filled)


def _sums(chunk: _Chunk, rows: pl.DataFrame, bad: pl.Series) -> pl.DataFrame:
    kind = chunk.mapping.kind
    if kind not in TOTAL_OF:
        return pl.DataFrame(schema={"currency": pl.String, "loaded": pl.Int128, "left_out": pl.Int128, "unreadable": pl.UInt32})
    money = pl.DataFrame({"currency": chunk.values["currency"], "money": rows[TOTAL_OF[kind]].cast(pl.Int128), "bad": bad})
    return money.group_by(pl.col("currency").fill_null("?")).agg(
        loaded=pl.col("money").filter(~pl.col("bad")).sum(),
        left_out=pl.col("money").filter("bad").sum(),
        unreadable=pl.col("money").is_null().sum(),
    )


def _late_owing_nothing(chunk: _Chunk, good: pl.DataFrame) -> int:
    if chunk.mapping.kind != "book":
        return 0
    late = pl.col("oldest_unpaid_due").is_not_null() | (pl.col("missed_payments") > 0)
    return good.filter((pl.col("balance") <= 0) & late).height
