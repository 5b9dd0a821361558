"""Events to other systems."""

from __future__ import annotations

import json

import click

from fairdue.commands import django, json_flag, says_faults


@click.group()
def webhooks() -> None:
    """Events to other systems: endpoints, delivery, sending again."""


organisation_option = click.option(
    "--organisation", required=True, help="Code of the lender or agency whose events they are."
)


@webhooks.command("add")
@click.argument("url")
@organisation_option
@click.option("--type", "types", multiple=True, help="Type of event; repeatable; all where none is named.")
@click.option("--note", default="", help="What it is for.")
@json_flag
@says_faults
def webhooks_add(url: str, organisation: str, types: tuple[str, ...], note: str, as_json: bool) -> None:
    """Add an endpoint. Its secret is printed once."""
    django()
    from fairdue.store import lenders
    from fairdue.store.actions import webhooks as actions

    made, secret = actions.add("cli", lenders.organisation(organisation), url, types, note)
    click.echo(json.dumps({"endpoint": made.pk, "secret": secret}) if as_json else f"{made.pk} {secret}")


@webhooks.command("list")
@json_flag
@says_faults
def webhooks_list(as_json: bool) -> None:
    """Every endpoint, and how many messages wait, were taken, were given up."""
    django()
    from fairdue.store.pages import webhooks as pages

    for row in pages.every_endpoint():
        said = row.as_dict()
        click.echo(json.dumps(said) if as_json else "  ".join(str(value) for value in said.values()))


@webhooks.command("end")
@click.argument("endpoint", type=int)
@organisation_option
@says_faults
def webhooks_end(endpoint: int, organisation: str) -> None:
    """End an endpoint: nothing more is sent there."""
    django()
    from fairdue.store import lenders
    from fairdue.store.actions import webhooks as actions

    actions.end("cli", lenders.organisation(organisation), endpoint)
    click.echo(endpoint)


@webhooks.command("deliver")
@click.option("--watch", is_flag=True, help="Go on until it is stopped, instead of until nothing is due.")
@click.option("--lease", type=int, default=60, show_default=True,
              help="Seconds after which another process takes over what this one held.")  # fmt: skip
@json_flag
@says_faults
def webhooks_deliver(lease: int, *, watch: bool, as_json: bool) -> None:
    """Turn the audit chain into messages and send what is due. Several may run at once; a killed one loses nothing."""
    django()
    from fairdue.jobs import webhooks as job

    done = job.deliver(watch=watch, lease=lease)
    click.echo(json.dumps({"taken": done.taken, "failed": done.failed}) if as_json else f"{done.taken} {done.failed}")


@webhooks.command("resend")
@click.argument("endpoint", type=int)
@click.argument("first", type=int)
@click.argument("last", type=int, required=False)
@organisation_option
@says_faults
def webhooks_resend(endpoint: int, first: int, last: int | None, organisation: str) -> None:
    """Send events again: one number, or all from one to another (the number in `evt_…`)."""
    django()
    from fairdue.store import lenders
    from fairdue.store.actions import webhooks as actions

    click.echo(
        actions.resend("cli", lenders.organisation(organisation), endpoint, first, first if last is None else last)
    )


COMMANDS = (webhooks,)
CHINESE = {
    "webhooks": "向其他系统推送事件：接收地址、投递、重发。",
    "webhooks add": "登记接收地址。签名密钥只显示一次。",
    "webhooks add --organisation": "事件所属的委托机构或委外机构代码。",
    "webhooks add --type": "事件类型；可重复，不写则为全部。",
    "webhooks add --note": "用途说明。",
    "webhooks list": "列出接收地址，以及等待、已送达、已放弃的消息数。",
    "webhooks end": "停用接收地址，不再发送。",
    "webhooks end --organisation": "接收地址所属机构的代码。",
    "webhooks deliver": "把审计链变为消息并发送到期的消息。可同时运行多个；被终止也不会丢失。",
    "webhooks deliver --watch": "持续运行直至被停止，而不是发完为止。",
    "webhooks deliver --lease": "多少秒后由其他进程接手本进程持有的消息。",
    "webhooks resend": "重发事件：一个编号，或从一个编号到另一个编号（即 `evt_…` 中的编号）。",
    "webhooks resend --organisation": "接收地址所属机构的代码。",
}
ARGUMENTS = {
    "webhooks add URL": {"zh": "https 地址。", "en": "An https address."},
    "webhooks end ENDPOINT": {"zh": "接收地址编号。", "en": "Number of the endpoint."},
    "webhooks resend ENDPOINT": {"zh": "接收地址编号。", "en": "Number of the endpoint."},
    "webhooks resend FIRST": {"zh": "首个事件编号。", "en": "Number of the first event."},
    "webhooks resend LAST": {
        "zh": "末个事件编号；不写则只重发一个。",
        "en": "Number of the last event.",
    },
}
