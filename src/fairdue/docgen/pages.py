"""Every page of the reference: its name, its title, what stands on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fairdue.commands import django
from fairdue.core.errors import Lang
from fairdue.docgen import answers, commands, events, files, law, settings, talk, tracks
from fairdue.docgen.markdown import Both, both

Body = Callable[[Lang], Sequence[str]]

PAGES: dict[str, tuple[Both, Body]] = {
    "commands": (both("Commands", "命令"), commands.body),
    "settings": (both("Environment settings", "环境变量"), settings.body),
    "files": (both("Files: columns, parsers, mappings", "文件：标准列、读取方式与映射"), files.body),
    "rules": (both("Rules", "规则索引"), law.rules),
    "rule-kinds": (both("Kinds of rules", "规则类型"), law.kinds),
    "facts": (both("Facts the guard may be told", "规则可用的事实"), law.facts),
    "outcomes": (both("Outcome codes", "结果码"), law.outcomes),
    "talk": (both("The conversation: aims, facts, promises, words", "沟通：目标、事实、承诺与用语"), talk.body),
    "tracks": (both("Tracks and complaints", "专项处理与投诉"), tracks.body),
    "json": (both("Answers as JSON", "JSON 输出"), answers.body),
}
SUFFIX: dict[Lang, str] = {"en": ".md", "zh": ".zh.md"}
ORIGIN: Both = both(
    "<!-- Written by `python -m fairdue.docgen` from the code. Change the code, then run it again. -->",
    "<!-- 本页由 `python -m fairdue.docgen` 根据代码生成。请修改代码后重新生成。 -->",
)


def pages() -> dict[str, str]:
    """Every page by file name."""
    langs: tuple[Lang, ...] = ("en", "zh")
    found = {
        f"{name}{SUFFIX[lang]}": _page(title[lang], body(lang), lang)
        for name, (title, body) in PAGES.items()
        for lang in langs
    }
    found |= {f"README{SUFFIX[lang]}": _contents(lang) for lang in langs}
    return found | {"openapi.json": _openapi(), "asyncapi.json": events.text()}


def _openapi() -> str:
    """The document of the API, as it is served."""
    django()
    from fairdue.web.api import document  # noqa: PLC0415 - Django is set up first

    return document.text()


def _page(title: str, parts: Sequence[str], lang: Lang) -> str:
    return "\n\n".join([ORIGIN[lang], f"# {title}", *parts]) + "\n"


def _contents(lang: Lang) -> str:
    title = both("Reference", "参考")[lang]
    lines = [f"- [{about[lang]}]({name}{SUFFIX[lang]})" for name, (about, _) in PAGES.items()]
    lines.append({"en": "- [The API (OpenAPI 3.1)](openapi.json)", "zh": "- [API（OpenAPI 3.1）](openapi.json)"}[lang])
    lines.append(
        {"en": "- [Events (AsyncAPI 3.0)](asyncapi.json)", "zh": "- [事件（AsyncAPI 3.0）](asyncapi.json)"}[lang]
    )
    return _page(title, ["\n".join(lines)], lang)
