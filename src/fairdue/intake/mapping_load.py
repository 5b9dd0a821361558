"""Loads a mapping and checks it whole: everything that is wrong in it is said at once, each with file and line."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

import polars as pl

from fairdue.core.errors import Fault
from fairdue.intake import faults as fault
from fairdue.intake.canonical import FOUND, KINDS, Column
from fairdue.intake.cells import Cells
from fairdue.intake.currencies import EXPONENTS
from fairdue.intake.mapping import Mapping, Target, folded
from fairdue.intake.options import KEYS, READS, Expected, is_whole, one_of
from fairdue.intake.parsers import read as read_cells
from fairdue.intake.tree import At, read

TOP = ("kind", "title", "sheet", "header_row", "currency", "exponent", "columns", "ignored")
MOST_DECIMALS = 4
_ANY_DAY = date(2000, 1, 1)


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
    revision = sha256(text.replace("\r\n", "\n").encode()).hexdigest()
    made = _Reader(file, found).mapping(root, name, revision) if root else None
    fault.raise_all(sorted(found, key=lambda one: int(str(one.fields["line"]))))
    if made is None:
        raise fault.MissingKey(file=file, line=1, key="kind")
    return made


class _Reader:
    """Walks the tree of one mapping and collects what is wrong with it."""

    def __init__(self, file: str, found: list[Fault]) -> None:
        """`found` takes the faults."""
        self.file, self.found = file, found

    def say(self, kind: type[fault.MappingFault], line: int, **fields: object) -> None:
        """Note a fault at a line."""
        self.found.append(kind(file=self.file, line=line, **fields))

    def expect(self, at: At, key: str, ok: bool, expected: Expected) -> bool:
        """Note a value of the wrong kind."""
        if not ok:
            value = at.plain()
            shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            self.say(
                fault.BadValue, at.line, key=key, value=shown, expected_en=expected.en, expected_zh=expected.zh
            )  # fmt: skip
        return ok

    def known(self, at: At, known: Sequence[str]) -> None:
        """Note keys that mean nothing."""
        for key, value in at.value.items():
            if key not in known:
                self.say(fault.UnknownKey, value.line, key=key, known=", ".join(known))

    def mapping(self, root: At, name: str, revision: str) -> Mapping | None:
        """The mapping, as far as it can be made; what is wrong has been noted."""
        if not self.expect(root, "mapping", isinstance(root.value, dict), Expected("键值对", "keys and values")):
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
        return (
            str(at.value)
            if self.expect(at, "kind", isinstance(at.value, str) and at.value in KINDS, one_of(tuple(KINDS)))
            else None
        )

    def scalars(self, top: dict[str, At]) -> None:
        """Check the simple settings."""
        for key, (holds, expected) in _SCALARS.items():
            if key in top:
                self.expect(top[key], key, holds(top[key].plain()), expected)

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
        expected = Expected("{from: …, parser: …}", "{from: …, parser: …}")
        if not self.expect(at, column.name, isinstance(spec, dict), expected):
            return None
        parser = self.parser(column, spec)
        if parser is None:
            return None
        self.known(At(spec, at.line), (*KEYS, *READS[parser].options))
        options = self.options(column, parser, At(spec, at.line))
        if "default" in spec and options is not None:
            self.default(column, parser, options, spec["default"])
        required = column.required or bool(_value(spec, "required"))
        return Target(column, self.sources(column, spec), parser, options or {}, _value(spec, "default"), required)

    def parser(self, column: Column, spec: dict[str, At]) -> str | None:
        """The parser of a target: the column's own, or one that makes the same kind of value."""
        if "parser" not in spec:
            return column.parser
        at = spec["parser"]
        fitting = tuple(
            name for name, reads in READS.items()
            if reads.makes == column.parser and (not reads.only or column.name in reads.only)
        )  # fmt: skip
        return str(at.value) if self.expect(at, "parser", at.value in fitting, one_of(fitting)) else None

    def sources(self, column: Column, spec: dict[str, At]) -> tuple[str, ...]:
        """`from`: a name, or several."""
        if "from" not in spec:
            return (column.name,)
        said = spec["from"].plain()
        names = said if isinstance(said, list) else [said]
        ok = bool(names) and all(isinstance(name, str) for name in names)
        expected = Expected("列名，或列名的列表", "the name of a column, or a list of names")
        return tuple(names) if self.expect(spec["from"], "from", ok, expected) else ()

    def options(self, column: Column, parser: str, at: At) -> dict[str, Any] | None:
        """What the parser is told; None when some of it is wrong."""
        told: dict[str, Any] = {}
        ok = True
        for key, option in READS[parser].options.items():
            if key in at.value:
                told[key] = at.value[key].plain()
                ok &= self.expect(at.value[key], key, option.holds(told[key], column), option.expected)
        for key in READS[parser].needs:
            if key not in at.value:
                ok = False
                self.say(fault.MissingKey, at.line, key=f"{column.name}.{key}")
        return told if ok else None

    def default(self, column: Column, parser: str, options: dict[str, Any], at: At) -> None:
        """The default must be something the column could have."""
        cells = Cells(pl.Series([str(at.value)]), column, options, pl.Series([MOST_DECIMALS]), _ANY_DAY)
        wrong = any(complaint.rows.any() for complaint in read_cells(parser, cells)[1])
        members = tuple(column.codes.__members__) if column.codes else ()
        expected = one_of(members) if members else Expected("该列可接受的值", "a value this column can have")
        self.expect(at, "default", not wrong and at.value is not None, expected)

    def ignored(self, top: dict[str, At], targets: Sequence[Target]) -> tuple[str, ...]:
        """`ignored`: columns left unread on purpose, each group with its reason."""
        at = top.get("ignored")
        if at is None:
            return ()
        expected = Expected("{columns, reason} 的列表", "a list of {columns, reason}")
        if not self.expect(at, "ignored", isinstance(at.value, list), expected):
            return ()
        read_by = {folded(source): t.column.name for t in targets for source in t.sources}
        return tuple(name for entry in at.value for name in self.ignored_group(entry, read_by))

    def ignored_group(self, at: At, read_by: dict[str, str]) -> list[str]:
        """One group of ignored columns."""
        said = at.plain()
        ok = isinstance(said, dict) and set(said) == {"columns", "reason"} and isinstance(said["columns"], list)
        ok = ok and _two_languages(said["reason"])
        if not self.expect(at, "ignored", ok, Expected(*["{columns: […], reason: {zh: …, en: …}}"] * 2)):
            return []
        for name in said["columns"]:
            if folded(str(name)) in read_by:
                self.say(fault.MappedAndIgnored, at.line, column=name, target=read_by[folded(str(name))])
        return [str(name) for name in said["columns"]]


def _two_languages(value: Any) -> bool:
    return (
        isinstance(value, dict) and set(value) == {"zh", "en"} and all(isinstance(one, str) for one in value.values())
    )


_SCALARS: dict[str, tuple[Callable[[Any], bool], Expected]] = {
    "sheet": (lambda v: isinstance(v, str), Expected("工作表名称", "the name of a sheet")),
    "header_row": (lambda v: is_whole(v, 1, 1000), Expected("行号（不小于 1）", "a row number, 1 or more")),
    "currency": (
        lambda v: isinstance(v, str) and v in EXPONENTS,
        Expected("ISO 4217 代码，如 CNY", "an ISO 4217 code such as CNY"),
    ),
    "exponent": (
        lambda v: is_whole(v, 0, MOST_DECIMALS),
        Expected("0 至 4 的小数位数", "a number of decimals, 0 to 4"),
    ),
    "title": (_two_languages, Expected("zh 与 en 两种文字", "text in zh and en")),
}


def _value(spec: dict[str, At], key: str) -> Any:
    return spec[key].plain() if key in spec else None
