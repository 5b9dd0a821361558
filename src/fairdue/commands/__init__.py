"""What every command of the command line shares; the commands of one area stand in one module here each.

A module offers `COMMANDS` (what to add to `fairdue`), `CHINESE` (help texts by "command --option") and, where a command
has arguments, `ARGUMENTS` (their texts in both languages); being there is enough to be found.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import sys
from collections.abc import Callable
from contextlib import nullcontext
from datetime import date
from functools import cache, wraps
from types import ModuleType
from typing import IO, Any

import click

from fairdue.core.errors import Fault, Lang

LANG = "FAIRDUE_LANG"


def language() -> Lang:
    """The language of messages: FAIRDUE_LANG, else the machine's, else English."""
    said = os.environ.get(LANG) or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return "zh" if said.lower().startswith("zh") else "en"


def django() -> None:
    """Load settings and models; commands that only read rule files do without."""
    import django as framework
    from django.utils import translation

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fairdue.web.sites.desk")
    framework.setup()
    translation.activate("zh-hans" if language() == "zh" else "en")


def says_faults(command: Callable[..., Any]) -> Callable[..., Any]:
    """A fault ends the command with its sentence and exit code 1; with --json it is one JSON object on stdout."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except Fault as fault:
            if kwargs.get("as_json"):
                click.echo(json.dumps({"error": fault.as_dict()}, ensure_ascii=False, default=str))
            else:
                click.echo(fault.sentence(language()), err=True)
            sys.exit(1)

    return run


json_flag = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
lender_option = click.option("--lender", "lender_code", help="Code of the lender; not needed where there is one.")


class Day(click.ParamType[date]):
    """A date written YYYY-MM-DD."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The date, or a usage error."""
        try:
            return value if isinstance(value, date) else date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a date like 2026-09-30", param, ctx)


def lender(code: str | None) -> Any:
    """The lender of that code, or the only one."""
    from fairdue.store import lenders

    return lenders.find(code)


def progress(quiet: bool) -> Any:
    """A bar on the terminal where somebody looks; nothing otherwise."""
    from fairdue.jobs.progress import on_terminal, silent

    return nullcontext(silent) if quiet or not sys.stderr.isatty() else on_terminal()


@cache
def areas() -> tuple[ModuleType, ...]:
    """The modules of this package, by name."""
    return tuple(importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__))


class NoFile(Fault):
    """The file cannot be read."""

    code = "command.no-file"
    en, en_remedy = "{file} cannot be read ({why}).", "Name a file, or `-` and give it on standard input."
    zh, zh_remedy = "无法读取 {file}（{why}）。", "请指定文件，或写 `-` 并从标准输入提供。"


def opened(file: str) -> IO[Any]:
    """A file of text, or standard input for `-`. Raises `NoFile`."""
    try:
        return click.open_file(file, encoding="utf-8")
    except OSError as error:
        raise NoFile(file=file, why=error.strerror) from None
