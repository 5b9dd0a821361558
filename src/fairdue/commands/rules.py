"""The law and policy packs."""

from __future__ import annotations

import json
import sys

import click

from fairdue.commands import json_flag, language, says_faults


@click.group()
def rules() -> None:
    """The law and policy packs."""


@rules.command("check")
@json_flag
@says_faults
def rules_check(as_json: bool) -> None:
    """Load every pack, policy, strategy and script; run every case; say everything that is wrong, with file and line."""
    from fairdue.rules import check

    report = check.check_all()
    click.echo(json.dumps(report.as_dict(), ensure_ascii=False) if as_json else report.as_text(language()))
    sys.exit(0 if report.ok else 1)


COMMANDS = (rules,)
CHINESE = {
    "rules": "法规与制度规则包。",
    "rules check": "加载全部规则包、制度、策略和话术，运行全部案例，一次列出所有错误及其文件和行号。",
}
