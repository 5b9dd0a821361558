"""The law and policy packs."""

from __future__ import annotations

import json
import sys

import click

from fairdue.commands import json_flag, language, opened, says_faults


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
@json_flag
@says_faults
def rules_diff(before: str, after: str, situations: str | None, *, as_json: bool) -> None:
    """Which rules differ between two packs, and which answers to given situations change.

    A pack is named `cn`, `cn+steady`, `cn@2026-01-29` (as it stood on a day) or by its folder.
    """
    from fairdue.rules import diff

    packs = diff.named(before), diff.named(after)
    if situations is None:
        found = diff.compare(*packs)
    else:
        with opened(situations) as lines:
            found = diff.compare(*packs, lines)
    click.echo(json.dumps(found.as_dict(), ensure_ascii=False) if as_json else found.as_text(language()))
    sys.exit(1 if found.unread else 0)


COMMANDS = (rules,)
ARGUMENTS = {
    "rules diff BEFORE": {"en": "The one pack.", "zh": "前一个规则包。"},
    "rules diff AFTER": {"en": "The other pack.", "zh": "后一个规则包。"},
}
CHINESE = {
    "rules diff": "两个规则包之间哪些规则不同，以及哪些情形的结论会改变。"
    "规则包写作 `cn`、`cn+steady`、`cn@2026-01-29`（该日的版本），或其文件夹。",
    "rules diff --situations": "由两个规则包分别判断的情形，每行一个 JSON 对象。",
    "rules": "法规与制度规则包。",
    "rules check": "加载全部规则包、制度、策略、话术和消息模板，运行全部案例，一次列出所有错误及其文件和行号；"
    "经批准的话术须通过话术检查。",
}
