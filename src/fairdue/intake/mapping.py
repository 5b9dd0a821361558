"""How a sender's file is to be read: which column becomes which, checked whole when it is loaded."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping as Dict
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

from fairdue.core.errors import Fault
from fairdue.intake import faults as fault
from fairdue.intake.canonical import FOUND, KINDS, Column
from fairdue.intake.currencies import EXPONENTS
from fairdue.intake.options import KEYS, READS, check_option
from fairdue.intake.tree import At, read

TOP = ("kind", "title", "sheet", "header_row", "currency", "exponent", "columns", "ignored")


@dataclass(frozen=True)
class Target:
    """One canonical column as this mapping reads it. The first of `sources` that the file has is used (`sum`: all)."""

    column: Column
    sources: tuple[str, ...]
    parser: str
    options: Dict[str, Any]
    default: Any = None
    required: bool = False


@dataclass(frozen=True)
class Mapping:
    """A checked mapping. `revision` is the SHA-256 of its text: part of the identity of whatever is loaded by it."""

    name: str
    kind: str
    revision: str
    targets: tuple[Target, ...]
    ignored: tuple[str, ...] = ()
    sheet: str | None = None
    header_row: int = 1
    currency: str | None = None
    exponent: int | None = None
    title: Dict[str, str] = field(default_factory=dict)

    def missing(self, columns: Sequence[str]) -> list[str]:
        """What the mapping needs and a file with these columns does not have, as the file would call it."""
        have = {folded(column) for column in columns}
        lacking = [t for t in self.targets if t.required and t.default is None and not _any_in(t.sources, have)]
        return [" / ".join(t.sources) for t in lacking]

    def knows(self, columns: Sequence[str]) -> bool:
        """Whether any of these columns means something to the mapping."""
        named = {folded(s) for t in self.targets for s in t.sources} | {folded(s) for s in self.ignored}
        return any(folded(column) in named for column in columns)

    def notices(self, columns: Sequence[str]) -> tuple[fault.Notice, ...]:
        """What is worth knowing about a file with these columns, and no reason to stop."""
        chosen = {name for target in self.targets for name in chosen_sources(target, columns)}
        ignored = {folded(name) for name in self.ignored}
        unused = [name for name in columns if name not in chosen and folded(name) not in ignored]
        found: list[fault.Notice] = []
        if unused:
            found.append(fault.UnusedColumns(columns=", ".join(unused)))
        if self.kind == "book" and not any(
            t.column.name == "oldest_unpaid_due" and chosen_sources(t, columns) for t in self.targets
        ):
            found.append(fault.NothingSaysHowLate())
        return tuple(found)


def folded(name: str) -> str:
    """A column's name as it is compared: full-width forms, case and spaces do not matter."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def chosen_sources(target: Target, columns: Sequence[str]) -> list[str]:
    """The columns of the file that a target is read from; none when the file has none of them."""
    by_name = {folded(column): column for column in columns}
    found = [by_name[folded(source)] for source in target.sources if folded(source) in by_name]
    return found if target.options.get("sum") else found[:1]


def _any_in(sources: Sequence[str], have: set[str]) -> bool:
    return any(folded(source) in have for source in sources)


def shipped() -> tuple[str, ...]:
    """Names of the mappings that come with fairdue."""
    found = (files("fairdue.intake") / "mappings").iterdir()
    return tuple(sorted(entry.name.removesuffix(".yaml") for entry in found if entry.name.endswith(".yaml")))


def load_mapping(name_or_path: str | Path) -> Mapping:
    """The shipped mapping of that name, or the YAML file at that path.

    Raises `NoMapping`, or everything that is wrong in it at once, each with file and line.
    """
    name = str(name_or_path)
    if name in shipped():
        return _load((files("fairdue.intake") / "mappings" / f"{name}.yaml").read_text("utf-8"), name, f"{name}.yaml")
    path = Path(name_or_path)
    if not path.is_file():
        raise fault.NoMapping(name=name, shipped=", ".join(shipped()))
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise fault.BadYaml(file=path.name, line=1, problem="it is not UTF-8") from error
    return _load(text, path.stem, path.name)


def _load(text: str, name: str, file: str) -> Mapping:
    found: list[Fault] = []
    root = read(text, file, found)
    reader = _Reader(file, found)
    made = reader.mapping(root, name, sha256(text.replace("\r\n", "\n").encode()).hexdigest()) if root else None
    fault.raise_all(found)
    if made is None:
        raise fault.MissingKey(file=file, line=1, key="kind")
    return made


