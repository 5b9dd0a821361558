"""What may come in by file: canonical columns, parsers, and the mappings that ship."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairdue.docgen.markdown import Both, both, code, codes, table
from fairdue.intake import load_mapping, shipped
from fairdue.intake.canonical import FOUND, KINDS, Column
from fairdue.intake.forbidden import FORBIDDEN
from fairdue.intake.options import READS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fairdue.core.errors import Lang
    from fairdue.intake.mapping import Mapping

TITLES: dict[str, Both] = {
    "book": both("A loan book", "账册"),
    "people": both("People", "人员信息"),
    "schedule": both("A schedule", "还款计划"),
    "payments": both("Payments", "还款流水"),
    "contacts": both("A contact log (for audits)", "联系日志（用于审计）"),
}


def body(lang: Lang) -> Sequence[str]:
    """The page."""
    intro = both(
        "A mapping says which column of a sender's file becomes which of the columns below, and how it is read.",
        "映射说明委托方文件中的哪一列对应下列哪一个标准列，以及如何读取。",
    )[lang]
    kinds = [part for kind in KINDS for part in _kind(kind, lang)]
    return [intro, *kinds, *_parsers(lang), *_mappings(lang), *_forbidden(lang)]


def _kind(kind: str, lang: Lang) -> Iterator[str]:
    yield f"## {TITLES[kind][lang]} (`{kind}`)" if lang == "en" else f"## {TITLES[kind][lang]}（`{kind}`）"
    head = {"en": ("Column", "Meaning", "Needed", "Read by"), "zh": ("标准列", "含义", "必填", "读取方式")}[lang]
    yield table(head, [_column(column, lang) for column in KINDS[kind]])


def _column(column: Column, lang: Lang) -> tuple[str, ...]:
    needed = {"en": "yes", "zh": "是"}[lang] if column.required else ""
    follows = {"en": "follows from others", "zh": "由其他列得出"}[lang]
    words = (column.zh if lang == "zh" else column.en) + _words(column, lang)
    return code(column.name), words, needed, follows if column.parser == FOUND else code(column.parser)


def _words(column: Column, lang: Lang) -> str:
    if column.codes is None:
        return ""
    listed = codes(column.codes.__members__)
    return f": {listed}" if lang == "en" else f"：{listed}"


def _parsers(lang: Lang) -> Iterator[str]:
    yield {"en": "## Parsers and their options", "zh": "## 读取方式及其选项"}[lang]
    yield {
        "en": "Every entry of a mapping may have `from` (a column, or several: the first that the file has is read), "
        "`parser`, `default` and `required`; besides, what its parser knows:",
        "zh": "映射的每一项都可以写 `from`（一个列名，或多个列名：取列表中第一个文件里有的）、"
        "`parser`、`default` 和 `required`，另加该读取方式的选项：",
    }[lang]
    head = {"en": ("Parser", "Option", "Written as"), "zh": ("读取方式", "选项", "写法")}[lang]
    yield table(head, _options(lang))


def _options(lang: Lang) -> Iterator[tuple[str, str, str]]:
    for name, reads in READS.items():
        if not reads.options:
            yield code(name), "", ""
        for key, option in reads.options.items():
            yield code(name), code(key), option.expected.zh if lang == "zh" else option.expected.en


def _mappings(lang: Lang) -> Iterator[str]:
    yield {"en": "## Mappings that ship", "zh": "## 随附的映射"}[lang]
    head = {
        "en": ("Name", "What for", "Kind", "Left unread on purpose"),
        "zh": ("名称", "用途", "种类", "有意不读取的列"),
    }[lang]
    loaded = [load_mapping(name) for name in shipped()]
    yield table(head, [(code(m.name), m.title.get(lang, ""), code(m.kind), _ignored(m)) for m in loaded])


def _ignored(mapping: Mapping) -> str:
    return codes(mapping.ignored)


def _forbidden(lang: Lang) -> Iterator[str]:
    yield {"en": "## Columns that are refused", "zh": "## 拒绝导入的列"}[lang]
    yield {
        "en": "A file that has a column of such a name is not loaded at all: these data have no place in collections.",
        "zh": "文件中出现下列含义的列名时，整个文件不予导入：此类信息不得用于催收。",
    }[lang]
    head = {"en": ("Data", "Ground (confidence)"), "zh": ("信息", "依据（可靠程度）")}[lang]
    yield table(head, [
        (kind.zh if lang == "zh" else kind.en,
         "<br>".join(f"{law.zh if lang == 'zh' else law.en} ({law.confidence})" for law in kind.laws))
        for kind in FORBIDDEN
    ])  # fmt: skip
