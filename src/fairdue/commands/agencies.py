"""Agencies: add one, say what is known of it, place cases with it and take them back."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import click

from fairdue.commands import Day, django, json_flag, language, lender, lender_option, says_faults

ACTOR = "cli"
reason_option = click.option("--reason", required=True, help="Why; it stands in the audit trail. Name nobody.")


@click.group()
def agencies() -> None:
    """Agencies that collect for a lender."""


@agencies.command("add")
@click.argument("code")
@click.option("--name-zh", required=True, help="The agency's name in Chinese.")
@click.option("--name-en", default="", help="The agency's name in English.")
@lender_option
@says_faults
def agencies_add(code: str, name_zh: str, name_en: str, lender_code: str | None) -> None:
    """Add an agency. Nothing is known of it yet: rules that need to know refuse its contacts."""
    django()
    from fairdue.store.actions import agencies as actions

    made = actions.add(ACTOR, lender(lender_code), code, name_zh, name_en or name_zh)
    click.echo(f"{made.code}: {made.name_zh} / {made.name_en}")


@agencies.command("set")
@click.argument("code")
@click.option("--listed/--not-listed", default=None, help="It is on the lender's published list.")
@click.option("--contract-end", type=Day(), help="Last day of its contract.")
@click.option("--reviewed-on", type=Day(), help="Day of its last review.")
@click.option(
    "--sub-contracted/--own-work", "sub_contracted", default=None, help="It works for another agency, or itself."
)
@click.option(
    "--records-calls/--records-nothing", "records_calls", default=None, help="It records every call and visit."
)
@click.option("--sender-approved/--sender-not-approved", "sender_approved", default=None,
              help="It uses only numbers and senders the lender approved.")  # fmt: skip
@reason_option
@json_flag
@says_faults
def agencies_set(code: str, reason: str, *, as_json: bool, **said: Any) -> None:
    """Say what is known of an agency; what is not given stays as it is."""
    django()
    from fairdue.store.actions import agencies as actions

    agency = actions.find(code)
    kept = {name: getattr(agency, name) if said[name] is None else said[name] for name in actions.FACTS}
    changed = actions.describe(ACTOR, agency, actions.Known(**kept), reason)
    if as_json:
        click.echo(json.dumps(changed, default=str))
        return
    nothing = "没有变化。" if language() == "zh" else "Nothing changed."
    click.echo("\n".join(f"{name}: {value}" for name, value in changed.items()) or nothing)


@agencies.command("list")
@json_flag
@says_faults
def agencies_list(*, as_json: bool) -> None:
    """List agencies with what is known of them and how many open cases each has."""
    django()
    from fairdue.store import pages

    rows = pages.agency_rows()
    if as_json:
        click.echo(json.dumps([row.as_dict() for row in rows], ensure_ascii=False, default=str))
        return
    for row in rows:
        click.echo(row.line(language()))


@agencies.command("place")
@click.argument("code")
@click.argument("cases", type=int, nargs=-1, required=True)
@click.option("--told-on", type=Day(), help="Day on which the borrowers were told; leave it out if they were not.")
@reason_option
@lender_option
@says_faults
def agencies_place(
    code: str, cases: tuple[int, ...], told_on: date | None, reason: str, lender_code: str | None
) -> None:
    """Place open cases with an agency: all of them or none."""
    django()
    from fairdue.store.actions import agencies as actions

    click.echo(actions.place(ACTOR, lender(lender_code), actions.find(code), cases, told_on, reason))


@agencies.command("recall")
@click.argument("cases", type=int, nargs=-1, required=True)
@reason_option
@lender_option
@says_faults
def agencies_recall(cases: tuple[int, ...], reason: str, lender_code: str | None) -> None:
    """Take placed cases back: all of them or none."""
    django()
    from fairdue.store.actions import agencies as actions

    click.echo(actions.take_back(ACTOR, lender(lender_code), cases, reason))


COMMANDS = (agencies,)
ARGUMENTS = {
    "agencies add CODE": {"en": "A short name for it.", "zh": "机构代码。"},
    "agencies set CODE": {"en": "The agency.", "zh": "机构代码。"},
    "agencies place CODE": {"en": "The agency.", "zh": "机构代码。"},
    "agencies place CASES": {"en": "Numbers of the cases.", "zh": "案件编号。"},
    "agencies recall CASES": {"en": "Numbers of the cases.", "zh": "案件编号。"},
}
CHINESE = {
    "agencies": "受托催收机构。",
    "agencies add": "新增机构。此时对其一无所知：需要相关事实的规则将拒绝其联系。",
    "agencies add --name-zh": "机构中文名称。",
    "agencies add --name-en": "机构英文名称。",
    "agencies set": "登记机构情况；未给出的保持不变。",
    "agencies set --listed": "在本机构公示的合作名单上，或不在。",
    "agencies set --contract-end": "合同最后一日。",
    "agencies set --reviewed-on": "最近一次评估日期。",
    "agencies set --sub-contracted": "系转委托，或自行作业。",
    "agencies set --records-calls": "全程录音录像，或否。",
    "agencies set --sender-approved": "仅使用本机构认可的号码与发送方，或否。",
    "agencies set --reason": "原因，记入审计链；不要写姓名。",
    "agencies list": "列出机构、已知情况及在办案件数。",
    "agencies place": "将未结案件委托机构：全部成功或全部不动。",
    "agencies place --told-on": "已告知借款人的日期；尚未告知请留空。",
    "agencies place --reason": "原因，记入审计链；不要写姓名。",
    "agencies recall": "收回已委托案件：全部成功或全部不动。",
    "agencies recall --reason": "原因，记入审计链；不要写姓名。",
}
