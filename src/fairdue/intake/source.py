"""Opens a sender's file, whatever it is, and hands it on as chunks of text columns; what is wrong is said at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import file_digest
from pathlib import Path

import polars as pl

from fairdue.core.errors import Fault
from fairdue.intake import faults as fault
from fairdue.intake.canonical import FIELDS, OWN
from fairdue.intake.encoding import examine
from fairdue.intake.forbidden import refuse_forbidden
from fairdue.intake.mapping import Mapping, folded
from fairdue.intake.parquet import ParquetTable
from fairdue.intake.rejects import MADE_HARMLESS
from fairdue.intake.text import TextTable, header_of
from fairdue.intake.workbook import SheetTable

CHUNK = 50_000
_UNREAD = "\0"  # stands before the names of columns that a file of rejected rows has from us
TEXT = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".txt.gz")


@dataclass(frozen=True)
class Source:
    """A file that can be read.

    `columns` as the header has them, without surrounding spaces; `encoding` and `delimiter` are empty where the file is
    not text; `rows_about` is for showing progress; `notices` say what is worth knowing and no reason to stop.
    """

    path: Path
    kind: str
    sha256: str
    columns: tuple[str, ...]
    encoding: str
    delimiter: str
    rows_about: int
    read: Callable[[int], Iterator[pl.DataFrame]]
    notices: tuple[fault.Notice, ...] = ()

    def chunks(self, size: int = CHUNK) -> Iterator[pl.DataFrame]:
        """Chunks of at most `size` rows, every column text, with `fairdue_row`: the row as a person sees it.

        Columns whose names start with `fairdue_` (a mended file of rejected rows) are left out. Raises a `FileFault`
        where the file breaks off, and `NoRows` when there is nothing below the header.
        """
        empty = True
        for frame in self.read(size):
            if frame.height:
                empty = False
                yield frame
        if empty:
            raise fault.NoRows(file=self.path.name)


def open_source(path: Path | str, mapping: Mapping | None = None, kind: str = "") -> Source:
    """Opens CSV (also .gz), Excel or Parquet, checks header and names; with a mapping also that its columns are there.

    `kind` says what the file is about where no mapping does.

    Raises a `FileFault`: what is wrong, where, and what to do.
    """
    path = Path(path)
    if not path.is_file():
        raise fault.NoFile(path=path)
    if path.stat().st_size == 0:
        raise fault.Empty(file=path.name)
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    about = _About(mapping.kind, mapping.header_row, mapping.sheet) if mapping else _About(kind)
    source = _opener(path)(path, digest, about)
    if mapping is None:
        return source
    _check_columns(source, mapping)
    return replace(source, notices=(*source.notices, *mapping.notices(source.columns)))


@dataclass(frozen=True)
class _About:
    """What is known of a file before it is opened."""

    kind: str
    header_row: int = 1
    sheet: str | None = None


def _opener(path: Path) -> Callable[[Path, str, _About], Source]:
    name = path.name.lower()
    if name.endswith(TEXT):
        return _open_text
    if name.endswith(".xlsx"):
        return _open_workbook
    if name.endswith(".parquet"):
        return _open_parquet
    raise fault.UnknownKind(file=path.name, extension=path.suffix or "–")


def _open_text(path: Path, digest: str, about: _About) -> Source:
    header_row = about.header_row
    facts = examine(path)
    cells, delimiter = header_of(path, facts.encoding, header_row)
    columns = _columns(path, cells, about)
    table = TextTable(path, facts.encoding, delimiter, columns, header_row)
    return Source(
        path, "csv", digest, _read_ones(columns), facts.encoding, delimiter, facts.lines - header_row,
        lambda size: _without_own(table.chunks(size), columns),
    )  # fmt: skip


def _open_workbook(path: Path, digest: str, about: _About) -> Source:
    table = SheetTable.open(path, about.sheet, about.header_row)
    refuse_forbidden(path.name, table.sheets, about.kind)
    columns = _columns(path, table.header, about)
    unread = ", ".join(sheet for sheet in table.sheets if sheet != table.sheet)
    return Source(
        path, "xlsx", digest, _read_ones(columns), "", "", table.height,
        lambda size: _without_own(table.chunks(columns, size), columns),
        (fault.UnreadSheets(sheets=unread),) if unread else (),
    )  # fmt: skip


def _open_parquet(path: Path, digest: str, about: _About) -> Source:
    table = ParquetTable.open(path)
    columns = _columns(path, table.header, about)
    return Source(
        path, "parquet", digest, _read_ones(columns), "", "", table.height,
        lambda size: _without_own(table.chunks(columns, size), columns),
    )  # fmt: skip


def _columns(path: Path, cells: Sequence[str | None], about: _About) -> tuple[str, ...]:
    """Names of the columns: none forbidden, none empty, none twice. Everything wrong is said together."""
    names = [(cell or "").strip().strip("\ufeff").strip() for cell in cells]
    refuse_forbidden(path.name, names, about.kind)
    wrong: list[Fault] = []
    if not any(names):
        raise fault.BlankHeader(file=path.name, row=about.header_row)
    if nameless := [_letter(at) for at, name in enumerate(names) if not name]:
        wrong.append(fault.NamelessColumns(file=path.name, row=about.header_row, columns=", ".join(nameless)))
    compared = [folded(name) for name in names]
    if twice := sorted({name for name, same in zip(names, compared, strict=True) if name and compared.count(same) > 1}):
        wrong.append(fault.DuplicateColumns(file=path.name, columns=", ".join(twice)))
    fault.raise_all(wrong)
    return tuple(f"{_UNREAD}{at}" if folded(name).startswith(OWN) else name for at, name in enumerate(names))


def _letter(at: int) -> str:
    """The name a spreadsheet gives the column: A, B … Z, AA."""
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _check_columns(source: Source, mapping: Mapping) -> None:
    missing, file = mapping.missing(source.columns), source.path.name
    if not missing:
        return
    if len(source.columns) == 1 and source.kind == "csv":
        raise fault.OneColumn(file=file)
    if not mapping.knows(source.columns):
        raise fault.NoHeader(file=file, row=mapping.header_row, mapping=mapping.name, count=len(source.columns))
    found = ", ".join(source.columns)
    raise fault.MissingColumns(file=file, columns=", ".join(missing), mapping=mapping.name, found=found)


def _read_ones(columns: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in columns if not name.startswith(_UNREAD))


def _without_own(frames: Iterator[pl.DataFrame], columns: tuple[str, ...]) -> Iterator[pl.DataFrame]:
    """A mended file of rejected rows: our columns are left out, and the mark before what looked like a formula."""
    own = [name for name in columns if name.startswith(_UNREAD)]
    if not own:
        yield from frames
        return
    theirs = [name for name in columns if not name.startswith(_UNREAD)]
    for frame in frames:
        plain = frame.drop(own).with_columns(pl.col(theirs).str.replace(MADE_HARMLESS, "$1"))
        yield plain.with_columns(pl.col(FIELDS) - len(own)) if FIELDS in plain.columns else plain