class _Reader:
    """Walks the tree of one mapping and collects what is wrong with it."""

    def __init__(self, file: str, found: list[Fault]) -> None:
        self.file, self.found = file, found

    def say(self, kind: type[fault.MappingFault], line: int, **fields: object) -> None:
        """Note a fault at a line."""
        self.found.append(kind(file=self.file, line=line, **fields))

    def expect(self, at: At, key: str, ok: bool, expected: str) -> bool:
        """Note a value of the wrong kind."""
        if not ok:
            self.say(fault.BadValue, at.line, key=key, value=at.plain(), expected=expected)
        return ok

    def known(self, at: At, known: Sequence[str]) -> None:
        """Note keys that mean nothing."""
        for key, value in at.value.items():
            if key not in known:
                self.say(fault.UnknownKey, value.line, key=key, known=", ".join(known))

    def mapping(self, root: At, name: str, revision: str) -> Mapping | None:
        """The mapping, as far as it can be made; what is wrong has been noted."""
        if not self.expect(root, "mapping", isinstance(root.value, dict), "keys and values"):
            return None
        self.known(root, TOP)
        top: dict[str, At] = root.value
        kind = self.kind(top)
        if kind is None:
            return None
        self.scalars(top)
        targets = self.targets(top, kind)
        return Mapping(
            name, kind, revision, targets, self.ignored(top, targets),
            _value(top, "sheet"), _value(top, "header_row") or 1,
            _value(top, "currency"), _value(top, "exponent"), _value(top, "title") or {},
        )  # fmt: skip

    def kind(self, top: dict[str, At]) -> str | None:
        """`kind`, if it is one."""
        if "kind" not in top:
            self.say(fault.MissingKey, 1, key="kind")
            return None
        at = top["kind"]
        return str(at.value) if self.expect(at, "kind", at.value in KINDS, " / ".join(KINDS)) else None

    def scalars(self, top: dict[str, At]) -> None:
        """Check the simple settings."""
        wanted = {
            "sheet": (lambda v: isinstance(v, str), "the name of a sheet"),
            "header_row": (lambda v: isinstance(v, int) and v >= 1, "a row number, 1 or more"),
            "currency": (lambda v: v in EXPONENTS, "an ISO 4217 code such as CNY"),
            "exponent": (lambda v: isinstance(v, int) and 0 <= v <= 4, "a number of decimals, 0 to 4"),
            "title": (lambda v: isinstance(v, dict) and set(v) == {"zh", "en"}, "zh and en"),
        }  # fmt: skip
        for key, (ok, expected) in wanted.items():
            if key in top:
                self.expect(top[key], key, bool(ok(top[key].plain())), expected)

    def targets(self, top: dict[str, At], kind: str) -> tuple[Target, ...]:
        """`columns`: one target per canonical column."""
        at = top.get("columns")
        if at is None or not isinstance(at.value, dict):
            self.say(fault.MissingKey, at.line if at else 1, key="columns")
            return ()
        columns = {column.name: column for column in KINDS[kind] if column.parser != FOUND}
        self.known(at, tuple(columns))
        made = [self.target(columns[name], spec) for name, spec in at.value.items() if name in columns]
        for column in columns.values():
            if column.required and column.name not in at.value:
                self.say(fault.MissingKey, at.line, key=f"columns.{column.name}")
        return tuple(target for target in made if target is not None)

    def target(self, column: Column, at: At) -> Target | None:
        """One entry of `columns`; nothing after the colon means: the same name, read the usual way."""
        spec: dict[str, At] = {} if at.value is None else at.value
        if not self.expect(at, column.name, isinstance(spec, dict), "{from: …, parser: …}"):
            return None
        parser = self.parser(column, spec)
        if parser is None:
            return None
        self.known(At(spec, at.line), (*KEYS, *READS[parser].options))
        options = self.options(column, parser, spec)
        default = _value(spec, "default")
        if default is not None and column.codes is not None:
            self.expect(spec["default"], "default", default in column.codes.__members__, " / ".join(column.codes.__members__))
        required = column.required or bool(_value(spec, "required"))
        return Target(column, self.sources(column, spec), parser, options, default, required)

    def parser(self, column: Column, spec: dict[str, At]) -> str | None:
        """The parser of a target: the column's own, or one that makes the same kind of value."""
        if "parser" not in spec:
            return column.parser
        at = spec["parser"]
        fitting = [name for name, reads in READS.items() if column.parser == reads.makes and column.name in (reads.only or [column.name])]
        return str(at.value) if self.expect(at, "parser", at.value in fitting, " / ".join(fitting)) else None

    def sources(self, column: Column, spec: dict[str, At]) -> tuple[str, ...]:
        """`from`: a name, or several."""
        if "from" not in spec:
            return (column.name,)
        said = spec["from"].plain()
        names = said if isinstance(said, list) else [said]
        ok = bool(names) and all(isinstance(name, str) for name in names)
        return tuple(names) if self.expect(spec["from"], "from", ok, "the name of a column, or a list of names") else ()

    def options(self, column: Column, parser: str, spec: dict[str, At]) -> dict[str, Any]:
        """What the parser is told."""
        told: dict[str, Any] = {}
        for key, option in READS[parser].options.items():
            if key in spec:
                told[key] = spec[key].plain()
                self.expect(spec[key], key, check_option(key, told[key], column), option)
        for key in READS[parser].needs:
            if key not in spec:
                self.say(fault.MissingKey, spec["parser"].line if "parser" in spec else 1, key=f"{column.name}.{key}")
        return told

    def ignored(self, top: dict[str, At], targets: Sequence[Target]) -> tuple[str, ...]:
        """`ignored`: columns left unread on purpose, each group with its reason."""
        at = top.get("ignored")
        if at is None or not self.expect(at, "ignored", isinstance(at.value, list), "a list of {columns, reason}"):
            return ()
        read_by = {folded(source): t.column.name for t in targets for source in t.sources}
        return tuple(name for entry in at.value for name in self.ignored_group(entry, read_by))

    def ignored_group(self, at: At, read_by: dict[str, str]) -> list[str]:
        """One group of ignored columns."""
        said = at.plain()
        ok = isinstance(said, dict) and set(said) == {"columns", "reason"} and isinstance(said["columns"], list)
        ok = ok and isinstance(said["reason"], dict) and set(said["reason"]) == {"zh", "en"}
        if not self.expect(at, "ignored", ok, "{columns: […], reason: {zh: …, en: …}}"):
            return []
        for name in said["columns"]:
            if folded(str(name)) in read_by:
                self.say(fault.MappedAndIgnored, at.line, column=name, target=read_by[folded(str(name))])
        return [str(name) for name in said["columns"]]


def _value(spec: dict[str, At], key: str) -> Any:
    return spec[key].plain() if key in spec else None
