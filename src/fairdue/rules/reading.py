"""Reads YAML so that every complaint can name its file and line, and collects all complaints instead of the first."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from fairdue.core.errors import Fault, Lang

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C parser where there is one: the same marks, far faster
CLOCK_AS_NUMBER = "tag:yaml.org,2002:int"  # YAML 1.1 reads 22:00 as 22 × 60; here it stays a time of day


class Wrong(Fault):
    """One thing that is wrong in a file."""

    code = "file.wrong"
    en, en_remedy = "{file}, line {line}: {what}.", "{fix}"
    zh, zh_remedy = "{file} 第 {line} 行：{what_zh}。", "{fix_zh}"


def wrong(file: str, line: int, what: str, what_zh: str, fix: str, fix_zh: str) -> Wrong:
    """One thing that is wrong in a file, put together."""
    return Wrong(file=file, line=line, what=what, what_zh=what_zh, fix=fix, fix_zh=fix_zh)


class WrongFiles(Fault):
    """Everything that is wrong, together."""

    code = "files.wrong"
    en, zh = "{count} things are wrong:\n{list}", "共 {count} 处有误：\n{list_zh}"

    def __init__(self, faults: Iterable[Wrong]) -> None:
        """Raised with every fault that was found."""
        self.faults = tuple(faults)
        super().__init__(
            count=len(self.faults),
            list="\n".join(f.sentence("en") for f in self.faults),
            list_zh="\n".join(f.sentence("zh") for f in self.faults),
        )


class Lines(dict[str, Any]):
    """A mapping that remembers the line of each key, and its own."""

    def __init__(self, line: int) -> None:
        """Begin empty, at a line."""
        super().__init__()
        self.line = line
        self.at: dict[str, int] = {}

    def line_of(self, key: str) -> int:
        """The line of a key; where it is missing, that of the mapping."""
        return self.at.get(key, self.line)

    def part(self, keys: Iterable[str]) -> Lines:
        """Some of the keys, with their lines."""
        made = Lines(self.line)
        for key in keys:
            made[key], made.at[key] = self[key], self.line_of(key)
        return made


class Reading:
    """One file being read: what it says, and what is wrong with it so far."""

    def __init__(self, path: Path, shown: str) -> None:
        """Read a file; `shown` is the name it goes by in faults."""
        self.shown = shown
        self.faults: list[Wrong] = []
        self.data: Any = None
        try:
            node = yaml.compose(path.read_text("utf-8"), Loader=LOADER)
            self.data = self._value(node) if node is not None else None
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            what = f"this is not YAML ({error.problem})"
            self.wrong(line, what, "不是有效的 YAML", "Mend the syntax.", "请修正语法。")
        except (OSError, UnicodeDecodeError) as error:
            self.wrong(1, f"cannot be read ({error})", "无法读取", "Save it as UTF-8.", "请以 UTF-8 保存。")

    def wrong(self, line: int, what: str, what_zh: str, fix: str, fix_zh: str) -> None:
        """Note one fault."""
        self.faults.append(wrong(self.shown, line, what, what_zh, fix, fix_zh))

    def _value(self, node: yaml.Node) -> Any:
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node)
        if isinstance(node, yaml.SequenceNode):
            return [self._value(item) for item in node.value]
        if node.tag == CLOCK_AS_NUMBER and ":" in node.value:
            return node.value
        try:
            return yaml.SafeLoader("").construct_object(node)
        except ValueError as error:
            self.wrong(node.start_mark.line + 1, f"'{node.value}' cannot be read ({error})", f"“{node.value}”无法读取",
                       "Mend the value.", "请修正取值。")  # fmt: skip
            return node.value

    def _mapping(self, node: yaml.MappingNode) -> Lines:
        made = Lines(node.start_mark.line + 1)
        for key_node, value_node in node.value:
            key, line = str(key_node.value), key_node.start_mark.line + 1  # as written: YAML 1.1 reads `on` as True
            if key in made:
                self.wrong(line, f"'{key}' stands twice", f"“{key}”重复", "Keep one.", "请只保留一处。")
            made[key], made.at[key] = self._value(value_node), line
        return made

    def keys(self, said: Any, needed: Iterable[str], allowed: Iterable[str] = (), where: str = "this file") -> bool:
        """Check that a mapping has the keys it needs and no others; False when it is no mapping at all."""
        if not isinstance(said, Lines):
            line = getattr(said, "line", 1)
            self.wrong(line, f"{where} must be a mapping", "此处应为键值结构",
                       "Write 'key: value'.", "请写成“键: 值”。")  # fmt: skip
            return False
        needed = tuple(needed)
        for key in needed:
            if key not in said or said[key] in ("", None):
                self.wrong(said.line, f"'{key}' is missing in {where}", f"缺少“{key}”", "Add it.", "请补充。")
        for key in said.keys() - set(needed) - set(allowed):
            self.wrong(said.at[key], f"'{key}' is not known in {where}", f"不认识“{key}”",
                       f"Known: {known_words(key, {*needed, *allowed})}.", "请对照文档中的键名。")  # fmt: skip
        return True

    def both(self, said: Lines, key: str) -> dict[Lang, str]:
        """A text that must stand in Chinese and in English."""
        text = said.get(key)
        langs = ("zh", "en")
        if not isinstance(text, Lines) or not all(isinstance(text.get(lang), str) and text[lang] for lang in langs):
            self.wrong(said.line_of(key), f"'{key}' needs a text in zh and in en", f"“{key}”须有 zh 和 en 两种文字",
                       "Write both.", "请补齐两种语言。")  # fmt: skip
            return {"zh": "", "en": ""}
        return {"zh": text["zh"], "en": text["en"]}


MANY = 30  # words nobody reads through


def known_words(word: str, known: Iterable[str]) -> str:
    """The words somebody may have meant: all of a short list, the nearest of a long one."""
    listed = sorted(known)
    if len(listed) <= MANY:
        return ", ".join(listed)
    return ", ".join([*get_close_matches(word, listed, n=5, cutoff=0.3), "…"])
