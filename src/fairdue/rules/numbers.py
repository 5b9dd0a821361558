"""Reads the whole numbers of a parameter file, with one complaint for each that is missing, strange or out of range."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from fairdue.rules.reading import Lines

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fairdue.rules.reading import Reading

PPM = 1_000_000


def mapping(reading: Reading, parent: Lines, key: str) -> Lines:
    """Read a mapping with whatever keys it has; empty where there is none."""
    said = parent.get(key)
    if isinstance(said, Lines):
        return said
    reading.wrong(parent.line_of(key), f"'{key}' must be a mapping", f"“{key}”应为键值结构",
                  "Write 'key: value'.", "请写成“键: 值”。")  # fmt: skip
    return Lines(parent.line_of(key))


def whole(reading: Reading, said: Lines, key: str, most: int) -> int:
    """Read a whole number from 0 to `most`; 0 where it is not one."""
    value = said.get(key)
    if type(value) is int and 0 <= value <= most:
        return value
    reading.wrong(said.line_of(key), f"'{key}' must be a whole number from 0 to {most}, not {value!r}",
                  f"“{key}”应为 0 至 {most} 的整数，现为 {value!r}", "Mend the value.", "请修正取值。")  # fmt: skip
    return 0


def by_name(reading: Reading, parent: Lines, key: str, names: Iterable[str], most: int) -> tuple[int, ...]:
    """Read one whole number for every name, and no other."""
    said, names = mapping(reading, parent, key), tuple(names)
    complete(reading, said, parent.line_of(key), key, names)
    return tuple(whole(reading, said, name, most) for name in names if name in said)


def complete(reading: Reading, said: Lines, line: int, key: str, names: tuple[str, ...]) -> None:
    """Complain of every name that is missing in a mapping, and of every one too many."""
    for name in [n for n in names if n not in said]:
        reading.wrong(line, f"'{key}' lacks {name}", f"“{key}”缺少 {name}", "Add it.", "请补充。")
    for name in [n for n in said if n not in names]:
        reading.wrong(said.line_of(name), f"'{key}' does not know {name}", f"“{key}”中不认识 {name}",
                      f"Known: {', '.join(names)}.", f"可用：{'、'.join(names)}。")  # fmt: skip


def series(reading: Reading, said: Lines, key: str, *, rising: bool) -> tuple[int, ...]:
    """Read whole numbers from 0 in order: each above the one before, or (not `rising`) none above the one before."""
    values = said.get(key)
    fits = isinstance(values, list) and values and all(type(v) is int and v >= 0 for v in values)
    if not fits:
        reading.wrong(said.line_of(key), f"'{key}' must be a list of whole numbers from 0", f"“{key}”应为非负整数列表",
                      "Write '[1, 2, 3]'.", "请写成“[1, 2, 3]”。")  # fmt: skip
        return ()
    found: tuple[int, ...] = tuple(values or ())
    if any((later <= earlier) if rising else (later > earlier) for earlier, later in pairwise(found)):
        way, way_zh = ("rise", "依次递增") if rising else ("fall", "依次递减")
        reading.wrong(said.line_of(key), f"the numbers of '{key}' must {way}", f"“{key}”各项须{way_zh}",
                      "Put them in order.", "请按顺序填写。")  # fmt: skip
    return found
