"""The law and policy packs."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import NamedTuple

import click

from fairdue.commands import json_flag, language, opened, progress, says_faults


@click.group()
def rules() -> None:
    """The law and policy packs."""


@rules.command("check")
@json_flag
@says_faults
def rules_check(as_json: bool) -> None:
    """Load every pack, policy, strategy, script and frame; run every case; say everything that is wrong, with file and line.

    Approved words must pass the wording check.
    """
    from fairdue.rules import check
    from fairdue.wording import approved

    report = approved.added(check.check_all())
    click.echo(json.dumps(report.as_dict(), ensure_ascii=False) if as_json else report.as_text(language()))
    sys.exit(0 if report.ok else 1)


@rules.command("diff")
@click.argument("before")
@click.argument("after")
@click.option(
    "--situations", type=click.Path(allow_dash=True), help="Situations to answer by both, one JSON object a line."
)
@click.option("--contacts", type=click.Path(path_type=Path), help="A log of contacts to judge by both; needs --out.")
@click.option(
    "--mapping", default="canonical-contacts", show_default=True, help="How the log is written, as for audit contacts."
)
@click.option("--clock", help="Zone in which the log writes times, as for audit contacts.")
@click.option("--assume", multiple=True, help="Where the log does not say, as for audit contacts. May be repeated.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Folder for the contacts that change.")
@json_flag
@says_faults
def rules_diff(  # noqa: PLR0917 - click hands over an option by its name
    before: str, after: str, situations: str | None, contacts: Path | None, mapping: str, clock: str | None,
    assume: tuple[str, ...], out: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Which rules differ between two packs, and which answers to given situations or to a whole log of contacts change.

    A pack is named `cn`, `cn+steady`, `cn@2026-01-29` (as it stood on a day) or by its folder.
    """
    from fairdue.rules import diff

    packs = diff.named(before), diff.named(after)
    if contacts is not None:
        if out is None:
            raise click.UsageError("--contacts needs --out, a folder for what changes.")
        _log_diff(Log(contacts, mapping, clock, assume, out), before, after, as_json=as_json)
        return
    if situations is None:
        found = diff.compare(*packs)
    else:
        with opened(situations) as lines:
            found = diff.compare(*packs, lines)
    click.echo(json.dumps(found.as_dict(), ensure_ascii=False) if as_json else found.as_text(language()))
    sys.exit(1 if found.unread else 0)


class Log(NamedTuple):
    """A log to be judged twice."""

    contacts: Path
    mapping: str
    clock: str | None
    assume: tuple[str, ...]
    out: Path


def _log_diff(log: Log, before: str, after: str, *, as_json: bool) -> None:
    from fairdue.logaudit.compare import compare
    from fairdue.logaudit.order import Order, assumptions

    order = Order(
        (log.contacts,), log.mapping, before, log.out, clock=log.clock, assume=assumptions(log.assume), lang=language()
    )  # fmt: skip
    with progress(as_json) as report:
        found = compare(order, before, after, report)
    click.echo(json.dumps(found.as_dict(), ensure_ascii=False) if as_json else found.as_text(language()))


COMMANDS = (rules,)
ARGUMENTS = {
    "rules diff BEFORE": {"en": "The one pack.", "zh": "前一个规则包。"},
    "rules diff AFTER": {"en": "The other pack.", "zh": "后一个规则包。"},
}
CHINESE = {
    "rules diff --contacts": "由两个规则包分别判断的联系日志；须同时给出 --out。",
    "rules diff --mapping": "日志的写法，与 audit contacts 相同。",
    "rules diff --clock": "日志所写时间的时区，与 audit contacts 相同。",
    "rules diff --assume": "日志未注明时的假定，与 audit contacts 相同；可重复。",
    "rules diff --out": "存放结论改变的联系的文件夹。",
    "rules diff": "两个规则包之间哪些规则不同，以及哪些情形、或整份联系日志中哪些联系的结论会改变。"
    "规则包写作 `cn`、`cn+steady`、`cn@2026-01-29`（该日的版本），或其文件夹。",
    "rules diff --situations": "由两个规则包分别判断的情形，每行一个 JSON 对象。",
    "rules": "法规与制度规则包。",
    "rules check": "加载全部规则包、制度、策略、话术和消息模板，运行全部案例，一次列出所有错误及其文件和行号；"
    "经批准的话术须通过话术检查。",
}
