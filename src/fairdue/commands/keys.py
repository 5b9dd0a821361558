"""Keys to the API."""

from __future__ import annotations

import json
from datetime import date

import click

from fairdue.commands import Day, django, json_flag, says_faults
from fairdue.core.codes import Role


@click.group()
def keys() -> None:
    """Keys to the API: made, listed, revoked."""


@keys.command("add")
@click.argument("name")
@click.option("--organisation", required=True, help="Code of the lender or agency whose rows it sees.")
@click.option("--scope", "scopes", multiple=True, required=True, help="NAME:read, NAME:write, NAME or all; repeatable.")
@click.option("--as", "works_as", default="", help="The user whose rights it has and whose cases it works.")
@click.option("--role", type=click.Choice([r.name.lower() for r in Role if r != Role.COLLECTOR]),
              help="Instead: an account of its own with this role, with which nobody can log in.")  # fmt: skip
@click.option("--until", type=Day(), required=True, help="Last day on which it opens.")
@click.option("--per-minute", type=int, default=600, show_default=True, help="Requests a minute.")
@json_flag
@says_faults
def keys_add(name: str, organisation: str, scopes: tuple[str, ...], works_as: str, role: str | None, until: date,
             per_minute: int, as_json: bool) -> None:  # fmt: skip
    """Make a key. It is printed once and kept nowhere."""
    django()
    from fairdue.store import lenders
    from fairdue.store.actions import keys as actions

    wanted = actions.Wanted(name, scopes, until, works_as, Role[role.upper()] if role else None, per_minute)
    made, text = actions.create("cli", lenders.organisation(organisation), wanted)
    said = {"name": made.name, "key": text, "scopes": made.scopes, "user": made.user.username, "until": made.expires_on}
    click.echo(json.dumps(said, default=str) if as_json else text)


@keys.command("list")
@json_flag
@says_faults
def keys_list(as_json: bool) -> None:
    """Every key: whose rights, what for, until when, when last used."""
    django()
    from fairdue.store.pages import keys as pages

    rows = pages.every_key()
    if as_json:
        click.echo(json.dumps([row.as_dict() for row in rows]))
        return
    for row in rows:
        said = row.as_dict()
        click.echo(
            "  ".join(str(said[k] or "-") for k in ("name", "prefix", "organisation", "user", "state", "until", "used"))
        )


@keys.command("revoke")
@click.argument("name")
@click.option("--organisation", required=True, help="Code of the lender or agency it belongs to.")
@says_faults
def keys_revoke(name: str, organisation: str) -> None:
    """Revoke a key: it opens nothing from now on."""
    django()
    from fairdue.store import lenders
    from fairdue.store.actions import keys as actions

    actions.revoke("cli", lenders.organisation(organisation), name)
    click.echo(name)


COMMANDS = (keys,)
CHINESE = {
    "keys": "API 密钥：创建、列出、吊销。",
    "keys add": "创建密钥。密钥只显示一次，系统不保存原文。",
    "keys add --organisation": "委托机构或委外机构代码：密钥只能看到该机构的数据。",
    "keys add --scope": "权限范围：NAME:read、NAME:write、NAME 或 all；可重复。",
    "keys add --as": "以哪位用户的权限工作、处理其名下案件。",
    "keys add --role": "或者：为密钥单设一个具有该岗位权限、无法登录的账户。",
    "keys add --until": "最后有效日。",
    "keys add --per-minute": "每分钟请求数。",
    "keys list": "列出全部密钥：谁的权限、用途、有效期、最近使用时间。",
    "keys revoke": "吊销密钥，立即失效。",
    "keys revoke --organisation": "密钥所属机构的代码。",
}
ARGUMENTS = {
    "keys add NAME": {"zh": "密钥名称，审计记录中显示为 key:名称。", "en": "Its name; the audit trail says key:NAME."},
    "keys revoke NAME": {"zh": "密钥名称。", "en": "Its name."},
}
